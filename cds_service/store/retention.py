"""Forgetting: what is older than a given age goes, day by day, so that no writer waits long."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, delete, func, select

from cds_service.store.database import Database
from cds_service.store.tables import (
    OF_A_CARD,
    accepted_suggestion,
    call_count,
    feedback,
    issued_card,
    seen_token,
    silent_count,
)

_AGE = re.compile(r"(\d{1,5})\s*(d|days?|w|weeks?|months?|y|years?)", re.ASCII | re.IGNORECASE)
MOST_AT_ONCE = 5000  # rows in one transaction


@dataclass(frozen=True, slots=True)
class Pruned:
    """How much was (or would be) removed. ``calls``: rows of the daily counts, not calls."""

    cards: int = 0
    feedback: int = 0
    calls: int = 0
    tokens: int = 0


def oldest_kept(age: str, today: date) -> date:
    """The first day that is kept, for an age such as "90d", "12 weeks", "6 months", "2y".

    Months and years are the calendar's. Raises ValueError for anything else, and for an age of nothing.
    """
    match = _AGE.fullmatch(age.strip())
    if match is None or int(match[1]) == 0:
        message = f"{age!r} is not an age: say 90d, 12 weeks, 6 months or 2 years"
        raise ValueError(message)
    count, unit = int(match[1]), match[2][0].lower()
    try:
        return (
            _months_before(today, count * (12 if unit == "y" else 1))
            if unit in "my"
            else _days_before(today, count, unit)
        )
    except (OverflowError, ValueError):
        message = f"{age!r} reaches back beyond the calendar"
        raise ValueError(message) from None


def _days_before(today: date, count: int, unit: str) -> date:
    return today - timedelta(days=count * (7 if unit == "w" else 1))


def _months_before(today: date, months: int) -> date:
    month = today.year * 12 + today.month - 1 - months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def count(database: Database, before: date, zone: ZoneInfo) -> Pruned:
    """What ``prune`` would remove. Raises UnavailableError."""
    midnight = datetime.combine(before, time.min, zone)
    with database.read() as connection:
        with_card = _number(
            connection,
            select(func.count()).select_from(feedback).join(issued_card, OF_A_CARD).where(issued_card.c.day < before),
        )
        alone = _number(
            connection,
            select(func.count()).select_from(feedback).where(feedback.c.received_at < midnight, ~_has_card()),
        )
        return Pruned(
            cards=_number(connection, select(func.count()).select_from(issued_card).where(issued_card.c.day < before)),
            feedback=with_card + alone,
            calls=_number(connection, select(func.count()).select_from(call_count).where(call_count.c.day < before)),
            tokens=_number(
                connection, select(func.count()).select_from(seen_token).where(seen_token.c.expires_at < midnight)
            ),
        )


def prune(database: Database, before: date, zone: ZoneInfo, tell: Callable[[date], None] = lambda _day: None) -> Pruned:
    """Remove the cards of the days before ``before`` with their feedback, and all else as old.

    Feedback on a card we do not know goes by the time it came. ``tell`` hears of each day before its
    turn. Interrupted, it has removed whole days only. Raises UnavailableError.
    """
    cards = answers = 0
    for day in _days(database, before):
        tell(day)
        with database.write() as connection:
            doomed = select(feedback.c.id).join(issued_card, OF_A_CARD).where(issued_card.c.day == day)
            answers += _delete_feedback(connection, doomed)
            cards += connection.execute(delete(issued_card).where(issued_card.c.day == day)).rowcount
    midnight = datetime.combine(before, time.min, zone)
    while True:
        with database.write() as connection:
            doomed = select(feedback.c.id).where(feedback.c.received_at < midnight, ~_has_card()).limit(MOST_AT_ONCE)
            removed = _delete_feedback(connection, doomed)
        answers += removed
        if removed == 0:
            break
    with database.write() as connection:
        calls = connection.execute(delete(call_count).where(call_count.c.day < before)).rowcount
        connection.execute(delete(silent_count).where(silent_count.c.day < before))
        tokens = connection.execute(delete(seen_token).where(seen_token.c.expires_at < midnight)).rowcount
    return Pruned(cards, answers, calls, tokens)


def _has_card() -> ColumnElement[bool]:
    return select(issued_card.c.uuid).where(OF_A_CARD).correlate(feedback).exists()


def _days(database: Database, before: date) -> list[date]:
    with database.read() as connection:
        found = select(issued_card.c.day).where(issued_card.c.day < before).distinct().order_by(issued_card.c.day)
        return list(connection.execute(found).scalars())


def _delete_feedback(connection: Connection, doomed: Select[Any]) -> int:
    ids = list(connection.execute(doomed).scalars())
    for start in range(0, len(ids), MOST_AT_ONCE):
        some = ids[start : start + MOST_AT_ONCE]
        connection.execute(delete(accepted_suggestion).where(accepted_suggestion.c.feedback.in_(some)))
        connection.execute(delete(feedback).where(feedback.c.id.in_(some)))
    return len(ids)


def _number(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(query).scalar_one())
