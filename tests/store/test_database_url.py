import sqlite3
from pathlib import Path

import pytest

from cds_service.errors import ConfigurationError
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
        assert found == ["wal", 5000, level]
        other = sqlite3.connect(tmp_path / "a.db", timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):  # a writer is one from its beginning
            other.execute("CREATE TABLE t (x)")
        other.close()
    database.close()
