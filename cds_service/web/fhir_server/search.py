"""Searching a list of resources by FHIR search parameters. Pure; nothing of HTTP."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]
Parameters = Sequence[tuple[str, str]]
Matches = Callable[[Json, str], bool]

_PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb")
_DATES = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "authoredOn", "recordedDate", "dateAsserted",
          "occurrenceDateTime", "onsetDateTime", "issued")  # fmt: skip
CONTROLS = frozenset({"_count", "_sort", "_offset", "_format", "_total", "_pretty"})
"""Parameters that shape the answer and choose nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to. ``ignored``: parameters the server does not know, by name."""

    resources: tuple[Json, ...] = field(repr=False)
    ignored: tuple[str, ...] = ()


def search(resources: Iterable[Json], parameters: Parameters) -> Found:
    """The resources every parameter matches (a repeated one is "and", a comma is "or"), in the order of ``_sort``."""
    chosen = [(_plain(name), value) for name, value in parameters if _plain(name) not in CONTROLS]
    known = [(PARAMETERS[name], value) for name, value in chosen if name in PARAMETERS]
    ignored = tuple(dict.fromkeys(name for name, _ in chosen if name not in PARAMETERS))
    found = [one for one in resources if all(_any(matches, one, value) for matches, value in known)]
    for order in reversed([key for name, value in parameters if name == "_sort" for key in value.split(",")]):
        found.sort(key=_sorter(order.lstrip("-")), reverse=order.startswith("-"))
    return Found(tuple(found), ignored)


def _plain(name: str) -> str:
    """The parameter without a modifier that changes nothing here ("subject:Patient")."""
    return name.removesuffix(":Patient")


def _any(matches: Matches, resource: Json, value: str) -> bool:
    return any(matches(resource, one.strip()) for one in value.split(",") if one.strip())


def _id(resource: Json, value: str) -> bool:
    return resource.get("id") == value


def _patient(resource: Json, value: str) -> bool:
    """The resource's patient, named with or without its type or the server's address."""
    wanted = value.rpartition("/")[2]
    if resource["resourceType"] == "Patient":
        return resource.get("id") == wanted
    reference = (resource.get("subject") or resource.get("patient") or {}).get("reference")
    return isinstance(reference, str) and reference.rpartition("/")[2] == wanted


def _token(*elements: str) -> Matches:
    def matches(resource: Json, value: str) -> bool:
        system, bar, code = value.rpartition("|")
        return any(
            (not code or code == own_code) and (not bar or system == (own_system or ""))
            for element in elements
            for own_system, own_code in _tokens(resource.get(element))
        )

    return matches


def _tokens(value: Any) -> Iterator[tuple[str | None, str | None]]:
    """(system, code) of a code, a CodeableConcept or an Identifier, or a list of them."""
    if isinstance(value, str):
        yield None, value
    elif isinstance(value, list):
        for one in value:
            yield from _tokens(one)
    elif isinstance(value, dict):
        if "coding" in value:
            yield from _tokens(value["coding"])
        elif "code" in value or "value" in value:
            yield value.get("system"), value.get("code", value.get("value"))


def _date(resource: Json, value: str) -> bool:
    prefix, wanted = (value[:2], value[2:]) if value[:2] in _PREFIXES else ("eq", value)
    own = _day(resource)
    if own is None:
        return False
    own, wanted = own[: len(wanted)], wanted[: len(own)]  # as precise as the less precise of the two
    return {
        "eq": own == wanted, "ne": own != wanted, "gt": own > wanted, "sa": own > wanted,
        "lt": own < wanted, "eb": own < wanted, "ge": own >= wanted, "le": own <= wanted,
    }[prefix]  # fmt: skip


def _day(resource: Json) -> str | None:
    for element in _DATES:
        value = resource.get(element)
        if isinstance(value, dict):
            value = value.get("start") or value.get("end")
        if isinstance(value, str):
            return value
    return None


def _name(resource: Json, value: str) -> bool:
    names = resource.get("name") or ()
    parts = [part for name in names for part in (*name.get("given", ()), name.get("family"), name.get("text")) if part]
    return any(part.lower().startswith(value.lower()) for part in parts)


def _sorter(name: str) -> Callable[[Json], str]:
    if name == "_id":
        return lambda resource: str(resource.get("id", ""))
    return lambda resource: _day(resource) or ""


PARAMETERS: dict[str, Matches] = {
    "_id": _id,
    "patient": _patient,
    "subject": _patient,
    "code": _token("code", "medicationCodeableConcept", "medication"),
    "category": _token("category"),
    "clinical-status": _token("clinicalStatus"),
    "verification-status": _token("verificationStatus"),
    "status": _token("status"),
    "intent": _token("intent"),
    "identifier": _token("identifier"),
    "gender": _token("gender"),
    "date": _date,
    "authoredon": _date,
    "recorded-date": _date,
    "name": _name,
}
"""The search parameters the server knows."""
