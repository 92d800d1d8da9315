"""A point in time as precise as it was stated: what it can mean, and how old that is."""

from datetime import date

import pytest

from cds_service.patient.moments import Moment
from tests.builders.facts import TODAY, days_ago, instant, part_of


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
    assert (moment.days_before(TODAY) < 0) is future
