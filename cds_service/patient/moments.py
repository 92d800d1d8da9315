"""A point in time as precise as a record states it: a year, a month, a day, or an instant."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum


class Precision(IntEnum):
    """How precisely a FHIR dateTime was written."""

    YEAR = 1
    MONTH = 2
    DAY = 3
    INSTANT = 4


@dataclass(frozen=True, slots=True)
class Moment:
    """A FHIR date or dateTime, in the service's time zone.

    ``start`` and ``end`` bound it (aware datetimes, both inclusive; equal for an instant), so that a
    partial date is never taken for more than it says.
    """

    start: datetime
    end: datetime
    precision: Precision

    @property
    def day(self) -> date:
        """The earliest day it can mean."""
        return self.start.date()

    @property
    def last_day(self) -> date:
        """The latest day it can mean."""
        return self.end.date()

    def days_at_least(self, today: date) -> int:
        """How old it is on ``today`` at least, in whole days: the latest day it can mean, but none after today.

        A moment that lies wholly in the future gives a negative number.
        """
        last = self.last_day if self.day > today else min(self.last_day, today)
        return (today - last).days

    def days_at_most(self, today: date) -> int:
        """How old it may be on ``today``, in whole days: the earliest day it can mean; 0 for one in the future."""
        return max(0, (today - self.day).days)

    def is_future(self, today: date) -> bool:
        """True when it certainly lies after ``today``."""
        return self.day > today
