"""Results that only their name tells: which analyte it names, and whether the result may be used.

The whole name, less words for specimen and method, must be the analyte's ("Kalium (K) serum"), its unit fit and its
value be possible in blood. A name that holds the analyte's and says more is shown and not used; one of urine, a
24-hour collection, dialysate or another fluid is neither.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from cds_service.patient.facts import LabResult
from cds_service.patient.labs.analytes import ANALYTES, BY_NAME, NAME_WORDS
from cds_service.patient.terminology.additions import additions
from cds_service.patient.terminology.names import fold_words, remembered

LONGEST = 120
"""Characters; no test's name is longer."""
_SHORTEST_WITHIN = 3  # letters of a name that is looked for among other words: "K" and "Na" are not
_PROPERTY = re.compile(
    r"\[(?:moles|mass|#|units)/(?:volume|area)\]|\bin (?:serum|plasma|blood)(?: or (?:plasma|blood))?\b", re.IGNORECASE
)
_NOT_BLOOD = re.compile(
    r"\b(?:urine?|urinary|24[\s-]*(?:h|hr|hrs|hours?|jam)|dialysate|dialisat|drain|drainage|csf|cerebrospinal|lcs|liquor"
    r"|fluid|cairan|stool|faeces|feces|feses|tinja|crystals?|kristal|sweat|keringat|saliva|liur"
    r"|(?:post|after|pasca|setelah|sesudah)[\s-]*(?:ha?emo|hemo)?-?(?:dialysis|dialisis|dialisa|hd))\b",
    re.IGNORECASE,
)
_MAY_BE_IONISED = re.compile(
    r"\b(?:poc|whole blood|gas|gases|ion|ions|ionised|ionized|ionisasi)\b|ca\s*(?:\+\+|2\+)", re.IGNORECASE
)
_TOTAL_OR_IONISED = Decimal("0.8"), Decimal("1.5")  # mmol/L
_UNIT_DOES_NOT_FIT = frozenset(("no-unit", "unit-unknown", "unit-impossible", "unit-conflict"))


@dataclass(frozen=True, slots=True)
class Named:
    """The analyte a test's name tells. ``whole``: the name says nothing else; ``by_site``: a site added the name."""

    analyte: str
    whole: bool
    by_site: bool = False


@cache
def _names() -> Mapping[str, str]:
    """What a result may be called, a site's names too."""
    return {**{name: analyte for name, (analyte,) in additions().names_of("results").items()}, **BY_NAME}


def name_words(text: str) -> list[str]:
    """The words of a test's name as it is compared: folded, less those for specimen and method."""
    return [word for word in fold_words(_PROPERTY.sub(" ", text)) if word not in NAME_WORDS]


@remembered
def analyte_in(text: str) -> Named | None:
    """The analyte a test's name is of, or holds among other words; None for none, and for "potassium, urine"."""
    if len(text) > LONGEST or is_not_blood(text):
        return None
    words = name_words(text)
    known = _names()
    for names, by_site in ((BY_NAME, False), (known, True)):
        analyte = whole_name(words, names)
        if analyte is not None:
            return Named(analyte, whole=True, by_site=by_site)
    all_words = f" {' '.join(words)} "
    within = [name for name in known if len(name) >= _SHORTEST_WITHIN and f" {name} " in all_words]
    return Named(known[max(within, key=len)], whole=False) if within else None


def whole_name(words: Sequence[str], names: Mapping[str, str]) -> str | None:
    """The analyte that the words together, or each of them, are a name of."""
    named = {names.get(word) for word in words}
    return names.get(" ".join(words)) or (named.pop() if len(named) == 1 else None)


def is_not_blood(text: str) -> bool:
    """True when the words are of a specimen other than blood, or of a time when blood tells nothing."""
    return _NOT_BLOOD.search(text) is not None


def judged(result: LabResult, named: Named, texts: Iterable[str]) -> LabResult | None:
    """A result as far as its name lets it count: used and said to be by name, or shown and not used; else None.

    ``texts``: all its names, as received.
    """
    if result.unusable is not None:
        return result if named.whole or result.unusable not in _UNIT_DOES_NOT_FIT else None
    value = result.value or Decimal(0)
    analyte = ANALYTES[named.analyte]
    low, high = _TOTAL_OR_IONISED
    if not named.whole or (named.analyte == "calcium_total" and any(map(_MAY_BE_IONISED.search, texts))):
        why = "by-name"
    elif named.analyte == "calcium_total" and low <= value <= high:
        why = "total-or-ionised"
    elif not analyte.is_possible_by_name(value):
        why = "value-impossible"
    else:
        return replace(result, notes=(*result.notes, "by-site" if named.by_site else "by-name"))
    return replace(result, value=None, unusable=why, notes=())
