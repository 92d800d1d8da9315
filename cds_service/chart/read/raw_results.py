"""A projected Observation in the words ``patient.labs`` reads: quantity, ranges, flags, moment."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cds_service.chart.r4 import dates
from cds_service.chart.r4.elements import NOT_READABLE, Element, UnreadableError
from cds_service.chart.read.sources import codings_of, displays_of, words_of
from cds_service.patient.labs.results import RawQuantity, RawRange, RawResult
from cds_service.patient.moments import Moment

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
_FOR_WHOM = frozenset(("type", "appliesTo", "age"))
_DAYS_A_YEAR = Decimal("365.25")
_YEARS = {"a": Decimal(1), "mo": 1 / Decimal(12), "wk": 7 / _DAYS_A_YEAR, "d": 1 / _DAYS_A_YEAR}


def raw_result(source: str, made: Element, found: tuple[str, str], zone: ZoneInfo) -> RawResult:
    """What ``patient.labs`` reads of a projected Observation; ``found``: its analyte and LOINC code.

    Raises UnreadableError.
    """
    analyte, loinc = found
    return RawResult(
        source=source,
        analyte=analyte,
        loinc=loinc,
        status=made.get("status"),
        moment=_moment(made, zone),
        quantity=_quantity(made.get("valueQuantity")),
        text_value=made.get("valueString"),
        absent_reason="dataAbsentReason" in made,
        flags=_flags(made.get("interpretation", ())),
        ranges=tuple(_range(one) for one in made.get("referenceRange", ())),
        code_text=words_of(made.get("code")),
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


def _range(made: Element) -> RawRange:
    low, high = _quantity(made.get("low")), _quantity(made.get("high"))
    if _FOR_WHOM.isdisjoint(made):
        return RawRange(low, high)
    kind = made.get("type", {})
    codes = [coding["code"] for coding in kind.get("coding", ()) if "code" in coding]
    applies = [
        word
        for one in made.get("appliesTo", ())
        for word in (*(code for _, code in codings_of(one)), *displays_of(one))
    ]
    age = made.get("age", {})
    return RawRange(
        low=low,
        high=high,
        kind=next(iter(codes), kind.get("text")),
        applies=tuple(dict.fromkeys(applies)),
        age_low_years=_years(age.get("low")),
        age_high_years=_years(age.get("high")),
    )


def _years(made: Element | None) -> Decimal | None:
    """An age in years; a bare number is years. Raises UnreadableError for a unit of time we don't know."""
    quantity = _quantity(made)
    if quantity is None:
        return None
    unit = (quantity.code or quantity.unit or "a").lower().removesuffix("s")
    years = _YEARS.get({"year": "a", "yr": "a", "y": "a", "month": "mo", "week": "wk", "day": "d"}.get(unit, unit))
    if years is None:
        raise UnreadableError(NOT_READABLE)
    return quantity.value * years


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
