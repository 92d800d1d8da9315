"""Why the store is not available: the command line and the log say it in words that quote nothing of the driver's."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import psycopg
import pytest
import structlog
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.engine import make_url

from cds_service.commands.store import migrate
from cds_service.errors import UnavailableError
from cds_service.settings import Settings
from cds_service.store import postgresql as postgres
from cds_service.store import sqlite
from cds_service.store.database import Database
from tests.postgres import Server

PASSWORD = "hunter2"
USER = "somebody"


def said(url: str) -> str:
    """What ``migrate`` says, after checking that it is one line, its status 1, and that it tells no secret."""
    with structlog.testing.capture_logs() as logged:
        ran = CliRunner().invoke(migrate, obj=Settings(database_url=url))
    assert ran.exit_code == 1
    assert ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    assert PASSWORD not in line + str(logged)
    start = "Error: the store is not available: "
    assert line.startswith(start)
    why = line.removeprefix(start)
    assert {entry["why"] for entry in logged if entry["event"] == "store_unavailable"} == {why}
    return why


@pytest.fixture
def not_postgresql() -> Iterator[int]:
    """The port of something else that answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def test_an_sqlite_file_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("not a database, and long enough to be looked at as one" * 40)
    for file, why in {
        tmp_path / "none" / "x.db": f"there is no folder {tmp_path}/none",
        tmp_path: f"{tmp_path} is a folder",
        tmp_path / "words.txt": f"{tmp_path}/words.txt is not an SQLite database",
    }.items():
        assert said(f"sqlite:///{file}") == why


def test_an_sqlite_file_that_may_not_be_written(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    with sqlite3.connect(file) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE t (a)")
    made.close()
    url = f"sqlite:///file:{file}?mode=ro&uri=true"
    with pytest.raises(UnavailableError) as caught, closing(Database(url)) as database, database.write() as connection:
        connection.execute(text("INSERT INTO t VALUES (1)"))
    assert str(caught.value) == "the store is not available"
    assert caught.value.told == f"the store is not available: no right to write file:{file} and beside it"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("SQLITE_FULL", "the disk of /data/x.db is full"),
        ("SQLITE_BUSY_SNAPSHOT", "another process holds /data/x.db"),
        ("SQLITE_CORRUPT_INDEX", "/data/x.db is damaged"),
        ("SQLITE_READONLY_DBMOVED", "no right to write /data/x.db and beside it"),
        ("SQLITE_IOERR_WRITE", "the disk of /data/x.db fails"),
        ("SQLITE_MISUSE", "/data/x.db cannot be used (SQLITE_MISUSE)"),
    ],
)
def test_sqlites_codes(name: str, why: str) -> None:
    error = sqlite3.OperationalError(f"{PASSWORD} in the driver's own words")
    error.sqlite_errorname = name
    assert sqlite.why(error, make_url("sqlite:////data/x.db")) == why


def test_a_file_there_is_no_right_to(tmp_path: Path) -> None:
    error = sqlite3.OperationalError()
    error.sqlite_errorname = "SQLITE_CANTOPEN"
    assert sqlite.why(error, make_url(f"sqlite:///{tmp_path}/x.db")) == f"no right to make {tmp_path}/x.db"
    (tmp_path / "x.db").touch()
    assert sqlite.why(error, make_url(f"sqlite:///{tmp_path}/x.db")) == f"no right to read and write {tmp_path}/x.db"


def test_a_postgresql_that_is_not_there(not_postgresql: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for place, why in {
        "nowhere.invalid": "the host nowhere.invalid is not known",
        f"127.0.0.1:{port}": f"nobody listens at 127.0.0.1:{port}",
        f"127.0.0.1:{not_postgresql}": f"what answers at 127.0.0.1:{not_postgresql} is not PostgreSQL",
    }.items():
        assert said(f"postgresql://{USER}:{PASSWORD}@{place}/cds") == why
    assert said(f"postgresql://{USER}:{PASSWORD}@/cds?host=/nowhere") == "nobody listens at /nowhere:5432"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ('FATAL:  password authentication failed for user "somebody"', "db:5432 refuses the user or the password"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.9"', "db:5432 does not let this user in from here"),
        ("FATAL:  sorry, too many clients already", "db:5432 has no connection left"),
        ("FATAL:  the database system is starting up", "db:5432 is starting or stopping"),
        ("no connection in time", "no answer from db:5432"),
        ("connection timeout expired", "no answer from db:5432"),
        ("server closed the connection unexpectedly", "db:5432 closed the connection"),
        ("SSL error: certificate verify failed", "no TLS with db:5432: its certificate, sslmode or sslrootcert"),
        ("something new of somebody's", "db:5432 does not do it"),
    ],
)
def test_postgresqls_words(words: str, why: str) -> None:
    found = postgres.why(psycopg.OperationalError(words), make_url(f"postgresql://{USER}:{PASSWORD}@db/cds"))
    assert found == why
    assert USER not in found


def test_no_connection_of_the_pool() -> None:
    assert postgres.why(None, make_url("postgresql://db/cds")) == "all connections of this process are in use"


@pytest.mark.postgresql
def test_a_real_servers_refusals(postgresql: Server) -> None:
    url = postgresql.new_database()
    place = f"{postgresql.folder}:5432"
    assert said(f"postgresql://postgres@/{USER}?host={postgresql.folder}") == f"{place} has no database of this name"
    assert said(url.replace("postgres@", f"{USER}@")) == f"{place} refuses the user or the password"
    assert _written(url, "SET TRANSACTION READ ONLY") == f"the database at {place} takes no writing (a standby?)"
    _written(url, "CREATE ROLE nobody; GRANT CREATE ON SCHEMA public TO nobody; CREATE TABLE theirs (a int)")
    assert _written(url, "SET ROLE nobody", "INSERT INTO theirs VALUES (1)") == "no right to do this in the database"
    assert (
        _written(url, "SET statement_timeout = 20", "SELECT pg_sleep(5)")
        == f"{place} took too long, or a table is locked"
    )
    assert _written(url, "SELECT * FROM nothing") == "the schema lacks a table"


def _written(url: str, *statements: str) -> str | None:
    """Why writing failed; None where it did not."""
    try:
        with closing(Database(url)) as database, database.write() as connection:
            for statement in (*statements, "CREATE TABLE IF NOT EXISTS more (a int)"):
                connection.execute(text(statement))
    except UnavailableError as error:
        return error.why
    return None
