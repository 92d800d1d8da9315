"""The report's bars: what became of the cards, why they were overridden.

Drawn with matplotlib, without a display; ``drawing`` makes pictures of them. Colours, not more than three a
figure, are Okabe and Ito's; every line and bar carries its own label.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cds_service.report.reasons import by_reason
from cds_service.report.rows import Report, by_topic
from cds_service.report.words import Words

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
HATCH = "////"  # of both: accepted and overridden
_WIDTH = 7.6  # inches; the page scales it
_MOST_REASONS = 10
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
    "hatch.linewidth": 1.6,
    "svg.fonttype": "path",  # the same look on every machine
}


@dataclass(frozen=True, slots=True)
class View:
    """A report, and the words it is shown in."""

    report: Report
    words: Words


def fates(view: View) -> "Figure":
    """One bar a topic, split by what became of its cards."""
    words, topics = view.words, by_topic(view.report.shown)
    any_both = any(numbers.both for _, numbers in topics)
    figure = blank_figure(0.62 + 0.47 * len(topics))
    axes = bare_axes(figure, left=0.36, right=0.98, top=0.42, bottom=0.1)
    for place, (_topic, numbers) in enumerate(topics):
        start = 0.0
        parts = (
            (numbers.accepted - numbers.both, ACCEPTED, "white", None),
            (numbers.both, OVERRIDDEN, INK, HATCH),
            (numbers.overridden - numbers.both, OVERRIDDEN, INK, None),
            (numbers.unanswered, UNANSWERED, INK, None),
        )
        for number, colour, ink, hatch in parts:
            share = number / numbers.cards
            edge = ACCEPTED if hatch else "white"
            axes.barh(place, share, left=start, height=0.62, color=colour, edgecolor=edge, linewidth=0.8, hatch=hatch)
            if share >= _ROOM_FOR_PERCENT and not hatch:
                said = words.percent(number, numbers.cards)
                axes.text(start + share / 2, place, said, ha="center", va="center", color=ink)
            start += share
    axes.set_xlim(0, 1)
    axes.set_ylim(len(topics) - 0.5, -0.5)
    names(axes, [(words.topic(topic), words.count("card", numbers.cards)) for topic, numbers in topics])
    meanings = {"accepted": ACCEPTED, "both": OVERRIDDEN, "overridden": OVERRIDDEN, "not_answered": UNANSWERED}
    legend = [(words(name).lower(), colour) for name, colour in meanings.items() if any_both or name != "both"]
    key(axes, legend, hatched=words("both").lower())
    return figure


def reasons(view: View) -> "Figure":
    """Why cards were overridden: the reasons of each category of HL7's, the most frequent first."""
    bars = _reason_bars(view)
    figure = blank_figure(0.25 + 0.44 * len(bars))
    axes = bare_axes(figure, left=0.46, right=0.86, top=0.06, bottom=0.06)
    total = sum(number for _, _, number, _ in bars)
    for place, (_, _, number, colour) in enumerate(bars):
        axes.barh(place, number, height=0.62, color=colour)
        share = view.words.share(number, total).replace(" (", "  (")
        axes.text(number, place, f" {share}", ha="left", va="center")
    axes.set_xlim(0, max(number for _, _, number, _ in bars))
    axes.set_ylim(len(bars) - 0.5, -0.5)
    names(axes, [(reason, category) for reason, category, _, _ in bars])
    return figure


def _reason_bars(view: View) -> list[tuple[str, str, int, str]]:
    """Reason, category, number and colour of each bar; what is beyond the most is one bar."""
    bars = [
        (reason, group.category, sum(counts.values()), OVERRIDDEN if group.code else UNANSWERED)
        for group in by_reason(view.report, view.words)
        for reason, counts in group.reasons
    ]
    rest = sum(number for _, _, number, _ in bars[_MOST_REASONS:])
    return [*bars[:_MOST_REASONS], *([(view.words("other_reasons"), "", rest, UNANSWERED)] if rest else [])]


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


def key(axes: "Axes", colours: Sequence[tuple[str, str]], hatched: str = "") -> None:
    """The colours' meaning, above the bars; one meaning may be hatched."""
    from matplotlib.offsetbox import AnnotationBbox, DrawingArea, HPacker, TextArea  # noqa: PLC0415 - as above
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    parts: list[Artist] = []
    for meaning, colour in colours:
        patch = DrawingArea(10, 9, 0, 0)
        hatch, edge = (HATCH, ACCEPTED) if meaning == hatched else (None, colour)
        patch.add_artist(Rectangle((0, 0), 10, 9, facecolor=colour, edgecolor=edge, linewidth=0, hatch=hatch))
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
