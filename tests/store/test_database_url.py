import os
import sqlite3
from pathlib import Path
from threading import Event, Thread, Timer

import pytest

from cds_service.errors import ConfigurationError, UnavailableError
from cds_service.store import database as databases
from cds_service.store.database import Database


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql(scheme: str) -> None:
    database = Database(f"{scheme}://user:pass@db.example/cds")
    assert database.url.drivername == "postgresql+psycopg"
    assert not database.sqlite


@pytest.mark.parametrize(
    "url",
    ["", "cds.db", "mysql://u:canary@h/d", "postgresql+asyncpg://u:canary@h/d", "sqlite://", "sqlite:///:memory:"],
)
def test_what_cannot_be_meant_is_refused_without_echo(url: str) -> None:
    with pytest.raises(ConfigurationError, match="CDS_DATABASE_URL") as caught:
        Database(url)
    assert "canary" not in str(caught.value)


def test_a_password_is_in_no_repr() -> None:
    assert "canary" not in repr(Database("postgresql://u:canary@h/d").url)


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
def test_sqlite_is_set_up_for_several_workers(tmp_path: Path, *, durable: bool, level: int) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.write(durable=durable) as connection:
        pragmas = ("journal_mode", "busy_timeout", "synchronous")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in pragmas]
        assert (found[0], found[2]) == ("wal", level)
        assert 0 < found[1] <= databases.PATIENCE * 1000
        other = sqlite3.connect(tmp_path / "a.db", timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):  # a writer is one from its beginning
            other.execute("CREATE TABLE t (x)")
        other.close()
    database.close()


def test_writers_of_one_process_take_turns(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    entered, leave = Event(), Event()
    order: list[str] = []

    def first() -> None:
        with database.write():
            entered.set()
            leave.wait(60)
            order.append("first")

    thread = Thread(target=first)
    thread.start()
    assert entered.wait(60)
    with pytest.raises(UnavailableError, match="busy"), database.write(seconds=0.05):
        order.append("too early")
    Timer(0.1, leave.set).start()
    with database.write():
        order.append("second")
    thread.join(60)
    assert order == ["first", "second"]
    database.close()


def test_a_fork_while_a_writer_is_at_it_does_not_block_the_child(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
        child = os.fork()
        if child == 0:
            os._exit(0 if database._writing.acquire(timeout=0) and not database._engines else 1)  # noqa: SLF001
    assert os.waitpid(child, 0)[1] == 0
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT * FROM t").all() == []
    database.close()
