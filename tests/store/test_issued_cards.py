from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from cds_service.store.issued import IssuedCall, IssuedCard
from cds_service.store.store import Store
from cds_service.store.tables import call_count, issued_card, silent_count
from tests.store.lost import heard

MakeCall = Callable[..., IssuedCall]
MakeCard = Callable[..., IssuedCard]


def cards(store: Store) -> list[object]:
    with store.database.read() as connection:
        return list(connection.execute(select(issued_card)).all())


def calls(store: Store) -> int:
    with store.database.read() as connection:
        return sum(connection.execute(select(call_count.c.calls)).scalars())


def test_keeps_what_the_report_needs_and_nothing_more(store: Store, call: MakeCall, card: MakeCard) -> None:
    one = card(rules=(("electrolytes", "2.1.0"), ("avoid_quinine", "1.0.0")), indicator="warning")
    store.issued(call(one, issuer="https://ehr.example", tenant="site-1", language="id"))
    assert store.flush()
    (row,) = cards(store)
    assert row._asdict() == {
        "uuid": UUID(one.uuid),
        "issuer": "https://ehr.example",
        "tenant": "site-1",
        "service": "leg-cramps-patient-view",
        "hook": "patient-view",
        "topic": "StretchingFirst",
        "rules": "avoid_quinine 1.0.0, electrolytes 2.1.0",
        "indicator": "warning",
        "language": "id",
        "day": date(2026, 3, 2),
        "issued_at": datetime(2026, 3, 2, 3, 0, tzinfo=UTC),
        "silent": False,
        "offers": "",
        "site": "",
    }


def test_silent_cards_are_kept_with_their_mark_and_silent_calls_by_topic(
    store: Store, call: MakeCall, card: MakeCard
) -> None:
    """A call that is silent of some topics counts once, and once for each of them; a retry nowhere."""
    shown, withheld = card(offers=("stop_it", "order_it")), card(silent=True)
    some = call(shown, withheld, silent=frozenset({"A", "B"}))
    for one in (some, some, call(silent=frozenset({"*"})), call(silent=frozenset({"*"})), call()):
        store.issued(one)
    assert store.flush()
    with store.database.read() as connection:
        kept = {row.uuid: (row.silent, row.offers) for row in connection.execute(select(issued_card))}
        silent = {row.topic: row.calls for row in connection.execute(select(silent_count))}
    assert kept == {UUID(shown.uuid): (False, "stop_it, order_it"), UUID(withheld.uuid): (True, "")}
    assert (calls(store), silent) == (4, {"A": 1, "B": 1, "*": 2})


def test_the_day_is_the_configured_zones(store: Store, call: MakeCall, card: MakeCard) -> None:
    store.issued(call(card(), at=datetime(2026, 3, 2, 16, 59, tzinfo=UTC)))  # 23:59 in Jakarta
    store.issued(call(card(), at=datetime(2026, 3, 2, 17, 0, tzinfo=UTC)))  # midnight
    assert store.flush()
    assert sorted(row.day for row in cards(store)) == [date(2026, 3, 2), date(2026, 3, 3)]


def test_a_retried_call_is_the_same_card_and_counts_once(
    make_store: Callable[[], Store], call: MakeCall, card: MakeCard
) -> None:
    one = call(card(), card())
    for worker in (make_store(), make_store()):
        worker.issued(one)
        worker.issued(one)
        assert worker.flush()
    assert len(cards(worker)) == 2
    assert calls(worker) == 1


def test_a_call_without_cards_counts(store: Store, call: MakeCall, card: MakeCard) -> None:
    for one in (call(), call(), call(card())):
        store.issued(one)
    assert store.flush()
    assert calls(store) == 3
    assert len(cards(store)) == 1


@pytest.mark.parametrize("sites", [("https://a.example", "https://b.example", None), ("https://a.example",) * 3])
def test_the_same_uuid_from_two_sites_is_two_cards(
    store: Store, call: MakeCall, card: MakeCard, sites: tuple[str | None, ...]
) -> None:
    """Of two issuers, or of two tenants of one."""
    one = card()
    for number, issuer in enumerate(sites):
        store.issued(call(one, issuer=issuer, tenant=f"site-{number}"))
    assert store.flush()
    assert len(cards(store)) == 3
    assert calls(store) == 3


def test_overlong_and_nul_names_do_not_lose_the_call(store: Store, call: MakeCall, card: MakeCard) -> None:
    lost = heard(store.losses)
    store.issued(call(card(), tenant="x\x00" * 400))
    assert store.flush()
    (row,) = cards(store)
    assert row.tenant == "x" * 255
    assert not lost


def test_many_calls_all_arrive(store: Store, call: MakeCall, card: MakeCard) -> None:
    lost = heard(store.losses)
    for _ in range(1200):  # more than two batches
        store.issued(call(card()))
    assert store.flush(20.0)
    assert (len(cards(store)), calls(store), lost.total()) == (1200, 1200, 0)
