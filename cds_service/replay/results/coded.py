"""What the resources of a call are coded as, each concept once: what near misses and bare codes are looked for in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from cds_service.protocol.spans import members

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

_MEDICINES = ("MedicationRequest", "MedicationStatement")


class Coding(msgspec.Struct):
    """As FHIR has it, as far as it is looked at."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class Concept(msgspec.Struct):
    """A CodeableConcept, as far as it is looked at."""

    coding: list[Coding] | None = None
    text: str | None = None


Coded = tuple[str, Concept]
"""A type, and the concept of a resource of that type."""


def coded_of(prefetch: Mapping[str, Any]) -> list[Coded]:
    """The concepts of a replayed call's resources; one of an odd shape is left out."""
    told: dict[tuple[str, int], Any] = {}  # what is coded alike was parsed once
    for member in prefetch.values():
        resources = _resources(member)
        kinds, codes = members(resources, "resourceType"), members(resources, "code")
        told |= {(kind, id(code)): code for kind, code in zip(kinds, codes, strict=True) if code is not None}
        for resource, kind in zip(resources, kinds, strict=True):
            if kind in _MEDICINES and (code := resource.get("medicationCodeableConcept")) is not None:
                told[kind, id(code)] = code
    return list(_read(told))


def _resources(member: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    entries = member.get("entry", ())
    return getattr(entries, "alike", None) or [entry["resource"] for entry in entries]


def _read(told: Mapping[tuple[str, int], Any]) -> Iterator[Coded]:
    for (kind, _), concept in told.items():
        try:
            if kind in QUERIES:
                yield kind, msgspec.convert(concept, Concept)
        except msgspec.ValidationError:
            continue
