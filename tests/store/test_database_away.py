"""A database that hangs, is locked, cannot be written or is damaged: a clear error in time, and nothing lost."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import func, make_url, select

from cds_service.errors import UnavailableError
from cds_service.protocol.feedback import FeedbackItem, Outcome
from cds_service.settings import Settings
from cds_service.store import postgresql as connections
from cds_service.store import schema
from cds_service.store.breaker import PAUSE_SECONDS, Breaker
from cds_service.store.database import Database
from cds_service.store.feedback import Sender
from cds_service.store.issued import IssuedCall
from cds_service.store.patience import FOREVER, left, within
from cds_service.store.store import READY_SECONDS, Store
from cds_service.store.tables import call_count, feedback
from tests.postgres import Server, running_server
from tests.store.lost import heard

SENDER = Sender("leg-cramps-patient-view")
SOON = datetime.now(UTC) + timedelta(minutes=5)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


def report() -> FeedbackItem:
    return FeedbackItem(uuid4(), Outcome.OVERRIDDEN, datetime(2026, 3, 2, tzinfo=UTC))


def in_time(work: Callable[[], Any]) -> Any:
    """What the work returns or raises; a failure when it never ends."""
    came: list[Any] = []

    def run() -> None:
        try:
            came.append(work())
        except UnavailableError as error:
            came.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(30)
    assert came, "it waits for ever"
    if isinstance(came[0], Exception):
        raise came[0]
    return came[0]


def in_the_end(work: Callable[[], Any]) -> None:
    """What hung is not tried again at once: until it works, with an end to the waiting."""
    for _ in range(100):
        with suppress(UnavailableError):
            work()
            return
        time.sleep(0.1)
    work()


@contextmanager
def hurried(store: Store) -> Iterator[None]:
    """Inside, the store waits for a moment only; a busy machine may take longer for what is not expected to fail."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("cds_service.store.seen_tokens.PATIENCE", 0.3)
        patched.setattr("cds_service.store.store.READY_SECONDS", 0.3)
        patched.setattr(store.database, "_patience", 0.3)
        yield


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that may be stopped without stopping other tests."""
    with running_server() as server:
        yield server


@contextmanager
def frozen(server: Server) -> Iterator[None]:
    """Stop the server and each of its processes, as a machine that hangs does: its sockets stay open."""
    first = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    family = [first, *_children(first)]
    for process in family:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
    return found


@pytest.mark.postgresql
def test_a_frozen_server_is_an_error_in_time_and_all_is_well_when_it_goes_on(
    own_server: Server, call: Callable[..., IssuedCall]
) -> None:
    """On connections that were open, and on new ones; what waits to be recorded waits."""
    url = own_server.new_database()
    with closing(Database(url)) as migrating:
        schema.migrate(migrating)
    store = Store(Settings(database_url=url))
    store.add_feedback([report()], SENDER)
    store.check()
    waits = report()
    with frozen(own_server), hurried(store):
        for _ in range(3):
            with pytest.raises(UnavailableError):
                in_time(lambda: store.add_feedback([waits], SENDER))
        with pytest.raises(UnavailableError):
            in_time(lambda: store.seen_tokens.remember("a", "b", SOON))
        with pytest.raises(UnavailableError):
            in_time(store.check)
        lost = heard(store.losses)
        store.issued(call())
        assert not store.flush(0.5)
        assert store.waiting == 1
    assert in_time(lambda: store.add_feedback([waits], SENDER)) == 1
    assert store.seen_tokens.remember("a", "c", SOON)
    in_the_end(store.check)
    assert store.flush(30)
    assert not lost
    with store.database.read() as connection:
        assert connection.execute(select(func.sum(call_count.c.calls))).scalar_one() == 1
    store.close()


@ON_POSTGRESQL
@pytest.mark.parametrize("table", ["feedback", "seen_token"])
def test_a_locked_table_is_an_error_in_time(make_store: Callable[[], Store], database_url: str, table: str) -> None:
    store = make_store()
    with psycopg.connect(database_url) as other, hurried(store):
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(UnavailableError):
            in_time(lambda: (store.add_feedback([report()], SENDER), store.seen_tokens.remember("a", "b", SOON)))
        if table == "seen_token":
            with pytest.raises(UnavailableError):
                in_time(store.check)
    in_the_end(store.check)
    assert store.add_feedback([report()], SENDER) == 1


@ON_POSTGRESQL
def test_the_server_gives_up_what_its_caller_has_given_up(make_store: Callable[[], Store]) -> None:
    store = make_store()
    with store.database.read() as connection:
        limits = [
            connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in ("statement_timeout", "lock_timeout")
        ]
    assert limits == ["2s", "1500ms"]
    url = store.database.url.render_as_string(hide_password=False)
    with closing(Database(url, FOREVER)) as patient, patient.read() as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar_one() == "0"


@pytest.mark.postgresql
def test_a_server_that_never_answers_is_an_error_in_time() -> None:
    """It takes connections and says nothing; each of its addresses would be waited for in turn."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        database = Database(f"postgresql://x@/y?host=127.0.0.1:{port}&host=127.0.0.1:{port}", patience=0.2)

        def connect() -> None:
            with database.read():
                pass

        with pytest.raises(UnavailableError):
            in_time(connect)
        database.close()


