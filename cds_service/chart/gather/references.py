"""The resources others refer to: Medications of orders, Conditions that are reasons, Substances of ingredients."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from cds_service.chart.gather.subjects import reference_key
from cds_service.chart.gather.versions import newest
from cds_service.chart.model import Resource
from cds_service.chart.r4.elements import CANNOT_READ, listed
from cds_service.chart.r4.medicines import drug, medication, reasons_referred
from cds_service.patient.ids import is_id

_REFERRED = ("Medication", "Substance", "Condition")
_NOT_TAKEN = frozenset(("completed", "cancelled", "stopped", "entered-in-error", "ended", "not-taken", "intended"))
_MOST_FETCHED = 40
_REFERRING = frozenset(
    ("contained", "medication", "medicationReference", "reason", "reasonReference", "reasonForUseReference")
)
"""The members of an order that may refer to another resource, in any version."""
_ADDRESS = "://"
_RELATIVE = re.compile(r"([A-Za-z]+/[^/#?|]+)(?:/_history/[^/]*)?/?")
_VERSION = re.compile(r"/_history/[^/]*/?$")


def find(orders: Iterable[Resource], entries: Iterable[Any], server: str | None) -> dict[str, Resource]:
    """What the orders and statements refer to, and what those refer to in turn, by reference key.

    ``server``: the FHIR server the call names; what arrives without an address of its own is taken as from there.
    """
    wanted = {key for order in orders if not _REFERRING.isdisjoint(order) for key in _referred(order)}
    if not wanted:
        return {}
    entries = tuple(entries)
    found = _located(wanted, entries, server)
    deeper = {key for resource in found.values() for key in ingredients_referred(resource)} - found.keys()
    return found | _located(deeper, entries, server)


def lacking(orders: Iterable[Resource], found: Mapping[str, Resource], server: str | None) -> dict[str, str]:
    """The Medications still to be had, for orders that may be in use: from reference key to "Medication/7".

    Only what the call's own FHIR ``server`` has: a Medication of another server with the same id is another drug.
    """
    keys = {_drug_key(order) for order in orders if str(order.get("status")).lower() not in _NOT_TAKEN}
    wanted = {key: _on_server(key, server) for key in sorted(filter(None, keys - found.keys()))}
    return dict(islice(((key, url) for key, url in wanted.items() if url is not None), _MOST_FETCHED))


def resolved(reference: str | None, holder: Resource, found: Mapping[str, Resource]) -> dict[str, Any] | None:
    """The resource a reference means: contained in its holder ("#id"), else one of those found; None otherwise."""
    if reference is None:
        return None
    if not reference.startswith("#"):
        sibling = found.get(_key(reference))
        return None if sibling is None else dict(sibling)
    inside = (one for one in listed(holder.get("contained")) if isinstance(one, dict))
    return next((one for one in inside if f"#{one.get('id')}" == reference), None)


def ingredients_referred(resource: Resource) -> list[str]:
    """The reference keys of a Medication's ingredients."""
    try:
        return [_key(one["reference"]) for one in medication(dict(resource))[1] if "reference" in one]
    except CANNOT_READ:
        return []


def _referred(order: Resource) -> list[str]:
    key = _drug_key(order)
    inside = [one for one in listed(order.get("contained")) if isinstance(one, dict)]
    drugs = [one for one in inside if one.get("resourceType") == "Medication"]
    try:
        reasons = [_key(one) for one in reasons_referred(dict(order))]
    except CANNOT_READ:
        reasons = []
    return [*([key] if key else []), *reasons, *chain.from_iterable(map(ingredients_referred, drugs))]


def _drug_key(order: Resource) -> str | None:
    try:
        referred = drug(dict(order))[1]
    except CANNOT_READ:
        return None
    reference = None if referred is None else referred.get("reference")
    return None if reference is None or reference.startswith("#") else _key(reference)


def _key(reference: str) -> str:
    """What a reference is looked up by, any version left off: "Type/id", or the URL: each server has ids of its own."""
    relative = _RELATIVE.fullmatch(reference)
    return relative[1] if relative else _VERSION.sub("", reference)


def _on_server(key: str, server: str | None) -> str | None:
    """The Medication's URL relative to the server; None for anything that isn't there."""
    relative = _relative(key, server)
    kind, _, own = relative.partition("/")
    return relative if kind == "Medication" and is_id(own) else None


def _relative(key: str, server: str | None) -> str:
    """The key below the server; unchanged when it is not below it."""
    return key.removeprefix(f"{server.rstrip('/')}/") if server else key


def _located(wanted: set[str], entries: Iterable[Any], server: str | None) -> dict[str, Resource]:
    found: dict[str, Resource] = {}
    if not wanted:
        return found
    unaddressed = dict[str, list[str]]()  # from the name of a resource without an address to the URLs it may be at
    for key in wanted:
        unaddressed.setdefault(_relative(key, server) if server else reference_key(key), []).append(key)
    for entry in entries:
        resource = entry.get("resource", entry) if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or resource.get("resourceType") not in _REFERRED:
            continue
        url = entry.get("fullUrl")
        names = set(_names(resource, url))
        meant = wanted.intersection(names)
        if not (isinstance(url, str) and _ADDRESS in url):
            meant.update(*(unaddressed.get(name, ()) for name in names))
        for key in meant:
            found[key] = newest(found[key], resource) if key in found else resource
    return found


def _names(resource: dict[str, Any], full_url: Any) -> Iterator[str]:
    own = resource.get("id")
    if isinstance(full_url, str):
        yield _key(full_url)
        yield reference_key(full_url)
    if isinstance(own, str):
        yield f"{resource['resourceType']}/{own}"
        yield f"urn:uuid:{own}"
