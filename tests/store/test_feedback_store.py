from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cds_service.errors import UnavailableError
from cds_service.protocol.feedback import FeedbackItem, Outcome
from cds_service.store.feedback import Sender, identity
from cds_service.store.store import Store
from cds_service.store.tables import accepted_suggestion, feedback

SENDER = Sender("leg-cramps-patient-view")
NOON = datetime(2026, 3, 2, 12, 0, 0, 520_000, tzinfo=UTC)
MakeStore = Callable[..., Store]


def item(**changes: object) -> FeedbackItem:
    values: dict[str, object] = {"card": uuid4(), "outcome": Outcome.OVERRIDDEN, "at": NOON}
    return FeedbackItem(**(values | changes))  # type: ignore[arg-type]


def rows(store: Store) -> list[object]:
    with store.database.read() as connection:
        return list(connection.execute(select(feedback)).all())


def suggestions(store: Store) -> set[UUID]:
    with store.database.read() as connection:
        return set(connection.execute(select(accepted_suggestion.c.suggestion)).scalars())


def test_keeps_an_override_with_its_reason(store: Store) -> None:
    one = item(reason="malaria")
    assert store.add_feedback([one], Sender("a-service", "https://ehr.example", "site-1")) == 1
    (row,) = rows(store)
    assert (row.card, row.outcome, row.outcome_at, row.reason) == (one.card, "overridden", NOON, "malaria")
    assert (row.issuer, row.tenant, row.service) == ("https://ehr.example", "site-1", "a-service")
    assert row.reason_system is None
    assert datetime.now(UTC) - row.received_at < timedelta(minutes=1)


@pytest.mark.parametrize(("allowed", "kept"), [(False, None), (True, "Pasien menolak")])
def test_a_comment_is_kept_only_when_allowed(make_store: MakeStore, *, allowed: bool, kept: str | None) -> None:
    store = make_store(store_comments=allowed)
    store.add_feedback([item(comment="Pasien menolak")], SENDER)
    assert [row.comment for row in rows(store)] == [kept]


def test_the_same_report_again_changes_nothing(make_store: MakeStore) -> None:
    one, another = item(reason="later"), item()
    assert make_store().add_feedback([one, another, one], SENDER) == 2
    assert make_store().add_feedback([another, one], SENDER) == 0
    assert len(rows(make_store())) == 2


@pytest.mark.parametrize(
    "change",
    [{"at": NOON + timedelta(microseconds=1)}, {"outcome": Outcome.ACCEPTED}, {"card": UUID(int=7)}],
    ids=["time", "outcome", "card"],
)
def test_another_time_outcome_or_card_is_another_report(store: Store, change: dict[str, object]) -> None:
    card = uuid4()
    store.add_feedback([item(card=card), item(**({"card": card} | change))], SENDER)
    assert len(rows(store)) == 2


def test_one_site_cannot_pre_empt_the_report_of_another(store: Store) -> None:
    one = item()
    sites = (("https://a.example", None), ("https://b.example", None), ("https://a.example", "1"), (None, "1"))
    for issuer, tenant in sites:
        assert store.add_feedback([one], Sender("s", issuer, tenant)) == 1
    assert [store.add_feedback([one], Sender("s", *site)) for site in sites] == [0, 0, 0, 0]


def test_a_report_without_a_tenant_is_the_same_one_as_it_was_before_tenants_were_told_apart() -> None:
    """So that what was kept already and is sent again is not kept twice."""
    one = item(card=UUID(int=1))
    assert str(identity(one, Sender("s", "https://a.example"))) == "1f2129af-e479-5ead-9adf-29af45e42e90"


def test_two_suggestions_accepted_in_one_second_are_both_kept(store: Store) -> None:
    card, first, second = uuid4(), uuid4(), uuid4()
    for suggestion in (first, second, first):
        store.add_feedback([item(card=card, outcome=Outcome.ACCEPTED, suggestions=(suggestion,))], SENDER)
    assert len(rows(store)) == 1
    assert suggestions(store) == {first, second}


def test_an_empty_batch_is_no_work(store: Store) -> None:
    assert store.add_feedback([], SENDER) == 0


def test_several_workers_with_the_same_items_in_other_orders(make_store: MakeStore) -> None:
    items = [item() for _ in range(300)]
    stores = [make_store() for _ in range(4)]
    new: list[int] = []
    orders = [items, items[::-1], items[150:] + items[:150], items[::2] + items[1::2]]
    threads = [
        Thread(target=lambda s=one, o=order: new.append(s.add_feedback(o, SENDER)))
        for one, order in zip(stores, orders, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(new) == [0, 0, 0, 300]
    assert len(rows(stores[0])) == 300


def test_a_store_that_is_down_says_so(tmp_path: object) -> None:
    from cds_service.settings import Settings  # noqa: PLC0415

    for url in (f"sqlite:///{tmp_path}/no/such/folder/x.db", f"postgresql://nobody@/x?host={tmp_path}"):
        with pytest.raises(UnavailableError) as caught:
            Store(Settings(database_url=url)).add_feedback([item(comment="secret words")], SENDER)
        assert "secret" not in str(caught.value)
