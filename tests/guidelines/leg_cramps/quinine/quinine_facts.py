"""Short ways to make the facts these tests are about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cds_service.patient.facts import (
    Allergy,
    Facts,
    Ingredient,
    LabResult,
    Match,
    Medication,
    Person,
    Problem,
    Reason,
    Receipt,
    Sex,
)
from cds_service.patient.labs.units import canonical
from cds_service.patient.moments import Moment, Precision

TODAY = date(2026, 3, 2)
UNITS = {"platelets": "10*9/L", "qtc": "ms", "egfr": "mL/min/1.73m2", "albumin": "g/L"}
QUERIES = ("patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies")


def days_ago(days: int) -> Moment:
    instant = datetime(2026, 3, 2, 8, tzinfo=UTC) - timedelta(days=days)
    return Moment(instant, instant, Precision.INSTANT)


def problem(concept: str, *, ago: int | None = 10, clinical: str | None = "active", **more: object) -> Problem:
    onset = None if ago is None else days_ago(ago)
    made = Problem(source=f"Condition/{concept}", concepts={concept: Match.CODE}, clinical=clinical, onset=onset)
    return replace(made, **more)  # type: ignore[arg-type]


def drug(name: str, *concepts: str, ago: int | None = 20, **more: object) -> Medication:
    made = Medication(
        source=f"MedicationRequest/{name}",
        kind="MedicationRequest",
        ingredients=tuple(Ingredient(concept, name, Match.CODE) for concept in concepts or (name,)),
        text=name,
        status="active",
        intent="order",
        authored=None if ago is None else days_ago(ago),
        reference=f"MedicationRequest/{name}",
        may_be_stopped=True,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def draft(name: str = "quinine", *concepts: str, **more: object) -> Medication:
    return drug(name, *concepts, **{"draft": True, "selected": True, "status": "draft", **more})  # type: ignore[arg-type]


def lab(analyte: str, value: str, *, ago: int = 3, **more: object) -> LabResult:
    unit = UNITS.get(analyte, "mmol/L")
    made = LabResult(
        source=f"Observation/{analyte}-{value}-{ago}",
        analyte=analyte,
        loinc=None,
        value=Decimal(value),
        unit=unit,
        received=f"{value} {unit}",
        stated=Decimal(value),
        stated_unit=canonical(unit),
        moment=days_ago(ago),
        status="final",
    )
    return replace(made, **more)  # type: ignore[arg-type]


def allergy(concept: str, **more: object) -> Allergy:
    return replace(Allergy(source=f"AllergyIntolerance/{concept}", concepts={concept: Match.CODE}), **more)  # type: ignore[arg-type]


def reason(concept: str) -> Reason:
    return Reason({concept: Match.CODE}, "the order itself")


def facts(*items: object, sex: Sex = Sex.FEMALE, born: int | None = 1970, **more: object) -> Facts:
    """Facts of the items given, everything else known empty."""
    birth = None
    if born is not None:
        start = datetime(born, 1, 1, tzinfo=UTC)
        birth = Moment(start, start, Precision.DAY)
    drafts = tuple(i for i in items if isinstance(i, Medication) and i.draft)
    made = Facts(
        today=TODAY,
        person=Person(birth, sex, "Patient/1"),
        problems=tuple(i for i in items if isinstance(i, Problem)),
        medications=tuple(i for i in items if isinstance(i, Medication) and not i.draft),
        drafts=drafts,
        allergies=tuple(i for i in items if isinstance(i, Allergy)),
        results=tuple(i for i in items if isinstance(i, LabResult)),
        receipts=dict.fromkeys(QUERIES, Receipt.RECEIVED),
    )
    return replace(made, **more)  # type: ignore[arg-type]
