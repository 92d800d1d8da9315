"""What the resources of a call are coded as, each concept once: what near misses and bare codes are looked for in."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any

import msgspec

from cds_service.protocol.prefetch import Entries
from cds_service.protocol.spans import written

Unusable = tuple[str, str, str, str]
"""The query, why it could not be used, the concepts it may be about, and the words."""

QUERIES: Mapping[str, str] = {
    "Condition": "conditions",
    "Observation": "observations",
    "MedicationRequest": "medicationRequests",
    "MedicationStatement": "medicationStatements",
    "Medication": "medicationRequests",
    "AllergyIntolerance": "allergies",
}
"""The types looked at, and the query each belongs to."""

_MEDICINES = frozenset(("MedicationRequest", "MedicationStatement"))


class Coding(msgspec.Struct):
    """As FHIR has it, as far as it is looked at."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class Concept(msgspec.Struct):
    """A CodeableConcept, as far as it is looked at."""

    coding: list[Coding] | None = None
    text: str | None = None


Coded = tuple[str, bytes | None]
"""A type, and the code of a resource of that type, as JSON."""


def coded_of(members: Iterable[Mapping[str, Any]]) -> list[Coded]:
    """What a replayed call's resources are coded as; those alike to the letter once."""
    return list(dict.fromkeys(chain.from_iterable(map(_coded, members))))


def _coded(member: Mapping[str, Any]) -> list[Coded]:
    found: list[Coded] = []
    for kind, resources in _by_type(member.get("entry", ())).items():
        if kind in QUERIES:
            found += zip(repeat(kind), dict.fromkeys(written(resources, "code")))
        if kind in _MEDICINES:
            found += zip(repeat(kind), written(resources, "medicationCodeableConcept"))
    return found


def _by_type(entries: Sequence[Mapping[str, Any]]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
    if isinstance(entries, Entries) and entries.alike:
        return {entries.alike[0].resourceType: entries.alike}
    found: dict[Any, list[Mapping[str, Any]]] = {}
    for entry in entries:
        found.setdefault(entry["resource"].get("resourceType"), []).append(entry["resource"])
    return found
