"""The six queries: templates that every client can run."""

import re
from typing import Any
from urllib.parse import quote

import pytest

from cds_service.chart import queries
from cds_service.patient.terminology.concepts import analyte_of
from cds_service.patient.terminology.valuesets import value_sets

PERMANENT_KEYS = ["patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies"]


def test_keys_and_templates() -> None:
    assert [query.key for query in queries.ALL] == PERMANENT_KEYS
    assert queries.PATIENT.template == "Patient/{{context.patientId}}"
    assert queries.CONDITIONS.template == "Condition?patient={{context.patientId}}"
    assert queries.OBSERVATIONS.template.startswith("Observation?patient={{context.patientId}}&code=http://loinc.org|")
    assert queries.MEDICATION_REQUESTS.template == "MedicationRequest?patient={{context.patientId}}"
    assert queries.MEDICATION_STATEMENTS.template == "MedicationStatement?patient={{context.patientId}}"
    assert queries.ALLERGIES.template == "AllergyIntolerance?patient={{context.patientId}}"


@pytest.mark.parametrize("query", queries.ALL, ids=lambda query: query.key)
def test_no_template_asks_for_what_some_client_cannot_do(query: Any) -> None:
    parameters = re.findall(r"[?&]([^=&]+)=", query.template)
    assert len(parameters) == len(set(parameters))
    assert not {"_sort", "status", "clinical-status", "_include"} & set(parameters)
    assert "today()" not in query.template


def test_observations_url_fits_a_query_string_of_2048_even_fully_encoded() -> None:
    url = queries.filled(queries.OBSERVATIONS, "x" * 64)
    assert 1000 < len(quote(url, safe="?=&")) <= 2000


@pytest.mark.parametrize(
    "code",
    [
        "2823-3",
        "6298-4",
        "2951-2",
        "2947-0",
        "19123-9",
        "2601-3",
        "17861-6",
        "2000-8",
        "1994-3",
        "1995-0",
        "46099-8",
        "29265-6",
        "1751-7",
        "2777-1",
        "14879-1",
        "777-3",
        "8636-3",
        "98979-8",
        "62238-1",
        "33914-3",
        "2600-5",
    ],
)
def test_the_common_codes_are_asked_for(code: Any) -> None:
    assert code in queries.lab_codes()


def test_only_codes_of_our_value_sets_are_asked_for_and_creatinine_is_not() -> None:
    analytes = {analyte_of([("http://loinc.org", code)])[0] for code in queries.lab_codes()}
    assert analytes == {found.name for found in value_sets("results")} - {"creatinine"}


def test_the_patient_id_is_encoded_where_it_is_filled_in() -> None:
    assert queries.filled(queries.CONDITIONS, "a/b?c&d=é") == "Condition?patient=a%2Fb%3Fc%26d%3D%C3%A9"
    assert queries.filled(queries.PATIENT, "p1") == "Patient/p1"
