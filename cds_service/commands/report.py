"""``cds-service report``. The group that holds it puts the Settings in ``obj``."""

import sys
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cds_service.errors import UnavailableError
from cds_service.report.days import range_problem
from cds_service.settings import Settings

if TYPE_CHECKING:
    from cds_service.report.summary import Report

_DAY = click.DateTime(["%Y-%m-%d"])
NOTHING = "Nothing yet: no call was recorded {when}. Reports begin with the first call the service answers."


@click.command()
@click.option("--since", type=_DAY, metavar="YYYY-MM-DD", help="First day; the first recorded if not given.")
@click.option("--until", type=_DAY, metavar="YYYY-MM-DD", help="Last day, included; the last recorded if not given.")
@click.option("--issuer", metavar="ISS", help="Only this issuer's calls and cards; everybody's if not given.")
@click.option("--tenant", metavar="TENANT", help="Only this tenant's.")
@click.option(
    "--format", "form", type=click.Choice(("table", "csv", "json", "html")), default="table", show_default=True
)
@click.option("--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="A file to write to.")
@click.pass_obj
def report(  # noqa: PLR0913, PLR0917 - an option each
    settings: Settings,
    since: datetime | None,
    until: datetime | None,
    issuer: str | None,
    tenant: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Show what became of the cards: shown, accepted, overridden and why, by rule and version, over time."""
    today = datetime.now(settings.timezone).date()
    first, last = since and since.date(), until and until.date()
    problem = range_problem(first, last, today)
    if problem:
        raise click.UsageError(problem)
    try:
        found = _read(settings, first, last, issuer, tenant)
    except UnavailableError as error:
        raise click.ClickException(error.told) from error
    if (found is None or found.empty) and form in ("table", "csv"):
        when = "in these days" if first or last else "so far"
        of_whom = " of this issuer and tenant" if (issuer, tenant) != (None, None) else ""
        click.echo(NOTHING.format(when=when + of_whom), err=form == "csv")
        return
    _write(found, form, output, settings)


def _read(
    settings: Settings, since: date | None, until: date | None, issuer: str | None, tenant: str | None
) -> "Report | None":
    from rich.console import Console  # noqa: PLC0415 - what draws and reads takes a second to load
    from rich.progress import Progress  # noqa: PLC0415

    from cds_service.report.summary import summarise  # noqa: PLC0415
    from cds_service.store import schema  # noqa: PLC0415
    from cds_service.store.database import Database  # noqa: PLC0415
    from cds_service.store.patience import FOREVER  # noqa: PLC0415
    from cds_service.store.reading.tallies import Site  # noqa: PLC0415

    console = Console(stderr=True)
    with (
        closing(Database(settings.database_url, FOREVER)) as database,
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        if not schema.holds_anything(database):
            if database.missing:
                click.echo(f"There is no file {database.url.database} (CDS_DATABASE_URL).", err=True)
            return None
        task = progress.add_task("Reading", total=None)
        return summarise(
            database,
            since,
            until,
            settings.timezone,
            lambda done, days: progress.update(task, completed=done, total=days),
            site=Site(issuer, tenant),
        )


def _write(found: "Report | None", form: str, output: Path | None, settings: Settings) -> None:
    from rich.console import Console  # noqa: PLC0415 - as above

    from cds_service.report import formats, page  # noqa: PLC0415

    if form == "table" and output is None and found is not None and sys.stdout.isatty():
        Console().print(formats.table(found))
        return
    if form == "html":
        text = page.html(found, datetime.now(settings.timezone))
    elif found is None:
        text = "{}\n"
    else:
        text = {"table": formats.plain, "csv": formats.as_csv, "json": formats.as_json}[form](found)
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    click.echo(f"Written to {output}.", err=True)
