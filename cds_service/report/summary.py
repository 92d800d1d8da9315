"""The report's numbers, from the store's tallies."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from cds_service.store.database import Database
from cds_service.store.reading import tallies
from cds_service.store.reading.tallies import EVERYBODY, CardTally, Site

NO_REASON = "none"
"""The reason of an override without one (or with words instead of a code)."""

_MOST_DAYS = 31  # longer ranges are shown by week
_MOST_WEEKS = 26  # and still longer ones by month

_Kind = tuple[str, str, str, str]  # topic, rules, service, hook
_Calls = Mapping[tuple[str, str], Mapping[date, int]]  # by service and hook, then by day


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one kind of card.

    ``calls``: answered calls of its service and hook while these rule versions were in use: from a
    version's first card (or the range's beginning) to the day before the next version's first.
    ``reasons``: overrides by reason code, NO_REASON included; they sum to ``overridden``.
    """

    topic: str
    rules: str
    service: str
    hook: str
    calls: int
    cards: int
    accepted: int
    reasons: Mapping[str, int]

    @property
    def overridden(self) -> int:
        """Cards dismissed, with or without a reason, no suggestion of them accepted."""
        return sum(self.reasons.values())

    @property
    def unanswered(self) -> int:
        """Cards no one has reported on: ignored, or the client sends no feedback."""
        return self.cards - self.accepted - self.overridden

    @property
    def per_100_calls(self) -> float | None:
        """Cards shown per 100 calls; None when no call was counted."""
        return 100 * self.cards / self.calls if self.calls else None


