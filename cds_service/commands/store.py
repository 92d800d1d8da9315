"""The store, opened for a command, and ``cds-service migrate`` and ``prune``. The group puts the Settings in ``obj``."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from cds_service.errors import UnavailableError
from cds_service.settings import Settings

if TYPE_CHECKING:
    from cds_service.store.database import Database
    from cds_service.store.retention import Pruned


@contextmanager
def opened(settings: Settings) -> Iterator["Database"]:
    """The store as it is, waited for as long as it takes. Raises ClickException where it cannot be used."""
    from cds_service.store.database import Database  # noqa: PLC0415 - SQLAlchemy takes a second to load
    from cds_service.store.patience import FOREVER  # noqa: PLC0415

    try:
        with closing(Database(settings.database_url, FOREVER)) as database:
            yield database
    except UnavailableError as error:
        raise click.ClickException(error.told) from error


@contextmanager
def what_is_kept(settings: Settings) -> Iterator["Database | None"]:
    """The store; None where nothing was ever kept, and that is said where there is not even a file."""
    from cds_service.store import schema  # noqa: PLC0415 - as above

    with opened(settings) as database:
        if database.missing:
            click.echo(f"There is no file {database.url.database} (CDS_DATABASE_URL).", err=True)
        yield database if schema.holds_anything(database) else None


@click.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the database's schema up to this release."""
    from cds_service.store import schema  # noqa: PLC0415 - as above

    with opened(settings) as database:
        before, after = schema.migrate(database)
    if before == after:
        click.echo(f"The schema is up to date ({after}); nothing to do.")
    else:
        click.echo(f"The schema went from {before or 'nothing'} to {after}.")


@click.command()
@click.option("--older-than", "age", required=True, metavar="AGE", help='Such as 90d, "12 weeks", "6 months", 2y.')
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.pass_obj
def prune(settings: Settings, age: str, *, dry_run: bool) -> None:
    """Remove issued cards, calls and feedback older than AGE, and say what went."""
    from cds_service.store import retention  # noqa: PLC0415 - as above

    try:
        before = retention.oldest_kept(age, datetime.now(settings.timezone).date())
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--older-than") from error
    with what_is_kept(settings) as database:
        if database is None:
            click.echo("Nothing is kept yet; there is nothing to remove.")
            return
        found = _count(database, before, settings) if dry_run else _prune(database, before, settings)
    what = (
        f"{_many(found.cards, 'card')}, {_many(found.feedback, 'piece')} of feedback,"
        f" {_many(found.calls, 'daily count')} of calls, {_many(found.tokens, 'expired token')}"
    )
    click.echo(f"{'Would remove' if dry_run else 'Removed'} what is older than {before.isoformat()}: {what}.")


def _count(database: "Database", before: date, settings: Settings) -> "Pruned":
    from cds_service.store import retention  # noqa: PLC0415

    return retention.count(database, before, settings.timezone)


def _prune(database: "Database", before: date, settings: Settings) -> "Pruned":
    from rich.console import Console  # noqa: PLC0415

    from cds_service.store import retention  # noqa: PLC0415

    with Console(stderr=True).status("Removing …") as status:
        return retention.prune(
            database, before, settings.timezone, lambda day: status.update(f"Removing {day.isoformat()} …")
        )


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
