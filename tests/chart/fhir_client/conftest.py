"""A call that names the test's FHIR server, and what came of it."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest

from cds_service.chart.gather.fhir_client import fetcher
from cds_service.chart.model import Fetched, Want
from cds_service.protocol.request import FhirAuthorization, HookContext, HookRequest
from cds_service.settings import Settings
from cds_service.trust.outbound import Guard
from tests.faulty_server import Asked, FhirServer, Script

TOKEN = "canary-token"
DEADLINE = 10.0  # far off: on a loaded machine nothing may fail for want of time but what a test lets hang
SOON = 0.5
"""The deadline where a server hangs: the call then takes as long."""
SLACK = 5.0  # against a call that never ends: a server's drip takes a quarter of an hour
WANTS = (
    Want("patient", "Patient/1"),
    Want("conditions", "Condition?patient=1"),
    Want("observations", "Observation?patient=1&code=http://loinc.org|2823-3,http://loinc.org|2951-2"),
    Want("medicationRequests", "MedicationRequest?patient=1"),
    Want("medicationStatements", "MedicationStatement?patient=1"),
    Want("allergies", "AllergyIntolerance?patient=1"),
)


@dataclass(frozen=True)
class Outcome:
    """What each query came to, and how long all of them took."""

    fetched: dict[str, Fetched]
    seconds: float

    def receipts(self) -> dict[str, str]:
        return {key: fetched.receipt.value for key, fetched in self.fetched.items()}


@pytest.fixture
def servers() -> Iterator[Callable[..., FhirServer]]:
    """Starts servers, and stops them after the test."""
    started: list[FhirServer] = []

    def start(answer: Callable[[Asked], Script], **more: object) -> FhirServer:
        started.append(FhirServer(answer, **more))  # type: ignore[arg-type]
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def fetched() -> Callable[..., Outcome]:
    """Fetches what a call lacks from ``base``, with the token, within DEADLINE."""

    def run(
        base: str,
        wants: Sequence[Want] = WANTS,
        *,
        token: str | None = TOKEN,
        guard: Guard | None = None,
        **settings: object,
    ) -> Outcome:
        request = HookRequest(
            hook="patient-view",
            hook_instance="d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
            context=HookContext("Practitioner/1", "1"),
            fhir_server=base,
            fhir_authorization=None if token is None else FhirAuthorization(token),
        )
        guard = guard or Guard(None, https_only=False, loopback=True)
        chosen = Settings(**({"fetch_deadline_seconds": DEADLINE} | settings))  # type: ignore[arg-type]
        started = time.monotonic()
        fetch = fetcher(request, settings=chosen, guard=guard)
        assert fetch is not None
        answers = fetch(wants)
        seconds = time.monotonic() - started
        assert list(answers) == list(dict.fromkeys(wants))
        assert seconds < chosen.fetch_deadline_seconds + SLACK
        return Outcome({want.key: answers[want] for want in wants}, seconds)

    return run
