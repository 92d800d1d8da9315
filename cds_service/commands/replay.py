"""``cds-service replay``. The group that holds it puts the Settings in ``obj``."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cds_service.errors import CallError
from cds_service.settings import LANGUAGES, Settings, zone_named

if TYPE_CHECKING:
    from rich.progress import TaskID

    from cds_service.replay.results.outputs import Written
    from cds_service.replay.run import Plan, Replayed, Told

_DAY = click.DateTime(["%Y-%m-%d"])
_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
INTERRUPTED = 130
MOST_NAMED = 20
NEEDED = "cds-service replay needs DuckDB and PyArrow: pip install 'cds-service[replay]'"

NEEDS_SPARK = "--engine spark needs PySpark 4, pandas and Java: see docs/replay.md"


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of ``replay``, as click hands them over."""

    export: tuple[str, ...]
    output: Path
    service: str
    as_of: datetime | None
    at: str | None
    since: datetime | None
    until: datetime | None
    timezone: str | None
    language: str | None
    types: str | None
    workers: int | None
    engine: str
    memory: int
    temp: Path | None
    key: Path | None
    limit: int | None
    review: int | None
    seed: int
    resume: bool


@click.command()
@click.argument("export", nargs=-1, required=True)
@click.option("--output", type=_FOLDER, required=True, help="A folder for what comes of it, made when not there.")
@click.option("--service", default="patient-view", show_default=True, help="A service's id, or its hook.")
@click.option("--as-of", type=_DAY, metavar="YYYY-MM-DD", help="The day of the calls, and no later record; today.")
@click.option(
    "--at",
    type=click.Choice(("encounters", "orders")),
    help="Call at each encounter or order instead, on the chart as recorded by then.",
)
@click.option("--since", type=_DAY, metavar="YYYY-MM-DD", help="First day of encounters and orders.")
@click.option("--until", type=_DAY, metavar="YYYY-MM-DD", help="Last day of these, included.")
@click.option("--timezone", help="IANA name; CDS_TIMEZONE if not given.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of the cards.")
@click.option("--types", help="Resource types the export holds, by comma; those found in it if not given.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes; the number of cores if not given.")
@click.option("--engine", type=click.Choice(("duckdb", "spark")), default="duckdb", show_default=True)
@click.option(
    "--memory", type=click.IntRange(128), default=512, show_default=True, help="Megabytes for DuckDB, in all."
)
@click.option("--temp", type=_FOLDER, help="Where the charts are kept while it runs (about a third of the export).")
@click.option("--key", type=_FILE, help="File of the hashes' key, made when not there; OUTPUT.key if not given.")
@click.option("--limit", type=click.IntRange(1), help="Replay no more patients than this.")
@click.option("--review", type=click.IntRange(1), metavar="N", help="Also draw N cards and silences to review.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the drawing; the same draws the same.")
@click.option("--resume", is_flag=True, help="Go on from where the same run ended early.")
@click.pass_obj
def replay(settings: Settings, /, **given: Any) -> None:
    """Answer a population's charts as if the service had been called, and report the burden.

    EXPORT: files, folders or globs of FHIR R4: NDJSON (a Bulk Data export), or one Bundle for each patient.
    """
    from cds_service.replay.workers import prepare, seldom_collect, workers  # noqa: PLC0415 - what the other commands do without

    prepare()
    try:
        from cds_service.replay import run  # noqa: PLC0415 - an extra
        from cds_service.replay.results import outputs, page, review  # noqa: PLC0415 - as above
    except ImportError:
        raise CallError(NEEDED) from None
    from cds_service.commands.explain import explain  # noqa: PLC0415

    asked = Asked(**given)
    if (asked.output / outputs.SUMMARY).exists():
        message = f"{asked.output}: holds a finished run; name another folder"
        raise CallError(message)
    plan = _plan(asked, settings)
    seldom_collect()  # all is loaded, and is not to be copied by the processes that share it
    run.begin(plan, resume=asked.resume)
    try:
        with workers(1 if asked.engine == "spark" else plan.workers) as pool, _progress() as told:
            replayed = _on_spark(plan, told) if asked.engine == "spark" else run.replay(plan, pool, told)
        written = outputs.write(replayed, asked.output)
        page.write(written, datetime.now(plan.options.settings.timezone))
        if asked.review is not None:
            review.write(written, replayed, asked.review, asked.seed, explain)
    except BaseException as error:
        run.forget_charts(plan)
        if isinstance(error, KeyboardInterrupt):
            click.echo(f"Stopped. No chart is kept; --resume goes on from the rows in {plan.folder}.", err=True)
            sys.exit(INTERRUPTED)
        raise
    run.clear(plan)
    _say(written, replayed, asked)


