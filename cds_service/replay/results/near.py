"""Words of a chart that nearly name something a rule looks for, and so may be a gap in our names or the site's codes.

Only of a problem or result without a code of a system the service knows: what has one is known to be something else.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache, lru_cache

from cds_service.patient.terminology.concepts import problem_concepts
from cds_service.patient.terminology.names import fold_words, names
from cds_service.patient.terminology.systems import normalise_system
from cds_service.replay.results.coded import QUERIES, Concept, Unusable

NEAR = "nearly-a-name"
_ALIKE = 0.8  # difflib's ratio: one letter in five may differ
_SHORTEST, _LONGEST = 4, 80  # characters of words worth comparing


def near_misses(kind: str, concept: Concept) -> Iterator[Unusable]:
    """The problem, where its words nearly name one that a rule looks for."""
    if kind != "Condition" or any(normalise_system(one.system) for one in concept.coding or ()):
        return
    words = concept.text or next((one.display for one in concept.coding or () if one.display), None)
    nearest = _nearest(words) if words and _SHORTEST <= len(words) <= _LONGEST else ""
    if words and nearest:
        yield QUERIES[kind], NEAR, nearest, words.strip()


@lru_cache(maxsize=65536)
def _nearest(words: str) -> str:
    """The concept with the name most like the words; "" where none is like them, or where they are a name."""
    if problem_concepts((), words):
        return ""
    folded = fold_words(words)
    text = " ".join(folded)
    candidates = {name for word in folded for name in _by_word().get(word, ())}
    best, most = "", _ALIKE
    for name in sorted(candidates):
        within = set(name.split()) <= set(folded)
        alike = 1.0 if within else SequenceMatcher(None, name, text).ratio()
        if alike > most or (within and most < 1):
            best, most = name, alike
    return ", ".join(sorted(names("problems")[best])) if best else ""


@cache
def _by_word() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names("problems"):
        for word in set(name.split()):
            found.setdefault(word, []).append(name)
    return found
