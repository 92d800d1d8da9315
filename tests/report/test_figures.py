from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise

import matplotlib as mpl
import pytest
from matplotlib.text import Text

from cds_service.catalogue import TOPICS
from cds_service.report.drawing import svg
from cds_service.report.plots import ACCEPTED, OVERRIDDEN, STYLE, UNANSWERED, View, fates, reasons
from cds_service.report.rows import Mark, Point, Report, Row
from cds_service.report.summary import summarise
from cds_service.report.trends import over_time
from cds_service.report.words import words
from cds_service.settings import LANGUAGES
from cds_service.store.store import Store
from tests.report.made_up_use import ZONE


def report(store: Store, language: str = "en") -> View:
    found = summarise(store.database, None, None, ZONE)
    assert found is not None
    return View(found, words(language))


def test_each_bar_is_all_of_a_topics_cards(filled: Store) -> None:
    (axes,) = fates(report(filled)).axes
    ends: dict[float, float] = {}
    for bar in axes.patches:
        assert abs(bar.get_x() - ends.get(bar.get_y(), 0.0)) < 1e-9
        ends[bar.get_y()] = bar.get_x() + bar.get_width()
    assert len(ends) == 6
    assert all(abs(end - 1) < 1e-9 for end in ends.values())


def test_every_topic_has_a_panel_from_0_with_its_name_and_last_value(filled: Store) -> None:
    figure = over_time(report(filled))
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles[:2] == ["Leg cramps: stretching first", "Quinine for leg cramps"]
    assert len(titles) == 6
    for axes in figure.axes:
        assert axes.get_ylim()[0] == 0
        assert axes.texts
    hooks = {text.get_text().split("  ")[1] for text in figure.axes[1].texts if "  " in text.get_text()}
    assert hooks == {"patient-view", "order-select", "order-sign"}


HOOKS = ("patient-view", "order-select", "order-sign")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("share", [0, 1, 0.5, None])
def test_no_label_over_time_touches_another_or_the_edge(share: float | None, language: str) -> None:
    """Every topic on every hook, all at one value, or spread out."""
    weeks = [date(2026, 1, 5) + timedelta(weeks=number) for number in range(9)]
    points = tuple(
        Point(topic, hook, week, week + timedelta(days=6), 1000, int(1000 * shown), 0, 0)
        for topic in TOPICS
        for hook, shown in zip(HOOKS, (1, 0.02, 0.97) if share is None else (share,) * 3, strict=True)
        for week in weeks
    )
    rows = tuple(
        Row(topic=topic, rules="rule 1", service=f"leg-cramps-{HOOKS[0]}", hook=HOOKS[0], calls=1000, cards=1000)
        for topic in TOPICS
    )
    changed = (Mark(weeks[0], "rule", "rule", "1"), *(Mark(week, "rule", "rule", str(week)[5:]) for week in weeks[3:6]))
    found = Report(weeks[0], points[-1].end, "Asia/Jakarta", "week", dict.fromkeys(HOOKS, 9000), rows, points)
    found = replace(found, marks=changed)
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]
        figure = over_time(View(found, words(language)))
        figure.canvas.draw()
        boxes = [text.get_window_extent() for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    assert len(boxes) > len(TOPICS) * 4
    assert all(0 <= text.xy[1] <= 1 for axes in figure.axes for text in axes.texts)  # beside the lines
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)
    for box in boxes:
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1


def test_reasons_are_in_words_the_most_frequent_first(filled: Store) -> None:
    (axes,) = reasons(report(filled)).axes
    written = [text.get_text() for text in axes.texts]
    assert "Malaria or babesiosis indication" in written
    assert "No reason given" in written


def test_reason_in_words() -> None:
    assert words("en").reason("comfort") == "Comfort care"
    assert words("id").reason("none") == "Tanpa alasan"
    assert words("en").reason("site-7") == "site-7"


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_colours_are_told_apart_in_grey() -> None:
    levels = sorted(luminance(colour) for colour in (ACCEPTED, OVERRIDDEN, UNANSWERED))
    ratios = [(after + 0.05) / (before + 0.05) for before, after in pairwise(levels)]
    assert min(ratios) > 1.5


def test_a_picture_of_the_page_s_width(filled: Store) -> None:
    assert svg(fates, report(filled), "", "").startswith('<svg viewBox="0 0 547.2 ')  # points
