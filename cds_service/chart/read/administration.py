"""How a medicine is given: from the codes and words of its dosage, else of its dose form, else of its name."""

import re
from collections.abc import Iterable

from cds_service.chart.r4.elements import Element
from cds_service.patient.facts import Route

_CODES = {  # SNOMED CT, HL7 v2 table 0162 and v3 RouteOfAdministration, NCI, ATC's route letters
    Route.ORAL: """26643006 260548002 37839007 54471007 372449004 127492001 372454008 418136008 C38288 C38300 PO SL BUC
        NG GT ORAL O""",
    Route.PARENTERAL: """47625008 255560000 78421000 34206005 263887005 58100008 72607000 38239002 404820008 372464004
        60213007 12130007 C38276 C28161 C38299 IV IM SC SQ IVPUSH IVPB IVP IVFLUSH IVINJ IDINJ IMINJ SQINJ P""",
    Route.ABSORBED: """37161004 46713006 45890007 447694001 18679011000001101 C38295 C38284 C38305 C38216 PR R NS N TD
        NASINHL IH INHL INHAL TRANSDERMAL""",
    Route.LOCAL: "6064005 54485002 10547007 16857009 62226000 C38304 C38287 C38192 C38313 TP TOPICAL OP OT VG V",
}
_BY_CODE = {code: route for route, codes in _CODES.items() for code in codes.split()}
_WORDS = {  # in the order they are looked for
    Route.PARENTERAL: """intravenous intravenously intramuscular intramuscularly subcutaneous subcutaneously intradermal
        intrathecal epidural parenteral injection injectable infusion iv im sc subcut inj injeksi infus intravena
        intramuskular subkutan suntik suntikan""",
    Route.LOCAL: """topical topically cutaneous cream ointment gel lotion ophthalmic eye otic ear vaginal topikal oles krim
        salep losion mata telinga vagina""",
    Route.ABSORBED: """rectal rectum suppository enema nasal nose inhaled inhalation inhaler nebuliser nebulizer nebulized
        respiratory transdermal patch dubur supositoria hidung hirup inhalasi plester""",
    Route.ORAL: """oral orally mouth po peroral tablet tablets tab tabs capsule capsules cap caps syrup swallow swallowed
        chewed chewable sublingual buccal enteral nasogastric gastrostomy diminum minum kapsul sirup kaplet dikunyah""",
}
_BY_WORDS = tuple((one, frozenset(words.split())) for one, words in _WORDS.items())
_WORD = re.compile(r"[a-z]+")


def stated_route(dosages: Iterable[Element]) -> Route | None:
    """What the dosages say: a route, else the first of their texts that tells."""
    dosages = tuple(dosages)
    stated = [dosage["route"] for dosage in dosages if "route" in dosage]
    instructed = [dosage["text"] for dosage in dosages if "text" in dosage]
    return route_of_concepts(stated) or route_of_texts(instructed)


def route_of_concepts(concepts: Iterable[Element]) -> Route | None:
    """The first route or dose form that tells."""
    for concept in concepts:
        codings = concept.get("coding", [])
        by_code = (_BY_CODE.get(coding.get("code", "").upper()) for coding in codings)
        words = filter(None, (*(coding.get("display") for coding in codings), concept.get("text")))
        found = next(filter(None, by_code), None) or route_of_texts(words)
        if found is not None:
            return found
    return None


def route_of_texts(texts: Iterable[str]) -> Route | None:
    """The first text that has a word that tells."""
    for text in texts:
        words = set(_WORD.findall(text.lower()))
        for one, listed in _BY_WORDS:
            if words & listed:
                return one
    return None
