"""Since when which version is in force."""

from datetime import UTC, datetime, timedelta

from cds_service.store import in_force
from cds_service.store.in_force import RULE, SITE, Since
from cds_service.store.store import Store

START = datetime(2026, 3, 2, tzinfo=UTC)


def changes(store: Store) -> list[tuple[int, str, str]]:
    with store.database.read() as connection:
        return [((one.since - START).days, one.name, one.version) for one in in_force.changes(connection)]


def test_a_start_that_changes_nothing_writes_nothing_and_a_way_back_is_a_change(store: Store) -> None:
    starts = [{"a": "1", "b": "1"}, {"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "1", "c": "9"}]
    for day, versions in enumerate(starts):
        with store.database.write() as connection:
            in_force.note(connection, {(RULE, name): v for name, v in versions.items()}, START + timedelta(days=day))
    assert changes(store) == [(0, "a", "1"), (0, "b", "1"), (2, "a", "2"), (3, "a", "1"), (3, "c", "9")]


def test_the_store_notes_it_at_a_start(store: Store) -> None:
    before = datetime.now(UTC)
    store.note_in_force({(SITE, ""): "digest"})
    store.note_in_force({(SITE, ""): "digest"})
    with store.database.read() as connection:
        (one,) = in_force.changes(connection)
    assert (one.kind, one.version) == (SITE, "digest")
    assert before <= one.since <= datetime.now(UTC)
    assert isinstance(one, Since)
