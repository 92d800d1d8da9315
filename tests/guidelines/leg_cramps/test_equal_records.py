"""Records on the cards: one that is there thirty times makes the card of one, and every fact says which it is from."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from cds_service.cards.compose import CardContext, compose
from cds_service.catalogue import CATALOGUE, wording
from cds_service.decision.recommendation import Advise, Decided, Rule
from cds_service.guidelines.leg_cramps import GUIDELINE
from cds_service.patient.facts import Dosing, Facts, Match, Reason
from cds_service.protocol.cards import Card
from cds_service.settings import LANGUAGES
from tests.builders.facts import allergy, born, draft, lab, medicine, patient, problem, reason, result
from tests.builders.said import keys
from tests.guidelines.leg_cramps.test_declared import GOLDENS, decided

TIMES = 30
CONTEXT = CardContext(
    "a", "b", "1", "https://cds.example.org", CATALOGUE[0].guideline.source, lambda reference: {"id": reference}
)
CRAMPS = problem("cramp_leg_nocturnal", ago=30)
CHARTS = {
    "cramps": patient(CRAMPS, problem("diabetic_neuropathy"), medicine("furosemide", "cramp_causing_diuretic", "loop")),
    "quinine": patient(
        CRAMPS,
        problem("long_qt"),
        medicine("quinine"),
        medicine("amiodarone", "qt_interacting"),
        draft("quinine"),
        lab("potassium", "2.8 mmol/L"),
    ),
    "electrolytes": patient(
        CRAMPS,
        medicine("potassium chloride", "potassium_supplement"),
        medicine("losartan", "raises_potassium"),
        draft("potassium chloride", "potassium_supplement"),
        lab("potassium", "6.7 mmol/L"),
        lab("sodium", "128 mmol/L"),
    ),
    "supplement": patient(CRAMPS, medicine("magnesium oxide", "magnesium_supplement"), lab("magnesium", "0.80 mmol/L")),
    "ALS": patient(
        problem("als"),
        medicine("gabapentin"),
        medicine("morphine", "opioid"),
        draft("pregabalin", "pregabalin"),
        result("egfr", "25"),
    ),
    "a drug for cramps": patient(CRAMPS, draft("gabapentin", reasons=("cramp_leg",)), medicine("morphine", "opioid")),
    "stenosis": patient(CRAMPS, problem("lumbar_spinal_stenosis"), medicine("warfarin", "anticoagulant", "warfarin")),
    "flags": patient(CRAMPS, problem("dvt"), problem("chronic_pad")),
}


def cards(rule: Rule, facts: Facts, language: str) -> tuple[Card, ...]:
    return compose([Decided(rule, rule.decide(facts))], CONTEXT, wording(language))


def copied(facts: Facts) -> Facts:
    """Each problem and each medicine, on the list and drafted, thirty times."""
    return replace(
        facts,
        problems=tuple(replace(one, source=f"{one.source}-{n}") for one in facts.problems for n in range(TIMES)),
        medications=tuple(replace(one, source=f"{one.source}-{n}") for one in facts.medications for n in range(TIMES)),
        drafts=tuple(replace(one, source=f"{one.source}-{n}") for one in facts.drafts for n in range(TIMES)),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", GUIDELINE.rules, ids=lambda rule: rule.name)
@pytest.mark.parametrize("chart", CHARTS)
def test_thirty_equal_records_make_the_card_of_one(chart: str, rule: Rule, language: str) -> None:
    once, often = cards(rule, CHARTS[chart], language), cards(rule, copied(CHARTS[chart]), language)
    assert [(one.summary, one.detail, one.indicator) for one in often] == [
        (one.summary, one.detail, one.indicator) for one in once
    ]
    assert all(len(one.suggestions) <= 5 for one in often)


def test_every_rule_speaks_on_one_of_the_charts_or_in_a_situation() -> None:
    spoken = {rule for rule in GUIDELINE.rules for chart in CHARTS.values() if isinstance(rule.decide(chart), Advise)}
    for situation, hook in GOLDENS:
        spoken |= {one.rule for one in decided(situation, hook) if isinstance(one.decision, Advise)}
    assert spoken >= set(GUIDELINE.rules)


# --- where a fact is recorded

OF_NO_RECORD = {
    "avoid_quinine.why.no_malaria",  # what was looked for and not found
    "avoid_quinine.why.for_cramps",
    "recorded.more",  # and so many more
    "stretching_first.labs.see_card",
    "stretching_first.patient.these_drugs",
}
SAID = Reason({"malaria_mentioned": Match.NAME}, "the order itself", ("dd malaria",))
LABEL = problem("long_qt")
LISTED = problem("malaria_mentioned", match=Match.NAME, texts=("dd malaria",))
FURTHER = {
    "the order's own malaria": patient(medicine("quinine", reasons=(reason("malaria"),)), LABEL),
    "a malaria on the list": patient(medicine("quinine"), problem("malaria", ago=5), LABEL),
    "an old malaria": patient(medicine("quinine"), problem("malaria", ago=300)),
    "a malaria without a date": patient(medicine("quinine"), problem("malaria", clinical=None)),
    "mentioned in the reason": patient(medicine("quinine", reasons=(SAID,))),
    "mentioned by a problem": patient(medicine("quinine"), LISTED),
    "mentioned by another drug": patient(medicine("quinine"), medicine("artesunate", "malaria_regimen", ago=2)),
    "dosed as for malaria": patient(draft(dosings=(Dosing(Decimal(3), Decimal(7)),))),
    "for cramps beside malaria": patient(draft(reasons=(reason("cramp_leg"),)), problem("malaria", ago=5)),
    "every hazard": patient(
        medicine("quinine"),
        medicine("digoxin"),
        medicine("warfarin"),
        *(allergy("quinine"), problem("quinine_allergy"), problem("hus"), problem("g6pd_deficiency")),
        *(problem("tinnitus"), problem("pregnancy", ago=30)),
        *(result("qtc", "500"), result("potassium", "2.9"), result("platelets", "40"), result("egfr", "20")),
        *(result("calcium_total", "1.8"), result("albumin", "45")),
        person=born(1940),
    ),
    "age and a low value": patient(medicine("quinine"), result("calcium_ionized", "0.8"), person=born(1940)),
    "normal values and mild ones": patient(
        problem("cramp_leg"),
        *(lab("potassium", "4.1 mmol/L"), lab("sodium", "146 mmol/L"), lab("magnesium", "0.8 mmol/L", 40)),
        *(lab("calcium_total", "2.3 mmol/L"), lab("phosphate", ">0.5 mmol/L")),
    ),
    "a drug for cramps and what it meets": patient(
        draft("gabapentin", reasons=(reason("cramp_leg"),)),
        draft("vitamin e", "vitamin_e", reasons=(reason("cramp_leg"),)),
        *(medicine("warfarin", "anticoagulant"), result("egfr", "20")),
    ),
    "signs": patient(problem("cramp_leg"), problem("muscle_weakness"), problem("fasciculation")),
}


def records(facts: Facts) -> Iterator[str | None]:
    """Where anything of the chart is recorded."""
    for kind in (facts.problems, facts.medications, facts.drafts, facts.allergies, facts.results):
        for one in kind:
            yield one.source
    yield from (why.source for one in (*facts.medications, *facts.drafts) for why in one.reasons)
    yield facts.person.source


@pytest.mark.parametrize("facts", [*CHARTS.values(), *FURTHER.values()], ids=[*CHARTS, *FURTHER])
def test_every_fact_says_where_it_is_recorded(facts: Facts) -> None:
    cards = [made for rule in GUIDELINE.rules if isinstance(made := rule.decide(facts), Advise)]
    assert cards
    known = set(records(facts))
    for fact in (fact for made in cards for fact in made.why):
        if keys(fact) & OF_NO_RECORD:
            assert fact.source is None or fact.source in known
        else:
            assert fact.source is not None, keys(fact)
            assert fact.source in known, keys(fact)
