"""How a laboratory value is said: as received, with the converted value beside it where the two differ.

The number and unit are the client's, but written by us: the unit in one spelling, the number in the
language's form. What can't be read back that way is shown in the client's own words, escaped.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal

from cds_service.decision.phrases import Listed, Phrase, Received, say, text, texts
from cds_service.decision.recommendation import Because
from cds_service.patient.facts import LabResult
from cds_service.patient.labs.analytes import ANALYTES
from cds_service.patient.terminology.vocabulary import analytes

_MOST_DECIMALS_RECEIVED = 3
_DECIMALS = 2
_LONGEST_RECEIVED = 14  # characters of the client's, in a summary that must stay short
FILTRATION = text("lab.unit.filtration")
"""The unit of an eGFR, which is written otherwise in each language: it holds a decimal and a word."""
_WORDED = {
    "mL/min/{1.73_m2}": say(FILTRATION),
    "mL/min/1.73m2": say(FILTRATION),
    "mL/min": say(text("lab.unit.clearance")),
}
_SPELLED = {
    "meq/L": "mEq/L",
    "umol/L": "µmol/L",
    "10*9/L": "×10⁹/L",
    "10*3/uL": "×10³/µL",
    "/uL": "/µL",
    "10*5/uL": "lakh/µL",
}
_WHOLE = frozenset({"ms", "s", "mL/min/1.73m2", "mL/min/{1.73_m2}", "10*9/L", "10*3/uL", "/uL"})
"""Units in which a whole number is written without decimals (a QTc of 450, not 450.0)."""

_BOUNDS = {
    "<": text("lab.bound.below"),
    "<=": text("lab.bound.at_most"),
    ">=": text("lab.bound.at_least"),
    ">": text("lab.bound.above"),
}
AS_RECEIVED = text("lab.as_received")
CONVERTED = text("lab.converted")
MEASURE = text("lab.measure")
NO_VALUE = text("lab.no_value")
NOT_USED = text("lab.not_used")
NOT_USED_DATED = text("lab.not_used_dated")
NOT_USED_UNDATED = text("lab.not_used_undated")
NOT_USED_LINES = (NOT_USED, NOT_USED_DATED, NOT_USED_UNDATED)
"""Of a result that could not be used."""
SHOWN = text("lab.shown")
TOGETHER = text("lab.together")
MEASURED, TAGGED, LIMIT, NO_DATE = (text(f"lab.{one}") for one in ("measured", "tagged", "limit", "no_date"))
NOTES = texts(
    "lab.note", ("preliminary", "status-unknown", "by-name", "by-site", "not-indexed", "unit-contradicts-code")
)
"""What must be said with a result, by ``LabResult.notes``."""
UNUSABLE = texts(
    "lab.unusable",
    (
        "status",
        "status-absent",
        "post-dialysis",
        "data-absent",
        "no-value",
        "not-a-number",
        "ambiguous",
        "by-name",
        "total-or-ionised",
        "not-readable",
        "comparator",
        "no-unit",
        "unit-unknown",
        "unit-impossible",
        "unit-conflict",
        "unit-doubtful",
        "value-impossible",
        "no-time",
        "time-not-readable",
        "time-imprecise",
        "future",
    ),
)
"""Why a result can't be used, by ``LabResult.unusable``."""
_NAMES = (*analytes(), "calcium", "calcium_adjusted")  # of no one form; adjusted by whomever
NAMED = texts("analyte", _NAMES)
STARTING = texts("analyte.start", _NAMES)
"""What an analyte is called inside a sentence, and at its start."""


