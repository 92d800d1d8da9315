"""One synthetic export, replayed once in this process."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cds_service.replay import run
from cds_service.replay.calls import Options
from cds_service.replay.results import outputs, page
from cds_service.replay.results.outputs import Written
from cds_service.replay.run import Plan
from cds_service.replay.workers import workers
from tests.replay import population

PATIENTS = 300
MANY = 2_000  # where the engines are held against each other
DAY = date(2026, 3, 2)
MADE_AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = bytes(range(32))


@dataclass(frozen=True)
class Export:
    """The export, and how many of its lines are broken."""

    folder: Path
    broken: int


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    folder = tmp_path_factory.mktemp("export")
    return Export(folder, population.write(folder, PATIENTS))


@pytest.fixture(scope="session")
def large_export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    folder = tmp_path_factory.mktemp("large")
    return Export(folder, population.write(folder, MANY))


def plan(export: Path, output: Path, number: int = 1, **options: Any) -> Plan:
    """A run in ``output``'s own temporary folder, by so many workers."""
    temp = output.with_name(f"{output.name}-temp")
    temp.mkdir(exist_ok=True)
    given = {"as_of": DAY, "key": KEY} | options
    return Plan((str(export),), output, temp, Options(**given), workers=number)


def replayed(export: Path, output: Path, number: int = 1, **options: Any) -> Written:
    """The results of a whole run."""
    given = plan(export, output, number, **options)
    run.begin(given, resume=False)
    with workers(number) as pool:
        rows = run.replay(given, pool, lambda *_: None)
    written = outputs.write(rows, output)
    page.write(written, MADE_AT)
    run.clear(given)
    return written


@pytest.fixture(scope="session")
def written(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Written:
    return replayed(export.folder, tmp_path_factory.mktemp("replayed") / "out")


def digests(written: Written) -> list[tuple[Any, ...]]:
    """What each call came to, in a fixed order."""
    return written.ask("SELECT patient, call, date, outcome, digest FROM calls ORDER BY ALL")
