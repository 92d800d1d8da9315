import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from cds_service.errors import UnavailableError
from cds_service.settings import Settings
from cds_service.store import writer as writing
from cds_service.store.issued import IssuedCall, IssuedCard
from cds_service.store.losses import Cause, Losses
from cds_service.store.store import Store
from cds_service.store.tables import issued_card
from cds_service.store.writer import Writer
from tests.store.lost import heard

MakeCall = Callable[..., IssuedCall]
MakeCard = Callable[..., IssuedCard]


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "RETRY_AFTER_SECONDS", (0.01, 0.01))


class Database:
    """Takes batches, fails the first ``failures`` times, waits at ``gate``."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.gate = Event()
        self.gate.set()
        self.taken: list[IssuedCall] = []

    def write(self, calls: Mapping[IssuedCall, int]) -> None:
        assert self.gate.wait(60)
        if self.failures:
            self.failures -= 1
            raise UnavailableError
        self.taken.extend(Counter(calls).elements())


def minute(number: int) -> datetime:
    return datetime(2026, 3, 2, 3, tzinfo=UTC) + timedelta(minutes=number)


def test_a_full_queue_drops_counts_and_never_waits(call: MakeCall) -> None:
    database, losses = Database(), Losses()
    lost = heard(losses)
    database.gate.clear()
    writer = Writer(database.write, losses, most_waiting=3)
    writer.put(call())
    while writer.waiting and not writer._in_hand:  # noqa: SLF001 - until the thread holds the first
        time.sleep(0.001)
    for number in range(5):
        writer.put(call(at=minute(number)))  # the database takes nothing until the gate opens, below
    assert lost == {Cause.QUEUE_FULL: 2}
    database.gate.set()
    assert writer.flush()
    assert len(database.taken) == 4


def test_a_database_that_comes_back_in_time_loses_nothing(call: MakeCall) -> None:
    database, losses = Database(failures=2), Losses()
    lost = heard(losses)
    writer = Writer(database.write, losses)
    writer.put(call())
    assert writer.flush()
    assert (len(database.taken), lost.total()) == (1, 0)


def test_a_database_that_stays_away_costs_nothing_while_the_queue_has_room(call: MakeCall) -> None:
    database, losses = Database(failures=50), Losses()
    lost = heard(losses)
    writer = Writer(database.write, losses, most_waiting=2)
    for number in range(2):
        writer.put(call(at=minute(number)))
    assert writer.flush(20)
    assert (len(database.taken), lost.total()) == (2, 0)


def test_a_full_queue_makes_room_with_what_was_tried_often(call: MakeCall) -> None:
    database, losses = Database(failures=10**6), Losses()
    told: list[tuple[Cause, int]] = []
    lost = Event()

    def hear(cause: Cause, calls: int) -> None:
        told.append((cause, calls))
        if cause is Cause.DATABASE:
            lost.set()

    losses.on_loss = hear
    writer = Writer(database.write, losses, most_waiting=2)
    writer.put(call())
    while writer.waiting and not writer._in_hand:  # noqa: SLF001 - until the thread holds the first
        time.sleep(0.001)
    for number in range(3):
        writer.put(call(at=minute(number + 1)))
    assert lost.wait(10)
    assert told == [(Cause.QUEUE_FULL, 1), (Cause.DATABASE, 1)]
    database.failures = 0
    assert writer.flush(20)
    assert len(database.taken) == 2


def test_a_call_that_cannot_be_written_does_not_end_the_writing(store: Store, call: MakeCall, card: MakeCard) -> None:
    lost = heard(store.losses)
    store.issued(call(card(uuid="not a uuid")))
    assert store.flush()
    store.issued(call(card()))
    assert store.flush()
    assert lost == {Cause.DATABASE: 1}
    with store.database.read() as connection:
        assert len(connection.execute(issued_card.select()).all()) == 1


def test_closing_flushes_and_takes_nothing_more(call: MakeCall) -> None:
    database, losses = Database(), Losses()
    lost = heard(losses)
    writer = Writer(database.write, losses)
    for _ in range(700):
        writer.put(call())
    writer.close(60)
    assert (len(database.taken), lost.total()) == (700, 0)
    writer.put(call())
    assert lost == {Cause.SHUTDOWN: 1}


def test_the_writing_lingers_for_more_calls_until_a_flush_hurries_it(
    monkeypatch: pytest.MonkeyPatch, call: MakeCall
) -> None:
    monkeypatch.setattr(writing, "LINGER_SECONDS", 30.0)
    database = Database()
    writer = Writer(database.write, Losses())
    writer.put(call())
    time.sleep(0.1)
    writer.put(call())
    assert database.taken == []
    assert writer.flush(60)
    assert len(database.taken) == 2


def test_a_full_batch_is_written_without_lingering(monkeypatch: pytest.MonkeyPatch, call: MakeCall) -> None:
    monkeypatch.setattr(writing, "LINGER_SECONDS", 30.0)
    monkeypatch.setattr(writing, "MOST_AT_ONCE", 3)
    database = Database()
    writer = Writer(database.write, Losses())
    writer.put(call())
    time.sleep(0.1)
    writer.put(call(at=minute(1)))
    writer.put(call(at=minute(2)))
    for _ in range(20_000):  # far less than it lingers
        if len(database.taken) == 3:
            break
        time.sleep(0.001)
    assert len(database.taken) == 3


def test_equal_calls_wait_as_one_and_are_written_with_their_number(call: MakeCall) -> None:
    batches: list[Mapping[IssuedCall, int]] = []
    losses = Losses()
    lost = heard(losses)
    writer = Writer(batches.append, losses, most_waiting=2)
    for number in (0, 1, 0, 1, 0, 2):  # the last is a third kind, for which there is no room
        writer.put(call(at=minute(number)))
    assert writer.waiting == 5
    assert writer.flush()
    assert batches == [{call(at=minute(0)): 3, call(at=minute(1)): 2}]
    assert lost == {Cause.QUEUE_FULL: 1}


def test_closing_keeps_its_deadline_and_counts_what_was_left(call: MakeCall) -> None:
    database, losses = Database(), Losses()
    lost = heard(losses)
    database.gate.clear()
    writer = Writer(database.write, losses)
    for _ in range(20):
        writer.put(call())
    writer.close(0.2)  # the database takes nothing until the gate opens, below
    assert lost == {Cause.SHUTDOWN: 20}
    database.gate.set()


def test_losses_are_logged_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[int] = []
    monkeypatch.setattr("cds_service.store.losses._log.warning", lambda _event, *, calls, **_: said.append(calls))
    clock = [0.0]
    monkeypatch.setattr("cds_service.store.losses.time.monotonic", lambda: clock[0])
    losses = Losses()
    lost = heard(losses)
    for moment in (0.0, 1.0, 59.9, 60.0, 61.0):
        clock[0] = moment
        losses.add(Cause.QUEUE_FULL, 10)
    assert said == [10, 30]
    assert lost == {Cause.QUEUE_FULL: 50}


def test_a_forked_worker_has_its_own_thread_and_connections(store: Store, call: MakeCall, card: MakeCard) -> None:
    lost = heard(store.losses)
    store.issued(call(card()))
    assert store.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            store.issued(call(card()))
            status = 0 if store.flush(60) and not lost else 2
            store.close()
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    store.issued(call(card()))
    assert store.flush()
    with store.database.read() as connection:
        assert len(connection.execute(issued_card.select()).all()) == 3


def test_a_store_that_is_down_never_fails_the_caller(tmp_path: object, call: MakeCall) -> None:
    store = Store(Settings(database_url=f"sqlite:///{tmp_path}/no/such/folder/x.db"))
    lost = heard(store.losses)
    store.prepare()
    store.issued(call())
    assert not store.flush(0.05)
    store.close(0.05)
    assert lost.total() == 1


def test_closing_leaves_the_batch_alone_that_is_being_written_and_counts_it_once(call: MakeCall) -> None:
    gate, batches, losses = Event(), list[Mapping[IssuedCall, int]](), Losses()
    lost = heard(losses)

    def write(batch: Mapping[IssuedCall, int]) -> None:
        batches.append(batch)
        assert gate.wait(60)
        raise UnavailableError

    writer = Writer(write, losses)
    writer.put(call())
    while not batches:
        time.sleep(0.001)
    writer.close(0.05)
    assert batches[0] == {call(): 1}
    gate.set()
    assert writer._thread is not None  # noqa: SLF001 - until it has given up
    writer._thread.join(60)  # noqa: SLF001
    assert lost == {Cause.SHUTDOWN: 1}
