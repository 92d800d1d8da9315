"""Connections to PostgreSQL that keep their caller's deadline, also when the server hangs or a table is locked.

A server that is stopped still keeps its sockets open, and no setting of its own runs: so the waiting is limited here
too. The server's own limits end what a caller has given up, so that it does not go on holding its locks.
"""

import re
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL

from cds_service.store.patience import FOREVER, left

_POOL_SECONDS = 1.0  # for a connection of the pool: it has more of them than a worker has threads
_LOCKS = 0.75  # of a statement's time at most for a lock

_DEFAULT_PORT = 5432
_WHY: tuple[tuple[str, str], ...] = (
    ("^28P01|^28000|password authentication failed", "{place} refuses the user or the password"),
    ("no pg_hba.conf entry", "{place} does not let this user in from here"),
    ('^3D000|database ".*" does not exist', "{place} has no database of this name"),
    ('role ".*" does not exist', "{place} refuses the user or the password"),
    ("^42501", "no right to do this in the database"),
    ("^25006", "the database at {place} takes no writing (a standby?)"),
    ("^53300|too many clients|remaining connection slots", "{place} has no connection left"),
    ("^57P03|starting up|shutting down", "{place} is starting or stopping"),
    ("^57014|^55P03", "{place} took too long, or a table is locked"),
    ("^42P01|^3F000", "the schema lacks a table"),
    ("translate host name|resolve host|Name or service not known", "the host {host} is not known"),
    ("Connection refused|No such file or directory", "nobody listens at {place}"),
    ("invalid response to SSL", "what answers at {place} is not PostgreSQL"),
    ("certificate|SSL|ssl", "no TLS with {place}: its certificate, sslmode or sslrootcert"),
    ("No route to host|Network is unreachable", "no way to {place}"),
    ("closed the connection|reset by peer", "{place} closed the connection"),
    ("timeout|timed out|in time", "no answer from {place}"),
)
"""The server's SQLSTATE or a part of libpq's words, which are not passed on: they quote; and what it means."""

Result = TypeVar("Result")


class Connection(psycopg.Connection[Any]):
    """A connection that is closed, and its statement failed, when the caller's time is over."""

    def wait(self, gen: PQGen[Result], interval: float = 0.1, timeout: float | None = None) -> Result:
        """Every statement, commit and rollback waits here for the server. Raises psycopg.OperationalError."""
        try:
            return super().wait(gen, interval, left() if timeout is None else timeout)
        except psycopg.OperationalError:
            if left() == 0:
                self.close()
            raise


def open_engine(url: URL, patience: float) -> Engine:
    """The engine. ``patience``: seconds the server may take for one statement; FOREVER sets no limit.

    Parameters of the URL itself stand above ours.
    """
    parameters = {"connect_timeout": "3", "tcp_user_timeout": "5000", "keepalives_idle": "30"}
    if patience != FOREVER:
        milliseconds = int(patience * 1000)
        parameters["options"] = f"-c statement_timeout={milliseconds} -c lock_timeout={int(milliseconds * _LOCKS)}"
    engine = create_engine(
        url,
        connect_args={name: value for name, value in parameters.items() if name not in url.query},
        pool_pre_ping=True,
        pool_timeout=_POOL_SECONDS,
        hide_parameters=True,
    )
    event.listen(engine, "do_connect", _connect)
    return engine


def why(cause: BaseException | None, url: URL) -> str:
    """Why the server does not do it."""
    if cause is None:
        return "all connections of this process are in use"
    host = str(url.host or url.query.get("host") or "the local socket")
    place = f"{host}:{url.port or url.query.get('port') or _DEFAULT_PORT}"
    said = f"{getattr(cause, 'sqlstate', None) or ''} {cause}"
    for pattern, words in _WHY:
        if re.search(pattern, said):
            return words.format(host=host, place=place)
    return f"{place} does not do it"


def _connect(_dialect: object, _record: object, arguments: Any, named: Any) -> Connection:
    return _in_time(lambda: Connection.connect(*arguments, **named))


def _in_time(connect: Callable[[], Connection]) -> Connection:
    """A connection within the caller's time, which no setting holds: not for the name server, nor for all addresses."""
    seconds = left()
    if seconds is None:
        return connect()
    made: Future[Connection] = Future()

    def work() -> None:
        try:
            made.set_result(connect())
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the caller's
            made.set_exception(error)

    Thread(target=work, name="store-connecting", daemon=True).start()
    try:
        return made.result(seconds)
    except TimeoutError:
        made.add_done_callback(_close_late)
        message = "no connection in time"
        raise psycopg.OperationalError(message) from None


def _close_late(made: Future[Connection]) -> None:
    if made.exception() is None:
        made.result().close()
