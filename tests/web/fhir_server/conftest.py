"""The FHIR server over two tiny situations of its own."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cds_service.situations import Situation
from cds_service.web.fhir_server.clock import Charts
from cds_service.web.fhir_server.server import fhir_server

LABORATORY = [
    {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}
]
OF_P1 = {"reference": "Patient/p1"}


def observation(name: str, loinc: str, day: str, status: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": name,
        "status": status,
        "effectiveDateTime": day,
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc}]},
        "subject": OF_P1,
        **more,
    }


def situation(name: str, day: date, hooks: tuple[str, ...], *resources: dict[str, Any]) -> Situation:
    words = {"en": name, "id": name}
    return Situation(name, words, words, day, hooks, {"entry": [{"resource": one} for one in resources]})


CRAMPS_HERE = situation(
    "cramps-here",
    date(2024, 2, 29),
    ("patient-view",),
    {
        "resourceType": "Patient",
        "id": "p1",
        "gender": "male",
        "birthDate": "1960-02-29",
        "name": [{"family": "Example", "given": ["Sam"]}],
    },
    {
        "resourceType": "Condition",
        "id": "c1",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "onsetDateTime": "2024-01",
        "recordedDate": "2024-02-28T23:30:00+07:00",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "449918009"}]},
        "subject": OF_P1,
    },
    observation("k1", "2823-3", "2024-02-20", "final", category=LABORATORY),
    observation("k2", "2823-3", "2024-02-27T08:00:00Z", "preliminary", category=LABORATORY),
    observation("na", "2951-2", "2023", "final"),
)
QUININE_THERE = situation(
    "quinine-there",
    date(2024, 3, 1),
    ("patient-view", "order-select"),
    {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1950"},
    {
        "resourceType": "MedicationRequest",
        "id": "q1",
        "status": "active",
        "intent": "order",
        "authoredOn": "2024-02-01",
        "medicationCodeableConcept": {
            "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "9071"}]
        },
        "subject": OF_P1,
    },
)


@pytest.fixture
def charts() -> Charts:
    return Charts(ZoneInfo("Asia/Jakarta"), lambda: (CRAMPS_HERE, QUININE_THERE))


@pytest.fixture
def client(charts: Charts) -> FlaskClient:
    app = Flask("cds_service")
    app.register_blueprint(fhir_server(charts))
    return app.test_client()
