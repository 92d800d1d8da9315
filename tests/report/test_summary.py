from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest

from cds_service.protocol.cards import suggestion_uuid
from cds_service.protocol.feedback import FeedbackItem, Outcome
from cds_service.report.rows import NO_REASON, Mark, Report, Row
from cds_service.report.summary import summarise
from cds_service.report.versions import changes
from cds_service.store import in_force
from cds_service.store.feedback import Sender
from cds_service.store.issued import IssuedCall, IssuedCard
from cds_service.store.reading.scope import Scope
from cds_service.store.reading.tallies import NOT_RECORDED
from cds_service.store.store import Store
from tests.report.made_up_use import ZONE

MONDAY = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
ACCEPTED, OVERRIDDEN = Outcome.ACCEPTED, Outcome.OVERRIDDEN


@pytest.fixture
def show(store: Store) -> Callable[..., UUID]:
    """Show one card in one call of its own."""

    def show(
        *,
        topic: str = "AvoidQuinine",
        rules: str = "avoid_quinine 1",
        hook: str = "patient-view",
        day: int = 0,
        site: tuple[str | None, str | None] = (None, None),
        uuid: UUID | None = None,
    ) -> UUID:
        uuid = uuid or uuid4()
        named = tuple((rule.split(" ")[0], rule.split(" ")[1]) for rule in rules.split(", "))
        card = IssuedCard(str(uuid), topic, named, "info")
        store.issued(IssuedCall(f"s-{hook}", hook, (card,), "en", MONDAY + timedelta(days=day), *site))
        assert store.flush()
        return uuid

    return show


@pytest.fixture
def call(store: Store) -> Callable[..., None]:
    """Calls without a card."""

    def call(day: int, number: int, site: tuple[str | None, str | None] = (None, None)) -> None:
        at = MONDAY + timedelta(days=day)
        for _ in range(number):
            store.issued(IssuedCall("s-patient-view", "patient-view", (), "en", at, *site))
        assert store.flush()

    return call


def tell(store: Store, card: UUID, outcome: Outcome, minute: int = 0, reason: str | None = None) -> None:
    item = FeedbackItem(card, outcome, MONDAY + timedelta(minutes=minute), reason=reason)
    store.add_feedback([item], Sender("s-patient-view"))


def summary(store: Store, since: date | None = None, until: date | None = None) -> Report:
    found = summarise(store.database, since, until, ZONE)
    assert found is not None
    return found


def only_row(store: Store) -> Row:
    (row,) = summary(store).rows
    return row


def test_nothing_recorded_is_no_report(store: Store) -> None:
    assert summarise(store.database, None, None, ZONE) is None


def test_cards_per_100_calls(store: Store, show: Callable[..., UUID], call: Callable[..., None]) -> None:
    show()
    call(0, 7)
    assert (only_row(store).calls, only_row(store).cards, only_row(store).per_100_calls) == (8, 1, 12.5)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], (0, {}, 1)),
        ([(ACCEPTED, 0, None)], (1, {}, 0)),
        ([(OVERRIDDEN, 0, None)], (0, {NO_REASON: 1}, 0)),
        ([(OVERRIDDEN, 0, "later")], (0, {"later": 1}, 0)),
        ([(OVERRIDDEN, 0, "later"), (OVERRIDDEN, 1, "malaria")], (0, {"malaria": 1}, 0)),
        ([(OVERRIDDEN, 1, "later"), (OVERRIDDEN, 0, "malaria")], (0, {"later": 1}, 0)),
        ([(OVERRIDDEN, 0, "later"), (OVERRIDDEN, 1, None)], (0, {"later": 1}, 0)),
        ([(OVERRIDDEN, 0, "later"), (ACCEPTED, 1, None)], (1, {}, 0)),
        ([(ACCEPTED, 0, None), (OVERRIDDEN, 1, None)], (1, {}, 0)),
        ([(ACCEPTED, 0, None), (OVERRIDDEN, 1, "later")], (1, {"later": 1}, 0)),
        ([(OVERRIDDEN, 0, "malaria"), (ACCEPTED, 1, None), (OVERRIDDEN, 2, "later")], (1, {"later": 1}, 0)),
        ([(OVERRIDDEN, 0, "malaria"), (ACCEPTED, 1, None), (OVERRIDDEN, 2, None)], (1, {}, 0)),
        ([(ACCEPTED, 0, "later")], (1, {"later": 1}, 0)),
        ([(ACCEPTED, 0, None), (ACCEPTED, 1, None)], (1, {}, 0)),
    ],
)
def test_a_card_counts_once(
    store: Store,
    show: Callable[..., UUID],
    told: list[tuple[Outcome, int, str | None]],
    expected: tuple[int, dict[str, int], int],
) -> None:
    card = show()
    for outcome, minute, reason in told:
        tell(store, card, outcome, minute, reason)
    row = only_row(store)
    assert (row.accepted, row.reasons, row.unanswered) == expected
    assert (row.cards, row.both) == (1, int(row.accepted == row.overridden == 1))


