"""The elements of a resource, whatever shape they came in, as FHIR R4 has them.

Known odd shapes are repaired: an object where a list belongs, a scalar where an object belongs, a
number for a code. What can't be repaired is left as it came, so that validation refuses it, or stands as
``UNREADABLE`` where FHIR would take it (a made-up status): what that costs, ``essentials`` decides.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from cds_service.chart.r4.dates import canonical
from cds_service.chart.r4.statuses import one_spelling
from cds_service.patient.labs.written import may_part_thousands
from cds_service.patient.terminology.systems import normalise_system, visible

Json = Any
Element = dict[str, Any]

_SCALARS = (bool, int, float, Decimal)
_NUMERIC = (int, float, str, Decimal)
_MOST_DIGITS = 30  # beyond any measured value, either side of the point
_OF_A_QUANTITY = ("comparator", "unit", "system", "code")
_NOTHING: tuple[Json, ...] = (None, "", [], {})
_COMPARATORS = {"≤": "<=", "=<": "<=", "≥": ">=", "=>": ">="}


NOT_READABLE = "not-readable"


class Unreadable:
    """What stands in a projection for an element that is there and can't be read."""

    __slots__ = ()


UNREADABLE: Final = Unreadable()


class UnreadableError(ValueError):
    """An entry can't be used."""


CANNOT_READ = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
"""What a client's odd JSON can raise while one entry is read; it costs that entry and no other."""


def attempted(read: Callable[..., Json], *given: Any) -> Json:
    """What the function reads; UNREADABLE where the client's JSON is too odd for it."""
    try:
        return read(*given)
    except CANNOT_READ:
        return UNREADABLE


def listed(value: Json) -> list[Json]:
    """The members of a list; a lone value is a list of one, and null of none."""
    if isinstance(value, list):
        return [member for member in value if member is not None]
    return [] if value is None else [value]


def text(value: Json) -> str | None:
    """A string without the space around it, or a number as it is written; None for anything else."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, _SCALARS) and not isinstance(value, bool):
        return str(value)
    return None


def present(element: Element) -> Element:
    """The element without its empty members."""
    return {name: value for name, value in element.items() if value or isinstance(value, _SCALARS)}


def coding(value: Json) -> Element:
    """A Coding, its white space put in order; a lone scalar is its code. A system's name becomes its address."""
    if not isinstance(value, dict):
        value = {"code": value}
    made = {}
    for name in ("system", "code", "display"):
        part = value.get(name)
        words = tidied(part) if isinstance(part, str) else text(part)
        if words:
            made[name] = words
    if " " in made.get("system", ""):
        made["system"] = normalise_system(made["system"]) or ""
        if " " in made["system"]:
            del made["system"]  # no address, and no name we know
    return made


def tidied(words: str) -> str:
    """The words with one space between them, whatever white space came: a no-break space is one."""
    return " ".join((words if words.isascii() else visible(words)).split())


def concept(value: Json) -> Element | None:
    """A CodeableConcept of a concept, a Coding, a text, a R5 CodeableReference, or a list of any; None if empty."""
    if value is None:
        return None
    if isinstance(value, list):
        parts = [part for part in map(concept, value) if part]
        codings = [one for part in parts for one in part.get("coding", [])]
        words = next((part["text"] for part in parts if "text" in part), None)
        return present({"coding": codings, "text": words}) or None
    if not isinstance(value, dict):
        return present({"text": text(value)}) or None
    if "coding" not in value:
        if "concept" in value:
            return concept(value["concept"])
        if "code" in value or "system" in value:
            value = {"coding": value, "text": value.get("text")}
    codings = [one for one in map(coding, listed(value.get("coding"))) if one]
    words = text(value.get("text"))
    if not codings:
        return {"text": words} if words else None
    return {"coding": codings, "text": words} if words else {"coding": codings}


def concepts(value: Json) -> list[Element]:
    """A list of CodeableConcepts of a list, or of one object, or of one text."""
    if value is None:
        return []
    return [made for made in map(concept, listed(value)) if made]


