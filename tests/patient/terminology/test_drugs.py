"""Which drugs a medication holds, by code and by name, and what only looks like one."""

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.patient.facts import Ingredient, Match
from cds_service.patient.terminology import drugs
from cds_service.patient.terminology.drug_names import ANTI_INFECTIVES, CLASS_OF, CLASSES, CONCEPTS_OF, in_text
from cds_service.patient.terminology.drugs import held, ingredients, recognised
from cds_service.patient.terminology.mentions import CONCEPTS as MENTIONED
from cds_service.patient.terminology.systems import ATC, LOINC, NDC, RXNORM, SNOMED_CT
from cds_service.patient.terminology.valuesets import value_sets

KFA = "http://sys-ids.kemkes.go.id/kfa"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Quinine sulfate 324 MG Oral Capsule", {"quinine"}),
        ("quiNINE sulf_tab 300mg", {"quinine"}),
        ("Qualaquin 324 mg", {"quinine"}),
        ("KINA SULFAT TABLET 222 MG", {"quinine"}),
        ("kuinin", {"quinine"}),
        ("Kinin HCl injeksi", {"quinine"}),
        ("quinine/meprobamate", {"quinine"}),
        ("quinidine gluconate 324 mg", {"quinidine"}),
        ("kuinidin sulfat", {"quinidine"}),
        ("hydroquinine hydrobromide", {"hydroquinine"}),
        ("hydroxychloroquine 200 mg", {"hydroxychloroquine"}),
        ("chloroquine", {"chloroquine"}),
        ("primaquine 15 mg", {"primaquine"}),
        ("D-Artepp 40/320 mg", {"artenimol-piperaquine"}),
        ("Duo-Cotecxin", {"artenimol-piperaquine"}),
        ("EURARTESIM tablet", {"artenimol-piperaquine"}),
        ("DHP Frimal 40/320 mg", {"artenimol-piperaquine"}),  # the first-line antimalarial of Indonesia
        ("Dihidroartemisinin-piperakuin", {"artenimol", "piperaquine"}),
        ("quinapril 10 mg", {"quinapril"}),
        ("hydroquinone cream", set()),
        ("quinine level", set()),
        ("kinin-kallikrein assay", set()),
        ("No quinine", set()),
        # salts are no electrolytes
        ("Atorvastatin calcium 20 MG tablet", {"atorvastatin"}),
        ("atorvastatin calcium tablets", {"atorvastatin"}),
        ("fenoprofen calcium tablet", set()),
        ("Warfarin sodium 5 mg", {"warfarin"}),
        ("Penicillin V potassium 500 mg", set()),
        ("potassium clorazepate 15 mg", {"clorazepate"}),
        ("losartan potassium", {"losartan"}),
        ("esomeprazole magnesium tablet", set()),
        ("naproxen sodium", {"naproxen"}),
        ("magnesium", set()),
        ("calcium", set()),
        # supplements
        ("Magnesium oxide 400 mg", {"magnesium oxide"}),
        ("magnesium tablet 250 mg", {"magnesium"}),
        ("Magnesium hydroxide 400 mg/5 mL", {"magnesium hydroxide"}),
        ("Aluminium hydroxide / magnesium carbonate", set()),
        ("Antasida: magnesium hidroksida", {"magnesium hydroxide"}),
        ("magnesium citrate oral solution", set()),
        ("KCl 600 mg", {"potassium chloride"}),
        ("Kalium klorida", {"potassium chloride"}),
        ("sodium chloride 1 g tablet", {"sodium chloride"}),
        ("Sodium chloride 0.9% infusion", set()),
        ("NaCl infus", set()),
        ("Natrium klorida 0,9% 500 ml", set()),
        ("Vitamin B-Complex", {"vitamin b complex"}),
        ("Vitamin B 12 1000 mcg", {"cobalamin"}),
        ("Vitamin B12 level", set()),
        # contributors and interactions
        ("HCT 25 mg", {"hydrochlorothiazide"}),
        ("triamterene/HCTZ", {"triamterene", "hydrochlorothiazide"}),
        ("fluticasone / salmeterol 250/50", {"salmeterol"}),
        ("albuterol HFA", {"salbutamol"}),
        ("ciprofloxacin 500 mg tablet", {"ciprofloxacin"}),
        ("Ciprofloxacin 3 MG/ML Ophthalmic Solution", set()),
        ("eritromisin salep mata", set()),
        ("ketoconazole 2% cream", set()),
        ("quinine sulfate (eye clinic), ketoconazole", {"quinine"}),
        ("rifampisin 450 mg", {"rifampicin"}),
        ("heparin 5000 units", {"heparin"}),
        ("heparin lock flush", set()),
        ("insulin glargine 100 units/mL", {"insulin"}),
        ("insulin pen needles 31G", set()),
        ("insulin syringe insulin", {"insulin"}),  # a phrase undoes the name inside it, no other
        ("insulin, insulin syringe", {"insulin"}),
        ("insulin syringe, insulin pump", set()),
        ("insulin syringe 1 ml x insulin glargine x insulin pump", {"insulin"}),
        ("oxcarbazepine", set()),
        ("dextromethorphan / quinidine", {"dextromethorphan", "quinidine"}),
        ("statin", set()),
        ("", set()),
        ("🙂" * 2000 + " quinine", set()),  # beyond what is read
    ],
)
def test_names_in_a_text(text: str, names: set[str]) -> None:
    assert set(in_text(text)) == names


