"""A gabapentinoid or a vitamin ordered for leg cramps without ALS: stretching first, and what it meets."""

import pytest

from cds_service.catalogue import wording
from cds_service.decision.recommendation import CannotTell, Decision, Indicator, NotAdvised
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.stretching_order.rule import JUDGED, ORDER_RULE, may_speak
from cds_service.patient.facts import Facts, Match, Medication, Reason
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt
from cds_service.settings import LANGUAGES
from tests.builders.facts import born, draft, medicine, patient, problem, reason, result
from tests.builders.said import advised, keys

CRAMPS = (reason("cramp_leg"),)
GABAPENTIN = draft("gabapentin", reasons=CRAMPS)
PREGABALIN = draft("pregabalin", reasons=CRAMPS)
VITAMIN_E = draft("vitamin e", "vitamin_e", reasons=CRAMPS)
VITAMIN_B = draft("vitamin b complex", "vitamin_b_complex", reasons=CRAMPS)
MORPHINE, DIAZEPAM = medicine("morphine", "opioid"), medicine("diazepam", "benzodiazepine")


def decide(facts: Facts) -> Decision:
    return ORDER_RULE.decide(facts)


def o(key: str) -> str:
    return f"stretching_order.{key}"


@pytest.mark.parametrize(
    ("drafts", "summary", "said"),
    [
        ((GABAPENTIN,), "gabapentinoid", "Gabapentin for leg cramps without ALS: weak evidence, off-label."),
        ((PREGABALIN,), "gabapentinoid", "Pregabalin for leg cramps without ALS: weak evidence, off-label."),
        ((GABAPENTIN, PREGABALIN), "gabapentinoid", "Gabapentinoids for leg cramps without ALS: weak evidence"),
        ((VITAMIN_E,), "vitamin_e", "Vitamin E for leg cramps: not better than placebo"),
        ((VITAMIN_B,), "vitamin_b_complex", "Vitamin B for leg cramps: one small trial"),
        ((VITAMIN_E, VITAMIN_B), "vitamins", "Vitamins B and E for leg cramps: unproven."),
        ((VITAMIN_E, GABAPENTIN), "gabapentinoid", "Gabapentin for leg cramps"),
    ],
)
def test_a_draft_for_cramps_is_answered_for_information(
    drafts: tuple[Medication, ...], summary: str, said: str
) -> None:
    advise = advised(decide(patient(*drafts)))
    assert advise.indicator is Indicator.INFO
    assert advise.summary.key == o(f"summary.{summary}")
    assert wording("en").say(advise.summary).startswith(said)
    assert o("act.stretch") in keys(advise.act)
    for vitamin in (VITAMIN_E, VITAMIN_B):
        assert (o(f"act.{vitamin.ingredients[0].concept}") in keys(advise.act)) is (vitamin in drafts)
    assert {one.source for one in advise.why} == {one.source for one in drafts} | {"the order itself"}


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ((GABAPENTIN, MORPHINE), "Gabapentin with morphine"),
        ((GABAPENTIN, DIAZEPAM), "Gabapentin with diazepam"),
        ((PREGABALIN, draft("morphine", "opioid")), "Pregabalin with morphine"),
        ((GABAPENTIN, draft("morphine", "opioid", selected=False)), "Gabapentin with morphine"),
        ((GABAPENTIN, result("egfr", "29.9", ago=364)), "Gabapentin with eGFR below 30"),
        ((GABAPENTIN, MORPHINE, DIAZEPAM), "Gabapentin with opioid and benzodiazepine"),
    ],
)
def test_what_depresses_breathing_beside_it_makes_it_a_warning(records: tuple[object, ...], said: str) -> None:
    advise = advised(decide(patient(*records)))
    assert advise.indicator is Indicator.WARNING
    assert wording("en").say(advise.summary).startswith(f"{said} for leg cramps: risk of respiratory depression")
    assert keys(advise.act[0]) == {o("act.breathing")}
    assert advise.shorter is not None
    assert advise.shorter.key == o("summary.breathing_short")
    assert {one.source for one in advise.why} == {one.source for one in records} | {"the order itself"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "records",
    [
        (GABAPENTIN, result("egfr", "30")),
        (GABAPENTIN, result("egfr", "20", ago=366)),
        (GABAPENTIN, medicine("morphine", "opioid", status="stopped")),
        (GABAPENTIN, draft("morphine", "opioid", status="cancelled")),
        (VITAMIN_E, MORPHINE, result("egfr", "12")),
    ],
)
def test_what_is_no_risk_to_breathing(records: tuple[object, ...]) -> None:
    advise = advised(decide(patient(*records)))
    assert advise.indicator is Indicator.INFO
    assert o("act.breathing") not in keys(advise.act)
    assert {one.source for one in advise.why} == {records[0].source, "the order itself"}  # type: ignore[attr-defined]


