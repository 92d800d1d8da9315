"""FHIR dates and times, also the odd ones, as moments in the service's own time zone."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from cds_service.patient.moments import Moment, Precision

_DAY_LENGTH = 10  # "2026-03-02"
_LAST = time(23, 59, 59, 999999)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d{1,6})?\d*\s?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, _DAY_LENGTH: Precision.DAY}
_YEARS = range(1000, 10000)


def canonical(value: Any, zone: ZoneInfo) -> str | None:
    """A date as FHIR R4 writes it, or None when it is no date.

    A time without a zone gets the configured one, missing seconds are filled in, a space for the "T"
    is taken, and so is a bare year that came as a number.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value in _YEARS:
        return str(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if len(text) <= _DAY_LENGTH:
        return text if _is_partial(text) else None
    instant = _instant(text, zone)
    return instant.isoformat() if instant is not None else None


def moment(text: str | None, zone: ZoneInfo) -> Moment | None:
    """The moment a canonical date means, in the zone; None for None, or for one no calendar holds."""
    if text is None:
        return None
    return _partial(text, zone) if len(text) in _PRECISIONS else _exact(text, zone)


# A chart says the same few days over and over, and a bare day tells of no one.
@lru_cache(maxsize=4096)
def _is_partial(text: str) -> bool:
    return _PARTIAL.fullmatch(text) is not None and _first_day(text) is not None


@lru_cache(maxsize=4096)
def _partial(text: str, zone: ZoneInfo) -> Moment | None:
    precision = _PRECISIONS[len(text)]
    first = _first_day(text)
    if first is None:
        return None
    last = _last_day(first, precision)
    return Moment(
        datetime.combine(first, time.min, zone),
        datetime.combine(last, _LAST, zone),
        precision,
    )


def span(first: Moment | None, last: Moment | None) -> Moment | None:
    """From the start of the one to the end of the other: a Period. One side alone stands for both."""
    if first is None or last is None:
        return first or last
    if last.end < first.start:
        return None
    return Moment(first.start, last.end, min(first.precision, last.precision))


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    found = _INSTANT.fullmatch(text)
    if found is None:
        return None
    day, clock, seconds, fraction, offset = found.groups()
    seconds = ":59" if seconds == ":60" else seconds or ":00"  # a leap second
    try:
        stamp = datetime.fromisoformat(f"{day}T{clock}{seconds}{fraction or ''}{offset or ''}")
        if stamp.tzinfo is None:
            stamp = stamp.replace(tzinfo=zone)
        whole_minutes = not (stamp.utcoffset() or timedelta()).seconds % 60
        return stamp if whole_minutes else stamp.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _exact(text: str, zone: ZoneInfo) -> Moment | None:
    try:
        stamp = datetime.fromisoformat(text).astimezone(zone)
    except (ValueError, OverflowError):
        return None
    return Moment(stamp, stamp, Precision.INSTANT)


def _first_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text + "-01-01"[len(text) - _DAY_LENGTH :] if len(text) < _DAY_LENGTH else text)
    except ValueError:
        return None


def _last_day(first: date, precision: Precision) -> date:
    if precision is Precision.YEAR:
        return first.replace(month=12, day=31)
    if precision is Precision.MONTH:
        next_month = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        return next_month - timedelta(days=1)
    return first
