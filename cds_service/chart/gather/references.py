"""What a resource refers to: Medications of orders, Conditions that are reasons, Substances of ingredients.

A reference may be "#id" or a bare id of something contained (whose own id may carry the "#" too), a bare id,
"Type/id", an address, a urn, or "Type?identifier=system|value"; a version at its end is left off.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from urllib.parse import unquote

from cds_service.chart.gather.subjects import reference_key
from cds_service.chart.gather.versions import newest
from cds_service.chart.model import Resource
from cds_service.chart.r4.elements import CANNOT_READ, listed
from cds_service.chart.r4.medicines import drug, medication, reasons_referred
from cds_service.patient.ids import is_id

DRUG = ("Medication",)
INGREDIENT = ("Medication", "Substance")
REASON = ("Condition",)
"""The types a bare id may mean, by what refers to it."""

_REFERRED = (*INGREDIENT, *REASON)
_NOT_TAKEN = frozenset(("completed", "cancelled", "stopped", "entered-in-error", "ended", "not-taken", "intended"))
_MOST_FETCHED = 40
_REFERRING = frozenset(
    ("contained", "medication", "medicationReference", "reason", "reasonReference", "reasonForUseReference")
)
"""The members of an order that may refer to another resource, in any version."""
_ADDRESS = "://"
_URN = "urn:uuid:"
_RELATIVE = re.compile(r"([A-Za-z]+/[^/#?|]+)(?:/_history/[^/]*)?/?")
_VERSION = re.compile(r"/_history/[^/]*/?$")
_BY_IDENTIFIER = re.compile(r"(?:[^?]*/)?([A-Za-z]+)\?identifier=([^&]+)")


class References:
    """What the references of one call's resources mean. Each resource's contained ones are indexed once."""

    def __init__(self, found: Mapping[str, Resource]) -> None:
        """``found``: the resources beside those that refer to them, by reference key: see ``find``."""
        self._found = found
        self._inside: dict[int, tuple[Resource, dict[str, Any]]] = {}

    def resolved(self, reference: str | None, holder: Resource, kinds: tuple[str, ...]) -> Resource | None:
        """The resource a reference of ``holder`` means: contained in it, else one of those found; None otherwise.

        ``kinds``: the types a bare id may mean.
        """
        if reference is None:
            return None
        if is_inside(reference) or _is_bare(reference):
            inside: Resource | None = self._contained(holder).get(reference.removeprefix("#"))
            if inside is not None:
                return inside
        return next((self._found[key] for key in _keys(reference, kinds) if key in self._found), None)

    def _contained(self, holder: Resource) -> dict[str, Any]:
        known = self._inside.get(id(holder))
        if known is None:
            members = [one for one in listed(holder.get("contained")) if isinstance(one, dict)]
            named = {one["id"].removeprefix("#"): one for one in reversed(members) if isinstance(one.get("id"), str)}
            known = self._inside[id(holder)] = holder, named  # the holder too, so that its identity stays its own
        return known[1]


def is_inside(reference: str) -> bool:
    """Whether the reference says that what it means is contained."""
    return reference.startswith("#")


def find(orders: Iterable[Resource], entries: Iterable[Any], server: str | None) -> dict[str, Resource]:
    """What the orders and statements refer to, and what those refer to in turn, by reference key.

    ``server``: the FHIR server the call names; what arrives without an address of its own is taken as from there.
    """
    wanted = {key for order in orders if not _REFERRING.isdisjoint(order) for key in _referred(order)}
    if not wanted:
        return {}
    entries = tuple(entries)
    found = _located(wanted, entries, server)
    deeper = {key for resource in found.values() for key in _ingredients_referred(resource)} - found.keys()
    return found | _located(deeper, entries, server)


def lacking(orders: Iterable[Resource], found: Mapping[str, Resource], server: str | None) -> dict[str, str]:
    """The Medications still to be had, for orders that may be in use: from reference key to "Medication/7".

    Only what the call's own FHIR ``server`` has: a Medication of another server with the same id is another drug.
    """
    references = References(found)
    taken = (order for order in orders if str(order.get("status")).lower() not in _NOT_TAKEN)
    keys = {
        key
        for order in taken
        if (reference := _drug_reference(order)) and references.resolved(reference, order, DRUG) is None
        for key in _keys(reference, DRUG)
    }
    wanted = {key: _on_server(key, server) for key in sorted(keys)}
    return dict(islice(((key, url) for key, url in wanted.items() if url is not None), _MOST_FETCHED))


def _referred(order: Resource) -> Iterator[str]:
    reference = _drug_reference(order)
    if reference:
        yield from _keys(reference, DRUG)
    try:
        for one in reasons_referred(dict(order)):
            yield from _keys(one, REASON)
    except CANNOT_READ:
        pass
    for one in listed(order.get("contained")):
        if isinstance(one, dict) and one.get("resourceType") == "Medication":
            yield from _ingredients_referred(one)


def _ingredients_referred(resource: Resource) -> list[str]:
    """The reference keys of a Medication's ingredients."""
    try:
        references = [one["reference"] for one in medication(dict(resource))[1] if "reference" in one]
    except CANNOT_READ:
        return []
    return [key for reference in references for key in _keys(reference, INGREDIENT)]


