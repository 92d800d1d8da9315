"""A client of the edge, with the whole service behind it or with a canned answer."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import pipeline
from cds_service.app import create_app
from cds_service.settings import Settings
from cds_service.web.parts import Parts
from tests.web.edge.edge_calls import Asked, Start


@pytest.fixture
def body() -> dict[str, Any]:
    return {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/example", "patientId": "1288992"},
        "prefetch": {
            "patient": {"resourceType": "Patient", "id": "1288992", "birthDate": "1950-01-01"},
            "conditions": {"resourceType": "Bundle", "type": "searchset", "total": 0},
        },
    }


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The pipeline, replaced."""
    asked = Asked()
    monkeypatch.setattr(pipeline, "answer", asked.answer)
    return asked


@pytest.fixture
def start() -> Start:
    """Start the edge with some settings changed, and maybe with parts."""

    def started(parts: Parts | None = None, **changes: Any) -> FlaskClient:
        app = create_app(replace(Settings(), **changes), parts or Parts())
        return app.test_client()

    return started


@pytest.fixture
def client(start: Start) -> FlaskClient:
    """Development, everything default."""
    return start()


@pytest.fixture
def production(start: Start) -> FlaskClient:
    """Production, its safety checks left to their own tests."""
    return start(env="production", cors_origins=())
