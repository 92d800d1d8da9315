"""What is kept of an answered call: that it happened, and its cards without their words."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table

from cds_service.store.tables import WIDTH, call_count, insert, issued_card, silent_count


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """One card as it was sent, or, when ``silent``, as it would have been.

    ``rules``: (name, version) of every rule that has a part in it; ``offers``: its suggestions' kinds, in their order.
    """

    uuid: str
    topic: str
    rules: tuple[tuple[str, str], ...]
    indicator: str
    offers: tuple[str, ...] = ()
    silent: bool = False


@dataclass(frozen=True, slots=True)
class IssuedCall:
    """One answered call, with or without cards. ``at``: aware; ``issuer``, ``tenant``: None where unknown.

    ``silent``: the topics the client is not shown, or EVERY_TOPIC; ``site``: the digest of the site's own file.
    """

    service: str
    hook: str
    cards: tuple[IssuedCard, ...]
    language: str
    at: datetime
    issuer: str | None = None
    tenant: str | None = None
    silent: frozenset[str] = frozenset()
    site: str = ""


def write(connection: Connection, calls: Mapping[IssuedCall, int], zone: ZoneInfo) -> None:
    """Keep the calls, each as often as it came. A card already kept stays as it is.

    A repeated call with cards is not counted again.
    """
    rows = {call: {_key(row): row for row in _cards(call, zone)} for call in calls}
    cards = {key: row for call in reversed(list(calls)) for key, row in rows[call].items()}
    new = _insert_cards(connection, [cards[key] for key in sorted(cards, key=str)])
    counts: Counter[tuple[object, ...]] = Counter()
    silent: Counter[tuple[object, ...]] = Counter()
    for call, times in calls.items():
        keys = rows[call].keys()
        if keys and not keys & new:
            continue  # the client's retry of a call that is already counted
        new -= keys
        key = _count_key(call, zone)
        counts[key] += 1 if keys else times
        silent.update({(*key, cut(topic)): 1 if keys else times for topic in call.silent})
    _add_counts(connection, call_count, counts)
    _add_counts(connection, silent_count, silent)


def cut(text: str | None, width: int = WIDTH) -> str:
    """A name as it fits its column: "" for None, no NUL (PostgreSQL takes none), cut to the width."""
    return (text or "").replace("\x00", "")[:width]


def _cards(call: IssuedCall, zone: ZoneInfo) -> Iterator[dict[str, object]]:
    """A row for each card of the call."""
    if not call.cards:
        return
    common = {
        "issuer": cut(call.issuer),
        "tenant": cut(call.tenant),
        "service": cut(call.service),
        "hook": cut(call.hook),
        "language": cut(call.language, 16),
        "day": call.at.astimezone(zone).date(),
        "issued_at": call.at,
        "site": cut(call.site, 64),
    }
    for card in call.cards:
        yield {
            **common,
            "uuid": UUID(card.uuid),
            "topic": cut(card.topic),
            "rules": ", ".join(sorted(f"{name} {version}" for name, version in card.rules)),
            "indicator": cut(card.indicator, 16),
            "silent": card.silent,
            "offers": ", ".join(card.offers),
        }


def _key(row: Mapping[str, object]) -> tuple[object, ...]:
    return row["uuid"], row["issuer"], row["tenant"]


def _insert_cards(connection: Connection, rows: list[dict[str, object]]) -> set[tuple[object, ...]]:
    if not rows:
        return set()
    statement = insert(connection, issued_card).on_conflict_do_nothing()
    returned = connection.execute(statement.returning(*issued_card.primary_key), rows)
    return {tuple(row) for row in returned}


def _count_key(call: IssuedCall, zone: ZoneInfo) -> tuple[object, ...]:
    day = call.at.astimezone(zone).date()
    return cut(call.service), cut(call.hook), day, cut(call.issuer), cut(call.tenant)


def _add_counts(connection: Connection, table: Table, counts: Counter[tuple[object, ...]]) -> None:
    """``counts`` by the table's key."""
    if not counts:
        return
    statement, names = insert(connection, table), [column.name for column in table.primary_key]
    added = statement.on_conflict_do_update(
        index_elements=names, set_={"calls": table.c.calls + statement.excluded.calls}
    )
    # In one order everywhere, so that two workers never wait for each other's rows crosswise.
    rows = [
        dict(zip(names, key, strict=True)) | {"calls": calls}
        for key, calls in sorted(counts.items(), key=lambda item: str(item[0]))
    ]
    connection.execute(added, rows)
