"""FHIR dates and times, also the odd ones, as moments in the service's own time zone."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from cds_service.patient.moments import Moment, Precision

_DAY_LENGTH = 10  # "2026-03-02"
_LAST = time(23, 59, 59, 999999)
_INSTANT = re.compile(
    r"(\d{4}-\d\d?-\d\d?)[Tt\s](\d\d:\d\d)(:\d\d)?([.,]\d{1,6})?\d*\s?([Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_DIGITS = re.compile(  # as HL7 v2 and CDA write it
    r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(\.\d{1,6})?\d*(Z|[+-]\d{4})?)?", re.ASCII
)
_UNPADDED = re.compile(r"(\d{4})-(\d\d?)(?:-(\d\d?))?", re.ASCII)
_MILLISECONDS = re.compile(r"-?\d{13}", re.ASCII)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_PLAIN = re.compile(
    r"[12]\d{3}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](0\d|1[0-3]):[0-5]\d)", re.ASCII
)
_PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, _DAY_LENGTH: Precision.DAY}
_YEARS = range(1000, 10000)
_DAYS = range(1000_01_01, 9999_12_32)  # 20261130
_LAST_MILLISECOND = 10**13 - 1  # in the year 2286
_FIRST_MILLISECOND = 10**11  # a number nearer to nought might be anything
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def canonical(value: Any, zone: ZoneInfo) -> str | None:
    """A date as FHIR R4 writes it, or None when it is no date, or one that may mean two things.

    Read is what can mean one thing only: a time without a zone (it gets the configured one) or without seconds,
    a space for the "T", 24:00, an offset in hours, a month or day of one digit, digits without hyphens, a year or
    a day that came as a number, milliseconds since 1970. A date with slashes or dots is never read, whatever its
    day: in the same record the next one could be either.
    """
    if isinstance(value, int):
        return _of_number(value, zone)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if len(text) <= _DAY_LENGTH:
        return text if _is_partial(text) else _day_otherwise(text)
    instant = _instant(text, zone)
    return instant.isoformat() if instant is not None else None


def _of_number(value: int, zone: ZoneInfo) -> str | None:
    if value in _YEARS:
        return str(value)
    if value in _DAYS:
        return _day_otherwise(str(value))
    if _FIRST_MILLISECOND <= abs(value) <= _LAST_MILLISECOND:
        return _since_epoch(value, zone).isoformat()
    return None


def _since_epoch(milliseconds: int, zone: ZoneInfo) -> datetime:
    return (_EPOCH + timedelta(milliseconds=milliseconds)).astimezone(zone)


def _day_otherwise(text: str) -> str | None:
    """A year, month or day not written as FHIR does: 20261130, 2026-11-1."""
    found = _UNPADDED.fullmatch(text) or _DIGITS.fullmatch(text)
    if found is None:
        return None
    made = "-".join(part.zfill(2) for part in found.groups() if part)
    return made if _is_partial(made) else None


def moment(text: str | None, zone: ZoneInfo) -> Moment | None:
    """The moment a canonical date means, in the zone; None for None, or for one no calendar holds."""
    if text is None:
        return None
    return _partial(text, zone) if len(text) in _PRECISIONS else _exact(text, zone)


def written_plainly(text: str, zone: ZoneInfo) -> Moment | None:
    """The moment of a date written as FHIR R4 does; None for any other, which ``canonical`` may know."""
    if len(text) in _PRECISIONS:
        return _partial(text, zone) if _is_partial(text) else None
    return _exact(text, zone) if _PLAIN.fullmatch(text) else None


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
    if _MILLISECONDS.fullmatch(text):
        return _since_epoch(int(text), zone)
    parts = _parts(text)
    if parts is None:
        return None
    day, clock, seconds, fraction, offset = parts
    seconds = ":59" if seconds == ":60" else seconds or ":00"  # a leap second
    at_midnight = clock == "24:00" and seconds == ":00" and not (fraction or "").strip(".,0")
    try:
        stamp = datetime.fromisoformat(f"{day}T{'00:00' if at_midnight else clock}{seconds}{fraction or ''}{offset}")
        if at_midnight:
            stamp += timedelta(days=1)
        if stamp.tzinfo is None:
            stamp = stamp.replace(tzinfo=zone)
        whole_minutes = not (stamp.utcoffset() or timedelta()).seconds % 60
        return stamp if whole_minutes else stamp.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parts(text: str) -> tuple[str, str, str | None, str | None, str] | None:
    """Day, hours and minutes, seconds, fraction and offset, as ISO writes each."""
    found = _INSTANT.fullmatch(text)
    if found is not None:
        day, clock, seconds, fraction, offset = found.groups()
        day = "-".join(part.zfill(2) for part in day.split("-"))
    else:
        found = _DIGITS.fullmatch(text)
        if found is None:
            return None
        year, month, day_of_month, hour, minute, second, fraction, offset = found.groups()
        day, clock, seconds = f"{year}-{month}-{day_of_month}", f"{hour}:{minute}", second and f":{second}"
    offset = (offset or "").upper()
    return day, clock, seconds, fraction, "Z" if offset in ("UTC", "GMT") else offset


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
