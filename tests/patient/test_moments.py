"""A point in time as precise as it was stated: what it can mean, and how old that is."""

from datetime import date

import pytest

from cds_service.patient.moments import Moment, Precision
from tests.builders.facts import TODAY, days_ago, instant, part_of


def test_a_moment_is_stated_as_a_year_a_month_a_day_or_an_instant_each_more_precise() -> None:
    assert [one.name for one in sorted(Precision)] == ["YEAR", "MONTH", "DAY", "INSTANT"]


@pytest.mark.parametrize(
    ("moment", "first", "last"),
    [
        (days_ago(0), date(2026, 3, 10), date(2026, 3, 10)),
        (instant(1), date(2026, 3, 9), date(2026, 3, 9)),
        (part_of(2026, 2), date(2026, 2, 1), date(2026, 2, 28)),
        (part_of(2025), date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_first_and_the_last_day_it_can_mean(moment: Moment, first: date, last: date) -> None:
    assert (moment.day, moment.last_day) == (first, last)


@pytest.mark.parametrize(
    ("moment", "future"),
    [
        (days_ago(-1), True),
        (days_ago(0), False),
        (instant(-0.5), False),  # later today
        (instant(-1), True),
        (part_of(2026), False),
        (part_of(2026, 4), True),
        (part_of(2027), True),
    ],
)
def test_what_certainly_lies_after_today(moment: Moment, future: bool) -> None:
    assert moment.is_future(TODAY) is future
    assert (moment.days_at_least(TODAY) < 0) is future


@pytest.mark.parametrize(
    ("moment", "least", "most"),
    [
        (instant(2), 2, 2),
        (days_ago(0), 0, 0),
        (part_of(2026, 2), 10, 37),
        (part_of(2026), 0, 68),  # today is in it
        (part_of(2025), 69, 433),
        (instant(-1), -1, 0),
    ],
)
def test_how_old_it_is_at_least_and_at_most(moment: Moment, least: int, most: int) -> None:
    assert (moment.days_at_least(TODAY), moment.days_at_most(TODAY)) == (least, most)
