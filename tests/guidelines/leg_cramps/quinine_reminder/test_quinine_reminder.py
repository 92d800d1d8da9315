"""The reminder not to reach for quinine: with cramps, and only where nothing else on the cards speaks of quinine."""

from dataclasses import replace

import pytest

from cds_service.catalogue import wording
from cds_service.decision.recommendation import CannotTell, Indicator, NotAdvised, leaflet
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.quinine import rule as avoid_quinine
from cds_service.guidelines.leg_cramps.quinine.advice import CITED_FDA
from cds_service.guidelines.leg_cramps.quinine_reminder.rule import RULE, decide
from cds_service.patient.facts import Facts, Match
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt, Unread
from tests.builders.facts import allergy, born, days_ago, lab, medicine, patient, problem, result
from tests.builders.said import advised, keys

CRAMPS = problem("cramp_leg", ago=10)
QUININE = medicine("quinine")
MYASTHENIA = problem("myasthenia_gravis", clinical="inactive")


def r(key: str) -> str:
    return f"quinine_reminder.{key}"


STRETCHING = {r("act.stretching")}
"""Said of everyone but those whose muscle or limb is at risk: see test_stretching_waits."""


def test_it_comes_with_cramps_for_information_and_offers_nothing() -> None:
    advise = advised(decide(patient(CRAMPS)))
    assert advise.indicator is Indicator.INFO
    assert wording("en").say(advise.summary) == (
        "Avoid quinine for leg cramps: risks outweigh benefit (FDA boxed warning)."
    )
    assert advise.suggestions == ()
    assert advise.unknown == ()
    assert advise.leaflet == leaflet("quinine")
    assert keys(advise.act) - STRETCHING == {r("act.avoid"), r("act.exception")}


@pytest.mark.parametrize("concept", ["cramp_leg", "cramp_leg_nocturnal", "cramp_exercise_heat", "cramp_any"])
def test_every_cramp_of_the_leg_brings_it(concept: str) -> None:
    advised(decide(patient(problem(concept))))


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (patient(CRAMPS, person=born(2010)), "under_18"),
        (patient(CRAMPS, QUININE), "quinine"),
        (patient(CRAMPS, medicine("hydroquinine")), "quinine"),
        (patient(), "no_cramps"),
        (patient(problem("als")), "no_cramps"),
        (patient(problem("cramp_any", body_site="hand")), "no_cramps"),
        (patient(CRAMPS, problem("als")), "als"),
        (patient(CRAMPS, problem("motor_neuron_disease")), "als"),
        (patient(CRAMPS, problem("malaria")), "malaria"),
        (patient(CRAMPS, problem("babesiosis")), "malaria"),
    ],
)
def test_why_it_is_silent(facts: Facts, reason: str) -> None:
    decision = decide(facts)
    assert isinstance(decision, NotAdvised)
    assert keys(decision) == {r(f"reason.{reason}")}


@pytest.mark.parametrize(
    "also",
    [
        medicine("quinine", status="stopped"),
        medicine("quinine", intent="option"),
        problem("malaria", clinical="resolved"),
        problem("malaria", ago=200),
        problem("als", verification="refuted"),
    ],
)
def test_what_is_over_does_not_silence_it(also: object) -> None:
    advised(decide(patient(CRAMPS, also)))


def test_one_voice_on_quinine() -> None:
    """Of a patient with cramps, one rule speaks of quinine on opening the chart, or the card about ALS."""
    for also in ((), (QUININE,), (problem("malaria"),), (problem("als"),), (problem("als"), QUININE)):
        facts = patient(CRAMPS, *also)
        speaking = [rule.name for rule in (avoid_quinine.RULE, RULE) if keys(rule.decide(facts)) & SUMMARIES]
        assert len(speaking) <= 1, also


SUMMARIES = {r("summary"), "avoid_quinine.summary.no_indication", "avoid_quinine.summary.als"}


def test_it_shows_one_cramp_and_as_a_cramp() -> None:
    also = replace(CRAMPS, concepts={"tinnitus": Match.CODE, "cramp_leg": Match.CODE})
    why = advised(decide(patient(also, problem("cramp_any")))).why
    assert [wording("en").say(fact.phrase) for fact in why] == ["leg cramps (problem list, 28 Feb 2026)"]


@pytest.mark.parametrize(
    "hazard",
    [MYASTHENIA, allergy("quinine"), problem("immune_thrombocytopenia", clinical="resolved"), result("qtc", "470")],
    ids=lambda hazard: str(hazard.source),
)
def test_what_the_label_forbids_is_said_instead_of_the_exception_and_the_benefit(hazard: object) -> None:
    advise = advised(decide(patient(CRAMPS, hazard)))
    assert advise.indicator is Indicator.INFO
    assert keys(advise.act) - STRETCHING == {r("act.forbidden")}
    assert [fact.source for fact in advise.why] == [hazard.source, CRAMPS.source]  # type: ignore[attr-defined]
    assert keys(advise.evidence) & {r("cited.fda"), r("cited.benefit"), r("cited.mhra")} == {r("cited.fda")}


def test_three_contraindications_are_shown_and_the_rest_counted() -> None:
    many = (MYASTHENIA, allergy("quinine"), problem("long_qt"), problem("optic_neuritis"), problem("hus"))
    said = [wording("en").say(fact.phrase) for fact in advised(decide(patient(CRAMPS, *many))).why]
    assert len(said) == 3 + 1 + 1
    assert said[3] == "and 2 more"