class LabWords:
    """Says values so that rounding never carries one onto or across a limit. ``limits``: every limit of the guideline's."""

    def __init__(self, limits: Iterable[Decimal] = ()) -> None:
        self.limits = tuple(sorted(set(limits)))

    def value(self, result: LabResult) -> Phrase:
        """The value of a usable result ("3.4 mEq/L"; "1.2 mg/dL = 0.49 mmol/L"; "below 2.5 mmol/L")."""
        if result.value is None:
            return say(AS_RECEIVED, received=Received(result.received))
        stated = _stated(result)
        if stated is None:
            account = bounded(self._account(result), result.comparator)
            if not 0 < len(result.received) <= _LONGEST_RECEIVED:
                return account
            return say(CONVERTED, received=Received(result.received), account=account)
        number, unit = stated
        received = say(MEASURE, number=self._shortened(number, unit), unit=spelled(unit))
        if number == result.value:
            return bounded(received, result.comparator)
        return bounded(say(CONVERTED, received=received, account=self._account(result)), result.comparator)

    def shown(self, result: LabResult) -> Phrase:
        """The value in the unit of account, and as received where number or unit differ ("0.49 mmol/L (as received: 1.2 mg/dL)").

        A unit that is only spelt otherwise does not differ. An unusable result is shown as received.
        """
        if result.value is None:
            return say(AS_RECEIVED, received=Received(result.received))
        stated = _stated(result)
        if stated is None:
            received = Received(result.received)
            return say(SHOWN, account=bounded(self._account(result), result.comparator), received=received)
        number, unit = stated
        written = bounded(say(MEASURE, number=self._shortened(number, unit), unit=spelled(unit)), result.comparator)
        if number != result.value:
            return say(SHOWN, account=bounded(self._account(result), result.comparator), received=written)
        if spelled(unit) == spelled(result.unit):
            return written
        account = say(MEASURE, number=self._shortened(number, unit), unit=spelled(result.unit))
        return say(SHOWN, account=bounded(account, result.comparator), received=written)

    def _account(self, result: LabResult) -> Phrase:
        """The value of a usable result in the unit of account; two decimals at least where we calculated it."""
        return self.measure(self._two_decimals(result.value or Decimal(0), result.unit), result.unit)

    def calculated(self, number: Decimal, unit: str) -> Phrase:
        """A number that we calculated (an adjusted calcium), with two decimals at least: "2.00 mmol/L"."""
        return self.measure(self._two_decimals(number, unit), unit)

    def measure(self, number: Decimal, unit: str) -> Phrase:
        """A number of ours with its unit in our spelling, rounded to what can be read, never onto or across a limit."""
        short = self.rounded(number)
        if unit != "mmol/L" and short == short.to_integral_value():
            short = short.to_integral_value()
        return say(MEASURE, number=short, unit=spelled(unit))

    def _shortened(self, number: Decimal, unit: str) -> Decimal:
        """The received number as it came, unless it is absurdly long or a whole number of what is counted in wholes."""
        if unit in _WHOLE and number == number.to_integral_value():
            return number.to_integral_value()
        return number if -int(number.as_tuple().exponent) <= _MOST_DECIMALS_RECEIVED else self.rounded(number)

    def _two_decimals(self, number: Decimal, unit: str) -> Decimal:
        short = self.rounded(number)
        if unit != "mmol/L" or -int(short.as_tuple().exponent) >= _DECIMALS:
            return number
        return short.quantize(Decimal(1).scaleb(-_DECIMALS))

    def rounded(self, number: Decimal) -> Decimal:
        """Two decimals, or as many more as it takes to stay on its side of every limit."""
        if -int(number.as_tuple().exponent) <= _DECIMALS:
            return number
        for decimals in range(_DECIMALS, 9):
            short = number.quantize(Decimal(1).scaleb(-decimals))
            if self._between(short) == self._between(number):
                return short
        return number

    def _between(self, number: Decimal) -> tuple[int, int]:
        """How many limits lie below the number, and how many do not lie above it."""
        return bisect_left(self.limits, number), bisect_right(self.limits, number)

    def fact(self, result: LabResult, limit: Decimal | None = None) -> Because:
        """A usable result as a fact, with the limit it crosses: "haemoglobin 98 g/L, 28 Nov 2026 (limit 100)"."""
        tags = (*(() if limit is None else (say(LIMIT, limit=limit),)), *notes(result))
        said = say(
            MEASURED, analyte=named(result.analyte), value=self.value(result), date=result.moment or say(NO_DATE)
        )
        return Because(say(TAGGED, fact=said, tags=Listed(tags)) if tags else said, result.source)


def _stated(result: LabResult) -> tuple[Decimal, str] | None:
    """The number and the unit, in its one spelling, that the client stated; None when they don't state the value."""
    if result.stated is None or result.stated_unit is None:
        return None
    converted = ANALYTES[result.analyte].convert(result.stated, result.stated_unit)
    return (result.stated, result.stated_unit) if converted == result.value else None


def bounded(phrase: Phrase, comparator: str | None) -> Phrase:
    """The phrase as the bound that a comparator makes of it, in words."""
    bound = _BOUNDS.get(comparator or "")
    return phrase if bound is None else say(bound, value=phrase)


def spelled(unit: str) -> Phrase | str:
    """The unit as it is written on a card ("×10⁹/L", "mL/menit/1,73 m²")."""
    return _WORDED.get(unit) or _SPELLED.get(unit, unit)


def named(analyte: str) -> Phrase:
    """The analyte's name inside a sentence."""
    return say(NAMED[analyte])


def starting(analyte: str) -> Phrase:
    """The analyte's name at the start of a sentence."""
    return say(STARTING[analyte])


def together(parts: Sequence[Phrase]) -> Phrase:
    """Several remarks as one ("preliminary result; flagged abnormal by the laboratory"); ``parts`` is not empty."""
    whole = parts[0]
    for part in parts[1:]:
        whole = say(TOGETHER, one=whole, other=part)
    return whole


def notes(result: LabResult) -> tuple[Phrase, ...]:
    """What must be said with a usable result (preliminary, unit contradicts the code)."""
    return tuple(say(NOTES[note]) for note in result.notes)


def unusable(result: LabResult) -> Phrase:
    """A result that can't be used, in the client's own words, with the reason."""
    received = say(AS_RECEIVED, received=Received(result.received)) if result.received else say(NO_VALUE)
    why = say(UNUSABLE[result.unusable or "no-value"])
    if result.moment is None and result.dated:
        return say(
            NOT_USED_DATED, analyte=starting(result.analyte), value=received, date=Received(result.dated), why=why
        )
    if result.moment is None:
        return say(NOT_USED_UNDATED, analyte=starting(result.analyte), value=received, why=why)
    return say(NOT_USED, analyte=starting(result.analyte), value=received, date=result.moment, why=why)
