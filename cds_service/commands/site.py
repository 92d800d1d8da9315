"""``cds-service site``: what a house writes down of its own."""

from pathlib import Path

import click

from cds_service.errors import ConfigurationError

_FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.group()
def site() -> None:
    """A house's own codes and names: check its file."""


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
