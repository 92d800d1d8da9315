"""``cds-service site`` and ``cds-service export``: a house's own codes and names, and ours for others to read."""

from datetime import UTC, datetime
from pathlib import Path

import click

from cds_service import __version__
from cds_service.errors import ConfigurationError

_FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def site() -> None:
    """A house's own codes, names, switches, reasons and links: check its file, or draft one."""


@site.command()
@_FILE
def check(file: Path) -> None:
    """Read a site file as the service does at start, and say what it holds. Every mistake is one line; status 2."""
    from cds_service.site.reading import load  # noqa: PLC0415 - the other commands start faster without it

    found = load(file)
    for line in (f"{found.file} {found.digest}", *found.contents, *found.remarks):
        click.echo(line)
    if not found.contents:
        message = f"{file.name} holds nothing"
        raise ConfigurationError(message)


@site.command()
@_FILE
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write to.")
def suggest(file: Path, output: Path | None) -> None:
    """Draft a site file from a replay's unread.csv. Every line is a comment until somebody has reviewed it."""
    from cds_service.site.suggest import draft  # noqa: PLC0415 - as above

    text = draft(file)
    if output is None:
        click.echo(text, nl=False)
        return
    with output.open("x", encoding="utf-8") as opened:  # never over what somebody has reviewed
        opened.write(text)
    click.echo(f"Written to {output}.", err=True)


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
def export(folder: Path) -> None:
    """Write what our codes mean to DIR, as FHIR R4B ValueSets: a file each, with version, date and copyright."""
    from cds_service.chart.r4.value_sets import value_sets  # noqa: PLC0415 - as above

    folder.mkdir(parents=True, exist_ok=True)
    sets = list(value_sets(__version__, datetime.now(UTC).date()))
    for one in sets:
        (folder / f"ValueSet-{one.id}.json").write_text(one.model_dump_json(indent=2) + "\n", encoding="utf-8")
    click.echo(f"{len(sets)} value sets written to {folder}.", err=True)
