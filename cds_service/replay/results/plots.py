"""A replay report's figures; ``report.drawing`` makes pictures of them. Colours are Okabe and Ito's."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cds_service.replay.results.burden import INDICATORS, Burden
from cds_service.replay.rows import NO_AGE
from cds_service.report.plots import INK, PALE, bare_axes, blank_figure, key, names

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLOURS = {"critical": "#D55E00", "warning": "#E69F00", "info": "#56B4E9"}
_WITH, _WITHOUT = "#0072B2", "#DDDDDD"
_MOST_BARS = 12
_FEWEST = 10  # calls of a group, fewer tell nothing


def topics(burden: Burden) -> "Figure":
    """Calls with a card of each topic, by indicator, per 100 calls."""
    figure = blank_figure(0.62 + 0.47 * len(burden.topics))
    axes = bare_axes(figure, left=0.34, right=0.84, top=0.42, bottom=0.1)
    most = max(sum(counts.values()) for _, counts in burden.topics)
    for place, (_, counts) in enumerate(burden.topics):
        start = 0
        for indicator in INDICATORS:
            number = counts.get(indicator, 0)
            axes.barh(
                place, number, left=start, height=0.62, color=_COLOURS[indicator], edgecolor="white", linewidth=0.8
            )
            start += number
        axes.text(start + most * 0.015, place, _per_100(start, burden.calls), ha="left", va="center", color=INK)
    axes.set_xlim(0, most)
    axes.set_ylim(len(burden.topics) - 0.5, -0.5)
    names(axes, [(topic, _calls(sum(counts.values()))) for topic, counts in burden.topics])
    key(axes, [(indicator, _COLOURS[indicator]) for indicator in INDICATORS])
    return figure


def months(burden: Burden) -> "Figure":
    """Cards per 100 calls, month by month."""
    figure = blank_figure(1.9)
    height = figure.get_figheight()
    axes = figure.add_axes((0.06, 0.34 / height, 0.86, 1 - 0.62 / height))
    rates = [100 * cards / calls for _, calls, cards in burden.months]
    axes.bar(range(len(rates)), rates, width=0.72, color=_WITH)
    top = max(rates) or 1
    axes.set_ylim(0, top * 1.08)
    axes.set_yticks([0, top], ["0", f"{top:.0f}"])
    last = len(rates) - 1
    axes.set_xticks([0, last], [f"{burden.months[place][0]:%b %Y}" for place in (0, last)])
    axes.tick_params(length=0, labelsize=8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    return figure


def people(burden: Burden) -> "Figure":
    """The share of calls with a card, by age band and sex."""
    groups = [(age, sex, calls, cards) for age, sex, calls, cards in burden.people if calls >= _FEWEST]
    return _bars([(_group(age, sex), _calls(calls), cards / calls) for age, sex, calls, cards in groups])


def _group(age: str, sex: str) -> str:
    return f"{'sex not known' if sex == 'unknown' else sex}, {'age not known' if age == NO_AGE else age}"


def cards(burden: Burden) -> "Figure":
    """Calls by their number of cards."""
    return _bars(
        [
            (
                "no card" if number == 0 else f"{number} card{'s' if number > 1 else ''}",
                _calls(calls),
                calls / burden.calls,
            )
            for number, calls in sorted(burden.per_call.items())
        ]
    )


def unknown(burden: Burden) -> "Figure":
    """What was not known, by the share of calls."""
    return _bars([(text, "", calls / burden.calls) for text, calls in burden.unknown[:_MOST_BARS]], left=0.52)


def _bars(bars: Sequence[tuple[str, str, float]], *, left: float = 0.3) -> "Figure":
    """A bar for each (name, word beneath, share), with its share in words."""
    figure = blank_figure(0.2 + 0.38 * max(len(bars), 1))
    axes = bare_axes(figure, left=left, right=0.9, top=0.06, bottom=0.06)
    most = max((share for _, _, share in bars), default=1) or 1
    for place, (_, _, share) in enumerate(bars):
        axes.barh(place, share, height=0.6, color=_WITH if share else _WITHOUT)
        axes.text(share + most * 0.015, place, f"{share:.1%}", ha="left", va="center", color=INK if share else PALE)
    axes.set_xlim(0, most)
    axes.set_ylim(max(len(bars), 1) - 0.5, -0.5)
    names(axes, [(_short(name), below) for name, below, _ in bars])
    return figure


def _calls(number: int) -> str:
    return f"{number:,} call{'' if number == 1 else 's'}"


def _per_100(number: int, calls: int) -> str:
    return f"{100 * number / calls:.1f} per 100"


def _short(name: str) -> str:
    longest = 58
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"
