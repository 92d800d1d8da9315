"""How a laboratory value is said: as received, with the converted value beside it where the two differ.

The number and unit are the client's, but written by us: the unit in one spelling, the number in the
language's form. What can't be read back that way is shown in the client's own words, escaped.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal

from cds_service.guidance.electrolyte_limits import LIMITS
from cds_service.guidance.phrases import Phrase, Received, say
from cds_service.patient.facts import LabResult
from cds_service.patient.labs_text import quantity
from cds_service.patient.units_analytes import ANALYTES

_MOST_DECIMALS_RECEIVED = 3
_DECIMALS = 2
_LONGEST_RECEIVED = 14  # characters of the client's, in a summary that must stay short
_SPELLED = {
    "meq/L": "mEq/L",
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "10*9/L": "×10⁹/L",
    "10*3/uL": "×10³/µL",
    "/uL": "/µL",
}
_BOUNDS = {"<": "below", "<=": "at_most", ">=": "at_least", ">": "above"}


def value(result: LabResult) -> Phrase:
    """The value of a usable result ("3.4 mEq/L"; "1.2 mg/dL = 0.49 mmol/L"; "below 2.5 mmol/L")."""
    if result.value is None:
        return say("lab.as_received", received=Received(result.received))
    account = bounded(measure(result.value, _spelled(result.unit)), result.comparator)
    stated = quantity(result.received)
    analyte = ANALYTES.get(result.analyte)
    unit = analyte.canonical_unit(stated.unit) if stated is not None and analyte is not None else None
    if stated is None or analyte is None or unit is None or analyte.convert(stated.value, unit) != result.value:
        if not 0 < len(result.received) <= _LONGEST_RECEIVED:
            return account
        return say("lab.converted", received=Received(result.received), account=account)
    written = _spelled(unit)
    shown = _shortened(stated.value)
    if stated.value == result.value:
        return bounded(say("lab.measure", number=shown, unit=written), result.comparator)
    converted = say(
        "lab.converted",
        received=say("lab.measure", number=shown, unit=written),
        account=measure(result.value, _spelled(result.unit)),
    )
    return bounded(converted, result.comparator)


def measure(number: Decimal, unit: str) -> Phrase:
    """A number of ours with its unit, rounded to what can be read, never onto or across a limit."""
    return say("lab.measure", number=rounded(number), unit=unit)


def bounded(phrase: Phrase, comparator: str | None) -> Phrase:
    """The phrase as the bound that a comparator makes of it, in words."""
    bound = _BOUNDS.get(comparator or "")
    return phrase if bound is None else say(f"lab.bound.{bound}", value=phrase)


def rounded(number: Decimal) -> Decimal:
    """Two decimals, or as many more as it takes to stay on its side of every limit of the table."""
    if number == number.to_integral_value():
        return number.to_integral_value()
    if not number.is_finite() or -int(number.as_tuple().exponent) <= _DECIMALS:
        return number
    for decimals in range(_DECIMALS, 9):
        short = number.quantize(Decimal(1).scaleb(-decimals))
        if _between(short) == _between(number):
            return short
    return number


_ALL_LIMITS = sorted(
    {
        limit.value
        for row in LIMITS.values()
        for side in (row.low, row.high)
        for limit in (side.info, side.warning, side.critical)
        if limit is not None
    }
)


def _between(number: Decimal) -> tuple[int, int]:
    """How many limits lie below the number, and how many do not lie above it."""
    return bisect_left(_ALL_LIMITS, number), bisect_right(_ALL_LIMITS, number)


def _shortened(number: Decimal) -> Decimal:
    return number if -int(number.as_tuple().exponent) <= _MOST_DECIMALS_RECEIVED else rounded(number)


def _spelled(unit: str) -> str:
    return _SPELLED.get(unit, unit)


def named(analyte: str) -> Phrase:
    """The analyte's name inside a sentence."""
    return say(f"analyte.{analyte}")


def together(parts: Sequence[Phrase]) -> Phrase:
    """Several remarks as one ("preliminary result; flagged abnormal by the laboratory"); ``parts`` is not empty."""
    whole = parts[0]
    for part in parts[1:]:
        whole = say("lab.together", one=whole, other=part)
    return whole


def notes(result: LabResult) -> tuple[Phrase, ...]:
    """What must be said with a usable result (preliminary, unit contradicts the code)."""
    return tuple(say(f"lab.note.{note}") for note in result.notes)


def unusable(result: LabResult) -> Phrase:
    """A result that can't be used, in the client's own words, with the reason."""
    received = say("lab.as_received", received=Received(result.received)) if result.received else say("lab.no_value")
    why = say(f"lab.unusable.{result.unusable}")
    if result.moment is None:
        return say("lab.not_used_undated", analyte=say(f"analyte.start.{result.analyte}"), value=received, why=why)
    return say(
        "lab.not_used", analyte=say(f"analyte.start.{result.analyte}"), value=received, date=result.moment, why=why
    )
