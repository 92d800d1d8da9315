"""How often a day, and for how long: the structured part of a dosage, where it has one."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from cds_service.chart.r4 import dates
from cds_service.chart.r4.elements import Element
from cds_service.chart.r4.time_units import time_unit
from cds_service.patient.facts import Dosing

_DAYS = {"d": Decimal(1), "wk": Decimal(7), "mo": Decimal(30), "a": Decimal(365)}
"""How many days one unit of time is (UCUM); months and years as people count them."""

_IN_A_DAY = {"h": 24, "min": 1440}
"""How many of one go into a day: divided by, not multiplied with, so that every 8 hours is 3 times a day exactly."""

_HOUR = "hr"
"""Of two meanings elsewhere; in a dosage an hour, as software writes it for doses a day."""

_A_DAY = {"QD": 1, "BID": 2, "TID": 3, "QID": 4, "Q12H": 2, "Q8H": 3, "Q6H": 4, "Q4H": 6, "Q3H": 8, "Q2H": 12}
"""Doses a day, by the codes of HL7 and their usual kin."""


def dosing(dosage: Element, zone: ZoneInfo) -> Dosing:
    """Doses a day and days of the course, as far as its timing states them in elements or a code."""
    timing = dosage.get("timing", {})
    repeat = timing.get("repeat", {})
    per_day = _often(repeat) or _coded(timing.get("code", {}))
    return Dosing(per_day, _long(repeat, per_day, zone))


def _often(repeat: Element) -> Decimal | None:
    """Doses a day. A frequency alone says nothing of its period; a period alone is one dose each."""
    unit = _unit(repeat.get("periodUnit"))
    period: Decimal | None = repeat.get("period")
    times: Decimal = repeat.get("frequency", Decimal(1))
    if not period:
        return None
    if unit in _IN_A_DAY:
        return times * _IN_A_DAY[unit] / period
    return times / (period * _DAYS[unit]) if unit in _DAYS else None


def _coded(code: Element) -> Decimal | None:
    words = [one.get("code") for one in code.get("coding", ())] + [code.get("text")]
    found = (_A_DAY.get(word.upper()) for word in words if word)
    return next((Decimal(times) for times in found if times is not None), None)


def _long(repeat: Element, per_day: Decimal | None, zone: ZoneInfo) -> Decimal | None:
    """Days of the course: of its longest bound, its first and last day counted; else of its number of doses."""
    longest = repeat.get("boundsDuration") or repeat.get("boundsRange", {}).get("high") or {}
    days = _in_days(longest.get("value"), longest.get("code") or longest.get("unit"))
    if days is not None:
        return days
    period = repeat.get("boundsPeriod", {})
    first, last = dates.moment(period.get("start"), zone), dates.moment(period.get("end"), zone)
    if first is not None and last is not None:
        return Decimal((last.last_day - first.day + timedelta(days=1)).days)
    count = repeat.get("count")
    return count / per_day if count is not None and per_day else None


def _in_days(value: Decimal | None, unit: str | None) -> Decimal | None:
    """None where value or unit is not stated, or the unit is none of time."""
    found = _unit(unit)
    if value is None:
        return None
    if found in _IN_A_DAY:
        return value / _IN_A_DAY[found]
    return value * _DAYS[found] if found in _DAYS else None


def _unit(written: str | None) -> str | None:
    return "h" if (written or "").casefold() == _HOUR else time_unit(written)
