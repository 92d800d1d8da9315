"""What the words of a problem say: which concepts the whole text is a name of, and what undoes a name or a code.

Only the whole text counts, never a part of it. A text that ends like a negative test ("Malaria (-)") says nothing; a
question mark makes it suspected. A bracket is taken off that holds a code system and a code. Words that do not change
the meaning are ignored, and so is the order of two parts around a comma: see ``names/rules.toml``.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from cds_service.patient.terminology.mentions import mentions
from cds_service.patient.terminology.names import LONGEST, fold_words, is_added, names, remembered, without_tag

_NEGATIVE = re.compile(r"(?:[(\[]\s*[-−–]\s*[)\]]|\s[-−–]|\b(?:neg|negatif|negative))[\s.]*$", re.IGNORECASE)
_CODED = re.compile(
    r"\s*[(\[]\s*(?:ICD[\s-]?(?:9|10|11)(?:[\s-][A-Z]{2,3})?|ICPC(?:-?2)?|SCT|SNOMED(?:[\s-]CT)?)[\s:]+[A-Z0-9.]+\s*[)\]]",
    re.IGNORECASE,
)
_LONGEST_READ = 1000  # characters of which single words are looked for


def _rules() -> dict[str, Any]:
    source = resources.files(__package__) / "names" / "rules.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


_RULES = _rules()
_FREQUENCY = frozenset(_RULES["ignored"]["frequency"])
_IGNORED: tuple[frozenset[str], ...] = (frozenset(), _FREQUENCY, _FREQUENCY | frozenset(_RULES["ignored"]["side"]))
_HEEDED = {concept: frozenset(words) for concept, words in _RULES["heeded"].items()}
_LIMBS = frozenset(_RULES["limbless"]["limbs"])
_SPASMS = tuple(frozenset(one.split()) for one in _RULES["other_spasms"]["said"])
_BUT_A_CRAMP = frozenset(_RULES["other_spasms"]["but"])
_ELSEWHERE = tuple(frozenset(one.split()) for one in _RULES["elsewhere"]["said"])

LIMBLESS = frozenset(_RULES["limbless"]["concepts"])
"""The concepts of which a name without a limb says little beside a code."""

LIMBLESS_BESIDE = tuple(_RULES["limbless"]["beside"])
"""How the ICD codes begin beside which it counts."""

OTHER_SPASM = _RULES["other_spasms"]["concept"]
"""The concept whose codes cover more spasms than cramps."""

Z_CODES = tuple(_RULES["elsewhere"]["z_codes_that_do_not"])
"""How the Z codes begin beside which a name counts."""

NO_ALLERGY = frozenset(_RULES["no_allergy"]["said"])
"""Words that undo the allergy of a text."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one text of a problem says.

    ``concepts``: what the whole of it is a name of; ``mentions``: what it speaks of, in any word of it;
    ``suspected``: with a question mark; ``limbless``: it names no limb; ``other_spasm``: a spasm that is no cramp;
    ``elsewhere``: it is about a relative, the past, a test or a risk; ``by_site``: the name is
    one a site added.
    """

    concepts: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    suspected: bool = False
    limbless: bool = True
    other_spasm: bool = False
    elsewhere: bool = False
    by_site: bool = False


@remembered
def said(text: str) -> Said:
    """What the text says. Texts longer than any name are no name."""
    words = frozenset(fold_words(text[:_LONGEST_READ]))
    name, meant = name_in(text, names("problems"))
    concepts = tuple(sorted(meant))
    return Said(
        concepts,
        tuple(mentions(text, words)),
        suspected=bool(concepts) and "?" in text,
        limbless=words.isdisjoint(_LIMBS),
        other_spasm=any(one <= words for one in _SPASMS) and words.isdisjoint(_BUT_A_CRAMP),
        elsewhere=any(one <= words for one in _ELSEWHERE),
        by_site=bool(concepts) and is_added("problems", name),
    )


def is_negative(text: str) -> bool:
    """True for what ends like a negative test: "(-)", "neg", "negatif"."""
    return _NEGATIVE.search(text) is not None


def name_in(text: str, known: Mapping[str, frozenset[str]]) -> tuple[str, frozenset[str]]:
    """Which of the known names the text is, and of what; nothing where it is none."""
    if len(text) > LONGEST or is_negative(text):
        return "", frozenset()
    for words in _orders(_CODED.sub("", without_tag(text))):
        for ignored in _IGNORED:
            name = " ".join(word for word in words if word not in ignored)
            found = known.get(name, frozenset())
            left_out = ignored.intersection(words)
            meant = frozenset(one for one in found if left_out.isdisjoint(_HEEDED.get(one, ())))
            if meant:
                return name, meant
    return "", frozenset()


def _orders(text: str) -> Iterator[list[str]]:
    """The words as they stand, and with the two parts around a comma changed over."""
    yield fold_words(text)
    first, comma, second = text.partition(",")
    if comma and "," not in second:
        yield fold_words(f"{second} {first}")


def suspected(texts: Iterable[str]) -> bool:
    """True when one of the texts names a problem with a question mark."""
    return any(said(text).suspected for text in texts)
