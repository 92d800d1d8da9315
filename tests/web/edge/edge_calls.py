"""What the edge's tests share: the address of a call, and how an error must look."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds_service.cards.wording import Wording
from cds_service.catalogue import Service
from cds_service.chart.model import Fetch, Still
from cds_service.patient.facts import Facts
from cds_service.pipeline import Answer
from cds_service.protocol.cards import Card, CardSource, Coding
from cds_service.protocol.request import HookRequest
from cds_service.settings import Settings
from cds_service.site.site import Site

CALL = "/cds-services/leg-cramps-patient-view"
CARD = Card(
    uuid="0f0b4a7e-9a51-4d7c-9c0e-0d9b2f4b8b11",
    summary="Stretch first",
    detail="Hold 20 s.",
    indicator="info",
    source=CardSource("Leg cramps", Coding("StretchingFirst")),
)

Start = Callable[..., FlaskClient]


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
        words: Wording,
        settings: Settings,
        site: Site,
        still: Still,
        silent: Collection[str],
    ) -> Answer:
        still()
        self.calls.append(
            {"request": request, "service": service, "fetch": fetch, "today": today, "language": words.language}
        )
        assert settings is not None
        assert not silent
        assert not site
        if self.error is not None:
            raise self.error
        return Answer(self.cards, (), Facts(today), words.language, request.notes)


def issue_of(response: TestResponse) -> dict[str, Any]:
    """The one issue of an OperationOutcome, its envelope checked."""
    assert response.mimetype == "application/fhir+json"
    document = response.get_json(force=True)
    assert document["resourceType"] == "OperationOutcome"
    (issue,) = document["issue"]
    assert issue["severity"] == "error"
    assert issue["details"]["text"]
    return dict(issue)
