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


class _OddError(Exception):
    """It is not plain."""


class _Quantity(msgspec.Struct, gc=False):
    value: int | float
    unit: str = ""
    system: str = ""
    code: str = ""
    comparator: str = ""


class _Coding(msgspec.Struct, gc=False):
    code: str
    system: str = ""
    display: str = ""


class _Flag(msgspec.Struct, gc=False):
    coding: list[_Coding]
    text: str = ""


class _Range(msgspec.Struct, gc=False):
    low: _Quantity | None = None
    high: _Quantity | None = None
    type: msgspec.Raw = _NOTHING
    meaning: msgspec.Raw = _NOTHING
    appliesTo: msgspec.Raw = _NOTHING  # noqa: N815 - FHIR's names
    age: msgspec.Raw = _NOTHING


class _Code(msgspec.Struct, gc=False):
    coding: list[_Coding]
    text: str = ""


class _Observation(msgspec.Struct, gc=False):
    status: str
    code: _Code
    effectiveDateTime: str  # noqa: N815
    valueQuantity: _Quantity  # noqa: N815
    interpretation: list[_Flag] = []
    referenceRange: list[_Range] = []  # noqa: N815
    dataAbsentReason: msgspec.Raw = _NOTHING  # noqa: N815


class _Entry(msgspec.Struct, gc=False):
    resource: _Observation


_decode = msgspec.json.Decoder(_Entry).decode


def plain_result(entry: msgspec.Raw, source: str, found: Measured, zone: ZoneInfo) -> RawResult | None:
    """The result an entry holds, of the analyte its code tells; None where it is not plainly one."""
    try:
        made = _decode(entry).resource
        moment = written_plainly(made.effectiveDateTime, zone)
        if moment is None or made.status not in _STATUSES or made.dataAbsentReason is not _NOTHING:
            return None
        return RawResult(
            source=source,
            analyte=found.analyte,
            loinc=found.loinc,
            status=made.status,
            moment=moment,
            quantity=_quantity(made.valueQuantity),
            flags=frozenset(code for one in made.interpretation for code in _flags(one)),
            ranges=tuple(filter(None, map(_range, made.referenceRange))),
            code_text=_text(made.code),
            site_unit=found.unit,
            by_site=found.by_site,
        )
    except (msgspec.DecodeError, _OddError):
        return None


def _quantity(made: _Quantity) -> RawQuantity:
    if not _LEAST < made.value < _MOST or made.comparator not in _COMPARATORS or " " in made.system:
        raise _OddError
    _insist_on_words((made.unit, made.system, made.code))
    return RawQuantity(
        Decimal(repr(made.value)), made.unit or None, made.code or None, made.system or None, made.comparator or None
    )


def _range(made: _Range) -> RawRange | None:
    if any(one is not _NOTHING for one in (made.type, made.meaning, made.appliesTo, made.age)):
        raise _OddError
    if made.low is None and made.high is None:
        return None
    return RawRange(_side(made.low), _side(made.high))


def _side(made: _Quantity | None) -> RawQuantity | None:
    return None if made is None else _quantity(made)


def _flags(made: _Flag) -> Iterable[str]:
    _insist_on_codings(made.coding)
    _insist_on_words((made.text,))
    return [one.code.upper() for one in made.coding]


def _text(made: _Code) -> str | None:
    """The words for the test: its text, else the first display."""
    _insist_on_codings(made.coding)
    _insist_on_words((made.text,))
    return made.text or next((one.display for one in made.coding if one.display), None)


def _insist_on_codings(codings: list[_Coding]) -> None:
    """At least one; each with a code, in a system that has an address."""
    if not codings:
        raise _OddError
    for one in codings:
        if not one.code or " " in one.system:
            raise _OddError
        _insist_on_words((one.code, one.system, one.display))


def _insist_on_words(words: Iterable[str]) -> None:
    """Nothing, or printable and without a space too many: what R4 takes for a string, and a code, as it stands."""
    for one in words:
        if one and not (one.isprintable() and "  " not in one and one[0] != " " != one[-1]):
            raise _OddError
