"""One leg or both: only what the record itself says.

A code that names one side, or a word of its own in the text ("left", "kanan", "unilateral"). Both legs, or
no side given, is not one-sided.
"""

import re

from cds_service.patient.facts import Problem

_LEFT = frozenset({"left", "kiri"})
_RIGHT = frozenset({"right", "kanan"})
_ONE = frozenset({"unilateral", "sebelah"})
_ONE_PHRASES = ("one sided", "one leg", "single leg", "satu sisi", "satu tungkai", "satu kaki")
_BOTH = frozenset({"both", "bilateral", "kedua", "keduanya"})


def one_sided(problem: Problem) -> bool:
    """True when a code or the text of the problem puts it in one leg."""
    words = re.findall(r"[^\W_]+", (problem.text or "").casefold())
    said = frozenset(words)
    if said & _BOTH or (said & _LEFT and said & _RIGHT):
        return False
    if "limb_swelling_one_sided" in problem.concepts:
        return True
    if said & (_LEFT | _RIGHT | _ONE):
        return True
    text = " ".join(words)
    return any(phrase in text for phrase in _ONE_PHRASES)
