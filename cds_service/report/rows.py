"""What the report holds: frozen numbers, whatever they are shown as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cds_service.store.reading.scope import EVERYTHING, Scope

NO_REASON = "none"
"""The reason of an override without one (or with words instead of a code)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How many cards there were, and what became of them.

    ``calls``: the answered calls they came from; None where calls are not told apart so (by indicator, by language).
    ``both``: cards accepted for which a reason against them was given, too. ``reasons``: overrides by reason code,
    NO_REASON included; they sum to ``overridden``.
    """

    calls: int | None
    cards: int
    accepted: int = 0
    both: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def overridden(self) -> int:
        """Cards dismissed, with or without a reason, or with a reason beside or after an acceptance."""
        return sum(self.reasons.values())

    @property
    def unanswered(self) -> int:
        """Cards no one has reported on: ignored, or the client sends no feedback."""
        return self.cards - self.accepted - self.overridden + self.both

    @property
    def per_100_calls(self) -> float | None:
        """Cards per 100 calls; None when no call was counted."""
        return 100 * self.cards / self.calls if self.calls else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Numbers):
    """What became of one kind of card.

    ``calls``: answered calls of its service and hook while these rule versions were in use: from a version's first card
    (or the range's beginning) to the day before the next version's first; of these, when ``silent``, those that were
    silent of its topic, else the others. ``split``: the values of what the report is split by.
    """

    topic: str
    rules: str
    service: str
    hook: str
    silent: bool = False
    split: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice(Numbers):
    """All shown cards that share a value: of a ``dimension`` ("hook", "indicator", "language"), or a "client".

    ``values``: one, or a client's issuer and tenant.
    """

    dimension: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """How many suggestions of one kind were shown, and how many of them were taken. ``split``: as in a Row."""

    topic: str
    kind: str
    split: tuple[str, ...]
    offered: int
    taken: int


@dataclass(frozen=True, slots=True)
class Point:
    """One topic on one hook in one period (``start`` to ``end``, both included), shown or silent."""

    topic: str
    hook: str
    start: date
    end: date
    calls: int
    cards: int
    accepted: int
    overridden: int
    silent: bool = False

    @property
    def per_100_calls(self) -> float | None:
        """Cards per 100 calls; None when there was no call."""
        return 100 * self.cards / self.calls if self.calls else None


@dataclass(frozen=True, slots=True)
class Mark:
    """A version that came into force. ``kind``: "rule" or "site"; ``day``: the first, maybe before the range."""

    day: date
    kind: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the report shows. ``since``, ``until``: first and last day, in ``zone``; ``by``: day, week or month.

    ``calls``: all answered calls, by hook, and ``silent_calls``: those of them that were silent of every topic or of
    some. ``unknown``: feedback on cards that were never recorded or never shown. ``marks``: what was in force, by day.
    ``scope``: what the report is narrowed to; ``split``: the dimensions its rows are split by.
    """

    since: date
    until: date
    zone: str
    by: str
    calls: Mapping[str, int]
    rows: tuple[Row, ...] = ()
    points: tuple[Point, ...] = ()
    slices: tuple[Slice, ...] = ()
    offered: tuple[Offered, ...] = ()
    marks: tuple[Mark, ...] = ()
    silent_calls: Mapping[str, int] = field(default_factory=dict)
    unknown: int = 0
    scope: Scope = EVERYTHING
    split: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """True when there is nothing to show."""
        return not self.rows and not self.calls and not self.unknown

    @property
    def shown(self) -> tuple[Row, ...]:
        """The rows of cards that were shown."""
        return tuple(row for row in self.rows if not row.silent)

    @property
    def withheld(self) -> tuple[Row, ...]:
        """The rows of cards that silence kept from being shown."""
        return tuple(row for row in self.rows if row.silent)

    @property
    def total(self) -> Numbers:
        """All cards that were shown."""
        return total(self.shown)


def total(rows: Sequence[Numbers]) -> Numbers:
    """The sum of some rows, without calls: one call is in several of them."""
    reasons: dict[str, int] = {}
    for row in rows:
        for reason, number in row.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + number
    return Numbers(
        calls=None,
        cards=sum(row.cards for row in rows),
        accepted=sum(row.accepted for row in rows),
        both=sum(row.both for row in rows),
        reasons=reasons,
    )


def by_topic(rows: Sequence[Row]) -> list[tuple[str, Numbers]]:
    """The sum of each topic's rows; the topic with most cards first."""
    topics = dict.fromkeys(row.topic for row in rows)
    sums = [(topic, total([row for row in rows if row.topic == topic])) for topic in topics]
    return sorted(sums, key=lambda item: -item[1].cards)


def whole_periods(points: Sequence[Point]) -> list[Point]:
    """The points without a first or last period that the range cuts short, unless nothing else is there."""
    starts = sorted({point.start for point in points})
    longest = max(((point.end - point.start).days for point in points), default=0)
    shortest = min(longest, 27)  # February is whole, too
    cut = {point.start for point in points if (point.end - point.start).days < shortest} & {starts[0], starts[-1]}
    whole = [point for point in points if point.start not in cut]
    return whole or list(points)
