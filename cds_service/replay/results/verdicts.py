"""What two reviewers made of the sample: positive predictive value, agreement, and what they dispute."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from cds_service.errors import CallError
from cds_service.replay.results.review import CARD, SILENT

Z = 1.959964  # of a 95 % interval
RIGHT, RIGHTLY_SILENT = "right", "rightly silent"
WORDS = {CARD: (RIGHT, "wrong", "needless"), SILENT: (RIGHTLY_SILENT, "missed")}
_GOOD = {CARD: RIGHT, SILENT: RIGHTLY_SILENT}
_NEEDED = ("item", "kind", "stratum", "topic", "reviewer_1", "reviewer_2")


@dataclass(frozen=True, slots=True)
class Judged:
    """One item with both verdicts; None where a reviewer left it open."""

    item: str
    kind: str
    stratum: str
    topic: str
    verdicts: tuple[str | None, str | None]

    @property
    def disputed(self) -> bool:
        """Whether both judged, and otherwise."""
        return None not in self.verdicts and self.verdicts[0] != self.verdicts[1]


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval (Wilson). None where nothing was judged."""

    good: int
    judged: int

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
    where there is nothing to agree on, or both always say the same one word.
    """

    name: str
    items: int
    reviewers: tuple[Share, Share]
    agreed: Share
    kappa: float | None


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


def read(file: Path) -> list[Judged]:
    """The filled-in review.csv. Raises CallError naming the line of a verdict that is none."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            sample = opened.read(4096)
            opened.seek(0)
            rows = list(csv.DictReader(opened, delimiter=";" if sample.count(";") > sample.count(",") else ","))
    except (OSError, ValueError) as error:
        message = f"{file}: cannot be read ({error.__class__.__name__})"
        raise CallError(message) from None
    if not rows or any(name not in rows[0] for name in _NEEDED):
        message = f"{file}: is no review.csv; its columns are {', '.join(_NEEDED)} and more"
        raise CallError(message)
    return [_judged(row, f"{file}, line {number}") for number, row in enumerate(rows, 2)]


def _judged(row: Mapping[str, str], place: str) -> Judged:
    kind = row["kind"].strip()
    if kind not in WORDS:
        message = f"{place}: kind must be {CARD} or {SILENT}"
        raise CallError(message)
    verdicts = []
    for name in ("reviewer_1", "reviewer_2"):
        word = " ".join((row[name] or "").lower().split())
        if word and word not in WORDS[kind]:
            message = f"{place}: {name} must be {', '.join(WORDS[kind])} or empty"
            raise CallError(message)
        verdicts.append(word or None)
    return Judged(row["item"], kind, row["stratum"], row["topic"], (verdicts[0], verdicts[1]))


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


def _result(name: str, group: Sequence[Judged]) -> Result:
    good = _GOOD[group[0].kind]
    told = [[one.verdicts[place] for one in group if one.verdicts[place]] for place in (0, 1)]
    both = [(one.verdicts[0], one.verdicts[1]) for one in group if one.verdicts[0] and one.verdicts[1]]
    agreed = [one for one, other in both if one == other]
    shares = [Share(words.count(good), len(words)) for words in told]
    kappa = cohens_kappa([(one or "", other or "") for one, other in both])
    return Result(name, len(group), (shares[0], shares[1]), Share(agreed.count(good), len(agreed)), kappa)