def _drug_reference(order: Resource) -> str | None:
    try:
        referred = drug(dict(order))[1]
    except CANNOT_READ:
        return None
    reference: str | None = None if referred is None else referred.get("reference")
    return reference


def _keys(reference: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """What a reference is looked up by; nothing for one to something contained."""
    if is_inside(reference):
        return ()
    return tuple(f"{kind}/{reference}" for kind in kinds) if _is_bare(reference) else (_key(reference),)


def _is_bare(reference: str) -> bool:
    return is_id(reference) and ":" not in reference


def _key(reference: str) -> str:
    """Type and id, type and identifier, a urn, or the URL: each server has ids of its own. A version is left off."""
    relative = _RELATIVE.fullmatch(reference)
    if relative:
        return relative[1]
    identified = _BY_IDENTIFIER.fullmatch(reference)
    return f"{identified[1]}?identifier={unquote(identified[2])}" if identified else _VERSION.sub("", reference)


def _on_server(key: str, server: str | None) -> str | None:
    """The Medication's URL relative to the server; None for anything that isn't there."""
    relative = _relative(key, server)
    kind, _, own = relative.partition("/")
    return relative if kind == "Medication" and is_id(own) else None


def _relative(key: str, server: str | None) -> str:
    """The key below the server; unchanged when it is not below it."""
    return key.removeprefix(f"{server}/") if server else key


def _located(wanted: set[str], entries: Iterable[Any], server: str | None) -> dict[str, Resource]:
    """The resources the keys mean, each entry looked at once: of several versions the newest."""
    if not wanted:
        return {}
    meant = {key: _relative(key, server) if server else reference_key(key) for key in wanted}
    unaddressed = set(meant.values())  # the names of a resource without an address that may be at a wanted one
    named, bare = defaultdict[str, list[Resource]](list), defaultdict[str, list[Resource]](list)
    for entry in entries:
        resource = entry.get("resource", entry) if isinstance(entry, Mapping) else None
        if not isinstance(resource, Mapping) or resource.get("resourceType") not in _REFERRED:
            continue
        url = entry.get("fullUrl")
        names = set(_names(resource, url))
        for name in names & wanted:
            named[name].append(resource)
        if not (isinstance(url, str) and _ADDRESS in url):
            for name in names & unaddressed:
                bare[name].append(resource)
    latest = {name: newest(versions) for name, versions in bare.items()}
    found = {}
    for key, name in meant.items():
        versions = named.get(key, []) + ([latest[name]] if name in latest else [])
        if versions and not ("?" in key and _are_several(versions)):
            found[key] = newest(versions)
    return found


def _are_several(resources: Iterable[Resource]) -> bool:
    """Whether an identifier names more than one resource, and so tells nothing."""
    return len({str(resource.get("id")) for resource in resources}) > 1


def _names(resource: Resource, full_url: Any) -> Iterator[str]:
    kind, own = resource["resourceType"], resource.get("id")
    if isinstance(full_url, str):
        yield _key(full_url)
        yield reference_key(full_url)
        if full_url.startswith(_URN):
            yield f"{kind}/{full_url.removeprefix(_URN)}"
    if isinstance(own, str):
        yield f"{kind}/{own}"
        yield f"{_URN}{own}"
    for identifier in listed(resource.get("identifier")):
        value = identifier.get("value") if isinstance(identifier, dict) else None
        if isinstance(value, str):
            yield f"{kind}?identifier={value}"
            yield f"{kind}?identifier={identifier.get('system') or ''}|{value}"
