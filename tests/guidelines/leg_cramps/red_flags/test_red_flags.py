"""Red flags: each finding of the table, each that is not one, and what a missing list does to it."""

from dataclasses import replace
from typing import Any

import pytest

from cds_service.decision.recommendation import CannotTell, Decision, Indicator, NotAdvised
from cds_service.decision.recommendation import leaflet as patient_leaflet
from cds_service.guidelines.leg_cramps.concepts import ANTICOAGULANTS
from cds_service.guidelines.leg_cramps.red_flags.rule import RULE, red_flags
from cds_service.patient.facts import Facts, Problem, Route
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt, Unread
from tests.builders.facts import born, days_ago, medicine, order, patient, problem
from tests.builders.said import advised, keys, shown

CRAMP = problem("cramp_leg")
DVT = problem("dvt")
ALS = problem("als")
WEAKNESS = problem("muscle_weakness")
WASTING = problem("muscle_wasting")
FASCICULATION = problem("fasciculation")
SIGNS = ("weakness_wasting", "weakness_fasciculation", "wasting_fasciculation")
APIXABAN = medicine("apixaban", "anticoagulant")


def decide(facts: Facts) -> Decision:
    return RULE.decide(facts)


def r(key: str) -> str:
    return f"red_flags.{key}"


def names(facts: Facts) -> list[str]:
    return [flag.finding.key.removeprefix("red_flags.finding.") for flag in red_flags(facts)]


@pytest.mark.parametrize(
    ("problems", "name", "indicator"),
    [
        ((DVT,), "dvt", Indicator.WARNING),
        ((problem("limb_swelling", "limb_swelling_one_sided"),), "limb_swelling", Indicator.WARNING),
        ((problem("limb_swelling_one_sided"),), "limb_swelling", Indicator.WARNING),
        ((problem("limb_swelling", text="Swelling of left leg"),), "limb_swelling", Indicator.WARNING),
        ((problem("critical_limb_ischaemia"),), "critical_limb_ischaemia", Indicator.WARNING),
        ((problem("compartment_syndrome"),), "compartment_syndrome", Indicator.WARNING),
        ((problem("rhabdomyolysis"),), "rhabdomyolysis", Indicator.WARNING),
        ((WEAKNESS, WASTING), "weakness_wasting", Indicator.WARNING),
        ((WEAKNESS, FASCICULATION), "weakness_fasciculation", Indicator.WARNING),
        ((WASTING, FASCICULATION), "wasting_fasciculation", Indicator.WARNING),
        ((WEAKNESS, WASTING, FASCICULATION), "weakness_wasting", Indicator.WARNING),
        ((problem("cauda_equina"),), "cauda_equina", Indicator.WARNING),
        ((WEAKNESS,), "weakness", Indicator.INFO),
        ((problem("chronic_pad"),), "chronic_pad", Indicator.INFO),
        ((problem("restless_legs"),), "restless_legs", Indicator.INFO),
    ],
)
def test_each_finding(problems: tuple[Problem, ...], name: str, indicator: Indicator) -> None:
    facts = patient(CRAMP, *problems)
    assert names(facts) == [name]
    advise = advised(decide(facts))
    assert advise.indicator is indicator
    assert keys(advise.summary) == {r("summary"), r("named"), r(f"finding.{name}")}
    assert shown(advise) == ({r("advice.signs"), r(f"finding.{name}")} if name in SIGNS else {r(f"advice.{name}")})
    assert {problem.source for problem in problems} <= {fact.source for fact in advise.why}
    assert CRAMP.source in {fact.source for fact in advise.why}


