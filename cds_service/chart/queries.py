"""Every query we ask of a chart, with its prefetch key.

The templates keep to what every client can run: no status or code on Condition, no sorting, no repeated
parameter. Servers also ignore parameters they don't know, so ``chart.gather`` and ``chart.read`` filter again.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote

from cds_service.chart.model import Query
from cds_service.patient.labs.analytes import in_order
from cds_service.patient.terminology.concepts import site_result_codes
from cds_service.patient.terminology.systems import LOINC
from cds_service.patient.terminology.valuesets import value_sets

_PATIENT_ID = "{{context.patientId}}"
_MEANT = re.compile(r"[\\,$|]")  # in a search


def filled(query: Query, patient_id: str) -> str:
    """The query's URL for this patient, relative to the FHIR server."""
    return query.template.replace(_PATIENT_ID, quote(patient_id, safe=""))


def _by_patient(key: str, *resource_types: str) -> Query:
    return Query(key, resource_types, f"{resource_types[0]}?patient={_PATIENT_ID}")


PATIENT = Query("patient", ("Patient",), f"Patient/{_PATIENT_ID}")
CONDITIONS = _by_patient("conditions", "Condition")
OBSERVATIONS = _by_patient("observations", "Observation")
MEDICATION_REQUESTS = _by_patient("medicationRequests", "MedicationRequest", "MedicationOrder")
MEDICATION_STATEMENTS = _by_patient("medicationStatements", "MedicationStatement")
ALLERGIES = _by_patient("allergies", "AllergyIntolerance")

ALL = (PATIENT, CONDITIONS, OBSERVATIONS, MEDICATION_REQUESTS, MEDICATION_STATEMENTS, ALLERGIES)


def needed(keys: Iterable[str], analytes: Iterable[str]) -> tuple[Query, ...]:
    """The queries of these keys, in the order of ``ALL``; results are asked for by the codes of the analytes alone."""
    wanted, analytes = frozenset(keys), tuple(analytes)
    tokens = (*(f"{LOINC}|{code}" for code in _loinc_codes(analytes)), *_site_tokens(analytes))
    by_code = f"{OBSERVATIONS.template}&code=" + ",".join(tokens)
    queries = (replace(query, template=by_code) if query is OBSERVATIONS else query for query in ALL)
    return tuple(query for query in queries if query.key in wanted)


def _loinc_codes(analytes: Iterable[str]) -> tuple[str, ...]:
    """The LOINC codes of the analytes, without those seldom sent.

    Some servers refuse a query string over about 2000 characters (IIS: 2048): with all that our rules read, and
    everything percent-encoded, the URL stays below that.
    """
    sets = {found.name: found.include for found in value_sets("results")}
    return tuple(
        entry.code
        for analyte in in_order(analytes)
        for entry in sets[analyte.name]
        if entry.system == LOINC and entry.code not in analyte.seldom_sent
    )


def _site_tokens(analytes: Iterable[str]) -> Iterator[str]:
    """A site's own codes, as a search has them: what has a meaning there is escaped, and then written for a URL."""
    for system, code in site_result_codes(frozenset(analytes)):
        escaped = _MEANT.sub(r"\\\g<0>", code)
        yield quote(f"{system}|{escaped}", safe=":/|")
