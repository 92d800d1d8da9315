"""How old a person can be, on the birthday and beside it, with part of a birth date and without one."""

from datetime import date

import pytest

from cds_service.patient.moments import Moment
from cds_service.patient.person import Person
from tests.builders.facts import on, part_of

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("birth", "bounds", "under_18"),
    [
        (on(date(2008, 3, 10)), (18, 18), False),
        (on(date(2008, 3, 11)), (17, 17), True),
        (on(date(2008, 4, 1)), (17, 17), True),
        (on(date(2008, 2, 28)), (18, 18), False),
        (on(date(2007, 12, 31)), (18, 18), False),
        (on(date(2026, 3, 10)), (0, 0), True),
        (part_of(2008), (17, 18), False),
        (part_of(2009), (16, 17), True),
        (part_of(2008, 3), (17, 18), False),
        (part_of(2008, 4), (17, 17), True),
        (None, None, False),
    ],
)
def test_ages(birth: Moment | None, bounds: tuple[int, int] | None, under_18: bool) -> None:
    person = Person(birth)
    assert person.age_bounds(TODAY) == bounds
    assert person.certainly_under_18(TODAY) is under_18


def test_who_was_born_on_the_29th_of_february_is_older_on_the_first_of_march() -> None:
    person = Person(on(date(2008, 2, 29)))
    assert [person.age_bounds(day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [(17, 17), (18, 18)]
