import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from cds_service.settings import Settings
from cds_service.store import schema
from cds_service.store.database import Database
from cds_service.store.issued import IssuedCall, IssuedCard
from cds_service.store.store import Store
from tests.postgres import Server, running_server

MakeStore = Callable[..., Store]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with running_server() as server:
        yield server


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "store.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: Server) -> str:
    url = postgresql.new_database()
    _migrate(url)
    return url.split("/")[3].split("?")[0]


def _migrate(url: str) -> None:
    with closing(Database(url)) as database:
        schema.migrate(database)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of its own, with this release's schema."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), tmp_path / "store.db")
        return f"sqlite:///{tmp_path / 'store.db'}"
    server: Server = request.getfixturevalue("postgresql")
    return server.new_database(request.getfixturevalue("migrated_postgresql"))


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    server: Server = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def make_store(database_url: str) -> Iterator[MakeStore]:
    """Stores on the same database, as several workers have them."""
    made: list[Store] = []

    def make(**changes: object) -> Store:
        store = Store(Settings(database_url=database_url, **changes))  # type: ignore[arg-type]
        made.append(store)
        return store

    yield make
    for store in made:
        store.close(5.0)


@pytest.fixture
def store(make_store: MakeStore) -> Store:
    return make_store()


@pytest.fixture
def call() -> Callable[..., IssuedCall]:
    def make(*cards: IssuedCard, **changes: object) -> IssuedCall:
        values: dict[str, object] = {
            "service": "leg-cramps-patient-view",
            "hook": "patient-view",
            "cards": cards,
            "language": "en",
            "at": datetime(2026, 3, 2, 3, 0, tzinfo=UTC),
        }
        return IssuedCall(**(values | changes))  # type: ignore[arg-type]

    return make


@pytest.fixture
def card() -> Callable[..., IssuedCard]:
    def make(**changes: object) -> IssuedCard:
        values: dict[str, object] = {
            "uuid": str(uuid4()),
            "topic": "StretchingFirst",
            "rules": (("stretching_first", "1.0.0"),),
            "indicator": "info",
        }
        return IssuedCard(**(values | changes))  # type: ignore[arg-type]

    return make
