"""Observation to LabResult: select by code, project, validate; what the words mean is for ``patient.labs``."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cds_service.chart.model import Gathered, Resource
from cds_service.chart.r4.elements import CANNOT_READ, NOT_READABLE, Element, Json, concept, listed
from cds_service.chart.r4.essentials import settled
from cds_service.chart.r4.reports import words_around
from cds_service.chart.r4.results import component, dated
from cds_service.chart.read.plain_results import plain_result
from cds_service.chart.read.raw_results import raw_result
from cds_service.chart.read.scan import may_matter
from cds_service.chart.read.sources import Entry, codings_of, displays_of, source_of, words_of
from cds_service.patient.facts import LabResult
from cds_service.patient.labs.analytes import ANALYTES
from cds_service.patient.labs.by_name import Named, analyte_in, is_not_blood, judged
from cds_service.patient.labs.raw import RawResult
from cds_service.patient.labs.results import read_result
from cds_service.patient.person import Person
from cds_service.patient.terminology.concepts import Measured, analyte_of, might_be_result
from cds_service.patient.terminology.names import remembered
from cds_service.patient.terminology.systems import LOINC, normalise_system
from cds_service.protocol.spans import Span, each_once, in_full, members, parsed

REACH_DAYS = 400
"""No rule looks further back than 12 months."""

_MARGIN = timedelta(days=2)  # two instants within 24 hours lie on days no further apart, in whatever zone
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DAY_LENGTH = 10
_KNOWN_SYSTEMS = frozenset((LOINC,))
_NOT_RESULTS = frozenset(("entered-in-error", "cancelled"))


@dataclass(frozen=True, slots=True)
class _Part:
    """An Observation, or a component of one, or a member contained in its panel.

    ``whole``: the Observation it is part of; its resource is empty for one that stands alone.
    """

    whole: Entry
    resource: Element


class _Meant(NamedTuple):
    """What a ``code`` tells: the analyte with what else its code says; ``named``: by its name, where it has no such code."""

    found: Measured
    named: Named | None = None


class _Candidate(NamedTuple):
    """What may be a result, not yet read.

    ``day``: the plain day it begins with, or empty; ``found``, ``named``: as in ``_Meant``; ``part``: None for an
    Observation by itself, which is at its place.
    """

    day: str
    place: int
    found: Measured
    named: Named | None = None
    part: _Part | None = None


@dataclass(frozen=True, slots=True)
class _Call:
    """What interpreting a result needs beside the result."""

    person: Person
    today: date
    zone: ZoneInfo


class Results:
    """The results, of which an analyte's are read when it is asked for.

    Without ``history`` from the newest back to two days before the newest that can be used, and an analyte
    that is looked for beside another only of its draws (albumin beside calcium): no rule looks further that
    does not ask for history.
    """

    def __init__(self, answer: Gathered, person: Person, today: date, zone: ZoneInfo, *, history: bool = True) -> None:
        self._key, self._resources = answer.query.key, answer.resources
        self._call = _Call(person, today, zone)
        self._earliest = (today - timedelta(days=REACH_DAYS)).isoformat()
        self._history = history
        self._read: dict[str, tuple[LabResult, ...]] = {}
        self._days: dict[str, set[str]] = {}

    def of(self, analytes: Iterable[str]) -> list[LabResult]:
        """What is or may be a result of any of the analytes, also what can't be used."""
        recorded = self._sorted
        return [result for analyte in dict.fromkeys(analytes) if analyte in recorded for result in self._of(analyte)]

    def all(self) -> list[LabResult]:
        """Every analyte's."""
        return self.of(self._sorted)

    def _of(self, analyte: str) -> tuple[LabResult, ...]:
        if analyte not in self._read:
            self._read[analyte] = tuple(self._as_far_as_it_matters(analyte))
        return self._read[analyte]

    def _as_far_as_it_matters(self, analyte: str) -> Iterator[LabResult]:
        found = self._sorted[analyte]
        dated = [one for one in found if one.day]
        yield from chain.from_iterable(self._read_one(one) for one in found if not one.day)
        beside = ANALYTES[analyte].beside
        if beside is None:
            yield from self._newest_first(dated)
        else:
            yield from chain.from_iterable(self._read_one(one) for one in dated if self._is_needed(one, beside))

    def _newest_first(self, dated: Iterable[_Candidate]) -> Iterator[LabResult]:
        """One analyte's results, the newest first, as far back as they can matter.

        With ``history`` back to its earliest day at least; then, as without it, on to the newest that can be used.
        """
        floor: str | None = None
        for one in sorted(dated, key=attrgetter("day", "place"), reverse=True):
            if floor is not None and one.day < floor:
                return
            for read in self._read_one(one):
                if floor is None and read.unusable is None:
                    margin = (max(date.fromisoformat(one.day), date.min + _MARGIN) - _MARGIN).isoformat()
                    floor = min(margin, self._earliest) if self._history else margin
                self._days.setdefault(one.found.analyte, set()).add(one.day)
                yield read

    def _is_needed(self, one: _Candidate, beside: str) -> bool:
        if self._history:
            return True
        self.of((beside,))  # whose days are then known
        around = _days_around(one.day)
        return around is None or not around.isdisjoint(self._days.get(beside, ()))

    def _read_one(self, one: _Candidate) -> Iterator[LabResult]:
        plain = self._plain(one)
        if plain is not None:
            yield read_result(plain, self._call.person, self._call.today)
        else:
            yield from self._read_at_length(one)

    def _plain(self, one: _Candidate) -> RawResult | None:
        """The result where it stands alone, is known by its code, and is written plainly."""
        resource = self._resources[one.place] if one.part is None and one.named is None else None
        if not isinstance(resource, Span):
            return None
        source = source_of(resource, f"{self._key}[{one.place}]")
        return plain_result(resource.in_entry, source, one.found, self._call.zone)

    def _read_at_length(self, one: _Candidate) -> Iterator[LabResult]:
        part = self._part(one)
        if one.named is None:
            return _read(part, one.found, self._call)
        return _read_by_name(part, one.named, self._call)

    def _part(self, one: _Candidate) -> _Part:
        if one.part is not None:
            return one.part
        resource = self._resources[one.place]
        return _Part(Entry(self._key, source_of(resource, f"{self._key}[{one.place}]"), {}), in_full(resource))

    @cached_property
    def _sorted(self) -> dict[str, list[_Candidate]]:
        """By analyte: what may be a result, by code or, without a LOINC code, by name; not yet read."""
        found: dict[str, list[_Candidate]] = {}
        meanings = each_once(self._resources, "code", _meant)
        times = members(self._resources, "effectiveDateTime")
        for place, (meant, time) in enumerate(zip(meanings, times, strict=True)):
            if meant is not None:
                found.setdefault(meant.found.analyte, []).append(_Candidate(_day(time), place, *meant))
        parts = list(_parts(self._key, self._resources))
        told = each_once([part.resource for part in parts], "code", _meant)
        for place, (part, meant) in enumerate(zip(parts, told, strict=True)):
            if meant is not None:
                own = part.resource.get("effectiveDateTime")
                day = _day(part.whole.resource.get("effectiveDateTime") if own is None else own)
                found.setdefault(meant.found.analyte, []).append(_Candidate(day, place, *meant, part))
        return found


