"""A run's numbers as rows with a bar each: the template draws it as long as its numbers, and writes these beside it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cds_service.replay.results.burden import INDICATORS, Burden
from cds_service.replay.rows import NO_AGE

_FEWEST = 10  # calls of a group, fewer tell nothing
_CALLS = "calls"  # the kind of a bar that is not told apart by indicator


@dataclass(frozen=True, slots=True)
class Bar:
    """``parts``: of its bar, by kind, an indicator or "calls", in one unit for all rows. ``cells``: what is written beside it."""

    name: str
    parts: Mapping[str, float]
    cells: Sequence[str]

    @property
    def length(self) -> float:
        """Of its whole bar."""
        return sum(self.parts.values())


def topics(burden: Burden) -> list[Bar]:
    """Calls with a card of each topic, by indicator; beside it, per 100 calls."""
    return [
        Bar(
            topic,
            {indicator: counts.get(indicator, 0) for indicator in INDICATORS},
            (
                *(f"{counts.get(indicator, 0):,}" for indicator in INDICATORS),
                f"{100 * sum(counts.values()) / burden.calls:.1f}",
            ),
        )
        for topic, counts in burden.topics
    ]


def cards(burden: Burden) -> list[Bar]:
    """Calls by their number of cards."""
    named = ((_cards(number), calls) for number, calls in sorted(burden.per_call.items()))
    return list(_of_calls(named, burden.calls))


def people(burden: Burden) -> list[Bar]:
    """The share of calls with a card, by age band and sex."""
    return [
        Bar(_group(age, sex), {_CALLS: cards / calls}, (f"{cards / calls:.1%}", f"{calls:,}"))
        for age, sex, calls, cards in burden.people
        if calls >= _FEWEST
    ]


def unknown(burden: Burden, most: int) -> list[Bar]:
    """What was not known, in calls: the most frequent."""
    return list(_of_calls(burden.unknown[:most], burden.calls))


def months(burden: Burden) -> list[Bar]:
    """Cards per 100 calls, month by month."""
    rates = ((first, calls, 100 * cards / calls) for first, calls, cards in burden.months)
    return [Bar(f"{first:%b %Y}", {_CALLS: rate}, (f"{rate:.1f}", f"{calls:,}")) for first, calls, rate in rates]


def _of_calls(named: Iterable[tuple[str, int]], whole: int) -> Iterator[Bar]:
    for name, calls in named:
        yield Bar(name, {_CALLS: calls}, (f"{calls / whole:.1%}", f"{calls:,}"))


def _cards(number: int) -> str:
    return "no card" if number == 0 else f"{number} card{'s' if number > 1 else ''}"


def _group(age: str, sex: str) -> str:
    return f"{'sex not known' if sex == 'unknown' else sex}, {'age not known' if age == NO_AGE else age}"
