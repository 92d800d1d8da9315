"""A release runs on the schema of a newer one, so that rolling back is starting the old image."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from cds_service.store.store import Store
from cds_service.store.tables import accepted_suggestion, call_count, feedback, issued_card, seen_token
from tests.store.past_releases import record

RELEASES = sorted({path.name.partition(".")[0] for path in record.FOLDER.glob("*.json")})


def statements(release: str, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((record.FOLDER / f"{release}.{kind}.json").read_text())
    return found


@pytest.mark.parametrize("release", RELEASES)
def test_what_a_past_release_says_is_understood(store: Store, release: str) -> None:
    """Each statement in its own words, on this release's schema; what it kept and forgot is what it meant to."""
    kind = "sqlite" if store.database.sqlite else "postgresql"
    for said in statements(release, kind):
        with store.database.write() as connection:
            connection.exec_driver_sql(said["statement"], _parameters(said["parameters"]))
    with store.database.read() as connection:
        kept = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (issued_card, call_count, feedback, accepted_suggestion, seen_token)
        }
    assert kept == {"issued_card": 2, "call_count": 2, "feedback": 1, "accepted_suggestion": 0, "seen_token": 1}


def _parameters(written: Any) -> Any:
    """A list of values is one row of SQLite's; a list of rows, or a mapping, stays what it is."""
    if isinstance(written, list) and written and isinstance(written[0], list):
        return [tuple(row) for row in written]
    return tuple(written) if isinstance(written, list) and not (written and isinstance(written[0], dict)) else written


def test_this_release_can_be_written_down(tmp_path: Path) -> None:
    """So that the next one can be tested against it; and the files are of both kinds of database."""
    said = record.recorded(f"sqlite:///{tmp_path}/store.db")
    assert {one["statement"].split()[0] for one in said} == {"INSERT", "SELECT", "DELETE"}
    for release in RELEASES:
        assert len(statements(release, "sqlite")) == len(statements(release, "postgresql")) > 0
