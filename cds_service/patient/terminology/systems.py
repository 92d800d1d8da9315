"""Code systems by their one FHIR URI, and codes as they are compared.

A system arrives as a FHIR URI, an ``urn:oid:``, an older or a local spelling, or a bare name. "ICD-10" as
a bare name is left alone: it is written for ICD-10-CM as often as for the WHO edition, and the two
give some codes different meanings (M62.81).
"""

from functools import lru_cache
from types import MappingProxyType
from typing import Final

Coding = tuple[str | None, str]
"""System as received (or None) and code."""

SNOMED_CT: Final = "http://snomed.info/sct"
ICD_10: Final = "http://hl7.org/fhir/sid/icd-10"
ICD_10_CM: Final = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC: Final = "http://loinc.org"
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC: Final = "http://www.whocc.no/atc"
NDC: Final = "http://hl7.org/fhir/sid/ndc"
UNII: Final = "http://fdasis.nlm.nih.gov"
ICD_9_CM: Final = "http://hl7.org/fhir/sid/icd-9-cm"
ICD_11: Final = "http://id.who.int/icd/release/11/mms"
ICPC_2: Final = "http://hl7.org/fhir/sid/icpc-2"
ICD_10_NATIONAL: Final = "urn:icd-10-national"
"""Every country's own edition of ICD-10, but that of the US: see ``who_code``."""

CALLED = {
    SNOMED_CT: "SNOMED CT",
    ICD_10: "ICD-10",
    ICD_10_CM: "ICD-10-CM",
    ICD_9_CM: "ICD-9-CM",
    ICD_11: "ICD-11",
    ICPC_2: "ICPC-2",
    LOINC: "LOINC",
    RXNORM: "RxNorm",
    ATC: "ATC",
    NDC: "NDC",
    UNII: "UNII",
}
"""What each system of our code lists is called."""

_OIDS = {
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
    "2.16.840.1.113883.6.3.2": ICD_10_NATIONAL,  # the Netherlands
    "2.16.840.1.113883.6.94": ICD_10_NATIONAL,  # Canada
}
_PLACES = {  # without scheme and "www."
    "snomed.info/sct": SNOMED_CT,
    "snomed.info/id": SNOMED_CT,
    "snomed.org": SNOMED_CT,
    "hl7.org/fhir/sid/icd-10": ICD_10,
    "hl7.org/fhir/sid/icd10": ICD_10,
    "hl7.org/fhir/sid/icd-10-who": ICD_10,
    "id.who.int/icd/release/10": ICD_10,
    "hl7.org/fhir/sid/icd-10-cm": ICD_10_CM,
    "hl7.org/fhir/sid/icd10cm": ICD_10_CM,
    "hl7.org/fhir/sid/icd-10-us": ICD_10_CM,
    "terminology.hl7.org/codesystem/icd10cm": ICD_10_CM,
    "terminology.hl7.org/codesystem/icd10": ICD_10,
    **dict.fromkeys(
        (
            "fhir.de/codesystem/bfarm/icd-10-gm",
            "fhir.de/codesystem/dimdi/icd-10-gm",
            "hl7.org/fhir/sid/icd-10-de",
            "terminology.hl7.org/codesystem/dmdicd10",
            "hl7.org/fhir/sid/icd-10-nl",
            "terminology.hl7.org/codesystem/icd10dut",
            "hl7.org/fhir/sid/icd-10-ca",
            "hl7.org/fhir/sid/icd-10-am",
            "smt.esante.gouv.fr/terminologie-cim-10",
        ),
        ICD_10_NATIONAL,
    ),
    "loinc.org": LOINC,
    "nlm.nih.gov/research/umls/rxnorm": RXNORM,
    "rxnorm.nlm.nih.gov": RXNORM,
    "whocc.no/atc": ATC,
    "whocc.no/atc_ddd_index": ATC,
    "hl7.org/fhir/sid/atc": ATC,
    "hl7.org/fhir/sid/ndc": NDC,
    "fda.gov/drugs/informationondrugs/ucm142438.htm": NDC,
    "fdasis.nlm.nih.gov": UNII,
    "hl7.org/fhir/sid/icd-9-cm": ICD_9_CM,
    "id.who.int/icd/release/11/mms": ICD_11,
    "smt.esante.gouv.fr/terminologie-cim11-mms": ICD_11,
    "hl7.org/fhir/sid/icpc-2": ICPC_2,
}
_NAMES = {
    "snomed": SNOMED_CT,
    "snomed ct": SNOMED_CT,
    "snomed-ct": SNOMED_CT,
    "snomedct": SNOMED_CT,
    "sct": SNOMED_CT,
    "icd-10-cm": ICD_10_CM,
    "icd10cm": ICD_10_CM,
    "icd10-cm": ICD_10_CM,
    "loinc": LOINC,
    "rxnorm": RXNORM,
    "atc": ATC,
    "ndc": NDC,
}
_LONGEST = 200  # characters of a system that is worth remembering
_MARKS = "*†+!"
_WHO_LENGTH, _WHO_LENGTH_XIII = 4, 5
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))  # of no width: not white space to Python
_ALIASES = MappingProxyType(_OIDS | _PLACES | _NAMES)
_CANONICAL = frozenset(_OIDS.values())
_KNOWN = frozenset(_ALIASES.values())


def normalise_system(system: str | None) -> str | None:
    """The system's FHIR URI where we know the system, else what was received; None when there is none."""
    if system is None or system in _CANONICAL:
        return system
    return _remembered(system) if len(system) <= _LONGEST else _normalise(system)


DRUG_SYSTEMS = frozenset((RXNORM, ATC, SNOMED_CT))
"""Whose codes tell which drug it is, also where it is none of ours."""


def is_known(system: str | None) -> bool:
    """True for a system whose codes we know, in whatever spelling."""
    return normalise_system(system) in _KNOWN


def _normalise(system: str) -> str | None:
    stripped = visible(system).strip()
    if not stripped:
        return None
    place = stripped.partition("|")[0].casefold().rstrip("/#")  # "|" brings a version
    for scheme in ("https://", "http://", "urn:oid:", "oid:"):
        place = place.removeprefix(scheme)
    place = place.removeprefix("www.")
    if place.startswith("snomed.info/sct/"):  # an edition of SNOMED CT
        return SNOMED_CT
    return _ALIASES.get(place, stripped)


_remembered = lru_cache(maxsize=1024)(_normalise)  # systems tell of no one, and a chart repeats a handful of them


def who_code(code: str) -> str:
    """A code of a national ICD-10, folded, as the WHO has it: four characters, in chapter XIII (M) five."""
    folded = fold_code(code)
    return folded[: _WHO_LENGTH_XIII if folded.startswith("M") else _WHO_LENGTH]


def visible(text: str) -> str:
    """The text without characters that are not seen: a zero-width space, a byte order mark, a soft hyphen."""
    return text if text.isascii() else text.translate(_INVISIBLE)


def fold_code(code: str) -> str:
    """A code as it is compared: no white space of any kind, no dots, upper case, no dagger or asterisk mark (ICD)."""
    return "".join(visible(code).split()).replace(".", "").upper().rstrip(_MARKS)