@pytest.mark.parametrize(
    "problems",
    [
        (),
        (problem("limb_swelling"),),
        (problem("limb_swelling", text="Swelling of both legs"),),
        (WASTING,),
        (FASCICULATION,),
        (problem("peripheral_neuropathy"),),
        (ALS, WEAKNESS, WASTING, FASCICULATION),
        (ALS, WASTING, FASCICULATION),
        (problem("cauda_equina", clinical="resolved"),),
        (problem("motor_neuron_disease"), WEAKNESS, WASTING),
        (ALS, WEAKNESS),
        (problem("dvt", clinical="resolved"),),
        (problem("dvt", verification="refuted"),),
        (problem("compartment_syndrome", clinical="resolved"),),
    ],
)
def test_what_is_no_finding(problems: tuple[Problem, ...]) -> None:
    assert keys(decide(patient(CRAMP, *problems))) == {r("reason.none")}


def test_als_that_is_over_does_not_explain_weakness() -> None:
    facts = patient(CRAMP, problem("als", verification="refuted"), WEAKNESS, WASTING)
    assert names(facts) == ["weakness_wasting"]


@pytest.mark.parametrize("problems", [(), (DVT,), (ALS, DVT), (problem("compartment_syndrome"),)])
def test_without_a_cramp_problem_it_is_silent(problems: tuple[Problem, ...]) -> None:
    assert keys(decide(patient(*problems))) == {r("reason.no_cramps")}


@pytest.mark.parametrize(("days", "fires"), [(89, True), (90, True), (91, False)])
def test_a_dvt_without_status_counts_for_90_days(days: int, *, fires: bool) -> None:
    assert bool(names(patient(CRAMP, problem("dvt", clinical=None, onset=days_ago(days))))) is fires


def test_dvt_on_an_anticoagulant_is_no_red_flag_and_the_reason_says_so() -> None:
    decision = decide(patient(CRAMP, DVT, medications=(APIXABAN,)))
    assert isinstance(decision, NotAdvised)
    assert keys(decision) == {r("reason.dvt_treated"), "drug.apixaban"}


def test_warfarin_is_an_anticoagulant() -> None:
    warfarin = medicine("warfarin", "anticoagulant", "warfarin")
    assert isinstance(decide(patient(CRAMP, DVT, medications=(warfarin,))), NotAdvised)


@pytest.mark.parametrize(("status", "advice"), [("on-hold", "dvt_on_hold"), ("stopped", "dvt"), ("completed", "dvt")])
def test_an_anticoagulant_not_taken_protects_nobody(status: str, advice: str) -> None:
    apixaban = medicine("apixaban", "anticoagulant", status=status)
    advise = advised(decide(patient(CRAMP, DVT, medications=(apixaban,))))
    assert advise.indicator is Indicator.WARNING
    assert shown(advise) == {r(f"advice.{advice}")}


def test_an_antiplatelet_is_no_anticoagulant() -> None:
    aspirin = medicine("aspirin", "antiplatelet")
    facts = patient(CRAMP, DVT, medications=(aspirin,))
    assert names(facts) == ["dvt"]
    assert shown(advised(decide(facts))) == {r("advice.dvt")}


@pytest.mark.parametrize("query", ["medicationRequests", "medicationStatements"])
@pytest.mark.parametrize("receipt", [Receipt.ABSENT, Receipt.FAILED, Receipt.PARTIAL])
def test_dvt_with_medicines_unknown_warns_and_says_so(query: str, receipt: Receipt) -> None:
    advise = advised(decide(patient(CRAMP, DVT, **{query: receipt})))  # type: ignore[arg-type]
    assert advise.indicator is Indicator.WARNING
    assert shown(advise) == {r("advice.dvt_medicines_unknown")}
    assert f"unknown.{query}.{receipt.value}" in keys(advise.unknown)


def test_an_anticoagulant_found_on_part_of_the_list_counts() -> None:
    facts = patient(CRAMP, DVT, medications=(APIXABAN,), medicationStatements=Receipt.ABSENT)
    assert isinstance(decide(facts), NotAdvised)


def test_known_empty_medicines_is_no_anticoagulant() -> None:
    facts = patient(CRAMP, DVT, medicationRequests=Receipt.EMPTY, medicationStatements=Receipt.EMPTY)
    assert shown(advised(decide(facts))) == {r("advice.dvt")}


