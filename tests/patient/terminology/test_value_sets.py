"""The value sets as published files: valid FHIR, sound codes, and no code that would say two opposite things."""

import json
import re
from importlib import resources
from itertools import combinations
from typing import Any

import pytest
from fhir.resources.R4B.valueset import ValueSet as FhirValueSet

from cds_service.patient.terminology.drug_names import CONCEPTS_OF
from cds_service.patient.terminology.systems import (
    CALLED,
    ICD_10,
    ICD_10_CM,
    LOINC,
    SNOMED_CT,
    fold_code,
)
from cds_service.patient.terminology.valuesets import Entry, ValueSet, parse_value_set, value_sets, written

FOLDERS = ("problems", "results", "drugs", "orders")
SETS = [found for folder in FOLDERS for found in value_sets(folder)]
ENTRIES = [(found.name, entry) for found in SETS for entry in (*found.include, *found.exclude)]

SHAPES = {
    "SNOMED CT": r"\d{6,18}",
    "LOINC": r"\d{3,7}-\d",
    "RxNorm": r"\d{3,7}",
    "ICD-10": r"[A-Z]\d\d(\.\d{1,2})?",
    "ICD-10-CM": r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?",
    "ATC": r"[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?",
    "NDC": r"\d{4,5}-\d{3,4}",
    "UNII": r"[0-9A-Z]{10}",
    "ICD-9-CM": r"[0-9EV]\d\d(\.\d{1,2})?",
    "ICD-11": r"[0-9A-Z]{4}(\.[0-9A-Z]{1,2})?",
    "ICPC-2": r"[A-Z]\d\d",
}

# Sets that no code may share: the card would contradict itself, or count one finding twice.
CRAMPS = ("cramp_leg", "cramp_leg_nocturnal", "cramp_exercise_heat", "cramp_any")
QUININE_HAZARDS = (
    "immune_thrombocytopenia",
    "thrombocytopenia_other",
    "drug_induced_haemolysis",
    "ttp_tma",
    "hus",
    "blackwater_fever",
    "quinine_allergy",
    "myasthenia_gravis",
    "optic_neuritis",
    "long_qt",
    "g6pd_deficiency",
    "tinnitus",
    "atrial_fibrillation",
    "av_block",
    "malaria",
    "babesiosis",
)
MALARIA_WINS = ("blackwater_fever", "malaria")  # share a code, which counts as the indication
APART = [
    *combinations(CRAMPS, 2),
    *((cramp, mimic) for cramp in CRAMPS for mimic in ("restless_legs", "fasciculation", "muscle_weakness")),
    *(pair for pair in combinations(QUININE_HAZARDS, 2) if pair != MALARIA_WINS),
    *combinations(("chronic_pad", "critical_limb_ischaemia", "dvt", "limb_swelling", "compartment_syndrome"), 2),
    *combinations(("hypokalaemia", "hyponatraemia", "hypocalcaemia", "hypomagnesaemia"), 2),
    *combinations(("muscle_weakness", "muscle_wasting", "fasciculation", "rhabdomyolysis"), 2),
    *(("als", other) for other in ("muscle_wasting", "muscle_weakness", "fasciculation", "peripheral_neuropathy")),
    ("optic_neuritis", "peripheral_neuropathy"),
    *combinations([found.name for found in value_sets("results")], 2),
    *combinations(("quinine", "quinidine", "hydroquinine"), 2),
    ("anticoagulant", "antiplatelet"),
    ("opioid", "benzodiazepine"),
    ("gabapentin", "pregabalin"),
    *combinations(("magnesium_supplement", "calcium_supplement", "potassium_supplement", "sodium_chloride"), 2),
]


def test_every_concept_has_one_set_with_codes() -> None:
    names = [found.name for found in SETS]
    assert len(names) == len(set(names))
    assert [found.name for found in SETS if not found.include] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_is_a_valid_fhir_value_set(folder: str) -> None:
    for file in (resources.files("cds_service.patient.terminology") / "valuesets" / folder).iterdir():
        resource = FhirValueSet.model_validate(json.loads(file.read_text(encoding="utf-8")))
        concept = file.name.removesuffix(".json")
        assert resource.status == "active"
        assert resource.url == "urn:cds-service:valueset:" + concept.replace("_", "-")
        assert resource.id == concept.replace("_", "-")
        assert resource.name == "".join(word.capitalize() for word in concept.split("_"))
        assert resource.title


@pytest.mark.parametrize("system", SHAPES)
def test_codes_have_the_shape_of_their_system(system: str) -> None:
    codes = [(name, entry.code) for name, entry in ENTRIES if CALLED[entry.system] == system]
    assert codes
    assert [code for code in codes if not re.fullmatch(SHAPES[system], code[1])] == []


def test_no_other_systems() -> None:
    assert {CALLED[entry.system] for _, entry in ENTRIES} == SHAPES.keys() == {*CALLED.values()}


def test_snomed_check_digits() -> None:
    assert [(name, e.code) for name, e in ENTRIES if e.system == SNOMED_CT and not verhoeff_holds(e.code)] == []


def test_loinc_check_digits() -> None:
    assert [(name, e.code) for name, e in ENTRIES if e.system == LOINC and not loinc_check_holds(e.code)] == []


@pytest.mark.parametrize(
    ("code", "holds"), [("86044005", True), ("86044006", False), ("68044005", False), ("449918009", True)]
)
def test_verhoeff_itself(code: str, holds: bool) -> None:
    assert verhoeff_holds(code) is holds