def test_the_benefit_and_the_exception_are_cited_where_they_stand_on_the_card() -> None:
    cited = keys(advised(decide(patient(CRAMPS))).evidence)
    assert cited >= {r("cited.fda"), r("cited.benefit"), r("cited.mhra")}


def test_no_trial_is_described_in_pregnancy() -> None:
    pregnant = patient(CRAMPS, problem("pregnancy", recorded=days_ago(90)))
    assert keys(advised(decide(pregnant)).act) - STRETCHING == {r("act.avoid")}


@pytest.mark.parametrize(
    "against",
    [
        problem("tinnitus"),
        problem("haemoglobinuria"),
        problem("severe_liver_disease"),
        result("potassium", "2.9"),
        result("magnesium", "0.4"),
        result("platelets", "99"),
        medicine("amiodarone", "qt_interacting"),
        medicine("rocuronium", "neuromuscular_blocker"),
    ],
    ids=lambda against: str(against.source),
)
def test_no_trial_is_described_where_quinine_would_be_critical_or_against_a_label(against: object) -> None:
    advise = advised(decide(patient(CRAMPS, against)))
    assert keys(advise.act) - STRETCHING == {r("act.avoid")}
    assert keys(advise.evidence) & {r("cited.fda"), r("cited.benefit"), r("cited.mhra")} == {
        r("cited.fda"),
        r("cited.benefit"),
    }
    assert [fact.source for fact in advise.why] == [CRAMPS.source]


@pytest.mark.parametrize(
    "only_weighed", [result("potassium", "3.2"), medicine("warfarin"), problem("atrial_fibrillation")]
)
def test_a_risk_that_is_only_weighed_hides_no_trial(only_weighed: object) -> None:
    assert keys(advised(decide(patient(CRAMPS, only_weighed))).act) - STRETCHING == {r("act.avoid"), r("act.exception")}


@pytest.mark.parametrize(("also", "described"), [((), False), ((problem("cramp_leg_nocturnal"),), True)])
def test_no_trial_is_described_for_cramps_of_exercise_alone(also: tuple[object, ...], *, described: bool) -> None:
    act = advised(decide(patient(problem("cramp_exercise_heat"), *also))).act
    assert (r("act.exception") in keys(act)) is described


def test_no_trial_is_described_where_what_speaks_against_it_may_be_unseen() -> None:
    assert keys(advised(decide(patient(CRAMPS, allergies=Receipt.ABSENT))).act) - STRETCHING == {r("act.avoid")}
    undated = lab("potassium", "3.9 mmol/L", moment=None)
    assert keys(advised(decide(patient(CRAMPS, undated))).act) - STRETCHING == {r("act.avoid")}


def test_under_18_only_when_certainly_so() -> None:
    advise = advised(decide(patient(CRAMPS, person=Person())))
    assert keys(advise.unknown) == {"common.age_unknown"}


@pytest.mark.parametrize("receipt", [Receipt.ABSENT, Receipt.FAILED, Receipt.PARTIAL, Receipt.UNANSWERED])
@pytest.mark.parametrize("query", ["medicationRequests", "medicationStatements", "conditions", "allergies"])
def test_a_list_that_was_not_received_is_said(query: str, receipt: Receipt) -> None:
    advise = advised(decide(patient(CRAMPS, **{query: receipt})))  # type: ignore[arg-type]
    assert keys(advise.unknown) == {f"unknown.{query}.{receipt.value}"}


def test_results_that_were_not_received_are_no_line_of_the_reminder() -> None:
    assert advised(decide(patient(CRAMPS, observations=Receipt.ABSENT))).unknown == ()


@pytest.mark.parametrize(
    ("query", "concept", "named"),
    [
        ("conditions", "als", True),
        ("conditions", "malaria", True),
        ("conditions", "babesiosis", True),
        ("conditions", "restless_legs", False),
        ("medicationRequests", "quinine", True),
        ("medicationStatements", "hydroquinine", True),
        ("medicationStatements", "warfarin", False),
    ],
)
def test_an_unread_entry_is_named_where_it_may_matter(query: str, concept: str, *, named: bool) -> None:
    unread = Unread("Something/9", query, "not-readable", frozenset({concept}))
    assert bool(advised(decide(patient(CRAMPS, unread=(unread,)))).unknown) is named


@pytest.mark.parametrize(("concept", "told"), [("cramp_leg", False), ("tinnitus", True)])
def test_without_cramps_it_cannot_tell_where_they_may_be_unseen(concept: str, *, told: bool) -> None:
    unread = Unread("Condition/9", "conditions", "not-readable", frozenset({concept}))
    assert isinstance(decide(patient(unread=(unread,))), NotAdvised) is told
    assert isinstance(decide(patient(conditions=Receipt.PARTIAL)), CannotTell)


def test_it_serves_s9() -> None:
    assert all("S9" in evidence.serves for evidence in RULE.evidence)
    assert RULE.evidence[0] is citations.FDA_BOXED_WARNING


def test_the_boxed_warning_is_cited_in_one_way() -> None:
    cited = advised(decide(patient(CRAMPS))).evidence[0]
    for language in ("en", "id"):
        assert wording(language).say(cited.said) == wording(language).say(CITED_FDA.said)