def test_medicines_are_not_asked_for_without_a_dvt() -> None:
    advise = advised(decide(patient(CRAMP, problem("rhabdomyolysis"), medicationRequests=Receipt.ABSENT)))
    assert advise.unknown == ()


def test_critical_ischaemia_is_not_also_a_chronic_mimic() -> None:
    both = (problem("critical_limb_ischaemia"), problem("chronic_pad"))
    assert names(patient(CRAMP, *both)) == ["critical_limb_ischaemia"]


def test_warnings_come_first_and_the_third_is_counted() -> None:
    facts = patient(CRAMP, problem("restless_legs"), problem("rhabdomyolysis"), DVT)
    advise = advised(decide(facts))
    assert keys(advise.summary) == {r("summary"), r("named_and_more"), r("finding.dvt"), r("finding.rhabdomyolysis")}
    assert [line.key for line in advise.act] == [r("advice.dvt"), r("advice.rhabdomyolysis"), r("also")]  # type: ignore[union-attr]
    assert keys(advise.act[2]) == {r("also"), r("named"), r("finding.restless_legs")}
    assert advise.indicator is Indicator.WARNING
    assert advise.leaflet == patient_leaflet("when-to-call-a-doctor")


def test_two_findings_are_both_named() -> None:
    advise = advised(decide(patient(CRAMP, problem("rhabdomyolysis"), DVT)))
    assert r("named") in keys(advise.summary)


@pytest.mark.parametrize("receipt", [Receipt.PARTIAL, Receipt.ABSENT, Receipt.FAILED])
def test_cannot_tell_without_the_whole_problem_list(receipt: Receipt) -> None:
    assert isinstance(decide(patient(conditions=receipt)), CannotTell)
    assert isinstance(decide(patient(CRAMP, conditions=receipt)), CannotTell)
    assert "unknown.conditions." + receipt.value in keys(
        advised(decide(patient(CRAMP, DVT, conditions=receipt))).unknown
    )


def test_cannot_tell_when_an_entry_that_may_be_a_finding_was_unreadable() -> None:
    unread = Unread("Condition/9", "conditions", "not-readable", frozenset({"dvt"}))
    assert isinstance(decide(patient(CRAMP, unread=(unread,))), CannotTell)


def test_under_18_is_not_advised() -> None:
    assert keys(decide(patient(CRAMP, DVT, person=born(2008, 3, 11)))) == {r("reason.under_18")}


@pytest.mark.parametrize(
    ("problems", "codes"),
    [
        ((DVT,), ["30881-7"]),
        ((DVT, problem("limb_swelling_one_sided")), ["30881-7"]),
        ((problem("limb_swelling_one_sided"),), ["30881-7"]),
        ((problem("critical_limb_ischaemia"),), ["307777008", "401221002"]),
        ((problem("chronic_pad"),), ["401221002"]),
        ((WEAKNESS, WASTING), ["308474002"]),
        ((WEAKNESS,), []),
        ((problem("compartment_syndrome"),), []),
    ],
)
def test_offers(problems: tuple[Problem, ...], codes: list[str]) -> None:
    suggestions = advised(decide(patient(CRAMP, *problems))).suggestions
    assert [one.action.codings[0][1] for one in suggestions] == codes  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("found", "ordered"),
    [
        (DVT, "leg_vein_ultrasound"),
        (problem("chronic_pad"), "ankle_brachial_index"),
    ],
)
def test_does_not_offer_what_is_ordered(found: Problem, ordered: str) -> None:
    assert advised(decide(patient(CRAMP, found, orders=(order(ordered),)))).suggestions == ()


WARFARIN = "warfarin"


@pytest.mark.parametrize(
    ("more", "advice"),
    [
        ({"authored": days_ago(500)}, "dvt_outdated"),
        ({"status": "unknown"}, "dvt_status_unknown"),
        ({"status": None}, "dvt_status_unknown"),
        ({"status": "on-hold", "authored": days_ago(500)}, "dvt_on_hold"),
    ],
)
def test_an_anticoagulant_that_may_not_be_taken_does_not_silence_a_dvt(more: dict[str, Any], advice: str) -> None:
    warfarin = medicine(WARFARIN, *ANTICOAGULANTS, **more)
    advise = advised(decide(patient(CRAMP, DVT, medications=(warfarin,))))
    assert advise.indicator is Indicator.WARNING
    assert shown(advise) == {r(f"advice.{advice}")}
    assert warfarin.source in {fact.source for fact in advise.why}


