"""The report as a table for the terminal."""

import re
from io import StringIO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cds_service.report.common import NONE
from cds_service.report.reasons import by_reason
from cds_service.report.rows import Report, Row, by_topic, whole_periods
from cds_service.report.words import Words

WIDTH = 120  # of a table that goes to a file
_BLOCKS = "▁▂▃▄▅▆▇█"


def table(report: Report, words: Words) -> RenderableType:
    """What became of the cards, and how often they were shown over time."""
    parts: list[RenderableType] = [Text(headline(report, words), style="bold")]
    if report.shown:
        parts += [_kinds(report, words), _over_time(report, words), _slices(report, words)]
    if report.offered:
        parts.append(_taken(report, words))
    if report.total.overridden:
        parts.append(_reasons(report, words))
    if report.withheld:
        parts += [Text(silent_headline(report, words), style="bold"), _withheld(report, words)]
    if report.marks:
        parts.append(_versions(report, words))
    if report.unknown:
        parts.append(Text(words.count("unknown", report.unknown)))
    return Group(*parts)


def plain(report: Report, words: Words) -> str:
    """The table without colours, for a file."""
    console = Console(file=StringIO(), width=WIDTH, no_color=True, force_terminal=False)
    with console.capture() as captured:
        console.print(table(report, words))
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def headline(report: Report, words: Words) -> str:
    """The range, what it is narrowed to, and how much there was in it."""
    ordered = sorted(report.calls.items(), key=lambda item: -item[1])
    hooks = ", ".join(f"{words.number(number)} {hook}" for hook, number in ordered)
    return words(
        "headline",
        since=words.day(report.since),
        until=words.day(report.until),
        zone=report.zone,
        whose=_whose(report, words),
        cards=words.count("card", report.total.cards),
        calls=words.count("call", sum(report.calls.values())),
        by_hook=f" ({hooks})" if hooks else "",
    )


def silent_headline(report: Report, words: Words) -> str:
    """How much was withheld."""
    cards = sum(row.cards for row in report.withheld)
    calls = sum(report.silent_calls.values())
    return words("silent_headline", cards=words.count("card", cards), calls=words.count("call", calls))


def _whose(report: Report, words: Words) -> str:
    return "".join(
        f", {dimension_name(name, words).lower()} {words.value(name, value)}" for name, value in report.scope.named()
    )


def dimension_name(name: str, words: Words) -> str:
    """What a dimension is called."""
    return words("card_language" if name == "language" else name)


def values_of(dimension: str, values: tuple[str, ...], words: Words) -> str:
    """A slice's value; of a client its issuer and tenant."""
    if dimension == "client":
        issuer, tenant = values
        return words.value("issuer", issuer) + (f", {tenant}" if tenant else "")
    return words.value(dimension, values[0])


