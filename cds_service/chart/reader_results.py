"""Observation to LabResult: select by code, project, validate; what the words mean is for ``patient.labs``."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from cds_service.chart import dates
from cds_service.chart.analyte_names import analyte_named
from cds_service.chart.model import Answer, Resource
from cds_service.chart.reader_sources import Entry, codings_of, displays_of, source_of, words_of
from cds_service.chart.reader_validation import validate
from cds_service.chart.scan import candidates
from cds_service.chart.shapes import CANNOT_READ, NOT_READABLE, Element, UnreadableError, concept, listed, statuses
from cds_service.chart.shapes_results import component, observation
from cds_service.patient.facts import LabResult, Person, Unread
from cds_service.patient.labs import RawQuantity, RawRange, RawResult, read_result
from cds_service.patient.moments import Moment
from cds_service.patient.terminology import analyte_of, might_be_result
from cds_service.patient.terminology_systems import LOINC

REACH_DAYS = 400
"""No rule looks further back than 12 months."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DAY_LENGTH = 10
_KNOWN_SYSTEMS = frozenset((LOINC,))
_NOT_RESULTS = frozenset(("entered-in-error", "cancelled"))
_FLAGS_BY_WORD = {
    "normal": "N",
    "low": "L",
    "high": "H",
    "critical low": "LL",
    "critically low": "LL",
    "critical high": "HH",
    "critically high": "HH",
    "abnormal": "A",
    "critically abnormal": "AA",
    "rendah": "L",
    "tinggi": "H",
}
_DAYS_A_YEAR = Decimal("365.25")
_YEARS = {"a": Decimal(1), "mo": 1 / Decimal(12), "wk": 7 / _DAYS_A_YEAR, "d": 1 / _DAYS_A_YEAR}


@dataclass(frozen=True, slots=True)
class _Part:
    """An Observation, or a component of one, or a member contained in its panel.

    ``whole``: the Observation it is part of; its resource is empty for one that stands alone.
    """

    whole: Entry
    resource: Element


@dataclass(frozen=True, slots=True)
class _Call:
    """What interpreting a result needs beside the result."""

    person: Person
    today: date
    zone: ZoneInfo


def results(answer: Answer, person: Person, today: date, zone: ZoneInfo) -> Iterator[LabResult | Unread]:
    """The results of the analytes the rules know, and those that may be one but could not be read.

    Of the results out of every rule's reach only the newest of each analyte is read.
    """
    key, resources = answer.query.key, answer.resources
    call = _Call(person, today, zone)
    wholes = (
        _Part(Entry(key, source_of(resources[place], f"{key}[{place}]"), {}), dict(resources[place]))
        for place in candidates(resources, might_be_result, _KNOWN_SYSTEMS)
    )
    parts = list(_parts(key, resources))
    inner = (parts[place] for place in candidates([p.resource for p in parts], might_be_result, _KNOWN_SYSTEMS))
    earliest = (today - timedelta(days=REACH_DAYS)).isoformat()
    beyond: dict[str, tuple[str, str, _Part]] = {}
    for part in chain(wholes, inner):
        coded = _coded(part.resource)
        found = analyte_of(codings_of(coded))
        if found is None:
            yield from _named(part, coded)
            continue
        day = _plain_day(part)
        if day is None or day >= earliest:
            yield from _read(part, found, call)
        elif (day, part.whole.source) > beyond.get(found[0], ("", ""))[:2]:
            beyond[found[0]] = (day, part.whole.source, part)
    for _, _, part in beyond.values():
        yield from _read(part, analyte_of(codings_of(_coded(part.resource))) or ("", ""), call)


def _coded(raw: Element) -> Element | None:
    try:
        return concept(raw.get("code"))
    except CANNOT_READ:
        return None


def _plain_day(part: _Part) -> str | None:
    """The day an ``effectiveDateTime`` begins with, to look at a result without reading it."""
    written = part.resource.get("effectiveDateTime") or part.whole.resource.get("effectiveDateTime")
    return written[:_DAY_LENGTH] if isinstance(written, str) and _DAY.match(written) else None


def _parts(key: str, resources: Sequence[Resource]) -> Iterator[_Part]:
    for place, resource in enumerate(resources):
        if "component" not in resource and "contained" not in resource:
            continue
        whole = Entry(key, source_of(resource, f"{key}[{place}]"), dict(resource))
        for part in listed(resource.get("component")):
            if isinstance(part, dict):
                yield _Part(whole, part)
        for member in listed(resource.get("contained")):
            if isinstance(member, dict) and member.get("resourceType") == "Observation":
                own = Entry(key, f"{whole.source}#{member.get('id', '')}", whole.resource)
                yield _Part(own, member)
                yield from (_Part(own, part) for part in listed(member.get("component")) if isinstance(part, dict))


