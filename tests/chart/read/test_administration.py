"""How a medicine is given: by the codes and words of its dosage, its dose form, its name."""

from typing import Any

import pytest

from cds_service.chart.read.administration import route_of_concepts, route_of_texts, stated_route
from cds_service.patient.facts import Route

CODES = {  # what each is in SNOMED CT, HL7 v2 table 0162, v3 RouteOfAdministration, the NCI Thesaurus, or ATC
    Route.ORAL: (
        *("26643006", "260548002", "37839007", "54471007", "372449004", "127492001", "372454008", "418136008"),
        *("C38288", "C38300", "PO", "SL", "BUC", "NG", "GT", "ORAL", "O"),
    ),
    Route.PARENTERAL: (
        *("47625008", "255560000", "78421000", "34206005", "263887005", "58100008", "72607000", "38239002"),
        *("404820008", "372464004", "60213007", "12130007", "C38276", "C28161", "C38299", "IV", "IM", "SC", "SQ"),
        *("IVPUSH", "IVPB", "IVP", "IVFLUSH", "IVINJ", "IDINJ", "IMINJ", "SQINJ", "P"),
    ),
    Route.ABSORBED: (
        *("37161004", "46713006", "45890007", "447694001", "18679011000001101", "C38295", "C38284", "C38305", "C38216"),
        *("PR", "R", "NS", "N", "TD", "NASINHL", "IH", "INHL", "INHAL", "TRANSDERMAL"),
    ),
    Route.LOCAL: (
        *("6064005", "54485002", "10547007", "16857009", "62226000", "C38304", "C38287", "C38192", "C38313", "TP"),
        *("TOPICAL", "OP", "OT", "VG", "V"),
    ),
}
WORDS = {
    Route.ORAL: (
        *("Oral", "by mouth", "po", "per os/peroral", "1 tablet", "2 tablets", "tab", "tabs", "1 capsule", "capsules"),
        *("cap", "caps", "syrup", "swallow whole", "to be swallowed", "to be chewed", "chewable", "sublingual"),
        *("buccal", "enteral", "nasogastric tube", "by gastrostomy", "diminum 3x1", "minum 2x", "kapsul", "sirup"),
        *("kaplet", "dikunyah"),
    ),
    Route.PARENTERAL: (
        *("intravenous", "intravenously", "intramuscular", "intramuscularly", "subcutaneous", "subcutaneously"),
        *("intradermal", "intrathecal", "epidural", "parenteral", "injection", "injectable", "infusion", "i.v.: iv"),
        *("IM", "SC", "subcut", "inj.", "injeksi", "infus RL", "intravena", "intramuskular", "subkutan", "suntik"),
        "suntikan",
    ),
    Route.ABSORBED: (
        *("rectal", "rectum", "suppository", "enema", "nasal spray", "in the nose", "inhaled", "inhalation", "inhaler"),
        *("nebuliser", "nebulizer", "nebulized", "respiratory", "transdermal", "patch", "dubur", "supositoria"),
        *("hidung", "hirup", "inhalasi", "plester"),
    ),
    Route.LOCAL: (
        *("topical", "apply topically", "cutaneous", "cream", "ointment", "gel", "lotion", "ophthalmic", "eye drops"),
        *("otic", "ear drops", "vaginal", "topikal", "oles tipis", "krim", "salep", "losion", "tetes mata"),
        *("tetes telinga", "vagina"),
    ),
}


def coded(code: Any, **more: Any) -> dict[str, Any]:
    return {"coding": [{"code": code, **more}]}


@pytest.mark.parametrize(("route", "code"), [(route, code) for route, codes in CODES.items() for code in codes])
def test_a_code_tells_the_route_in_capitals_or_not(route: Route, code: str) -> None:
    assert route_of_concepts([coded(code)]) is route
    assert route_of_concepts([coded(code.lower())]) is route


@pytest.mark.parametrize(("route", "text"), [(route, text) for route, texts in WORDS.items() for text in texts])
def test_a_word_tells_the_route(route: Route, text: str) -> None:
    assert route_of_texts([text]) is route
    assert route_of_texts([text.upper()]) is route


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("oral solution for injection", Route.PARENTERAL),
        ("injection into the eye", Route.PARENTERAL),
        ("eye gel, not for oral use", Route.LOCAL),
        ("vaginal suppository", Route.LOCAL),
        ("domperidone suppository, not to be swallowed", Route.ABSORBED),
        ("nightly", None),
        ("import", None),  # holds "im" and "po", but is neither
        ("", None),
    ],
)
def test_of_several_words_the_more_particular_counts(text: str, route: Route | None) -> None:
    assert route_of_texts([text]) is route


def test_the_first_that_tells_counts() -> None:
    assert route_of_texts(["nightly", "gel", "tablet"]) is Route.LOCAL
    assert route_of_concepts([coded("x"), coded("IV"), coded("PO")]) is Route.PARENTERAL
    two = {"coding": [{"code": "x", "display": "Oral"}, {"code": "IV"}], "text": "Topical"}
    assert route_of_concepts([two]) is Route.PARENTERAL  # a code before words
    assert route_of_concepts([coded("x", display="Oral") | {"text": "Topical"}]) is Route.ORAL
    assert route_of_concepts([{"text": "Topical"}]) is Route.LOCAL
    assert route_of_concepts([{"coding": [{"display": "Oral"}]}]) is Route.ORAL
    assert route_of_concepts([{}, coded("x")]) is None


def test_a_stated_route_goes_before_the_texts_of_the_dosages() -> None:
    dosages = [{"text": "oral"}, {"route": coded("IV")}, {"text": "gel"}]
    assert stated_route(iter(dosages)) is Route.PARENTERAL
    assert stated_route([{"text": "daily"}, {"text": "gel", "route": coded("x")}]) is Route.LOCAL
    assert stated_route([]) is None
