"""A chart for the tests of this folder: a patient with nocturnal cramps, and results as texts."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from cds_service.decision.recommendation import Advise, Decision
from cds_service.guidelines.leg_cramps.electrolytes.rule import RULE
from cds_service.patient.facts import (
    Facts,
    Ingredient,
    LabResult,
    Match,
    Medication,
    Person,
    Problem,
    Reason,
    Receipt,
    Route,
    Sex,
)
from cds_service.patient.labs.raw import RawRange, RawResult
from cds_service.patient.labs.results import read_result
from cds_service.patient.labs.written import quantity
from cds_service.patient.moments import Moment, Precision
from tests.strategies.sayable import unsayable

TODAY = date(2026, 3, 10)
_KEYS = ("patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies")
RECEIVED: Mapping[str, Receipt] = dict.fromkeys(_KEYS, Receipt.RECEIVED)
_numbers = count(1)


def instant(days_ago: float = 1) -> Moment:
    when = datetime(2026, 3, 10, 8, tzinfo=UTC) - timedelta(days=days_ago)
    return Moment(when, when, Precision.INSTANT)


def born(year: int, sex: Sex = Sex.FEMALE) -> Person:
    start = datetime(year, 1, 1, tzinfo=UTC)
    return Person(Moment(start, start, Precision.DAY), sex)


def lab(
    analyte: str, text: str, days_ago: float = 1, flags: Iterable[str] = (), own: str | None = None, **more: Any
) -> LabResult:
    """``own``: a range as "3.6-5.1 mmol/L"."""
    values: dict[str, Any] = {
        "source": f"Observation/{next(_numbers)}",
        "loinc": None,
        "status": "final",
        "moment": instant(days_ago),
    }
    values["ranges"] = () if own is None else (_range(own),)
    raw = RawResult(analyte=analyte, text_value=text, flags=frozenset(flags), **(values | more))
    return read_result(raw, Person(), TODAY)


def _range(own: str) -> RawRange:
    limits, unit = own.split(" ")
    low, high = limits.split("-")
    return RawRange(quantity(f"{low} {unit}") if low else None, quantity(f"{high} {unit}") if high else None)


def problem(concept: str, **more: Any) -> Problem:
    values: dict[str, Any] = {"source": f"Condition/{concept}", "clinical": "active", "verification": "confirmed"}
    return Problem(concepts={concept: Match.CODE}, **(values | more))


CRAMPS = problem("cramp_leg_nocturnal")
ALS = problem("als")


def medicine(concept: str, name: str, *reasons: str, **more: Any) -> Medication:
    values: dict[str, Any] = {
        "source": f"MedicationRequest/{name.replace(' ', '-')}",
        "kind": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "route": Route.ORAL,
        "reasons": tuple(Reason({reason: Match.CODE}, f"Condition/{reason}") for reason in reasons),
    }
    return Medication(ingredients=(Ingredient(concept, name, Match.CODE),), **(values | more))


MAGNESIUM_OXIDE = medicine("magnesium_supplement", "magnesium oxide")
FUROSEMIDE = medicine("cramp_causing_diuretic", "furosemide")


def chart(*results: LabResult, problems: Iterable[Problem] = (CRAMPS,), **more: Any) -> Facts:
    values: dict[str, Any] = {"today": TODAY, "person": born(1950), "receipts": RECEIVED}
    return Facts(results=results, problems=tuple(problems), **(values | more))


def decide(*results: LabResult, **more: Any) -> Decision:
    """The decision, all of which has words."""
    decision = RULE.decide(chart(*results, **more))
    assert unsayable(decision) == set()
    return decision


def advise(*results: LabResult, **more: Any) -> Advise:
    decision = decide(*results, **more)
    assert isinstance(decision, Advise)
    return decision


def without(*queries: str, receipt: Receipt = Receipt.ABSENT) -> Mapping[str, Receipt]:
    return {**RECEIVED, **dict.fromkeys(queries, receipt)}
