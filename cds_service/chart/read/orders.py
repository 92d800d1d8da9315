"""ServiceRequest, and what other versions call it, to Order: what is already being done."""

from collections.abc import Iterator, Sequence
from typing import Any

from cds_service.chart.model import Resource
from cds_service.chart.r4.elements import CANNOT_READ, concepts, flag, listed, statuses
from cds_service.chart.read.sources import codings_of, displays_of, source_of
from cds_service.patient.facts import Order
from cds_service.patient.terminology.concepts import order_concepts

_UNDER_WAY = frozenset(
    (
        *("active", "draft", "on-hold", "unknown"),
        *("proposed", "planned", "requested", "received", "accepted", "in-progress"),  # DSTU2
    )
)
_OVER = frozenset(("completed", "cancelled", "entered-in-error", "stopped", "failed"))


def orders(requests: Sequence[Resource], drafts: Sequence[Resource]) -> Iterator[Order]:
    """Active and draft orders of a kind the rules know. An order that can't be read is as good as none."""
    for place, request in enumerate(requests):
        yield from _order(request, f"orders[{place}]", draft=False)
    for place, request in enumerate(drafts):
        yield from _order(request, f"draftOrders[{place}]", draft=True)


def _order(request: Resource, place: str, *, draft: bool) -> Iterator[Order]:
    try:
        words = statuses(request.get("status"))
        wanted = not _OVER.intersection(words) if draft else bool(_UNDER_WAY.intersection(words))
        if not wanted or flag(request.get("doNotPerform")) is True:
            return
        found = frozenset(concept for coded in _coded(request) for concept in _concepts(coded))
    except CANNOT_READ:
        return
    if found:
        yield Order(source_of(request, place), found)


def _coded(request: Resource) -> list[dict[str, Any]]:
    """Its code; DSTU2 has one for each item, STU3's ReferralRequest a list of services."""
    items = [item.get("code") for item in listed(request.get("item")) if isinstance(item, dict)]
    holders = (request.get("code"), request.get("serviceRequested"), request.get("diagnostic"), *items)
    return [made for holder in holders for made in concepts(holder)]


def _concepts(coded: dict[str, Any]) -> Iterator[str]:
    for words in displays_of(coded) or (None,):
        yield from order_concepts(codings_of(coded), words)
