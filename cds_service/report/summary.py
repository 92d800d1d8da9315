"""The report's numbers, from the store's tallies."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from cds_service.report.calls import Calls
from cds_service.report.periods import period_of, periods, start_of
from cds_service.report.rows import NO_REASON, Offered, Point, Report, Row, Slice
from cds_service.report.versions import Kind, in_use, marks
from cds_service.store import in_force
from cds_service.store.database import Database
from cds_service.store.reading import tallies
from cds_service.store.reading.scope import EVERYTHING, Scope
from cds_service.store.reading.tallies import CardKind, CardTally
from cds_service.variables import EVERY_TOPIC

CLIENT = "client"
SLICES: Mapping[str, tuple[str, ...]] = {
    "hook": ("hook",),
    "indicator": ("indicator",),
    "language": ("language",),
    CLIENT: ("issuer", "tenant"),
}
"""What the cards are sliced by: the names of the values of each."""
_OF_CALLS = ("hook", "issuer", "tenant")  # what calls are told apart by


@dataclass(slots=True)
class _Count:
    """What is added up of some cards."""

    cards: int = 0
    accepted: int = 0
    both: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, tally: CardTally) -> None:
        self.cards += tally.cards
        if tally.accepted:
            self.accepted += tally.cards
        if tally.overridden:
            self.reasons[tally.reason or NO_REASON] += tally.cards
        if tally.accepted and tally.overridden:
            self.both += tally.cards

    def numbers(self) -> dict[str, Any]:
        return {
            "cards": self.cards,
            "accepted": self.accepted,
            "both": self.both,
            "reasons": dict(self.reasons.most_common()),
        }


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a report is asked for."""

    since: date
    until: date
    scope: Scope
    split: tuple[str, ...]

    @property
    def by(self) -> str:
        return period_of(self.since, self.until)


class _Sums:
    """All tallies of a report, added up as it shows them."""

    def __init__(self, asked: _Asked) -> None:
        self.calls = Calls()
        self.rows: dict[tuple[Kind, bool, tuple[str, ...]], _Count] = {}
        self.points: dict[tuple[str, str, str, bool, date], _Count] = {}
        self.slices: dict[tuple[str, tuple[str, ...]], _Count] = {}
        self.firsts: dict[Kind, date] = {}
        self.offered: dict[tuple[str, str, tuple[str, ...]], list[int]] = {}
        self._asked = asked

    def add(self, tally: CardTally) -> None:
        of = tally.kind
        kind = (of.topic, of.rules, of.service, of.hook)
        self.firsts[kind] = min(tally.day, self.firsts.get(kind, tally.day))
        start = start_of(tally.day, self._asked.by)
        self.rows.setdefault((kind, of.silent, self._split(of)), _Count()).add(tally)
        self.points.setdefault((of.topic, of.hook, of.service, of.silent, start), _Count()).add(tally)
        if not of.silent:
            for dimension, names in SLICES.items():
                values = tuple(getattr(of, name) for name in names)
                self.slices.setdefault((dimension, values), _Count()).add(tally)

    def add_offer(self, tally: tallies.OfferTally) -> None:
        sums = self.offered.setdefault((tally.kind.topic, tally.suggestion, self._split(tally.kind)), [0, 0])
        sums[0] += tally.offered
        sums[1] += tally.taken

    def _split(self, of: CardKind) -> tuple[str, ...]:
        return tuple(getattr(of, name) for name in self._asked.split)


