"""Facts of one patient at one day, for the tests of rules and terminology: each test adds only what it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from cds_service.chart import queries
from cds_service.patient.facts import (
    Allergy,
    BodySite,
    Facts,
    Ingredient,
    LabResult,
    Match,
    Medication,
    Order,
    Problem,
    Reason,
    Route,
)
from cds_service.patient.labs.raw import RawRange, RawResult
from cds_service.patient.labs.results import read_result
from cds_service.patient.labs.units import canonical
from cds_service.patient.labs.written import quantity
from cds_service.patient.moments import Moment, Precision
from cds_service.patient.person import Person, Sex
from cds_service.patient.received import Receipt

TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
QUERIES = tuple(query.key for query in queries.ALL)
RECEIVED: Mapping[str, Receipt] = dict.fromkeys(QUERIES, Receipt.RECEIVED)
UNITS = {"platelets": "10*9/L", "qtc": "ms", "egfr": "mL/min/1.73m2", "albumin": "g/L"}
"""Of ``result``: what is not named here is in mmol/L."""

_numbers = count(1)
_Fact = TypeVar("_Fact")


def on(day: date) -> Moment:
    """A whole day."""
    return _between(day, day, Precision.DAY)


def days_ago(days: int) -> Moment:
    """A whole day before TODAY."""
    return on(TODAY - timedelta(days=days))


def instant(days_ago: float = 1, hours: int = 0) -> Moment:
    """A moment before eight in the morning of TODAY."""
    when = NOW - timedelta(days=days_ago, hours=hours)
    return Moment(when, when, Precision.INSTANT)


def part_of(year: int, month: int | None = None) -> Moment:
    """A year or a month."""
    if month is None:
        return _between(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)
    return _between(date(year, month, 1), date(year, month, 28), Precision.MONTH)


def _between(first: date, last: date, precision: Precision) -> Moment:
    start, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, last))
    return Moment(start, end + timedelta(days=1, microseconds=-1), precision)


def born(year: int, month: int = 1, day: int = 1, sex: Sex = Sex.UNKNOWN) -> Person:
    """Somebody of whom nothing else is known."""
    return Person(on(date(year, month, day)), sex, "Patient/1")


ADULT = born(1976)


def problem(
    *concepts: str, match: Match = Match.CODE, ago: float | None = None, body_site: str | None = None, **more: Any
) -> Problem:
    """Active and confirmed, without dates. ``ago``: days since its onset; ``body_site``: in words."""
    made = Problem(
        source=f"Condition/{concepts[0]}",
        concepts=dict.fromkeys(concepts, match),
        clinical="active",
        verification="confirmed",
        onset=None if ago is None else instant(ago),
        body_sites=() if body_site is None else (BodySite((), (body_site,)),),
    )
    return replace(made, **more)


def recorded(*concepts: str, **fields: Any) -> Problem:
    """A problem with no status unless it is named."""
    return problem(*concepts, **{"clinical": None, "verification": None} | fields)


def medicine(
    name: str,
    *concepts: str,
    match: Match = Match.CODE,
    kind: str = "MedicationRequest",
    ago: float | None = 20,
    reasons: Iterable[str | Reason] = (),
    **more: Any,
) -> Medication:
    """An active oral order of ``ago`` days. Without concepts the drug's name is the concept."""
    own = f"{kind}/{name.replace(' ', '-')}"
    made = Medication(
        source=own,
        kind=kind,
        ingredients=tuple(Ingredient(concept, name, match) for concept in concepts or (name,)),
        text=name,
        status="active",
        intent="order",
        route=Route.ORAL,
        authored=None if ago is None else instant(ago),
        reasons=tuple(_reason(one) for one in reasons),
        reference=own,
        may_be_stopped=True,
    )
    return replace(made, **more)


def _reason(given: str | Reason) -> Reason:
    return given if isinstance(given, Reason) else Reason({given: Match.CODE}, f"Condition/{given}")


def draft(name: str = "quinine", *concepts: str, **more: Any) -> Medication:
    """An order being written, and selected."""
    return medicine(name, *concepts, **{"draft": True, "selected": True, "status": "draft", **more})


def lab(
    analyte: str, text: str, days_ago: float = 1, flags: Iterable[str] = (), own: str | None = None, **more: Any
) -> LabResult:
    """A result read from a text such as "3.4 mmol/L". ``own``: the laboratory's range, as "3.6-5.1 mmol/L"."""
    values: dict[str, Any] = {
        "source": f"Observation/{next(_numbers)}",
        "loinc": None,
        "status": "final",
        "moment": instant(days_ago),
        "ranges": () if own is None else (_range(own),),
    }
    raw = RawResult(analyte=analyte, text_value=text, flags=frozenset(flags), **(values | more))
    return read_result(raw, Person(), TODAY)


def _range(own: str) -> RawRange:
    limits, unit = own.split(" ")
    low, high = limits.split("-")
    return RawRange(quantity(f"{low} {unit}") if low else None, quantity(f"{high} {unit}") if high else None)


def result(analyte: str, value: str, *, ago: float = 3, comparator: str | None = None, **more: Any) -> LabResult:
    """A result as it is after reading, in its own unit (``UNITS``)."""
    unit = UNITS.get(analyte, "mmol/L")
    made = LabResult(
        source=f"Observation/{analyte}-{value}-{ago}",
        analyte=analyte,
        loinc=None,
        value=Decimal(value),
        unit=unit,
        received=f"{comparator or ''}{value} {unit}",
        stated=Decimal(value),
        stated_unit=canonical(unit),
        comparator=comparator,
        moment=instant(ago),
        status="final",
    )
    return replace(made, **more)


def allergy(concept: str, **more: Any) -> Allergy:
    """A recorded allergy."""
    return replace(Allergy(source=f"AllergyIntolerance/{concept}", concepts={concept: Match.CODE}), **more)


def reason(concept: str) -> Reason:
    """A reason that stands on the order itself."""
    return Reason({concept: Match.CODE}, "the order itself")


def order(concept: str) -> Order:
    """A service that is ordered already."""
    return Order(f"ServiceRequest/{concept}", frozenset({concept}))


def without(*missing: str, receipt: Receipt = Receipt.ABSENT) -> Mapping[str, Receipt]:
    """Everything received but these queries."""
    return {**RECEIVED, **dict.fromkeys(missing, receipt)}


def patient(*items: object, person: Person = ADULT, **more: Any) -> Facts:
    """Facts of the items given, each where its kind belongs; everything else received and empty.

    ``more``: fields of the facts, or queries with what came of them.
    """
    medicines = _of(items, Medication)
    receipts = {name: value for name, value in more.items() if isinstance(value, Receipt)}
    made = Facts(
        today=TODAY,
        person=person,
        problems=_of(items, Problem),
        medications=tuple(one for one in medicines if not one.draft),
        drafts=tuple(one for one in medicines if one.draft),
        allergies=_of(items, Allergy),
        results=_of(items, LabResult),
        orders=_of(items, Order),
        receipts={**RECEIVED, **receipts},
    )
    return replace(made, **{name: value for name, value in more.items() if name not in receipts})


def _of(items: Iterable[object], kind: type[_Fact]) -> tuple[_Fact, ...]:
    return tuple(item for item in items if isinstance(item, kind))
