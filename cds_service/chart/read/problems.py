"""Condition to Problem."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from zoneinfo import ZoneInfo

import orjson

from cds_service.chart.model import Gathered, Resource
from cds_service.chart.r4 import dates
from cds_service.chart.r4.elements import CANNOT_READ, NOT_READABLE, Element, concept
from cds_service.chart.r4.essentials import settled
from cds_service.chart.r4.problems import code_of, condition, of_a_visit
from cds_service.chart.read.on_demand import ANY, OnDemand
from cds_service.chart.read.scan import may_matter
from cds_service.chart.read.sources import Entry, codings_of, displays_of, entries, words_of
from cds_service.patient.facts import BodySite, Match, Problem, Reason
from cds_service.patient.problems import NOT_TRUE
from cds_service.patient.received import Unread
from cds_service.patient.terminology.concepts import might_be_problem, might_be_problem_name, problem_concepts
from cds_service.patient.terminology.expressions import expression
from cds_service.patient.terminology.names import remembered
from cds_service.patient.terminology.problem_names import suspected
from cds_service.patient.terminology.systems import ICD_10, ICD_10_CM, ICD_10_NATIONAL, SNOMED_CT, normalise_system
from cds_service.protocol.spans import each_once, parsed

_KNOWN_SYSTEMS = frozenset((SNOMED_CT, ICD_10, ICD_10_CM, ICD_10_NATIONAL))
_SUSPECTED = "unconfirmed"  # what a question mark in its words says
_DISCHARGE_STATE = "http://terminology.kemkes.go.id/CodeSystem/clinical-term"  # SATUSEHAT: not a diagnosis


class Problems(OnDemand[Problem]):
    """The problem list."""

    def __init__(self, answer: Gathered, zone: ZoneInfo) -> None:
        super().__init__()
        self._answer, self._zone = answer, zone

    def _one(self, place: int) -> Problem | Unread | None:
        (entry,) = entries(self._answer.query.key, self._answer.resources, (place,))
        try:
            return _problem(entry, self._zone)
        except CANNOT_READ:
            return _unreadable(entry)

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """As in ``OnDemand``; of those Conditions whose code does not tell, as reading them does."""
        found: dict[str, list[int]] = {}
        for place, concepts in enumerate(each_once(self._answer.resources, "code", _told)):
            for one in self._told_by_reading(place) if ANY in concepts else concepts:
                found.setdefault(one, []).append(place)
        return found

    def _told_by_reading(self, place: int) -> Collection[str]:
        for made in self._at((place,)):
            return (ANY,) if isinstance(made, Unread) else made.concepts
        return ()


def _told(written: str | None) -> Collection[str]:
    """The concepts that a Condition's ``code``, as JSON text, tells of it."""
    return (ANY,) if written is None else _told_by_code(written)


@remembered
def _told_by_code(written: str) -> Collection[str]:
    coded = parsed(written.encode())
    if not may_matter(coded, might_be_problem, might_be_problem_name, _KNOWN_SYSTEMS):
        return ()
    try:
        return tuple(matched(concept(coded))) or (ANY,)
    except CANNOT_READ:
        return (ANY,)


def reason_told(raw: Resource, zone: ZoneInfo, source: str) -> Reason:
    """What a Condition that is some order's reason is about; one of nothing when it is refuted or an error."""
    try:
        made, _ = settled("Condition", condition(dict(raw), zone))
    except CANNOT_READ:
        return Reason({}, source)
    if code_of(made.get("verificationStatus")) in NOT_TRUE:
        return Reason({}, source)
    return reason_stated(made.get("code"), source, made.get("bodySite", ()))


def reason_stated(coded: Element | None, source: str, sites: Iterable[Element] = ()) -> Reason:
    """What a CodeableConcept says as some order's reason. ``sites``: the body sites recorded with it."""
    return Reason(matched(coded), source, displays_of(coded), _body_sites(coded, sites))


def matched(coded: Element | None) -> Mapping[str, Match]:
    """The concepts of a problem's or reason's CodeableConcept: by code, by its text or a display, whole."""
    return _matched(str(orjson.dumps(coded), "utf-8")) if coded else {}


@remembered
def _matched(written: str) -> Mapping[str, Match]:
    coded = orjson.loads(written)
    displays = (coding["display"] for coding in coded.get("coding", ()) if "display" in coding)
    return problem_concepts(codings_of(coded), coded.get("text"), displays)


def _problem(entry: Entry, zone: ZoneInfo) -> Problem | Unread | None:
    raw = entry.resource
    coded = concept(raw.get("code"))
    if any(system == _DISCHARGE_STATE for system, _ in codings_of(coded)):
        return None
    concepts = matched(coded)
    if not concepts and _says_something(coded):
        return None
    made, unreadable = settled("Condition", condition(raw, zone, coded))
    verification = code_of(made.get("verificationStatus"))
    if verification in NOT_TRUE:
        return None
    if not concepts:
        return entry.unread("no-code")
    texts = displays_of(coded)
    if verification is None and suspected(texts):
        verification = _SUSPECTED
    abated = made.get("abatementPeriod", {})
    return Problem(
        source=entry.source,
        concepts=concepts,
        text=words_of(coded),
        clinical=code_of(made.get("clinicalStatus")),
        verification=verification,
        onset=dates.moment(made.get("onsetDateTime") or made.get("onsetPeriod", {}).get("start"), zone),
        recorded=dates.moment(made.get("recordedDate"), zone),
        abated=dates.moment(made.get("abatementDateTime") or abated.get("end") or abated.get("start"), zone),
        ended="abatementString" in made,
        texts=texts,
        body_sites=_body_sites(coded, made.get("bodySite", ())),
        visit=of_a_visit(made.get("category", ())),
        unreadable=unreadable,
    )


def _body_sites(coded: Element | None, sites: Iterable[Element]) -> tuple[BodySite, ...]:
    """The sites recorded with a code, and those it names itself."""
    return (*map(_body_site, sites), *_refined(codings_of(coded)))


def _body_site(made: Element) -> BodySite:
    codes = (code for _, code in codings_of(made))
    return BodySite(tuple(part for code in codes for part in _parts(code)), displays_of(made))


def _parts(code: str) -> tuple[str, ...]:
    """The code, or the codes an expression is made of: a place and its side."""
    written = expression(code)
    return (code,) if written is None else (written.focus, *written.places)


def _refined(codings: Iterable[tuple[str | None, str]]) -> Iterator[BodySite]:
    """The place and side that an expression refines the problem by."""
    for system, code in codings:
        written = expression(code) if normalise_system(system) == SNOMED_CT else None
        if written is not None and written.places:
            yield BodySite(written.places)


def _says_something(coded: Element | None) -> bool:
    """True when its words, or a code of a system we know, tell that it is no problem of ours."""
    if coded is None:
        return False
    known = any(normalise_system(system) in _KNOWN_SYSTEMS for system, _ in codings_of(coded))
    return known or words_of(coded) is not None


def _unreadable(entry: Entry) -> Unread:
    try:
        coded = concept(entry.resource.get("code"))
        concepts, words = matched(coded), words_of(coded)
    except CANNOT_READ:
        concepts, words = {}, None
    return entry.unread(NOT_READABLE, concepts, words)
