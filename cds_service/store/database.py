"""The database connection: SQLite in one file, or PostgreSQL. One engine per process, made after the fork.

Every transaction has a deadline for all of it: for a free connection, for connecting, for locks, for each statement and
the commit. Then it fails with UnavailableError, whatever state the database is in.
"""

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import ModuleType

import structlog
from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from cds_service.errors import ConfigurationError, UnavailableError
from cds_service.store import sqlite
from cds_service.store.patience import left, within

PATIENCE = 2.0  # seconds; a call has two transactions at most, and is answered within 4 s
LONG_PATIENCE = 20.0  # for a report, which a person waits for

_log = structlog.get_logger(__name__)


class Database:
    """Opens transactions. Nothing is connected until the first; a forked child never uses its parent's sockets.

    ``patience``: the seconds a transaction may take; FOREVER for commands of an operator.
    """

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        self.url = _parse(url)
        self._patience = patience
        self._engines: dict[bool, Engine] = {}
        self._lock = Lock()
        self._writing = Lock()
        self._found = False
        _INSTANCES.add(self)

    @property
    def sqlite(self) -> bool:
        """True for the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def missing(self) -> bool:
        """True for an embedded database whose file is not there."""
        return self.sqlite and not Path(self.url.database or "").exists()

    @property
    def engine(self) -> Engine:
        """The engine of this process."""
        return self._engine(afresh=False)

    def _engine(self, *, afresh: bool) -> Engine:
        afresh = afresh and self.sqlite
        with self._lock:
            if afresh not in self._engines:
                self._engines[afresh] = self._opened(afresh=afresh)
            return self._engines[afresh]

    def _opened(self, *, afresh: bool) -> Engine:
        if self.sqlite:
            return sqlite.open_engine(self.url, afresh=afresh)
        opened: Engine = _postgresql().open_engine(self.url, self._patience)
        return opened

    @contextmanager
    def write(
        self, *, durable: bool = False, seconds: float | None = None, rehearsal: bool = False
    ) -> Iterator[Connection]:
        """A writing transaction, committed on leaving.

        ``durable``: it is on the disk, not only with the operating system, before it counts as
        committed; PostgreSQL always does so. ``seconds``: a patience of its own. ``rehearsal``: all is done, on a
        connection that remembers nothing, and taken back. Raises UnavailableError when the database does not do it.
        """
        with (
            within(self._patience if seconds is None else seconds),
            self._translated(),
            self._turn(),
            self._connection(afresh=rehearsal) as connection,
        ):
            ready = connection.execution_options(sqlite_begin="BEGIN IMMEDIATE", sqlite_durable=durable)
            with ready.begin() as transaction:
                yield ready
                if rehearsal:
                    transaction.rollback()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One writer of this process at a time where SQLite allows but one of all.

        SQLite's own waiting is a guess with ever longer pauses, in which the background writer starves
        among busy threads; it is left to deal with other processes only.
        """
        if not self.sqlite:
            yield
            return
        seconds = left()
        if not self._writing.acquire(timeout=-1 if seconds is None else seconds):
            message = "the store is busy"
            raise UnavailableError(message)
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def read(self, *, afresh: bool = False) -> Iterator[Connection]:
        """A reading transaction: one consistent view. Raises UnavailableError.

        ``afresh``: an embedded database is read from its file, not from what a connection remembers of it.
        """
        with within(self._patience), self._translated(), self._connection(afresh=afresh) as connection:
            ready = connection.execution_options(sqlite_begin="BEGIN", sqlite_durable=False)
            with ready.begin():
                yield ready

    @contextmanager
    def _connection(self, *, afresh: bool) -> Iterator[Connection]:
        """A connection. A file that was there once is not made anew when it is gone: it would be an empty one."""
        if self._found and self.missing:
            _log.error("store_file_gone")
            why = f"the file {self.url.database} is gone"
            raise _unavailable(why)
        with self._engine(afresh=afresh).connect() as connection:
            self._found = True
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The driver's own words can quote values: what is passed on are its class, its SQLSTATE and words of ours."""
        try:
            yield
        except SQLAlchemyError as error:
            cause = error.orig if isinstance(error, DBAPIError) else None
            why = (sqlite if self.sqlite else _postgresql()).why(cause, self.url)
            state = getattr(cause, "sqlstate", None)
            _log.warning("store_unavailable", error=type(error).__name__, sqlstate=state, why=why)
            raise _unavailable(why) from error

    def expect(self) -> None:
        """From now on an embedded database's file is one that was there."""
        self._found = True

    def close(self) -> None:
        """Give the connections back."""
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()

    def forked(self) -> None:
        """Forget the parent's engines without touching their connections."""
        self._lock = Lock()
        self._writing = Lock()
        for engine in self._engines.values():
            engine.dispose(close=False)
        self._engines.clear()


def _unavailable(why: str) -> UnavailableError:
    return UnavailableError("the store is not available", why)


_INSTANCES: "weakref.WeakSet[Database]" = weakref.WeakSet()


def _after_fork() -> None:
    for database in list(_INSTANCES):
        database.forked()


os.register_at_fork(after_in_child=_after_fork)


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


def _postgresql() -> ModuleType:
    from cds_service.store import postgresql  # noqa: PLC0415 - its driver is loaded where it is used

    return postgresql
