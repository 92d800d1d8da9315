"""Patients for the tests of the rules, built from facts: each test adds only what it is about."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cds_service.decision.phrases import Joined, Phrase, Text, Value
from cds_service.decision.recommendation import Advise, Because, Decision
from cds_service.patient.facts import (
    BodySite,
    Facts,
    Ingredient,
    LabResult,
    Match,
    Medication,
    Order,
    Person,
    Problem,
    Receipt,
    Unread,
)
from cds_service.patient.moments import Moment, Precision
from tests.strategies.sayable import unsayable

TODAY = date(2026, 3, 2)
QUERIES = ("patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies")


def days_ago(days: int) -> Moment:
    return on(TODAY - timedelta(days=days))


def on(day: date) -> Moment:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Moment(start, start.replace(hour=23), Precision.DAY)


def problem(
    *concepts: str,
    clinical: str | None = "active",
    verification: str | None = "confirmed",
    match: Match = Match.CODE,
    body_site: str | None = None,
    text: str | None = None,
    recorded: Moment | None = None,
    onset: Moment | None = None,
    codes: frozenset[tuple[str, str]] = frozenset(),
) -> Problem:
    return Problem(
        source=f"Condition/{concepts[0]}",
        concepts=dict.fromkeys(concepts, match),
        codes=codes,
        text=text,
        clinical=clinical,
        verification=verification,
        onset=onset,
        recorded=recorded,
        body_sites=() if body_site is None else (BodySite((), (body_site,)),),
    )


def medicine(
    name: str,
    *concepts: str,
    status: str | None = "active",
    match: Match = Match.CODE,
    authored: Moment | None = None,
    kind: str = "MedicationRequest",
) -> Medication:
    return Medication(
        source=f"{kind}/{name}",
        kind=kind,
        ingredients=tuple(Ingredient(concept, name, match) for concept in concepts),
        status=status,
        intent="order",
        authored=authored,
    )


def egfr(value: str, *, days: int = 10, comparator: str | None = None) -> LabResult:
    return LabResult(
        source="Observation/egfr",
        analyte="egfr",
        loinc="98979-8",
        value=Decimal(value),
        unit="mL/min/1.73m2",
        received=f"{comparator or ''}{value} mL/min/1.73m2",
        stated=Decimal(value),
        stated_unit="mL/min/{1.73_m2}",
        comparator=comparator,
        moment=days_ago(days),
        status="final",
    )


def born(year: int, month: int = 1, day: int = 1) -> Person:
    return Person(birth=on(date(year, month, day)), source="Patient/1")


ADULT = born(1976)


def patient(
    *problems: Problem,
    medications: tuple[Medication, ...] = (),
    results: tuple[LabResult, ...] = (),
    orders: tuple[str, ...] = (),
    person: Person = ADULT,
    unread: tuple[Unread, ...] = (),
    **receipts: Receipt,
) -> Facts:
    """Everything received and complete, but for the receipts named."""
    return Facts(
        today=TODAY,
        person=person,
        problems=problems,
        medications=medications,
        results=results,
        orders=tuple(Order(f"ServiceRequest/{concept}", frozenset({concept})) for concept in orders),
        receipts={**dict.fromkeys(QUERIES, Receipt.RECEIVED), **receipts},
        unread=unread,
    )


def advised(decision: Decision) -> Advise:
    """The advice, all of which has words."""
    assert isinstance(decision, Advise), decision
    assert unsayable(decision) == set()
    return decision


def keys(value: object) -> set[str]:
    """Every text key used by a decision, or any part of one, headings included."""
    found: set[str] = set()
    _collect(value, found)
    return found


def _collect(value: object, found: set[str]) -> None:
    if isinstance(value, Phrase):
        found.add(value.key)
        for one in value.values.values():
            _collect(one, found)
    elif isinstance(value, Joined):
        for part in value.parts:
            _collect(part, found)
    elif isinstance(value, (tuple, list)):
        for one in value:
            _collect(one, found)
    elif isinstance(value, Text):
        found.add(value.key)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            _collect(getattr(value, name), found)


def shown(advise: Advise) -> set[str]:
    """The text keys of a card's sections, without headings."""
    return keys(tuple(line for section in advise.sections for line in section.lines))


def phrase_of(line: Phrase | Because) -> Phrase:
    return line if isinstance(line, Phrase) else line.phrase


def values_of(advise: Advise, key: str) -> dict[str, Value]:
    """The placeholder values of the first line with this key."""
    lines = (phrase_of(line) for section in advise.sections for line in section.lines)
    return dict(next(line for line in lines if line.key == key).values)