def test_an_egfr_of_a_year_ago_counts_still() -> None:
    assert advised(decide(patient(GABAPENTIN, result("egfr", "29", ago=365)))).indicator is Indicator.WARNING


def test_a_reason_that_is_two_kinds_of_cramp_is_one_fact() -> None:
    both = Reason({"cramp_leg": Match.CODE, "cramp_leg_nocturnal": Match.CODE}, "the order itself")
    why = advised(decide(patient(draft("gabapentin", reasons=(both,))))).why
    assert [one.source for one in why].count("the order itself") == 1


@pytest.mark.parametrize(
    ("drug", "bleeds"),
    [
        (medicine("warfarin", "warfarin", "anticoagulant"), True),
        (medicine("apixaban", "anticoagulant"), True),
        (medicine("clopidogrel", "antiplatelet"), True),
        (MORPHINE, False),
    ],
)
def test_vitamin_e_beside_a_drug_for_the_blood_may_bleed(drug: Medication, *, bleeds: bool) -> None:
    advise = advised(decide(patient(VITAMIN_E, drug)))
    assert (keys(advise.act[0]) >= {o("act.bleeding")}) is bleeds
    assert (drug.source in {one.source for one in advise.why}) is bleeds
    assert advise.indicator is Indicator.INFO
    beside_b = advised(decide(patient(VITAMIN_B, drug)))
    assert o("act.bleeding") not in keys(beside_b.act)
    assert drug.source not in {one.source for one in beside_b.why}
    both = advised(decide(patient(VITAMIN_E, VITAMIN_B, drug)))
    assert (drug.source in {one.source for one in both.why}) is bleeds


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (patient(), "no_draft"),
        (patient(medicine("gabapentin", reasons=CRAMPS), MORPHINE), "no_draft"),
        (patient(draft("gabapentin", reasons=CRAMPS, selected=False)), "no_draft"),
        (patient(draft("gabapentin", reasons=CRAMPS, status="cancelled")), "no_draft"),
        (patient(draft("quinine", reasons=CRAMPS)), "no_draft"),
        (patient(draft("gabapentin")), "not_for_cramps"),
        (
            patient(draft("gabapentin", reasons=(reason("diabetic_neuropathy"),)), problem("cramp_leg")),
            "not_for_cramps",
        ),
        (patient(draft("vitamin e", "vitamin_e"), problem("cramp_leg")), "not_for_cramps"),
        (patient(GABAPENTIN, problem("als"), MORPHINE), "als"),
        (patient(VITAMIN_E, problem("motor_neuron_disease")), "als"),
        (patient(GABAPENTIN, person=born(2010)), "under_18"),
    ],
)
def test_why_it_is_silent(facts: Facts, why: str) -> None:
    decision = decide(facts)
    assert isinstance(decision, NotAdvised)
    assert keys(decision) == {o(f"reason.{why}")}