def _on_spark(plan: "Plan", told: "Told") -> "Replayed":
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - as above

        from cds_service.replay import spark  # noqa: PLC0415
    except ImportError:
        raise CallError(NEEDS_SPARK) from None
    return spark.run(SparkSession.builder.getOrCreate(), plan, told)


def _plan(asked: Asked, settings: Settings) -> "Plan":
    from cds_service.catalogue import check_switches  # noqa: PLC0415 - as above
    from cds_service.replay.calls import At, Options  # noqa: PLC0415
    from cds_service.replay.keys import key_for  # noqa: PLC0415
    from cds_service.replay.run import Plan  # noqa: PLC0415
    from cds_service.replay.workers import cores  # noqa: PLC0415
    from cds_service.site.reading import in_force  # noqa: PLC0415

    check_switches(settings.disabled_topics)
    zone = zone_named(asked.timezone) if asked.timezone else settings.timezone
    today = datetime.now(zone).date()
    as_of = asked.as_of.date() if asked.as_of else today
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    options = Options(
        as_of=as_of,
        service=_service(asked.service),
        at=At(asked.at) if asked.at else At.DAY,
        since=asked.since and asked.since.date(),
        until=asked.until and asked.until.date(),
        language=asked.language or settings.default_language,
        recorded=as_of < today,
        key=key_for(asked.key or asked.output.with_name(f"{asked.output.name}.key"), asked.output),
        settings=replace(settings, timezone=zone),
        site=in_force(settings),
    )
    return Plan(
        export=asked.export,
        output=asked.output,
        temp=asked.temp or Path(tempfile.gettempdir()),
        options=options,
        workers=asked.workers or cores(),
        memory=asked.memory,
        limit=asked.limit,
        local=asked.engine != "spark",
        types=frozenset(one.strip() for one in asked.types.split(",")) if asked.types else None,
    )


def _service(named: str) -> str:
    from cds_service.catalogue import CATALOGUE  # noqa: PLC0415 - as above

    for service in CATALOGUE:
        if named in (service.id, service.hook):
            return service.id
    message = f"--service: there is none of this name; there are {', '.join(one.id for one in CATALOGUE)}"
    raise CallError(message)


@contextmanager
def _progress() -> Iterator["Told"]:
    """A bar with rate and time left on a terminal; nothing elsewhere."""
    from rich.console import Console  # noqa: PLC0415 - what one command needs, the others do not wait for
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:

        def told(stage: str, detail: str, done: int, whole: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=whole)
            progress.update(tasks[stage], completed=done, total=whole, description=f"{stage}{detail}")

        yield told


def _say(written: "Written", replayed: "Replayed", asked: Asked) -> None:
    """The numbers, and the lines that could not be read: named here and nowhere else, since a file may name a patient."""
    summary = written.summary
    seen = replayed.seen
    for file, number in seen.broken[:MOST_NAMED]:
        click.echo(f"{file}, line {number}: is no FHIR resource", err=True)
    if seen.broken_lines > MOST_NAMED:
        click.echo(f"and {seen.broken_lines - MOST_NAMED:,} lines more", err=True)
    per_100 = (
        "" if summary["cards_per_100_calls"] is None else f", {summary['cards_per_100_calls']} cards per 100 calls"
    )
    click.echo(
        f"{summary['patients']:,} patients, {summary['calls']:,} calls, {summary['with_cards']:,} with cards{per_100}"
    )
    for topic, indicators in summary["topics"].items():
        click.echo(f"  {topic}: {', '.join(f'{number:,} {indicator}' for indicator, number in indicators.items())}")
    click.echo(f"Written to {asked.output}.", err=True)
    if asked.review is not None:
        click.echo("review.html and review.csv hold patient data.", err=True)
