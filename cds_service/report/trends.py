"""The report's lines: how often cards were shown, over time, and where another version came into force."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cds_service.report.plots import INK, PALE, View, blank_figure
from cds_service.report.rows import Mark, Point, by_topic, whole_periods
from cds_service.report.versions import changes
from cds_service.report.words import Words
from cds_service.store.in_force import RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LINES = ("#0072B2", "#D55E00", "#009E73")  # Okabe and Ito's blue, vermilion and green: one for each hook
_DIGITS = 6  # of a digest
_NO_FILE = "–"
_ROOM_FOR_MARK = 0.2  # of the width: nearer to another, or to the edge, a mark has no word


def over_time(view: View) -> "Figure":
    """One small panel a topic: cards per 100 calls, a line for each hook, each panel with its own scale from 0.

    A first or last period that the range cuts short is left out, unless nothing else is there.
    """
    return _panels(view, silent=False)


def silent_over_time(view: View) -> "Figure":
    """The same of the cards that silence kept from being shown."""
    return _panels(view, silent=True)


def _panels(view: View, *, silent: bool) -> "Figure":
    report = view.report
    points = whole_periods([point for point in report.points if point.silent is silent])
    order = [topic for topic, _ in by_topic(report.withheld if silent else report.shown)]
    panels = {topic: [point for point in points if point.topic == topic] for topic in order}
    columns = 2 if len(panels) > 1 else 1
    rows = -(-len(panels) // columns)
    figure = blank_figure(0.2 + 1.62 * rows)
    grid = figure.subplots(rows, columns, squeeze=False)
    height = figure.get_figheight()
    margins = {"top": 1 - 0.36 / height, "bottom": 0.34 / height, "hspace": 0.62}
    figure.subplots_adjust(left=0.06, right=0.845, wspace=0.75, **margins)
    for axes in grid.flat[len(panels) :]:
        axes.set_visible(False)
    for place, (axes, (topic, shown)) in enumerate(zip(grid.flat, panels.items(), strict=False)):
        _panel(axes, topic, shown, view.words)
        _dates(axes, shown, view.words, written=place + columns >= len(panels))
        _marks(axes, _of_topic(view, topic))
    return figure


def _of_topic(view: View, topic: str) -> list[Mark]:
    """What changed for a topic: a version of one of its rules, or the site's own file."""
    rules = {one.rpartition(" ")[0] for row in view.report.rows if row.topic == topic for one in row.rules.split(", ")}
    found = changes(view.report.marks, view.report.since)
    return [mark for mark in found if mark.kind != RULE or mark.name in rules]


def _marks(axes: "Axes", marks: Sequence[Mark]) -> None:
    """A dotted line at each change, with the version where there is room for it."""
    left, right = axes.get_xlim()
    last = left
    for day, some in _by_day(marks).items():
        if not left < day < right:
            continue
        axes.axvline(day, color=PALE, linewidth=0.9, linestyle=(0, (1, 2)), zorder=0)
        said = min({f"v{mark.version}" if mark.kind == RULE else mark.version[:_DIGITS] or _NO_FILE for mark in some})
        room = _ROOM_FOR_MARK * (right - left)
        if day - last >= room and right - day >= room:
            axes.annotate(
                said,
                (day, 0),
                xycoords=("data", "axes fraction"),
                xytext=(2, 2),
                textcoords="offset points",
                va="bottom",
                color=PALE,
                fontsize=7,
            )
            last = day


def _by_day(marks: Sequence[Mark]) -> dict[int, list[Mark]]:
    days: dict[int, list[Mark]] = {}
    for mark in marks:
        days.setdefault(mark.day.toordinal(), []).append(mark)
    return days


def _panel(axes: "Axes", topic: str, points: Sequence[Point], words: Words) -> None:
    hooks = sorted({point.hook for point in points}, key=lambda hook: (hook != "patient-view", hook))
    top = max((point.per_100_calls or 0.0 for point in points), default=0.0)
    ends: list[tuple[float, str, str]] = []
    for hook, colour in zip(hooks, _LINES, strict=False):
        known = [
            (point.start.toordinal(), point.per_100_calls or 0.0)
            for point in points
            if point.hook == hook and point.calls
        ]
        if not known:
            continue
        axes.plot(
            [day for day, _ in known],
            [value for _, value in known],
            color=colour,
            linewidth=1.6,
            solid_capstyle="round",
        )
        day, value = known[-1]
        axes.plot([day], [value], "o", color=colour, markersize=3.6, clip_on=False)
        ends.append((value, hook if len(hooks) > 1 else "", colour))
    axes.set_ylim(0, top * 1.06 or 1)
    axes.set_title(words.topic(topic), loc="left", fontsize=9.5, color=INK, pad=7)
    axes.set_yticks([0, top] if top else [0], ["0", words.short(top)] if top else ["0"])
    axes.tick_params(length=0, labelsize=8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    _label_ends(axes, ends, top or 1, words)


def _label_ends(axes: "Axes", ends: Sequence[tuple[float, str, str]], top: float, words: Words) -> None:
    """The last value of each line (and its hook) at the panel's right, moved apart where they would touch."""
    height, gap = -1.0, 0.17
    for above, (value, hook, colour) in zip(reversed(range(len(ends))), sorted(ends), strict=True):
        height = min(max(value / (top * 1.06), height + gap), 1 - gap * above)
        axes.annotate(
            f"{words.short(value)}  {hook}" if hook else words.short(value),
            (1, height),
            xycoords="axes fraction",
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=8,
            annotation_clip=False,
        )


def _dates(axes: "Axes", points: Sequence[Point], words: Words, *, written: bool) -> None:
    """First and last period under the axis: enough to read the span, too few to collide."""
    first, last = min(point.start for point in points), max(point.start for point in points)
    days = [first, last] if first < last else [first]
    axes.set_xticks([day.toordinal() for day in days], [words.day(day) if written else "" for day in days])
    if first == last:
        axes.set_xlim(first.toordinal() - 1, first.toordinal() + 1)
        return
    axes.set_xlim(first.toordinal(), last.toordinal())
    left, right = axes.get_xticklabels()
    left.set_horizontalalignment("left")
    right.set_horizontalalignment("right")