LOCAL = (
    *("ophthalmic", "eye", "otic", "ear", "cream", "ointment", "shampoo", "topical", "lotion", "vaginal"),
    *("mata", "telinga", "krim", "salep", "sampo", "topikal"),
)
ANTACID_OR_LAXATIVE = (
    *("antacid", "aluminum", "aluminium", "simethicone", "simeticone", "alginate", "laxative", "solution"),
    *("antasida", "alumunium", "simetikon", "pencahar", "laksatif", "larutan"),
)
NOT_A_MEDICINE = ("level", "levels", "clinic", "antibody", "free", "test", "assay", "allergy", "intolerance")


@pytest.mark.parametrize("form", LOCAL)
def test_a_drug_in_a_form_for_one_place_is_not_taken(form: str) -> None:
    assert set(in_text(f"ketoconazole {form} 2%")) == set(in_text(f"{form.capitalize()} erythromycin")) == set()
    assert set(in_text("ketoconazole 200 mg tablet")) == {"ketoconazole"}


@pytest.mark.parametrize("form", ANTACID_OR_LAXATIVE)
def test_a_supplement_in_an_antacid_or_laxative_is_none_and_another_drug_is_one(form: str) -> None:
    assert set(in_text(f"magnesium oxide {form}, warfarin 2 mg")) == {"warfarin"}
    assert set(in_text("magnesium oxide, warfarin 2 mg")) == {"magnesium oxide", "warfarin"}


ANTACID, OXIDE = (ATC, "A02AA02"), "Magnesium oxide 400 mg"


def test_an_atc_code_of_any_part_may_say_that_it_is_an_antacid() -> None:
    assert ingredients([ANTACID, ("http://local", "1")], [OXIDE]) == ()
    assert held((recognised([ANTACID], []), recognised([], [OXIDE]))) == ()
    assert {one.name for one in ingredients([("http://local", ANTACID[1])], [OXIDE])} == {"magnesium oxide"}


def test_the_last_word_of_a_text_is_not_before_its_first() -> None:
    assert set(in_text("Quinine 200 mg tab no")) == {"quinine"}


@pytest.mark.parametrize("word", NOT_A_MEDICINE)
def test_a_word_after_a_drug_may_make_it_none(word: str) -> None:
    assert set(in_text(f"digoxin {word}, warfarin")) == {"warfarin"}


@pytest.mark.parametrize("word", ["serum", "no"])
def test_a_word_before_a_drug_may_make_it_none(word: str) -> None:
    assert set(in_text(f"{word} digoxin, warfarin")) == {"warfarin"}


@given(st.text(max_size=60), st.sampled_from(["x", "7", "_", "é"]))
def test_quinine_inside_a_longer_word_is_not_quinine(around: str, letter: str) -> None:
    joined = around.replace("quinine", "") + " " + letter.replace("_", "a") + "quinine" + letter.replace("_", "a")
    assert "quinine" not in in_text(joined)


