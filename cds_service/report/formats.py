"""The report as a table for the terminal, as CSV and as JSON."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from io import StringIO

import orjson
from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cds_service.report.plots import by_topic, reason_text
from cds_service.report.summary import NO_REASON, Point, Report, Row, whole_periods
from cds_service.store.reading.tallies import Site

WIDTH = 120  # of a table that goes to a file
_BLOCKS = "▁▂▃▄▅▆▇█"


def table(report: Report) -> RenderableType:
    """What became of the cards, and how often they were shown over time."""
    parts: list[RenderableType] = [Text(headline(report), style="bold")]
    if report.rows:
        parts += [_kinds(report), _over_time(report)]
    if report.overridden:
        parts.append(_reasons(report))
    if report.unknown:
        parts.append(Text(unknown_line(report.unknown)))
    return Group(*parts)


def plain(report: Report) -> str:
    """The table without colours, for a file."""
    console = Console(file=StringIO(), width=WIDTH, no_color=True, force_terminal=False)
    with console.capture() as captured:
        console.print(table(report))
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def headline(report: Report) -> str:
    """The range, whose it is where it is not everybody's, and how much there was in it."""
    calls = ", ".join(f"{number:,} {hook}" for hook, number in sorted(report.calls.items(), key=lambda item: -item[1]))
    return (
        f"{day_in_words(report.since)} to {day_in_words(report.until)} ({report.zone}){_whose(report.site)}:"
        f" {count(report.cards, 'card')}"
        f" in {count(sum(report.calls.values()), 'call')}{f' ({calls})' if calls else ''}"
    )


def _whose(site: Site) -> str:
    named = (("issuer", site.issuer), ("tenant", site.tenant))
    return "".join(f", {what} {name or 'not checked'}" for what, name in named if name is not None)


def unknown_line(unknown: int) -> str:
    """Feedback that fits no card."""
    return f"{count(unknown, 'report')} on cards that are not in this store."


def count(number: int, noun: str) -> str:
    """Such as "1 card", "1,204 cards"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def day_in_words(day: date) -> str:
    """A day that no one reads the other way round: 2 Mar 2026."""
    return f"{day.day} {day:%b %Y}"


def share(part: int, whole: int) -> str:
    """Such as "12 (34%)"; or "–" for nothing."""
    return f"{part:,} ({part / whole:.0%})" if part else "–"


def percent(part: int, whole: int) -> str:
    """Such as "34%"; or "–" for nothing."""
    return f"{part / whole:.0%}" if part else "–"


def rate(per_100: float | None) -> str:
    """Cards per 100 calls, to one decimal; "–" where no call was counted."""
    return "–" if per_100 is None else f"{per_100:.1f}"


def by_reason(report: Report) -> list[tuple[str, Mapping[str, int]]]:
    """For each override reason (in words, the most frequent first) the number of cards by topic."""
    counts: dict[str, Counter[str]] = {}
    for row in report.rows:
        for reason, number in row.reasons.items():
            counts.setdefault(reason, Counter())[row.topic] += number
    ordered = sorted(counts.items(), key=lambda item: (item[0] == NO_REASON, -item[1].total(), item[0]))
    return [(reason_text(reason), topics) for reason, topics in ordered]


def _kinds(report: Report) -> Table:
    """A block for each hook, a line for each topic and rule."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    shown.add_column("Topic, rule and version", overflow="fold")
    for name in ("Calls", "Cards", "Per 100\ncalls", "Accepted", "Over-\nridden", "Not\nanswered"):
        shown.add_column(name, justify="right", no_wrap=True)
    for hook in sorted({row.hook for row in report.rows}, key=lambda hook: (-report.calls.get(hook, 0), hook)):
        shown.add_row(Text(hook, style="bold"))
        for row in (row for row in report.rows if row.hook == hook):
            shown.add_row(
                Text(f"  {row.topic}\n").append(f"  {row.rules}", style="dim"),
                f"{row.calls:,}",
                f"{row.cards:,}",
                rate(row.per_100_calls),
                *(percent(number, row.cards) for number in (row.accepted, row.overridden, row.unanswered)),
            )
    return shown


