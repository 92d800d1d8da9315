"""Whether a problem sits in the leg, and on which side: by codes and by words, in English and Indonesian."""

import pytest

from cds_service.guidelines.leg_cramps.body_sites import Side, Site, side, site
from cds_service.patient.facts import BodySite, Match, Problem


def at(code: str, *texts: str) -> BodySite:
    return BodySite((code,), texts)


def said(text: str) -> BodySite:
    return BodySite((), (text,))


def problem(text: str, *body_sites: BodySite) -> Problem:
    return Problem("Condition/1", {"cramp_any": Match.CODE}, text=text, texts=(text, "Cramp"), body_sites=body_sites)


@pytest.mark.parametrize(
    ("text", "body_sites", "where"),
    [
        ("Cramp", [], Site.NOT_RECORDED),
        ("Cramp", [at("30021000")], Site.LEG),
        ("Cramp", [at("53840002")], Site.LEG),
        ("Cramp", [at("85562004")], Site.ELSEWHERE),
        ("Cramp", [at("85562004"), at("30021000")], Site.LEG),
        ("Cramp", [said("Left calf")], Site.LEG),
        ("Cramp", [said("betis kanan")], Site.LEG),
        ("Cramp", [at("x", "Structure of right lower limb")], Site.LEG),
        ("Cramp", [said("tangan kiri")], Site.ELSEWHERE),
        ("Cramp", [said("ekstremitas bawah")], Site.LEG),
        ("Cramp", [said("upper extremity")], Site.ELSEWHERE),
        ("Cramp", [at("38266002", "Entire body as a whole")], Site.NOT_RECORDED),
        ("Cramp in calf", [], Site.LEG),
        ("kram tangan", [], Site.ELSEWHERE),
        ("Abdominal cramp", [], Site.ELSEWHERE),
        ("Cramp of hand and foot", [], Site.LEG),
        ("kram tangan", [said("kaki")], Site.LEG),
        ("kram kaki", [at("85562004")], Site.ELSEWHERE),
        ("Legal-age cramp", [], Site.NOT_RECORDED),
        ("Period cramps", [], Site.ELSEWHERE),
        ("Cramps for a long period", [], Site.NOT_RECORDED),
        ("Leg cramps, period cramps", [], Site.LEG),
        ("dysmenorrhoea cramps", [], Site.ELSEWHERE),
        ("Dysmenorrhea", [], Site.ELSEWHERE),
        ("menstrual cramps", [], Site.ELSEWHERE),
        ("Kram dismenore", [], Site.ELSEWHERE),
        ("Kram jari", [], Site.ELSEWHERE),
        ("Kram jari-jari", [], Site.ELSEWHERE),
        ("Kram jari kaki", [], Site.LEG),
        ("Kejang demam", [], Site.ELSEWHERE),
        ("KEJANG DEMAM", [said("kaki")], Site.ELSEWHERE),
        ("Kram, dulu kejang demam", [], Site.NOT_RECORDED),
        ("Kejang", [], Site.NOT_RECORDED),
    ],
)
def test_site(text: str, body_sites: list[BodySite], where: Site) -> None:
    assert site(problem(text, *body_sites)) is where


LEG_CODES = (  # SNOMED CT: lower limb, lower leg, calf, thigh, knee, foot, toe, ankle, and their muscles
    *("61685007", "62175007", "32153003", "120575009", "30021000", "53840002", "68367000", "72696002", "56459004"),
    *("57999000", "9089003", "29707007", "344001", "419605007", "102292000", "744848003", "744847008", "41123005"),
    *("128511007", "67328008"),
)
ELSEWHERE_CODES = (  # upper limb, trunk, head and neck
    *("53120007", "85562004", "7569003", "40983000", "14975008", "8205005", "16982005", "818983003", "77568009"),
    *("45048000", "69536005", "89545001", "51185008"),
)
LEG_WORDS = (
    *("leg", "legs", "calf", "calves", "thigh", "thighs", "foot", "feet", "toe", "toes", "knee", "knees", "ankle"),
    *("ankles", "shin", "heel", "sole", "hamstring", "hamstrings", "quadriceps", "gastrocnemius", "soleus", "tibialis"),
    *("peroneal", "peroneus", "popliteal", "femoral", "lower limb", "lower limbs", "lower extremity"),
    *("lower extremities", "kaki", "tungkai", "betis", "paha", "lutut", "tumit", "tulang kering", "ekstremitas bawah"),
    "anggota gerak bawah",
)
ELSEWHERE_WORDS = (
    *("hand", "hands", "arm", "arms", "finger", "fingers", "thumb", "wrist", "forearm", "shoulder", "neck", "back"),
    *("face", "facial", "jaw", "abdomen", "abdominal", "stomach", "chest", "trunk", "head", "eye", "eyelid", "throat"),
    *("tongue", "uterine", "uterus", "menstrual", "pelvic", "bladder", "rectum", "upper limb", "upper limbs"),
    *("upper extremity", "upper extremities", "writer's", "writers", "tangan", "lengan", "jari tangan"),
    *("pergelangan tangan", "bahu", "leher", "punggung", "wajah", "rahang", "perut", "lambung", "dada", "kepala"),
    *("mata", "kelopak mata", "rahim", "haid", "menstruasi", "panggul", "ekstremitas atas", "jari", "menses"),
    *("menstruation", "premenstrual", "dysmenorrhoea", "dysmenorrhea", "dysmenorrhoeic", "dysmenorrheic", "dismenore"),
    *("dismenorea", "period cramp", "period cramps", "period cramping", "period pain", "period pains"),
)


