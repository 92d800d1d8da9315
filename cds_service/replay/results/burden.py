"""The numbers of a run's report: who would have seen how many cards, what was not known, why rules were silent."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cds_service.cards.wording import Wording
from cds_service.catalogue import CATALOGUE, wording
from cds_service.chart import queries
from cds_service.decision.phrases import Text
from cds_service.replay.results.outputs import UNREAD, Written
from cds_service.replay.rows import Outcome

INDICATORS = ("critical", "warning", "info")
_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_LEADING = re.compile(r"^[…\s,:]+")
_ANSWERED = "FROM calls WHERE outcome = 'answered'"


@dataclass(frozen=True, slots=True)
class Burden:
    """``topics``: of each, its name and the calls with its card by indicator, the most frequent first.

    ``months``: (first day, calls, cards). ``people``: (age, sex, calls, calls with a card). ``per_call``: calls by
    their number of cards. ``unknown``, ``cannot_tell``, ``doubts``: (words, calls). ``silent``: (rule, words, calls).
    ``unread``: the lines of unread.csv.
    """

    summary: Mapping[str, Any]
    topics: Sequence[tuple[str, Mapping[str, int]]]
    rules: Sequence[tuple[str, str, str, int]]
    months: Sequence[tuple[date, int, int]]
    people: Sequence[tuple[str, str, int, int]]
    per_call: Mapping[int, int]
    unknown: Sequence[tuple[str, int]]
    cannot_tell: Sequence[tuple[str, int]]
    silent: Sequence[tuple[str, str, int]]
    doubts: Sequence[tuple[str, int]]
    unread: Sequence[Mapping[str, str]]

    @property
    def calls(self) -> int:
        """The answered calls."""
        return int(self.summary["calls"])

    @property
    def interrupting(self) -> float:
        """Cards per 100 calls that interrupt in most EHRs; a call has no more than one card of a topic."""
        cards = sum(number for _, counts in self.topics for kind, number in counts.items() if kind != "info")
        return round(100 * cards / self.calls, 1) if self.calls else 0.0

    @property
    def per_100_orders(self) -> float | None:
        """Cards per 100 orders of any drug; None where the service is not called for orders."""
        others = self.summary["not_called"].get(Outcome.NOT_JUDGED)
        cards = sum(number for _, counts in self.topics for number in counts.values())
        return None if others is None else round(100 * cards / (self.calls + others), 1)

    @property
    def lacking(self) -> list[str]:
        """The types that the rules' queries ask for, and that the export holds none of."""
        held = self.summary["run"]["types"]
        return [" or ".join(query.resource_types) for query in queries.ALL if not set(query.resource_types) & set(held)]


def burden(written: Written) -> Burden:
    """Read the results of a run."""
    words = wording("en")
    titles = {rule.name: words.text(rule.title) for service in CATALOGUE for rule in service.rules}
    topics = [(words.text(Text(f"topic.{topic}")), counts) for topic, counts in written.summary["topics"].items()]
    with (written.folder / UNREAD).open(encoding="utf-8", newline="") as opened:
        unread = list(csv.DictReader(opened))
    silent = written.ask(
        f"SELECT split_part(one, ': ', 1), split_part(one, ': ', 2), count(*) AS n"
        f" FROM (SELECT unnest(silent) AS one {_ANSWERED}) GROUP BY ALL ORDER BY n DESC, 1, 2"
    )
    return Burden(
        summary=written.summary,
        topics=sorted(topics, key=lambda one: -sum(one[1].values())),
        rules=[
            (words.text(Text(f"topic.{topic}")), rule, version, number)
            for topic, rule, version, number in written.ask(
                "SELECT topic, rule, version, count(*) FROM cards GROUP BY ALL ORDER BY ALL"
            )
        ],
        months=written.ask(
            f"SELECT date_trunc('month', date)::DATE AS month, count(*), sum(cards)::INT {_ANSWERED} GROUP BY 1 ORDER BY 1"
        ),
        people=written.ask(
            f"SELECT age, sex, count(*), count(*) FILTER (cards > 0) {_ANSWERED} GROUP BY ALL ORDER BY age, sex"
        ),
        per_call=dict(written.ask(f"SELECT cards, count(*) {_ANSWERED} GROUP BY 1 ORDER BY 1")),
        unknown=_counted(written, "missing", words),
        cannot_tell=[(titles.get(rule, rule), number) for rule, number in _counted(written, "cannot_tell", words)],
        silent=[(titles.get(rule, rule), said(key, words), number) for rule, key, number in silent],
        doubts=_counted(written, "doubts", words),
        unread=unread,
    )


def _counted(written: Written, column: str, words: Wording) -> list[tuple[str, int]]:
    found = written.ask(
        f"SELECT one, count(*) AS n FROM (SELECT unnest({column}) AS one {_ANSWERED}) GROUP BY 1 ORDER BY n DESC, 1"
    )
    told: dict[str, int] = {}
    for kind, number in found:
        text = said(kind, words)
        told[text] = max(told.get(text, 0), number)  # a query's state and a rule's line on it say the same
    return sorted(told.items(), key=lambda one: -one[1])


def said(kind: str, words: Wording) -> str:
    """A kind in words: the text of its key, without the values it would show; itself where it is no key."""
    query, _, receipt = kind.partition(": ")
    kept = Text(f"unknown.{query}.{receipt}" if receipt else kind)
    if kept not in words:
        return kind
    text = _LEADING.sub("", _PLACEHOLDER.sub("…", words.text(kept)))
    return text[:1].upper() + text[1:]
