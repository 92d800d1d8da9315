"""What is asked of a FHIR server, and what its answers come to."""

import codecs
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest

from cds_service.chart.gather.fhir_client import PAGE, fetcher
from cds_service.chart.model import Want
from cds_service.protocol.request import HookContext, HookRequest
from cds_service.settings import Settings
from cds_service.trust.outbound import Guard
from cds_service.trust.urls import parse
from tests.faulty_server import HOLD, Asked, FhirServer, Script, bundle, reply

Servers = Callable[..., FhirServer]
ONE = (Want("conditions", "Condition?patient=1"),)
LABS = (Want("observations", "Observation?patient=1&code=http://loinc.org|2823-3,http://loinc.org|2951-2"),)
COUNT = f"&_count={PAGE}"
WARNING = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "incomplete"}]}


def chart(asked: Asked) -> Script:
    """A server that has one of everything."""
    kind = asked.target.removeprefix("/fhir/r4/").partition("?")[0].partition("/")[0]
    resource = {"resourceType": kind, "id": "1"}
    return [reply(resource if kind == "Patient" else bundle("1", kind=kind, total=1))]


def test_reads_and_searches(servers: Servers, fetched: Callable[..., Any]) -> None:
    server = servers(chart)
    outcome = fetched(server.base)
    assert set(outcome.receipts().values()) == {"received"}
    kinds = [found.resources[0]["resourceType"] for found in outcome.fetched.values()]
    assert kinds[0] == "Patient"
    assert kinds[4] == "MedicationStatement"
    targets = sorted(unquote(asked.target) for asked in server.asked)
    assert targets[5] == "/fhir/r4/Patient/1"
    assert f"/fhir/r4/Observation?patient=1&code=http://loinc.org|2823-3,http://loinc.org|2951-2{COUNT}" in targets
    assert not any("|" in asked.target for asked in server.asked)  # Tomcat answers 400 to a bare one


def test_every_request_carries_the_token_and_asks_for_fhir(servers: Servers, fetched: Callable[..., Any]) -> None:
    server = servers(chart)
    fetched(server.base)
    assert {asked.headers["authorization"] for asked in server.asked} == {"Bearer canary-token"}
    assert {asked.headers["accept"].partition(",")[0] for asked in server.asked} == {"application/fhir+json"}
    assert {asked.headers["host"] for asked in server.asked} == {server.base.split("/")[2]}


def test_a_server_that_needs_no_token(servers: Servers, fetched: Callable[..., Any]) -> None:
    server = servers(chart)
    assert set(fetched(server.base, token=None).receipts().values()) == {"received"}
    assert not any("authorization" in asked.headers for asked in server.asked)


@pytest.mark.parametrize("token", ["a b", "a\r\nX-Evil: 1", "é", "a\0", "\x7f"])
def test_a_token_that_cannot_be_one_is_not_sent(token: str, servers: Servers, fetched: Callable[..., Any]) -> None:
    server = servers(chart)
    assert set(fetched(server.base, token=token).receipts().values()) == {"unanswered"}
    assert server.asked == []


def test_no_server_no_fetch() -> None:
    request = HookRequest("patient-view", "x", HookContext("1"))
    assert fetcher(request, settings=Settings(), guard=Guard()) is None


@pytest.mark.parametrize(
    ("base", "prefix"),
    [
        ("http://127.0.0.1:{port}/fhir/r4", "http://127.0.0.1:{port}/fhir/r5"),
        ("http://127.0.0.1:{port}/fhir/r4?x=", "http://127.0.0.1:{port}/fhir/r4"),
        ("http://127.0.0.1:{port}/fhir/r4#x", "http://127.0.0.1:{port}/fhir/r4"),
        ("http://user@127.0.0.1:{port}/fhir/r4", "http://127.0.0.1:{port}/fhir/r4"),
        ("http://localhost:{port}/fhir/r4", "http://127.0.0.1:{port}/fhir/r4"),
        ("not a url", "http://127.0.0.1:{port}/fhir/r4"),
    ],
)
def test_a_server_the_caller_may_not_name(
    base: str, prefix: str, servers: Servers, fetched: Callable[..., Any]
) -> None:
    server = servers(chart)
    port = server.base.split("/")[2].partition(":")[2]
    guard = Guard((parse(prefix.format(port=port)),), https_only=False, loopback=True)
    assert set(fetched(base.format(port=port), guard=guard).receipts().values()) == {"unanswered"}
    assert server.asked == []