def test_feedback_on_an_unknown_card_is_reported_as_such(store: Store, show: Callable[..., UUID]) -> None:
    show()
    tell(store, uuid4(), ACCEPTED)
    today = datetime.now(ZONE).date()
    assert summary(store, until=today).unknown == 1
    assert summary(store, until=today).total.accepted == 0
    assert summary(store, until=today - timedelta(days=1)).unknown == 0


A, B = ("https://ehr.example", "site-1"), ("https://ehr.example", "site-2")


@pytest.mark.parametrize("other", [("https://other.example", "site-1"), B, ("https://ehr.example", None)])
def test_feedback_of_another_site_is_not_this_cards(
    store: Store, show: Callable[..., UUID], other: tuple[str, str | None]
) -> None:
    card = show(site=A)
    store.add_feedback([FeedbackItem(card, ACCEPTED, MONDAY)], Sender("s", *other))
    assert only_row(store).unanswered == 1
    assert summary(store, until=datetime.now(ZONE).date()).unknown == 1


def test_two_tenants_cards_of_one_number_have_each_their_own_feedback(store: Store, show: Callable[..., UUID]) -> None:
    card = show(site=A)
    show(site=B, uuid=card)
    store.add_feedback([FeedbackItem(card, ACCEPTED, MONDAY)], Sender("s", *A))
    store.add_feedback([FeedbackItem(card, OVERRIDDEN, MONDAY, reason="later")], Sender("s", *B))
    row = only_row(store)
    assert (row.cards, row.accepted, row.overridden) == (2, 1, 1)


def test_a_report_of_one_issuer_or_tenant_holds_nothing_of_the_others(
    store: Store, show: Callable[..., UUID], call: Callable[..., None]
) -> None:
    sites = [A, B, ("https://other.example", "site-1"), (None, None)]
    for number, site in enumerate(sites, 1):
        for day in range(number):
            show(site=site, day=day)
        call(0, 10 * number, site)
        store.add_feedback([FeedbackItem(uuid4(), ACCEPTED, MONDAY)], Sender("s", *site))

    def counted(issuer: str | None = None, tenant: str | None = None) -> tuple[int, int, int, int]:
        until = datetime.now(ZONE).date()
        found = summarise(store.database, None, until, ZONE, scope=Scope(issuer, tenant))
        assert found is not None
        return found.total.cards, found.calls["patient-view"], found.unknown, (found.until - found.since).days

    whole = (datetime.now(ZONE).date() - MONDAY.astimezone(ZONE).date()).days
    assert counted() == (10, 110, 4, whole)
    assert counted(*A) == (1, 11, 1, whole)
    assert counted("https://ehr.example") == (3, 33, 2, whole)
    assert counted(tenant="site-1") == (4, 44, 2, whole)
    assert counted("") == (4, 44, 1, whole)
    assert summarise(store.database, None, None, ZONE, scope=Scope("https://unknown.example")) is None


def test_a_rules_version_has_the_calls_of_its_own_days(
    store: Store, show: Callable[..., UUID], call: Callable[..., None]
) -> None:
    """Version 1 from the range's beginning, version 2 from its first card on."""
    for day in range(10):
        call(day, 10)
    show(rules="avoid_quinine 1", day=2)
    show(rules="avoid_quinine 2", day=6)
    show(topic="RedFlags", rules="red_flags 1", day=6)
    rows = {row.rules: row.calls for row in summary(store).rows}
    assert rows == {"avoid_quinine 1": 61, "avoid_quinine 2": 42, "red_flags 1": 103}


def test_rules_that_share_a_card_do_not_supersede_each_other(
    store: Store, show: Callable[..., UUID], call: Callable[..., None]
) -> None:
    call(0, 10)
    call(9, 10)
    show(rules="avoid_quinine 1", day=0)
    show(rules="avoid_quinine 1, malaria 1", day=5)
    show(hook="order-sign", rules="avoid_quinine 2", day=6)
    assert [row.calls for row in summary(store).rows] == [22, 22, 1]


