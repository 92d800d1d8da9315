"""A result that is written plainly, from the JSON text of its entry, without a projection to R4.

Plain is an Observation with a status of R4, a time as R4 writes it, a valueQuantity that is a number, flags that are
codes, and ranges for everyone, all of it in words as R4 has words. Anything else is read the long way
(``chart.r4.results``, ``raw_results``), and what is plain reads the same that way.
"""

from collections.abc import Iterable
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from cds_service.chart.r4.dates import written_plainly
from cds_service.patient.labs.raw import RawQuantity, RawRange, RawResult
from cds_service.patient.terminology.concepts import Measured

_NOTHING = msgspec.Raw()
_STATUSES = frozenset(("final", "amended", "corrected", "preliminary"))
_LEAST, _MOST = 1e-9, 1e15
"""Between them every number is as its JSON text says it, in whatever parser's hands."""
_COMPARATORS = frozenset(("", "<", "<=", ">=", ">"))


class _Quantity(msgspec.Struct, gc=False):
    value: int | float
    unit: str = ""
    system: str = ""
    code: str = ""
    comparator: str = ""


class _Coding(msgspec.Struct, gc=False):
    code: str
    display: str = ""


class _Concept(msgspec.Struct, gc=False):
    coding: list[_Coding]
    text: str = ""


class _Range(msgspec.Struct, gc=False):
    low: _Quantity | None = None
    high: _Quantity | None = None
    type: msgspec.Raw = _NOTHING
    meaning: msgspec.Raw = _NOTHING
    appliesTo: msgspec.Raw = _NOTHING  # noqa: N815 - FHIR's names
    age: msgspec.Raw = _NOTHING


class _Observation(msgspec.Struct, gc=False):
    status: str
    code: _Concept
    effectiveDateTime: str  # noqa: N815
    valueQuantity: _Quantity  # noqa: N815
    interpretation: list[_Concept] = []
    referenceRange: list[_Range] = []  # noqa: N815
    dataAbsentReason: msgspec.Raw = _NOTHING  # noqa: N815


class _Entry(msgspec.Struct, gc=False):
    resource: _Observation


_decode = msgspec.json.Decoder(_Entry).decode


def plain_result(entry: msgspec.Raw, source: str, found: Measured, zone: ZoneInfo) -> RawResult | None:
    """The result an entry holds, of the analyte its code tells; None where it is not plainly one."""
    try:
        made = _decode(entry).resource
    except msgspec.DecodeError:
        return None
    moment = written_plainly(made.effectiveDateTime, zone)
    if moment is None or not _is_plain(made):
        return None
    return RawResult(
        source=source,
        analyte=found.analyte,
        loinc=found.loinc,
        status=made.status,
        moment=moment,
        quantity=_quantity(made.valueQuantity),
        flags=frozenset([coding.code.upper() for flag in made.interpretation for coding in flag.coding]),
        ranges=tuple([RawRange(_side(one.low), _side(one.high)) for one in made.referenceRange if one.low or one.high]),
        code_text=made.code.text or next((one.display for one in made.code.coding if one.display), None),
        site_unit=found.unit,
        by_site=found.by_site,
    )


def _is_plain(made: _Observation) -> bool:
    """A status of R4, and no reason for having no value; numbers and codes; ranges for everyone; words as R4 has them."""
    if made.status not in _STATUSES or made.dataAbsentReason is not _NOTHING:
        return False
    quantities = [made.valueQuantity]
    words = set[str]()
    for one in made.referenceRange:
        if not (one.type is one.meaning is one.appliesTo is one.age is _NOTHING):
            return False
        quantities += [side for side in (one.low, one.high) if side is not None]
    for quantity in quantities:
        if not _LEAST < quantity.value < _MOST or quantity.comparator not in _COMPARATORS:
            return False
        words.update((quantity.unit, quantity.code, quantity.system))
    for concept in (made.code, *made.interpretation):
        if not concept.coding:
            return False
        words.add(concept.text)
        for coding in concept.coding:
            if not coding.code:
                return False
            words.update((coding.code, coding.display))
    return _are_tidy(words)


def _are_tidy(words: Iterable[str]) -> bool:
    """Printable and without a space too many: what R4 takes for strings, and codes, as they stand."""
    written = f"|{'|'.join(words)}|"
    return written.isprintable() and "  " not in written and "| " not in written and " |" not in written


def _side(made: _Quantity | None) -> RawQuantity | None:
    return None if made is None else _quantity(made)


def _quantity(made: _Quantity) -> RawQuantity:
    return RawQuantity(
        Decimal(repr(made.value)), made.unit or None, made.code or None, made.system or None, made.comparator or None
    )
