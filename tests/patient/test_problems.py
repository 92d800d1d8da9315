"""Which problems count, and until when."""

from datetime import timedelta
from typing import Any

import pytest

from cds_service.patient.moments import Moment
from cds_service.patient.problems import (
    active,
    dated,
    is_active,
    lasting,
    on_record,
    status_recorded,
    suspected,
)
from cds_service.patient.terminology import vocabulary
from tests.builders.facts import TODAY, days_ago, on, part_of, patient, recorded

WITHOUT_STATUS = vocabulary.problem("dvt", days_without_status=90)
IN_ANY_STATUS = vocabulary.problem("pregnancy", days_in_any_status=300)


@pytest.mark.parametrize(
    ("clinical", "verification", "counts"),
    [
        ("active", "confirmed", True),
        ("recurrence", "confirmed", True),
        ("relapse", "confirmed", True),
        (None, None, True),
        (None, "confirmed", True),
        ("active", None, True),
        ("active", "unconfirmed", True),
        ("active", "provisional", True),
        ("active", "differential", True),
        ("active", "refuted", False),
        ("active", "entered-in-error", False),
        (None, "refuted", False),
        ("inactive", "confirmed", False),
        ("remission", "confirmed", False),
        ("resolved", "confirmed", False),
    ],
)
def test_active_by_status(clinical: str | None, verification: str | None, counts: bool) -> None:
    found = recorded("myasthenia_gravis", clinical=clinical, verification=verification)
    assert is_active(found, TODAY) is counts
    assert active(patient(found), vocabulary.problem("myasthenia_gravis")) == ((found,) if counts else ())


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"abated": days_ago(1)}, False),
        ({"abated": days_ago(0)}, True),
        ({"abated": days_ago(-1)}, True),
        ({"abated": part_of(2025)}, False),
        ({"abated": part_of(2026)}, True),  # it may yet go on
        ({"ended": True}, False),
        ({}, True),
    ],
)
def test_an_abatement_in_the_past_ends_it(fields: dict[str, object], counts: bool) -> None:
    found = recorded("cirrhosis", clinical="active", **fields)
    assert is_active(found, TODAY) is counts


@pytest.mark.parametrize(("days", "clinical", "counts"), [(90, None, True), (91, None, False), (91, "active", True)])
def test_without_a_status_a_concepts_time_runs_out(days: int, clinical: str | None, counts: bool) -> None:
    found = recorded("dvt", clinical=clinical, onset=days_ago(days))
    assert active(patient(found), WITHOUT_STATUS) == ((found,) if counts else ())
    assert active(patient(found), vocabulary.problem("dvt")) == (found,)  # another constant, without a limit


@pytest.mark.parametrize(("days", "clinical", "counts"), [(300, "resolved", True), (301, "active", False)])
def test_in_any_status_a_concepts_time_runs_out(days: int, clinical: str, counts: bool) -> None:
    found = recorded("pregnancy", clinical=clinical, onset=days_ago(days))
    assert active(patient(found), IN_ANY_STATUS) == ((found,) if counts else ())
    assert active(patient(found), vocabulary.problem("pregnancy")) == (() if clinical == "resolved" else (found,))


@pytest.mark.parametrize("fields", [{"verification": "refuted"}, {"ended": True}, {"abated": days_ago(1)}])
def test_in_any_status_what_is_untrue_or_has_ended_does_not_count(fields: dict[str, Any]) -> None:
    assert (
        active(patient(recorded("pregnancy", clinical="resolved", onset=days_ago(10), **fields)), IN_ANY_STATUS) == ()
    )


@pytest.mark.parametrize(("clinical", "counts"), [("active", True), (None, True), ("resolved", False)])
def test_in_any_status_one_without_a_date_counts_by_its_status(clinical: str | None, counts: bool) -> None:
    found = recorded("pregnancy", clinical=clinical)
    assert active(patient(found), IN_ANY_STATUS) == ((found,) if counts else ())


OLD_AND_NEW = {"onset": days_ago(91), "recorded": days_ago(1)}


@pytest.mark.parametrize(
    ("fields", "counts_from"),
    [
        ({"clinical": "active"}, days_ago(91)),  # its onset
        ({}, days_ago(1)),  # without a status the later of the two
        ({"onset": days_ago(1), "recorded": days_ago(91)}, days_ago(1)),
        ({"visit": True, "clinical": "active"}, days_ago(1)),  # of a visit: when it was recorded
        ({"visit": True, "onset": days_ago(1), "recorded": days_ago(91)}, days_ago(91)),
        ({"visit": True, "recorded": None}, days_ago(91)),
        ({"onset": None}, days_ago(1)),
        ({"onset": None, "recorded": None}, None),
    ],
)
def test_the_date_a_problem_is_judged_by(fields: dict[str, Any], counts_from: Moment | None) -> None:
    assert dated(recorded("dvt", **OLD_AND_NEW | fields)) == counts_from


