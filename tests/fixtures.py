"""The service in process, with callers checked and a store in a file."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cds_service.app import EXTENSION, create_app
from cds_service.settings import Settings
from tests.postgres import Server, running_server
from tests.running_service import BASE, Hospital, hospital
from tests.trust.hospital import Keys


@pytest.fixture(scope="session")
def keys() -> Keys:
    return Keys()


@pytest.fixture
def rs(tmp_path: Path, keys: Keys) -> Hospital:
    """The hospital the service trusts."""
    return hospital(tmp_path, keys)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., FlaskClient]]:
    """Start the service as the settings wire it."""
    made = []

    def started(**changes: object) -> FlaskClient:
        settings = replace(
            Settings(),
            **{
                "database_url": f"sqlite:///{tmp_path}/cds.db",
                "public_base_url": BASE,
                "fetch_deadline_seconds": 60.0,
                **changes,
            },  # type: ignore[arg-type]
        )
        made.append(create_app(settings))
        return made[-1].test_client()

    yield started
    for app in made:
        for stopping in app.extensions[EXTENSION].worker_stopping:
            stopping()


@pytest.fixture
def checked(start: Callable[..., FlaskClient], rs: Hospital) -> FlaskClient:
    """Development, with an issuers file: callers are checked."""
    return start(issuers=str(rs.toml))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with running_server() as server:
        yield server
