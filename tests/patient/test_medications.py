"""Which medicines are being taken, and which entries are old."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cds_service.patient.facts import Ingredient, Match, Medication, Route
from cds_service.patient.medications import active_medications, is_active, may_be_outdated, may_be_placed
from cds_service.patient.terminology.vocabulary import drug
from tests.builders.facts import TODAY, days_ago, medicine, on, part_of, patient


def medication(*names: str, concept: str = "quinine", **fields: Any) -> Medication:
    made = medicine("quinine", concept, **{"ago": None, "text": None, "route": Route.UNKNOWN} | fields)
    return replace(made, ingredients=tuple(Ingredient(concept, name, Match.CODE) for name in names or ("quinine",)))


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"status": "active"}, True),
        ({"status": "on-hold"}, True),
        ({"status": "unknown"}, True),
        ({"status": None}, True),
        *(({"status": status}, False) for status in ("stopped", "completed", "cancelled", "entered-in-error", "draft")),
        *(({"status": status}, False) for status in ("intended", "not-taken", "nonsense")),
        *(({"intent": intent}, True) for intent in ("order", "plan", "proposal", "filler-order", None)),
        ({"intent": "option"}, False),
        ({"do_not_perform": True}, False),
        ({"draft": True}, False),
        ({"ended": days_ago(1)}, False),
        ({"ended": days_ago(0)}, True),
        ({"ended": days_ago(-30)}, True),
        ({"ended": part_of(TODAY.year)}, True),
        ({"ended": part_of(TODAY.year - 1)}, False),
    ],
)
def test_taken_today(fields: dict[str, object], counts: bool) -> None:
    found = medication(**fields)
    assert is_active(found, TODAY) is counts
    assert active_medications(patient(found), drug("quinine")) == ((found,) if counts else ())


@pytest.mark.parametrize("status", ["draft", "active", "on-hold", "unknown", None])
def test_a_draft_order_may_be_placed(status: str | None) -> None:
    assert may_be_placed(medication(draft=True, status=status))
    assert not may_be_placed(medication(draft=True, status=status, do_not_perform=True))


@pytest.mark.parametrize("status", ["stopped", "cancelled", "completed", "entered-in-error"])
def test_a_draft_order_that_has_ended_may_not(status: str) -> None:
    assert not may_be_placed(medication(draft=True, status=status))


def test_only_the_concepts_asked_for() -> None:
    quinine, statin = medication(), medication("simvastatin", concept="cramp_causing_statin")
    facts = patient(quinine, statin)
    assert active_medications(facts, drug("cramp_causing_statin"), drug("digoxin")) == (statin,)
    assert active_medications(facts, drug("digoxin")) == ()
    assert active_medications(facts) == (quinine, statin)


@pytest.mark.parametrize(
    ("authored", "today", "outdated"),
    [
        (date(2025, 3, 11), TODAY, False),
        (date(2025, 3, 10), TODAY, False),
        (date(2025, 3, 9), TODAY, True),
        (date(2023, 2, 28), date(2024, 2, 29), False),
        (date(2023, 2, 27), date(2024, 2, 29), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
        (date(2027, 1, 1), TODAY, False),
    ],
)
def test_older_than_twelve_months(authored: date, today: date, outdated: bool) -> None:
    assert may_be_outdated(medication(authored=on(authored)), today) is outdated


@pytest.mark.parametrize(
    ("names", "days", "outdated"),
    [
        (("azithromycin",), 29, False),
        (("azithromycin",), 30, False),
        (("azithromycin",), 31, True),
        (("azithromycin", "quinine"), 31, False),  # not only an anti-infective
        (("quinine",), 31, False),
        (("rifampicin",), 31, False),  # taken for months
        (("hydroxychloroquine",), 31, False),
    ],
)
def test_an_anti_infective_is_outdated_sooner(names: tuple[str, ...], days: int, outdated: bool) -> None:
    assert may_be_outdated(medication(*names, authored=days_ago(days)), TODAY) is outdated


def test_a_medicine_of_no_known_drug_is_no_anti_infective() -> None:
    assert not may_be_outdated(replace(medication(authored=days_ago(31)), ingredients=()), TODAY)


def test_a_year_alone_is_as_late_as_it_can_be() -> None:
    assert not may_be_outdated(medication(authored=part_of(2025)), TODAY)
    assert may_be_outdated(medication(authored=part_of(2024)), TODAY)


def test_undated_is_not_called_outdated() -> None:
    assert not may_be_outdated(medication(), TODAY)