@given(st.text(max_size=1100))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert set(in_text(text)) <= CONCEPTS_OF.keys()


@pytest.mark.parametrize(
    ("system", "code", "expected"),
    [
        (RXNORM, "9071", {("quinine", "quinine")}),
        ("urn:oid:2.16.840.1.113883.6.88", "997010", {("quinine", "quinine")}),
        (ATC, "M09AA72", {("quinine", "quinine")}),
        (ATC, "m09aa72", {("quinine", "quinine")}),
        (SNOMED_CT, "324919005", {("quinine", "quinine")}),
        (SNOMED_CT, "9071", set()),
        (SNOMED_CT, "50045009", {("anticoagulant", "heparin")}),  # its display says "Heparin sodium"
        (None, "9071", set()),
        (SNOMED_CT, "940881000000103", set()),  # serum quinine level
        (RXNORM, "27220", {("quinidine", "hydroquinidine")}),  # hydroquinidine, not hydroquinine
        (RXNORM, "8687", {("malaria_regimen", "primaquine")}),  # no QT drug: it is often given with quinine
        # one drug, each of its concepts
        (RXNORM, "6813", {("opioid", "methadone"), ("qt_interacting", "methadone")}),
        (ATC, "N07BC02", {("opioid", "methadone"), ("qt_interacting", "methadone")}),
        (ATC, "B01AA03", {("warfarin", "warfarin"), ("anticoagulant", "warfarin")}),
        # a prefix says the class
        (ATC, "B01AA07", {("anticoagulant", "anticoagulant")}),
        (ATC, "C10AA09", {("cramp_causing_statin", "statin")}),
        (ATC, "C10AB01", set()),
        (ATC, "A10AE04", {("insulin", "insulin")}),
        (ATC, "B01AC25", {("antiplatelet", "antiplatelet")}),
        (ATC, "C03CA01", {("cramp_causing_diuretic", "furosemide"), ("loop", "furosemide")}),
        (ATC, "R03AK07", {("cramp_causing_beta_agonist", "formoterol"), ("laba", "formoterol")}),
        (ATC, "R03AC02", {("cramp_causing_beta_agonist", "salbutamol")}),
        # the product part of an NDC, in its four spellings
        (NDC, "0093-3002", {("quinine", "quinine")}),
        (NDC, "0093-3002-05", {("quinine", "quinine")}),
        (NDC, "00093-3002-05", {("quinine", "quinine")}),
        (NDC, "00093300205", {("quinine", "quinine")}),
        (NDC, "0093300205", {("quinine", "quinine")}),
        (NDC, "65162-811-03", {("quinine", "quinine")}),
        (NDC, "65162081103", {("quinine", "quinine")}),
        (NDC, "6516281103", {("quinine", "quinine")}),
        (NDC, " 93-3002 ", {("quinine", "quinine")}),  # without the zeros before the labeller
        (NDC, "0093-3002-0X", set()),
        (NDC, "0093-O002-05", set()),
        (NDC, "00093-03002", set()),  # a product has four digits
        (NDC, "000093-3002", set()),  # and a labeller five
        (NDC, "009330020", set()),
        (NDC, "000933002055", set()),
        (NDC, "00093300305", set()),
        (NDC, "0093-3003-05", set()),
        (NDC, "x-y", set()),
        (NDC, "", set()),
        (LOINC, "00093300205", set()),
    ],
)
def test_codes(system: str | None, code: str, expected: set[tuple[str, str]]) -> None:
    found = ingredients([(system, code)], [])
    assert {(i.concept, i.name) for i in found} == expected
    assert {i.match for i in found} <= {Match.CODE}


@pytest.mark.parametrize("product", ["01234-5678", "12345-0678", "12345-6789"])
def test_ten_digits_of_an_ndc_are_read_as_4_4_2_as_5_3_2_and_as_5_4_1(
    product: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drugs, "_NDC", {product.replace("-", ""): ("quinine",)})
    assert drugs.ndc_meaning("1234567890") == ("quinine",)


