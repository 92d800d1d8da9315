"""The command line: every command's name, and the options of those that serve, call, explain and list the rules."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from cds_service import __version__
from cds_service.commands.files import export, issuers, site
from cds_service.commands.judging import compare, review
from cds_service.commands.replay import replay
from cds_service.commands.report import report
from cds_service.commands.store import migrate, prune
from cds_service.commands.trace import trace
from cds_service.errors import CallError, ConfigurationError
from cds_service.logs import configure, warn_at_start
from cds_service.settings import LANGUAGES, Settings, load_settings, unknown_variables

USAGE_ERROR = 2
_FILE = click.argument("file", type=click.Path(allow_dash=True, path_type=Path))
_PATIENT = click.option("--patient", metavar="ID", help="Whose, where there are several patients.")
_LANGUAGE = click.option("--language", type=click.Choice(LANGUAGES), help="Language of the cards.")
_TODAY = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day a chart is looked at; today if not given.",
)
_SERVICE = click.option("--service", metavar="ID", help="Which of the hook's services; the first if not given.")
_HOST = click.option("--host", default="127.0.0.1", show_default=True)
_PORT = click.option("--port", default=8080, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.pass_context
def cli(context: click.Context) -> None:
    """A CDS Hooks service on FHIR R4, and what goes with it."""
    settings = load_settings()
    configure(settings.log_format, quiet=True)
    context.obj = settings


@cli.command()
@_HOST
@_PORT
@click.pass_obj
def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped. WEB_CONCURRENCY sets the number of workers."""
    _serve(_reachable(settings, host, port), host, port)


@cli.command()
@_HOST
@_PORT
@click.pass_obj
def demo(settings: Settings, host: str, port: int) -> None:
    """Serve, ready to be tried out on this machine."""
    if settings.production:
        message = "CDS_ENV: the demo runs in development only"
        raise ConfigurationError(message)
    trying = replace(_reachable(settings, host, port), allow_private_fhir=True)
    click.echo(f"Demo:      {trying.public_base_url}/", err=True)
    click.echo(f"Discovery: {trying.public_base_url}/cds-services", err=True)
    _serve(trying, host, port)


def _reachable(settings: Settings, host: str, port: int) -> Settings:
    """In development, without an address of its own, the service is reached where it listens."""
    if settings.production or os.environ.get("CDS_PUBLIC_BASE_URL", "").strip():
        return settings
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return replace(settings, public_base_url=f"http://{name}:{port}")


def _serve(settings: Settings, host: str, port: int) -> None:
    workers = _workers()  # before gunicorn is imported, which reads the same variable and gives up on it
    with _loading():
        from cds_service.app import create_app  # noqa: PLC0415 - the other commands start faster without gunicorn
        from cds_service.catalogue import switched_off  # noqa: PLC0415
        from cds_service.commands.serving import serve as serve_app  # noqa: PLC0415
        from cds_service.commands.warming import warm_up  # noqa: PLC0415
        from cds_service.site.reading import in_force  # noqa: PLC0415
        from cds_service.web.metrics.files import begin  # noqa: PLC0415

        configure(settings.log_format)
        begin()
        site = in_force(settings)
        app = create_app(settings)
        off = switched_off(settings.disabled_topics, site.rules_off)
        warn_at_start(settings, unknown_variables(os.environ), off, site.digest)
        warm_up(settings)
    serve_app(app, host, port, workers, settings.max_body_bytes)


