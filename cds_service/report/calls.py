"""Answered calls, day by day: those that showed a topic's cards, and those that were silent of it."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from itertools import accumulate

from cds_service.store.reading.tallies import CallTally
from cds_service.variables import EVERY_TOPIC


class Days:
    """A number for each day, added up over any range of them."""

    def __init__(self) -> None:
        self._days: Counter[date] = Counter()

    def add(self, day: date, number: int) -> None:
        """Add to a day. Not once ``between`` was asked."""
        self._days[day] += number

    def between(self, since: date, until: date) -> int:
        """The sum of the days from ``since`` to ``until``, both included."""
        days, sums = self._sums
        return sums[bisect_right(days, until)] - sums[bisect_left(days, since)]

    @cached_property
    def _sums(self) -> tuple[list[date], list[int]]:
        days = sorted(self._days)
        return days, [0, *accumulate(self._days[day] for day in days)]


class Calls:
    """All tallies of calls, by service, hook, issuer and tenant."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, ...], Days] = {}
        self._silent: dict[tuple[str, ...], Days] = {}

    def add(self, tally: CallTally) -> None:
        """Count one more tally."""
        key = (tally.service, tally.hook, tally.issuer, tally.tenant)
        if tally.topic is None:
            self._all.setdefault(key, Days()).add(tally.day, tally.calls)
        else:
            self._silent.setdefault((*key, tally.topic), Days()).add(tally.day, tally.calls)

    def of(self, since: date, until: date, *, topic: str, silent: bool, **which: str) -> int:
        """The calls of these days that were silent of a topic, or those that were not.

        ``which``: the service, hook, issuer and tenant they are of; every one where it is not said.
        """
        silence = sum(
            days.between(since, until)
            for key, days in self._silent.items()
            if key[-1] in (topic, EVERY_TOPIC) and _fits(key, which)
        )
        return silence if silent else self.all_of(since, until, **which) - silence

    def all_of(self, since: date, until: date, **which: str) -> int:
        """All calls of these days."""
        return sum(days.between(since, until) for key, days in self._all.items() if _fits(key, which))

    def by_hook(self, since: date, until: date) -> Mapping[str, int]:
        """All calls, by hook."""
        return {hook: self.all_of(since, until, hook=hook) for hook in sorted({key[1] for key in self._all})}

    def silent_by_hook(self, since: date, until: date) -> Mapping[str, int]:
        """The calls that were silent of every topic, by hook."""
        found: Counter[str] = Counter()
        for key, days in sorted(self._silent.items()):
            if key[-1] == EVERY_TOPIC:
                found[key[1]] += days.between(since, until)
        return dict(found)

    def sites(self) -> set[tuple[str, str]]:
        """Issuer and tenant of all that called."""
        return {(key[2], key[3]) for key in self._all}


def _fits(key: tuple[str, ...], which: Mapping[str, str]) -> bool:
    return all(key[("service", "hook", "issuer", "tenant").index(name)] == value for name, value in which.items())
