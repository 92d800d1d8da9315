"""A projected Observation in the words ``patient.labs`` reads: quantity, ranges, flags, moment."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cds_service.chart.r4 import dates
from cds_service.chart.r4.elements import Element
from cds_service.chart.r4.time_units import time_unit
from cds_service.chart.read.sources import codings_of, displays_of, words_of
from cds_service.patient.labs.raw import RawQuantity, RawRange, RawResult
from cds_service.patient.moments import Moment
from cds_service.patient.terminology.concepts import Measured

_FLAGS_BY_WORD = {
    "normal": "N",
    "low": "L",
    "high": "H",
    "critical low": "LL",
    "critically low": "LL",
    "critical high": "HH",
    "critically high": "HH",
    "abnormal": "A",
    "critically abnormal": "AA",
    "rendah": "L",
    "tinggi": "H",
}
_DAYS_A_YEAR = Decimal("365.25")
_HOURS_A_YEAR = 24 * _DAYS_A_YEAR
_YEARS = {
    "a": Decimal(1),
    "mo": 1 / Decimal(12),
    "wk": 7 / _DAYS_A_YEAR,
    "d": 1 / _DAYS_A_YEAR,
    "h": 1 / _HOURS_A_YEAR,
    "min": 1 / (60 * _HOURS_A_YEAR),
}
"""How many years one unit of time is (UCUM)."""


def raw_result(
    source: str,
    made: Element,
    found: Measured,
    zone: ZoneInfo,
    *,
    unreadable: tuple[str, ...] = (),
    dated: str | None = None,
) -> RawResult:
    """What ``patient.labs`` reads of a projected Observation; ``found``: its analyte, and what its code tells.

    ``unreadable``: what had to be left out of the projection; ``dated``: its time as received, where that was.
    """
    return RawResult(
        source=source,
        analyte=found.analyte,
        loinc=found.loinc,
        status=made.get("status"),
        moment=_moment(made, zone),
        quantity=_quantity(made.get("valueQuantity")),
        text_value=made.get("valueString"),
        absent_reason="dataAbsentReason" in made,
        flags=_flags(made.get("interpretation", ())),
        ranges=tuple(filter(None, map(_range, made.get("referenceRange", ())))),
        code_text=words_of(made.get("code")),
        unreadable=unreadable,
        dated=dated,
        site_unit=found.unit,
        by_site=found.by_site,
    )


def _moment(made: Element, zone: ZoneInfo) -> Moment | None:
    if "effectiveDateTime" in made:
        return dates.moment(made["effectiveDateTime"], zone)
    during = made.get("effectivePeriod", {})
    return dates.span(dates.moment(during.get("start"), zone), dates.moment(during.get("end"), zone))


def _quantity(made: Any) -> RawQuantity | None:
    if made is None or "value" not in made:
        return None
    return RawQuantity(made["value"], made.get("unit"), made.get("code"), made.get("system"), made.get("comparator"))


def _range(made: Element) -> RawRange | None:
    """A referenceRange; None when its ages are in a unit of time we don't know: no one can say whose it is."""
    low, high = _quantity(made.get("low")), _quantity(made.get("high"))
    kind = made.get("type", {})
    codes = [coding["code"] for coding in kind.get("coding", ()) if "code" in coding]
    applies = [
        word
        for one in made.get("appliesTo", ())
        for word in (*(code for _, code in codings_of(one)), *displays_of(one))
    ]
    ages = {side: _quantity(made.get("age", {}).get(side)) for side in ("low", "high")}
    years = {side: _years(age) for side, age in ages.items() if age is not None}
    if None in years.values():
        return None
    return RawRange(
        low=low,
        high=high,
        kind=next(iter(codes), kind.get("text")),
        applies=tuple(dict.fromkeys(applies)),
        age_low_years=years.get("low"),
        age_high_years=years.get("high"),
    )


def _years(age: RawQuantity) -> Decimal | None:
    """An age in years; a bare number is years. None for a unit of time we don't know."""
    units = [unit for unit in (age.code, age.unit) if unit] or ["a"]
    found = next(filter(None, map(time_unit, units)), None)
    return None if found is None else age.value * _YEARS[found]


def _flags(interpretations: Iterable[Element]) -> frozenset[str]:
    """Interpretation codes in capitals; a word counts where there is no code."""
    flags: set[str] = set()
    for one in interpretations:
        codes = [code.upper() for _, code in codings_of(one)]
        words = (_FLAGS_BY_WORD.get(words.lower()) for words in displays_of(one))
        flags.update(codes or [word for word in words if word])
        text = one.get("text", "")
        if not codes and text.upper() in {"H", "HH", "L", "LL", "N", "A", "AA"}:
            flags.add(text.upper())
    return frozenset(flags)
