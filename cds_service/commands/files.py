"""``cds-service site`` and ``issuers``: the files a house writes, checked before a start. ``export``: our codes to read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cds_service import __version__
from cds_service.errors import ConfigurationError
from cds_service.settings import Settings
from cds_service.variables import EVERY_TOPIC

if TYPE_CHECKING:
    from cds_service.trust.issuers import Issuer

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


@click.group()
def issuers() -> None:
    """The clients that may call: check their file."""


@issuers.command("check")
@_FILE
@click.pass_obj
def check_issuers(settings: Settings, file: Path) -> None:
    """Read an issuers file as the service does at start, and say whom it trusts. Every mistake is one line; status 2.

    No key server is asked. What production does not trust is a mistake with CDS_ENV=production, and else a remark.
    """
    from cds_service.catalogue import TOPICS  # noqa: PLC0415 - as above
    from cds_service.trust import production  # noqa: PLC0415
    from cds_service.trust.issuers import load  # noqa: PLC0415

    found = load(str(file), TOPICS)
    remarks = ""
    try:
        production.check_issuers(found)
    except ConfigurationError as error:
        if settings.production:
            raise
        remarks = str(error)
    for issuer in found.values():
        click.echo(issuer.iss)
        for line in _told(issuer):
            click.echo(f"  {line}")
    for remark in remarks.splitlines():
        click.echo(f"production does not start: {remark}")


def _told(issuer: "Issuer") -> Iterator[str]:
    """What an issuer may, a line each."""
    keys = f"{len(issuer.static_keys)} in a file" if issuer.static_keys else f"from {issuer.jku}"
    yield f"keys: {keys}, for {', '.join(sorted(issuer.algorithms))}"
    yield f"tenants: {', '.join(sorted(issuer.tenants)) or 'not checked'}"
    yield f"FHIR servers: {', '.join(issuer.fhir_prefixes) or 'none, nothing is fetched'}"
    if issuer.language or issuer.timezone:
        yield f"language and time zone: {issuer.language or 'the default'}, {issuer.timezone or 'the default'}"
    topics = "every card" if EVERY_TOPIC in issuer.silent else ", ".join(sorted(issuer.silent))
    if topics:
        of = f" of {', '.join(sorted(issuer.silent_tenants))}" if issuer.silent_tenants else ""
        yield f"silent: {topics}{of}"


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
