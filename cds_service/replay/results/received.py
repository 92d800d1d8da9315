"""What a patient's record holds, as it was received: what a reviewer needs to judge a silence. Nothing is understood here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import inf
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from cds_service.cards.escaping import one_line
from cds_service.chart.model import Resource
from cds_service.protocol.prefetch import Member
from cds_service.replay.keyed import MEDICINES
from cds_service.replay.recorded import last_instant
from cds_service.replay.references import MEDICATION, medications_of

DAYS = 400
MOST = 40
_LONGEST = 160
_KINDS = {
    "Conditions": ("Condition",),
    "Medicines": MEDICINES,
    "Allergies": ("AllergyIntolerance",),
    f"Observations of the last {DAYS} days, and undated ones": ("Observation",),
}
_CODED = ("code", "medicationCodeableConcept", "medication", "medicationReference", "substance")
_STATUSES = ("clinicalStatus", "verificationStatus", "status", "intent")
_DATES = (
    *("effectiveDateTime", "effectiveInstant", "effectivePeriod", "onsetDateTime", "onsetPeriod", "authoredOn"),
    *("dateWritten", "recordedDate", "dateRecorded", "assertedDate", "dateAsserted", "onset", "issued"),
)
_VALUES = ("valueQuantity", "valueCodeableConcept", "valueString", "valueInteger", "valueBoolean")
_UNDATED = "no date"


@dataclass(frozen=True, slots=True)
class Held:
    """One list of a record. ``lines``: the newest first, those without a date last; ``more``: how many are not shown."""

    name: str
    lines: tuple[str, ...]
    more: int


def received(prefetch: Mapping[str, Member], day: date, zone: ZoneInfo) -> tuple[Held, ...]:
    """The record of a made call: conditions, medicines, allergies and observations, each on a line, at most 40 of each."""
    resources = [orjson.loads(line) for held in prefetch.values() if isinstance(held, list) for line in held]
    drugs = {f"{MEDICATION}/{one.get('id')}": one for one in resources if one.get("resourceType") == MEDICATION}
    since = datetime.combine(day - timedelta(days=DAYS), time.min, zone).timestamp()
    return tuple(
        _held(name, (one for one in resources if one.get("resourceType") in kinds), drugs, zone, since)
        for name, kinds in _KINDS.items()
    )


def _held(
    name: str, resources: Iterable[Resource], drugs: Mapping[str, Resource], zone: ZoneInfo, since: float
) -> Held:
    found = []
    for one in resources:
        told, moment = _date(one, zone)
        if one["resourceType"] != "Observation" or moment is None or moment >= since:
            found.append((-inf if moment is None else moment, _line(one, drugs, told)))
    lines = [line for _, line in sorted(found, key=lambda one: one[0], reverse=True)]
    return Held(name, tuple(lines[:MOST]), max(0, len(lines) - MOST))


def _date(resource: Resource, zone: ZoneInfo) -> tuple[str, float | None]:
    """The first date of the resource, as it was received, and the moment it means; None where it is none."""
    for name in _DATES:
        told = resource.get(name)
        if isinstance(told, dict):
            told = told.get("end") or told.get("start")
        if told and isinstance(told, str):
            moment = last_instant(told, zone)
            return told, None if moment is None else moment.timestamp()
    return _UNDATED, None


def _line(resource: Resource, drugs: Mapping[str, Resource], told: str) -> str:
    statuses = [word for word in (_word(resource.get(name)) for name in _STATUSES) if word]
    if resource.get("doNotPerform") in (True, "true"):
        statuses.append("do not perform")
    parts = (_name(resource, drugs), _value(resource), ", ".join(statuses) or "no status", told)
    return "; ".join(one_line(part, _LONGEST) for part in parts if part)


def _name(resource: Resource, drugs: Mapping[str, Resource]) -> str:
    """What the resource is about: of a medicine that is a resource of its own, that one's name."""
    inside = [one for one in _dicts(resource.get("contained")) if one.get("resourceType") == MEDICATION]
    meant = [drugs[key] for key in medications_of(resource) if key in drugs]
    found = (_word(one.get(name)) for one in (*inside, *meant, resource) for name in _CODED)
    return next(filter(None, found), "no code")


def _value(resource: Resource) -> str:
    for value in map(resource.get, _VALUES):
        if isinstance(value, dict) and "value" in value:
            parts = (value.get("comparator"), value["value"], value.get("unit") or value.get("code"))
            return " ".join(str(part) for part in parts if part is not None)
        if value is not None:
            return _word(value) or str(value)
    return ""


def _word(coded: Any) -> str:
    """The text, or else a display, or else a code: of a code with its codings, of a reference, or of a bare word."""
    if isinstance(coded, dict):
        concept = coded.get("concept")
        coded = concept if isinstance(concept, dict) else coded
        codings = _dicts(coded.get("coding"))
        told = [coded.get("text"), coded.get("display"), *(one.get("display") for one in codings)]
        told += [*(one.get("code") for one in codings), coded.get("reference")]
    else:
        told = [coded]
    return next((word for word in told if isinstance(word, str) and word.strip()), "")


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