def test_pages_are_followed_on_the_same_connection(servers: Servers, fetched: Callable[..., Any]) -> None:
    def answer(asked: Asked) -> Script:
        page = int(asked.target.partition("page=")[2] or 1)
        following = f"{server.base}/Condition?page={page + 1}" if page < 4 else None
        return [reply(bundle(f"c{page}", next_link=following, total=4))]

    server = servers(answer)
    found = fetched(server.base, ONE).fetched["conditions"]
    assert found.receipt == "received"
    assert [resource["id"] for resource in found.resources] == ["c1", "c2", "c3", "c4"]
    assert server.connections == 1


def test_a_server_that_closes_the_connection_between_pages(servers: Servers, fetched: Callable[..., Any]) -> None:
    def answer(asked: Asked) -> Script:
        yield reply(bundle(asked.target[-1], next_link=None if "page" in asked.target else "?page=2"))
        raise OSError

    server = servers(answer)
    found = fetched(server.base, ONE).fetched["conditions"]
    assert (found.receipt, len(found.resources)) == ("received", 2)
    assert server.connections == 2


def test_a_clients_own_next_link_is_gone_on_from(servers: Servers, fetched: Callable[..., Any]) -> None:
    """Its total counts the first page too, which we do not see here."""
    server = servers(lambda _: [reply(bundle("51", "52", total=52))])
    want = Want("conditions", f"{server.base}?_getpages=abc&_getpagesoffset=50")
    found = fetched(server.base, (want,)).fetched["conditions"]
    assert (found.receipt, len(found.resources)) == ("received", 2)
    assert server.asked[0].target == "/fhir/r4?_getpages=abc&_getpagesoffset=50"


def test_a_clients_next_link_to_elsewhere_is_not(servers: Servers, fetched: Callable[..., Any]) -> None:
    other, server = servers(chart), servers(chart)
    want = Want("conditions", f"{other.base}/Condition?page=2")
    assert fetched(server.base, (want,)).receipts() == {"conditions": "unanswered"}
    assert (other.asked, server.asked) == ([], [])


@pytest.mark.parametrize(
    ("page", "receipt"),
    [
        (bundle(total=0), "empty"),
        ({"resourceType": "Bundle"}, "empty"),
        (bundle() | {"total": 0, "entry": [{"resource": WARNING, "search": {"mode": "outcome"}}]}, "empty"),
        (bundle("a"), "received"),
        (bundle("a", total=1), "received"),
        (bundle("a", total=2), "partial"),
        (bundle("a") | {"entry": [*bundle("a")["entry"], {"resource": WARNING}]}, "partial"),
    ],
)
def test_what_a_page_comes_to(
    page: dict[str, Any], receipt: str, servers: Servers, fetched: Callable[..., Any]
) -> None:
    assert fetched(servers(lambda _: [reply(page)]).base, ONE).receipts() == {"conditions": receipt}


def test_an_answer_may_begin_with_a_byte_order_mark(servers: Servers, fetched: Callable[..., Any]) -> None:
    body = codecs.BOM_UTF8 + json.dumps(bundle("a")).encode()
    assert fetched(servers(lambda _: [reply(body)]).base, ONE).receipts() == {"conditions": "received"}


def test_a_warning_on_the_first_page_is_not_forgotten_on_the_second(
    servers: Servers, fetched: Callable[..., Any]
) -> None:
    first = bundle("a", next_link="?page=2")
    first["entry"].append({"resource": WARNING})

    def answer(asked: Asked) -> Script:
        return [reply(bundle("b") if "page" in asked.target else first)]

    found = fetched(servers(answer).base, ONE).fetched["conditions"]
    assert (found.receipt, len(found.resources)) == ("partial", 2)


def test_a_search_asks_for_large_pages_and_a_read_does_not(servers: Servers, fetched: Callable[..., Any]) -> None:
    server = servers(chart)
    fetched(server.base)
    assert {asked.target.endswith(COUNT) for asked in server.asked if "?" in asked.target} == {True}
    assert [asked.target for asked in server.asked if "_count" not in asked.target] == ["/fhir/r4/Patient/1"]


def kinds_asked(server: FhirServer) -> list[tuple[bool, bool]]:
    """Of each request, whether it named codes and whether it asked for large pages."""
    return [("code=" in asked.target, asked.target.endswith(COUNT)) for asked in server.asked]


@pytest.mark.parametrize(
    ("status", "refused", "asked"),
    [
        ("400 Bad Request", "_count=", [(True, True), (True, False)]),
        ("400 Bad Request", "code=", [(True, True), (True, False), (False, False)]),
        ("414 URI Too Long", "code=", [(True, True), (False, True)]),
    ],
)
def test_what_a_server_does_not_take_is_left_out(
    status: str, refused: str, asked: Any, servers: Servers, fetched: Callable[..., Any]
) -> None:
    def answer(asked: Asked) -> Script:
        return [reply(WARNING, status) if refused in asked.target else reply(bundle("k", kind="Observation"))]

    server = servers(answer)
    assert fetched(server.base, LABS).receipts() == {"observations": "received"}
    assert kinds_asked(server) == asked
    assert server.asked[-1].target.startswith("/fhir/r4/Observation?patient=1")


