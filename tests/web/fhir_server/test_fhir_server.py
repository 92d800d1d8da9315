"""What the CDS Hooks sandbox, and our own templates, ask of a FHIR server."""

from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient


def ids(bundle: Any) -> list[str]:
    return [entry["resource"]["id"] for entry in bundle.get("entry", []) if entry["search"]["mode"] == "match"]


def test_metadata_says_r4(client: FlaskClient) -> None:
    statement = client.get("/fhir/metadata").json
    assert statement["resourceType"] == "CapabilityStatement"
    assert statement["fhirVersion"] == "4.0.1"
    assert {
        "Patient",
        "Condition",
        "Observation",
        "MedicationRequest",
        "MedicationStatement",
        "AllergyIntolerance",
    } <= {one["type"] for one in statement["rest"][0]["resource"]}


def test_patients_can_be_listed_and_told_apart(client: FlaskClient) -> None:
    bundle = client.get("/fhir/Patient").json
    assert bundle["type"] == "searchset"
    assert bundle["total"] == 2
    names = [entry["resource"]["name"][0] for entry in bundle["entry"]]
    assert [name["given"] for name in names] == [["Sam"], ["Sam"]]
    assert [name["family"] for name in names] == ["Example (cramps-here)", "Example (quinine-there)"]


def test_a_resource_is_read(client: FlaskClient) -> None:
    response = client.get("/fhir/Condition/cramps-here.c1")
    assert response.status_code == 200
    assert response.content_type == "application/fhir+json; charset=utf-8"
    assert response.json["subject"] == {"reference": "Patient/cramps-here"}


@pytest.mark.parametrize(
    "path", ["/fhir/Patient/p1", "/fhir/Patient/nobody", "/fhir/Dragon", "/fhir/Dragon/1", "/fhir", "/fhir/a/b/c"]
)
def test_what_is_not_there_is_an_outcome(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.json["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("Condition?patient=cramps-here", ["cramps-here.c1"]),
        ("Condition?patient=Patient/cramps-here", ["cramps-here.c1"]),
        ("Condition?subject:Patient=cramps-here", ["cramps-here.c1"]),
        ("Condition?patient=quinine-there", []),
        ("Condition?patient=cramps-here&clinical-status=active", ["cramps-here.c1"]),
        ("Condition?patient=cramps-here&clinical-status=resolved", []),
        ("Patient?_id=cramps-here,quinine-there", ["cramps-here", "quinine-there"]),
        ("Patient?name=sam&gender=female", ["quinine-there"]),
        ("Observation?code=2823-3", ["cramps-here.k1", "cramps-here.k2"]),
        (
            "Observation?code=http://loinc.org|2823-3,http://loinc.org|2951-2",
            ["cramps-here.k1", "cramps-here.k2", "cramps-here.na"],
        ),
        ("Observation?code=http://snomed.info/sct|2823-3", []),
        ("Observation?code=http://loinc.org|", ["cramps-here.k1", "cramps-here.k2", "cramps-here.na"]),
        ("Observation?code=|2823-3", []),
        ("Observation?category=laboratory", ["cramps-here.k1", "cramps-here.k2"]),
        ("Observation?status=final&code=2823-3", ["cramps-here.k1"]),
        ("Observation?code=2823-3&_sort=-date", ["cramps-here.k2", "cramps-here.k1"]),
        ("Observation?code=2823-3&_sort=date", ["cramps-here.k1", "cramps-here.k2"]),
        ("Observation?date=lt2020", []),
        ("Observation?date=ge2020&code=2951-2", ["cramps-here.na"]),
        ("MedicationRequest?code=9071&intent=order", ["quinine-there.q1"]),
        ("MedicationRequest?status=active,on-hold", ["quinine-there.q1"]),
        ("AllergyIntolerance?patient=cramps-here", []),
    ],
)
def test_searches(client: FlaskClient, search: str, found: list[str]) -> None:
    bundle = client.get(f"/fhir/{search}").json
    assert ids(bundle) == found
    assert bundle["total"] == len(found)
    assert bundle["link"][0]["relation"] == "self"


def test_an_empty_search_has_a_total_and_no_entry(client: FlaskClient) -> None:
    bundle = client.get("/fhir/AllergyIntolerance?patient=cramps-here").json
    assert bundle["total"] == 0
    assert "entry" not in bundle


def test_a_form_searches_as_an_address_does(client: FlaskClient) -> None:
    form = "patient=cramps-here&code=" + quote("http://loinc.org|2951-2,http://loinc.org|2823-3", safe="")
    response = client.post(
        "/fhir/Observation/_search",
        data=form,
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json+fhir"},
    )
    assert ids(response.json) == ["cramps-here.k1", "cramps-here.k2", "cramps-here.na"]


def test_pages_lead_on_to_the_end(client: FlaskClient) -> None:
    seen, address, pages = [], "/fhir/Observation?patient=cramps-here&_count=2&_sort=-date", 0
    while address and pages < 5:
        bundle = client.get(address).json
        assert bundle["total"] == 3
        seen += ids(bundle)
        pages += 1
        following = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
        address = "?".join(urlsplit(following[0])[2:4]) if following else ""
    assert (seen, pages) == (["cramps-here.k2", "cramps-here.k1", "cramps-here.na"], 2)


def test_count_zero_only_counts(client: FlaskClient) -> None:
    bundle = client.get("/fhir/Observation?_count=0").json
    assert bundle["total"] == 3
    assert "entry" not in bundle
    assert [link["relation"] for link in bundle["link"]] == ["self"]


@pytest.mark.parametrize("count", ["-1", "two", "1.5", "²"])
def test_a_count_that_is_none_is_refused(client: FlaskClient, count: str) -> None:
    assert client.get(f"/fhir/Observation?_count={count}").status_code == 400


def test_unknown_parameters_are_ignored_and_said(client: FlaskClient) -> None:
    bundle = client.get("/fhir/Condition?patient=cramps-here&colour=blue").json
    assert ids(bundle) == ["cramps-here.c1"]
    assert bundle["total"] == 1
    assert "colour" not in bundle["link"][0]["url"]
    outcome = bundle["entry"][-1]
    assert outcome["search"] == {"mode": "outcome"}
    assert outcome["resource"]["issue"][0]["diagnostics"].endswith("ignored: colour")


def test_unknown_parameters_are_refused_when_handling_is_strict(client: FlaskClient) -> None:
    response = client.get("/fhir/Condition?colour=blue", headers={"Prefer": "handling=strict"})
    assert response.status_code == 400
    assert response.json["issue"][0]["code"] == "not-supported"


@pytest.mark.parametrize(
    "accept",
    [
        "application/json+fhir",
        "application/fhir+json",
        "application/json",
        "*/*",
        "text/html, application/json;q=0.8",
        "",
    ],
)
def test_every_way_to_ask_for_json(client: FlaskClient, accept: str) -> None:
    assert client.get("/fhir/Patient", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/fhir/Patient", "application/fhir+xml"),
        ("/fhir/Patient?_format=xml", "application/json"),
        ("/fhir/metadata", "text/turtle"),
    ],
)
def test_what_is_not_json_is_not_served(client: FlaskClient, path: str, accept: str) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert response.status_code == 406
    assert response.json["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("wanted", ["json", "application/fhir+json", "application/json"])
def test_format_wins_over_accept(client: FlaskClient, wanted: str) -> None:
    assert client.get(f"/fhir/Patient?_format={wanted}", headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(client: FlaskClient, method: str) -> None:
    response = client.open("/fhir/Patient/cramps-here", method=method)
    assert response.status_code == 405
    assert response.json["resourceType"] == "OperationOutcome"