def reference(value: Json) -> Element | None:
    """A Reference of a reference, a R5 CodeableReference, or a plain string."""
    if isinstance(value, str):
        return present({"reference": text(value)}) or None
    if not isinstance(value, dict):
        return None
    inner = value.get("reference")
    if isinstance(inner, dict):
        return reference(inner)
    return present({"reference": text(inner), "display": text(value.get("display"))}) or None


def date_time(value: Json, zone: ZoneInfo, *instead: Json) -> Json:
    """A canonical date of the first of the values that is one; UNREADABLE where none is; None where none is there."""
    found: Json = None
    for one in (value, *instead):
        if one in _NOTHING:
            continue
        made = canonical(one, zone)
        if made is not None:
            return made
        found = UNREADABLE
    return found


def period(value: Json, zone: ZoneInfo) -> Element | None:
    """A Period with canonical dates; a lone date is its start."""
    if isinstance(value, dict):
        return present({side: date_time(value.get(side), zone) for side in ("start", "end")}) or None
    start = date_time(value, zone)
    return None if start is None else {"start": start}


def number(value: Json) -> Decimal | None:
    """A JSON number, or a string that is one, also with a decimal comma; None for anything else, and for absurd sizes.

    A string that may be read in two ways ("3,400") is no number here: see ``patient.labs.written``.
    """
    if not isinstance(value, _NUMERIC) or isinstance(value, bool):
        return None
    words = value.strip().replace(",", ".") if isinstance(value, str) else repr(value)
    if isinstance(value, str) and may_part_thousands(value.strip()):
        return None
    try:
        made = Decimal(str(value) if isinstance(value, Decimal) else words)
    except (InvalidOperation, ValueError):
        return None
    if not made.is_finite() or abs(made.adjusted()) > _MOST_DIGITS:
        return None
    return made


def quantity(value: Json) -> Json:
    """A Quantity; a lone number is one without a unit. A value that is no number stays as it is.

    A comparator or unit that can't be read is UNREADABLE: without it the number would say something else.
    """
    if value is None or value == {}:
        return None
    if not isinstance(value, dict):
        alone = number(value)
        return value if alone is None else {"value": alone}
    stated = value.get("value")
    exact = number(stated)
    made: Element = {"value": (text(stated) or stated) if exact is None else exact}
    for name in _OF_A_QUANTITY:
        words = text(value.get(name))
        if words is not None:
            made[name] = words
    if "comparator" not in made and value.get("comparator") not in _NOTHING:
        made["comparator"] = UNREADABLE
    if made.keys().isdisjoint(("unit", "code")) and not all(value.get(one) in _NOTHING for one in ("unit", "code")):
        made["unit"] = UNREADABLE
    if "comparator" in made:
        made["comparator"] = _COMPARATORS.get(made["comparator"], made["comparator"])
    return made if exact is not None else present(made)


def flag(value: Json) -> Json:
    """A boolean, also one written as a word; anything else stays as it is."""
    word = value.strip().lower() if isinstance(value, str) else value
    return {"true": True, "false": False}.get(word, value) if isinstance(word, str) else value


def statuses(value: Json) -> list[str]:
    """The words of a status in one spelling (see ``r4.statuses``), the codes first.

    Of a code, a Coding, or a concept. A coding that only says why data is absent is no status.
    """
    if isinstance(value, str):
        return [one_spelling(value)] if value.strip() else []
    made = concept(value) or {}
    codings = [one for one in made.get("coding", []) if not one.get("system", "").endswith("data-absent-reason")]
    words = [one.get("code") for one in codings] + [made.get("text")] + [one.get("display") for one in codings]
    return [one_spelling(word) for word in words if word]


def status(value: Json, known: Mapping[str, str | None]) -> Json:
    """The R4 code of a status, by the words known for it; None when absent, or when R4 has none for it.

    UNREADABLE when it says something else: a made-up status passes FHIR validation.
    """
    if not isinstance(value, str):
        try:
            return known[value["coding"][0]["code"]]  # as R4 writes it
        except (KeyError, TypeError, IndexError):
            pass
    if value in _NOTHING:
        return None
    words = statuses(value)
    found = next((word for word in words if word in known), None)
    if found is not None:
        return known[found]
    if not words and isinstance(value, dict) and "coding" in value:
        return None
    return UNREADABLE
