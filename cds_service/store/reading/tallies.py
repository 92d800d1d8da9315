"""What the report reads: cards and calls in numbers, added up by the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Subquery, Table, and_, case, func, select, true

from cds_service.store.database import Database
from cds_service.store.issued import cut
from cds_service.store.tables import OF_A_CARD, call_count, feedback, issued_card


@dataclass(frozen=True, slots=True)
class Site:
    """Whose calls and cards are added up: one issuer's, one tenant's; None is everybody's, "" who was not checked."""

    issuer: str | None = None
    tenant: str | None = None

    def __bool__(self) -> bool:
        return self != EVERYBODY

    def of(self, table: Table) -> ColumnElement[bool]:
        """The condition that a row is this site's."""
        named = {"issuer": self.issuer, "tenant": self.tenant}
        return and_(true(), *(table.c[name] == cut(value) for name, value in named.items() if value is not None))


EVERYBODY = Site()


@dataclass(frozen=True, slots=True)
class CardTally:
    """How many cards of one kind, on one day, came to one end.

    ``rules``: "one_rule 1.0.0", or several by comma. ``outcome``: "accepted", "overridden" or None
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


def days_kept(database: Database, site: Site = EVERYBODY) -> tuple[date, date] | None:
    """The first and the last day there is anything of, or None. Raises UnavailableError."""
    with database.read() as connection:
        found = [
            connection.execute(select(func.min(table.c.day), func.max(table.c.day)).where(site.of(table))).one()
            for table in (issued_card, call_count)
        ]
    days = [day for pair in found for day in pair if day is not None]
    return (min(days), max(days)) if days else None


def cards(database: Database, since: date, until: date, site: Site = EVERYBODY) -> Iterator[CardTally]:
    """The cards of the days from ``since`` to ``until``, both included. Raises UnavailableError."""
    with database.read() as connection:
        for row in connection.execute(_cards(since, until, site)):
            yield CardTally(*row)


def calls(database: Database, since: date, until: date, site: Site = EVERYBODY) -> Iterator[CallTally]:
    """The calls of the same days. Raises UnavailableError."""
    kind = (call_count.c.day, call_count.c.service, call_count.c.hook)
    these = and_(call_count.c.day.between(since, until), site.of(call_count))
    query = select(*kind, func.sum(call_count.c.calls)).where(these).group_by(*kind)
    with database.read() as connection:
        for day, service, hook, number in connection.execute(query):
            yield CallTally(day, service, hook, int(number))


def feedback_on_unknown_cards(
    database: Database, since: date, until: date, zone: ZoneInfo, site: Site = EVERYBODY
) -> int:
    """How many reports of these days (by when they came) are on cards we did not record."""
    start = datetime.combine(since, time.min, zone)
    end = datetime.combine(until + timedelta(days=1), time.min, zone)
    query = (
        select(func.count())
        .select_from(feedback)
        .where(
            feedback.c.received_at >= start,
            feedback.c.received_at < end,
            site.of(feedback),
            ~select(issued_card.c.uuid).where(OF_A_CARD).correlate(feedback).exists(),
        )
    )
    with database.read() as connection:
        return int(connection.execute(query).scalar_one())


_CARD_KEY = {"card": "uuid", "issuer": "issuer", "tenant": "tenant"}
"""A card's key in a report, and in the card itself."""


def _cards(since: date, until: date, site: Site) -> Select[Any]:
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
    same = (told.c[name] == issued_card.c[column] for name, column in _CARD_KEY.items())
    joined = issued_card.outerjoin(told, and_(*same, told.c.place == 1))
    return (
        select(*kind, func.count())
        .select_from(joined)
        .where(issued_card.c.day.between(since, until), site.of(issued_card), ~issued_card.c.silent)
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
    key = [feedback.c[name] for name in _CARD_KEY]
    place = func.row_number().over(partition_by=key, order_by=order)
    reason = case((feedback.c.outcome == "overridden", feedback.c.reason))
    return (
        select(*key, feedback.c.outcome, reason.label("reason"), place.label("place"))
        .join(issued_card, OF_A_CARD)
        .where(issued_card.c.day.between(since, until))
        .subquery()
    )
