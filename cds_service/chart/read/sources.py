"""Where a fact came from, and what an entry that can't be used becomes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cds_service.chart.model import Resource
from cds_service.chart.r4.elements import Element
from cds_service.patient.received import Unread
from cds_service.protocol.spans import in_full

Coding = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of a query. ``source``: its reference, or its place when it has no id."""

    query: str
    source: str
    resource: Element

    def unread(self, why: str, concepts: Iterable[str] = (), shown: str | None = None) -> Unread:
        """The entry as one that could not be used."""
        return Unread(self.source, self.query, why, frozenset(concepts), shown)


def source_of(resource: Resource, place: str) -> str:
    """The resource's reference ("Condition/123"), or the place in the prefetch of a resource without a usable id."""
    kind, own = resource.get("resourceType"), resource.get("id")
    return f"{kind}/{own}" if isinstance(own, str) and own and isinstance(kind, str) else place


def entries(query: str, resources: Sequence[Resource], places: Iterable[int] | None = None) -> Iterator[Entry]:
    """The resources of a query, or those at the places, as entries."""
    for place in range(len(resources)) if places is None else places:
        resource = resources[place]
        yield Entry(query, source_of(resource, f"{query}[{place}]"), in_full(resource))


def codings_of(concept: Element | None) -> tuple[Coding, ...]:
    """System and code of every coding that has a code."""
    codings = (concept or {}).get("coding", [])
    return tuple((coding.get("system"), coding["code"]) for coding in codings if "code" in coding)


def words_of(concept: Element | None) -> str | None:
    """The client's own words for a concept: its text, else the first display."""
    if concept is None:
        return None
    displays = (coding["display"] for coding in concept.get("coding", []) if "display" in coding)
    return concept.get("text") or next(displays, None)


def displays_of(concept: Element | None) -> tuple[str, ...]:
    """Every text a concept carries: its own, and its codings' displays."""
    if concept is None:
        return ()
    displays = (coding.get("display") for coding in concept.get("coding", []))
    return tuple(filter(None, (concept.get("text"), *displays)))
