"""Specialist options: lumbar stenosis and a cramp problem together, with their cautions."""

from dataclasses import replace

import pytest

from cds_service.decision.recommendation import CannotTell, Decision, Indicator, NotAdvised
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.specialist_options.rule import RULE
from cds_service.patient.facts import Facts, Route
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt, Unread
from tests.builders.facts import born, days_ago, medicine, order, patient, problem
from tests.builders.said import advised, keys, shown

CRAMP = problem("cramp_leg")
STENOSIS = problem("lumbar_spinal_stenosis")


def decide(facts: Facts) -> Decision:
    return RULE.decide(facts)


def o(key: str) -> str:
    return f"specialist_options.{key}"


def test_fires_on_both() -> None:
    advise = advised(decide(patient(CRAMP, STENOSIS)))
    assert advise.indicator is Indicator.INFO
    assert shown(advise) == {o("act.first"), o("act.toxin")}
    assert {fact.source for fact in advise.why} == {"Condition/cramp_leg", "Condition/lumbar_spinal_stenosis"}
    assert advise.unknown == ()
    assert set(RULE.evidence) == {citations.ALOMEDIKA_2025, citations.PARK_2017, citations.RESTIVO_2018}


@pytest.mark.parametrize(
    ("problems", "reason"),
    [
        ((CRAMP,), "no_stenosis"),
        ((STENOSIS,), "no_cramps"),
        ((), "no_cramps"),
        ((CRAMP, problem("lumbar_spinal_stenosis", clinical="resolved")), "no_stenosis"),
        ((problem("cramp_leg", clinical="resolved"), STENOSIS), "no_cramps"),
        ((problem("als"), STENOSIS), "no_cramps"),
    ],
)
def test_is_silent_on_one_of_them(problems: tuple[()], reason: str) -> None:
    assert keys(decide(patient(*problems))) == {o(f"reason.{reason}")}


@pytest.mark.parametrize("problems", [(CRAMP,), (STENOSIS,), ()])
def test_cannot_tell_with_part_of_the_problem_list(problems: tuple[()]) -> None:
    assert isinstance(decide(patient(*problems, conditions=Receipt.PARTIAL)), CannotTell)


def test_both_found_on_part_of_the_list_advises() -> None:
    advise = advised(decide(patient(CRAMP, STENOSIS, conditions=Receipt.PARTIAL)))
    assert "unknown.conditions.partial" in keys(advise.unknown)


@pytest.mark.parametrize(
    ("concept", "clinical", "said"),
    [
        ("als", "active", True),
        ("motor_neuron_disease", "active", True),
        ("als", "resolved", False),
        ("myasthenia_gravis", "active", True),
        ("myasthenia_gravis", "resolved", True),  # a lasting hazard
    ],
)
def test_cautions(concept: str, clinical: str, *, said: bool) -> None:
    advise = advised(decide(patient(CRAMP, STENOSIS, problem(concept, clinical=clinical))))
    caution = "als" if concept != "myasthenia_gravis" else concept
    assert (o(f"caution.{caution}") in shown(advise)) is said
    assert (f"Condition/{concept}" in {fact.source for fact in advise.why}) is said


def test_past_myasthenia_is_shown_as_past() -> None:
    past = problem("myasthenia_gravis", clinical="resolved")
    assert keys(advised(decide(patient(CRAMP, STENOSIS, past))).why) >= {"recorded.resolved"}


def test_refuted_myasthenia_is_no_caution() -> None:
    refuted = problem("myasthenia_gravis", verification="refuted")
    assert o("caution.myasthenia_gravis") not in shown(advised(decide(patient(CRAMP, STENOSIS, refuted))))


def test_anticoagulant_is_a_caution() -> None:
    apixaban = medicine("apixaban", "anticoagulant")
    advise = advised(decide(patient(CRAMP, STENOSIS, medications=(apixaban,))))
    assert shown(advise) >= {o("caution.anticoagulant"), "drug.apixaban"}
    assert "MedicationRequest/apixaban" in {fact.source for fact in advise.why}


