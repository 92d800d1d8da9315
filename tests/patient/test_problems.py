"""Which problems count, and until when."""

from datetime import timedelta

import pytest

from cds_service.patient.problems import (
    active,
    dated,
    is_active,
    lasting,
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


def test_onset_goes_before_the_recorded_date() -> None:
    old = recorded("dvt", onset=days_ago(91), recorded=days_ago(1))
    recent = recorded("dvt", onset=days_ago(1), recorded=days_ago(91))
    assert active(patient(old, recent), WITHOUT_STATUS) == (recent,)
    assert dated(old) == old.onset
    assert dated(recorded("dvt", recorded=days_ago(3))) == days_ago(3)


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
