"""Whether a problem sits in the leg, and on which side: from body-site codes, and words in English and Indonesian."""

import re
from collections.abc import Iterable
from itertools import pairwise

from cds_service.chart.r4.elements import Element
from cds_service.patient.facts import Side, Site

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
_SIDE_WORDS = {
    Side.LEFT: frozenset(("left", "kiri")),
    Side.RIGHT: frozenset(("right", "kanan")),
    Side.ONE: frozenset(("unilateral", "sebelah")),
    Side.BOTH: frozenset(("both", "bilateral", "kedua", "keduanya")),
}
_WORD = re.compile(r"[a-z]+")
_CODE = re.compile(r"\d+")


def site(body_sites: Iterable[Element], words: Iterable[str]) -> Site:
    """Where a problem sits. ``body_sites``: its bodySite concepts; ``words``: its own, which count when it has none.

    A leg among several sites makes it the leg; a site we can't place is not recorded. Words that are as a whole the
    name of a seizure ("kejang" is cramp and seizure in one word) are no leg's, whatever the site.
    """
    words = tuple(words)
    if any("-".join(_WORD.findall(text.lower())) in _NO_CRAMP_TEXTS for text in words):
        return Site.ELSEWHERE
    stated = [_stated(one) for one in body_sites]
    if any(one is not Site.NOT_RECORDED for one in stated):
        return Site.LEG if Site.LEG in stated else Site.ELSEWHERE
    return _worded(words)


def side(body_sites: Iterable[Element]) -> Side | None:
    """The side its body sites name, by code (also inside an expression, "61685007:272741003=7771000") or word."""
    codes: set[str] = set()
    words: set[str] = set()
    for body_site in body_sites:
        codings = body_site.get("coding", [])
        for coding in codings:
            codes.update(_CODE.findall(coding.get("code", "")))
        for text in filter(None, (body_site.get("text"), *(coding.get("display") for coding in codings))):
            words.update(_WORD.findall(text.lower()))
    found = {one for one in Side if codes & _SIDE_CODES[one] or words & _SIDE_WORDS[one]}
    if Side.BOTH in found or {Side.LEFT, Side.RIGHT} <= found:
        return Side.BOTH
    return next((one for one in Side if one in found), None)


def _stated(body_site: Element) -> Site:
    codings = body_site.get("coding", [])
    codes = {coding.get("code") for coding in codings}
    if codes & _LEG_CODES:
        return Site.LEG
    if codes & _ELSEWHERE_CODES:
        return Site.ELSEWHERE
    return _worded(filter(None, (body_site.get("text"), *(coding.get("display") for coding in codings))))


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
