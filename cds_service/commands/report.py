"""``cds-service report``. The group that holds it puts the Settings in ``obj``."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cds_service.commands.store import what_is_kept
from cds_service.report.periods import range_problem
from cds_service.settings import LANGUAGES, Settings

if TYPE_CHECKING:
    from cds_service.report.rows import Report
    from cds_service.report.words import Words
    from cds_service.store.database import Database
    from cds_service.store.reading.scope import Scope

_DAY = click.DateTime(["%Y-%m-%d"])
_SPLITS = ("indicator", "issuer", "tenant", "language")
NOTHING = "Nothing yet: no call was recorded {when}. Reports begin with the first call the service answers."

Tell = Callable[[int, int], None]


@click.command()
@click.option("--since", type=_DAY, metavar="YYYY-MM-DD", help="First day; the first recorded if not given.")
@click.option("--until", type=_DAY, metavar="YYYY-MM-DD", help="Last day, included; the last recorded if not given.")
@click.option("--issuer", metavar="ISS", help="Only this issuer's calls and cards; everybody's if not given.")
@click.option("--tenant", metavar="TENANT", help="Only this tenant's.")
@click.option("--hook", metavar="HOOK", help="Only this hook's.")
@click.option("--indicator", type=click.Choice(("critical", "warning", "info")), help="Only such cards.")
@click.option("--card-language", "language_of_cards", type=click.Choice(LANGUAGES), help="Only cards in this language.")
@click.option("--split", multiple=True, type=click.Choice(_SPLITS), help="Split the tables by it; may be repeated.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of the report (table and html).")
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "csv", "json", "html")),
    default="table",
    show_default=True,
    help="csv: one line a card, with what became of it.",
)
@click.option("--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="A file to write to.")
@click.pass_obj
def report(settings: Settings, /, since: datetime | None, until: datetime | None, form: str, **given: Any) -> None:
    """Show what became of the cards: shown, accepted, overridden and why, by rule and version, over time."""
    from cds_service.store.reading.scope import Scope  # noqa: PLC0415 - what draws and reads takes a second to load

    today = datetime.now(settings.timezone).date()
    first, last = since and since.date(), until and until.date()
    problem = range_problem(first, last, today)
    if problem:
        raise click.UsageError(problem)
    scope = Scope(given["issuer"], given["tenant"], given["hook"], given["indicator"], given["language_of_cards"])
    split = tuple(name for name in _SPLITS if name in given["split"])
    output: Path | None = given["output"]
    with what_is_kept(settings) as database, _progress() as tell:
        if form == "csv" and database is not None:
            _export(database, first, last, scope, output, _words(settings))
            return
        found = None
        if database is not None:
            found = _summary(database, first, last, scope, split, settings, tell)
    if (found is None or found.empty) and form in ("table", "csv"):
        _say_nothing(first or last, scope, err=form == "csv")
        return
    _write(found, form, given["language"] or settings.default_language, output, settings)


def _say_nothing(days: date | None, scope: "Scope", *, err: bool) -> None:
    when = "in these days" if days else "so far"
    click.echo(NOTHING.format(when=when + (" of what is chosen" if scope else "")), err=err)


@contextmanager
def _progress() -> Iterator[Tell]:
    """What is told how many of the days are read."""
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.progress import Progress  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Reading", total=None)
        yield lambda done, days: progress.update(task, completed=done, total=days)


def _summary(  # noqa: PLR0913, PLR0917 - what a report is asked for
    database: "Database",
    since: date | None,
    until: date | None,
    scope: "Scope",
    split: tuple[str, ...],
    settings: Settings,
    tell: Tell,
) -> "Report | None":
    from cds_service.report.summary import summarise  # noqa: PLC0415 - as above

    return summarise(database, since, until, settings.timezone, tell, scope=scope, split=split)


def _export(
    database: "Database",
    since: date | None,
    until: date | None,
    scope: "Scope",
    output: Path | None,
    words: "Words",
) -> None:
    """One line a card, written as it is read."""
    from cds_service.report import export  # noqa: PLC0415 - as above
    from cds_service.report.periods import periods  # noqa: PLC0415
    from cds_service.store.reading import cards, tallies  # noqa: PLC0415

    kept = tallies.days_kept(database, scope)
    if kept is None:
        _say_nothing(since or until, scope, err=True)
        return
    months = periods(since or kept[0], until or kept[1], "month")
    lines = (line for start, end in months for line in export.lines(cards.fates(database, start, end, scope), words))
    with click.open_file(str(output or "-"), "w", encoding="utf-8") as out:
        out.write(export.header())
        out.writelines(lines)
    if output is not None:
        click.echo(f"Written to {output}.", err=True)


def _words(settings: Settings, language: str | None = None) -> "Words":
    """With the house's reasons."""
    from cds_service.report.words import words  # noqa: PLC0415 - as above
    from cds_service.site.reading import in_force  # noqa: PLC0415

    return words(language or settings.default_language, in_force(settings).house)


def _write(found: "Report | None", form: str, language: str, output: Path | None, settings: Settings) -> None:
    from rich.console import Console  # noqa: PLC0415 - as above

    from cds_service.report import formats, json_format, page  # noqa: PLC0415

    said = _words(settings, language)
    if form == "table" and output is None and found is not None and sys.stdout.isatty():
        Console().print(formats.table(found, said))
        return
    if form == "html":
        text = page.html(found, datetime.now(settings.timezone), said)
    elif found is None:
        text = "{}\n"
    else:
        text = formats.plain(found, said) if form == "table" else json_format.as_json(found, said)
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    click.echo(f"Written to {output}.", err=True)
