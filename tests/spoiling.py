"""Elements that decide nothing, written from the clinical contract and not from the code, and ways to spoil them.

Contract: "an element that can't be read costs that element, never the fact". Essential, and so never spoiled here:
what a resource is of (code, medication, subject, id), a result's value, unit, comparator and time, what excuses an
order (doNotPerform), the end of a problem, an order's reason.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import orjson

from cds_service import pipeline
from cds_service.catalogue import CATALOGUE, wording
from cds_service.protocol.request import TODAY_EXTENSION
from cds_service.protocol.schemas import load_request
from cds_service.settings import Settings

DATES = {
    "Condition": ("recordedDate", "assertedDate", "dateRecorded", "onsetDateTime"),
    "AllergyIntolerance": ("recordedDate", "assertedDate", "onsetDateTime"),
    "MedicationRequest": ("authoredOn",),
    "MedicationOrder": ("dateWritten",),
    "MedicationStatement": ("dateAsserted", "effectiveDateTime"),
    "Observation": ("issued",),
    "ServiceRequest": ("authoredOn",),
    "Patient": ("birthDate", "deceasedDateTime"),
}
STATUSES = {
    "Condition": ("clinicalStatus", "verificationStatus"),
    "AllergyIntolerance": ("clinicalStatus", "verificationStatus", "status"),
    "MedicationRequest": ("status", "intent", "priority"),
    "MedicationOrder": ("status",),
    "MedicationStatement": ("status",),
    "Observation": ("status",),
    "ServiceRequest": ("status", "intent"),
    "Patient": ("gender",),
}
CODED = ("code", "medicationCodeableConcept")
ASIDE = {
    "Condition": ("note", "severity", "category", "encounter", "identifier", "asserter", "stage", "evidence"),
    "AllergyIntolerance": ("note", "criticality", "category", "type", "identifier", "onsetString"),
    "MedicationRequest": ("note", "priority", "requester", "identifier", "groupIdentifier", "category"),
    "MedicationOrder": ("note", "prescriber", "identifier"),
    "MedicationStatement": ("note", "informationSource", "identifier", "category"),
    "Observation": ("note", "method", "bodySite", "performer", "identifier", "category"),
    "Patient": ("name", "telecom", "address", "identifier", "maritalStatus", "multipleBirthBoolean"),
    "ServiceRequest": ("note", "requester", "identifier"),
}
EVERYWHERE = ("meta", "text", "extension", "language", "implicitRules", "modifierExtension")

NO_DATES: tuple[Any, ...] = (
    "30/11/2026",
    "01.02.2026",
    "2026-02-31",
    "202510",
    "soon",
    {"value": "2026"},
    True,
    ["x"],
    -1,
)
NO_STATUSES: tuple[Any, ...] = (
    *("this_is_invalid", "ORDERED", 7, True, ["zz", None]),
    {"text": "chronic"},
    {"coding": [{"system": "http://a b", "code": "some  code"}]},
    {"coding": [{"system": "http://local", "code": "zz"}, "junk"]},
)
JUNK: tuple[Any, ...] = ("x", None, {"coding": [{"code": "a  b"}]}, [[None]])
WHITE_SPACE = ("\u00a0", " \t", "\u2003", "\u200b", "\ufeff", "\n")
ODD_CODINGS: tuple[Any, ...] = (
    {"system": "http://local code/system", "code": "A  1"},
    {"system": "http://local", "code": "A \u00a0 1"},
    {"code": 5},
    {"system": ["x"], "code": {"y": 1}},
    {},
    None,
)
OTHERS_AGES: tuple[Any, ...] = (
    {"low": {"value": 0, "unit": "h", "code": "h"}, "high": {"value": 72, "unit": "h", "code": "h"}},
    {"high": {"value": 300, "unit": "menit"}},
    {"low": {"value": 0, "unit": "Tage"}, "high": {"value": 28, "unit": "Tage"}},
    {"low": {"value": "newborn"}},
    "newborn",
)


Request = dict[str, Any]
Change = Callable[[Request], object]


@dataclass(frozen=True)
class Spoiling:
    """One way to spoil one element of a request. ``removal``: leaves that element out altogether, where it has one."""

    what: str
    change: Change
    removal: Change | None = None


_SETTINGS = Settings()
_RANKS = {"info": 1, "warning": 2, "critical": 3}
_DENIALS = re.compile(r"(?:No active |No result found in |Normal: )[^.\n]*(?:\.\d[^.\n]*)*")
_DENIABLE = ("quinine", "malaria", "sodium", "potassium", "calcium", "magnesium", "phosphate")


@dataclass(frozen=True)
class Shown:
    """What an answer shows. ``ranks``: the indicator of each topic; ``denied``: what is said to be missing, or normal."""

    ranks: dict[str, int]
    lines: tuple[str, ...]
    denied: frozenset[str]

    def fault(self, right: "Shown", without: "Shown | None" = None) -> str | None:
        """What this answer lost of the right one.

        ``without``: the answer to the same request with the spoiled element left out; where its absence changes
        something, spoiling it may do as much, and no more.
        """
        least, may_deny = right.ranks, right.denied
        if without is not None:
            least = {topic: min(rank, without.ranks.get(topic, 0)) for topic, rank in least.items()}
            may_deny |= without.denied
        milder = sorted(topic for topic, rank in least.items() if self.ranks.get(topic, 0) < rank)
        if milder:
            return f"{', '.join(milder)}: {right.ranks} became {self.ranks}"
        denied = sorted(self.denied - may_deny)
        return f"denied: {', '.join(denied)}" if denied else None


def shown(request: dict[str, Any]) -> Shown:
    """What the service of the request's hook shows for it, in English."""
    service = next(one for one in CATALOGUE if one.hook == request["hook"])
    loaded = load_request(orjson.dumps(request))
    day = date.fromisoformat(request["extension"][TODAY_EXTENSION])
    answer = pipeline.answer(loaded, service, fetch=None, today=day, words=wording("en"), settings=_SETTINGS)
    ranks = {card.source.topic.code: _RANKS[card.indicator] for card in answer.cards}
    lines = tuple(line for card in answer.cards for line in (card.summary, *(card.detail or "").splitlines()))
    said = " ".join(found for line in lines for found in _DENIALS.findall(line)).lower()
    return Shown(ranks, lines, frozenset(word for word in _DENIABLE if word in said))