@pytest.mark.parametrize(
    ("code", "where"),
    [*((code, Site.LEG) for code in LEG_CODES), *((code, Site.ELSEWHERE) for code in ELSEWHERE_CODES)],
)
def test_every_code_of_a_place(code: str, where: Site) -> None:
    assert site(problem("Cramp", at("x"), at(code))) is where
    assert site(problem("Cramp", BodySite(("x", code)))) is where


@pytest.mark.parametrize(
    ("word", "where"),
    [*((word, Site.LEG) for word in LEG_WORDS), *((word, Site.ELSEWHERE) for word in ELSEWHERE_WORDS)],
)
def test_every_word_for_a_place(word: str, where: Site) -> None:
    assert site(problem("Cramp", said(f"Both {word.upper()}, at night"))) is where
    assert site(problem(f"pain, {word}, cramp")) is where


@pytest.mark.parametrize(
    "text",
    [
        *("Kejang demam", "kejang demam sederhana", "kejang demam kompleks", "Febrile seizure", "febrile seizures"),
        *("febrile convulsion", "febrile convulsions", "Febrile fit", "febrile fits"),
    ],
)
def test_a_seizure_of_fever_is_no_cramp_of_the_leg(text: str) -> None:
    assert site(problem(text, at("30021000"))) is Site.ELSEWHERE
    assert site(problem(f"{text} leg", at("30021000"))) is Site.LEG


@pytest.mark.parametrize(
    ("codes", "words", "which"),
    [
        (("7771000", "32153003", "213384005"), ("left", "kiri"), Side.LEFT),
        (("24028007", "62175007", "213289002"), ("right", "kanan"), Side.RIGHT),
        (("66459002",), ("unilateral", "sebelah"), Side.ONE),
        (("51440002",), ("both", "bilateral", "kedua", "keduanya"), Side.BOTH),
    ],
)
def test_every_code_and_word_of_a_side(codes: tuple[str, ...], words: tuple[str, ...], which: Side) -> None:
    assert {side(problem("Cramp", at("30021000"), at(code))) for code in codes} == {which}
    assert {side(problem("Cramp", said(f"{word.capitalize()} leg"))) for word in words} == {which}


def test_a_display_tells_as_the_text_does() -> None:
    one = Problem("Condition/1", {"cramp_any": Match.CODE}, texts=("Kram", "Cramp in calf"))
    assert site(one) is Site.LEG


@pytest.mark.parametrize(
    ("body_sites", "which"),
    [
        ([], None),
        ([at("61685007", "Lower limb structure")], None),
        ([at("32153003", "Left lower limb")], Side.LEFT),
        ([at("32153003")], Side.LEFT),
        ([at("62175007")], Side.RIGHT),
        ([at("213384005")], Side.LEFT),
        ([at("213289002")], Side.RIGHT),
        ([at("61685007"), at("7771000")], Side.LEFT),
        ([at("61685007"), at("24028007")], Side.RIGHT),
        ([at("66459002")], Side.ONE),
        ([at("51440002")], Side.BOTH),
        ([at("61685007:272741003=7771000")], Side.LEFT),
        ([at("32153003"), at("62175007")], Side.BOTH),
        ([at("32153003"), said("kanan")], Side.BOTH),
        ([said("left calf")], Side.LEFT),
        ([said("Right leg")], Side.RIGHT),
        ([said("tungkai kiri")], Side.LEFT),
        ([said("betis kanan")], Side.RIGHT),
        ([said("kaki sebelah kiri")], Side.LEFT),
        ([said("kaki sebelah")], Side.ONE),
        ([said("unilateral")], Side.ONE),
        ([said("kedua tungkai")], Side.BOTH),
        ([said("both legs")], Side.BOTH),
        ([said("left foot"), said("both legs")], Side.BOTH),
        ([at("x", "Structure of left foot")], Side.LEFT),
        ([said("leftover")], None),
    ],
)
def test_side(body_sites: list[BodySite], which: Side | None) -> None:
    assert side(problem("Swelling of lower limb", *body_sites)) is which
