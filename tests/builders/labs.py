"""Raw results as they are read from a chart, and read."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from cds_service.patient.facts import LabResult
from cds_service.patient.labs import written
from cds_service.patient.labs.analytes import ANALYTES
from cds_service.patient.labs.raw import RawQuantity, RawRange, RawResult
from cds_service.patient.labs.results import read_result
from cds_service.patient.person import Person
from tests.builders.facts import TODAY, instant

UCUM = "http://unitsofmeasure.org"


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


def in_unit(low: str | None, high: str | None, unit: str | None = "mmol/L", **more: Any) -> RawRange:
    return RawRange(
        low=None if low is None else quantity(low, unit), high=None if high is None else quantity(high, unit), **more
    )
