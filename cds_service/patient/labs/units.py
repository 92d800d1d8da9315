"""Units as clients write them, brought to one spelling each (mostly UCUM's).

Only the spelling is settled here; whether a unit is possible for an analyte, and what it converts to,
is in ``analytes``. Aliases are conventional spellings of electronic records and Indonesian
laboratories ("ribu/µL" is thousands per microlitre), collected for tolerance; none is a guess at a
unit that was left out.
"""

import unicodedata
from collections.abc import Iterable

UCUM = "http://unitsofmeasure.org"
_UCUM_OID = "urn:oid:2.16.840.1.113883.6.8"

_SPELLINGS: dict[str, tuple[str, ...]] = {
    "mmol/L": ("mmol/litre", "mmol/liter", "millimol/L", "mmole/L", "mmol per litre", "mmol per liter"),
    "umol/L": ("micromol/L", "mcmol/L", "umol/litre", "umol/liter"),
    "meq/L": ("mval/L", "meq/litre", "meq/liter"),
    "mg/dL": ("mg%", "mg/100mL", "mg/(100.mL)", "mgs/dL"),
    "g/dL": ("gm/dL", "g%", "gr/dL", "g/100mL"),
    "g/L": ("gm/L", "gr/L"),
    "mL/min/{1.73_m2}": (
        "mL/min/1.73m2",
        "mL/min/1.73_m2",
        "mL/min/1.73m^2",
        "mL/min/1.73sqm",
        "mL/min/{1.73m2}",
        "mL/min/{1.73}m2",
        "mL/min/1.73.m2",
        "mL/min/1.73",
        "mL/min/{1.73}",
        "mL/min/1,73m2",
        "mL/min/1,73m^2",
        "mL/menit/1.73m2",
        "mL/menit/1,73m2",
        "mL/menit/1.73m^2",
        "mL/menit/1,73m^2",
        "mL/min/bsa",
    ),
    "mL/min": ("mL/menit",),
    "ms": ("msec", "msecs", "milliseconds", "millisecond", "milidetik", "mdet"),
    "s": ("sec", "secs", "seconds", "second", "detik"),
    "10*9/L": (
        "10^9/L",
        "x10^9/L",
        "x10*9/L",
        "x10E9/L",
        "10e9/L",
        "10**9/L",
        "10E+9/L",
        "10(9)/L",
        "bil/L",
        "/nL",
        "Gpt/L",
        "Giga/L",
    ),
    "10*3/uL": (
        *(
            f"{thousand}/{volume}"
            for thousand in (
                "10*3",
                "10^3",
                "x10^3",
                "x10*3",
                "x10e3",
                "10e3",
                "10(3)",
                "K",
                "thou",
                "thousand",
                "ribu",
                "rb",
                "Tsd",
                "Tsd.",
                "1000",
                "x1000",
            )
            for volume in ("uL", "mcL", "mm3", "mm^3", "cumm", "cmm", "mmk")
        ),
    ),
    "/uL": (
        "10*6/L",
        "10^6/L",
        *(
            f"{count}/{volume}"
            for count in ("", "cells", "sel", "{cells}", "[#]")
            for volume in ("uL", "mcL", "mm3", "mm^3", "cumm", "cmm")
        ),
    ),
    "10*5/uL": (  # India: a lakh is a hundred thousand
        *(
            f"{lakh}/{volume}"
            for lakh in ("lakh", "lakhs", "lac", "lacs")
            for volume in ("uL", "mcL", "mm3", "mm^3", "cumm", "cmm")
        ),
    ),
}

_LONGEST = 64  # characters; nothing longer is a unit
_SUPERSCRIPTS = str.maketrans(
    {"⁰": "^0", "¹": "^1", "²": "^2", "³": "^3", "⁶": "^6", "⁹": "^9", "×": "x", "⋅": ".", "·": "."}
)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_SUPERSCRIPTS)).replace("μ", "u")
    return "".join(plain.split()).casefold()


_CANONICAL = {_folded(spelling): unit for unit, spellings in _SPELLINGS.items() for spelling in (unit, *spellings)}
_AS_WRITTEN = frozenset[str | None](_SPELLINGS)


def canonical(text: str | None) -> str | None:
    """The one spelling of a unit, or None when the text is not a unit known here.

    Case is forgiven, except that a bare "G/L" (giga per litre, of platelets) and "g/L" are told apart
    by ``canonical_count``, and "mM" (millimolar) is no "mm".
    """
    if text in _AS_WRITTEN:
        return text
    if text is None or len(text) > _LONGEST:
        return None
    return "mmol/L" if text.strip() == "mM" else _CANONICAL.get(_folded(text))


def canonical_count(text: str | None) -> str | None:
    """As ``canonical``, for a number concentration: there "G/L" and "G/l" mean 10*9/L."""
    if text is not None and len(text) <= _LONGEST and text.strip() in ("G/L", "G/l"):
        return "10*9/L"
    return canonical(text)


def is_ucum(system: str | None) -> bool:
    """True for UCUM's system, also with a trailing slash, https, other case, or as its OID."""
    if system is None or system == UCUM:
        return system is not None
    plain = system.strip().casefold().rstrip("/").replace("https://", "http://").replace("//www.", "//")
    return plain in (UCUM, _UCUM_OID)


def readings(unit: str | None, code: str | None, system: str | None) -> Iterable[str]:
    """The unit's words in the order they are believed, each once: UCUM code, unit text, a code of no or another system."""
    ordered = (code, unit) if is_ucum(system) else (unit, code)
    return tuple([text for text in dict.fromkeys(ordered) if text is not None and text.strip()])
