import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cds_service.settings import Settings
from cds_service.store.store import Store
from tests.report.made_up_use import ZONE, fill


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'report.db'}", timezone=ZONE)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = Store(settings)
    store.prepare()
    yield store
    store.close()


@pytest.fixture(scope="session")
def nine_weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of nine weeks' use."""
    path = tmp_path_factory.mktemp("use") / "report.db"
    store = Store(Settings(database_url=f"sqlite:///{path}", timezone=ZONE))
    store.prepare()
    fill(store, days=63, calls_a_day=12)
    store.close()
    return path


@pytest.fixture
def filled(nine_weeks: Path, tmp_path: Path, settings: Settings) -> Iterator[Store]:
    shutil.copyfile(nine_weeks, tmp_path / "report.db")
    store = Store(settings)
    yield store
    store.close()
