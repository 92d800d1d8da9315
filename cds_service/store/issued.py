"""What is kept of an answered call: that it happened, and its cards without their words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from cds_service.store.tables import WIDTH, call_count, insert, issued_card


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """One card as it was sent. ``rules``: (name, version) of every rule that has a part in it."""

    uuid: str
    topic: str
    rules: tuple[tuple[str, str], ...]
    indicator: str


@dataclass(frozen=True, slots=True)
class IssuedCall:
    """One answered call, with or without cards. ``at``: aware; ``issuer``, ``tenant``: None where unknown."""

    service: str
    hook: str
    cards: tuple[IssuedCard, ...]
    language: str
    at: datetime
    issuer: str | None = None
    tenant: str | None = None


def write(connection: Connection, calls: Mapping[IssuedCall, int], zone: ZoneInfo) -> None:
    """Keep the calls, each as often as it came. A card already kept stays as it is.

    A repeated call with cards is not counted again.
    """
    rows = {call: {_key(row): row for row in (_card(call, card, zone) for card in call.cards)} for call in calls}
    cards = {key: row for call in reversed(list(calls)) for key, row in rows[call].items()}
    new = _insert_cards(connection, [cards[key] for key in sorted(cards, key=str)])
    counts: Counter[tuple[object, ...]] = Counter()
    for call, times in calls.items():
        keys = rows[call].keys()
        if keys and not keys & new:
            continue  # the client's retry of a call that is already counted
        new -= keys
        counts[_count_key(call, zone)] += 1 if keys else times
    _add_counts(connection, counts)


def cut(text: str | None, width: int = WIDTH) -> str:
    """A name as it fits its column: "" for None, no NUL (PostgreSQL takes none), cut to the width."""
    return (text or "").replace("\x00", "")[:width]


def _card(call: IssuedCall, card: IssuedCard, zone: ZoneInfo) -> dict[str, object]:
    return {
        "uuid": UUID(card.uuid),
        "issuer": cut(call.issuer),
        "tenant": cut(call.tenant),
        "service": cut(call.service),
        "hook": cut(call.hook),
        "topic": cut(card.topic),
        "rules": ", ".join(sorted(f"{name} {version}" for name, version in card.rules)),
        "indicator": cut(card.indicator, 16),
        "language": cut(call.language, 16),
        "day": call.at.astimezone(zone).date(),
        "issued_at": call.at,
    }


def _key(row: Mapping[str, object]) -> tuple[object, ...]:
    return row["uuid"], row["issuer"], row["tenant"]


def _insert_cards(connection: Connection, rows: list[dict[str, object]]) -> set[tuple[object, ...]]:
    if not rows:
        return set()
    statement = insert(connection, issued_card).on_conflict_do_nothing()
    returned = connection.execute(statement.returning(*issued_card.primary_key), rows)
    return {tuple(row) for row in returned}


_COUNT_COLUMNS = ("service", "hook", "day", "issuer", "tenant")


def _count_key(call: IssuedCall, zone: ZoneInfo) -> tuple[object, ...]:
    day = call.at.astimezone(zone).date()
    return cut(call.service), cut(call.hook), day, cut(call.issuer), cut(call.tenant)


def _add_counts(connection: Connection, counts: Counter[tuple[object, ...]]) -> None:
    if not counts:
        return
    statement = insert(connection, call_count)
    added = statement.on_conflict_do_update(
        index_elements=list(_COUNT_COLUMNS), set_={"calls": call_count.c.calls + statement.excluded.calls}
    )
    # In one order everywhere, so that two workers never wait for each other's rows crosswise.
    rows = [
        dict(zip(_COUNT_COLUMNS, key, strict=True)) | {"calls": calls}
        for key, calls in sorted(counts.items(), key=lambda item: str(item[0]))
    ]
    connection.execute(added, rows)
