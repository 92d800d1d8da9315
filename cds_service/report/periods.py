"""Which days a report may be asked for, and the periods they are shown by: days, weeks or months."""

from collections.abc import Iterator
from datetime import date, timedelta

EARLIEST_YEAR = 2020
_MOST_DAYS = 31  # longer ranges are shown by week
_MOST_WEEKS = 26  # and still longer ones by month


def range_problem(since: date | None, until: date | None, today: date) -> str | None:
    """What is wrong with a range of days, or None."""
    if since and until and since > until:
        return f"the range is the wrong way round: it begins on {since} and ends on {until}"
    if since and since > today:
        return f"the range begins in the future, on {since}; today is {today}"
    if since and since.year < EARLIEST_YEAR:
        return f"the range begins before {EARLIEST_YEAR}, on {since}: there was no service then"
    if until and until.year > today.year + 10:
        return f"the range ends too far in the future, on {until}; today is {today}"
    return None


def period_of(since: date, until: date) -> str:
    """By what a range is shown: "day", "week" or "month"."""
    days = (until - since).days + 1
    if days <= _MOST_DAYS:
        return "day"
    return "week" if days <= 7 * _MOST_WEEKS else "month"


def start_of(day: date, by: str) -> date:
    """The first day of the period the day is in; weeks begin on Monday."""
    match by:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case _:
            return day.replace(day=1)


def periods(since: date, until: date, by: str) -> Iterator[tuple[date, date]]:
    """The periods that make up the range, the first and last cut to it."""
    start = since
    while start <= until:
        after = start_of(start, by) + timedelta(days={"day": 1, "week": 7}.get(by, 31))
        following = start_of(after, by)
        yield start, min(until, following - timedelta(days=1))
        start = following
