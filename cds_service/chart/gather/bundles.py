"""What one prefetch member holds, once everything around its resources is taken off.

A member may be a Bundle of any type or none, a list, a bare resource, a 1.0-era wrapper
({"response": …, "resource": …}), or an object of any of these; bundles may hold bundles; entries may
lack a resource, or be the resource. Whatever can't be opened is named, never raised.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cds_service.chart.model import Resource
from cds_service.chart.r4.elements import listed
from cds_service.protocol.prefetch import Entries

_DEEPEST = 12  # bundles in bundles in wrappers; nothing real comes near
_ERRORS = ("error", "fatal")
_HTTP_ERROR = "45"  # a status that starts so


@dataclass(slots=True)
class Parcel:
    """One Bundle, list or bare resource.

    ``by_type``: its resources. ``empty``: there was nothing in it, and no error. ``failed``: an error
    instead of an answer. ``beside``: an OperationOutcome, or an error, beside the resources. ``short``:
    fewer resources than its total. ``next_link``: more pages exist. ``searched``: its self link.
    ``unread``: (place, why) of members that were no resource. ``entries``: as received, for fullUrls.
    """

    place: str
    by_type: dict[str, list[Resource]] = field(default_factory=dict)
    empty: bool = False
    failed: bool = False
    beside: bool = False
    short: bool = False
    next_link: str | None = None
    searched: str | None = None
    unread: list[tuple[str, str]] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """True when nothing is known to be missing from it."""
        return not (self.failed or self.beside or self.short or self.next_link)

    def add(self, resource: Resource) -> None:
        """Put one resource under its type."""
        self.by_type.setdefault(resource["resourceType"], []).append(resource)


ByType = dict[str, list[Resource]]


def by_type(parcels: Iterable[Parcel]) -> ByType:
    """All resources of the parcels, under their types."""
    found: ByType = {}
    for parcel in parcels:
        for kind, resources in parcel.by_type.items():
            found.setdefault(kind, []).extend(resources)
    return found


def opened(value: Any, place: str, depth: int = 0) -> Iterator[Parcel]:
    """The parcels of one member. ``place``: what to call it when something in it can't be read."""
    if depth > _DEEPEST:
        yield Parcel(place, failed=True, unread=[(place, "too-deep")])
    elif value is None or value in ({}, []):
        yield Parcel(place, empty=True)
    elif isinstance(value, list):
        yield from _collected({}, value, place, depth)
    elif not isinstance(value, dict):
        yield Parcel(place, failed=True, unread=[(place, "not-a-resource")])
    elif isinstance(value.get("resourceType"), str):
        yield from _resource(value, place, depth)
    elif "entry" in value:
        yield from _collected(value, _entries(value), place, depth)
    elif "resource" in value or "response" in value:
        yield from _wrapped(value, place, depth)
    else:
        yield from _inside(value, place, depth)


def _resource(resource: dict[str, Any], place: str, depth: int) -> Iterator[Parcel]:
    match resource["resourceType"]:
        case "Bundle":
            yield from _collected(resource, _entries(resource), place, depth)
        case "OperationOutcome":
            yield Parcel(place, failed=True)
        case kind:
            yield Parcel(place, by_type={kind: [resource]}, entries=[{"resource": resource}])


def _entries(bundle: dict[str, Any]) -> list[Any]:
    entries = bundle.get("entry")
    if isinstance(entries, list):
        return entries
    return [] if entries is None else [entries]


def _wrapped(wrapper: dict[str, Any], place: str, depth: int) -> Iterator[Parcel]:
    if _is_error(wrapper.get("response")) or "resource" not in wrapper:
        yield Parcel(place, failed=True)
    else:
        yield from opened(wrapper["resource"], place, depth + 1)


def _inside(value: dict[str, Any], place: str, depth: int) -> Iterator[Parcel]:
    inner = [member for member in value.values() if isinstance(member, dict | list) and member]
    if not inner:
        yield Parcel(place, failed=True, unread=[(place, "not-a-resource")])
    for member in inner:
        yield from opened(member, place, depth + 1)


