from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import func, insert, select, update

from cds_service.commands.store import migrate, prune
from cds_service.protocol.feedback import FeedbackItem, Outcome
from cds_service.settings import Settings
from cds_service.store import retention
from cds_service.store.feedback import Sender
from cds_service.store.issued import IssuedCall, IssuedCard
from cds_service.store.retention import Pruned, oldest_kept
from cds_service.store.store import Store
from cds_service.store.tables import accepted_suggestion, call_count, feedback, issued_card, seen_token
from tests.store.test_schema import HEAD

ZONE = ZoneInfo("Asia/Jakarta")
TODAY = date(2026, 3, 31)
LAST_YEAR = datetime(2025, 6, 1, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "day"),
    [
        ("1d", date(2026, 3, 30)),
        ("90d", date(2025, 12, 31)),
        ("90 days", date(2025, 12, 31)),
        ("1 week", date(2026, 3, 24)),
        ("12W", date(2026, 1, 6)),
        ("1 month", date(2026, 2, 28)),
        ("6 months", date(2025, 9, 30)),
        ("25 months", date(2024, 2, 29)),
        ("2y", date(2024, 3, 31)),
    ],
)
def test_ages(age: str, day: date) -> None:
    assert oldest_kept(age, TODAY) == day


def test_a_month_ago_is_the_same_day_where_there_is_one() -> None:
    assert oldest_kept("1 month", date(2026, 3, 15)) == date(2026, 2, 15)
    assert oldest_kept("1 month", date(2026, 1, 1)) == date(2025, 12, 1)


@pytest.mark.parametrize("age", ["", "90", "d", "0d", "-1d", "6m", "1.5y", "90 d days", "9999y", "99999 months", "٣d"])
def test_what_is_no_age(age: str) -> None:
    with pytest.raises(ValueError, match=r"is not an age|beyond the calendar"):
        oldest_kept(age, TODAY)


@pytest.fixture
def filled(store: Store, call: Callable[..., IssuedCall], card: Callable[..., IssuedCard]) -> Store:
    """A card with feedback on each of three days in a row, and feedback on a card we do not know."""
    for days in range(3):
        one = card()
        store.issued(call(one, at=LAST_YEAR + timedelta(days=days)))
        report = FeedbackItem(UUID(one.uuid), Outcome.ACCEPTED, LAST_YEAR, (uuid4(), uuid4()))
        store.add_feedback([report], Sender("s"))
    store.add_feedback([FeedbackItem(uuid4(), Outcome.OVERRIDDEN, LAST_YEAR)], Sender("s"))
    store.seen_tokens.remember("a", "old", LAST_YEAR)
    assert store.flush()
    with store.database.write() as connection:
        unknown = ~feedback.c.card.in_(select(issued_card.c.uuid))
        connection.execute(update(feedback).where(unknown).values(received_at=LAST_YEAR))
    return store


def sizes(store: Store) -> list[int]:
    tables = (issued_card, feedback, accepted_suggestion, call_count, seen_token)
    with store.database.read() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def test_removes_what_is_older_and_only_that(filled: Store) -> None:
    assert sizes(filled) == [3, 4, 6, 3, 1]
    second = (LAST_YEAR + timedelta(days=1)).date()
    told: list[date] = []
    removed = retention.prune(filled.database, second, ZONE, told.append)
    assert removed == Pruned(cards=1, feedback=2, calls=1, tokens=1)
    assert told == [LAST_YEAR.date()]
    assert sizes(filled) == [2, 2, 4, 2, 0]


def test_counts_without_removing(filled: Store) -> None:
    before = LAST_YEAR.date() + timedelta(days=2)
    counted = retention.count(filled.database, before, ZONE)
    assert counted == Pruned(cards=2, feedback=3, calls=2, tokens=1)
    assert sizes(filled) == [3, 4, 6, 3, 1]
    assert retention.prune(filled.database, before, ZONE) == counted


def test_much_goes_in_several_transactions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST_AT_ONCE", 2)
    values = {"issuer": "", "tenant": "", "service": "s", "outcome": "overridden"}
    with store.database.write() as connection:
        for number in range(5):
            row = {"id": uuid4(), "card": uuid4(), "outcome_at": LAST_YEAR, "received_at": LAST_YEAR} | values
            connection.execute(insert(feedback), row | {"reason": str(number)})
    assert retention.prune(store.database, TODAY, ZONE).feedback == 5


def test_the_command_says_what_went(filled: Store, database_url: str) -> None:
    settings = Settings(database_url=database_url)
    said = CliRunner().invoke(prune, ["--older-than", "1d", "--dry-run"], obj=settings)
    assert (said.exit_code, said.stdout[:12]) == (0, "Would remove")
    assert "3 cards, 4 pieces of feedback, 3 daily counts of calls, 1 expired token." in said.stdout
    assert sizes(filled) == [3, 4, 6, 3, 1]
    said = CliRunner().invoke(prune, ["--older-than", "1d"], obj=settings)
    assert said.stdout.startswith("Removed what is older than ")
    assert sizes(filled) == [0, 0, 0, 0, 0]


def test_the_command_refuses_a_bad_age(database_url: str) -> None:
    said = CliRunner().invoke(prune, ["--older-than", "soon"], obj=Settings(database_url=database_url))
    assert said.exit_code == 2
    assert "say 90d, 12 weeks, 6 months or 2 years" in said.stderr


def test_migrating_by_hand(empty_database_url: str) -> None:
    settings = Settings(database_url=empty_database_url)
    assert f"from nothing to {HEAD}" in CliRunner().invoke(migrate, obj=settings).stdout
    assert f"up to date ({HEAD})" in CliRunner().invoke(migrate, obj=settings).stdout
    broken = CliRunner().invoke(migrate, obj=Settings(database_url="postgresql://x@/y?host=/nowhere"))
    assert (broken.exit_code, broken.stderr) == (
        1,
        "Error: the store is not available: nobody listens at /nowhere:5432\n",
    )
