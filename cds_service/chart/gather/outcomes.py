"""What became of a query: received, known empty, partial, failed or absent, by what the prefetch says."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from cds_service.chart import queries as catalogue
from cds_service.chart.gather.bundles import Parcel
from cds_service.chart.model import Query, Resource, Want
from cds_service.patient.received import Receipt

MOST_PAGES = 10  # further pages of one query that are asked for one by one
_NOT_NARROWING = frozenset(("patient", "subject", "code"))  # code: see _asks_all
_WEB = ("http://", "https://")


def from_prefetch(query: Query, own: Sequence[Parcel], parcels: Sequence[Parcel]) -> Receipt:
    """The receipt of one query. ``own``: the parcels under its own key; ``parcels``: all of them."""
    own_incomplete = any(not parcel.complete for parcel in own)
    if not own_incomplete and any(_holds(parcel, query) for parcel in own):
        return Receipt.RECEIVED
    holding = [parcel for parcel in parcels if _holds(parcel, query)]
    if holding:
        whole = not own_incomplete and all(parcel.complete for parcel in holding)
        return Receipt.RECEIVED if whole else Receipt.PARTIAL
    if own_incomplete:
        if any(not (parcel.complete or parcel.failed) for parcel in own):
            return Receipt.PARTIAL
        return Receipt.UNANSWERED if any(parcel.unread for parcel in own) else Receipt.FAILED
    if any(parcel.unread for parcel in own):
        return Receipt.PARTIAL
    known_empty = any(parcel.empty for parcel in own) or any(
        parcel.empty and _asks_all(parcel, query) for parcel in parcels
    )
    return Receipt.EMPTY if known_empty else Receipt.ABSENT


def renamed(received: Mapping[str, Sequence[Parcel]]) -> bool:
    """Whether a site sent our templates one for one under names of its own.

    As many members as we have templates, none under a name of ours, each one thing and all of it, and no
    two of one type: then a member without resources is one of the queries that brought none.
    """
    if len(received) != len(catalogue.ALL) or any(query.key in received for query in catalogue.ALL):
        return False
    if any(len(parcels) != 1 or not parcels[0].complete or parcels[0].unread for parcels in received.values()):
        return False
    members = [parcels[0] for parcels in received.values()]
    answering = [[parcel for parcel in members if _holds(parcel, query)] for query in catalogue.ALL]
    return all(len(parcels) <= 1 for parcels in answering) and all(
        parcel.empty or any(parcel in parcels for parcels in answering) for parcel in members
    )


def to_fetch(
    query: Query, patient_id: str, own: Sequence[Parcel], parcels: Sequence[Parcel], *, begun: bool
) -> tuple[Want, ...]:
    """What to ask the server: the pages that remain, where a few pages are all that lacks; else the whole query.

    ``begun``: something of the patient's came. After a first page of strangers the pages that follow tell nothing.
    """
    mine = {id(parcel) for parcel in own}
    lacking = [parcel for parcel in parcels if not parcel.complete and (id(parcel) in mine or _holds(parcel, query))]
    only_pages = begun and all(
        parcel.next_link and parcel.next_link.startswith(_WEB) and not (parcel.failed or parcel.beside)
        for parcel in lacking
    )
    pages = dict.fromkeys(parcel.next_link or "" for parcel in lacking) if only_pages else {}
    if 0 < len(pages) <= MOST_PAGES:
        return tuple(Want(query.key, page) for page in pages)
    return (Want(query.key, catalogue.filled(query, patient_id)),)


def merged(before: Receipt, came: Sequence[Receipt], held: Sequence[Resource], *, pages: bool) -> Receipt:
    """The receipt after asking the server. ``pages``: only the remaining pages were asked for."""
    complete = all(receipt.complete for receipt in came)
    if before is Receipt.PARTIAL or (held and not complete):
        doubtful = held and not pages and Receipt.EMPTY in came  # the server denies what the prefetch holds
        return Receipt.RECEIVED if complete and not doubtful else Receipt.PARTIAL
    return came[0] if len(came) == 1 else Receipt.RECEIVED


def attributed(parcel: Parcel) -> str:
    """The query a parcel's unreadable members belong to, or "prefetch" when nothing tells."""
    if parcel.place.partition("[")[0] != "prefetch":
        return parcel.place.partition("[")[0]
    types = set(parcel.by_type) or {_searched_type(parcel)}
    return next((query.key for query in catalogue.ALL if types <= set(query.resource_types)), "prefetch")


def _holds(parcel: Parcel, query: Query) -> bool:
    return not parcel.by_type.keys().isdisjoint(query.resource_types)


def _searched_type(parcel: Parcel) -> str:
    return urlsplit(parcel.searched or "").path.rstrip("/").rpartition("/")[2]


def _asks_all(parcel: Parcel, query: Query) -> bool:
    """The self link names this query's type, and no parameter narrows it to less than we ask for."""
    if _searched_type(parcel) not in query.resource_types:
        return False
    for name, value in parse_qsl(urlsplit(parcel.searched or "").query):
        bare = name.partition(":")[0]
        if bare == "code" and query.key != catalogue.OBSERVATIONS.key:
            return False
        if bare == "category" and "laboratory" in value:
            continue
        if not bare.startswith("_") and bare not in _NOT_NARROWING:
            return False
    return True