@pytest.mark.postgresql
def test_a_connection_that_comes_too_late_is_closed() -> None:
    class Late:
        closed = threading.Event()

        def close(self) -> None:
            self.closed.set()

    go_on = threading.Event()

    def connect() -> Any:
        go_on.wait(10)
        return Late()

    with within(0.0), pytest.raises(psycopg.OperationalError, match="in time"):
        connections._in_time(connect)  # noqa: SLF001
    go_on.set()
    assert Late.closed.wait(10)


def test_a_limit_within_a_limit_ends_with_its_block() -> None:
    assert left() is None
    with within(100):
        outer = left()
        with within(FOREVER):
            assert left() is None
        assert outer is not None
        assert (left() or 0) <= outer
    assert left() is None


def test_of_many_who_ask_whether_it_is_ready_while_it_hangs_one_waits(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, tried = [0.0], []

    @contextmanager
    def hangs(**_: object) -> Iterator[None]:
        tried.append(now[0])
        now[0] += READY_SECONDS
        raise UnavailableError
        yield

    answers = store.database.write
    monkeypatch.setattr(store, "_probing", Breaker(lambda: now[0]))
    monkeypatch.setattr(store.database, "write", hangs)
    for _ in range(10):
        with pytest.raises(UnavailableError):
            store.check()
    assert tried == [0.0]
    now[0] += PAUSE_SECONDS
    monkeypatch.setattr(store.database, "write", answers)
    store.check()


@ON_POSTGRESQL
def test_a_database_that_may_only_be_read_is_not_ready(make_store: Callable[[], Store], database_url: str) -> None:
    name = make_url(database_url).database
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with pytest.raises(UnavailableError):
        make_store().check()


def test_asking_whether_it_is_ready_leaves_nothing_behind(store: Store) -> None:
    store.check()
    store.check()
    assert store.seen_tokens.remember("a", "b", SOON)
    with store.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM seen_token").scalar_one() == 1


def _remove(file: Path) -> None:
    file.unlink()


def _fill_with_nonsense(file: Path) -> None:
    file.write_bytes(b"nonsense" * (file.stat().st_size // 8))


def _cut(file: Path) -> None:
    os.truncate(file, 0)


def _cut_in_half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _remove_the_log(file: Path) -> None:
    Path(f"{file}-wal").unlink()


def _put_another_in_place(file: Path) -> None:
    file.rename(f"{file}.old")
    file.write_bytes(b"")


@ON_SQLITE
@pytest.mark.parametrize(
    "harm", [_remove, _fill_with_nonsense, _cut, _cut_in_half, _remove_the_log, _put_another_in_place]
)
def test_a_harmed_file_never_takes_feedback_and_loses_it(
    make_store: Callable[[], Store], database_url: str, harm: Callable[[Path], None]
) -> None:
    """Either it is refused, or whoever opens the file afterwards finds it."""
    file = Path(database_url.removeprefix("sqlite:///"))
    store = make_store()
    for _ in range(3):
        store.add_feedback([report()], SENDER)
    harm(file)
    taken = []
    for _ in range(5):
        one = report()
        with suppress(UnavailableError):
            store.add_feedback([one], SENDER)
            taken.append(one.card)
    killed = store.database.engine.pool
    store.database.engine.dispose(close=False)  # as when the process is killed
    found: list[Any] = []
    with suppress(UnavailableError), closing(Database(database_url)) as another, another.read() as connection:
        found = list(connection.execute(select(feedback.c.card)).scalars())
    killed.dispose()
    assert set(taken) <= set(found)


@ON_SQLITE
@pytest.mark.parametrize("harm", [_remove, _fill_with_nonsense, _cut, _put_another_in_place])
def test_a_harmed_file_is_not_ready_and_no_token_is_taken_on_it(
    make_store: Callable[[], Store], database_url: str, harm: Callable[[Path], None]
) -> None:
    file = Path(database_url.removeprefix("sqlite:///"))
    store = make_store()
    store.check()
    assert store.seen_tokens.remember("a", "b", SOON)
    harm(file)
    with pytest.raises(UnavailableError):
        store.check()
    if harm in (_remove, _put_another_in_place):
        with pytest.raises(UnavailableError):
            store.seen_tokens.remember("a", "c", SOON)
    if harm is _remove:
        assert not file.exists()  # an empty one would only look well


@ON_SQLITE
def test_a_file_put_back_is_used_again(make_store: Callable[[], Store], database_url: str) -> None:
    file = Path(database_url.removeprefix("sqlite:///"))
    store = make_store()
    store.check()
    kept = file.read_bytes()
    file.unlink()
    for beside in ("-wal", "-shm"):
        Path(f"{file}{beside}").unlink(missing_ok=True)
    with pytest.raises(UnavailableError):
        store.check()
    file.write_bytes(kept)
    store.check()
    assert store.add_feedback([report()], SENDER) == 1
