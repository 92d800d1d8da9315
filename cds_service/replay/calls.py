"""The calls a patient's chart would have met: the moments, and for each the request an EHR would have sent."""

import re
from bisect import bisect
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
import orjson
from msgspec import Raw

from cds_service.catalogue import CATALOGUE, Service, find
from cds_service.chart import queries
from cds_service.chart.gather.gather import DRAFTS
from cds_service.chart.model import Resource
from cds_service.patient.ids import is_id
from cds_service.protocol.prefetch import Bundle, Member, Prefetch
from cds_service.protocol.request import TODAY_EXTENSION, HookContext, HookRequest
from cds_service.protocol.schemas import load_request
from cds_service.replay.keyed import ENCOUNTER, READ, BrokenLineError, kind_of, patient_of
from cds_service.replay.recorded import as_recorded, last_instant
from cds_service.replay.references import MEDICATION, PATIENT, medications_of
from cds_service.settings import Settings
from cds_service.site.site import NO_SITE, Site

_TYPE_FIRST = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"')
_AFTER_ALL = b"\xff"  # no UTF-8 has it
_ORDER_KINDS = ("MedicationRequest", "MedicationOrder")
_NEVER_WAS = frozenset(("entered-in-error", "cancelled", "planned", "proposed", "draft", "in-error"))
_PLANS = frozenset(("proposal", "plan", "option"))
_NONE = Raw(b'{"resourceType":"Bundle","type":"searchset","total":0,"entry":[]}')
_OTHERS = "others"  # the prefetch key of what no query of ours asks for
_LAST = time(23, 59, 59, 999999)


class At(StrEnum):
    """When the service is called for a patient."""

    DAY = "day"  # once, on the day of the replay
    ENCOUNTERS = "encounters"  # when each encounter began
    ORDERS = "orders"  # when each medicine was ordered


@dataclass(frozen=True, slots=True)
class Options:
    """What is replayed. ``service``: its id; ``as_of``: the day of the replay.

    ``since``, ``until``: the days within which encounters and orders count. ``types``: the types the export holds;
    a query of one of them without a line for the patient is known empty, any other was not received. ``recorded``:
    leave out what came after ``as_of``. ``key``: for the keyed hashes. ``site``: put in force wherever a patient is replayed.
    """

    as_of: date
    service: str = ""
    at: At = At.DAY
    since: date | None = None
    until: date | None = None
    language: str = "en"
    types: frozenset[str] = READ
    recorded: bool = False
    key: bytes = field(default=b"", repr=False)
    settings: Settings = Settings()  # noqa: RUF009 - frozen
    site: Site = NO_SITE

    @property
    def judged(self) -> Service:
        """The service that is called; the first for patient-view where none is named."""
        return find(self.service) if self.service else next(one for one in CATALOGUE if one.hook == "patient-view")

    @property
    def moments(self) -> At:
        """A service that judges drafts is called when an order was written, whatever else is asked for."""
        return At.ORDERS if self.judged.judges else self.at

    def within(self, day: date) -> bool:
        """Whether encounters and orders of the day count."""
        return (self.since or date.min) <= day <= (self.until or self.as_of)


@dataclass(frozen=True)
class MadeCall:
    """One call. ``context``: the request's; ``prefetch``: its members, by their keys.

    ``doubts``: what the record does not tell of that moment.
    """

    service: Service
    hook_instance: str
    context: Mapping[str, Any]
    prefetch: Mapping[str, Member]
    day: date
    doubts: tuple[str, ...] = ()

    @property
    def body(self) -> bytes:
        """The request's JSON, as an EHR sends it."""
        members = {key: Bundle.of(held) if isinstance(held, list) else held for key, held in self.prefetch.items()}
        return b'%b,"prefetch":%b}' % (self._head[:-1], msgspec.json.encode(members))

    @property
    def _head(self) -> bytes:
        """The request's JSON but for its prefetch."""
        return orjson.dumps(
            {
                "hook": self.service.hook,
                "hookInstance": self.hook_instance,
                "context": self.context,
                "extension": self._extension,
            }
        )

    @property
    def _extension(self) -> Mapping[str, Any]:
        return {TODAY_EXTENSION: self.day.isoformat()}

    @cached_property
    def request(self) -> HookRequest:
        """The same as the service reads it, without a copy of the chart. Raises InvalidRequestError."""
        prefetch, patient_id = Prefetch(self.prefetch), self.context["patientId"]
        if DRAFTS in self.context or not is_id(patient_id):
            return replace(load_request(self._head), prefetch=prefetch)
        context = HookContext(patient_id)
        return HookRequest(self.service.hook, self.hook_instance, context, prefetch, extension=self._extension)


@dataclass(slots=True)
class Chart:
    """One patient's lines, by type. ``broken``: how many lines were no resource."""

    patient_id: str
    lines: dict[str, list[bytes]]
    broken: int = 0
    _resources: dict[str, list[Resource]] | None = None

    @property
    def resources(self) -> Mapping[str, Sequence[Resource]]:
        """The lines, read, beside each other in the same order."""
        if self._resources is None:
            self._resources = {kind: [orjson.loads(line) for line in lines] for kind, lines in self.lines.items()}
        return self._resources

    @property
    def patient(self) -> Resource:
        """The Patient; an empty one where the export has none."""
        lines = self.lines.get(PATIENT)
        return orjson.loads(lines[0]) if lines else {}


