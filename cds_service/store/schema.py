"""Whether the database's schema is this release's, and the steps that make it so."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from cds_service.errors import UnavailableError
from cds_service.store.database import Database

_MIGRATION_LOCK = 0x0CD5_4EED  # any number, as long as every release takes the same one


class Schema(StrEnum):
    """Where the database stands, seen from this release."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"  # a newer release has been here


def state(database: Database) -> Schema:
    """Where the database stands. Raises UnavailableError."""
    with database.read() as connection:
        return state_seen(connection)


def holds_anything(database: Database) -> bool:
    """False where nothing was ever kept; an SQLite file is not made by asking.

    Raises UnavailableError when the schema is behind this release, or the database does not answer.
    """
    if database.missing:
        return False
    found = state(database)
    if found is Schema.BEHIND:
        message = "the schema of CDS_DATABASE_URL is behind: run cds-service migrate first"
        raise UnavailableError(message)
    return found is not Schema.EMPTY


def migrate(database: Database) -> tuple[str | None, str | None]:
    """Take every missing step in one transaction, one process at a time; the revision before and after.

    A schema that a newer release made is left alone. Raises UnavailableError; then nothing was changed.
    """
    with database.write(durable=True) as connection:
        if not database.sqlite:  # SQLite's BEGIN IMMEDIATE lets one process in at a time already
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        before = _revision(connection)
        if state_seen(connection) is Schema.AHEAD:
            return before, before
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return before, _revision(connection)


def state_seen(connection: Connection) -> Schema:
    """Where the database stands, seen in this transaction."""
    revision = _revision(connection)
    if revision is None:
        return Schema.EMPTY
    head, known = _releases()
    if revision == head:
        return Schema.CURRENT
    return Schema.BEHIND if revision in known else Schema.AHEAD


@cache
def _releases() -> tuple[str | None, frozenset[str]]:
    """The newest revision this release knows, and all it knows."""
    scripts = ScriptDirectory.from_config(_config())
    return scripts.get_current_head(), frozenset(script.revision for script in scripts.walk_revisions())


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config
