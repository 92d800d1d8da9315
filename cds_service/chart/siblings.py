"""The resources others refer to: Medications of orders, Conditions that are reasons, Substances of ingredients."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from cds_service.chart.duplicates import newest
from cds_service.chart.model import Resource
from cds_service.chart.shapes import CANNOT_READ, listed
from cds_service.chart.shapes_medicines import drug, medication, reasons_referred
from cds_service.chart.subjects import reference_key

_REFERRED = ("Medication", "Substance", "Condition")
_NOT_TAKEN = frozenset(("completed", "cancelled", "stopped", "entered-in-error", "ended", "not-taken", "intended"))
_MOST_FETCHED = 40
_REFERRING = frozenset(
    ("contained", "medication", "medicationReference", "reason", "reasonReference", "reasonForUseReference")
)
"""The members of an order that may refer to another resource, in any version."""


def find(orders: Iterable[Resource], entries: Iterable[Any]) -> dict[str, Resource]:
    """What the orders and statements refer to, and what those refer to in turn, by reference key."""
    wanted = {key for order in orders if not _REFERRING.isdisjoint(order) for key in _referred(order)}
    if not wanted:
        return {}
    entries = tuple(entries)
    found = _located(wanted, entries)
    deeper = {key for resource in found.values() for key in ingredients_referred(resource)} - found.keys()
    return found | _located(deeper, entries)


def lacking(orders: Iterable[Resource], found: dict[str, Resource]) -> list[str]:
    """The Medications still to be had, for orders that may be in use: "Medication/7", in a fixed order."""
    wanted = {
        key
        for order in orders
        if str(order.get("status")).lower() not in _NOT_TAKEN
        for key in (_drug_key(order),)
        if key is not None and key not in found and key.startswith("Medication/")
    }
    return sorted(wanted)[:_MOST_FETCHED]


def resolved(reference: str | None, holder: Resource, found: Mapping[str, Resource]) -> dict[str, Any] | None:
    """The resource a reference means: contained in its holder ("#id"), else one of those found; None otherwise."""
    if reference is None:
        return None
    if not reference.startswith("#"):
        sibling = found.get(reference_key(reference))
        return None if sibling is None else dict(sibling)
    inside = (one for one in listed(holder.get("contained")) if isinstance(one, dict))
    return next((one for one in inside if f"#{one.get('id')}" == reference), None)


def ingredients_referred(resource: Resource) -> list[str]:
    """The reference keys of a Medication's ingredients."""
    try:
        return [reference_key(one["reference"]) for one in medication(dict(resource))[1] if "reference" in one]
    except CANNOT_READ:
        return []


def _referred(order: Resource) -> list[str]:
    key = _drug_key(order)
    inside = [one for one in listed(order.get("contained")) if isinstance(one, dict)]
    drugs = [one for one in inside if one.get("resourceType") == "Medication"]
    try:
        reasons = [reference_key(one) for one in reasons_referred(dict(order))]
    except CANNOT_READ:
        reasons = []
    return [*([key] if key else []), *reasons, *chain.from_iterable(map(ingredients_referred, drugs))]


def _drug_key(order: Resource) -> str | None:
    try:
        referred = drug(dict(order))[1]
    except CANNOT_READ:
        return None
    reference = None if referred is None else referred.get("reference")
    return None if reference is None or reference.startswith("#") else reference_key(reference)


def _located(wanted: set[str], entries: Iterable[Any]) -> dict[str, Resource]:
    found: dict[str, Resource] = {}
    if not wanted:
        return found
    for entry in entries:
        resource = entry.get("resource", entry) if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or resource.get("resourceType") not in _REFERRED:
            continue
        for key in wanted.intersection(_names(resource, entry.get("fullUrl"))):
            found[key] = newest(found[key], resource) if key in found else resource
    return found


def _names(resource: dict[str, Any], full_url: Any) -> Iterator[str]:
    own = resource.get("id")
    if isinstance(full_url, str):
        yield reference_key(full_url)
    if isinstance(own, str):
        yield f"{resource['resourceType']}/{own}"
        yield f"urn:uuid:{own}"
