"""Moving a chart in time, so that its situation happens today and never grows old."""

import re
from datetime import date, timedelta
from typing import Any

_DATED = re.compile(r"(\d{4})(-\d{2})?(-\d{2})?(T.*)?\Z")
_ENDINGS = ("Date", "DateTime", "Instant", "Time")
_NAMES = frozenset(
    {
        "authored", "authoredOn", "assertedDate", "dateAsserted", "date", "dateWritten", "end", "event", "issued",
        "lastOccurrence", "lastUpdated", "start", "timestamp",
    }
)  # fmt: skip


def shifted(value: Any, days: int) -> Any:
    """The JSON value with every date in it moved by ``days``. A year or a month stays that precise.

    What is a date is told by the element's name ("birthDate", "authoredOn", "period.start"), so that
    a code that looks like a year stays a code. Texts are left as they are.
    """
    if isinstance(value, list):
        return [shifted(one, days) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _moved(one, days) if _is_dated(name) else shifted(one, days) for name, one in value.items()}


def _is_dated(name: str) -> bool:
    return name in _NAMES or name.endswith(_ENDINGS)


def _moved(value: Any, days: int) -> Any:
    if isinstance(value, list):
        return [_moved(one, days) for one in value]
    if not isinstance(value, str):
        return shifted(value, days)
    found = _DATED.match(value)
    if found is None:
        return value
    year, month, day, time = found.groups()
    try:
        if day:
            return _later(f"{year}{month}{day}", days).isoformat() + (time or "")
        if month:
            return _later(f"{year}{month}-15", days).isoformat()[:7]
        return str(_later(f"{year}-07-01", days).year)
    except (ValueError, OverflowError):  # 2026-02-30, or beyond the calendar: an odd chart stays odd
        return value


def _later(day: str, days: int) -> date:
    return date.fromisoformat(day) + timedelta(days=days)