def _kinds(report: Report, words: Words) -> Table:
    """A block for each hook, a line for each topic and rule."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    shown.add_column(f"{words('topic')}, {words('rules').lower()}", overflow="fold")
    for name in report.split:
        shown.add_column(dimension_name(name, words), overflow="fold")
    for name in ("calls", "cards", "per_100_calls", "accepted", "overridden", "not_answered"):
        shown.add_column(words(name).replace(" ", "\n"), justify="right", no_wrap=True)
    for hook in sorted({row.hook for row in report.shown}, key=lambda hook: (-report.calls.get(hook, 0), hook)):
        shown.add_row(Text(hook, style="bold"))
        for row in (row for row in report.shown if row.hook == hook):
            shown.add_row(
                Text(f" {row.topic}\n").append(f" {row.rules}", style="dim"),
                *_split(row, report, words),
                *_rates(row, words),
                *(words.percent(number, row.cards) for number in (row.accepted, row.overridden, row.unanswered)),
            )
    return shown


def _split(row: Row, report: Report, words: Words) -> list[str]:
    return [words.value(name, value) for name, value in zip(report.split, row.split, strict=True)]


def _rates(row: Row, words: Words) -> tuple[str, str, str]:
    return words.number(row.calls or 0), words.number(row.cards), words.rate(row.per_100_calls)


def _withheld(report: Report, words: Words) -> Table:
    shown = _titled(None)
    for name in ("topic", "rules", "hook"):
        shown.add_column(words(name), overflow="fold")
    for name in report.split:
        shown.add_column(dimension_name(name, words), overflow="fold")
    for name in ("calls", "cards", "per_100_calls"):
        shown.add_column(words(name), justify="right")
    for row in report.withheld:
        shown.add_row(row.topic, row.rules, row.hook, *_split(row, report, words), *_rates(row, words))
    return shown


def _slices(report: Report, words: Words) -> Table:
    shown = _titled(words("slices"))
    for name in ("what", "calls", "cards", "accepted", "overridden", "not_answered"):
        shown.add_column("" if name == "what" else words(name), justify="left" if name == "what" else "right")
    for row in report.slices:
        shown.add_row(
            f"{dimension_name(row.dimension, words)}: {values_of(row.dimension, row.values, words)}",
            NONE if row.calls is None else words.number(row.calls),
            words.number(row.cards),
            *(words.percent(number, row.cards) for number in (row.accepted, row.overridden, row.unanswered)),
        )
    return shown


def _taken(report: Report, words: Words) -> Table:
    shown = _titled(words("taken"))
    for name in ("suggestion", "topic"):
        shown.add_column(words(name), overflow="fold")
    for name in report.split:
        shown.add_column(dimension_name(name, words), overflow="fold")
    for name in ("offered_times", "taken_times"):
        shown.add_column(words(name), justify="right")
    for one in report.offered:
        split = (words.value(name, value) for name, value in zip(report.split, one.split, strict=True))
        numbers = (words.number(one.offered), words.share(one.taken, one.offered))
        shown.add_row(words.suggestion(one.kind), one.topic, *split, *numbers)
    return shown


def _reasons(report: Report, words: Words) -> Table:
    topics = [topic for topic, _ in by_topic(report.shown)]
    shown = _titled(words("why"))
    shown.add_column(words("reason"), overflow="fold")
    shown.add_column(words("all_reasons"), justify="right")
    for topic in topics:
        shown.add_column(_broken(topic), justify="right")
    for group in by_reason(report, words):
        shown.add_row(Text(group.category, style="bold"), Text(words.number(group.number), style="bold"))
        for reason, counts in group.reasons:
            numbers = (counts.get(topic, 0) for topic in topics)
            each = (words.number(number) if number else NONE for number in numbers)
            shown.add_row(f"  {reason}", words.number(sum(counts.values())), *each)
    return shown


def _versions(report: Report, words: Words) -> Table:
    shown = _titled(words("versions"))
    for name in ("since_day", "what", "version"):
        shown.add_column(words(name))
    for mark in report.marks:
        shown.add_row(words.day(mark.day), f"{words(f'kind_{mark.kind}')} {mark.name}".strip(), mark.version)
    return shown


def _over_time(report: Report, words: Words) -> Table:
    """For each topic and hook its cards per 100 calls as a line of blocks, on its own scale from 0."""
    points = whole_periods([point for point in report.points if not point.silent])
    first, last = points[0].start, max(point.start for point in points)
    by = words(f"by_{report.by}")
    shown = _titled(words("over_time_title", by=by, since=words.day(first), until=words.day(last)))
    for name in ("topic", "hook"):
        shown.add_column(words(name))
    shown.add_column(words("from_zero"), no_wrap=True)
    for name in ("highest", "latest"):
        shown.add_column(words(name), justify="right")
    for topic, hook in dict.fromkeys((point.topic, point.hook) for point in points):
        rates = [point.per_100_calls for point in points if (point.topic, point.hook) == (topic, hook)]
        highest = max((one for one in rates if one is not None), default=0.0)
        blocks = "".join(_block(one, highest) for one in rates)
        shown.add_row(topic, hook, blocks, words.rate(highest), words.rate(rates[-1]))
    return shown


def _titled(title: str | None) -> Table:
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)


def _block(per_100: float | None, highest: float) -> str:
    if per_100 is None:
        return " "
    return _BLOCKS[round(per_100 / highest * (len(_BLOCKS) - 1))] if highest else _BLOCKS[0]


def _broken(topic: str) -> str:
    """A topic's code on two lines where it has two words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "\n", topic)
