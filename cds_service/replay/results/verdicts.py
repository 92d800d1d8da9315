"""What two reviewers made of the sample: positive predictive value, agreement, and what they dispute."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path

from cds_service.errors import CallError
from cds_service.replay.results.review import CARD, SILENT

Z = 1.959964  # of a 95 % interval
RIGHT, RIGHTLY_SILENT = "right", "rightly silent"
WORDS = {CARD: (RIGHT, "wrong", "needless"), SILENT: (RIGHTLY_SILENT, "missed")}
_GOOD = {CARD: RIGHT, SILENT: RIGHTLY_SILENT}
_NEEDED = ("item", "kind", "stratum", "topic", "reviewer_1", "reviewer_2")
_ALIKE = ("kind", "stratum", "calls_in_stratum", "topic", "summary")  # what a spreadsheet leaves as it is
_SIZE = "calls_in_stratum"


@dataclass(frozen=True, slots=True)
class Judged:
    """One item with both verdicts; None where a reviewer left it open. ``of``: calls of its stratum; 0 where not told."""

    item: str
    kind: str
    stratum: str
    topic: str
    verdicts: tuple[str | None, str | None]
    of: int = 0

    @property
    def disputed(self) -> bool:
        """Whether both judged, and otherwise."""
        return None not in self.verdicts and self.verdicts[0] != self.verdicts[1]


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval (Wilson). None where nothing was judged.

    ``weighted``: over several strata, the mean of their shares, each weighted by its calls in the run; None elsewhere.
    """

    good: int
    judged: int
    weighted: float | None = None

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.good / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval, which holds for small numbers and for shares near 0 and 1."""
        return wilson(self.good, self.judged) if self.judged else None


@dataclass(frozen=True, slots=True)
class Result:
    """Of one group of items: each reviewer's share of good ones, theirs where both agree, and how much they agree.

    For cards the share is the positive predictive value: right ones among those shown. ``kappa``: Cohen's; None
    where there is nothing to agree on, or both always say the same one word. ``disputed``: of what both judged.
    """

    name: str
    items: int
    reviewers: tuple[Share, Share]
    agreed: Share
    kappa: float | None
    disputed: Share


def wilson(good: int, judged: int) -> tuple[float, float]:
    """Wilson's score interval of a share, 95 %. ``judged`` is not 0."""
    share = good / judged
    middle = share + Z * Z / (2 * judged)
    half = Z * sqrt(share * (1 - share) / judged + Z * Z / (4 * judged * judged))
    whole = 1 + Z * Z / judged
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two reviewers' words on the same items; None where chance alone would always agree."""
    if not pairs:
        return None
    number = len(pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = sum(one == other for one, other in pairs) / number
    expected = sum(first[word] * second[word] for word in first) / number**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def read(file: Path, second: Path | None = None) -> list[Judged]:
    """The filled-in review.csv. ``second``: another copy of it, which holds what the second reviewer filled in.

    Raises CallError naming the line of a verdict that is none, or the item that the two copies do not share.
    """
    rows = _rows(file)
    judged = [_judged(row, f"{file}, line {number}") for number, row in enumerate(rows, 2)]
    if second is None:
        return judged
    others = _rows(second)
    told = [_judged(row, f"{second}, line {number}") for number, row in enumerate(others, 2)]
    _hold_alike(_by_item(rows, file), _by_item(others, second), f"{file} and {second}")
    by_item = {one.item: one.verdicts[1] for one in told}
    return [replace(one, verdicts=(one.verdicts[0], by_item[one.item])) for one in judged]


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            sample = opened.read(4096)
            opened.seek(0)
            delimiter = ";" if sample.count(";") > sample.count(",") else ","
            rows = list(csv.DictReader(opened, delimiter=delimiter, restval=""))
    except UnicodeDecodeError:
        message = f"{file}: is not UTF-8; save it as CSV UTF-8"
        raise CallError(message) from None
    except (OSError, ValueError, csv.Error) as error:
        message = f"{file}: cannot be read ({error.__class__.__name__})"
        raise CallError(message) from None
    if not rows or any(name not in rows[0] for name in _NEEDED):
        message = f"{file}: is no review.csv; its columns are {', '.join(_NEEDED)} and more"
        raise CallError(message)
    return [row | {"item": row["item"].strip()} for row in rows]


def _by_item(rows: Sequence[dict[str, str]], file: Path) -> Mapping[str, Mapping[str, str]]:
    twice = [item for item, number in Counter(row["item"] for row in rows).items() if number > 1]
    if twice:
        message = f"{file}: item {twice[0]} is there twice"
        raise CallError(message)
    return {row["item"]: row for row in rows}


def _hold_alike(first: Mapping[str, Mapping[str, str]], second: Mapping[str, Mapping[str, str]], files: str) -> None:
    for item in {**first, **second}:
        one, other = first.get(item), second.get(item)
        if one is None or other is None or any(_cell(one, name) != _cell(other, name) for name in _ALIKE):
            message = f"{files}: are no copies of one review.csv; item {item} is not the same in both"
            raise CallError(message)


def _cell(row: Mapping[str, str], name: str) -> str:
    return row.get(name, "").strip()


def _judged(row: Mapping[str, str], place: str) -> Judged:
    kind = row["kind"].strip()
    if kind not in WORDS:
        message = f"{place}: kind must be {CARD} or {SILENT}"
        raise CallError(message)
    verdicts = []
    for name in ("reviewer_1", "reviewer_2"):
        word = " ".join(row[name].lower().split())
        if word and word not in WORDS[kind]:
            message = f"{place}: {name} must be {', '.join(WORDS[kind])} or empty"
            raise CallError(message)
        verdicts.append(word or None)
    size = _cell(row, _SIZE) or "0"
    if not size.isdecimal():
        message = f"{place}: {_SIZE} must be a number"
        raise CallError(message)
    return Judged(row["item"], kind, row["stratum"], row["topic"], (verdicts[0], verdicts[1]), int(size))


def results(judged: Sequence[Judged]) -> list[Result]:
    """All cards, each topic's, and the silent calls."""
    cards = [one for one in judged if one.kind == CARD]
    groups = {"all cards": cards} | {topic: [] for topic in sorted({one.topic for one in cards})}
    for one in cards:
        groups[one.topic].append(one)
    silent = [one for one in judged if one.kind == SILENT]
    if silent:
        groups["silent calls"] = silent
    return [_result(name, group) for name, group in groups.items() if group]


def strata(judged: Sequence[Judged]) -> list[Result]:
    """The cards of each topic and indicator: what the sample was drawn from, each as it is in the run."""
    cards = [one for one in judged if one.kind == CARD]
    names = sorted({one.stratum for one in cards})
    return [_result(name, [one for one in cards if one.stratum == name]) for name in names]


def _result(name: str, group: Sequence[Judged]) -> Result:
    good = _GOOD[group[0].kind]
    both = [one for one in group if None not in one.verdicts]
    agreed = [one for one in both if not one.disputed]
    return Result(
        name,
        len(group),
        (
            _share([(one, one.verdicts[0] == good) for one in group if one.verdicts[0]], group),
            _share([(one, one.verdicts[1] == good) for one in group if one.verdicts[1]], group),
        ),
        _share([(one, one.verdicts[0] == good) for one in agreed], group),
        cohens_kappa([(one.verdicts[0] or "", one.verdicts[1] or "") for one in both]),
        _share([(one, one.disputed) for one in both], group),
    )


def _share(told: Sequence[tuple[Judged, bool]], group: Sequence[Judged]) -> Share:
    """The share of what is so. ``group``: all items of the row, judged or not."""
    several = len({one.stratum for one in group}) > 1
    return Share(sum(so for _, so in told), len(told), _weighted(told) if several else None)


def _weighted(told: Sequence[tuple[Judged, bool]]) -> float | None:
    """The mean of the strata's shares, weighted by their calls; None where nothing was judged or a size is not told."""
    sizes = {one.stratum: one.of for one, _ in told}
    if not sizes or not all(sizes.values()):
        return None
    judged = Counter(one.stratum for one, _ in told)
    good = Counter(one.stratum for one, so in told if so)
    return sum(size * good[name] / judged[name] for name, size in sizes.items()) / sum(sizes.values())
