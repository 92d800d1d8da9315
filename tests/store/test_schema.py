from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, inspect, select, text

from cds_service.errors import ConfigurationError, UnavailableError
from cds_service.settings import Settings
from cds_service.store import schema
from cds_service.store.database import Database
from cds_service.store.schema import Schema
from cds_service.store.store import Store
from cds_service.store.tables import METADATA, accepted_suggestion, call_count, feedback, issued_card

HEAD = "0003"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PRODUCTION = {"env": "production"}


def test_the_steps_lead_to_the_tables(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert schema.migrate(database) == (None, HEAD)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    assert schema.migrate(database) == (HEAD, HEAD)
    database.close()


def test_the_files_of_the_steps_are_named_as_alembic_reads_them() -> None:
    scripts = ScriptDirectory.from_config(schema._config())  # noqa: SLF001
    revisions = frozenset(script.revision for script in scripts.walk_revisions())
    assert schema._releases() == (scripts.get_current_head(), revisions)  # noqa: SLF001


def test_the_steps_lead_back(database_url: str) -> None:
    database = Database(database_url)
    schema.migrate(database)
    _step(database, command.downgrade, "base")
    assert schema.state(database) is Schema.EMPTY
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    database.close()


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_rows_of_a_schema_before_stay_as_they_are(empty_database_url: str, revision: str) -> None:
    """Cards, reports and counts of two tenants, forth and back; what was not written down then is said to be unknown."""
    database = Database(empty_database_url)
    _step(database, command.upgrade, revision)
    tables = MetaData()
    with database.write() as connection:
        tables.reflect(connection, only=["issued_card", "feedback", "accepted_suggestion", "call_count"])
        for number, tenant in enumerate(("site-1", "site-2", "")):
            connection.execute(insert(issued_card), _card(number, tenant))
            connection.execute(insert(feedback), _report(number, tenant))
            taken = {"feedback": UUID(int=number), "suggestion": UUID(int=90 + number)}
            connection.execute(insert(accepted_suggestion), taken)
            connection.execute(insert(call_count), {**_CALLS, "tenant": tenant, "calls": number})

    def rows() -> list[object]:
        with database.read() as connection:
            return [
                tuple(row)
                for table in tables.sorted_tables
                for row in connection.execute(select(table).order_by(*table.primary_key))
            ]

    before = rows()
    assert len(before) == 12
    assert schema.migrate(database) == (revision, HEAD)
    assert rows() == before
    with database.read() as connection:
        new = (issued_card.c.silent, issued_card.c.offers, issued_card.c.site)
        assert [tuple(row) for row in connection.execute(select(*new))] == [(False, "", "")] * 3
        assert set(connection.execute(select(accepted_suggestion.c.place)).scalars()) == {None}
    with database.write() as connection:
        connection.execute(insert(issued_card), _card(0, "site-2"))
        connection.execute(insert(issued_card), {**_card(7, "site-2"), "silent": True})
    _step(database, command.downgrade, revision)
    came_later = [row for row in rows() if row not in before]
    assert len(came_later) == (0 if revision == "0001" else 1)  # the silent card is gone: nothing would tell it apart
    database.close()


def _step(database: Database, step: Callable[[Config, str], None], revision: str) -> None:
    with database.write() as connection:
        config = schema._config()  # noqa: SLF001
        config.attributes["connection"] = connection
        step(config, revision)


_CALLS = {"service": "x", "hook": "x", "day": NOON.date(), "issuer": "https://ehr.example"}


def _card(number: int, tenant: str) -> dict[str, object]:
    names = dict.fromkeys(("service", "hook", "topic", "rules", "indicator", "language"), "x")
    key = {"uuid": UUID(int=number), "issuer": "https://ehr.example", "tenant": tenant}
    return names | key | {"day": NOON.date(), "issued_at": NOON}


def _report(number: int, tenant: str) -> dict[str, object]:
    key = {"id": UUID(int=number), "card": UUID(int=number), "issuer": "https://ehr.example", "tenant": tenant}
    return key | {"service": "x", "outcome": "accepted", "outcome_at": NOON, "received_at": NOON}


def _migrate(url: str) -> None:
    database = Database(url)
    schema.migrate(database)
    database.close()


def test_several_workers_starting_on_an_empty_database(empty_database_url: str) -> None:
    context = get_context("spawn")
    processes = [context.Process(target=_migrate, args=(empty_database_url,)) for _ in range(2)]
    for process in processes:
        process.start()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_migrate, [empty_database_url] * 2))
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0, 0]
    database = Database(empty_database_url)
    assert schema.state(database) is Schema.CURRENT
    database.close()


def test_a_failed_step_changes_nothing(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(empty_database_url)
    monkeypatch.setattr("alembic.op.create_index", _fail_on_last())
    with pytest.raises(UnavailableError):
        schema.migrate(database)
    monkeypatch.undo()
    assert schema.state(database) is Schema.EMPTY
    assert schema.migrate(database) == (None, HEAD)
    database.close()


def _fail_on_last() -> object:
    from alembic import op  # noqa: PLC0415

    real = op.create_index

    def create_index(name: str, *args: object, **kwargs: object) -> None:
        if name == "ix_seen_token_expires_at":
            op.execute("CREATE TABLE nonsense (")
        real(name, *args, **kwargs)

    return create_index


@pytest.mark.parametrize("settings", [{}, PRODUCTION], ids=["development", "production"])
def test_who_migrates_at_start(empty_database_url: str, settings: dict[str, str]) -> None:
    store = Store(Settings(database_url=empty_database_url, **settings))  # type: ignore[arg-type]
    if settings and not store.database.sqlite:
        with pytest.raises(ConfigurationError, match="empty: run cds-service migrate"):
            store.prepare()
        with pytest.raises(UnavailableError):
            store.check()
        schema.migrate(store.database)
    store.prepare()
    store.check()
    store.close()


def _stamp(database: Database, revision: str) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_a_newer_releases_schema_is_left_alone(database_url: str) -> None:
    store = Store(Settings(database_url=database_url))
    store.prepare()
    _stamp(store.database, "9999")
    assert schema.state(store.database) is Schema.AHEAD
    assert schema.migrate(store.database) == ("9999", "9999")
    store.prepare()
    store.check()
    production = Store(Settings(database_url=database_url, env="production"))
    production.prepare()
    production.close()
    store.close()


def test_an_older_schema_is_behind(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(Settings(database_url=database_url))
    store.prepare()
    monkeypatch.setattr(schema, "_releases", lambda: ("9999", frozenset({HEAD, "9999"})))
    assert schema.state(store.database) is Schema.BEHIND
    with pytest.raises(UnavailableError, match="behind"):
        store.check()
    store.close()
