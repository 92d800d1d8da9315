"""A record that is there thirty times makes the card of one: the size of a card is bounded by what differs."""

from dataclasses import replace

import pytest

from cds_service.cards.compose import CardContext, compose
from cds_service.catalogue import CATALOGUE, wording
from cds_service.decision.recommendation import Advise, Decided, Rule
from cds_service.guidelines.leg_cramps import GUIDELINE
from cds_service.patient.facts import Facts
from cds_service.protocol.cards import Card
from cds_service.settings import LANGUAGES
from tests.builders.facts import draft, lab, medicine, patient, problem, result
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