def test_a_name_is_the_weaker_match_and_gives_way_to_the_code() -> None:
    assert ingredients([(KFA, "93001019")], ["Kina sulfat"]) == (Ingredient("quinine", "quinine", Match.NAME),)
    assert ingredients([(RXNORM, "9071")], ["Quinine"]) == (Ingredient("quinine", "quinine", Match.CODE),)
    assert ingredients([(RXNORM, "1")], ["Quinine"]) == (Ingredient("quinine", "quinine", Match.NAME),)


def test_the_second_drug_of_a_product_is_found_by_name() -> None:
    found = ingredients([(RXNORM, "5487")], ["hydrochlorothiazide / triamterene"])
    assert {(i.name, i.match) for i in found} == {
        ("hydrochlorothiazide", Match.CODE),
        ("triamterene", Match.NAME),
    }


@pytest.mark.parametrize(
    ("code", "text", "names"),
    [
        ("C10AA", "simvastatin", {"simvastatin"}),
        ("C03EA01", "obat", {"thiazide diuretic", "potassium-sparing diuretic"}),
        ("C03EA01", "hydrochlorothiazide and amiloride", {"hydrochlorothiazide", "amiloride"}),
        ("C03XA01", "tolvaptan", {"diuretic"}),
        ("C03XA01", "warfarin", {"diuretic", "warfarin"}),  # a drug of another class
        ("A12CC10", "magnesium oxide", {"magnesium oxide"}),
        ("A06AD04", "magnesium sulfate", set()),  # a laxative
        ("A02AA04", "magnesium hydroxide", {"magnesium hydroxide"}),
    ],
)
def test_a_class_gives_way_to_the_drug(code: str, text: str, names: set[str]) -> None:
    assert {i.name for i in ingredients([(ATC, code)], [text])} == names


def test_every_spelling_names_one_drug() -> None:
    source = resources.files("cds_service.patient.terminology") / "names" / "drugs.toml"
    known = tomllib.loads(source.read_text(encoding="utf-8"))["ingredients"]
    seen: dict[str, str] = {}
    for name, ingredient in known.items():
        for word in (name, *ingredient.get("words", ())):
            assert seen.setdefault(word, name) == name


def test_every_concept_of_a_drug_has_codes_or_is_told_by_its_drugs() -> None:
    without_codes = {"laba", "mefloquine", "other_diuretic"}  # told by the drug alone
    concepts = {concept for found in CONCEPTS_OF.values() for concept in found}
    assert concepts - without_codes == {found.name for found in value_sets("drugs")}


def test_classes_belong_to_their_value_set() -> None:
    prefixed = {found.name for found in value_sets("drugs") if any(entry.prefix for entry in found.include)}
    assert CLASS_OF.keys() == prefixed
    assert [name for name, meaning in CLASS_OF.items() if name not in CONCEPTS_OF[meaning]] == []
    assert set(CLASS_OF.values()) - {"insulin"} == CLASSES


def test_long_courses_and_quinine_are_no_short_anti_infectives() -> None:
    assert {"azithromycin", "fluconazole"} <= ANTI_INFECTIVES
    assert not {"quinine", "rifampicin", "hydroxychloroquine", "ritonavir", "amiodarone"} & ANTI_INFECTIVES


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_drug_and_problem_has_a_name_to_show(language: str) -> None:
    texts = resources.files("cds_service.patient.terminology") / "texts" / language
    drugs = tomllib.loads((texts / "drug.toml").read_text(encoding="utf-8"))
    problems = tomllib.loads((texts / "concept.toml").read_text(encoding="utf-8"))
    assert drugs.keys() == {name.replace(" ", "_").replace("-", "_") for name in CONCEPTS_OF}
    assert problems.keys() == {found.name for found in value_sets("problems")} | set(MENTIONED)
    assert all((*drugs.values(), *problems.values()))


def test_quinine_is_kina_kuinin_in_indonesian() -> None:
    texts = resources.files("cds_service.patient.terminology") / "texts" / "id"
    assert tomllib.loads((texts / "drug.toml").read_text(encoding="utf-8"))["quinine"] == "kina (kuinin)"
    for file in ("drug.toml", "concept.toml"):
        assert "kinin" not in (texts / file).read_text(encoding="utf-8")
