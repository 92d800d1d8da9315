"""A call that names the test's FHIR server, and what came of it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from cds_service.chart.gather.fhir_client import THREAD_NAME, fetcher
from cds_service.chart.model import Fetched, Want
from cds_service.protocol.request import HookContext, HookRequest
from cds_service.settings import Settings
from cds_service.trust.outbound import Guard
from tests.faulty_server import Asked, FhirServer, Script

TOKEN = "canary-token"
AMPLE = 60.0
"""Seconds no sound exchange takes on any machine: nothing a test expects depends on them."""
SHORT = 0.2
"""The deadline of a server that never comes to an end: what comes of it is the same however late it is noticed."""
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
    """What each query came to."""

    fetched: dict[str, Fetched]

    def receipts(self) -> dict[str, str]:
        return {key: fetched.receipt.value for key, fetched in self.fetched.items()}


def ended(work: Callable[[], Any]) -> Any:
    """What the work returns; fails when it hangs."""
    returned: list[Any] = []
    thread = threading.Thread(target=lambda: returned.append(work()), daemon=True)
    thread.start()
    thread.join(2 * AMPLE)
    assert returned, "it did not come to an end"
    return returned[0]


def fetching() -> list[threading.Thread]:
    """The threads that fetch, or hang."""
    return [thread for thread in threading.enumerate() if thread.name == THREAD_NAME]


@pytest.fixture(autouse=True)
def _no_thread_outlives_its_test() -> Iterator[None]:
    """A thread that was cut ends soon after, and gives its slot back: not in the middle of the next test."""
    yield
    for thread in fetching():
        thread.join(AMPLE)


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
    """Fetches what a call lacks from ``base``, with the token. Fails where that goes on beyond the deadline."""

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
            context=HookContext("1"),
            fhir_server=base,
            access_token=token,
        )
        guard = guard or Guard(None, https_only=False, loopback=True)
        chosen = Settings(**({"fetch_deadline_seconds": AMPLE} | settings))  # type: ignore[arg-type]
        fetch = fetcher(request, settings=chosen, guard=guard)
        assert fetch is not None
        answers = ended(lambda: fetch(wants))
        assert list(answers) == list(dict.fromkeys(wants))
        return Outcome({want.key: answers[want] for want in wants})

    return run


@pytest.fixture
def deadline_when(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], bool]], None]:
    """The deadline comes at the moment the test names, be the machine fast or slow."""
    join = threading.Thread.join

    def comes(moment: Callable[[], bool]) -> None:
        def joined(thread: threading.Thread, timeout: float | None = None) -> None:
            if thread.name != THREAD_NAME:
                return join(thread, timeout)
            while thread.is_alive() and not moment():
                join(thread, 0.005)
            return None

        monkeypatch.setattr(threading.Thread, "join", joined)

    return comes
