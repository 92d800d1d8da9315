"""Every query we ask of a chart, with its prefetch key.

The templates keep to what every client can run: no status or code on Condition, no sorting, no repeated
parameter. Servers also ignore parameters they don't know, so the reader filters again.
"""

from urllib.parse import quote

from cds_service.chart.model import Query
from cds_service.patient.terminology.systems import LOINC
from cds_service.patient.terminology.valuesets import value_sets

_PATIENT_ID = "{{context.patientId}}"

_ASKED = (  # the analytes the rules compare; creatinine comes as eGFR
    *("potassium", "sodium", "magnesium", "calcium_total", "calcium_ionized", "calcium_albumin_corrected"),
    *("albumin", "phosphate", "platelets", "qtc", "egfr", "magnesium_ionized"),
)
_SELDOM_SENT = frozenset(  # read when they come, but not asked for: the URL has no room for them
    (
        *("39792-7", "41657-8"),  # sodium: capillary, mixed venous
        *("39790-1", "41656-0", "75940-7"),  # potassium: capillary, mixed venous, mass in blood
        *("42593-4", "104654-9"),  # calcium: capillary, arterial
        *(
            "41644-6",
            "41646-1",
            "13959-2",
            "17864-0",
        ),  # ionised calcium: capillary, mixed venous, calculated, mass by ISE
        *("2862-1", "77148-5", "54347-0"),  # albumin: electrophoresis, a rare method, moles
        "32698-3",  # ionised magnesium, mass
        "20941-1",  # phosphate, deprecated
        "778-1",  # platelets, counted by hand
        *("97952-6", "76633-7", "88293-6", "88294-4", "50044-7"),  # eGFR: deprecated, by race, by sex
    )
)


def lab_codes() -> tuple[str, ...]:
    """The LOINC codes to ask for.

    Some servers refuse a query string over about 2000 characters (IIS: 2048), so seldom-sent specimens
    and methods are left out; with the rest, everything percent-encoded, the URL stays below that.
    """
    sets = {found.name: found.include for found in value_sets("results")}
    entries = (entry for analyte in _ASKED for entry in sets[analyte])
    return tuple(entry.code for entry in entries if entry.system == LOINC and entry.code not in _SELDOM_SENT)


def filled(query: Query, patient_id: str) -> str:
    """The query's URL for this patient, relative to the FHIR server."""
    return query.template.replace(_PATIENT_ID, quote(patient_id, safe=""))


def _by_patient(key: str, *resource_types: str, more: str = "") -> Query:
    return Query(key, resource_types, f"{resource_types[0]}?patient={_PATIENT_ID}{more}")


PATIENT = Query("patient", ("Patient",), f"Patient/{_PATIENT_ID}")
CONDITIONS = _by_patient("conditions", "Condition")
OBSERVATIONS = _by_patient(
    "observations", "Observation", more="&code=" + ",".join(f"{LOINC}|{code}" for code in lab_codes())
)
MEDICATION_REQUESTS = _by_patient("medicationRequests", "MedicationRequest", "MedicationOrder")
MEDICATION_STATEMENTS = _by_patient("medicationStatements", "MedicationStatement")
ALLERGIES = _by_patient("allergies", "AllergyIntolerance")

ALL = (PATIENT, CONDITIONS, OBSERVATIONS, MEDICATION_REQUESTS, MEDICATION_STATEMENTS, ALLERGIES)