def changed(request: Request, *changes: Change | None) -> Request:
    """A copy of the request with the changes made."""
    copied: Request = orjson.loads(orjson.dumps(request))
    for change in changes:
        if change is not None:
            change(copied)
    return copied


def resources(request: Request) -> list[dict[str, Any]]:
    """Every resource of a request: prefetched, drafted, contained."""

    def inside(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, list):
            for one in value:
                yield from inside(one)
        elif isinstance(value, dict):
            if isinstance(value.get("resourceType"), str) and value["resourceType"] != "Bundle":
                yield value
            for one in value.values():
                if isinstance(one, dict | list):
                    yield from inside(one)

    return [*inside(request.get("prefetch")), *inside(request["context"].get("draftOrders"))]


def spoilings(request: Request) -> Iterator[Spoiling]:
    """Every inessential element of the request, with every way of its list to spoil it."""
    for place, resource in enumerate(resources(request)):
        kind = resource["resourceType"]
        for name in (*DATES.get(kind, ()), *STATUSES.get(kind, ())):
            if name in resource:
                removal = _at(place, partial(_drop, name))
                for way in NO_DATES if name in DATES.get(kind, ()) else NO_STATUSES:
                    yield Spoiling(f"{kind}.{name} = {way!r}", _set(place, name, way), removal)
        aside = (*ASIDE.get(kind, ()), *EVERYWHERE)
        for way in JUNK:
            odd = dict.fromkeys(aside, way)
            yield Spoiling(f"{kind}: {way!r} for all of {', '.join(aside)}", _at(place, partial(_fill, odd)))
        for name in CODED:
            yield from _codings(place, resource, name)
        if kind == "Observation":
            yield from _ranges(place, resource)
        if resource.get("contained"):
            yield Spoiling(f"{kind}.contained.id with #", _at(place, _hashed))


def rewritings() -> Iterator[Spoiling]:
    """Every date of a request written in one other form that means the same."""
    for name, form in FORMS.items():
        yield Spoiling(name, partial(_rewrite_all, form))


FORMS: dict[str, Callable[[str], Any]] = {
    "digits": lambda day: day.replace("-", ""),
    "a number": lambda day: int(day.replace("-", "")),
    "unpadded": lambda day: "-".join(str(int(part)) for part in day.split("-")),
    "around it space": lambda day: f"\u00a0{day} ",
}


def _rewrite_all(form: Callable[[str], Any], request: Request) -> None:
    for one in resources(request):
        _rewrite(one, form)


def _rewrite(value: Any, form: Callable[[str], Any]) -> None:
    for name, member in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(member, dict | list):
            _rewrite(member, form)
        elif isinstance(member, str) and _is_day(member):
            value[name] = form(member)


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(datetime.strptime(text, "%Y-%m-%d"))  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False


def _codings(place: int, resource: dict[str, Any], name: str) -> Iterator[Spoiling]:
    codings = resource.get(name, {}).get("coding") if isinstance(resource.get(name), dict) else None
    if not isinstance(codings, list) or not codings or not all(isinstance(one, dict) for one in codings):
        return
    label = f"{resource['resourceType']}.{name}.coding"
    for odd in ODD_CODINGS:
        for more in ([odd, *codings], [*codings, odd]):
            yield Spoiling(f"{label} with {odd!r}", _coded(place, name, more))
    for space in WHITE_SPACE:
        for member in ("code", "system", "display"):
            padded = [{**one, member: f"{space}{one[member]}{space}"} if member in one else one for one in codings]
            if padded != codings:
                yield Spoiling(f"{label}.{member} in {space!r}", _coded(place, name, padded))


def _ranges(place: int, resource: dict[str, Any]) -> Iterator[Spoiling]:
    own = resource.get("referenceRange", [])
    unit = resource.get("valueQuantity", {}).get("unit") if isinstance(resource.get("valueQuantity"), dict) else None
    if not isinstance(own, list):
        return
    for age in OTHERS_AGES:
        theirs = {"low": {"value": 0.001, "unit": unit}, "high": {"value": 1000, "unit": unit}, "age": age}
        for ranges in ([theirs, *own], [*own, theirs]):
            yield Spoiling(f"Observation.referenceRange of age {age!r}", _set(place, "referenceRange", ranges))


def _fill(members: dict[str, Any], resource: dict[str, Any]) -> None:
    resource.update(deepcopy(members))


def _drop(name: str, resource: dict[str, Any]) -> None:
    resource.pop(name, None)


def _hashed(resource: dict[str, Any]) -> None:
    for inner in resource["contained"]:
        inner["id"] = f"#{inner['id']}"


def _coded(place: int, name: str, codings: list[Any]) -> Change:
    return _at(place, lambda one: one[name].update(coding=deepcopy(codings)))


def _set(place: int, name: str, value: Any) -> Change:
    return _at(place, lambda one: one.update({name: deepcopy(value)}))


def _at(place: int, change: Callable[[dict[str, Any]], object]) -> Change:
    return lambda request: change(resources(request)[place])