def test_the_range_has_both_its_days(store: Store, show: Callable[..., UUID]) -> None:
    for day in range(5):
        show(day=day)
    report = summary(store, MONDAY.date() + timedelta(days=1), MONDAY.date() + timedelta(days=3))
    assert (report.total.cards, sum(report.calls.values())) == (3, 3)
    assert summary(store, until=MONDAY.date()).total.cards == 1
    assert summary(store, since=MONDAY.date() + timedelta(days=4)).total.cards == 1


@pytest.mark.parametrize(
    ("days", "by", "starts"),
    [
        (31, "day", 31),
        (32, "week", 5),
        (26 * 7, "week", 26),
        (26 * 7 + 1, "month", 6),
    ],
)
def test_long_ranges_are_shown_in_longer_periods(
    store: Store, show: Callable[..., UUID], days: int, by: str, starts: int
) -> None:
    show()
    report = summary(store, MONDAY.date(), MONDAY.date() + timedelta(days=days - 1))
    assert report.by == by
    assert len(report.points) == starts
    assert report.points[0].start == MONDAY.date()
    assert report.points[-1].end == MONDAY.date() + timedelta(days=days - 1)
    assert [point.cards for point in report.points] == [1] + [0] * (starts - 1)
    gaps = {after.start - before.end for before, after in zip(report.points, report.points[1:], strict=False)}
    assert gaps == {timedelta(days=1)}


def test_everything_adds_up(filled: Store) -> None:
    report = summary(filled)
    assert report.total.cards == sum(point.cards for point in report.points) > 500
    assert report.total.accepted == sum(point.accepted for point in report.points) > 100
    assert report.total.overridden == sum(point.overridden for point in report.points) > 100
    assert report.calls == {"order-select": 252, "order-sign": 252, "patient-view": 756}
    versions = [row.calls for row in report.rows if row.rules.startswith("avoid_quinine 1")]
    assert versions == [372, 384]


def test_reading_tells_how_far_it_is(filled: Store) -> None:
    told: list[tuple[int, int]] = []
    summarise(filled.database, None, None, ZONE, lambda done, days: told.append((done, days)))
    assert told == [(27, 63), (55, 63), (63, 63)]


def test_what_is_silent_stands_apart(store: Store) -> None:
    """Shown and withheld cards of one topic: each per its own calls; feedback on what nobody saw is on no card."""
    topics = {0: frozenset[str](), 1: frozenset({"RedFlags"}), 2: frozenset({"*"})}
    withheld = []
    for number, silent in topics.items():
        for minute in range(10):
            uuid, at = uuid4(), MONDAY + timedelta(minutes=minute)
            card = IssuedCard(str(uuid), "RedFlags", (("red_flags", "1"),), "critical", silent=bool(silent))
            cards = (card,) if minute < number + 1 else ()
            withheld += [uuid] if silent and cards else []
            store.issued(IssuedCall("s", "patient-view", cards, "en", at, "iss", str(number), silent))
    assert store.flush()
    store.add_feedback([FeedbackItem(withheld[0], OVERRIDDEN, MONDAY, reason="later")], Sender("s", "iss", "1"))
    report = summary(store, until=datetime.now(ZONE).date())
    (shown,), (silent_row,) = report.shown, report.withheld
    assert (shown.cards, shown.calls, shown.overridden) == (1, 10, 0)
    assert (silent_row.cards, silent_row.calls) == (2 + 3, 20)
    assert (report.total.cards, report.unknown, dict(report.silent_calls)) == (1, 1, {"patient-view": 10})
    assert [(one.values, one.cards) for one in report.slices if one.dimension == "client"] == [(("iss", "0"), 1)]
    points = {silent: [p for p in report.points if p.silent is silent and p.cards] for silent in (False, True)}
    assert [(point.cards, point.calls) for some in points.values() for point in some] == [(1, 10), (5, 20)]


DIMENSIONS = {"issuer": "iss-b", "tenant": "t-b", "hook": "order-sign", "indicator": "critical", "language": "id"}


@pytest.fixture
def of_every_kind(store: Store) -> Store:
    """A card of each combination of two values of each dimension."""
    both = {"issuer": "iss-a", "tenant": "t-a", "hook": "patient-view", "indicator": "info", "language": "en"}
    for values in product(*((both[name], other) for name, other in DIMENSIONS.items())):
        issuer, tenant, hook, indicator, language = values
        card = IssuedCard(str(uuid4()), "AvoidQuinine", (("avoid_quinine", "1"),), indicator)
        store.issued(IssuedCall(f"s-{hook}", hook, (card,), language, MONDAY, issuer, tenant))
    assert store.flush()
    return store


