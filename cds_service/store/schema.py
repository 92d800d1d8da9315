"""Whether the database's schema is this release's, and the steps that make it so.

Alembic takes a twelfth of the start, and is loaded where a step is to be taken only.
"""

from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from cds_service.errors import UnavailableError
from cds_service.store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

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
        if state_seen(connection) in (Schema.AHEAD, Schema.CURRENT):
            return before, before
        from alembic import command  # noqa: PLC0415

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
def _releases() -> tuple[str, frozenset[str]]:
    """The newest revision this release knows, and all it knows: a step's file is named for its revision (``v0003_…``)."""
    steps = resources.files(f"{__package__}.migrations.versions").iterdir()
    known = frozenset(step.name[1:].partition("_")[0] for step in steps if step.name.startswith("v"))
    return max(known), known


def _revision(connection: Connection) -> str | None:
    """Where Alembic says the database stands; None where it was never there."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config
