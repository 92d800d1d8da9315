"""What codes and names mean: system and code together, prefixes with their exceptions, whole texts only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.patient.facts import Match
from cds_service.patient.terminology import names as name_lists
from cds_service.patient.terminology import problem_names
from cds_service.patient.terminology.concepts import (
    allergy_concepts,
    analyte_of,
    might_be_problem,
    might_be_problem_name,
    might_be_result,
    order_concepts,
    problem_concepts,
)
from cds_service.patient.terminology.names import fold_name, names
from cds_service.patient.terminology.problem_names import suspected
from cds_service.patient.terminology.systems import (
    ATC,
    ICD_10,
    ICD_10_CM,
    ICD_10_NATIONAL,
    LOINC,
    NDC,
    RXNORM,
    SNOMED_CT,
    fold_code,
    normalise_system,
    who_code,
)
from cds_service.patient.terminology.valuesets import value_sets

LOCAL = "https://ehr.example/problems"


@pytest.mark.parametrize(
    ("received", "canonical"),
    [
        (SNOMED_CT, SNOMED_CT),
        ("http://snomed.info/sct/", SNOMED_CT),
        ("https://www.snomed.info/sct", SNOMED_CT),
        ("http://snomed.info/sct/731000124108/version/20250301", SNOMED_CT),
        ("http://snomed.info/sct|20250301", SNOMED_CT),
        ("urn:oid:2.16.840.1.113883.6.96", SNOMED_CT),
        ("2.16.840.1.113883.6.96", SNOMED_CT),
        ("URN:OID:2.16.840.1.113883.6.90", ICD_10_CM),
        ("urn:oid:2.16.840.1.113883.6.3", ICD_10),
        ("urn:oid:2.16.840.1.113883.6.88", RXNORM),
        ("urn:oid:2.16.840.1.113883.6.69", NDC),
        ("urn:oid:2.16.840.1.113883.6.1", LOINC),
        ("urn:oid:2.16.840.1.113883.6.73", ATC),
        ("SNOMED CT", SNOMED_CT),
        ("LOINC", LOINC),
        (" http://loinc.org/ ", LOINC),
        ("HTTP://HL7.ORG/FHIR/SID/ICD-10-CM", ICD_10_CM),
        ("ICD-10", "ICD-10"),  # which of the two editions it means is not known
        ("http://fhir.de/CodeSystem/bfarm/icd-10-gm", ICD_10_NATIONAL),
        ("https://smt.esante.gouv.fr/terminologie-cim-10/", ICD_10_NATIONAL),
        ("urn:oid:2.16.840.1.113883.6.94", ICD_10_NATIONAL),
        ("http://hl7.org/fhir/sid/icd-10-us", ICD_10_CM),
        ("http://terminology.hl7.org/CodeSystem/icd10CM", ICD_10_CM),
        ("http://terminology.hl7.org/CodeSystem/icd10", ICD_10),
        (LOCAL, LOCAL),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_systems(received: str | None, canonical: str | None) -> None:
    assert normalise_system(received) == canonical


@given(st.text())
def test_normalising_a_system_twice_changes_nothing(system: str) -> None:
    once = normalise_system(system)
    assert normalise_system(once) == once


@given(st.text() | st.text(" .*†+aG6"))
def test_folding_a_code_twice_changes_nothing(code: str) -> None:
    assert fold_code(fold_code(code)) == fold_code(code)


@given(st.text())
def test_folding_a_name_twice_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


@pytest.mark.parametrize(
    ("system", "code", "concepts"),
    [
        (SNOMED_CT, "449918009", {"cramp_leg"}),
        (ICD_10_CM, "G47.62", {"cramp_leg_nocturnal"}),
        (ICD_10_CM, "g4762", {"cramp_leg_nocturnal"}),
        (ICD_10_CM, " G47.62 ", {"cramp_leg_nocturnal"}),
        (ICD_10, "G47.62", set()),
        (ICD_10, "R25.2", {"cramp_any"}),
        (None, "R25.2", set()),
        (LOCAL, "R25.2", set()),
        (LOINC, "449918009", set()),
        # the same code, two editions, two meanings
        (ICD_10_CM, "M62.81", {"muscle_weakness"}),
        (ICD_10, "M62.81", set()),
        (ICD_10, "G12.2", {"motor_neuron_disease"}),
        (ICD_10_CM, "G12.21", {"als", "motor_neuron_disease"}),
        (ICD_10_CM, "G12.1", set()),  # spinal muscular atrophy, Kennedy disease
        (ICD_10, "G12.1", set()),
        # prefixes, and where they stop
        (ICD_10_CM, "I82.4Z2", {"dvt"}),
        (ICD_10_CM, "I82.5Z2", set()),  # chronic
        (ICD_10_CM, "I82.4", {"dvt"}),
        (ICD_10_CM, "I82", set()),
        (ICD_10, "I82.4", set()),  # a prefix of the other edition
        (ICD_10_CM, "T67.2XXA", {"cramp_exercise_heat"}),
        (ICD_10, "B51.9", {"malaria"}),
        (ICD_10, "B50.8", {"malaria"}),
        (ICD_10, "B55.0", set()),
        (ICD_10_CM, "H46.13", {"optic_neuritis"}),
        (ICD_10_CM, "H46.2", set()),  # nutritional
        (ICD_10_CM, "H46.3", set()),  # toxic
        (ICD_10_CM, "I70.213", {"chronic_pad"}),
        (ICD_10_CM, "I70.223", {"critical_limb_ischaemia"}),
        (ICD_10_CM, "I70.269", {"critical_limb_ischaemia"}),
        (ICD_10, "G63.2*", {"peripheral_neuropathy", "diabetic_neuropathy"}),  # the asterisk of the dual code
        (ICD_10_CM, "E11.42", {"diabetic_neuropathy"}),
        (ICD_10_CM, "E11.9", set()),  # diabetes alone forbids neither heat nor a splint
        (SNOMED_CT, "368581000119106", {"diabetic_neuropathy"}),
        (ICD_10, "I48", {"atrial_fibrillation"}),
        (ICD_10_CM, "I48.91", {"atrial_fibrillation"}),
        # lasting hazards and their neighbours
        (SNOMED_CT, "32273002", {"immune_thrombocytopenia"}),
        (SNOMED_CT, "302215000", {"thrombocytopenia_other"}),
        (ICD_10, "D69.3", {"immune_thrombocytopenia"}),
        (ICD_10, "D69.6", {"thrombocytopenia_other"}),
        (SNOMED_CT, "67406007", set()),  # disseminated intravascular coagulation
        (SNOMED_CT, "161416007", set()),  # history of malaria
        (ICD_10, "D65", set()),
        (ICD_10, "I44.0", set()),  # first degree block
        (SNOMED_CT, "162784002", {"limb_swelling", "limb_swelling_one_sided"}),
        (SNOMED_CT, "449614009", {"limb_swelling"}),
    ],
)
def test_problem_codes(system: str | None, code: str, concepts: set[str]) -> None:
    found = problem_concepts([(system, code)], None)
    assert found == dict.fromkeys(concepts, Match.CODE)


def test_the_second_coding_counts_too() -> None:
    codings = [(LOCAL, "4711"), ("urn:oid:2.16.840.1.113883.6.96", "86044005")]
    assert problem_concepts(codings, None) == {"als": Match.CODE}


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("Leg cramps", {"cramp_leg"}),
        ("  LEG   CRAMPS. ", {"cramp_leg"}),
        ("leg-cramps", {"cramp_leg"}),
        ("ｌｅｇ ｃｒａｍｐｓ", {"cramp_leg"}),
        ("Leg cramps (finding)", {"cramp_leg"}),
        ("nocturnal leg cramps", {"cramp_leg_nocturnal"}),
        ("Kram kaki malam hari", {"cramp_leg_nocturnal"}),
        ("Kram betis", {"cramp_leg"}),
        ("Kram otot", {"cramp_any"}),
        ("Kram dan kejang", {"cramp_any"}),
        ("keram kaki", {"cramp_leg"}),
        ("Betis keram", {"cramp_leg"}),
        ("Keram malam hari", {"cramp_leg_nocturnal"}),
        ("Keram otot", {"cramp_any"}),
        ("Penyakit neuron motorik", {"motor_neuron_disease"}),
        ("ALS", {"als"}),
        ("Penyakit motor neuron", {"motor_neuron_disease"}),
        ("Sklerosis lateral amiotrofik", {"als"}),
        ("Malaria tropika", {"malaria"}),
        ("Alergi kina", {"quinine_allergy"}),
        ("Riwayat ITP", {"immune_thrombocytopenia"}),
        ("Guillain-Barré syndrome", {"peripheral_neuropathy"}),
        ("hamil", {"pregnancy"}),
        # never a part of a text
        ("no leg cramps", set()),
        ("leg cramps, resolved", set()),
        ("riwayat malaria", set()),
        ("history of malaria", set()),
        ("leg", set()),
        ("stomach cramps", set()),
        ("hand cramps", set()),
        ("", set()),
        ("...", set()),
        (None, set()),
        ("leg cramps" + " " * 110, {"cramp_leg"}),
        ("leg cramps" + " " * 111, set()),  # longer than any name: not looked at
    ],
)
def test_problem_names(text: str | None, concepts: set[str]) -> None:
    assert problem_concepts([], text) == dict.fromkeys(concepts, Match.NAME)


MALARIA, ITP = "Malaria", "ITP"


@pytest.mark.parametrize(
    ("coding", "text", "concepts"),
    [
        ((LOCAL, "4711"), "leg cramps", {"cramp_leg"}),
        ((None, "cramp"), "leg cramps", {"cramp_leg"}),
        (("http://hl7.org/fhir/sid/icpc-1", "L14"), "leg cramps", {"cramp_leg"}),
        ((SNOMED_CT, "1"), "leg cramps", {"cramp_leg"}),
        ((ICD_10, "I45.8"), "Long QT syndrome", {"long_qt"}),
        ((ICD_10, "B54"), MALARIA, {"malaria"}),  # by code, and so no more by name
        ((ICD_10_CM, "D69.6"), "Quinine-induced thrombocytopenia", {"thrombocytopenia_other", "quinine_allergy"}),
        ((ICD_10, "D69.5"), ITP, {"thrombocytopenia_other", "immune_thrombocytopenia"}),
        ((SNOMED_CT, "161416007"), MALARIA, set()),  # history of malaria: an exception to it
        ((ICD_10, "T37.2"), MALARIA, set()),  # poisoning by antimalarials; so is what lies under it
        ((ICD_10_CM, "T37.2X5A"), MALARIA, set()),
        ((ICD_10, "Z99.9"), "leg cramps", set()),
        ((ICD_10, "Z86.1"), MALARIA, set()),
        ((ICD_10_CM, "Z32.01"), "Pregnancy", set()),
        ((ICD_10_CM, "Z33.1"), "Pregnant", {"pregnancy"}),
        ((ICD_10, "Z36"), "Hamil", {"pregnancy"}),
        ((ICD_10, "Z88.3"), "Alergi kina", {"quinine_allergy"}),
        # a cramp's name without a limb
        ((ICD_10, "R10.4"), "Cramps", set()),
        ((ICD_10, "R10.4"), "Leg cramps", {"cramp_leg"}),
        ((ICD_10, "R25.8"), "Kram otot", {"cramp_any"}),
        ((ICD_10, "M62.6"), "Muscle cramps", {"cramp_any"}),
        ((ICD_10, "G58.9"), "Muscle cramps", {"cramp_any"}),
        ((ICD_10, "R10.4"), "Nocturnal cramps", set()),
        ((ICD_10, "R10.4"), "Nocturnal leg cramps", {"cramp_leg_nocturnal"}),
        ((LOCAL, "7"), "Cramps", {"cramp_any"}),
        ((SNOMED_CT, "1"), "Cramps", set()),
    ],
)
def test_a_name_beside_a_code(coding: tuple[str | None, str], text: str, concepts: set[str]) -> None:
    assert set(problem_concepts([coding], text)) == concepts
    assert set(problem_concepts([coding], None, [text])) == concepts


def test_one_code_of_several_may_tell_that_a_cramp_without_a_limb_is_a_muscle_s() -> None:
    pain, muscle = (ICD_10, "R10.4"), (ICD_10, "M62.6")
    assert problem_concepts([pain, muscle], "Cramps") == {"cramp_any": Match.NAME}
    assert problem_concepts([(LOCAL, "7"), pain], "Cramps") == {}


@pytest.mark.parametrize(
    "display",
    [
        "Family history of disorder",
        "History of infection",
        "Screening for disease",
        "Contact with disease",
        "At risk",
        "Prophylaxis",
        "Observation for suspected disease",
        "Disease ruled out",
        "Riwayat penyakit",
    ],
)
def test_a_name_beside_a_display_about_something_else(display: str) -> None:
    assert problem_concepts([(SNOMED_CT, "1")], MALARIA, [display]) == {}
    assert problem_concepts([(SNOMED_CT, "1")], "History of ITP", [display]) == {"immune_thrombocytopenia": Match.NAME}


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        *(
            (f"Malaria{sign}", set())
            for sign in (" (-)", "(-)", " [-]", " -", " neg", " negatif", " Negative", " (−)", " neg.")
        ),
        *((f"Malaria{sign}", {"malaria"}) for sign in (" (+)", "?", " ?", " +")),
        ("Leg cramps (ICD-9-CM 333.99)", {"cramp_leg"}),
        ("Leg cramps (SCT 1234)", {"cramp_leg"}),
        ("Leg cramps [ICD-10 R25.2]", {"cramp_leg"}),
        ("Leg cramps (resolved)", set()),
        ("Leg cramps, nocturnal", {"cramp_leg_nocturnal"}),
        ("Leg, cramps, nocturnal", set()),  # two parts change places, not three
        ("Cramps, nocturnal, leg", set()),
        ("frequent leg cramps", {"cramp_leg"}),
        ("Chronic intermittent leg cramps", {"cramp_leg"}),
        ("Cramps in both legs", {"cramp_leg"}),
        ("Kram betis kanan berulang", {"cramp_leg"}),
        ("recurrent leg swelling", {"limb_swelling"}),
        ("recurrent left leg swelling", {"limb_swelling", "limb_swelling_one_sided"}),
        ("bilateral leg swelling", set()),
        ("Chronic DVT", set()),
        ("Chronic compartment syndrome", set()),
        ("recurrent DVT", {"dvt"}),
        ("frequent", set()),
    ],
)
def test_how_a_name_is_folded(text: str, concepts: set[str]) -> None:
    assert set(problem_concepts([], text)) == concepts


def test_a_question_mark_is_a_suspicion() -> None:
    assert suspected(["Malaria?"])
    assert suspected(["Malaria", "Malaria?"])
    assert not suspected(["Malaria", "Asthma?", "Malaria (-)?  -"])


@pytest.mark.parametrize(
    ("text", "cramp"),
    [
        ("Cramp and spasm", True),
        ("Kram dan kejang", True),
        (None, True),
        ("Kejang umum tonik klonik", False),
        ("Seizure", False),
        ("Febrile convulsion", False),
        ("Spasticity", False),
        ("Spasticity of leg", True),
        ("Kejang kaki", True),
        ("Keram, bukan kejang", True),
        ("Hemifacial spasm", False),
        ("Spasm of back", False),
        ("Neck spasms", False),
        ("Paraspinal muscle spasm", False),
        ("Muscle spasm", True),
    ],
)
def test_a_code_for_cramp_and_spasm_that_is_another_spasm(text: str | None, cramp: bool) -> None:
    found = problem_concepts([(ICD_10, "R25.2")], text, ["Cramp and spasm"])
    assert found == ({"cramp_any": Match.CODE} if cramp else {})


@pytest.mark.parametrize(
    ("code", "concepts"),
    [
        ("449918009:272741003=7771000", {"cramp_leg"}),
        ("449918009 |Cramp in lower leg| : 272741003 |Laterality| = 24028007 |Right|", {"cramp_leg"}),
        ("449918009|Cramp in lower leg|", {"cramp_leg"}),
        ("===55300003:{363698007=30021000}", {"cramp_any"}),
        ("55300003:363698007=53840002,272741003=7771000", {"cramp_any"}),
        ("449918009:246112005=24484000", set()),  # a severity
        ("449918009:272741003=7771000,246112005=24484000", set()),
        ("449918009+1", set()),
        ("449918009:", set()),
        ("449918009:272741003", set()),
    ],
)
def test_expressions(code: str, concepts: set[str]) -> None:
    assert set(problem_concepts([(SNOMED_CT, code)], None)) == concepts
    assert might_be_problem(code) or not concepts
    assert problem_concepts([(LOCAL, code)], None) == {}


GERMAN = "http://fhir.de/CodeSystem/bfarm/icd-10-gm"


@pytest.mark.parametrize(
    ("code", "concepts"),
    [
        ("R25.2", {"cramp_any"}),
        ("R252", {"cramp_any"}),
        ("I80.28", {"dvt"}),
        ("I8028", {"dvt"}),
        ("G12.21", {"motor_neuron_disease"}),
        ("G63.2*", {"peripheral_neuropathy", "diabetic_neuropathy"}),
        ("M62.81", set()),  # as in WHO's
        ("M79.86", set()),
        ("J45.0", set()),
    ],
)
def test_national_editions_of_icd_10(code: str, concepts: set[str]) -> None:
    assert set(problem_concepts([(GERMAN, code)], None)) == concepts
    assert might_be_problem(code) or not concepts


@pytest.mark.parametrize(
    ("code", "who"), [("I80.28", "I802"), ("i8028", "I802"), ("M62.8", "M628"), ("M62.812", "M6281"), ("B54", "B54")]
)
def test_a_national_code_is_cut_to_what_the_who_has(code: str, who: str) -> None:
    assert who_code(code) == who


def test_a_text_is_folded_once_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    folded: list[str] = []
    fold = problem_names.fold_words
    monkeypatch.setattr(problem_names, "fold_words", lambda text: folded.append(text) or fold(text))
    for _ in range(3):
        assert problem_concepts([], "Kram betis sekali lihat ini") == {}
    assert len(folded) == 2  # for its words, and for its name
    (kept,) = [
        cell.cell_contents for cell in problem_names.said.__closure__ or () if isinstance(cell.cell_contents, dict)
    ]
    assert not any("sekali" in repr(key) for key in kept)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_lists, "_MOST_TEXTS", 5)
    asked: list[str] = []
    remember = name_lists.remembered(lambda text: asked.append(text) or text.upper())
    texts = [f"text {n}" for n in range(12)]
    assert [remember(text) for text in texts] == [text.upper() for text in texts]
    (kept,) = [cell.cell_contents for cell in remember.__closure__ or () if isinstance(cell.cell_contents, dict)]
    assert len(kept) <= 5
    assert remember(texts[-1]) == "TEXT 11"
    assert len(asked) == 12


def test_no_name_stands_for_two_different_things() -> None:
    """Only the wider and the narrower of one finding may share a name."""
    pairs = {found for found in names("problems").values() if len(found) > 1}
    assert pairs == {frozenset({"limb_swelling", "limb_swelling_one_sided"})}


@pytest.mark.parametrize("file", ["problems", "orders"])
def test_names_are_of_concepts_we_have(file: str) -> None:
    have = {found.name for folder in ("problems", "results", "orders") for found in value_sets(folder)}
    assert {concept for found in names(file).values() for concept in found} <= have
    assert "" not in names(file)


def test_every_hazard_and_indication_has_names_in_both_languages() -> None:
    named = {concept for found in names("problems").values() for concept in found}
    assert named == {one.name for one in value_sets("problems")}


@pytest.mark.parametrize(
    ("system", "code", "analyte"),
    [
        (LOINC, "2823-3", ("potassium", "2823-3")),
        ("LOINC", "2823-3", ("potassium", "2823-3")),
        (LOINC, "2947-0", ("sodium", "2947-0")),
        (LOINC, "8636-3", ("qtc", "8636-3")),
        (LOINC, "777-3", ("platelets", "777-3")),
        (LOINC, "48642-3", ("egfr", "48642-3")),
        (LOINC, "2828-2", None),  # urine
        (LOINC, "29349-8", None),  # after dialysis
        (LOINC, "8634-8", None),  # QT, not corrected
        (LOINC, "6694-4", None),  # quinidine level
        (SNOMED_CT, "2823-3", None),
        (None, "2823-3", None),
    ],
)
def test_analytes(system: str | None, code: str, analyte: tuple[str, str] | None) -> None:
    found = analyte_of([(LOCAL, "K"), (system, code)])
    assert (found and (found.analyte, found.loinc)) == analyte


@pytest.mark.parametrize(
    ("codings", "text", "concepts"),
    [
        ([(LOINC, "11524-6")], None, {"ecg_order"}),
        ([(LOINC, "2601-3")], None, {"magnesium"}),
        ([(LOINC, "24326-1")], None, {"panels_orders", "sodium", "potassium"}),
        ([(SNOMED_CT, "24326-1")], None, set()),
        ([(SNOMED_CT, "311401005")], None, {"patient_education"}),
        (
            [(SNOMED_CT, "311401005")],
            "Edukasi pasien: peregangan betis dan hamstring",
            {"patient_education", "stretching"},
        ),
        ([(SNOMED_CT, "308447003")], None, {"physiotherapy_referral"}),
        ([(SNOMED_CT, "229065009")], None, set()),  # exercise therapy is no referral to a physiotherapist
        ([], "Fisioterapi", {"physiotherapy_referral"}),
        ([], "Elektrolit", {"panels_orders", "sodium", "potassium"}),
        ([], "something else", set()),
        ([], "Fisioterapi" + " " * 109, {"physiotherapy_referral"}),
        ([], "Fisioterapi" + " " * 110, set()),  # longer than any name
    ],
)
def test_orders(codings: list[tuple[str | None, str]], text: str | None, concepts: set[str]) -> None:
    assert order_concepts(codings, text) == concepts


def test_no_panel_counts_as_a_magnesium_order() -> None:
    panels = next(found for found in value_sets("orders") if found.name == "panels_orders")
    for entry in panels.include:
        concepts = order_concepts([(entry.system, entry.code)], None)
        assert "potassium" in concepts
        assert "magnesium" not in concepts


@pytest.mark.parametrize(
    ("codings", "text", "concepts"),
    [
        ([(SNOMED_CT, "294398000")], None, {"quinine_allergy": Match.CODE}),
        ([(RXNORM, "9071")], None, {"quinine": Match.CODE}),
        ([(SNOMED_CT, "373497008")], "Quinine", {"quinine": Match.CODE}),
        ([(RXNORM, "9068")], None, {"quinidine": Match.CODE}),
        ([(RXNORM, "6694")], None, {"mefloquine": Match.CODE, "qt_interacting": Match.CODE}),
        ([(RXNORM, "11289")], None, {"warfarin": Match.CODE, "anticoagulant": Match.CODE}),
        ([(RXNORM, "7980")], None, {}),  # penicillin G
        ([(SNOMED_CT, "86044005")], None, {"als": Match.CODE}),
        ([], "Kinin", {"quinine": Match.NAME}),
        ([], "Quinine sulfate", {"quinine": Match.NAME}),
        ([(RXNORM, "1")], "Quinine", {"quinine": Match.NAME}),
        ([(LOCAL, "1")], "alergi kuinin", {"quinine_allergy": Match.NAME}),
        ([(SNOMED_CT, "1")], "alergi kuinin", {"quinine_allergy": Match.NAME}),
        ([], "no quinine allergy", {}),
        ([], "Quinine 300 mg by mouth", {"quinine": Match.NAME}),
        ([], "Rash with quinine tablets", {"quinine": Match.NAME}),
        ([], "quinine intolerance (rash)", {"quinine": Match.NAME}),
        ([(SNOMED_CT, "1")], "kina sulfat", {"quinine": Match.NAME}),
        ([], "tidak alergi kina", {}),
        ([], "tolerates quinine", {}),
        ([], "denies quinine reaction", {}),
        ([], "not quinine", {}),
        ([], "quinine: negative", {}),
        ([], "quinine (-)", {}),
        ([], "tonic water", {}),
        ([], None, {}),
    ],
)
def test_allergies(codings: list[tuple[str | None, str]], text: str | None, concepts: dict[str, Match]) -> None:
    assert allergy_concepts(codings, [text] if text else []) == concepts


@pytest.mark.parametrize("code", ["86044005", "R25.2", "r252", "I82.4Z2", "e1142", "G63.2*", "H46.2"])
def test_the_first_look_lets_every_problem_pass(code: str) -> None:
    assert might_be_problem(code)


@pytest.mark.parametrize(
    ("text", "may_be"),
    [("Riwayat ITP", True), ("Demam, dd malaria", True), ("", True), ("  ", True), ("Asma", False), ("...", False)],
)
def test_the_first_look_at_a_name_lets_what_it_names_or_mentions_pass_and_a_blank(text: str, may_be: bool) -> None:
    assert might_be_problem_name(text) is may_be


@pytest.mark.parametrize("code", ["1", "38341003", "I10", "Z00.0", "", "B55.0", "²", "R63.4x"])
def test_the_first_look_stops_the_rest(code: str) -> None:
    assert not might_be_problem(code)


@given(st.sampled_from([entry for found in value_sets("problems") for entry in found.include]), st.text("0129XA"))
def test_the_first_look_never_stops_what_has_a_meaning(entry: object, tail: str) -> None:
    code = getattr(entry, "code", "") + tail
    if problem_concepts([(getattr(entry, "system", None), code)], None):
        assert might_be_problem(code)


def test_the_first_look_at_results() -> None:
    assert might_be_result("2823-3")
    assert not might_be_result("4548-4")
    assert not might_be_result("potassium")


@pytest.mark.parametrize("space", ["\u00a0", " \t", "\u2003", "\u200b", "\ufeff", "\u3000", "\n"])
def test_white_space_of_any_kind_and_what_is_not_seen_hides_no_code(space: str) -> None:
    for code in (f"M62{space}.838", f"{space}M62.838{space}", f"m62838{space}"):
        assert fold_code(code) == "M62838"
        assert might_be_problem(f"449918009{space}")
    assert normalise_system(f"{space}http://snomed.info/sct{space}") == SNOMED_CT
