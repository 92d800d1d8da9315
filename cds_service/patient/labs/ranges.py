"""Which of an Observation's reference ranges, if any, is this patient's: in the unit of account.

Used: type normal or absent; applying to everyone, or certainly to this sex and age; each side with a
unit of its own that converts to something possible; and overlapping the usual interval (a range that
doesn't is in another unit than it says). Everything else is left alone, and the table's limits stand.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter

from cds_service.patient.facts import ReferenceRange
from cds_service.patient.labs.analytes import Analyte
from cds_service.patient.labs.raw import RawQuantity, RawRange
from cds_service.patient.labs.units import readings
from cds_service.patient.person import Person, Sex

_SEXES = {
    **dict.fromkeys(("248153007", "male", "males", "m", "man", "men", "laki-laki", "pria"), Sex.MALE),
    **dict.fromkeys(("248152002", "female", "females", "f", "woman", "women", "perempuan", "wanita"), Sex.FEMALE),
}
_ADULTS = frozenset({"adult", "adults", "dewasa"})
_EVERYONE = frozenset({"all", "both", "semua"})
_ADULT_AGE = 18


def own_range(ranges: Sequence[RawRange], analyte: Analyte, person: Person, today: date) -> ReferenceRange | None:
    """The range to judge by: the most specific that applies, one typed "normal" before an untyped one, else the first."""
    if not ranges:
        return None
    fitting = [
        (not _is_specific(raw), raw.kind is None, converted)
        for raw in ranges
        if _is_normal(raw) and _applies(raw, person, today) and (converted := _converted(raw, analyte)) is not None
    ]
    return min(fitting, key=itemgetter(0, 1))[2] if fitting else None


def _is_normal(raw: RawRange) -> bool:
    return raw.kind is None or raw.kind.strip().casefold() in ("", "normal")


def _is_specific(raw: RawRange) -> bool:
    return bool(raw.applies) or raw.age_low_years is not None or raw.age_high_years is not None


def _applies(raw: RawRange, person: Person, today: date) -> bool:
    if not _is_specific(raw):
        return True
    words = frozenset(word.strip().casefold() for word in raw.applies) - _EVERYONE
    low, high = raw.age_low_years, raw.age_high_years
    if words & _ADULTS:
        words -= _ADULTS
        low = max(low or Decimal(0), Decimal(_ADULT_AGE))
    if any(_SEXES.get(word) is not person.sex for word in words):
        return False  # another sex, or a group we can't place the patient in
    bounds = person.age_bounds(today)
    if bounds is None:  # age unknown: treated as an adult
        return (low is None or low <= _ADULT_AGE) and high is None
    return (low is None or low <= bounds[0]) and (high is None or bounds[1] <= high)


def _converted(raw: RawRange, analyte: Analyte) -> ReferenceRange | None:
    low = _side(raw.low, analyte)
    high = _side(raw.high, analyte)
    if (raw.low is not None and low is None) or (raw.high is not None and high is None):
        return None  # one side is nonsense: the other can't be trusted
    if low is None and high is None:
        return None
    if low is not None and high is not None and low >= high:
        return None
    usual_low, usual_high = analyte.usual
    if (low is not None and usual_high is not None and low >= usual_high) or (
        high is not None and usual_low is not None and high <= usual_low
    ):
        return None
    return ReferenceRange(low=low, high=high)


def _side(side: RawQuantity | None, analyte: Analyte) -> Decimal | None:
    if side is None:
        return None
    for text in readings(side.unit, side.code, side.system):
        unit = analyte.canonical_unit(text)
        if unit is None:
            continue
        value = analyte.convert(side.value, unit)
        return value if value is not None and analyte.is_possible(value) else None
    return None
