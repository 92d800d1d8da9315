"""A card is read in ten seconds: words of detail within the budget of its topic, in both languages, for any chart."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cds_service import situations
from cds_service.cards.compose import CardContext, compose
from cds_service.catalogue import CATALOGUE, wording
from cds_service.decision.recommendation import Advise, Decided, Rule
from cds_service.guidelines.leg_cramps.als_cramps import order as als_order
from cds_service.guidelines.leg_cramps.als_cramps import rule as als_cramps
from cds_service.guidelines.leg_cramps.electrolytes import rule as electrolytes
from cds_service.guidelines.leg_cramps.quinine import rule as avoid_quinine
from cds_service.guidelines.leg_cramps.quinine.safety import assess
from cds_service.guidelines.leg_cramps.quinine_reminder import rule as quinine_reminder
from cds_service.guidelines.leg_cramps.quinine_reminder import words as reminder_words
from cds_service.guidelines.leg_cramps.red_flags import rule as red_flags
from cds_service.guidelines.leg_cramps.specialist_options import rule as specialist_options
from cds_service.guidelines.leg_cramps.stretching import rule as stretching_first
from cds_service.guidelines.leg_cramps.stretching_order import rule as stretching_order
from cds_service.patient.facts import Facts, LabResult, Match, Medication, Problem, Reason
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt, Unread
from cds_service.protocol.cards import Card
from cds_service.settings import LANGUAGES
from tests.builders.facts import QUERIES, allergy, born, days_ago, lab, medicine, patient, problem, result
from tests.builders.strategies import facts
from tests.reading import bullets, folded, own, part, words

BUDGET = {"StretchingFirst": 200, "AlsCramps": 150, "SpecialistOptions": 90, "RedFlags": 90}
REMINDER, MENTIONED = 70, 100
QUININE, QUININE_OF_FEW_REASONS, FEW_REASONS = 210, 160, 4
RULES = (
    stretching_first.RULE,
    stretching_order.ORDER_RULE,
    als_cramps.RULE,
    als_order.ORDER_RULE,
    avoid_quinine.RULE,
    avoid_quinine.ORDER_RULE,
    electrolytes.RULE,
    electrolytes.ORDER_RULE,
    quinine_reminder.RULE,
    red_flags.RULE,
    specialist_options.RULE,
)
CONTEXT = CardContext(
    "a", "b", "1", "https://cds.example.org", CATALOGUE[0].guideline.source, lambda reference: {"reference": reference}
)
GOLDENS = [(situation, hook) for situation in situations.load_all() for hook in situation.hooks]


def cards(rule: Rule, patient: Facts, language: str) -> tuple[Card, ...]:
    return compose([Decided(rule, rule.decide(patient))], CONTEXT, wording(language))


def allowed(rule: Rule, patient: Facts) -> int | None:
    """The words that the rule gives this card itself, by what is on it."""
    decision = rule.decide(patient)
    return decision.most_words if isinstance(decision, Advise) else None


def budget(summary: str, detail: str, topic: str) -> int | None:
    """The words a card of the topic may have; those about quinine are known by what they say. None: of a rule not yet so."""
    if topic == "CorrectElectrolytes":
        given = "HIGH" in summary or "TINGGI" in summary  # a supplement, beside the analytes
        things = len(re.findall(r"\((?:laboratory|laboratorium)\b", detail)) + given
        return min(190, 120 + 25 * (things - 1))
    if topic != "AvoidQuinine":
        return BUDGET.get(topic)
    if summary in {wording(language).text(reminder_words.SUMMARY) for language in LANGUAGES}:
        return REMINDER
    return MENTIONED if "malaria is mentioned" in summary or "malaria disebut" in summary else QUININE


def fits(summary: str, detail: str, topic: str, language: str, most: int | None = None) -> None:
    """``most``: the words of this one card, where that is known of it."""
    most = most or budget(summary, detail, topic) or 0
    assert words(own(detail, language)) <= most, (words(own(detail, language)), detail)
    acts = bullets(detail, language)
    assert 1 <= len(acts) <= 5
    assert words(summary) + words(acts[0]) <= 40, (summary, acts[0])
    why, evidence = (
        (part(detail, "Why"), part(detail, "Evidence")) if language == "en" else _parts_in_indonesian(detail)
    )
    facts_said = why.rstrip(".").split("); ")
    assert why
    assert len(set(facts_said)) == len(facts_said)
    assert evidence.count("; ") < 5
    assert ".." not in detail


def _parts_in_indonesian(detail: str) -> tuple[str, str]:
    return part(detail, "Mengapa"), part(detail, "Bukti")


def golden_cards() -> Iterator[Any]:
    for situation, hook in GOLDENS:
        answers = orjson.loads(situations.response_file(situation, hook).read_bytes())
        for language in LANGUAGES:
            for card in answers[language]["cards"]:
                yield pytest.param(card, language, id=f"{situation.name}-{hook}-{language}-{_topic(card)}")


def _topic(card: dict[str, Any]) -> str:
    return str(card["source"]["topic"]["code"])


IN_FORM = [
    one for one in golden_cards() if budget(*(one.values[0][n] for n in ("summary", "detail")), _topic(one.values[0]))
]


@pytest.mark.parametrize(("card", "language"), IN_FORM)
def test_every_golden_card_is_within_its_budget(card: dict[str, Any], language: str) -> None:
    fits(card["summary"], card["detail"], _topic(card), language)


@pytest.mark.parametrize(("card", "language"), list(golden_cards()))
def test_every_golden_card_is_signed_by_its_rule_and_offers_five_orders_at_most(
    card: dict[str, Any], language: str
) -> None:
    assert all(words(line) <= 30 for line in folded(card["detail"], language))
    assert len(card.get("suggestions", ())) <= 5
    assert card["source"]["label"][-4:].isdigit()


@hypothesis_settings(max_examples=200)
@given(chart=facts())
def test_every_card_of_any_chart_is_within_its_budget(chart: Facts) -> None:
    for rule in RULES:
        for language in LANGUAGES:
            for card in cards(rule, chart, language):
                fits(card.summary, card.detail, rule.topic, language, allowed(rule, chart))


def doubtful(*concepts: str) -> Problem:
    """A problem with as many doubts as a record can have."""
    one = problem(*concepts, clinical=None, verification="provisional", match=Match.NAME, recorded=days_ago(20))
    return replace(one, visit=True)


def many(*concepts: str) -> tuple[Problem, ...]:
    return tuple(replace(doubtful(*concepts), source=f"Condition/{concepts[0]}{n}") for n in range(60))


FLAGS = (
    *("dvt", "limb_swelling_one_sided", "critical_limb_ischaemia", "compartment_syndrome", "rhabdomyolysis"),
    *("cauda_equina", "muscle_weakness", "muscle_wasting", "fasciculation", "chronic_pad", "restless_legs"),
)
CHANGING = ("pregnancy", "eskd_dialysis", "cirrhosis", "hypothyroidism", "peripheral_neuropathy")
UNREAD = tuple(
    Unread(f"X/{n}", query, "not-readable", shown="a b c d e f g h i j k l")
    for n, query in enumerate(("conditions", "medicationRequests", "observations"))
)
NOTHING: dict[str, Receipt] = dict.fromkeys(
    ("patient", "observations", "medicationRequests", "medicationStatements"), Receipt.UNANSWERED
)
DRUGS = {
    "opioid": ("morphine", "tramadol", "codeine", "fentanyl"),
    "benzodiazepine": ("diazepam", "lorazepam"),
    "gabapentin": ("gabapentin",),
    "pregabalin": ("pregabalin",),
    "cramp_causing_statin": ("simvastatin", "atorvastatin", "rosuvastatin"),
    "laba": ("salmeterol", "formoterol"),
    "anticoagulant": ("apixaban", "heparin", "rivaroxaban", "dabigatran"),
}


def taken(*concepts: str, draft: bool = False) -> tuple[Medication, ...]:
    return tuple(
        replace(
            medicine(name, concept, status="on-hold", match=Match.NAME, authored=days_ago(500)),
            source=f"MedicationRequest/{name}{n}",
            draft=draft,
            selected=draft,
        )
        for concept in concepts
        for name in DRUGS[concept]
        for n in range(8)
    )


UNUSABLE: LabResult = replace(result("egfr", "20", ago=1), value=None, unusable="no-unit", received="a b c d e f g h")
CRAMPS = ("cramp_leg", "cramp_leg_nocturnal", "cramp_exercise_heat")
WORST = {
    "every red flag": (red_flags.RULE, tuple(one for flag in (*CRAMPS, *FLAGS) for one in many(flag)), ()),
    "two red flags": (red_flags.RULE, (*many("cramp_leg"), *many("critical_limb_ischaemia"), *many("dvt")), ()),
    "a doubtful cramp": (quinine_reminder.RULE, many("cramp_any"), ()),
    "quinine forbidden": (
        quinine_reminder.RULE,
        tuple(
            one
            for concept in (
                *CRAMPS,
                "immune_thrombocytopenia",
                "drug_induced_haemolysis",
                "myasthenia_gravis",
                "long_qt",
            )
            for one in many(concept)
        ),
        (),
    ),
    "every cramp and all that changes its plan": (
        stretching_first.RULE,
        tuple(one for concept in (*CRAMPS, "als", *FLAGS, *CHANGING) for one in many(concept)),
        taken("anticoagulant", "cramp_causing_statin", "laba"),
    ),
    "a cramp and what may be at risk": (
        stretching_first.RULE,
        tuple(
            one for concept in (*CRAMPS, "compartment_syndrome", "rhabdomyolysis", *CHANGING) for one in many(concept)
        ),
        taken("cramp_causing_statin", "laba"),
    ),
    "a cramp and much to heed": (
        stretching_first.RULE,
        tuple(one for concept in (*CRAMPS, "chronic_pad", "diabetic_neuropathy", *CHANGING) for one in many(concept)),
        taken("anticoagulant", "cramp_causing_statin", "laba"),
    ),
    "every caution": (
        specialist_options.RULE,
        tuple(one for c in (*CRAMPS, "lumbar_spinal_stenosis", "als", "myasthenia_gravis") for one in many(c)),
        taken("anticoagulant"),
    ),
    "ALS with everything": (
        als_cramps.RULE,
        (*many("als"), *many("motor_neuron_disease")),
        taken("gabapentin", "pregabalin", "opioid", "benzodiazepine"),
    ),
    "and in palliative care": (
        als_cramps.RULE,
        (*many("als"), *many("motor_neuron_disease"), *many("palliative_hospice")),
        taken("gabapentin", "pregabalin", "opioid", "benzodiazepine"),
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "results", [(result("egfr", "20"),), (), (result("egfr", "45"), UNUSABLE)], ids=["low", "none", "unusable"]
)
@pytest.mark.parametrize("worst", WORST)
def test_the_worst_of_charts_is_within_the_budget(worst: str, results: tuple[LabResult, ...], language: str) -> None:
    rule, problems, medications = WORST[worst]
    received = {"conditions": Receipt.PARTIAL, **NOTHING}
    chart = patient(*problems, *medications, *results, person=Person(), unread=UNREAD, **received)
    (card,) = cards(rule, chart, language)
    fits(card.summary, card.detail, rule.topic, language)


SUPPLEMENTS = {
    "potassium_supplement": ("potassium chloride", "potassium citrate", "potassium gluconate", "potassium aspartate"),
    "magnesium_supplement": ("magnesium oxide", "magnesium citrate", "magnesium lactate", "magnesium glycinate"),
    "calcium_supplement": ("calcium carbonate", "calcium citrate", "calcium lactate"),
    "sodium_chloride": ("sodium chloride",),
}
BESIDE = {
    "raises_potassium": ("lisinopril", "losartan", "valsartan", "trimethoprim"),
    "cramp_causing_diuretic": ("furosemide", "hydrochlorothiazide", "indapamide", "torasemide"),
}
VALUES = {
    "low": ("2.451 mmol/L", "119.123 mmol/L", "1.651 mmol/L", "0.312 mmol/L", "0.212 mmol/L"),
    "high": ("25.654321 mg/dL", "377.654321 mg/dL", "14.654321 mg/dL", "5.154321 mg/dL", "4.9 mmol/L"),
    "flagged": ("4.0 mmol/L", "140 mmol/L", "2.4 mmol/L", "0.80 mmol/L", "1.1 mmol/L"),
    "mixed": ("6.7 mmol/L", "119 mmol/L", "1.651 mmol/L", "2.312 mmol/L", "0.212 mmol/L"),
}
MEASURED = ("potassium", "sodium", "calcium_total", "magnesium", "phosphate")
UNREADABLE = tuple(lab(analyte, "about three", 0) for analyte in (*MEASURED, "albumin", "magnesium_ionized"))


def measured(values: str, few: int, *, twice: bool) -> tuple[LabResult, ...]:
    flags = ["LL"] if values == "flagged" else []
    texts = zip(MEASURED[:few], VALUES[values], strict=False)
    found = tuple(lab(analyte, text, 2, flags, status="preliminary") for analyte, text in texts)
    others = tuple(replace(one, value=one.value * 2, source="Observation/2") for one in found if one.value and twice)
    return (*found, *others, lab("albumin", "25.123 g/L", 2), result("egfr", "20"))


def listed(drugs: dict[str, tuple[str, ...]], **more: Any) -> tuple[Medication, ...]:
    return tuple(
        replace(
            medicine(name, concept, reasons=("cramp_leg",), status="on-hold", match=Match.NAME, authored=days_ago(500)),
            source=f"MedicationRequest/{name}{n}",
            **more,
        )
        for concept, names in drugs.items()
        for name in names
        for n in range(8)
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("few", [1, 2, 5])
@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize(
    "drugs", [{}, SUPPLEMENTS, BESIDE, SUPPLEMENTS | BESIDE], ids=["none", "given", "beside", "all"]
)
@pytest.mark.parametrize("clear", [True, False], ids=["clear", "doubtful"])
def test_the_worst_of_electrolytes_is_within_the_budget(
    values: str, few: int, drugs: dict[str, tuple[str, ...]], language: str, *, clear: bool
) -> None:
    names = ("cramp_leg",) if clear else (*CRAMPS, "als", "motor_neuron_disease", "pregnancy")
    problems = (problem("cramp_leg"),) if clear else tuple(one for name in names for one in many(name))
    received = {} if clear else {"conditions": Receipt.PARTIAL, **NOTHING}
    drafts = listed(drugs, draft=True, selected=True, status="draft")
    results = (*measured(values, few, twice=clear), *(() if clear else UNREADABLE))
    unread = () if clear else UNREAD
    chart = patient(
        *problems,
        *results,
        *listed(drugs),
        *drafts,
        person=born(1950) if clear else Person(),
        unread=unread,
        **received,
    )
    for rule in (electrolytes.RULE, electrolytes.ORDER_RULE):
        for card in cards(rule, chart, language):
            fits(card.summary, card.detail, rule.topic, language, allowed(rule, chart))
            assert len(card.summary) < 140
            assert not card.summary.endswith("…")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sixty_equal_problems_make_the_card_of_one(language: str) -> None:
    one = (replace(doubtful("dvt"), source="Condition/dvt0"), replace(doubtful("cramp_leg"), source="Condition/c"))
    cramps = many("cramp_leg")
    for rule in (red_flags.RULE, stretching_first.RULE):
        (single,) = cards(rule, patient(*one), language)
        (sixty,) = cards(rule, patient(*many("dvt"), *cramps), language)
        assert single.detail == sixty.detail


NORMAL = tuple(
    result(one, value)
    for one, value in (
        *(("potassium", "4.1"), ("sodium", "140"), ("magnesium", "0.8")),
        *(("calcium_total", "2.4"), ("albumin", "40")),
    )
)
THREE_DRUGS = (
    medicine("furosemide", "cramp_causing_diuretic", "loop"),
    medicine("simvastatin", "cramp_causing_statin", ago=60),
    medicine("salmeterol", "laba", ago=200),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("drugs", [THREE_DRUGS[:n] for n in range(4)], ids=len)
@pytest.mark.parametrize("results", [(), NORMAL, (result("potassium", "2.9"),)], ids=["none", "normal", "low"])
def test_the_ordinary_stretching_card_is_shorter(
    drugs: tuple[Medication, ...], results: tuple[LabResult, ...], language: str
) -> None:
    for cramp in ("cramp_leg", "cramp_leg_nocturnal", "cramp_exercise_heat"):
        (card,) = cards(stretching_first.RULE, patient(problem(cramp, ago=9), *drugs, *results), language)
        assert words(own(card.detail, language)) <= 165, card.detail


HAZARDS: tuple[Any, ...] = (
    *(
        problem(c, clinical="resolved", abated=days_ago(900), match=Match.NAME)
        for c in ("immune_thrombocytopenia", "drug_induced_haemolysis", "ttp_tma", "hus", "optic_neuritis", "long_qt")
    ),
    doubtful("myasthenia_gravis"),
    *(allergy(c) for c in ("quinine", "quinidine", "mefloquine", "hydroquinine")),
    *(result(a, v) for a, v in (("potassium", "2.1"), ("magnesium", "0.31"), ("platelets", "40"), ("qtc", "512"))),
    result("calcium_ionized", "0.81"),
    *(medicine(n, "qt_interacting", match=Match.NAME, status="on-hold") for n in ("amiodarone", "hydroxychloroquine")),
    medicine("digoxin"),
    medicine("rocuronium", "neuromuscular_blocker"),
    medicine("warfarin", ago=500, match=Match.NAME),
    medicine("ritonavir", "cyp3a4_modifiers"),
    *(
        doubtful(c)
        for c in ("tinnitus", "haemoglobinuria", "severe_liver_disease", "av_block", "cirrhosis", "pregnancy")
    ),
    doubtful("g6pd_deficiency"),
    doubtful("als"),
    problem("malaria", ago=400),
    UNUSABLE,
)
POSSIBLE_ORDERS = (
    medicine("quinine", match=Match.NAME, status="on-hold", ago=500),
    medicine("hydroquinine", reasons=("cramp_leg",), unread_reasons=("Condition/1", "Condition/2")),
    medicine("quinine", reasons=(Reason({"malaria_mentioned": Match.NAME}, "r", ("susp malaria " * 9,)),)),
)


@hypothesis_settings(max_examples=300)
@given(
    hazards=st.lists(st.sampled_from(HAZARDS), max_size=30, unique_by=id),
    orders=st.lists(st.sampled_from(POSSIBLE_ORDERS), min_size=1, unique_by=id),
    drafted=st.booleans(),
    received=st.dictionaries(st.sampled_from(QUERIES), st.sampled_from(Receipt)),
)
def test_any_card_about_quinine_is_within_the_budget_of_its_reasons(
    hazards: list[Any], orders: list[Medication], drafted: bool, received: dict[str, Receipt]
) -> None:
    drafts = tuple(replace(one, draft=True, selected=True, status="draft") for one in orders) if drafted else ()
    chart = patient(
        *hazards, *(drafts or orders), unread=UNREAD, receipts={**dict.fromkeys(QUERIES, Receipt.RECEIVED), **received}
    )
    rule = avoid_quinine.ORDER_RULE if drafted else avoid_quinine.RULE
    few = len(assess(chart).hazards) <= FEW_REASONS
    for language in LANGUAGES:
        for card in cards(rule, chart, language):
            fits(card.summary, card.detail, rule.topic, language)
            assert len(card.summary) < 140
            if few:
                assert words(own(card.detail, language)) <= QUININE_OF_FEW_REASONS, card.detail


@pytest.mark.parametrize("language", LANGUAGES)
def test_thirty_quinine_orders_make_the_card_of_one(language: str) -> None:
    def orders(n: int) -> tuple[Medication, ...]:
        return tuple(
            medicine("quinine", source=f"MedicationRequest/{k}", reference=f"MedicationRequest/{k}") for k in range(n)
        )

    (one,), (thirty,) = (cards(avoid_quinine.RULE, patient(*orders(n), *HAZARDS[:6]), language) for n in (1, 30))
    assert one.detail == thirty.detail
    assert len(thirty.suggestions) == 5
