"""Which days a report may be asked for."""

from datetime import date

EARLIEST_YEAR = 2020


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