@pytest.mark.parametrize("name", DIMENSIONS)
def test_every_dimension_narrows_and_splits(of_every_kind: Store, name: str) -> None:
    database = of_every_kind.database
    everything = summarise(database, None, None, ZONE)
    narrowed = summarise(database, None, None, ZONE, scope=Scope(**{name: DIMENSIONS[name]}))
    split = summarise(database, None, None, ZONE, split=(name,))
    assert everything is not None
    assert narrowed is not None
    assert split is not None
    assert (everything.total.cards, narrowed.total.cards, split.total.cards) == (32, 16, 32)
    of_calls = name in ("issuer", "tenant", "hook")
    assert sum(narrowed.calls.values()) == (16 if of_calls else 32)
    of_one = [row for row in split.rows if row.split == (DIMENSIONS[name],)]
    assert sum(row.cards for row in of_one) == 16
    if name != "hook":
        assert {row.calls for row in of_one} == ({8} if of_calls else {16})


def test_slices_hold_every_card_once_in_each_dimension(of_every_kind: Store) -> None:
    slices = summary(of_every_kind).slices
    sizes = {
        one: sum(part.cards for part in slices if part.dimension == one) for one in ("hook", "indicator", "client")
    }
    assert sizes == {"hook": 32, "indicator": 32, "client": 32}
    assert {part.calls for part in slices if part.dimension == "indicator"} == {None}
    assert {part.calls for part in slices if part.dimension == "client"} == {8}


def test_which_suggestion_was_taken(store: Store) -> None:
    """By kind; one that two reports name is taken once; one that is none of the card's is not known."""
    cards = [uuid4() for _ in range(3)]
    for uuid in cards:
        card = IssuedCard(str(uuid), "AvoidQuinine", (("avoid_quinine", "1"),), "info", ("stop_quinine", "order_ecg"))
        store.issued(IssuedCall("s-patient-view", "patient-view", (card,), "en", MONDAY))
    assert store.flush()
    taken = [(cards[0], 0, 0), (cards[0], 0, 1), (cards[0], 1, 1), (cards[1], 0, 0), (cards[2], 7, 0)]
    for uuid, place, minute in taken:
        at = MONDAY + timedelta(minutes=minute)
        item = FeedbackItem(uuid, ACCEPTED, at, (suggestion_uuid(uuid, place),))
        store.add_feedback([item], Sender("s-patient-view"))
    found = {one.kind: (one.offered, one.taken) for one in summary(store).offered}
    assert found == {"stop_quinine": (3, 2), "order_ecg": (3, 1), NOT_RECORDED: (0, 1)}


def test_versions_in_force_are_marked(store: Store, show: Callable[..., UUID]) -> None:
    """As the starts noted them; a version that none did since its first card; a site's file in place of none."""
    show(rules="red_flags 1", topic="RedFlags", day=1)
    show(rules="avoid_quinine 1", day=2)
    show(rules="avoid_quinine 2", day=6)
    starts = [(-9, {("rule", "red_flags"): "1"}), (4, {("rule", "red_flags"): "2", ("site", ""): "abc"})]
    for day, versions in starts:
        with store.database.write() as connection:
            in_force.note(connection, versions, MONDAY + timedelta(days=day))
    report = summary(store, MONDAY.date(), MONDAY.date() + timedelta(days=9))
    marks = [((mark.day - MONDAY.date()).days, mark.name, mark.version) for mark in report.marks]
    assert marks == [
        (-9, "red_flags", "1"),
        (2, "avoid_quinine", "1"),
        (4, "red_flags", "2"),
        (4, "", "abc"),
        (6, "avoid_quinine", "2"),
    ]
    changed = [(mark.name, mark.version) for mark in changes(report.marks, report.since)]
    assert changed == [("red_flags", "2"), ("", "abc"), ("avoid_quinine", "2")]


def test_what_was_in_force_before_the_first_day_is_no_change() -> None:
    first = MONDAY.date()
    marks = [
        Mark(first - timedelta(days=3), "site", "", "old"),
        Mark(first, "rule", "red_flags", "1"),
        Mark(first + timedelta(days=2), "site", "", "new"),
    ]
    assert changes(marks, first) == (marks[2],)