@pytest.mark.parametrize(("code", "holds"), [("2823-3", True), ("2823-4", False), ("8223-3", False), ("777-3", True)])
def test_loinc_check_itself(code: str, holds: bool) -> None:
    assert loinc_check_holds(code) is holds


@pytest.mark.parametrize(("one", "other"), APART)
def test_opposed_sets_share_no_code(one: str, other: str) -> None:
    by_name = {found.name: found for found in SETS}
    assert shared(by_name[one], by_name[other]) == []


def test_codes_left_out_on_purpose() -> None:
    """Disseminated coagulation is no quinine reaction, history of malaria no malaria, a drug level no drug."""
    unwanted = {"67406007", "D65", "161416007", "940881000000103", "161508001", "5262007", "230253001"}
    assert [(found.name, entry.code) for found in SETS for entry in found.include if entry.code in unwanted] == []


def test_every_drug_code_names_an_ingredient_of_its_concept() -> None:
    wrong = [
        (found.name, entry.code, name)
        for found in value_sets("drugs")
        for entry in found.include
        if not entry.prefix and found.name not in CONCEPTS_OF.get(name := entry.label or entry.display or "", ())
        if found.name not in CONCEPTS_OF.get(name.casefold(), ())
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("system", "code", "prefix", "covered"),
    [
        (ICD_10_CM, "E114", False, True),
        (ICD_10_CM, "E1142", False, False),
        (ICD_10_CM, "E1142", True, True),
        (ICD_10_CM, "E11", True, False),
        (ICD_10, "E114", True, False),
    ],
)
def test_what_an_entry_covers(system: str, code: str, prefix: bool, covered: bool) -> None:
    assert Entry(ICD_10_CM, "E11.4", prefix=prefix).covers(system, code) is covered


@pytest.mark.parametrize(
    "part",
    [
        {"property": "concept", "op": "regex", "value": "E11.*"},
        {"property": "code", "op": "is-a", "value": "E11.*"},
        {"property": "code", "op": "regex", "value": "E11.*|E12.*"},
        {"property": "code", "op": "regex", "value": "E1[01].*"},
        {"property": "code", "op": "regex", "value": "E11"},
        {"property": "code", "op": "regex", "value": "E11.4.*"},
    ],
)
def test_a_filter_that_is_no_plain_prefix_is_refused(part: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="value set x: only a plain prefix is read as a filter"):
        parse_value_set("x", _resource({"system": ICD_10, "filter": [part]}))


def test_so_are_two_filters_at_once_of_which_fhir_would_want_both() -> None:
    prefixes = [{"property": "code", "op": "regex", "value": value} for value in ("E11.*", "E12.*")]
    with pytest.raises(ValueError, match="value set x: only a plain prefix"):
        parse_value_set("x", _resource({"system": ICD_10, "filter": prefixes}))


def test_every_value_set_is_told_as_it_is_written() -> None:
    assert sorted(resource["title"] for resource in written()) == sorted(found.title for found in SETS)


def test_what_is_read_of_a_value_set() -> None:
    diabetes = {"property": "code", "op": "regex", "value": "E11\\.4.*"}
    concept = {"code": "R25.2", "display": "Cramp", "designation": [{"value": "kram"}, {"value": "keram"}]}
    resource = _resource(
        {"system": ICD_10, "concept": [concept, {"code": "R25.3", "display": "Twitch"}]},
        {"system": ICD_10_CM, "filter": [diabetes]},
    )
    entries = (
        Entry(ICD_10, "R25.2", "Cramp", "kram"),
        Entry(ICD_10, "R25.3", "Twitch"),
        Entry(ICD_10_CM, "E11.4", prefix=True),
    )
    assert parse_value_set("x", resource) == ValueSet("x", "X", entries)
    resource["compose"]["exclude"] = [{"system": ICD_10, "concept": [{"code": "E11", "display": "Diabetes"}]}]
    resource["copyright"] = "WHO"
    assert parse_value_set("x", resource) == ValueSet("x", "X", entries, (Entry(ICD_10, "E11", "Diabetes"),), "WHO")


def _resource(*include: dict[str, Any]) -> dict[str, Any]:
    return {"title": "X", "compose": {"include": list(include)}}


def shared(one: ValueSet, other: ValueSet) -> list[tuple[str, str]]:
    return sorted(
        {
            (entry.system, entry.code)
            for these, those in ((one, other), (other, one))
            for entry in these.include
            if not excluded(these, entry)
            for rival in those.include
            if rival.covers(entry.system, fold_code(entry.code)) and not excluded(those, entry)
        }
    )


def excluded(found: ValueSet, entry: Entry) -> bool:
    return any(gone.covers(entry.system, fold_code(entry.code)) for gone in found.exclude)


def loinc_check_holds(code: str) -> bool:
    digits, check = code.split("-")
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return (10 - total % 10) % 10 == int(check)


def verhoeff_holds(code: str) -> bool:
    """Verhoeff's check: the dihedral group of order ten, with a permutation by place."""
    check = 0
    for place, digit in enumerate(reversed(code)):
        permuted = int(digit)
        for _ in range(place % 8):
            permuted = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[permuted]
        check = _dihedral(check, permuted)
    return check == 0


def _dihedral(a: int, b: int) -> int:
    if a < 5:
        return (a + b) % 5 if b < 5 else 5 + (a + b - 5) % 5
    return 5 + (a - 5 - b) % 5 if b < 5 else (a - b) % 5
