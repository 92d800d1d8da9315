"""Ordering in ALS: a gabapentinoid that meets an opioid, a benzodiazepine or a low eGFR, whichever of them is drafted."""

import pytest

from cds_service.catalogue import wording
from cds_service.decision.recommendation import CannotTell, Decided, Decision, Indicator, NotAdvised
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.als_cramps.order import JUDGED, ORDER_RULE, may_speak
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt, Unread
from tests.builders.facts import born, draft, medicine, patient, problem, result
from tests.builders.said import advised, keys

ALS = problem("als")
GABAPENTIN, PREGABALIN = medicine("gabapentin"), medicine("pregabalin")
MORPHINE, DIAZEPAM = medicine("morphine", "opioid"), medicine("diazepam", "benzodiazepine")
NEW_GABAPENTIN, NEW_MORPHINE = draft("gabapentin"), draft("morphine", "opioid")
NEW_DIAZEPAM = draft("diazepam", "benzodiazepine")


def decide(facts: Facts) -> Decision:
    return ORDER_RULE.decide(facts)


def a(key: str) -> str:
    return f"als_cramps.{key}"


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ((NEW_GABAPENTIN, MORPHINE), "gabapentin with morphine"),
        ((NEW_GABAPENTIN, DIAZEPAM), "gabapentin with diazepam"),
        ((draft("pregabalin"), NEW_MORPHINE), "pregabalin with morphine"),
        ((NEW_GABAPENTIN, draft("morphine", "opioid", selected=False)), "gabapentin with morphine"),
        ((NEW_MORPHINE, GABAPENTIN), "gabapentin with morphine"),
        ((NEW_DIAZEPAM, PREGABALIN), "pregabalin with diazepam"),
        ((NEW_MORPHINE, draft("gabapentin", selected=False)), "gabapentin with morphine"),
        ((NEW_GABAPENTIN, result("egfr", "29.9")), "gabapentin with eGFR below 30"),
        ((NEW_GABAPENTIN, result("egfr", "29.9", ago=364)), "gabapentin with eGFR below 30"),
    ],
)
def test_a_draft_that_meets_what_depresses_breathing_is_a_warning(records: tuple[object, ...], said: str) -> None:
    advise = advised(decide(patient(ALS, *records)))
    assert advise.indicator is Indicator.WARNING
    assert wording("en").say(advise.summary).startswith(f"ALS: {said}, risk of respiratory depression")
    assert keys(advise.act) == {a("act.breathing"), a("act.gabapentin")}
    assert "Condition/als" in {fact.source for fact in advise.why}


@pytest.mark.parametrize(
    "records",
    [
        (NEW_GABAPENTIN,),
        (NEW_MORPHINE,),
        (NEW_MORPHINE, DIAZEPAM),
        (NEW_MORPHINE, result("egfr", "12")),
        (NEW_MORPHINE, medicine("gabapentin", status="stopped")),
        (NEW_GABAPENTIN, medicine("morphine", "opioid", status="stopped")),
        (NEW_GABAPENTIN, draft("morphine", "opioid", status="cancelled")),
        (NEW_GABAPENTIN, result("egfr", "30")),
        (NEW_GABAPENTIN, result("egfr", "29", ago=366)),
        (NEW_GABAPENTIN, GABAPENTIN, medicine("baclofen")),
    ],
)
def test_what_is_no_risk(records: tuple[object, ...]) -> None:
    assert keys(decide(patient(ALS, *records))) == {a("reason.no_risk")}


@pytest.mark.parametrize(
    "records",
    [
        (),
        (GABAPENTIN, MORPHINE),
        (draft("gabapentin", selected=False), draft("morphine", "opioid", selected=False)),
        (draft("gabapentin", status="cancelled"), MORPHINE),
        (draft("gabapentin", do_not_perform=True), MORPHINE),
        (draft("quinine"), GABAPENTIN, MORPHINE),
    ],
)
def test_only_selected_drafts_of_these_drugs_are_judged(records: tuple[object, ...]) -> None:
    assert keys(decide(patient(ALS, *records))) == {a("reason.no_draft")}


def test_one_selected_gabapentinoid_of_two_is_judged_by_the_kidney() -> None:
    other = draft("pregabalin", selected=False)
    assert "eGFR" in wording("en").say(
        advised(decide(patient(ALS, NEW_GABAPENTIN, other, result("egfr", "20")))).summary
    )


