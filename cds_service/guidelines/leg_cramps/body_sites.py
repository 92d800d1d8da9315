"""Whether a problem sits in the leg, and on which side: from body-site codes, and words in English and Indonesian."""

import re
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

from cds_service.patient.facts import BodySite, Problem, Reason


class Site(StrEnum):
    """Where a problem sits, as far as its own body site or text says."""

    LEG = "leg"
    ELSEWHERE = "elsewhere"
    NOT_RECORDED = "not-recorded"


class Side(StrEnum):
    """The side of the body a problem's own body site names."""

    LEFT = "left"
    RIGHT = "right"
    ONE = "one"  # one of them, not said which
    BOTH = "both"


_LEG_CODES = frozenset(  # SNOMED CT
    (
        *("61685007", "62175007", "32153003", "120575009"),  # lower limb; right, left; part of it
        *("30021000", "53840002", "68367000", "72696002"),  # lower leg, calf, thigh, knee
        *("56459004", "57999000", "9089003", "29707007", "344001", "419605007"),  # foot, sole, arch, toe, ankle
        *("102292000", "744848003", "744847008", "41123005", "128511007", "67328008"),  # their muscles
    )
)
_ELSEWHERE_CODES = frozenset(
    (
        *("53120007", "85562004", "7569003", "40983000", "14975008", "8205005", "16982005"),  # upper limb
        *("818983003", "77568009", "45048000", "69536005", "89545001", "51185008"),  # trunk, head and neck
    )
)
_LEG = """leg legs calf calves thigh thighs foot feet toe toes knee knees ankle ankles shin heel sole hamstring hamstrings
    quadriceps gastrocnemius soleus tibialis peroneal peroneus popliteal femoral lower-limb lower-limbs lower-extremity
    lower-extremities kaki tungkai betis paha lutut tumit tulang-kering ekstremitas-bawah anggota-gerak-bawah"""
_ELSEWHERE = """hand hands arm arms finger fingers thumb wrist forearm shoulder neck back face facial jaw abdomen
    abdominal stomach chest trunk head eye eyelid throat tongue uterine uterus menstrual pelvic bladder rectum upper-limb
    upper-limbs upper-extremity upper-extremities writer writers tangan lengan jari-tangan pergelangan-tangan bahu leher
    punggung wajah rahang perut lambung dada kepala mata kelopak-mata rahim haid menstruasi panggul ekstremitas-atas jari
    menses menstruation premenstrual dysmenorrhoea dysmenorrhea dysmenorrhoeic dysmenorrheic dismenore dismenorea
    period-cramp period-cramps period-cramping period-pain period-pains"""
_NO_CRAMP = """kejang-demam kejang-demam-sederhana kejang-demam-kompleks febrile-seizure febrile-seizures febrile-convulsion
    febrile-convulsions febrile-fit febrile-fits"""
_LEG_WORDS = frozenset(_LEG.split())
_ELSEWHERE_WORDS = frozenset(_ELSEWHERE.split())
_NO_CRAMP_TEXTS = frozenset(_NO_CRAMP.split())
_SIDE_CODES = {  # SNOMED CT: the qualifiers, and the lower limb and lower leg of one side
    Side.LEFT: frozenset(("7771000", "32153003", "213384005")),
    Side.RIGHT: frozenset(("24028007", "62175007", "213289002")),
    Side.ONE: frozenset(("66459002",)),
    Side.BOTH: frozenset(("51440002",)),
}
SIDE_WORDS = {
    Side.LEFT: frozenset(("left", "kiri")),
    Side.RIGHT: frozenset(("right", "kanan")),
    Side.ONE: frozenset(("unilateral", "sebelah")),
    Side.BOTH: frozenset(("both", "bilateral", "kedua", "keduanya")),
}
_WORD = re.compile(r"[a-z]+")
_CODE = re.compile(r"\d+")


def site(problem: Problem | Reason) -> Site:
    """Where a cramp sits, by its body sites; its own words count when it has none that we can place.

    A leg among several sites makes it the leg; a site we can't place is not recorded. Words that are as a whole the
    name of a seizure ("kejang" is cramp and seizure in one word) are no leg's, whatever the site.
    """
    if any("-".join(_WORD.findall(text.lower())) in _NO_CRAMP_TEXTS for text in problem.texts):
        return Site.ELSEWHERE
    stated = [_stated(one) for one in problem.body_sites]
    if any(one is not Site.NOT_RECORDED for one in stated):
        return Site.LEG if Site.LEG in stated else Site.ELSEWHERE
    return _worded(problem.texts)


def side(problem: Problem) -> Side | None:
    """The side its body sites name, by code (also inside an expression, "61685007:272741003=7771000") or word."""
    codes: set[str] = set()
    words: set[str] = set()
    for body_site in problem.body_sites:
        for code in body_site.codes:
            codes.update(_CODE.findall(code))
        for text in body_site.texts:
            words.update(_WORD.findall(text.lower()))
    found = {one for one in Side if codes & _SIDE_CODES[one] or words & SIDE_WORDS[one]}
    if Side.BOTH in found or {Side.LEFT, Side.RIGHT} <= found:
        return Side.BOTH
    return next((one for one in Side if one in found), None)


def _stated(body_site: BodySite) -> Site:
    if not _LEG_CODES.isdisjoint(body_site.codes):
        return Site.LEG
    if not _ELSEWHERE_CODES.isdisjoint(body_site.codes):
        return Site.ELSEWHERE
    return _worded(body_site.texts)


def _worded(texts: Iterable[str]) -> Site:
    words: set[str] = set()
    for text in texts:
        found = _WORD.findall(text.lower())
        words.update(found)
        words.update("-".join(pair) for pair in pairwise(found))
        words.update("-".join(three) for three in zip(found, found[1:], found[2:], strict=False))
    if words & _LEG_WORDS:
        return Site.LEG
    return Site.ELSEWHERE if words & _ELSEWHERE_WORDS else Site.NOT_RECORDED