def _collected(bundle: dict[str, Any], entries: list[Any], place: str, depth: int) -> Iterator[Parcel]:
    """A Bundle (or a list, as a Bundle without anything of its own), and the bundles inside it."""
    parcel = Parcel(place, entries=entries)
    by_type, odd, outcomes = parcel.by_type, [], []
    alike = _all_of_one_type(entries)
    if alike:
        by_type[alike[0]["resourceType"]] = alike
    for index, entry in enumerate(() if alike else entries):
        try:
            resource = entry["resource"]
            kind = resource["resourceType"]
            if kind == "OperationOutcome":
                outcomes.append(resource)
            elif kind == "Bundle":
                odd.append((index, resource))
            elif kind in by_type:
                by_type[kind].append(resource)
            elif isinstance(kind, str):
                by_type[kind] = [resource]
            else:
                odd.append((index, entry))
        except (KeyError, TypeError):
            odd.append((index, entry))
    inner: list[Parcel] = []
    for index, entry in odd:
        inner.extend(_odd_entry(parcel, entry, f"{place}[{index}]", outcomes, depth))
    _settle(parcel, bundle, outcomes, holds_more=bool(inner))
    yield parcel
    yield from inner


def _all_of_one_type(entries: list[Any]) -> list[Any]:
    """The resources, where every entry plainly holds one of the same type: what a search brings. Else nothing."""
    if isinstance(entries, Entries) and entries.alike:
        return list(entries.alike)
    try:
        resources = [entry["resource"] for entry in entries]
        kinds = {resource["resourceType"] for resource in resources}
    except (KeyError, TypeError):
        return []
    kind = kinds.pop() if len(kinds) == 1 else None
    return resources if isinstance(kind, str) and kind not in ("Bundle", "OperationOutcome") else []


def _odd_entry(parcel: Parcel, entry: Any, place: str, outcomes: list[Any], depth: int) -> Iterator[Parcel]:
    """An entry that isn't plainly one resource: a bundle, a resource by itself, an error, or nothing of use."""
    if not isinstance(entry, dict):
        if isinstance(entry, list) and entry:
            yield from opened(entry, place, depth + 1)
        else:
            parcel.unread.append((place, "no-resource"))
        return
    kind = entry.get("resourceType")
    if kind == "OperationOutcome":
        outcomes.append(entry)
    elif kind == "Bundle" or isinstance(entry.get("resource"), list):
        yield from opened(entry if kind == "Bundle" else entry["resource"], place, depth + 1)
    elif isinstance(kind, str):
        parcel.add(entry)
    elif isinstance(entry.get("resource"), dict) and "resource" in entry["resource"]:
        yield from opened(entry["resource"], place, depth + 1)
    elif _is_error(entry.get("response")):
        parcel.beside = True
    elif not _brings_nothing(entry.get("request")):
        parcel.unread.append((place, "no-type" if entry.get("resource") else "no-resource"))


def _settle(parcel: Parcel, bundle: dict[str, Any], outcomes: list[Any], *, holds_more: bool) -> None:
    """What the Bundle as a whole says about its completeness."""
    if "link" in bundle:
        links = [link for link in listed(bundle["link"]) if isinstance(link, dict)]
        parcel.next_link = next((link["url"] for link in links if _leads(link, "next")), None)
        parcel.searched = next((link["url"] for link in links if _leads(link, "self")), None)
    total = bundle.get("total")
    total = total if isinstance(total, int) and not isinstance(total, bool) else None
    parcel.short = total is not None and total > _matches(parcel) and not holds_more
    if parcel.by_type or parcel.unread or holds_more:
        parcel.beside = parcel.beside or bool(outcomes)
    elif outcomes:
        parcel.failed = total != 0 or any(_is_severe(outcome) for outcome in outcomes)
        parcel.empty = not parcel.failed
    else:
        parcel.empty = not (parcel.beside or parcel.short or parcel.next_link)


def _matches(parcel: Parcel) -> int:
    """How many of the resources the search itself found: what was only included doesn't count towards the total."""
    held = sum(map(len, parcel.by_type.values()))
    if len(parcel.by_type) <= 1:
        return held
    return held - sum(map(_is_included, parcel.entries))


def _is_included(entry: Any) -> bool:
    search = entry.get("search") if isinstance(entry, Mapping) else None
    return isinstance(search, dict) and search.get("mode") == "include"


def _leads(link: dict[str, Any], relation: str) -> bool:
    return link.get("relation") == relation and isinstance(link.get("url"), str) and bool(link["url"])


def _is_error(response: Any) -> bool:
    status = response.get("status") if isinstance(response, dict) else None
    return str(status)[:1] in _HTTP_ERROR if isinstance(status, str | int) and status else False


def _brings_nothing(request: Any) -> bool:
    """An entry of a batch or transaction that carries no resource by its nature."""
    return isinstance(request, dict) and request.get("method") in ("GET", "HEAD", "DELETE")


def _is_severe(outcome: Any) -> bool:
    issues = listed(outcome.get("issue"))
    return any(isinstance(issue, dict) and issue.get("severity") in _ERRORS for issue in issues)
