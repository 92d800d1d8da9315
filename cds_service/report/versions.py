"""Which versions were in force when: as the starts of the service noted it, and as the cards tell."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from cds_service.report.rows import Mark
from cds_service.store.in_force import RULE, SITE, Since

Kind = tuple[str, str, str, str]
"""Topic, rules, service, hook."""


def in_use(kind: Kind, firsts: Mapping[Kind, date], since: date, until: date) -> tuple[date, date]:
    """The days the rule versions of this kind were in use, as far as the first days of the other kinds tell."""
    start, end = since, until
    first = firsts[kind]
    for other, others_first in firsts.items():
        if other[0] != kind[0] or other[2:] != kind[2:] or not _other_version(kind[1], other[1]):
            continue
        if others_first > first:
            end = min(end, others_first - timedelta(days=1))
        elif others_first < first:
            start = max(start, first)
    return start, end


def _other_version(rules: str, other: str) -> bool:
    """Whether both name one rule, in two versions."""
    mine, theirs = dict(_named(rules)), dict(_named(other))
    return any(theirs.get(name, version) != version for name, version in mine.items())


def _named(rules: str) -> Iterable[tuple[str, str]]:
    """Name and version of each rule in "one_rule 1, other_rule 2"."""
    for rule in rules.split(", "):
        name, _, version = rule.rpartition(" ")
        if name:
            yield name, version


def marks(
    noted: Sequence[Since], firsts: Mapping[Kind, date], since: date, until: date, zone: ZoneInfo
) -> tuple[Mark, ...]:
    """What was in force on the first day, and what came into force on a later one, in order.

    A version that no start noted (of a release that did not do so) begins with its first card.
    """
    days = [Mark(one.since.astimezone(zone).date(), one.kind, one.name, one.version) for one in noted]
    known = {(mark.name, mark.version) for mark in days if mark.kind == RULE}
    shown: dict[tuple[str, str], date] = {}
    for kind, first in firsts.items():
        for rule in _named(kind[1]):
            if rule not in known:
                shown[rule] = min(first, shown.get(rule, first))
    days += [Mark(day, RULE, name, version) for (name, version), day in shown.items()]
    days = sorted((mark for mark in days if mark.day <= until), key=lambda mark: (mark.day, mark.kind, mark.name))
    at_first = {(mark.kind, mark.name): mark for mark in days if mark.day <= since}
    return (*at_first.values(), *(mark for mark in days if mark.day > since))


def changes(marks: Sequence[Mark], since: date) -> tuple[Mark, ...]:
    """Those of the marks, in order, that came later than the first day in place of another version.

    A site's file may come in place of none; a rule's first version is no change: it may be its first card.
    """
    seen = {(SITE, ""): ""} if marks and marks[0].day <= since else {}
    found = []
    for mark in marks:
        before = seen.get((mark.kind, mark.name))
        seen[mark.kind, mark.name] = mark.version
        if mark.day > since and before is not None and before != mark.version:
            found.append(mark)
    return tuple(found)
