"""Raw results for the tests of this folder."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cds_service.patient.facts import Facts, LabResult, Person
from cds_service.patient.labs import written
from cds_service.patient.labs.analytes import ANALYTES
from cds_service.patient.labs.raw import RawQuantity, RawRange, RawResult
from cds_service.patient.labs.results import read_result
from cds_service.patient.moments import Moment, Precision

TODAY = date(2026, 3, 10)
UCUM = "http://unitsofmeasure.org"


def instant(days_ago: float = 1, hours: int = 0) -> Moment:
    when = datetime(2026, 3, 10, 8, tzinfo=UTC) - timedelta(days=days_ago, hours=hours)
    return Moment(when, when, Precision.INSTANT)


def whole_day(days_ago: int) -> Moment:
    start = datetime(2026, 3, 10, tzinfo=UTC) - timedelta(days=days_ago)
    return Moment(start, start + timedelta(days=1, microseconds=-1), Precision.DAY)


def part_of(year: int, month: int | None = None) -> Moment:
    start = datetime(year, month or 1, 1, tzinfo=UTC)
    end = datetime(year, month or 12, 28 if month else 31, 23, 59, tzinfo=UTC)
    return Moment(start, end, Precision.MONTH if month else Precision.YEAR)


def quantity(
    value: str, unit: str | None = None, code: str | None = None, system: str | None = None, **more: Any
) -> RawQuantity:
    return RawQuantity(Decimal(value), unit, code, system, **more)


def as_received(result: LabResult, received: str) -> LabResult:
    """The result as if the client had written its value so."""
    made = written.quantity(received)
    unit = None if made is None else ANALYTES[result.analyte].canonical_unit(made.unit)
    return replace(result, received=received, stated=None if made is None else made.value, stated_unit=unit)


def raw(analyte: str, stated: RawQuantity | str | None = None, **more: Any) -> RawResult:
    values: dict[str, Any] = {
        "source": "Observation/1",
        "analyte": analyte,
        "loinc": None,
        "status": "final",
        "moment": instant(),
        "quantity": stated if isinstance(stated, RawQuantity) else None,
        "text_value": stated if isinstance(stated, str) else None,
    }
    return RawResult(**(values | more))


def read(
    analyte: str, stated: RawQuantity | str | None = None, *, person: Person | None = None, **more: Any
) -> LabResult:
    return read_result(raw(analyte, stated, **more), person or Person(), TODAY)


def chart(*results: LabResult) -> Facts:
    return Facts(today=TODAY, results=results)


def in_unit(low: str | None, high: str | None, unit: str | None = "mmol/L", **more: Any) -> RawRange:
    return RawRange(
        low=None if low is None else quantity(low, unit), high=None if high is None else quantity(high, unit), **more
    )