def chart_of(lines: Collection[bytes], *, checked: bool = False) -> Chart | None:
    """The chart the lines are of, in an order of its own; None where none names a patient.

    ``checked``: leave out what is no JSON for orjson; without, that is found only when the request is read.
    """
    sound = sorted(filter(_is_json, lines) if checked else lines)
    by_kind: dict[str, list[bytes]] = {}
    broken = len(lines) - len(sound)
    place = 0
    while place < len(sound):
        found = _TYPE_FIRST.match(sound[place])
        end = bisect(sound, found[0] + _AFTER_ALL, place) if found else place + 1  # of one type, most begin alike
        try:
            kind = found[1].decode() if found else kind_of(sound[place])
            by_kind.setdefault(kind, []).extend(sound[place:end])
        except ValueError:
            broken += 1
        place = end
    patient_id = _patient_id(by_kind)
    return None if patient_id is None else Chart(patient_id, by_kind, broken)


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _patient_id(by_kind: Mapping[str, Sequence[bytes]]) -> str | None:
    for kind in (PATIENT, *(kind for kind in by_kind if kind not in (PATIENT, MEDICATION))):
        for line in by_kind.get(kind, ()):
            try:
                told = patient_of(line)
            except BrokenLineError:
                continue
            if told:
                return told
    return None


def made_calls(chart: Chart, options: Options) -> Iterator[MadeCall]:
    """The calls of this patient, the earliest first."""
    service = options.judged
    zone = options.settings.timezone
    if options.moments is At.DAY:
        moment = datetime.combine(options.as_of, _LAST, zone) if options.recorded else None
        yield _call(chart, service, options, options.as_of, moment, None)
        return
    dated = ((moment, one) for moment, one in _moments(chart, options) if moment is not None)
    found = sorted(dated, key=lambda one: (one[0], str(one[1].get("id"))))
    for moment, resource in {(moment, str(one.get("id"))): (moment, one) for moment, one in found}.values():
        if options.within(moment.astimezone(zone).date()):
            order = resource if service.judges else None
            yield _call(chart, service, options, moment.astimezone(zone).date(), moment, order)


def undated_moments(chart: Chart, options: Options) -> list[str]:
    """The types of the encounters or orders that no call could be made for, since no date of theirs can be read."""
    if options.moments is At.DAY:
        return []
    return [str(one["resourceType"]) for moment, one in _moments(chart, options) if moment is None]


def _moments(chart: Chart, options: Options) -> Iterator[tuple[datetime | None, Resource]]:
    """What the service is called for and when, but for what never was."""
    kinds = (ENCOUNTER,) if options.moments is At.ENCOUNTERS else _ORDER_KINDS
    for resource in (one for kind in kinds for one in chart.resources.get(kind, ())):
        period = resource.get("period")
        began = period.get("start") if isinstance(period, dict) else None
        dated = resource.get("authoredOn") or resource.get("dateWritten") or began
        if str(resource.get("status")).lower() not in _NEVER_WAS and resource.get("intent") not in _PLANS:
            yield last_instant(dated, options.settings.timezone), resource


def _call(
    chart: Chart, service: Service, options: Options, day: date, moment: datetime | None, order: Resource | None
) -> MadeCall:
    members, doubts = _as_of(chart, moment, order, options) if moment else (chart.lines, set())
    identity = f"{chart.patient_id}/{service.id}/{moment or day}/{order.get('id') if order else ''}"
    context: dict[str, Any] = {"userId": "Practitioner/replay", "patientId": chart.patient_id}
    if order is not None:
        draft = {name: value for name, value in order.items() if name != "statusReason"} | {"status": "draft"}
        drafts = [{"resource": one} for one in (draft, *_drug_of(order, chart))]
        context[DRAFTS] = {"resourceType": "Bundle", "type": "collection", "entry": drafts}
        if service.hook == "order-select":
            context["selections"] = [f"{order['resourceType']}/{order.get('id')}"]
    instance = str(uuid5(NAMESPACE_URL, identity))
    return MadeCall(service, instance, context, dict(_prefetch(members, options.types)), day, tuple(sorted(doubts)))


def _drug_of(order: Resource, chart: Chart) -> Iterator[Resource]:
    """The Medication the order refers to, which an EHR sends along."""
    meant = medications_of(order)
    return (one for one in chart.resources.get(MEDICATION, ()) if f"{MEDICATION}/{one.get('id')}" in meant)


def _prefetch(lines: Mapping[str, Sequence[bytes]], types: frozenset[str]) -> Iterator[tuple[str, Member]]:
    """Each prefetch member: what a query asks for; under a key of its own what nothing of ours asks for."""
    left = dict(lines)
    for query in queries.ALL:
        kinds = query.resource_types
        held = [line for kind in kinds for line in left.pop(kind, ())]
        if query is queries.MEDICATION_REQUESTS and held:  # alone they would be no answer to what was ordered
            held += left.pop(MEDICATION, ())
        if query is queries.PATIENT and len(held) == 1:
            yield query.key, Raw(held[0])
        elif held or not types.isdisjoint(kinds):
            yield query.key, held or _NONE
    left.pop(ENCOUNTER, None)
    others = [line for held in left.values() for line in held]
    if others:
        yield _OTHERS, others


def _as_of(
    chart: Chart, moment: datetime, order: Resource | None, options: Options
) -> tuple[dict[str, list[bytes]], set[str]]:
    """The lines as they were at the moment, without the order that is being written."""
    zone = options.settings.timezone
    kept: dict[str, list[bytes]] = {}
    doubts = set()
    for kind, resources in chart.resources.items():
        for line, resource in zip(chart.lines[kind], resources, strict=True):
            if order is not None and kind == order["resourceType"] and resource.get("id") == order.get("id"):
                continue
            then, doubt = as_recorded(resource, moment, zone)
            if doubt is not None:
                doubts.add(f"{kind}: {doubt}")
            if then is not None:
                kept.setdefault(kind, []).append(line if then is resource else orjson.dumps(then))
    return kept, doubts