@contextmanager
def _loading() -> Iterator[None]:
    """What is loaded stays: no collection looks through it, now or later, and the workers go on sharing its pages."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _workers() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = os.environ.get("WEB_CONCURRENCY") or str(cores)
    if not wanted.isascii() or not wanted.isdigit() or int(wanted) < 1:
        message = "WEB_CONCURRENCY: must be a whole number from 1"
        raise ConfigurationError(message)
    return int(wanted)


@cli.command()
@_FILE
@click.option("--url", help="A running service; without it the request is answered in process.")
@_PATIENT
@_LANGUAGE
@_TODAY
@click.pass_obj
def call(settings: Settings, /, file: Path, url: str | None, patient: str | None, **given: Any) -> None:
    """Fire requests at a service and show its cards.

    FILE holds a CDS Hooks request, or a chart (a FHIR Bundle or NDJSON) of which a patient-view request is made; or
    it is NDJSON of requests, a folder of such files, or - for standard input.
    """
    from rich.console import Console  # noqa: PLC0415 - what one command needs, the others do not wait for

    from cds_service.commands.call import ask, ask_in_process, shown  # noqa: PLC0415
    from cds_service.commands.requests import read_requests  # noqa: PLC0415

    requests = read_requests(file, _day(given["today"], settings), patient)
    for name, request in requests:
        language = given["language"]
        reply = ask(url, request, language) if url else ask_in_process(request, language, settings)
        if len(requests) > 1:
            click.echo(f"== {name}")
        Console().print(shown(reply.cards, reply.withheld))


@cli.command()
@_FILE
@_SERVICE
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@_PATIENT
@_LANGUAGE
@_TODAY
@click.pass_obj
def explain(
    settings: Settings, /, file: Path, service: str | None, form: str, patient: str | None, **given: Any
) -> None:
    """Show what the rules make of FILE (as for call), and why.

    Every rule's decision with its reasons, every fact with its source, what was not read, and what was received.
    As JSON, one line a request.
    """
    from cds_service.catalogue import wording  # noqa: PLC0415
    from cds_service.commands.call import ask_in_process  # noqa: PLC0415 - as above
    from cds_service.commands.explain import explain as explanation  # noqa: PLC0415
    from cds_service.commands.explain_json import as_json  # noqa: PLC0415
    from cds_service.commands.requests import read_requests  # noqa: PLC0415

    requests = read_requests(file, _day(given["today"], settings), patient)
    for name, request in requests:
        reply = ask_in_process(request, given["language"], settings, service)
        if reply.answer is None:
            message = "no answer to explain"
            raise CallError(message)
        words = wording(reply.answer.language)
        if form == "json":
            click.echo(as_json(name, reply.answer, reply.cards, words), nl=False)
        else:
            heading = f"== {name}\n" if len(requests) > 1 else ""
            click.echo(heading + explanation(reply.answer, words))


@cli.command()
@_LANGUAGE
@click.option("--full", is_flag=True, help="All that their pages say, and what each code is called.")
@click.option("--format", "form", type=click.Choice(("text", "html", "json")), help="With --full; text if not given.")
@click.pass_obj
def rules(settings: Settings, language: str | None, form: str | None, *, full: bool) -> None:
    """List the recommendations and their evidence."""
    from cds_service.catalogue import check_switches, check_texts, switched_off  # noqa: PLC0415
    from cds_service.commands.explain import in_full, listed  # noqa: PLC0415 - as above
    from cds_service.site.reading import in_force  # noqa: PLC0415

    if form and not full:
        message = "--format goes with --full"
        raise click.UsageError(message)
    check_texts()
    check_switches(settings.disabled_topics)
    language = language or settings.default_language
    off = switched_off(settings.disabled_topics, in_force(settings).rules_off)
    click.echo(in_full(form or "text", language, off) if full else listed(language, off))


for command in (migrate, prune, replay, review, compare, report, site, issuers, export, trace):
    cli.add_command(command)


def _day(given: datetime | None, settings: Settings) -> date:
    return given.date() if given else datetime.now(settings.timezone).date()


def main() -> None:
    """Run the command line. What a user can mend is one line on standard error, and exit status 2."""
    try:
        cli(prog_name="cds-service")
    except (ConfigurationError, CallError) as error:
        _give_up(error)
    except OSError as error:  # a file that cannot be read or written, a full disk
        what = (error.strerror or type(error).__name__).lower()
        _give_up(what if error.filename is None else f"{error.filename}: {what}")


def _give_up(said: object) -> NoReturn:
    for line in str(said).splitlines():
        click.echo(f"cds-service: {line}", err=True)
    sys.exit(USAGE_ERROR)
