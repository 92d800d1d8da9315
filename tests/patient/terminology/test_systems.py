"""The spellings in which records name their code systems, each written out again."""

import pytest

from cds_service.patient.terminology.systems import (
    ATC,
    ICD_9_CM,
    ICD_10,
    ICD_10_CM,
    ICD_10_NATIONAL,
    ICD_11,
    ICPC_2,
    LOINC,
    NDC,
    RXNORM,
    SNOMED_CT,
    UNII,
    fold_code,
    is_known,
    normalise_system,
    visible,
    who_code,
)

OIDS = {
    "2.16.840.1.113883.6.96": SNOMED_CT,
    "2.16.840.1.113883.6.3": ICD_10,
    "2.16.840.1.113883.6.90": ICD_10_CM,
    "2.16.840.1.113883.6.1": LOINC,
    "2.16.840.1.113883.6.88": RXNORM,
    "2.16.840.1.113883.6.73": ATC,
    "2.16.840.1.113883.6.69": NDC,
    "2.16.840.1.113883.4.9": UNII,
    "2.16.840.1.113883.6.103": ICD_9_CM,
    "2.16.840.1.113883.6.139": ICPC_2,
    "2.16.840.1.113883.6.3.2": ICD_10_NATIONAL,
    "2.16.840.1.113883.6.94": ICD_10_NATIONAL,
}
PLACES = {
    SNOMED_CT: ("snomed.info/sct", "snomed.info/id", "snomed.org"),
    ICD_10: (
        *("hl7.org/fhir/sid/icd-10", "hl7.org/fhir/sid/icd10", "hl7.org/fhir/sid/icd-10-who"),
        *("id.who.int/icd/release/10", "terminology.hl7.org/CodeSystem/icd10"),
    ),
    ICD_10_CM: (
        *("hl7.org/fhir/sid/icd-10-cm", "hl7.org/fhir/sid/icd10cm", "hl7.org/fhir/sid/icd-10-us"),
        "terminology.hl7.org/CodeSystem/icd10CM",
    ),
    ICD_10_NATIONAL: (
        *("fhir.de/CodeSystem/bfarm/icd-10-gm", "fhir.de/CodeSystem/dimdi/icd-10-gm", "hl7.org/fhir/sid/icd-10-de"),
        *("terminology.hl7.org/CodeSystem/dmdICD10", "hl7.org/fhir/sid/icd-10-nl", "hl7.org/fhir/sid/icd-10-ca"),
        *("terminology.hl7.org/CodeSystem/icd10dut", "hl7.org/fhir/sid/icd-10-am"),
        "smt.esante.gouv.fr/terminologie-cim-10",
    ),
    LOINC: ("loinc.org",),
    RXNORM: ("nlm.nih.gov/research/umls/rxnorm", "rxnorm.nlm.nih.gov"),
    ATC: ("whocc.no/atc", "whocc.no/atc_ddd_index", "hl7.org/fhir/sid/atc"),
    NDC: ("hl7.org/fhir/sid/ndc", "fda.gov/Drugs/InformationOnDrugs/ucm142438.htm"),
    UNII: ("fdasis.nlm.nih.gov",),
    ICD_9_CM: ("hl7.org/fhir/sid/icd-9-cm",),
    ICD_11: ("id.who.int/icd/release/11/mms", "smt.esante.gouv.fr/terminologie-cim11-mms"),
    ICPC_2: ("hl7.org/fhir/sid/icpc-2",),
}
NAMES = {
    SNOMED_CT: ("SNOMED", "SNOMED CT", "SNOMED-CT", "SNOMEDCT", "SCT"),
    ICD_10_CM: ("ICD-10-CM", "ICD10CM", "ICD10-CM"),
    LOINC: ("LOINC",),
    RXNORM: ("RxNorm",),
    ATC: ("ATC",),
    NDC: ("NDC",),
}


@pytest.mark.parametrize(("oid", "system"), OIDS.items())
def test_an_oid_names_its_system_with_or_without_its_scheme(oid: str, system: str) -> None:
    assert {normalise_system(f"{scheme}{oid}") for scheme in ("urn:oid:", "oid:", "")} == {system}
    assert is_known(f"urn:oid:{oid}")


@pytest.mark.parametrize(("system", "place"), [(system, place) for system, all_ in PLACES.items() for place in all_])
def test_an_address_names_its_system_however_it_is_written(system: str, place: str) -> None:
    written = (
        *(f"{scheme}{www}{place}" for scheme in ("http://", "https://") for www in ("", "www.")),
        *(f"http://{place}{end}" for end in ("/", "#", "|2026", "/|2026-03")),
        f"HTTP://{place.upper()}",
        f"\u200b http://{place}\u00a0",
        place,
    )
    assert {normalise_system(one) for one in written} == {system}


@pytest.mark.parametrize(("system", "name"), [(system, name) for system, all_ in NAMES.items() for name in all_])
def test_a_bare_name_names_its_system_in_any_case(system: str, name: str) -> None:
    assert {normalise_system(one) for one in (name, name.upper(), name.lower(), f" {name} ")} == {system}


@pytest.mark.parametrize(
    "system", ["http://snomed.info/sctx", "http://x.org/loinc.org", "ICD-10", "http://loinc.org/x", "x" * 201]
)
def test_another_system_stays_what_it_is(system: str) -> None:
    assert normalise_system(system) == system
    assert not is_known(system)


def test_no_system_is_no_known_one() -> None:
    assert not is_known(None)
    assert not is_known(" ")


@pytest.mark.parametrize(
    ("code", "folded"),
    [
        *(("g47.62", "G4762"), (" G 47.62 ", "G4762"), ("G63.2*", "G632"), ("A18.0†", "A180"), ("E10.4+", "E104")),
        *(("B54!", "B54"), ("R25\u00a0.2", "R252"), ("R\u00ad25.2", "R252"), ("*B54", "*B54")),
    ],
)
def test_a_code_is_compared_without_white_space_dots_case_and_marks(code: str, folded: str) -> None:
    assert fold_code(code) == folded


@pytest.mark.parametrize("mark", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"])
def test_what_is_not_seen_is_not_there(mark: str) -> None:
    assert visible(f"é{mark}b{mark}") == "éb"


@pytest.mark.parametrize(
    ("code", "who"),
    [("G47.62", "G476"), ("M62.818", "M6281"), ("m62.81", "M6281"), ("I82", "I82"), ("E11.90+", "E119")],
)
def test_a_national_code_as_the_who_has_it(code: str, who: str) -> None:
    assert who_code(code) == who
