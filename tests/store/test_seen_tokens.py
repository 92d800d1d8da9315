from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from cds_service.errors import UnavailableError
from cds_service.settings import Settings
from cds_service.store import seen_tokens
from cds_service.store.store import Store
from cds_service.store.tables import seen_token

MakeStore = Callable[..., Store]


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=15)


def kept(store: Store) -> int:
    with store.database.read() as connection:
        return connection.execute(select(func.count()).select_from(seen_token)).scalar_one()


def test_a_token_passes_once_in_any_worker(make_store: MakeStore) -> None:
    first, second = make_store(), make_store()
    assert first.seen_tokens.remember("https://a.example", "jti-1", soon())
    assert not second.seen_tokens.remember("https://a.example", "jti-1", soon())
    assert not first.seen_tokens.remember("https://a.example", "jti-1", soon())


def test_the_same_id_from_another_issuer_is_another_token(store: Store) -> None:
    assert store.seen_tokens.remember("https://a.example", "1", soon())
    assert store.seen_tokens.remember("https://b.example", "1", soon())
    assert store.seen_tokens.remember("https://a.example1", "", soon())  # no boundary slips between issuer and id


def test_of_many_at_once_exactly_one_passes(make_store: MakeStore) -> None:
    stores = [make_store() for _ in range(6)]
    barrier = Barrier(len(stores))
    answers: list[bool] = []

    def present(one: Store) -> None:
        barrier.wait(60)
        answers.append(one.seen_tokens.remember("https://a.example", "same", soon()))

    threads = [Thread(target=present, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [False] * 5 + [True]


def test_odd_ids_are_taken(store: Store) -> None:
    for odd in ("", "\x00", "\ud800", "x" * 100_000):
        assert store.seen_tokens.remember("https://a.example", odd, soon())
        assert not store.seen_tokens.remember("https://a.example", odd, soon())


def test_expired_tokens_are_forgotten_and_others_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    store.seen_tokens.remember("a", "long gone", now - seen_tokens.KEEP_AFTER_EXPIRY - timedelta(seconds=5))
    store.seen_tokens.remember("a", "just gone", now - seen_tokens.KEEP_AFTER_EXPIRY + timedelta(minutes=1))
    assert kept(store) == 2
    monkeypatch.setattr(seen_tokens, "SWEEP_EVERY_SECONDS", 0.0)
    assert store.seen_tokens.remember("a", "new", soon())
    assert kept(store) == 2
    assert not store.seen_tokens.remember("a", "just gone", soon())


def test_the_id_itself_is_not_kept(store: Store) -> None:
    store.seen_tokens.remember("https://a.example", "canary-jti", soon())
    with store.database.read() as connection:
        (digest,) = connection.execute(select(seen_token.c.digest)).scalars()
    assert len(digest) == 64
    assert "canary" not in digest


def test_a_store_that_is_down_lets_no_one_in(tmp_path: object) -> None:
    store = Store(Settings(database_url=f"sqlite:///{tmp_path}/no/such/folder/x.db"))
    with pytest.raises(UnavailableError):
        store.seen_tokens.remember("a", "b", soon())
