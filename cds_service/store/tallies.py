"""What the report reads: cards and calls in numbers, added up by the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Subquery, and_, case, func, select

from cds_service.store.database import Database
from cds_service.store.tables import call_count, feedback, issued_card

_OF_A_CARD = and_(feedback.c.card == issued_card.c.uuid, feedback.c.issuer == issued_card.c.issuer)


@dataclass(frozen=True, slots=True)
class CardTally:
    """How many cards of one kind, on one day, came to one end.

    ``rules``: "avoid_quinine 1.0.0", or several by comma. ``outcome``: "accepted", "overridden" or None
    (no answer); a card counts once: as accepted when any report of it says so, else as overridden.
    ``reason``: the override's code, the newest one given; None when there was none.
    """

    day: date
    service: str
    hook: str
    topic: str
    rules: str
    outcome: str | None
    reason: str | None
    cards: int


@dataclass(frozen=True, slots=True)
class CallTally:
    """How many calls of one service were answered on one day, with or without cards."""

    day: date
    service: str
    hook: str
    calls: int


def days_kept(database: Database) -> tuple[date, date] | None:
    """The first and the last day there is anything of, or None. Raises UnavailableError."""
    with database.read() as connection:
        found = [
            connection.execute(select(func.min(table.c.day), func.max(table.c.day))).one()
            for table in (issued_card, call_count)
        ]
    days = [day for pair in found for day in pair if day is not None]
    return (min(days), max(days)) if days else None


def cards(database: Database, since: date, until: date) -> Iterator[CardTally]:
    """The cards of the days from ``since`` to ``until``, both included. Raises UnavailableError."""
    with database.read() as connection:
        for row in connection.execute(_cards(since, until)):
            yield CardTally(*row)


def calls(database: Database, since: date, until: date) -> Iterator[CallTally]:
    """The calls of the same days. Raises UnavailableError."""
    kind = (call_count.c.day, call_count.c.service, call_count.c.hook)
    query = select(*kind, func.sum(call_count.c.calls)).where(call_count.c.day.between(since, until)).group_by(*kind)
    with database.read() as connection:
        for day, service, hook, number in connection.execute(query):
            yield CallTally(day, service, hook, int(number))


def feedback_on_unknown_cards(database: Database, since: date, until: date, zone: ZoneInfo) -> int:
    """How many reports of these days (by when they came) are on cards we did not record."""
    start = datetime.combine(since, time.min, zone)
    end = datetime.combine(until + timedelta(days=1), time.min, zone)
    query = (
        select(func.count())
        .select_from(feedback)
        .where(
            feedback.c.received_at >= start,
            feedback.c.received_at < end,
            ~select(issued_card.c.uuid).where(_OF_A_CARD).correlate(feedback).exists(),
        )
    )
    with database.read() as connection:
        return int(connection.execute(query).scalar_one())


def _cards(since: date, until: date) -> Select[Any]:
    told = _what_was_told(since, until)
    kind = (
        issued_card.c.day,
        issued_card.c.service,
        issued_card.c.hook,
        issued_card.c.topic,
        issued_card.c.rules,
        told.c.outcome,
        told.c.reason,
    )
    joined = issued_card.outerjoin(
        told, and_(told.c.card == issued_card.c.uuid, told.c.issuer == issued_card.c.issuer, told.c.place == 1)
    )
    return (
        select(*kind, func.count())
        .select_from(joined)
        .where(issued_card.c.day.between(since, until))
        .group_by(*kind)
        .order_by(issued_card.c.day)
    )


def _what_was_told(since: date, until: date) -> Subquery:
    """All feedback on the cards of these days; of each card, the report that counts has place 1."""
    order = (
        case((feedback.c.outcome == "accepted", 0), else_=1),
        case((feedback.c.reason.is_not(None), 0), else_=1),
        feedback.c.outcome_at.desc(),
    )
    place = func.row_number().over(partition_by=(feedback.c.card, feedback.c.issuer), order_by=order)
    reason = case((feedback.c.outcome == "overridden", feedback.c.reason))
    return (
        select(feedback.c.card, feedback.c.issuer, feedback.c.outcome, reason.label("reason"), place.label("place"))
        .join(issued_card, _OF_A_CARD)
        .where(issued_card.c.day.between(since, until))
        .subquery()
    )
