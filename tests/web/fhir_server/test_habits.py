"""The demo's FHIR server with the habits of real ones."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cds_service.errors import ConfigurationError
from cds_service.settings import load_settings
from cds_service.web.fhir_server.clock import Charts
from cds_service.web.fhir_server.server import fhir_server
from tests.web.fhir_server.conftest import CRAMPS_HERE, observation, situation

MANY = [observation(f"o{day:02}", "2823-3", f"2024-02-{day:02}", "final") for day in (12, 3, 7, 1, 9, 5, 11)]
WITH_MANY = situation("many", CRAMPS_HERE.day, ("patient-view",), {"resourceType": "Patient", "id": "p1"}, *MANY)


def client_of(charts: Charts, *habits: str) -> FlaskClient:
    app = Flask("cds_service")
    app.register_blueprint(fhir_server(Charts(charts.zone, lambda: (WITH_MANY,)), habits))
    return app.test_client()


def ids(bundle: Any) -> list[str]:
    return [entry["resource"]["id"] for entry in bundle.get("entry", [])]


def test_small_pages_bring_the_oldest_first_without_a_total(charts: Charts) -> None:
    client = client_of(charts, "small-pages")
    first = client.get("/fhir/Observation?patient=many").json
    assert ids(first) == [f"many.o{day}" for day in ("01", "03", "05", "07", "09")]
    assert "total" not in first
    following = next(link["url"] for link in first["link"] if link["relation"] == "next")
    assert ids(client.get(following.removeprefix("http://localhost")).json) == ["many.o11", "many.o12"]
    assert len(ids(client.get("/fhir/Observation?patient=many&_count=500").json)) == 7
    assert ids(client.get("/fhir/Observation?patient=many&_sort=-date").json)[0] == "many.o12"


def test_without_habits_it_is_as_before(charts: Charts) -> None:
    bundle = client_of(charts).get("/fhir/Observation?patient=many").json
    assert (bundle["total"], len(ids(bundle))) == (7, 7)


def test_count_is_refused(charts: Charts) -> None:
    client = client_of(charts, "no-count")
    assert client.get("/fhir/Observation?patient=many&_count=500").status_code == 400
    assert client.post("/fhir/Observation/_search", data={"patient": "many", "_count": "5"}).status_code == 400
    assert client.get("/fhir/Observation?patient=many").status_code == 200


def test_a_patient_out_of_reach_is_not_there_and_has_nothing(charts: Charts) -> None:
    client = client_of(charts, "unknown-patient")
    assert client.get("/fhir/Patient/many").status_code == 404
    bundle = client.get("/fhir/Observation?patient=many")
    assert (bundle.status_code, ids(bundle.json)) == (200, [])


def test_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDS_DEMO_FHIR_HABITS", "small-pages, no-count")
    assert load_settings().demo_fhir_habits == {"small-pages", "no-count"}
    monkeypatch.setenv("CDS_DEMO_FHIR_HABITS", "rudeness")
    with pytest.raises(ConfigurationError, match=r"CDS_DEMO_FHIR_HABITS.*small-pages"):
        load_settings()