def _days_around(day: str) -> frozenset[str] | None:
    """The day and those near it; None for what is no day of the calendar, or the first of all."""
    try:
        middle = date.fromisoformat(day)
        days = range(-_MARGIN.days, _MARGIN.days + 1)
        return frozenset((middle + timedelta(days=offset)).isoformat() for offset in days)
    except (ValueError, OverflowError):
        return None


def _might_name(text: str) -> bool:
    return analyte_in(text) is not None


def _meant(written: str | None) -> _Meant | None:
    """What an Observation's ``code``, as JSON text, tells of it; None where that is nothing we know."""
    return None if written is None else _meant_by_code(written)


@remembered
def _meant_by_code(written: str) -> _Meant | None:
    code = parsed(written.encode())
    if not may_matter(code, might_be_result, _might_name, _KNOWN_SYSTEMS):
        return None
    coded = _coded(code)
    found = analyte_of(codings_of(coded))
    if found is not None:
        return _Meant(found)
    named = _name_of(coded)
    return None if named is None else _Meant(Measured(named.analyte), named)


def _day(written: Any) -> str:
    """The plain day a time begins with; empty where it has none."""
    return written[:_DAY_LENGTH] if isinstance(written, str) and _DAY.match(written) else ""


def _name_of(coded: Element | None) -> Named | None:
    """The analyte that its words name, when it has no LOINC code; of several texts one that is a whole name."""
    if any(normalise_system(system) == LOINC for system, _ in codings_of(coded)):
        return None
    texts = displays_of(coded)
    found = [named for text in texts if (named := analyte_in(text)) is not None]
    if any(map(is_not_blood, texts)):
        return None
    return max(found, key=attrgetter("whole"), default=None)