def test_each_is_left_out_once_and_codes_only_where_there_were_any(
    servers: Servers, fetched: Callable[..., Any]
) -> None:
    server = servers(lambda _: [reply(WARNING, "400 Bad Request")])
    assert fetched(server.base, LABS).receipts() == {"observations": "failed"}
    assert len(server.asked) == 3
    assert fetched(server.base, ONE).receipts() == {"conditions": "failed"}
    assert len(server.asked) == 5


def test_where_one_large_page_is_too_large_small_ones_are_read(servers: Servers, fetched: Callable[..., Any]) -> None:
    def answer(asked: Asked) -> Script:
        if "_count" in asked.target:
            return [reply(bundle("a", "b", note="x" * 60_000))]
        following = None if "page" in asked.target else "?page=2"
        return [reply(bundle(asked.target[-1], next_link=following, note="x" * 30_000))]

    found = fetched(servers(answer).base, ONE, fetch_max_bytes=50_000).fetched["conditions"]
    assert (found.receipt, len(found.resources)) == ("received", 2)


@pytest.mark.parametrize(("status", "missing"), [("404 Not Found", True), ("410 Gone", True), ("403 Forbidden", False)])
def test_what_is_not_there_is_told_from_what_is_refused(
    status: str, missing: Any, servers: Servers, fetched: Callable[..., Any]
) -> None:
    found = fetched(servers(lambda _: [reply(WARNING, status)]).base, (Want("patient", "Patient/1"),))
    assert (found.fetched["patient"].receipt, found.fetched["patient"].missing) == ("failed", missing)


def test_a_later_page_is_not_asked_in_another_way(servers: Servers, fetched: Callable[..., Any]) -> None:
    def answer(asked: Asked) -> Script:
        if "page=2" in asked.target:
            return [reply(WARNING, "400 Bad Request")]
        return [reply(bundle("a", kind="Observation", next_link="Observation?patient=1&code=x&page=2"))]

    server = servers(answer)
    assert fetched(server.base, LABS).receipts() == {"observations": "partial"}
    assert len(server.asked) == 2


def test_a_server_without_medication_statements_is_said_to_have_failed(
    servers: Servers, fetched: Callable[..., Any]
) -> None:
    def answer(asked: Asked) -> Script:
        missing = "MedicationStatement" in asked.target
        return [reply(WARNING, "404 Not Found")] if missing else chart(asked)

    receipts = fetched(servers(answer).base).receipts()
    assert receipts.pop("medicationStatements") == "failed"
    assert set(receipts.values()) == {"received"}


def test_many_references_share_the_deadline_and_the_connections(servers: Servers, fetched: Callable[..., Any]) -> None:
    wants = tuple(Want(f"medication{n}", f"Medication/{n}") for n in range(40))
    server = servers(lambda asked: [reply({"resourceType": "Medication", "id": asked.target.rpartition("/")[2]})])
    outcome = fetched(server.base, (*wants, *wants))
    assert set(outcome.receipts().values()) == {"received"}
    assert len(server.asked) == 40
    assert server.connections <= 8


def test_the_deadline_counts_from_the_start_of_the_call_for_all_its_fetches(servers: Servers) -> None:
    server = servers(lambda _: [HOLD])
    request = HookRequest("patient-view", "x", HookContext("1"), fhir_server=server.base)
    guard = Guard(None, https_only=False, loopback=True)
    fetch = fetcher(request, settings=Settings(fetch_deadline_seconds=0.2), guard=guard)
    assert fetch is not None
    assert fetch(ONE)[ONE[0]].receipt == "unanswered"
    asked = len(server.asked)
    assert fetch(LABS)[LABS[0]].receipt == "unanswered"
    assert len(server.asked) == asked


def test_nothing_wanted_is_nothing_asked(servers: Servers, fetched: Callable[..., Any]) -> None:
    server = servers(chart)
    assert fetched(server.base, ()).fetched == {}
    assert server.connections == 0


def test_when_every_thread_is_taken_the_call_is_answered_without(
    servers: Servers, fetched: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading  # noqa: PLC0415

    from cds_service.chart.gather import fhir_client  # noqa: PLC0415

    monkeypatch.setattr(fhir_client, "_slots", threading.BoundedSemaphore(1))
    fhir_client._slots.acquire()  # noqa: SLF001
    server = servers(chart)
    assert set(fetched(server.base).receipts().values()) == {"unanswered"}
    fhir_client._slots.release()  # noqa: SLF001
    assert set(fetched(server.base).receipts().values()) == {"received"}