@pytest.mark.parametrize("receipt", [Receipt.ABSENT, Receipt.FAILED, Receipt.PARTIAL])
def test_medicines_unknown_is_said(receipt: Receipt) -> None:
    advise = advised(decide(patient(CRAMP, STENOSIS, medicationRequests=receipt)))
    assert f"unknown.medicationRequests.{receipt.value}" in keys(advise.unknown)


def test_under_18_is_not_advised() -> None:
    assert keys(decide(patient(CRAMP, STENOSIS, person=born(2008, 3, 11)))) == {o("reason.under_18")}
    advised(decide(patient(CRAMP, STENOSIS, person=born(2008, 3, 10))))


@pytest.mark.parametrize(
    ("ordered", "count"), [("botulinum_injection", 0), ("neurology_referral", 0), ("stretching", 1)]
)
def test_offers_a_referral_never_the_injection(ordered: str, count: int) -> None:
    advise = advised(decide(patient(CRAMP, STENOSIS, orders=(order(ordered),))))
    codes = [one.action.codings[0][1] for one in advise.suggestions]  # type: ignore[union-attr]
    assert codes == ["308474002"] * count


def test_a_record_is_shown_as_what_it_counts_for() -> None:
    also = "restless_legs"
    past = replace(problem(also, "myasthenia_gravis", clinical="resolved"), abated=days_ago(400))
    records = (problem(also, "cramp_leg"), problem(also, "lumbar_spinal_stenosis"), problem(also, "als"), past)
    said = keys(advised(decide(patient(*records))).why)
    assert said >= {f"concept.{one}" for one in ("cramp_leg", "lumbar_spinal_stenosis", "als", "myasthenia_gravis")}
    assert "recorded.resolved_on" in said
    assert f"concept.{also}" not in said


def test_another_medicine_is_no_anticoagulant() -> None:
    aspirin = medicine("aspirin", "antiplatelet")
    advise = advised(decide(patient(CRAMP, STENOSIS, medications=(aspirin,), medicationStatements=Receipt.ABSENT)))
    assert o("caution.anticoagulant") not in shown(advise)
    assert "unknown.medicationStatements.absent" in keys(advise.unknown)


def test_an_anticoagulant_on_part_of_the_list_is_known() -> None:
    apixaban = medicine("apixaban", "anticoagulant")
    advise = advised(decide(patient(CRAMP, STENOSIS, medications=(apixaban,), medicationStatements=Receipt.ABSENT)))
    assert advise.unknown == ()


@pytest.mark.parametrize(
    ("query", "concept", "named"),
    [
        ("conditions", "cramp_leg", False),
        ("conditions", "lumbar_spinal_stenosis", False),
        ("conditions", "als", True),
        ("conditions", "myasthenia_gravis", True),
        ("conditions", "tinnitus", False),
        ("medicationRequests", "anticoagulant", True),
        ("medicationRequests", "opioid", False),
    ],
)
def test_an_unread_entry_is_named_where_it_may_matter(query: str, concept: str, *, named: bool) -> None:
    unread = Unread("Something/9", query, "not-readable", frozenset({concept}))
    advise = advised(decide(patient(CRAMP, STENOSIS, unread=(unread,))))
    assert ("unknown.unread_count" in keys(advise.unknown)) is named


def test_age_unknown_is_said() -> None:
    assert keys(advised(decide(patient(CRAMP, STENOSIS, person=Person()))).unknown) == {"common.age_unknown"}


@pytest.mark.parametrize(("concept", "told"), [("cramp_leg", False), ("lumbar_spinal_stenosis", False), ("als", True)])
def test_without_cramps_an_unread_entry_leaves_it_open_where_it_may_matter(concept: str, *, told: bool) -> None:
    unread = Unread("Condition/9", "conditions", "not-readable", frozenset({concept}))
    assert isinstance(decide(patient(unread=(unread,))), NotAdvised) is told


def test_a_gel_of_heparin_is_no_anticoagulant() -> None:
    gel = medicine("heparin", "anticoagulant", route=Route.LOCAL)
    assert shown(advised(decide(patient(CRAMP, STENOSIS, gel)))) == {o("act.first"), o("act.toxin")}
