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
from tests.patient.terminology.records import TODAY, chart, days_ago, on, problem, year

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
    found = problem("myasthenia_gravis", clinical=clinical, verification=verification)
    assert is_active(found, TODAY) is counts
    assert active(chart([found]), vocabulary.problem("myasthenia_gravis")) == ((found,) if counts else ())


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"abated": days_ago(1)}, False),
        ({"abated": days_ago(0)}, True),
        ({"abated": days_ago(-1)}, True),
        ({"abated": year(2025)}, False),
        ({"abated": year(2026)}, True),  # it may yet go on
        ({"ended": True}, False),
        ({}, True),
    ],
)
def test_an_abatement_in_the_past_ends_it(fields: dict[str, object], counts: bool) -> None:
    found = problem("cirrhosis", clinical="active", **fields)
    assert is_active(found, TODAY) is counts


@pytest.mark.parametrize(("days", "clinical", "counts"), [(90, None, True), (91, None, False), (91, "active", True)])
def test_without_a_status_a_concepts_time_runs_out(days: int, clinical: str | None, counts: bool) -> None:
    found = problem("dvt", clinical=clinical, onset=days_ago(days))
    assert active(chart([found]), WITHOUT_STATUS) == ((found,) if counts else ())
    assert active(chart([found]), vocabulary.problem("dvt")) == (found,)  # another constant, without a limit


@pytest.mark.parametrize(("days", "clinical", "counts"), [(300, "resolved", True), (301, "active", False)])
def test_in_any_status_a_concepts_time_runs_out(days: int, clinical: str, counts: bool) -> None:
    found = problem("pregnancy", clinical=clinical, onset=days_ago(days))
    assert active(chart([found]), IN_ANY_STATUS) == ((found,) if counts else ())
    assert active(chart([found]), vocabulary.problem("pregnancy")) == (() if clinical == "resolved" else (found,))


def test_onset_goes_before_the_recorded_date() -> None:
    old = problem("dvt", onset=days_ago(91), recorded=days_ago(1))
    recent = problem("dvt", onset=days_ago(1), recorded=days_ago(91))
    assert active(chart([old, recent]), WITHOUT_STATUS) == (recent,)
    assert dated(old) == old.onset
    assert dated(problem("dvt", recorded=days_ago(3))) == days_ago(3)


def test_a_partial_date_is_as_late_as_it_can_be() -> None:
    this_year = problem("dvt", onset=year(TODAY.year))
    last_year = problem("dvt", onset=year(TODAY.year - 1))  # at the latest 61 days ago
    before = problem("dvt", onset=year(TODAY.year - 2))
    assert active(chart([this_year, last_year, before]), WITHOUT_STATUS) == (this_year, last_year)


def test_one_concept_out_of_time_does_not_end_another() -> None:
    found = problem("dvt", "limb_swelling", onset=days_ago(91))
    assert active(chart([found]), WITHOUT_STATUS) == ()
    assert active(chart([found]), WITHOUT_STATUS, vocabulary.problem("limb_swelling")) == (found,)
    assert active(chart([found]), WITHOUT_STATUS, vocabulary.problem("cirrhosis")) == ()


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
    found = problem(
        "immune_thrombocytopenia", clinical=clinical, verification=verification, abated=days_ago(3000), ended=True
    )
    assert lasting(chart([found]), vocabulary.problem("immune_thrombocytopenia"), vocabulary.problem("hus")) == (
        (found,) if counts else ()
    )


@pytest.mark.parametrize(
    ("verification", "unsure"),
    [("unconfirmed", True), ("provisional", True), ("differential", True), ("confirmed", False), (None, False)],
)
def test_suspected(verification: str | None, unsure: bool) -> None:
    assert suspected(problem("als", verification=verification)) is unsure


def test_status_recorded() -> None:
    assert status_recorded(problem("als", clinical="active"))
    assert not status_recorded(problem("als"))


def test_a_date_to_come_does_not_hide_a_problem() -> None:
    found = problem("dvt", onset=on(TODAY + timedelta(days=2)))
    assert active(chart([found]), WITHOUT_STATUS) == (found,)
