"""A result written as text (valueString): "4.0", "<0.5 mg/dL", "3,4 mmol/L" into a quantity, or nothing.

A decimal comma is read only where it can be nothing else: one comma, no point, and not three digits
after it ("3,400" may be three point four or three thousand four hundred).
"""

import re
from decimal import Decimal

from cds_service.patient.labs.raw import RawQuantity

_WRITTEN = re.compile(
    r"\s*(?P<comparator><=|>=|<|>|≤|≥)?\s*(?P<number>[0-9]{1,9}(?:[.,][0-9]{1,30})?)\s*(?P<unit>[^\s0-9.,<>≤≥+-].*|10[*^eE(].*)?",
    re.DOTALL,
)
_THOUSANDS = re.compile(r"[0-9]+,[0-9]{3}")
_SIGNS = {"≤": "<=", "≥": ">="}
_LONGEST = 60


def quantity(text: str) -> RawQuantity | None:
    """The quantity a text states as a whole, or None; ``unit`` is None when it states none."""
    if len(text) > _LONGEST:
        return None
    written = _WRITTEN.fullmatch(text.strip())
    if written is None or _THOUSANDS.fullmatch(written["number"]):
        return None
    comparator, unit = written["comparator"], written["unit"]
    return RawQuantity(
        value=Decimal(written["number"].replace(",", ".")),
        unit=unit.strip() if unit else None,
        comparator=_SIGNS.get(comparator, comparator),
    )
