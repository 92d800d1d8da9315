"""The report's bars: what became of the cards, why they were overridden.

Drawn with matplotlib, without a display; ``drawing`` makes pictures of them. Colours, not more than three a
figure, are Okabe and Ito's; every line and bar carries its own label.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cds_service.decision.phrases import Text
from cds_service.protocol.feedback import OTHER
from cds_service.report.summary import NO_REASON, Report

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's palette: told apart by the colour-blind, and in grey by their lightness.
ACCEPTED = "#0072B2"
OVERRIDDEN = "#E69F00"
UNANSWERED = "#DDDDDD"
INK = "#222222"
PALE = "#6B6B6B"
_WIDTH = 7.6  # inches; the page scales it
_MOST_REASONS = 8
_ROOM_FOR_PERCENT = 0.055  # of the bar: less, and the number does not fit
STYLE = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.5,
    "text.color": INK,
    "axes.facecolor": "none",
    "axes.edgecolor": "#BBBBBB",
    "axes.labelcolor": INK,
    "xtick.color": PALE,
    "ytick.color": PALE,
    "svg.fonttype": "path",  # the same look on every machine
}


def fates(report: Report) -> "Figure":
    """One bar a topic, split by what became of its cards."""
    topics = by_topic(report)
    figure = blank_figure(0.62 + 0.47 * len(topics))
    axes = bare_axes(figure, left=0.3, right=0.98, top=0.42, bottom=0.1)
    for place, (_topic, (cards, accepted, overridden)) in enumerate(topics):
        start = 0.0
        parts = (
            (accepted, ACCEPTED, "white"),
            (overridden, OVERRIDDEN, INK),
            (cards - accepted - overridden, UNANSWERED, INK),
        )
        for number, colour, ink in parts:
            share = number / cards
            axes.barh(place, share, left=start, height=0.62, color=colour, edgecolor="white", linewidth=0.8)
            if share >= _ROOM_FOR_PERCENT:
                axes.text(start + share / 2, place, f"{share:.0%}", ha="center", va="center", color=ink)
            start += share
    axes.set_xlim(0, 1)
    axes.set_ylim(len(topics) - 0.5, -0.5)
    names(axes, [(topic, f"{counts[0]:,} card{'s' if counts[0] != 1 else ''}") for topic, counts in topics])
    key(axes, (("accepted", ACCEPTED), ("overridden", OVERRIDDEN), ("not answered", UNANSWERED)))
    return figure


def reasons(report: Report) -> "Figure":
    """Why cards were overridden, the most frequent first."""
    counts: Counter[str] = Counter()
    for row in report.rows:
        counts.update(row.reasons)
    unexplained = counts.pop(NO_REASON, 0)
    ordered = counts.most_common()
    shown, rest = ordered[:_MOST_REASONS], sum(number for _, number in ordered[_MOST_REASONS:])
    bars = [(reason_text(code), number, OVERRIDDEN) for code, number in shown]
    bars += [("Other reasons", rest, UNANSWERED)] if rest else []
    bars += [("No reason given", unexplained, UNANSWERED)] if unexplained else []
    figure = blank_figure(0.25 + 0.34 * len(bars))
    axes = bare_axes(figure, left=0.4, right=0.86, top=0.06, bottom=0.06)
    total = sum(number for _, number, _ in bars)
    for place, (_, number, colour) in enumerate(bars):
        axes.barh(place, number, height=0.66, color=colour)
        axes.text(number, place, f" {number:,}  ({number / total:.0%})", ha="left", va="center")
    axes.set_xlim(0, max(number for _, number, _ in bars))
    axes.set_ylim(len(bars) - 0.5, -0.5)
    names(axes, [(text, "") for text, _, _ in bars])
    return figure


def reason_text(code: str) -> str:
    """The reason in English where it is one of ours, else the client's code; "No reason given" for none.

    "Another reason" is every one that is neither ours nor among CDS_OVERRIDE_REASONS.
    """
    from cds_service.catalogue import wording  # noqa: PLC0415 - reads all texts, only needed here

    if code == NO_REASON:
        return "No reason given"
    if code == OTHER:
        return "Another reason"
    reason = Text(f"override.{code}")
    return wording("en").text(reason) if reason in wording("en") else code


def blank_figure(height: float) -> "Figure":
    """A white figure of the page's width, ``height`` inches high."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - a second to load, for the report only

    return Figure(figsize=(_WIDTH, height), facecolor="white")


def bare_axes(figure: "Figure", *, left: float, right: float, top: float, bottom: float) -> "Axes":
    """Axes without lines or ticks. ``left``, ``right``: shares of the width; ``top``, ``bottom``: inches of margin."""
    height = figure.get_figheight()
    axes = figure.add_axes((left, bottom / height, right - left, 1 - (top + bottom) / height))
    axes.set_axis_off()
    return axes


def names(axes: "Axes", names: Sequence[tuple[str, str]]) -> None:
    """What each bar is, left of it: the name, and beneath it a smaller word if there is one."""
    for place, (name, below) in enumerate(names):
        lift = 0.15 if below else 0
        axes.annotate(
            name, (0, place - lift), xytext=(-8, 0), textcoords="offset points", ha="right", va="center", color=INK
        )
        if below:
            axes.annotate(
                below,
                (0, place + 0.24),
                xytext=(-8, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                color=PALE,
                fontsize=8,
            )


def key(axes: "Axes", colours: Sequence[tuple[str, str]]) -> None:
    """The colours' meaning, above the bars."""
    from matplotlib.offsetbox import AnnotationBbox, DrawingArea, HPacker, TextArea  # noqa: PLC0415 - as above
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    parts: list[Artist] = []
    for meaning, colour in colours:
        patch = DrawingArea(10, 9, 0, 0)
        patch.add_artist(Rectangle((0, 0), 10, 9, facecolor=colour))
        parts.append(HPacker(children=[patch, TextArea(meaning)], align="center", pad=0, sep=5))
    row = HPacker(children=parts, align="center", pad=0, sep=18)
    axes.add_artist(
        AnnotationBbox(
            row,
            (0, 1),
            xybox=(0, 8),
            xycoords="axes fraction",
            boxcoords="offset points",
            box_alignment=(0, 0),
            frameon=False,
            pad=0,
            annotation_clip=False,
        )
    )


def by_topic(report: Report) -> list[tuple[str, tuple[int, int, int]]]:
    """Cards, accepted, overridden by topic; the topic with most cards first."""
    totals: dict[str, list[int]] = {}
    for row in report.rows:
        total = totals.setdefault(row.topic, [0, 0, 0])
        for place, number in enumerate((row.cards, row.accepted, row.overridden)):
            total[place] += number
    ordered = sorted(totals.items(), key=lambda item: -item[1][0])
    return [(topic, (total[0], total[1], total[2])) for topic, total in ordered]
