"""The elements of a resource, whatever shape they came in, as FHIR R4 has them.

Known odd shapes are repaired: an object where a list belongs, a scalar where an object belongs, a
number for a code. What can't be repaired is left as it came, so that validation refuses it: the entry
then is "not readable", and never passes for one that says nothing.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from cds_service.chart.r4.dates import canonical

Json = Any
Element = dict[str, Any]

_SCALARS = (bool, int, float, Decimal)
_NUMERIC = (int, float, str, Decimal)
_MOST_DIGITS = 30  # beyond any measured value, either side of the point
_OF_A_QUANTITY = ("comparator", "unit", "system", "code")
_COMPARATORS = {"≤": "<=", "=<": "<=", "≥": ">=", "=>": ">="}


NOT_READABLE = "not-readable"
STATUS_UNRECOGNISED = "status-unrecognised"


class UnreadableError(ValueError):
    """An entry can't be used. ``why``: a text key."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


CANNOT_READ = (UnreadableError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
"""What a client's odd JSON can raise while one entry is read; it costs that entry and no other."""


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
    """A Coding; a lone scalar is its code."""
    if not isinstance(value, dict):
        value = {"code": value}
    made = {}
    for name in ("system", "code", "display"):
        part = value.get(name)
        words = part.strip() if isinstance(part, str) else text(part)
        if words:
            made[name] = words
    return made


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


def date_time(value: Json, zone: ZoneInfo) -> str | None:
    """A canonical date, or None where there is none. Raises UnreadableError for what is no date."""
    if value is None or value == "":
        return None
    made = canonical(value, zone)
    if made is None:
        raise UnreadableError(NOT_READABLE)
    return made


def period(value: Json, zone: ZoneInfo) -> Element | None:
    """A Period with canonical dates; a lone date is its start."""
    if isinstance(value, dict):
        return present({side: date_time(value.get(side), zone) for side in ("start", "end")}) or None
    start = date_time(value, zone)
    return None if start is None else {"start": start}


def number(value: Json) -> Decimal | None:
    """A JSON number, or a string that is one; None for anything else, and for absurd sizes."""
    if not isinstance(value, _NUMERIC) or isinstance(value, bool):
        return None
    try:
        made = Decimal(value.strip() if isinstance(value, str) else repr(value))
    except (InvalidOperation, ValueError):
        return None
    if not made.is_finite() or abs(made.adjusted()) > _MOST_DIGITS:
        return None
    return made


def quantity(value: Json) -> Json:
    """A Quantity; a lone number is one without a unit. A value that is no number stays as it is."""
    if value is None or value == {}:
        return None
    if not isinstance(value, dict):
        alone = number(value)
        return value if alone is None else {"value": alone}
    stated = value.get("value")
    exact = number(stated)
    made: Element = {"value": stated if exact is None else exact}
    for name in _OF_A_QUANTITY:
        words = text(value.get(name))
        if words is not None:
            made[name] = words
    if "comparator" in made:
        made["comparator"] = _COMPARATORS.get(made["comparator"], made["comparator"])
    return made if exact is not None else present(made)


def flag(value: Json) -> Json:
    """A boolean, also one written as a word; anything else stays as it is."""
    word = value.strip().lower() if isinstance(value, str) else value
    return {"true": True, "false": False}.get(word, value) if isinstance(word, str) else value


def statuses(value: Json) -> list[str]:
    """The words of a status in FHIR's spelling ("Entered in Error" is "entered-in-error"), the codes first.

    Of a code, a Coding, or a concept. A coding that only says why data is absent is no status.
    """
    if isinstance(value, str):
        if value.isalpha() and value.islower():  # as FHIR spells most
            return [value]
        return [_spelt(value)] if value.strip() else []
    made = concept(value) or {}
    codings = [one for one in made.get("coding", []) if not one.get("system", "").endswith("data-absent-reason")]
    words = [one.get("code") for one in codings] + [made.get("text")] + [one.get("display") for one in codings]
    return [_spelt(word) for word in words if word]


def _spelt(word: str) -> str:
    return "-".join(word.lower().replace("_", " ").replace("-", " ").split())


def known_statuses(*codes: str, **others: str | None) -> Mapping[str, str | None]:
    """R4's codes, and what other spellings and versions mean in R4 (None: R4 has no code for it)."""
    return {code: code for code in codes} | others


def status(value: Json, known: Mapping[str, str | None]) -> str | None:
    """The R4 code of a status, by the spellings known for it; None when absent, or when R4 has none for it.

    Raises UnreadableError when it says something else: a made-up status passes FHIR validation.
    """
    try:
        return known[value["coding"][0]["code"]]  # as R4 writes it
    except (KeyError, TypeError, IndexError):
        pass
    if value is None or value in ("", [], {}):
        return None
    words = statuses(value)
    found = next((word for word in words if word in known), None)
    if found is not None:
        return known[found]
    if not words and isinstance(value, dict) and "coding" in value:
        return None
    raise UnreadableError(STATUS_UNRECOGNISED)