@dataclass(frozen=True, slots=True)
class Point:
    """One topic on one hook in one period (``start`` to ``end``, both included)."""

    topic: str
    hook: str
    start: date
    end: date
    calls: int
    cards: int
    accepted: int
    overridden: int

    @property
    def per_100_calls(self) -> float | None:
        """Cards shown per 100 calls; None when there was no call."""
        return 100 * self.cards / self.calls if self.calls else None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the report shows. ``since``, ``until``: first and last day, in ``zone``; ``by``: day, week or month.

    ``calls``: all answered calls, by hook. ``unknown``: feedback on cards that were never recorded. ``site``: whose.
    """

    since: date
    until: date
    zone: str
    by: str
    calls: Mapping[str, int]
    rows: tuple[Row, ...] = ()
    points: tuple[Point, ...] = ()
    unknown: int = 0
    site: Site = EVERYBODY

    @property
    def empty(self) -> bool:
        """True when there is nothing to show."""
        return not self.rows and not self.calls and not self.unknown

    @property
    def cards(self) -> int:
        """All cards."""
        return sum(row.cards for row in self.rows)

    @property
    def accepted(self) -> int:
        """Of them accepted."""
        return sum(row.accepted for row in self.rows)

    @property
    def overridden(self) -> int:
        """Of them overridden."""
        return sum(row.overridden for row in self.rows)

    @property
    def unanswered(self) -> int:
        """Of them not answered."""
        return self.cards - self.accepted - self.overridden


@dataclass(slots=True)
class _Count:
    """What is added up of one kind of card, or of one topic in one period."""

    cards: int = 0
    accepted: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    first: date = date.max

    def add(self, tally: CardTally) -> None:
        self.cards += tally.cards
        self.first = min(self.first, tally.day)
        if tally.outcome == "accepted":
            self.accepted += tally.cards
        elif tally.outcome == "overridden":
            self.reasons[tally.reason or NO_REASON] += tally.cards


def summarise(
    database: Database,
    since: date | None,
    until: date | None,
    zone: ZoneInfo,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
    *,
    site: Site = EVERYBODY,
) -> Report | None:
    """The site's report of the days from ``since`` (else the first kept) to ``until`` (else the last); None when empty.

    ``tell`` hears how many of the days are read. Raises UnavailableError.
    """
    kept = tallies.days_kept(database, site)
    since, until = since or (kept[0] if kept else None), until or (kept[1] if kept else None)
    if since is None or until is None or since > until:
        return None
    by = _period_of(since, until)
    kinds: dict[_Kind, _Count] = {}
    points: dict[tuple[str, str, str, date], _Count] = {}
    calls: dict[tuple[str, str], Counter[date]] = {}
    for start, end in _months(since, until):
        for tally in tallies.cards(database, start, end, site):
            kinds.setdefault((tally.topic, tally.rules, tally.service, tally.hook), _Count()).add(tally)
            points.setdefault((tally.topic, tally.hook, tally.service, _start(tally.day, by)), _Count()).add(tally)
        for called in tallies.calls(database, start, end, site):
            calls.setdefault((called.service, called.hook), Counter())[called.day] += called.calls
        tell((end - since).days + 1, (until - since).days + 1)
    return Report(
        since=since,
        until=until,
        zone=str(zone),
        by=by,
        calls=_by_hook(calls),
        rows=tuple(_rows(kinds, calls, since, until)),
        points=tuple(_points(points, calls, since, until, by)),
        unknown=tallies.feedback_on_unknown_cards(database, since, until, zone, site),
        site=site,
    )


def whole_periods(points: Sequence[Point]) -> list[Point]:
    """The points without a first or last period that the range cuts short, unless nothing else is there."""
    starts = sorted({point.start for point in points})
    longest = max(((point.end - point.start).days for point in points), default=0)
    shortest = min(longest, 27)  # February is whole, too
    cut = {point.start for point in points if (point.end - point.start).days < shortest} & {starts[0], starts[-1]}
    whole = [point for point in points if point.start not in cut]
    return whole or list(points)


def _rows(kinds: Mapping[_Kind, _Count], calls: _Calls, since: date, until: date) -> Iterable[Row]:
    for kind, count in sorted(kinds.items()):
        topic, rules, service, hook = kind
        start, end = _in_use(kind, kinds, since, until)
        days = calls.get((service, hook), {})
        number = sum(calls_of_day for day, calls_of_day in days.items() if start <= day <= end)
        yield Row(topic, rules, service, hook, number, count.cards, count.accepted, dict(count.reasons.most_common()))


def _in_use(kind: _Kind, kinds: Mapping[_Kind, _Count], since: date, until: date) -> tuple[date, date]:
    """The days the rule versions of this kind were in use, as far as the other kinds tell."""
    start, end = since, until
    first = kinds[kind].first
    for other, count in kinds.items():
        if other[0] != kind[0] or other[2:] != kind[2:] or not _other_version(kind[1], other[1]):
            continue
        if count.first > first:
            end = min(end, count.first - timedelta(days=1))
        elif count.first < first:
            start = max(start, first)
    return start, end


def _other_version(rules: str, other: str) -> bool:
    """Whether both name one rule, in two versions."""
    mine, theirs = (dict(rule.rsplit(" ", 1) for rule in text.split(", ") if " " in rule) for text in (rules, other))
    return any(theirs.get(name, version) != version for name, version in mine.items())


def _points(
    counts: Mapping[tuple[str, str, str, date], _Count], calls: _Calls, since: date, until: date, by: str
) -> Iterable[Point]:
    """Every topic and hook in every period, also where no card was shown."""
    shown: dict[tuple[str, str], set[str]] = {}
    for topic, hook, service, _ in counts:
        shown.setdefault((topic, hook), set()).add(service)
    for (topic, hook), services in sorted(shown.items()):
        for start, end in _periods(since, until, by):
            days = [calls.get((service, hook), {}) for service in services]
            number = sum(n for of_service in days for day, n in of_service.items() if start <= day <= end)
            found = [counts.get((topic, hook, service, _start(start, by)), _Count()) for service in services]
            yield Point(
                topic,
                hook,
                start,
                end,
                number,
                sum(count.cards for count in found),
                sum(count.accepted for count in found),
                sum(count.reasons.total() for count in found),
            )


def _by_hook(calls: _Calls) -> dict[str, int]:
    hooks: Counter[str] = Counter()
    for (_, hook), days in sorted(calls.items()):
        hooks[hook] += sum(days.values())
    return dict(hooks)


def _period_of(since: date, until: date) -> str:
    days = (until - since).days + 1
    if days <= _MOST_DAYS:
        return "day"
    return "week" if days <= 7 * _MOST_WEEKS else "month"


def _start(day: date, by: str) -> date:
    """The first day of the period the day is in; weeks begin on Monday."""
    match by:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case _:
            return day.replace(day=1)


def _periods(since: date, until: date, by: str) -> Iterable[tuple[date, date]]:
    """The periods that make up the range, the first and last cut to it."""
    start = since
    while start <= until:
        after = _start(start, by) + timedelta(days={"day": 1, "week": 7}.get(by, 31))
        following = _start(after, by)
        yield start, min(until, following - timedelta(days=1))
        start = following


def _months(since: date, until: date) -> Iterable[tuple[date, date]]:
    return _periods(since, until, "month")
