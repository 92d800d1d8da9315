"""The six queries: templates that every client can run."""

import re
from typing import Any
from urllib.parse import quote

import pytest

from cds_service.catalogue import CATALOGUE, Service, find
from cds_service.chart import queries
from cds_service.chart.model import Query
from cds_service.patient.labs.analytes import ANALYTES
from cds_service.patient.terminology.concepts import analyte_of

OF_THE_RULES = {query.key: query for query in find("leg-cramps-patient-view").queries}["observations"]
PERMANENT_KEYS = ["patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies"]


def test_keys_and_templates() -> None:
    assert [query.key for query in queries.ALL] == PERMANENT_KEYS
    assert queries.PATIENT.template == "Patient/{{context.patientId}}"
    assert queries.CONDITIONS.template == "Condition?patient={{context.patientId}}"
    assert queries.OBSERVATIONS.template == "Observation?patient={{context.patientId}}"
    assert queries.MEDICATION_REQUESTS.template == "MedicationRequest?patient={{context.patientId}}"
    assert queries.MEDICATION_STATEMENTS.template == "MedicationStatement?patient={{context.patientId}}"
    assert queries.ALLERGIES.template == "AllergyIntolerance?patient={{context.patientId}}"


@pytest.mark.parametrize("query", [*queries.ALL, OF_THE_RULES], ids=lambda query: query.key)
def test_no_template_asks_for_what_some_client_cannot_do(query: Any) -> None:
    parameters = re.findall(r"[?&]([^=&]+)=", query.template)
    assert len(parameters) == len(set(parameters))
    assert not {"_sort", "status", "clinical-status", "_include"} & set(parameters)
    assert "today()" not in query.template


def test_observations_url_fits_a_query_string_of_2048_even_fully_encoded() -> None:
    url = queries.filled(OF_THE_RULES, "x" * 64)
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
    assert code in codes(OF_THE_RULES)


def codes(query: Query) -> list[str]:
    return re.findall(r"http://loinc[.]org[|]([0-9-]+)", query.template)


@pytest.mark.parametrize("service", CATALOGUE, ids=lambda service: service.id)
def test_only_the_analytes_are_asked_for_that_the_rules_read(service: Service) -> None:
    asked = {query.key: query for query in service.queries}["observations"]
    analytes = {analyte_of([("http://loinc.org", code)])[0] for code in codes(asked)}
    assert analytes == {one for rule in service.rules for one in rule.analytes}
    assert "creatinine" not in analytes  # which comes as eGFR
    assert asked == OF_THE_RULES


def test_results_are_asked_for_by_the_analytes_in_one_order() -> None:
    one, other = (
        queries.needed(["observations"], names) for names in (["sodium", "potassium"], ["potassium", "sodium"])
    )
    assert one == other
    assert one[0].template.startswith("Observation?patient={{context.patientId}}&code=http://loinc.org|22760-3,")
    assert queries.needed(["conditions"], []) == (queries.CONDITIONS,)
    with pytest.raises(KeyError):
        queries.needed(["observations"], ["potasium"])


def test_what_is_seldom_sent_is_not_asked_for() -> None:
    seldom = {code for analyte in ANALYTES.values() for code in analyte.seldom_sent}
    assert seldom.isdisjoint(codes(OF_THE_RULES))
    assert "42593-4" in seldom


def test_the_patient_id_is_encoded_where_it_is_filled_in() -> None:
    assert queries.filled(queries.CONDITIONS, "a/b?c&d=é") == "Condition?patient=a%2Fb%3Fc%26d%3D%C3%A9"
    assert queries.filled(queries.PATIENT, "p1") == "Patient/p1"


def test_a_site_s_codes_are_asked_for_too_with_what_means_something_in_a_search_escaped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = (("https://lab.rs.example/tests", "K+, serum"), ("urn:oid:1.2.3", "a|b$"))
    monkeypatch.setattr(queries, "site_result_codes", lambda analytes: own if "potassium" in analytes else ())
    (query,) = queries.needed(("observations",), ("potassium",))
    assert query.template.endswith(",https://lab.rs.example/tests|K%2B%5C%2C%20serum,urn:oid:1.2.3|a%5C|b%5C%24")
    (other,) = queries.needed(("observations",), ("sodium",))
    assert "lab.rs.example" not in other.template
