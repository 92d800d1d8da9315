"""Short ways to write down problems, medicines and moments for the tables of these tests."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from cds_service.patient.facts import Facts, Ingredient, Match, Medication, Problem
from cds_service.patient.moments import Moment, Precision

TODAY = date(2026, 3, 2)


def on(day: date) -> Moment:
    return _between(day, day, Precision.DAY)


def days_ago(days: int) -> Moment:
    return on(TODAY - timedelta(days=days))


def year(number: int) -> Moment:
    return _between(date(number, 1, 1), date(number, 12, 31), Precision.YEAR)


def problem(*concepts: str, **fields: Any) -> Problem:
    return Problem("Condition/1", dict.fromkeys(concepts, Match.CODE), **fields)


def medication(*names: str, concept: str = "quinine", **fields: Any) -> Medication:
    ingredients = tuple(Ingredient(concept, name, Match.CODE) for name in names or ("quinine",))
    return Medication("MedicationRequest/1", "MedicationRequest", ingredients, **{"status": "active"} | fields)


def chart(problems: Iterable[Problem] = (), medications: Iterable[Medication] = (), today: date = TODAY) -> Facts:
    return Facts(today, problems=tuple(problems), medications=tuple(medications))


def _between(first: date, last: date, precision: Precision) -> Moment:
    return Moment(
        datetime.combine(first, time.min, tzinfo=UTC), datetime.combine(last, time.max, tzinfo=UTC), precision
    )
