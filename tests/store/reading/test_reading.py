"""What reports and traces read is the same from SQLite and from PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from cds_service.protocol.cards import suggestion_uuid
from cds_service.protocol.feedback import FeedbackItem, Outcome
from cds_service.report.summary import summarise
from cds_service.store.feedback import Sender
from cds_service.store.issued import IssuedCall, IssuedCard
from cds_service.store.reading import cards as single
from cds_service.store.reading import tallies
from cds_service.store.reading.scope import Scope
from cds_service.store.store import Store

MakeCall = Callable[..., IssuedCall]
MakeCard = Callable[..., IssuedCard]

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
SITE = Sender("leg-cramps-patient-view", "https://ehr.example", "site-1")
CARDS = tuple(UUID(int=number) for number in range(1, 6))


def _use(store: Store, call: MakeCall, card: MakeCard) -> None:
    """Five cards: accepted; accepted, then a reason; a reason, then accepted; overridden; withheld."""
    shown = [card(uuid=str(uuid), offers=("stop_it", "order_it")) for uuid in CARDS[:4]]
    withheld = card(uuid=str(CARDS[4]), silent=True)
    store.issued(
        call(*shown, withheld, issuer=SITE.issuer, tenant=SITE.tenant, silent=frozenset({"Other"}), site="abc")
    )
    assert store.flush()
    later = AT + timedelta(minutes=1)
    items = [
        FeedbackItem(CARDS[0], Outcome.ACCEPTED, AT, (suggestion_uuid(CARDS[0], 1),)),
        FeedbackItem(CARDS[1], Outcome.ACCEPTED, AT, (suggestion_uuid(CARDS[1], 0),)),
        FeedbackItem(CARDS[1], Outcome.OVERRIDDEN, later, reason="later"),
        FeedbackItem(CARDS[2], Outcome.OVERRIDDEN, AT, reason="malaria"),
        FeedbackItem(CARDS[2], Outcome.ACCEPTED, later, (UUID(int=99),)),
        FeedbackItem(CARDS[3], Outcome.OVERRIDDEN, AT, comment="not now"),
    ]
    store.add_feedback(items, SITE)


def test_every_card_has_its_fate(make_store: Callable[..., Store], call: MakeCall, card: MakeCard) -> None:
    store = make_store(store_comments=True)
    _use(store, call, card)
    found = {one.uuid: (one, fate) for one, fate in single.fates(store.database, DAY, DAY)}
    fates = [found[uuid][1] for uuid in CARDS]
    assert [(fate.accepted, fate.overridden, fate.reason) for fate in fates] == [
        (True, False, None),
        (True, True, "later"),
        (True, False, None),
        (False, True, None),
        (False, False, None),
    ]
    assert [fate.taken for fate in fates] == [("order_it",), ("stop_it",), (tallies.NOT_RECORDED,), (), ()]
    assert [fate.at for fate in fates] == [AT, AT, AT + timedelta(minutes=1), AT, None]
    assert [fate.comment for fate in fates] == ["", "", "", "not now", ""]
    assert [found[uuid][0].silent for uuid in CARDS] == [False] * 4 + [True]
    assert {(one.site, one.offers) for one, _ in found.values()} == {("abc", ("stop_it", "order_it")), ("abc", ())}


def test_a_report_adds_up_and_is_narrowed_alike(store: Store, call: MakeCall, card: MakeCard) -> None:
    _use(store, call, card)
    report = summarise(store.database, None, None, ZoneInfo("Asia/Jakarta"), split=("tenant",))
    assert report is not None
    (shown,), (silent,) = report.shown, report.withheld
    assert (shown.cards, shown.accepted, shown.overridden, shown.both) == (4, 3, 2, 1)
    assert dict(shown.reasons) == {"later": 1, "none": 1}
    assert (silent.cards, silent.calls, shown.split) == (1, 0, ("site-1",))
    assert {one.kind: (one.offered, one.taken) for one in report.offered} == {
        "stop_it": (4, 1),
        "order_it": (4, 1),
        tallies.NOT_RECORDED: (0, 1),
    }
    for scope in (Scope(tenant="other"), Scope(indicator="critical"), Scope(language="id"), Scope(hook="order-sign")):
        narrowed = summarise(store.database, DAY, DAY, ZoneInfo("Asia/Jakarta"), scope=scope)
        assert narrowed is not None
        assert narrowed.total.cards == 0
    assert tallies.choices(store.database) == {
        "hook": ("patient-view",),
        "issuer": (SITE.issuer,),
        "tenant": (SITE.tenant,),
    }


def test_a_card_is_found_with_all_that_was_reported_on_it(store: Store, call: MakeCall, card: MakeCard) -> None:
    _use(store, call, card)
    kept, told = single.find(store.database, [CARDS[1], UUID(int=77)])
    assert [one.uuid for one in kept] == [CARDS[1]]
    assert [(one.outcome, one.reason, one.taken) for one in told] == [
        ("accepted", None, ("stop_it",)),
        ("overridden", "later", ()),
    ]
    assert single.find(store.database, [CARDS[1]], Scope(issuer="other")) == ([], [])
