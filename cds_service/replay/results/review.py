"""A sample for two reviewers: cards as shown, and silent calls of patients the guideline concerns. Holds patient data.

Stratified: each topic and indicator gets its share whatever its frequency, so that rare cards are seen too.
"""

import csv
import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from markdown_it import MarkdownIt
from markupsafe import Markup

from cds_service.cards.escaping import spreadsheet_safe
from cds_service.cards.wording import Wording
from cds_service.catalogue import wording
from cds_service.pipeline import Answer
from cds_service.protocol.cards import Card
from cds_service.replay.calls import Options, chart_of, made_calls
from cds_service.replay.patients import answer
from cds_service.replay.results.outputs import Written
from cds_service.replay.results.page import render
from cds_service.replay.results.received import Held, received
from cds_service.replay.run import Replayed

REVIEW_HTML, REVIEW_CSV = "review.html", "review.csv"
CARD, SILENT = "card", "silent"
COLUMNS = (
    *("item", "kind", "stratum", "calls_in_stratum", "patient", "date", "topic", "rule", "version", "indicator"),
    *("summary", "reviewer_1", "note_1", "reviewer_2", "note_2"),
)
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_OWNER_ONLY = 0o600

Explain = Callable[[Answer, Wording], str]
"""Tells every rule's decision and every fact of an answer, as ``cds-service explain`` does."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing to look at. ``patient``: the hash; ``topic``: "" for a silent call; ``of``: calls like it in the run."""

    patient: str
    call: int
    day: date
    stratum: str
    of: int
    topic: str = ""
    rule: str = ""
    version: str = ""
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at, with what there is to see. ``card``: its detail as HTML; ``facts``: as text; ``record``: as received."""

    number: int
    drawn: Drawn
    patient_id: str
    summary: str
    card: Markup
    facts: str
    record: tuple[Held, ...]


def sample(written: Written, number: int, seed: int) -> list[Drawn]:
    """So many of all cards and silent calls, each stratum in turn giving one at random; the same seed, the same sample."""
    rng = random.Random(seed)
    strata: dict[str, list[Drawn]] = {}
    for patient, call, day, topic, rule, version, indicator in written.ask(
        "SELECT patient, call, date, topic, rule, version, indicator FROM cards ORDER BY ALL"
    ):
        stratum = f"{topic}, {indicator}"
        strata.setdefault(stratum, []).append(Drawn(patient, call, day, stratum, 0, topic, rule, version, indicator))
    for patient, call, day in written.ask(
        "SELECT patient, call, date FROM calls WHERE outcome = 'answered' AND cards = 0 AND concerned ORDER BY ALL"
    ):
        strata.setdefault(SILENT, []).append(Drawn(patient, call, day, SILENT, 0))
    sizes = {stratum: len(drawn) for stratum, drawn in strata.items()}
    for drawn in strata.values():
        rng.shuffle(drawn)
    chosen: list[Drawn] = []
    while strata and len(chosen) < number:
        for stratum in sorted(strata):
            if len(chosen) < number:
                chosen.append(strata[stratum].pop())
            if not strata[stratum]:
                del strata[stratum]
    return [
        _sized(one, sizes[one.stratum]) for one in sorted(chosen, key=lambda one: (one.stratum, one.patient, one.call))
    ]


def _sized(one: Drawn, of: int) -> Drawn:
    return Drawn(one.patient, one.call, one.day, one.stratum, of, one.topic, one.rule, one.version, one.indicator)


def write(written: Written, replayed: Replayed, number: int, seed: int, explain: Explain) -> int:
    """Write review.html and review.csv, for their owner only. Returns how many things they hold."""
    drawn = sample(written, number, seed)
    options = replayed.options
    charts = dict(replayed.charts({one.patient for one in drawn}))
    items = [_item(place, one, charts[one.patient], options, explain) for place, one in enumerate(drawn, 1)]
    with _private(written.folder / REVIEW_CSV) as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_line(item) for item in items)
    with _private(written.folder / REVIEW_HTML) as opened:
        opened.write(render("review.html", items=items, run=written.summary["run"], seed=seed))
    return len(items)


def _private(file: Path) -> TextIO:
    return os.fdopen(
        os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY), "w", encoding="utf-8", newline=""
    )


def _line(item: Item) -> Iterator[str]:
    one = item.drawn
    kind = CARD if one.topic else SILENT
    told: Sequence[object] = (item.number, kind, one.stratum, one.of, item.patient_id, one.day, one.topic)
    yield from (
        spreadsheet_safe(str(cell))
        for cell in (*told, one.rule, one.version, one.indicator, item.summary, "", "", "", "")
    )


def _item(number: int, one: Drawn, lines: list[bytes], options: Options, explain: Explain) -> Item:
    chart = chart_of(lines, checked=True)
    if chart is None:
        message = "a chart that was replayed is gone"
        raise LookupError(message)
    made = next(call for place, call in enumerate(made_calls(chart, options)) if place == one.call)
    answered = answer(made, options)
    card = next((card for card in answered.cards if card.source.topic.code == one.topic), None)
    facts = explain(answered, wording(options.language))
    record = received(made.prefetch, made.day, options.settings.timezone)
    return Item(number, one, chart.patient_id, card.summary if card else "No card", _shown(card), facts, record)


def _shown(card: Card | None) -> Markup:
    if card is None:
        return Markup()
    buttons = "".join(f"\n\n[{suggestion.label}]" for suggestion in card.suggestions)
    return Markup(_MARKDOWN.render(card.detail + buttons))  # noqa: S704 - raw HTML is off
