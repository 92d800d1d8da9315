"""A client of the edge, with the whole service behind it or with a canned answer."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import pipeline
from cds_service.app import create_app
from cds_service.chart.model import Fetch
from cds_service.patient.facts import Facts
from cds_service.pipeline import Answer
from cds_service.protocol.cards import Card, CardSource, Coding
from cds_service.protocol.request import HookRequest
from cds_service.services import Service
from cds_service.settings import Settings
from cds_service.web.parts import Parts

CARD = Card(
    uuid="0f0b4a7e-9a51-4d7c-9c0e-0d9b2f4b8b11",
    summary="Stretch first",
    detail="Hold 20 s.",
    indicator="info",
    source=CardSource("Leg cramps", Coding("StretchingFirst")),
)


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


@dataclass
class Asked:
    """What the edge asked of the pipeline, call by call, and the answer it gets."""

    cards: tuple[Card, ...] = (CARD,)
    error: Exception | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)

    def answer(
        self,
        request: HookRequest,
        service: Service,
        *,
        fetch: Fetch | None,
        today: date,
        language: str,
        settings: Settings,
    ) -> Answer:
        self.calls.append(
            {"request": request, "service": service, "fetch": fetch, "today": today, "language": language}
        )
        assert settings is not None
        if self.error is not None:
            raise self.error
        return Answer(self.cards, (), Facts(today), language)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The pipeline, replaced."""
    asked = Asked()
    monkeypatch.setattr(pipeline, "answer", asked.answer)
    return asked


Start = Callable[..., FlaskClient]


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
