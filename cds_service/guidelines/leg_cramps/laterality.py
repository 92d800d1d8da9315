"""One leg or both: only what the record itself says.

A code or body site that names one side, or a word of its own in the text ("left", "kanan", "unilateral"). Both
legs, or no side given, is not one-sided; both with one more than the other ("kiri > kanan") is.
"""

import re

from cds_service.guidelines.leg_cramps.body_sites import SIDE_WORDS, Side, side
from cds_service.guidelines.leg_cramps.concepts import LIMB_SWELLING_ONE_SIDED
from cds_service.patient.facts import Problem

_ONE_PHRASES = ("one sided", "one leg", "single leg", "satu sisi", "satu tungkai", "satu kaki")

_A_SIDE = r"\b(?:left|right|kiri|kanan)\b"
_LEG = r"(?:\s+(?:leg|calf|foot|side|kaki|tungkai|betis))?"
_MORE = r"(?:larger|bigger|greater|worse|more swollen|lebih (?:besar|bengkak|berat|parah))\b"
_UNEQUAL = re.compile(
    rf"{_A_SIDE}{_LEG}\s*[<>]+\s*(?:\w+\s+)?{_A_SIDE}"  # kiri > kanan; left calf > right; kiri > tungkai kanan
    r"|\b(?:l\s*[<>]+\s*r|r\s*[<>]+\s*l|ki\s*[<>]+\s*ka|ka\s*[<>]+\s*ki)\b"
    rf"|(?<!and )(?<!dan ){_A_SIDE}{_LEG}(?:\s+(?:is|are))?\s+{_MORE}"  # kiri lebih besar; left is larger
    rf"|{_MORE}(?:\s+(?:on|in|the|di|pada|sebelah|sisi|yang|kaki|tungkai|betis)\b)*\s+{_A_SIDE}"  # worse on the left
    r"|\b(?:asymmetric(?:al)?|asimetris|asimetrik)\b"
)


def one_sided(problem: Problem) -> bool:
    """True when a code, the body site or the text of the problem puts it in one leg, or more in one than the other."""
    text = (problem.text or "").casefold()
    if _UNEQUAL.search(text):
        return True
    words = re.findall(r"[^\W_]+", text)
    sides = {side(problem), *(one for one, named in SIDE_WORDS.items() if not named.isdisjoint(words))}
    if Side.BOTH in sides or {Side.LEFT, Side.RIGHT} <= sides:
        return False
    if sides & {Side.LEFT, Side.RIGHT, Side.ONE} or problem.is_a(LIMB_SWELLING_ONE_SIDED):
        return True
    return any(phrase in " ".join(words) for phrase in _ONE_PHRASES)
