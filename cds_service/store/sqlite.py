"""Connections to the embedded database: one file, in WAL mode, which must stay the file it was."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, Pool, QueuePool, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError

from cds_service.store.patience import left

_BUSY_SECONDS = 5.0  # where no transaction sets a limit of its own
_FILE = "file"
_WHY: Mapping[str, str] = {
    "SQLITE_NOTADB": "{file} is not an SQLite database",
    "SQLITE_CORRUPT": "{file} is damaged",
    "SQLITE_READONLY": "no right to write {file} and beside it",
    "SQLITE_FULL": "the disk of {file} is full",
    "SQLITE_BUSY": "another process holds {file}",
    "SQLITE_LOCKED": "another connection holds {file}",
    "SQLITE_IOERR": "the disk of {file} fails",
}
"""What an error's name begins with, and what it means."""
_File = tuple[int, int] | None
"""Which file it is (device and inode); None for none."""


def open_engine(url: URL, *, afresh: bool = False) -> Engine:
    """The engine. ``afresh``: it keeps no connection, so that each sees what is on the disk and nothing remembered."""
    pool: type[Pool] = NullPool if afresh else QueuePool
    limited = {} if afresh else {"pool_timeout": _BUSY_SECONDS}
    engine = create_engine(
        url,
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        poolclass=pool,
        hide_parameters=True,
        **limited,
    )
    path = Path(url.database or "")

    def opened(connection: Any, record: Any) -> None:
        try:
            _into_wal_mode(connection)
        except BaseException:
            connection.close()  # a connection that failed here belongs to no pool yet
            raise
        record.info[_FILE] = _which(path)

    def taken_out(_connection: object, record: Any, _proxy: object) -> None:
        if record.info[_FILE] != _which(path):
            message = "the file is another one"  # put back from a backup, say: it is opened anew
            raise DisconnectionError(message)

    event.listen(engine, "connect", opened)
    event.listen(engine, "checkout", taken_out)
    event.listen(engine, "begin", _begin)
    return engine


def why(cause: BaseException | None, url: URL) -> str:
    """Why the file does not do it, from SQLite's error code."""
    file = url.database
    code = str(getattr(cause, "sqlite_errorname", ""))
    if code.startswith("SQLITE_CANTOPEN"):
        return _not_opened(Path(file or ""))
    said = next((words for name, words in _WHY.items() if code.startswith(name)), None)
    return said.format(file=file) if said else f"{file} cannot be used ({code or type(cause).__name__})"


def _not_opened(file: Path) -> str:
    if file.is_dir():
        return f"{file} is a folder"
    if not file.parent.is_dir():
        return f"there is no folder {file.parent}"
    return f"no right to {'read and write' if file.exists() else 'make'} {file}"


def _which(path: Path) -> _File:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _into_wal_mode(connection: Any) -> None:
    connection.isolation_level = None  # the driver leaves BEGIN to us
    deadline = time.monotonic() + _seconds()
    connection.execute(f"PRAGMA busy_timeout={int(1000 * _seconds())}")  # a file cut short is busy for ever
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except connection.OperationalError:  # two workers at once on a new file: SQLite does not wait for this one
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _seconds() -> float:
    """How long to wait for other processes."""
    seconds = left()
    return _BUSY_SECONDS if seconds is None else seconds


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(1000 * _seconds())}")
    # In WAL a killed process loses nothing committed either way; FULL also survives a power cut.
    level = "FULL" if options.get("sqlite_durable") else "NORMAL"
    connection.exec_driver_sql(f"PRAGMA synchronous={level}")
    connection.exec_driver_sql(options.get("sqlite_begin", "BEGIN"))
