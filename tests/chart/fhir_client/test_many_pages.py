"""A prefetch that names thousands of further pages: the server is asked for each query once, and left at the deadline."""

from collections.abc import Callable
from typing import Any

import pytest

from cds_service.chart import queries
from cds_service.chart.gather.fhir_client import fetcher
from cds_service.chart.gather.gather import gather
from cds_service.chart.gather.outcomes import MOST_PAGES
from cds_service.chart.model import Chart
from cds_service.protocol.request import HookContext, HookRequest
from cds_service.settings import Settings
from cds_service.trust.outbound import Guard
from tests.chart.fhir_client.conftest import AMPLE, SHORT, ended
from tests.faulty_server import HOLD, FhirServer, bundle, reply

Servers = Callable[..., FhirServer]
MANY = 5_000
KINDS = {"conditions": "Condition", "observations": "Observation", "allergies": "AllergyIntolerance"}


def gathered(server: FhirServer, pages: int, deadline: float = AMPLE) -> Chart:
    """The chart of a patient-view whose prefetch names so many further pages."""
    prefetch: dict[str, Any] = dict.fromkeys(("patient", "medicationRequests", "medicationStatements"))
    for key, kind in KINDS.items():
        links = [f"{server.base}/{kind}?page={page}" for page in range(pages)]
        prefetch[key] = [bundle(f"{key}{page}", kind=kind, next_link=link) for page, link in enumerate(links)]
    context = HookContext("1")
    request = HookRequest("patient-view", "x", context, prefetch, fhir_server=server.base)
    guard = Guard(None, https_only=False, loopback=True)
    settings = Settings(fetch_deadline_seconds=deadline)
    return ended(lambda: gather(request, queries.ALL, fetcher(request, settings=settings, guard=guard)))


@pytest.mark.parametrize(("pages", "asked"), [(1, 1), (MOST_PAGES, MOST_PAGES), (MOST_PAGES + 1, 1), (MANY, 1)])
def test_a_few_pages_are_gone_on_from_and_many_are_not(pages: int, asked: int, servers: Servers) -> None:
    server = servers(lambda _: [reply(bundle("more", total=1))])
    chart = gathered(server, pages)
    assert len(server.asked) == asked * len(KINDS)
    assert len(chart.answers["conditions"].resources) == pages + 1
    assert all(("page=" in one.target) is (pages <= MOST_PAGES) for one in server.asked)


def test_many_pages_of_a_server_that_hangs_are_answered_at_the_deadline(servers: Servers) -> None:
    server = servers(lambda _: [HOLD])
    chart = gathered(server, MOST_PAGES + 1, SHORT)
    assert 0 < len(server.asked) <= len(KINDS)  # a busy machine may not come to ask for all
    assert {chart.answers[key].receipt.value for key in KINDS} == {"partial"}
