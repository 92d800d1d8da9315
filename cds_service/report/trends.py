"""The report's lines: how often cards were shown, over time."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from cds_service.report.plots import INK, blank_figure, by_topic
from cds_service.report.summary import Point, Report, whole_periods

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LINES = ("#0072B2", "#D55E00", "#009E73")  # Okabe and Ito's blue, vermilion and green: one for each hook


def over_time(report: Report) -> "Figure":
    """One small panel a topic: cards per 100 calls, a line for each hook, each panel with its own scale from 0.

    A first or last period that the range cuts short is left out, unless nothing else is there.
    """
    points = whole_periods(report.points)
    order = [topic for topic, _ in by_topic(report)]
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
        _panel(axes, topic, shown)
        _dates(axes, shown, written=place + columns >= len(panels))
    return figure


def _panel(axes: "Axes", topic: str, points: Sequence[Point]) -> None:
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
    axes.set_title(topic, loc="left", fontsize=9.5, color=INK, pad=7)
    axes.set_yticks([0, top] if top else [0], ["0", _short(top)] if top else ["0"])
    axes.tick_params(length=0, labelsize=8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    _label_ends(axes, ends, top or 1)


def _label_ends(axes: "Axes", ends: Sequence[tuple[float, str, str]], top: float) -> None:
    """The last value of each line (and its hook) at the panel's right, moved apart where they would touch."""
    height, gap = -1.0, 0.17
    for above, (value, hook, colour) in zip(reversed(range(len(ends))), sorted(ends), strict=True):
        height = min(max(value / (top * 1.06), height + gap), 1 - gap * above)
        axes.annotate(
            f"{_short(value)}  {hook}" if hook else _short(value),
            (1, height),
            xycoords="axes fraction",
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=8,
            annotation_clip=False,
        )


def _dates(axes: "Axes", points: Sequence[Point], *, written: bool) -> None:
    """First and last period under the axis: enough to read the span, too few to collide."""
    first, last = min(point.start for point in points), max(point.start for point in points)
    days = [first, last] if first < last else [first]
    axes.set_xticks([day.toordinal() for day in days], [_day(day) if written else "" for day in days])
    if first == last:
        axes.set_xlim(first.toordinal() - 1, first.toordinal() + 1)
        return
    axes.set_xlim(first.toordinal(), last.toordinal())
    left, right = axes.get_xticklabels()
    left.set_horizontalalignment("left")
    right.set_horizontalalignment("right")


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")  # noqa: PLR2004 - two figures