def _read(part: _Part, found: tuple[str, str], call: _Call) -> Iterator[LabResult | Unread]:
    """One Observation, or a part of one, as a result; nothing when it was cancelled or an error."""
    raw, whole = part.resource, part.whole.resource
    try:
        made = component(raw, whole, call.zone) if whole else observation(raw, call.zone)
        if made.get("status") in _NOT_RESULTS:
            return
        validate("Observation", made)
        yield read_result(_raw(part.whole, made, found, call.zone), call.person, call.today)
    except CANNOT_READ as error:
        why = error.why if isinstance(error, UnreadableError) else NOT_READABLE
        yield part.whole.unread(why, (found[0],), words_of(_coded(raw)))


def _named(part: _Part, coded: Element | None) -> Iterator[Unread]:
    """A result without a code we know, whose words name an analyte: unread, because a name leaves the specimen open."""
    if any(system == LOINC for system, _ in codings_of(coded)):
        return
    analyte = next(filter(None, map(analyte_named, displays_of(coded))), None)
    if analyte is None:
        return
    words = [word for raw in (part.resource, part.whole.resource) for word in statuses(raw.get("status"))]
    if _NOT_RESULTS.isdisjoint(words):
        yield part.whole.unread("no-code", (analyte,), words_of(coded))


def _raw(entry: Entry, made: Element, found: tuple[str, str], zone: ZoneInfo) -> RawResult:
    analyte, loinc = found
    return RawResult(
        source=entry.source,
        analyte=analyte,
        loinc=loinc,
        status=made.get("status"),
        moment=_moment(made, zone),
        quantity=_quantity(made.get("valueQuantity")),
        text_value=made.get("valueString"),
        absent_reason="dataAbsentReason" in made,
        flags=_flags(made.get("interpretation", ())),
        ranges=tuple(_range(one) for one in made.get("referenceRange", ())),
        code_text=words_of(made.get("code")),
    )


def _moment(made: Element, zone: ZoneInfo) -> Moment | None:
    if "effectiveDateTime" in made:
        return dates.moment(made["effectiveDateTime"], zone)
    during = made.get("effectivePeriod", {})
    return dates.span(dates.moment(during.get("start"), zone), dates.moment(during.get("end"), zone))


def _quantity(made: Any) -> RawQuantity | None:
    if made is None or "value" not in made:
        return None
    return RawQuantity(made["value"], made.get("unit"), made.get("code"), made.get("system"), made.get("comparator"))


def _range(made: Element) -> RawRange:
    kind = made.get("type", {})
    codes = [coding["code"] for coding in kind.get("coding", ()) if "code" in coding]
    applies = [
        word
        for one in made.get("appliesTo", ())
        for word in (*(code for _, code in codings_of(one)), *displays_of(one))
    ]
    age = made.get("age", {})
    return RawRange(
        low=_quantity(made.get("low")),
        high=_quantity(made.get("high")),
        kind=next(iter(codes), kind.get("text")),
        applies=tuple(dict.fromkeys(applies)),
        age_low_years=_years(age.get("low")),
        age_high_years=_years(age.get("high")),
    )


def _years(made: Element | None) -> Decimal | None:
    """An age in years; a bare number is years. Raises UnreadableError for a unit of time we don't know."""
    quantity = _quantity(made)
    if quantity is None:
        return None
    unit = (quantity.code or quantity.unit or "a").lower().removesuffix("s")
    years = _YEARS.get({"year": "a", "yr": "a", "y": "a", "month": "mo", "week": "wk", "day": "d"}.get(unit, unit))
    if years is None:
        raise UnreadableError(NOT_READABLE)
    return quantity.value * years


def _flags(interpretations: Iterable[Element]) -> frozenset[str]:
    """Interpretation codes in capitals; a word counts where there is no code."""
    flags: set[str] = set()
    for one in interpretations:
        codes = [code.upper() for _, code in codings_of(one)]
        words = (_FLAGS_BY_WORD.get(words.lower()) for words in displays_of(one))
        flags.update(codes or [word for word in words if word])
        text = one.get("text", "")
        if not codes and text.upper() in {"H", "HH", "L", "LL", "N", "A", "AA"}:
            flags.add(text.upper())
    return frozenset(flags)