def _coded(code: Json) -> Element | None:
    try:
        return concept(code)
    except CANNOT_READ:
        return None


def _parts(key: str, resources: Sequence[Resource]) -> Iterator[_Part]:
    """Components, and members contained in their panel."""
    held = zip(members(resources, "component"), members(resources, "contained"), strict=True)
    for place in [place for place, (parts, inside) in enumerate(held) if parts or inside]:
        resource = resources[place]
        whole = Entry(key, source_of(resource, f"{key}[{place}]"), in_full(resource))
        for part in listed(resource.get("component")):
            if isinstance(part, dict):
                yield _Part(whole, part)
        for member in listed(resource.get("contained")):
            if isinstance(member, dict) and member.get("resourceType") == "Observation":
                own = Entry(key, f"{whole.source}#{member.get('id', '')}", whole.resource)
                yield _Part(own, member)
                yield from (_Part(own, part) for part in listed(member.get("component")) if isinstance(part, dict))


def _read(part: _Part, found: Measured, call: _Call) -> Iterator[LabResult]:
    """One Observation, or a part of one, as a result; nothing when it was cancelled or an error.

    Whatever can't be read of it, it is there: it is not used then, and says why.
    """
    raw, whole = part.resource, part.whole.resource
    try:
        projected = component(raw, whole, call.zone)
        if projected.get("status") in _NOT_RESULTS or _only_a_panel(raw, projected):
            return
        made, unreadable = settled("Observation", projected)
        time = (dated(raw) or dated(whole)) if "effectiveDateTime" in unreadable else None
        stated = raw_result(part.whole.source, made, found, call.zone, unreadable=unreadable, dated=time)
        yield read_result(stated, call.person, call.today)
    except CANNOT_READ:
        yield LabResult(
            part.whole.source,
            found.analyte,
            found.loinc,
            None,
            "",
            words_of(_coded(raw.get("code"))) or "",
            unusable=NOT_READABLE,
        )


def _only_a_panel(raw: Element, made: Element) -> bool:
    """It has its values in its components or members, and none of its own."""
    holds_others = any(raw.get(name) for name in ("component", "hasMember", "related"))
    return holds_others and not any(name in made for name in ("valueQuantity", "valueString", "dataAbsentReason"))


def _read_by_name(part: _Part, named: Named, call: _Call) -> Iterator[LabResult]:
    """A result that only its name tells, unless its specimen, its panel or its report says that it is not of blood."""
    whole = part.whole.resource
    around = (*words_around(part.resource), *words_around(whole), *displays_of(_coded(whole.get("code"))))
    if any(map(is_not_blood, around)):
        return
    texts = displays_of(_coded(part.resource.get("code")))
    for one in _read(part, Measured(named.analyte), call):
        made = judged(one, named, texts)
        if made is not None:
            yield made
