"""Which problems count, and until when."""

from datetime import timedelta

import pytest

from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_problems, pregnant
from cds_service.patient.facts import Problem, Site
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


@pytest.mark.parametrize(
    ("concept", "days", "counts"),
    [
        ("cramp_leg", 179, True),
        ("cramp_leg", 180, True),
        ("cramp_leg", 181, False),
        ("cramp_any", 180, True),
        ("cramp_any", 181, False),
        ("dvt", 89, True),
        ("dvt", 90, True),
        ("dvt", 91, False),
        ("cirrhosis", 4000, True),
    ],
)
def test_without_a_status_time_runs_out(concept: str, days: int, counts: bool) -> None:
    for field in ("onset", "recorded"):
        found = problem(concept, **{field: days_ago(days)})
        assert active(chart([found]), vocabulary.problem(concept)) == ((found,) if counts else ())
    with_status = problem(concept, clinical="active", onset=days_ago(days))
    assert active(chart([with_status]), vocabulary.problem(concept)) == (with_status,)


def test_onset_goes_before_the_recorded_date() -> None:
    old = problem("cramp_leg", onset=days_ago(181), recorded=days_ago(1))
    recent = problem("cramp_leg", onset=days_ago(1), recorded=days_ago(181))
    assert cramp_problems(chart([old, recent])) == (recent,)
    assert dated(old) == old.onset
    assert dated(problem("cramp_leg", recorded=days_ago(3))) == days_ago(3)


def test_undated_and_statusless_counts() -> None:
    cramps, dvt = problem("cramp_any"), problem("dvt")
    facts = chart([cramps, dvt])
    assert cramp_problems(facts) == (cramps,)
    assert active(facts, vocabulary.problem("dvt")) == (dvt,)


def test_a_partial_date_is_as_late_as_it_can_be() -> None:
    this_year = problem("cramp_leg", onset=year(TODAY.year))
    last_year = problem("cramp_leg", onset=year(TODAY.year - 1))  # at the latest 61 days ago
    before = problem("cramp_leg", onset=year(TODAY.year - 2))
    assert cramp_problems(chart([this_year, last_year, before])) == (this_year, last_year)


def test_one_concept_out_of_time_does_not_end_another() -> None:
    found = problem("dvt", "limb_swelling", onset=days_ago(91))
    assert active(chart([found]), vocabulary.problem("dvt")) == ()
    assert active(chart([found]), vocabulary.problem("dvt"), vocabulary.problem("limb_swelling")) == (found,)
    assert active(chart([found]), vocabulary.problem("dvt"), vocabulary.problem("cirrhosis")) == ()


@pytest.mark.parametrize(
    ("concepts", "site", "counts"),
    [
        (("cramp_any",), Site.LEG, True),
        (("cramp_any",), Site.NOT_RECORDED, True),
        (("cramp_any",), Site.ELSEWHERE, False),
        (("cramp_leg",), Site.ELSEWHERE, True),  # the code itself says leg
        (("cramp_any", "cramp_leg"), Site.ELSEWHERE, True),
        (("cramp_exercise_heat",), Site.ELSEWHERE, True),
        (("cramp_leg_nocturnal",), Site.NOT_RECORDED, True),
        (("restless_legs",), Site.LEG, False),
    ],
)
def test_where_the_cramp_is(concepts: tuple[str, ...], site: Site, counts: bool) -> None:
    found = problem(*concepts, clinical="active", site=site)
    assert cramp_problems(chart([found])) == ((found,) if counts else ())


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"clinical": "active", "onset": days_ago(299)}, True),
        ({"clinical": "active", "onset": days_ago(300)}, True),
        ({"clinical": "active", "onset": days_ago(301)}, False),
        ({"clinical": "resolved", "recorded": days_ago(300)}, True),
        ({"clinical": "inactive", "onset": days_ago(10)}, True),
        ({"onset": days_ago(300)}, True),
        ({"onset": days_ago(301)}, False),
        ({"clinical": "active"}, True),
        ({}, True),
        ({"clinical": "resolved"}, False),
        ({"clinical": "resolved", "onset": days_ago(200), "abated": days_ago(1)}, False),
        ({"clinical": "active", "onset": days_ago(10), "verification": "refuted"}, False),
        ({"clinical": "active", "onset": days_ago(10), "verification": "entered-in-error"}, False),
    ],
)
def test_pregnancy(fields: dict[str, object], counts: bool) -> None:
    found = problem("pregnancy", **fields)
    assert pregnant(chart([found])) == ((found,) if counts else ())


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


def test_als_is_the_family_of_motor_neuron_disease() -> None:
    als, mnd = problem("als"), problem("motor_neuron_disease", clinical="active")
    over = problem("als", clinical="inactive")
    assert als_problems(chart([als, mnd, over, problem("muscle_wasting")])) == (als, mnd)


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
    found: Problem = problem("cramp_leg", onset=on(TODAY + timedelta(days=2)))
    assert cramp_problems(chart([found])) == (found,)