def test_of_a_drafted_opioid_the_kidney_is_not_spoken_of() -> None:
    advise = advised(decide(patient(ALS, NEW_MORPHINE, GABAPENTIN, result("egfr", "12"))))
    assert "eGFR" not in wording("en").say(advise.summary)
    assert "Observation/egfr-12-3" not in {fact.source for fact in advise.why}


def test_the_card_says_what_meets_what_what_may_change_it_and_what_it_rests_on() -> None:
    advise = advised(decide(patient(ALS, NEW_MORPHINE, GABAPENTIN, conditions=Receipt.PARTIAL, person=Person())))
    assert [fact.source for fact in advise.why] == [ALS.source, GABAPENTIN.source, NEW_MORPHINE.source]
    assert keys(advise.unknown) == {"unknown.conditions.partial", "common.age_unknown"}
    assert Decided(ORDER_RULE, advise).cited == (citations.FDA_GABAPENTIN_2019, citations.BALDINGER_2012)
    assert advise.shorter is not None
    assert advise.shorter.key == a("summary.breathing_short_als")


@pytest.mark.parametrize(
    ("drafted", "concept", "told"),
    [
        (NEW_GABAPENTIN, "opioid", True),
        (NEW_GABAPENTIN, "benzodiazepine", True),
        (NEW_GABAPENTIN, "pregabalin", False),
        (NEW_MORPHINE, "gabapentin", True),
        (NEW_MORPHINE, "benzodiazepine", False),
    ],
)
def test_it_cannot_tell_where_what_the_draft_would_meet_could_not_be_read(
    drafted: Medication, concept: str, told: bool
) -> None:
    unread = Unread("MedicationRequest/9", "medicationRequests", "not-readable", frozenset({concept}))
    assert isinstance(decide(patient(ALS, drafted, unread=(unread,))), CannotTell) is told


def test_in_palliative_care_it_is_for_information() -> None:
    palliative = problem("palliative_hospice")
    advise = advised(decide(patient(ALS, palliative, NEW_MORPHINE, GABAPENTIN)))
    assert advise.indicator is Indicator.INFO
    assert a("summary.palliative_als") in keys(advise.summary)
    assert a("act.palliative") in keys(advise.act)
    assert palliative.source in {fact.source for fact in advise.why}


def test_the_family_is_named_where_the_record_says_no_more() -> None:
    advise = advised(decide(patient(problem("motor_neuron_disease"), NEW_MORPHINE, GABAPENTIN)))
    assert advise.summary.key == a("summary.breathing_mnd")


def test_without_als_it_is_silent_and_cannot_tell_without_the_problem_list() -> None:
    assert keys(decide(patient(NEW_MORPHINE, GABAPENTIN))) == {a("reason.no_als")}
    assert keys(decide(patient(problem("als", clinical="resolved"), NEW_MORPHINE, GABAPENTIN))) == {a("reason.no_als")}
    assert isinstance(decide(patient(NEW_MORPHINE, GABAPENTIN, conditions=Receipt.PARTIAL)), CannotTell)


@pytest.mark.parametrize("query", ["medicationRequests", "medicationStatements", "observations"])
def test_what_a_drafted_gabapentinoid_would_meet_may_be_in_what_did_not_come(query: str) -> None:
    assert isinstance(decide(patient(ALS, NEW_GABAPENTIN, **{query: Receipt.ABSENT})), CannotTell)
    advised(decide(patient(ALS, NEW_GABAPENTIN, MORPHINE, **{query: Receipt.ABSENT})))


def test_results_do_not_matter_to_a_drafted_opioid() -> None:
    assert isinstance(decide(patient(ALS, NEW_MORPHINE, observations=Receipt.ABSENT)), NotAdvised)
    assert isinstance(decide(patient(ALS, NEW_MORPHINE, medicationRequests=Receipt.ABSENT)), CannotTell)


def test_under_18_is_not_advised() -> None:
    child = born(2010)
    assert keys(decide(patient(ALS, NEW_MORPHINE, GABAPENTIN, person=child))) == {a("reason.under_18")}


def test_offers_no_deletion() -> None:
    suggestions = advised(decide(patient(ALS, NEW_MORPHINE, GABAPENTIN))).suggestions
    assert [one.action.codings[0][1] for one in suggestions] == ["308474002"]  # type: ignore[union-attr]


def test_it_says_what_it_judges_and_without_what_it_is_silent() -> None:
    assert set(JUDGED) == {"gabapentin", "pregabalin", "opioid", "benzodiazepine"}
    assert may_speak(patient(ALS))
    assert may_speak(patient(problem("motor_neuron_disease")))
    assert not may_speak(patient(problem("als", clinical="resolved"), NEW_MORPHINE, GABAPENTIN))
