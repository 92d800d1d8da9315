"""A result written as text (valueString): "4.0", "<0.5 mg/dL", "3,4 mmol/L" into a quantity, or nothing.

A comma or a point is a decimal one, but with exactly three digits after it ("3,400", "150.000"), where it may
part thousands as well: the quantity then has both numbers, and which it is only the analyte can tell.
"""

import re
from decimal import Decimal

from cds_service.patient.labs.raw import RawQuantity

_WRITTEN = re.compile(
    r"\s*(?P<comparator><=|>=|<|>|≤|≥)?\s*(?P<number>[0-9]{1,9}(?:[.,][0-9]{1,30})?)\s*(?P<unit>[^\s0-9.,<>≤≥+-].*|10[*^eE(].*)?",
    re.DOTALL,
)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_SIGNS = {"≤": "<=", "≥": ">="}
_LONGEST = 60


def quantity(text: str) -> RawQuantity | None:
    """The quantity a text states as a whole, or None; ``unit`` is None when it states none."""
    if len(text) > _LONGEST:
        return None
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        return None
    comparator, unit, number = written["comparator"], written["unit"], written["number"]
    return RawQuantity(
        value=Decimal(number.replace(",", ".")),
        unit=unit.strip() if unit else None,
        comparator=_SIGNS.get(comparator, comparator),
        otherwise=Decimal(number.replace(",", "").replace(".", "")) if may_part_thousands(number) else None,
    )


def may_part_thousands(number: str) -> bool:
    """True for a number that may be read in two ways: "3,400", but not "0,400" or "3400"."""
    return _THOUSANDS.fullmatch(number) is not None