def test_a_sure_anticoagulant_beside_an_outdated_one_is_enough() -> None:
    outdated = medicine(WARFARIN, *ANTICOAGULANTS, authored=days_ago(500))
    sure = medicine("apixaban", "anticoagulant", authored=days_ago(20))
    assert keys(decide(patient(CRAMP, DVT, medications=(outdated, sure)))) >= {r("reason.dvt_treated")}


@pytest.mark.parametrize(
    ("concept", "advice"),
    [("anticoagulant", "dvt_medicines_unknown"), ("warfarin", "dvt_medicines_unknown"), ("opioid", "dvt")],
)
def test_an_unread_medicine_that_may_be_an_anticoagulant_leaves_it_open(concept: str, advice: str) -> None:
    unread = Unread("MedicationRequest/9", "medicationRequests", "not-readable", frozenset({concept}))
    assert shown(advised(decide(patient(CRAMP, DVT, unread=(unread,))))) == {r(f"advice.{advice}")}


@pytest.mark.parametrize(
    "concept",
    [
        "cramp_leg",
        "dvt",
        "limb_swelling_one_sided",
        "critical_limb_ischaemia",
        "compartment_syndrome",
        "rhabdomyolysis",
        "muscle_weakness",
        "muscle_wasting",
        "fasciculation",
        "chronic_pad",
        "restless_legs",
    ],
)
def test_a_record_is_shown_as_what_it_counts_for(concept: str) -> None:
    also = problem("tinnitus", concept)
    because = keys(advised(decide(patient(CRAMP, WEAKNESS, also))).why)
    assert f"concept.{concept}" in because
    assert "concept.tinnitus" not in because


@pytest.mark.parametrize(
    ("problems", "leaflet"), [((DVT,), "when-to-call-a-doctor"), ((problem("restless_legs"),), None)]
)
def test_only_a_warning_has_the_leaflet_on_calling_a_doctor(problems: tuple[Problem, ...], leaflet: str | None) -> None:
    assert advised(decide(patient(CRAMP, *problems))).leaflet == (leaflet and patient_leaflet(leaflet))


def test_age_unknown_is_said() -> None:
    assert keys(advised(decide(patient(CRAMP, WEAKNESS, person=Person()))).unknown) == {"common.age_unknown"}


@pytest.mark.parametrize(
    ("query", "concept", "named"),
    [
        ("conditions", "rhabdomyolysis", True),
        ("conditions", "limb_swelling", True),
        ("conditions", "als", True),
        ("conditions", "tinnitus", False),
        ("medicationRequests", "anticoagulant", True),
        ("medicationRequests", "opioid", False),
    ],
)
def test_an_unread_entry_is_named_where_it_may_matter(query: str, concept: str, *, named: bool) -> None:
    unread = Unread("Something/9", query, "not-readable", frozenset({concept}))
    advise = advised(decide(patient(CRAMP, DVT, unread=(unread,))))
    assert ("unknown.unread_count" in keys(advise.unknown)) is named


@pytest.mark.parametrize(("concept", "told"), [("cramp_leg", False), ("dvt", True)])
def test_without_cramps_an_unread_entry_leaves_it_open_where_it_may_matter(concept: str, *, told: bool) -> None:
    unread = Unread("Condition/9", "conditions", "not-readable", frozenset({concept}))
    assert isinstance(decide(patient(unread=(unread,))), NotAdvised) is told


def test_an_anticoagulant_gel_protects_nobody() -> None:
    gel = replace(medicine("heparin", "anticoagulant"), route=Route.LOCAL)
    assert shown(advised(decide(patient(CRAMP, DVT, medications=(gel,))))) == {r("advice.dvt")}