def summarise(  # noqa: PLR0913 - what a report is asked for
    database: Database,
    since: date | None,
    until: date | None,
    zone: ZoneInfo,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
    *,
    scope: Scope = EVERYTHING,
    split: tuple[str, ...] = (),
) -> Report | None:
    """The report of the days from ``since`` (else the first kept) to ``until`` (else the last); None when there is none.

    ``scope``: whose calls and which cards; ``split``: the dimensions its rows are split by. ``tell`` hears how many of
    the days are read. Raises UnavailableError.
    """
    kept = tallies.days_kept(database, scope)
    since, until = since or (kept[0] if kept else None), until or (kept[1] if kept else None)
    if since is None or until is None or since > until:
        return None
    asked = _Asked(since, until, scope, split)
    sums = _Sums(asked)
    for start, end in periods(since, until, "month"):
        for tally in tallies.cards(database, start, end, scope):
            sums.add(tally)
        for called in tallies.calls(database, start, end, scope):
            sums.calls.add(called)
        for offer in tallies.offers(database, start, end, scope):
            sums.add_offer(offer)
        tell((end - since).days + 1, (until - since).days + 1)
    with database.read() as connection:
        noted = in_force.changes(connection)
    return Report(
        since=since,
        until=until,
        zone=str(zone),
        by=asked.by,
        calls=sums.calls.by_hook(since, until),
        silent_calls=sums.calls.silent_by_hook(since, until),
        rows=tuple(_rows(sums, asked)),
        points=tuple(_points(sums, asked)),
        slices=tuple(_slices(sums, asked)),
        offered=tuple(_offered(sums)),
        marks=marks(noted, sums.firsts, since, until, zone),
        unknown=tallies.feedback_on_unknown_cards(database, since, until, zone, scope),
        scope=scope,
        split=split,
    )


def _rows(sums: _Sums, asked: _Asked) -> Iterator[Row]:
    for (kind, silent, split), count in sorted(sums.rows.items(), key=lambda item: item[0]):
        topic, rules, service, hook = kind
        start, end = in_use(kind, sums.firsts, asked.since, asked.until)
        which = {name: value for name, value in zip(asked.split, split, strict=True) if name in _OF_CALLS}
        calls = sums.calls.of(start, end, topic=topic, silent=silent, **{"service": service, "hook": hook, **which})
        yield Row(
            topic=topic,
            rules=rules,
            service=service,
            hook=hook,
            silent=silent,
            split=split,
            calls=calls,
            **count.numbers(),
        )


def _points(sums: _Sums, asked: _Asked) -> Iterator[Point]:
    """Every topic and hook in every period, also where no card was shown."""
    services: dict[tuple[str, str, bool], set[str]] = {}
    for topic, hook, service, silent, _ in sums.points:
        services.setdefault((topic, hook, silent), set()).add(service)
    for (topic, hook, silent), some in sorted(services.items()):
        for start, end in periods(asked.since, asked.until, asked.by):
            first = start_of(start, asked.by)
            found = [sums.points.get((topic, hook, service, silent, first), _Count()) for service in some]
            called = [sums.calls.of(start, end, topic=topic, silent=silent, service=one, hook=hook) for one in some]
            yield Point(
                topic,
                hook,
                start,
                end,
                sum(called),
                sum(count.cards for count in found),
                sum(count.accepted for count in found),
                sum(count.reasons.total() for count in found),
                silent,
            )


def _slices(sums: _Sums, asked: _Asked) -> Iterable[Slice]:
    """By every dimension; the value with most cards first."""
    for dimension, names in SLICES.items():
        of_calls = set(names) <= set(_OF_CALLS)
        some = [(values, count) for (one, values), count in sums.slices.items() if one == dimension]
        for values, count in sorted(some, key=lambda item: (-item[1].cards, item[0])):
            which = dict(zip(names, values, strict=True))
            calls = (
                sums.calls.of(asked.since, asked.until, topic=EVERY_TOPIC, silent=False, **which) if of_calls else None
            )
            yield Slice(dimension=dimension, values=values, calls=calls, **count.numbers())


def _offered(sums: _Sums) -> Iterator[Offered]:
    """The kinds that are most often taken first, each with its split together."""
    all_taken: Counter[tuple[str, str]] = Counter()
    for (topic, kind, _), (_, number) in sums.offered.items():
        all_taken[topic, kind] += number
    ordered = sorted(
        sums.offered.items(), key=lambda item: (-all_taken[item[0][:2]], item[0][:2], -item[1][1], item[0])
    )
    for (topic, kind, split), (offered, taken) in ordered:
        yield Offered(topic=topic, kind=kind, split=split, offered=offered, taken=taken)