def _reasons(report: Report) -> Table:
    topics = [topic for topic, _ in by_topic(report)]
    shown = Table(title="Why overridden", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("Reason", overflow="fold")
    shown.add_column("All", justify="right")
    for topic in topics:
        shown.add_column(_broken(topic), justify="right")
    for reason, counts in by_reason(report):
        numbers = (counts.get(topic, 0) for topic in topics)
        shown.add_row(reason, f"{sum(counts.values()):,}", *(f"{number:,}" if number else "–" for number in numbers))
    return shown


def _over_time(report: Report) -> Table:
    """For each topic and hook its cards per 100 calls as a line of blocks, on its own scale from 0."""
    points = whole_periods(report.points)
    first, last = points[0].start, max(point.start for point in points)
    title = f"Cards per 100 calls by {report.by}, {day_in_words(first)} to {day_in_words(last)}"
    shown = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("Topic", "Hook"):
        shown.add_column(name)
    shown.add_column("From 0 to the highest", no_wrap=True)
    for name in ("Highest", "Latest"):
        shown.add_column(name, justify="right")
    for topic, hook in dict.fromkeys((point.topic, point.hook) for point in points):
        rates = [point.per_100_calls for point in points if (point.topic, point.hook) == (topic, hook)]
        known = [one for one in rates if one is not None]
        highest = max(known, default=0.0)
        shown.add_row(topic, hook, "".join(_block(one, highest) for one in rates), rate(highest), rate(rates[-1]))
    return shown


def _block(per_100: float | None, highest: float) -> str:
    if per_100 is None:
        return " "
    return _BLOCKS[round(per_100 / highest * (len(_BLOCKS) - 1))] if highest else _BLOCKS[0]


def _broken(topic: str) -> str:
    """A topic's code on two lines where it has two words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "\n", topic)


def as_csv(report: Report) -> str:
    """One line a kind of card; a column for every override reason that was given."""
    reasons = sorted({reason for row in report.rows for reason in row.reasons})
    columns = (
        "topic",
        "rules",
        "service",
        "hook",
        "calls",
        "cards",
        "per_100_calls",
        "accepted",
        "overridden",
        "unanswered",
    )
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*columns, *(f"overridden_{reason}" for reason in reasons)])
    for row in report.rows:
        values = _as_mapping(row)
        writer.writerow([*(values[name] for name in columns), *(row.reasons.get(reason, 0) for reason in reasons)])
    return out.getvalue()


def as_json(report: Report) -> str:
    """Everything, with the numbers of every period."""
    document = {
        "since": report.since,
        "until": report.until,
        "timezone": report.zone,
        "issuer": report.site.issuer,
        "tenant": report.site.tenant,
        "calls": report.calls,
        "feedback_on_unknown_cards": report.unknown,
        "cards": [{**_as_mapping(row), "reasons": row.reasons} for row in report.rows],
        "period": report.by,
        "over_time": list(_periods(report.points)),
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _as_mapping(row: Row) -> dict[str, object]:
    return {
        "topic": row.topic,
        "rules": row.rules,
        "service": row.service,
        "hook": row.hook,
        "calls": row.calls,
        "cards": row.cards,
        "per_100_calls": None if row.per_100_calls is None else round(row.per_100_calls, 2),
        "accepted": row.accepted,
        "overridden": row.overridden,
        "unanswered": row.unanswered,
    }


def _periods(points: Iterable[Point]) -> Iterable[dict[str, object]]:
    for point in points:
        yield {
            "topic": point.topic,
            "hook": point.hook,
            "from": point.start,
            "to": point.end,
            "calls": point.calls,
            "cards": point.cards,
            "accepted": point.accepted,
            "overridden": point.overridden,
        }
