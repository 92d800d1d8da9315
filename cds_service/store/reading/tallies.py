"""What the report reads: cards, calls and suggestions in numbers, added up by the database."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, Select, func, select

from cds_service.store.database import Database
from cds_service.store.reading.outcomes import CARD_KEY, outcomes, same_card
from cds_service.store.reading.scope import EVERYTHING, Scope
from cds_service.store.tables import OF_A_CARD, accepted_suggestion, call_count, feedback, issued_card, silent_count

NOT_RECORDED = "not_recorded"
"""The kind of a suggestion that the card's release did not write down."""


@dataclass(frozen=True, slots=True)
class CardKind:
    """What cards are told apart by. ``rules``: "one_rule 1.0.0", or several by comma; ``silent``: kept, not shown."""

    service: str
    hook: str
    topic: str
    rules: str
    indicator: str
    issuer: str
    tenant: str
    language: str
    silent: bool


@dataclass(frozen=True, slots=True)
class CardTally:
    """How many cards of one kind, on one day, came to one end. A card counts once.

    ``accepted``: any report says so. ``overridden``: one says so and none that it was accepted; or it has a reason, given
    with the acceptance or after it: then it is both. ``reason``: the override's code, the newest given; None when none was.
    """

    day: date
    kind: CardKind
    accepted: bool
    overridden: bool
    reason: str | None
    cards: int


@dataclass(frozen=True, slots=True)
class CallTally:
    """How many calls of one service were answered on one day to one site, with or without cards.

    ``topic``: None for all calls; else how many of them were silent of that topic, or of every one (EVERY_TOPIC).
    """

    day: date
    service: str
    hook: str
    issuer: str
    tenant: str
    calls: int
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class OfferTally:
    """On how many cards of one kind a suggestion was offered, and on how many of these it was taken.

    ``suggestion``: its kind's code, or NOT_RECORDED.
    """

    kind: CardKind
    suggestion: str
    offered: int
    taken: int


def days_kept(database: Database, scope: Scope = EVERYTHING) -> tuple[date, date] | None:
    """The first and the last day there is anything of, or None. Raises UnavailableError."""
    with database.read() as connection:
        found = [
            connection.execute(select(func.min(table.c.day), func.max(table.c.day)).where(scope.of(table))).one()
            for table in (issued_card, call_count)
        ]
    days = [day for pair in found for day in pair if day is not None]
    return (min(days), max(days)) if days else None


_KIND = tuple(issued_card.c[name] for name in CardKind.__dataclass_fields__)
_WIDTH = len(_KIND)


def cards(database: Database, since: date, until: date, scope: Scope = EVERYTHING) -> Iterator[CardTally]:
    """The cards of the days from ``since`` to ``until``, both included. Raises UnavailableError."""
    told = outcomes(scope.during(issued_card, since, until))
    ends = (told.c.accepted, told.c.overridden, told.c.reason)
    query = (
        select(issued_card.c.day, *_KIND, *ends, func.count())
        .select_from(issued_card.outerjoin(told, same_card(told)))
        .where(scope.during(issued_card, since, until))
        .group_by(issued_card.c.day, *_KIND, *ends)
        .order_by(issued_card.c.day)
    )
    with database.read() as connection:
        for day, *row in connection.execute(query):
            accepted, overridden, reason, number = row[_WIDTH:]
            yield CardTally(day, CardKind(*row[:_WIDTH]), bool(accepted), bool(overridden), reason, number)


def calls(database: Database, since: date, until: date, scope: Scope = EVERYTHING) -> Iterator[CallTally]:
    """The calls of the same days: all of them, and how many were silent of what. Raises UnavailableError."""
    with database.read() as connection:
        for table in (call_count, silent_count):
            for row in connection.execute(select(table).where(scope.during(table, since, until))).mappings():
                yield CallTally(**row)


def offers(database: Database, since: date, until: date, scope: Scope = EVERYTHING) -> Iterator[OfferTally]:
    """How many suggestions the shown cards of the same days made, and how many of them were taken, by kind."""
    kind = (*_KIND, issued_card.c.offers)
    these = (scope.during(issued_card, since, until), ~issued_card.c.silent)
    offered: Counter[tuple[CardKind, str]] = Counter()
    taken: Counter[tuple[CardKind, str]] = Counter()
    with database.read() as connection:
        for *row, written, number in connection.execute(select(*kind, func.count()).where(*these).group_by(*kind)):
            for suggestion in kinds(written):
                offered[CardKind(*row), suggestion] += number
        for *row, written, place, number in connection.execute(_taken(*kind, these=these)):
            taken[CardKind(*row), kind_at(place, written)] += number
    for one in sorted({*offered, *taken}, key=repr):
        yield OfferTally(*one, offered[one], taken[one])


def kinds(offers: str) -> list[str]:
    """The kinds a card's column names, by place."""
    return offers.split(", ") if offers else []


def kind_at(place: int | None, offers: str) -> str:
    """The kind of the suggestion in that place, NOT_RECORDED where nobody wrote it down."""
    written = kinds(offers)
    return written[place] if place is not None and place < len(written) else NOT_RECORDED


def _taken(*kind: Column[Any], these: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    """How many suggestions in each place were taken; one of a card that two reports name is one."""
    places = (
        select(*CARD_KEY, accepted_suggestion.c.place)
        .join(accepted_suggestion, accepted_suggestion.c.feedback == feedback.c.id)
        .join(issued_card, OF_A_CARD)
        .where(*these, feedback.c.outcome == "accepted")
        .distinct()
        .subquery()
    )
    by = (*kind, places.c.place)
    return select(*by, func.count()).select_from(issued_card.join(places, same_card(places))).group_by(*by)


def feedback_on_unknown_cards(
    database: Database, since: date, until: date, zone: ZoneInfo, scope: Scope = EVERYTHING
) -> int:
    """How many reports of these days (by when they came) are on cards that were not recorded, or not shown."""
    start = datetime.combine(since, time.min, zone)
    end = datetime.combine(until + timedelta(days=1), time.min, zone)
    shown = select(issued_card.c.uuid).where(OF_A_CARD, ~issued_card.c.silent).correlate(feedback)
    query = (
        select(func.count())
        .select_from(feedback)
        .where(
            feedback.c.received_at >= start,
            feedback.c.received_at < end,
            scope.of(feedback),
            ~shown.exists(),
        )
    )
    with database.read() as connection:
        return int(connection.execute(query).scalar_one())


def choices(database: Database) -> dict[str, tuple[str, ...]]:
    """Which hooks, issuers and tenants have called. Raises UnavailableError."""
    with database.read() as connection:
        return {
            name: tuple(
                connection.execute(select(call_count.c[name]).distinct().order_by(call_count.c[name])).scalars()
            )
            for name in ("hook", "issuer", "tenant")
        }