OF_A_VISIT = vocabulary.problem("rhabdomyolysis", days_of_visit=90)


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"visit": True, "clinical": "active", "recorded": days_ago(90)}, True),
        ({"visit": True, "clinical": "active", "recorded": days_ago(91)}, False),
        ({"visit": True, "recorded": days_ago(91)}, False),
        ({"visit": True, "clinical": "active"}, True),  # undated
        ({"visit": True, "clinical": "resolved", "recorded": days_ago(1)}, False),
        ({"clinical": "active", "recorded": days_ago(5000)}, True),  # on the problem list
        ({"recorded": days_ago(5000)}, True),
    ],
)
def test_the_diagnosis_of_a_visit_ages_whatever_its_status(fields: dict[str, Any], counts: bool) -> None:
    found = recorded("rhabdomyolysis", **fields)
    assert bool(active(patient(found), OF_A_VISIT)) is counts
    assert active(patient(found), vocabulary.problem("rhabdomyolysis")) == (
        () if fields.get("clinical") == "resolved" else (found,)
    )


def test_without_a_status_the_diagnosis_of_a_visit_has_the_shorter_of_two_limits() -> None:
    found = recorded("dvt", visit=True, recorded=days_ago(31))
    both = vocabulary.problem("dvt", days_without_status=90, days_of_visit=30)
    assert active(patient(found), both) == ()
    assert active(patient(found), vocabulary.problem("dvt", days_without_status=30, days_of_visit=90)) == ()


def test_a_partial_date_is_as_late_as_it_can_be() -> None:
    this_year = recorded("dvt", onset=part_of(TODAY.year))
    last_year = recorded("dvt", onset=part_of(TODAY.year - 1))  # at the latest 61 days ago
    before = recorded("dvt", onset=part_of(TODAY.year - 2))
    assert active(patient(this_year, last_year, before), WITHOUT_STATUS) == (this_year, last_year)


def test_one_concept_out_of_time_does_not_end_another() -> None:
    found = recorded("dvt", "limb_swelling", onset=days_ago(91))
    assert active(patient(found), WITHOUT_STATUS) == ()
    assert active(patient(found), WITHOUT_STATUS, vocabulary.problem("limb_swelling")) == (found,)
    assert active(patient(found), WITHOUT_STATUS, vocabulary.problem("cirrhosis")) == ()


def test_on_record_are_concepts_of_any_status_in_the_order_they_are_asked_for() -> None:
    facts = patient(recorded("cirrhosis", clinical="resolved"), recorded("dvt", "limb_swelling"))
    asked = [vocabulary.problem(one) for one in ("limb_swelling", "babesiosis", "dvt", "cirrhosis")]
    assert on_record(facts, asked) == ("limb_swelling", "dvt", "cirrhosis")
    assert on_record(facts, asked[1:2]) == ()


@pytest.mark.parametrize(
    ("clinical", "verification", "counts"),
    [
        ("resolved", "confirmed", True),
        ("inactive", None, True),
        ("remission", "unconfirmed", True),
        (None, None, True),
        ("active", "refuted", False),
        ("resolved", "entered-in-error", False),
    ],
)
def test_lasting_hazards(clinical: str | None, verification: str | None, counts: bool) -> None:
    found = recorded(
        "immune_thrombocytopenia", clinical=clinical, verification=verification, abated=days_ago(3000), ended=True
    )
    assert lasting(patient(found), vocabulary.problem("immune_thrombocytopenia"), vocabulary.problem("hus")) == (
        (found,) if counts else ()
    )


@pytest.mark.parametrize(
    ("verification", "unsure"),
    [("unconfirmed", True), ("provisional", True), ("differential", True), ("confirmed", False), (None, False)],
)
def test_suspected(verification: str | None, unsure: bool) -> None:
    assert suspected(recorded("als", verification=verification)) is unsure


def test_status_recorded() -> None:
    assert status_recorded(recorded("als", clinical="active"))
    assert not status_recorded(recorded("als"))


def test_a_date_to_come_does_not_hide_a_problem() -> None:
    found = recorded("dvt", onset=on(TODAY + timedelta(days=2)))
    assert active(patient(found), WITHOUT_STATUS) == (found,)