def test_where_als_may_be_unseen_only_the_warning_comes() -> None:
    assert isinstance(decide(patient(GABAPENTIN, conditions=Receipt.ABSENT)), CannotTell)
    advise = advised(decide(patient(GABAPENTIN, MORPHINE, conditions=Receipt.ABSENT)))
    assert advise.indicator is Indicator.WARNING
    assert "unknown.conditions.absent" in keys(advise.unknown)


def test_a_reason_that_is_not_in_hand_may_be_a_cramp() -> None:
    decision = decide(patient(draft("gabapentin", unread_reasons=("Condition/9",))))
    assert isinstance(decision, CannotTell)
    assert keys(decision) == {"unknown.reasons_unread"}


@pytest.mark.parametrize(
    ("drug", "query", "said"),
    [
        (GABAPENTIN, "medicationRequests", True),
        (GABAPENTIN, "observations", True),
        (VITAMIN_E, "medicationStatements", True),
        (VITAMIN_E, "observations", False),
        (VITAMIN_B, "medicationRequests", False),
    ],
)
def test_what_it_would_meet_may_be_in_what_did_not_come(drug: Medication, query: str, *, said: bool) -> None:
    advise = advised(decide(patient(drug, **{query: Receipt.FAILED})))  # type: ignore[arg-type]
    assert (f"unknown.{query}.failed" in keys(advise.unknown)) is said


def test_the_age_is_said_to_be_unknown() -> None:
    assert keys(advised(decide(patient(VITAMIN_B, person=Person()))).unknown) == {"common.age_unknown"}


def test_it_cites_what_it_says_and_offers_to_teach() -> None:
    def cited(facts: Facts) -> set[object]:
        return {source for one in advised(decide(facts)).evidence for source in one.sources}  # type: ignore[union-attr]

    gabapentin = {citations.FDA_GABAPENTIN_2019, citations.ALOMEDIKA_2025, citations.BORDONI_2020}
    assert cited(patient(GABAPENTIN)) == {citations.HAWKE_2021, *gabapentin}
    assert cited(patient(VITAMIN_E)) == {citations.HAWKE_2021, citations.CONNOLLY_1992, citations.MILLER_2005}
    assert cited(patient(VITAMIN_B)) == {citations.HAWKE_2021, citations.CHAN_1998}
    assert ORDER_RULE.evidence[0] is citations.HAWKE_2021
    suggestions = advised(decide(patient(GABAPENTIN))).suggestions
    assert [one.action.codings[0][1] for one in suggestions] == ["311401005"]  # type: ignore[union-attr]


def test_what_it_judges_and_when_the_rest_of_the_chart_matters() -> None:
    assert set(JUDGED) == {"gabapentin", "pregabalin", "vitamin_e", "vitamin_b_complex"}
    assert may_speak(patient(GABAPENTIN))
    assert not may_speak(patient(draft("gabapentin")))
    assert not may_speak(patient(GABAPENTIN, problem("als")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("drugs", [(GABAPENTIN,), (GABAPENTIN, PREGABALIN)])
def test_every_summary_is_under_140_characters(drugs: tuple[Medication, ...], language: str) -> None:
    advise = advised(decide(patient(*drugs, MORPHINE, DIAZEPAM, result("egfr", "20"))))
    assert advise.shorter is not None
    assert len(wording(language).say(advise.shorter)) < 140


@pytest.mark.parametrize(
    ("drafts", "line", "sourced"),
    [
        ((GABAPENTIN,), "gabapentin", True),
        ((PREGABALIN,), "pregabalin", False),
        ((GABAPENTIN, PREGABALIN), "both", True),
    ],
)
def test_the_source_is_cited_for_the_drug_it_names(drafts: tuple[Medication, ...], line: str, *, sourced: bool) -> None:
    advise = advised(decide(patient(*drafts)))
    assert o(f"act.{line}") in keys(advise.act)
    assert (o("cited.adjunct") in keys(advise.evidence)) is sourced
