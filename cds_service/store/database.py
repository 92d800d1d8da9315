"""The database connection: SQLite in one file, or PostgreSQL. One engine per process, made after the fork."""

import os
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from cds_service.errors import ConfigurationError, UnavailableError

BUSY_SECONDS = 5.0  # how long a statement waits for another writer, or a request for a connection

_log = structlog.get_logger(__name__)


class Database:
    """Opens transactions. Nothing is connected until the first; a forked child never uses its parent's sockets."""

    def __init__(self, url: str) -> None:
        self.url = _parse(url)
        self._engine: Engine | None = None
        self._lock = Lock()
        self._writing = Lock()
        _INSTANCES.add(self)

    @property
    def sqlite(self) -> bool:
        """True for the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def missing(self) -> bool:
        """True for an embedded database whose file is not there yet."""
        return self.sqlite and not Path(self.url.database or "").exists()

    @property
    def engine(self) -> Engine:
        """The engine of this process."""
        with self._lock:
            if self._engine is None:
                self._engine = _open_sqlite(self.url) if self.sqlite else _open_postgresql(self.url)
            return self._engine

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Connection]:
        """A writing transaction, committed on leaving.

        ``durable``: it is on the disk, not only with the operating system, before it counts as
        committed; PostgreSQL always does so. Raises UnavailableError when the database does not do it.
        """
        with _translated(), self._turn(), self.engine.connect() as connection:
            ready = connection.execution_options(sqlite_begin="BEGIN IMMEDIATE", sqlite_durable=durable)
            with ready.begin():
                yield ready

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One writer of this process at a time where SQLite allows but one of all.

        SQLite's own waiting is a guess with ever longer pauses, in which the background writer starves
        among busy threads; it is left to deal with other processes only.
        """
        if not self.sqlite:
            yield
            return
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            message = "the store is busy"
            raise UnavailableError(message)
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reading transaction: one consistent view. Raises UnavailableError."""
        with _translated(), self.engine.connect() as connection:
            ready = connection.execution_options(sqlite_begin="BEGIN", sqlite_durable=False)
            with ready.begin():
                yield ready

    def close(self) -> None:
        """Give the connections back."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def forked(self) -> None:
        """Forget the parent's engine without touching its connections."""
        self._lock = Lock()
        self._writing = Lock()
        if self._engine is not None:
            self._engine.dispose(close=False)
            self._engine = None


_INSTANCES: "weakref.WeakSet[Database]" = weakref.WeakSet()


def _after_fork() -> None:
    for database in list(_INSTANCES):
        database.forked()


os.register_at_fork(after_in_child=_after_fork)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        # The driver's own words can quote values; its class and SQLSTATE cannot.
        state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
        _log.warning("store_unavailable", error=type(error).__name__, sqlstate=state)
        message = "the store is not available"
        raise UnavailableError(message) from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        message = "CDS_DATABASE_URL is not a database URL (sqlite:///file.db or postgresql://user:password@host/name)"
        raise ConfigurationError(message) from None
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        message = "CDS_DATABASE_URL names neither SQLite nor PostgreSQL (with psycopg)"
        raise ConfigurationError(message)
    if not parsed.database or parsed.database == ":memory:":
        message = "CDS_DATABASE_URL must name a file for SQLite: in memory, no two workers would see the same store"
        raise ConfigurationError(message)
    return parsed


def _open_postgresql(url: URL) -> Engine:
    # A dead server must not hold a request: bounded connecting, bounded silence on an open connection.
    bounds = {"connect_timeout": "3", "tcp_user_timeout": "5000", "keepalives_idle": "30"}
    return create_engine(
        url,
        connect_args={name: value for name, value in bounds.items() if name not in url.query},
        pool_pre_ping=True,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
    )


def _open_sqlite(url: URL) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _sqlite_connected)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver leaves BEGIN to us
    deadline = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except connection.OperationalError:  # two workers at once on a new file: SQLite does not wait for this one
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _sqlite_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    # In WAL a killed process loses nothing committed either way; FULL also survives a power cut.
    level = "FULL" if options.get("sqlite_durable") else "NORMAL"
    connection.exec_driver_sql(f"PRAGMA synchronous={level}")
    connection.exec_driver_sql(options.get("sqlite_begin", "BEGIN"))
