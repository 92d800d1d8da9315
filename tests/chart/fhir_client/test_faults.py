"""Whatever the FHIR server does: an answer inside the deadline, the unknown named, the token nowhere else."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from cds_service.chart.model import Want
from cds_service.trust.outbound import Guard
from tests.chart.fhir_client.conftest import AMPLE, SHORT, fetching
from tests.faulty_server import HOLD, Asked, FhirServer, Script, bundle, drip, flood, reply

Servers = Callable[..., FhirServer]
CONDITIONS = (Want("conditions", "Condition?patient=1"),)
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
GOOD = reply(bundle("a", total=1))
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n"
ENDLESS: dict[str, Callable[[], Script]] = {
    "nothing, and the connection stays open": lambda: [HOLD],
    "half an answer, and the connection stays open": lambda: [GOOD[:-20], HOLD],
    "100 Continue for ever": lambda: repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "the head one byte at a time": lambda: drip(HEAD + b"X: ", b"x"),
    "the body one byte at a time": lambda: drip(HEAD + b"Content-Length: 1000000\r\n\r\n", b" "),
    "a chunked body one byte at a time": lambda: drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n{\r\n"),
}
FAULTS: dict[str, Callable[[], Script]] = {
    "closes at once": list,
    "401": lambda: [reply(OUTCOME, "401 Unauthorized", WWW_Authenticate="Bearer")],
    "401 without a body": lambda: [reply(b"", "401 Unauthorized")],
    "403": lambda: [reply(OUTCOME, "403 Forbidden")],
    "404": lambda: [reply(OUTCOME, "404 Not Found")],
    "429 with Retry-After": lambda: [reply(OUTCOME, "429 Too Many Requests", Retry_After="3600")],
    "500": lambda: [reply(OUTCOME, "500 Internal Server Error")],
    "500 as HTML": lambda: [reply(b"<html>oops</html>", "500 Internal Server Error", "text/html")],
    "503 with Retry-After": lambda: [reply(b"", "503 Service Unavailable", Retry_After="1")],
    "204": lambda: [b"HTTP/1.1 204 No Content\r\n\r\n"],
    "202": lambda: [reply(bundle("a"), "202 Accepted")],
    "200 as HTML": lambda: [reply(b"<html>Please log in</html>", kind="text/html")],
    "200 with an OperationOutcome alone": lambda: [reply(OUTCOME)],
    "200 and nothing": lambda: [reply(b"")],
    "200 and a JSON string": lambda: [reply(b'"Bundle"')],
    "200 and a list": lambda: [reply(b"[]")],
    "200 and an object that is no resource": lambda: [reply(b'{"entry": []}')],
    "200 and broken JSON": lambda: [reply(b'{"resourceType": "Bundle", "entry": [')],
    "200 and NaN": lambda: [reply(b'{"resourceType": "Bundle", "total": NaN}')],
    "JSON nested without end": lambda: [reply(b'{"resourceType": "Bundle", "entry": ' + b"[" * 100_000)],
    "half a body": lambda: [GOOD[:-20]],
    "a body shorter than it says, though it parses": lambda: [
        HEAD + b"Content-Length: 100\r\n\r\n" + b'{"resourceType": "Bundle", "total": 0}'
    ],
    "gzip without its end, though it parses": lambda: [
        reply(gzip.compress(b'{"resourceType": "Bundle", "total": 0}')[:-8], Content_Encoding="gzip")
    ],
    "half a chunked body": lambda: [HEAD + b"Transfer-Encoding: chunked\r\n\r\n20\r\n" + GOOD[-10:]],
    "a chunk size that is none": lambda: [HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n"],
    "a chunk size beyond any": lambda: [HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\n"],
    "broken gzip": lambda: [HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd"],
    "an encoding nobody asked for": lambda: [HEAD + b"Content-Encoding: br\r\nContent-Length: 4\r\n\r\nabcd"],
    "a status line that is none": lambda: [b"SSH-2.0-OpenSSH_9.0\r\n"],
    "a status line without end": lambda: [b"HTTP/1.1 200 " + b"x" * 100_000],
    "headers without end": lambda: [HEAD + b"X: y\r\n" * 1000],
    "a gigabyte": flood,
}
ERRORS = {name for name in FAULTS if name[0] in "45"} | {"200 with an OperationOutcome alone"}
"""The faults by which the server says that it failed."""


@pytest.mark.parametrize(
    ("script", "seconds", "receipt"),
    [
        *(
            pytest.param(script, AMPLE, "failed" if name in ERRORS else "unanswered", id=name)
            for name, script in FAULTS.items()
        ),
        *(pytest.param(script, SHORT, "unanswered", id=name) for name, script in ENDLESS.items()),
    ],
)
def test_fault(
    script: Callable[[], Script], seconds: float, receipt: str, servers: Servers, fetched: Callable[..., Any]
) -> None:
    """Every query fails: by an error the server answered with, or without an answer of use, at the deadline if need be."""
    server = servers(lambda _: _then_close(script()))
    outcome = fetched(server.base, fetch_deadline_seconds=seconds)
    assert set(outcome.receipts().values()) == {receipt}
    assert len(outcome.fetched) == 6
    assert not any(found.resources for found in outcome.fetched.values())


def _then_close(script: Script) -> Script:
    yield from script
    raise OSError  # ends the connection


@pytest.mark.parametrize("name", ["nothing, and the connection stays open", "the head one byte at a time"])
def test_one_query_that_hangs_does_not_spoil_the_others(
    name: str, servers: Servers, fetched: Callable[..., Any], deadline_when: Callable[..., None]
) -> None:
    def answer(asked: Asked) -> Script:
        return ENDLESS[name]() if "Observation" in asked.target else [reply(bundle("a"))]

    deadline_when(lambda: len(fetching()) == 1)
    receipts = fetched(servers(answer).base).receipts()
    assert receipts.pop("observations") == "unanswered"
    assert set(receipts.values()) == {"received"}


def test_one_answer_too_large_does_not_spoil_the_others(servers: Servers, fetched: Callable[..., Any]) -> None:
    def answer(asked: Asked) -> Script:
        return flood() if "Observation" in asked.target else [reply(bundle("a"))]

    receipts = fetched(servers(answer).base).receipts()
    assert receipts.pop("observations") == "unanswered"
    assert set(receipts.values()) == {"received"}


def test_no_thread_is_left_behind_after_the_deadline(servers: Servers, fetched: Callable[..., Any]) -> None:
    """The server goes on dripping; nobody listens any more."""
    fetched(servers(lambda _: drip(HEAD + b"X: ", b"x")).base, fetch_deadline_seconds=SHORT)
    for thread in fetching():
        thread.join(AMPLE)
    assert fetching() == []


@pytest.mark.parametrize(
    "status",
    ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"],
)
def test_a_redirect_to_another_host_is_not_followed(status: str, servers: Servers, fetched: Callable[..., Any]) -> None:
    other = servers(lambda _: [GOOD])
    server = servers(lambda asked: [reply(b"", status, Location=other.base + asked.target)])
    assert set(fetched(server.base).receipts().values()) == {"unanswered"}
    assert other.asked == []


def test_a_redirect_on_the_same_host_is_not_followed_either(servers: Servers, fetched: Callable[..., Any]) -> None:
    server = servers(lambda asked: [reply(b"", "302 Found", Location=asked.target)])
    fetched(server.base)
    assert len(server.asked) == 6


def test_a_next_link_to_another_host_is_not_followed(servers: Servers, fetched: Callable[..., Any]) -> None:
    other = servers(lambda _: [GOOD])
    server = servers(lambda _: [reply(bundle("a", next_link=f"{other.base}/Condition?page=2"))])
    outcome = fetched(server.base)
    assert set(outcome.receipts().values()) == {"partial"}
    assert outcome.fetched["conditions"].resources[0]["id"] == "a"
    assert other.asked == []


@pytest.mark.parametrize(
    "link",
    [
        "/admin?page=2",
        "../../admin",
        "//{other}/fhir/r4/Condition",
        "http://127.0.0.1@{other}/fhir/r4",
        "https://{here}/fhir/r4/Condition?page=2",
        "http://[::1/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://{here}/fhir/r4/../admin",
        "http://{here}/fhir/r4x/Condition",
        "http://{here}/fhir/r4/Condition?page=2\r\nX-Evil: 1",
    ],
)
def test_a_next_link_that_leaves_the_server_is_not_followed(
    link: str, servers: Servers, fetched: Callable[..., Any]
) -> None:
    other = servers(lambda _: [GOOD])
    here: list[str] = []

    def answer(_: Asked) -> Script:
        filled = link.replace("{other}", other.base.split("/")[2]).replace("{here}", here[0])
        return [reply(bundle("a", next_link=filled))]

    server = servers(answer)
    here.append(server.base.split("/")[2])
    assert set(fetched(server.base).receipts().values()) <= {"partial", "received"}
    assert other.asked == []
    assert all(asked.target.startswith("/fhir/r4/") for asked in server.asked)
    assert not any("x-evil" in asked.headers for asked in server.asked)


def test_endless_pages_end(servers: Servers, fetched: Callable[..., Any]) -> None:
    def answer(asked: Asked) -> Script:
        return [reply(bundle(asked.target, next_link=f"Condition?page={len(server.asked)}"))]

    server = servers(answer)
    outcome = fetched(server.base, fetch_max_pages=10)
    assert set(outcome.receipts().values()) == {"partial"}
    assert [len(found.resources) for found in outcome.fetched.values()] == [10] * 6
    assert len(server.asked) == 60


def test_a_page_that_leads_to_itself_is_read_once(servers: Servers, fetched: Callable[..., Any]) -> None:
    server = servers(lambda asked: [reply(bundle("a", next_link=asked.target))])
    assert fetched(server.base, CONDITIONS).receipts() == {"conditions": "partial"}
    assert len(server.asked) == 1


def test_pages_that_are_too_slow_keep_what_came(
    servers: Servers, fetched: Callable[..., Any], deadline_when: Callable[..., None]
) -> None:
    def answer(asked: Asked) -> Script:
        return [HOLD] if "page" in asked.target else [reply(bundle("a", "b", next_link="Condition?page=2"))]

    server = servers(answer)
    deadline_when(lambda: sum("page" in asked.target for asked in server.asked) == 6)
    outcome = fetched(server.base)
    assert set(outcome.receipts().values()) == {"partial"}
    assert [resource["id"] for resource in outcome.fetched["conditions"].resources] == ["a", "b"]


def test_a_second_page_that_fails_keeps_the_first(servers: Servers, fetched: Callable[..., Any]) -> None:
    def answer(asked: Asked) -> Script:
        return [reply(OUTCOME, "500 X") if "page" in asked.target else reply(bundle("a", next_link="Condition?page=2"))]

    outcome = fetched(servers(answer).base)
    assert outcome.receipts()["conditions"] == "partial"
    assert len(outcome.fetched["conditions"].resources) == 1


@pytest.mark.parametrize(("size", "receipt"), [(50_000, "received"), (50_001, "unanswered")])
def test_one_answer_is_cut_at_its_cap(size: int, receipt: str, servers: Servers, fetched: Callable[..., Any]) -> None:
    page = bundle("a")
    page["note"] = "x" * (size - len(reply(page | {"note": ""}).split(b"\r\n\r\n", 1)[1]))
    assert fetched(servers(lambda _: [reply(page)]).base, fetch_max_bytes=50_000).receipts()["conditions"] == receipt


def test_an_inflated_answer_is_cut_at_the_same_cap(servers: Servers, fetched: Callable[..., Any]) -> None:
    bomb = gzip.compress(b'{"resourceType": "Bundle", "note": "' + b"x" * 50_000 + b'"}')
    good = gzip.compress(b'{"resourceType": "Bundle", "entry": []}')

    def answer(asked: Asked) -> Script:
        content = bomb if "Condition" in asked.target else good
        return [reply(content, Content_Encoding="gzip")]

    receipts = fetched(servers(answer).base, fetch_max_bytes=50_000).receipts()
    assert receipts.pop("conditions") == "unanswered"
    assert set(receipts.values()) == {"empty"}


def test_a_whole_call_reads_about_four_answers_worth(servers: Servers, fetched: Callable[..., Any]) -> None:
    """And one more for each of the six queries that were under way at that moment."""

    def answer(_: Asked) -> Script:
        return [reply(bundle("a", note="x" * 40_000, next_link=f"?page={len(server.asked)}"))]

    server = servers(answer)
    outcome = fetched(server.base, fetch_max_bytes=45_000)
    assert 4 <= sum(len(found.resources) for found in outcome.fetched.values()) <= 4 + 6


def test_connection_refused(fetched: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert set(fetched(f"http://127.0.0.1:{port}/r4").receipts().values()) == {"unanswered"}


def test_a_name_that_does_not_resolve(fetched: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert set(fetched("http://fhir.hospital.example/r4").receipts().values()) == {"unanswered"}


def test_a_name_server_that_hangs(fetched: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(*_: object, **__: object) -> list[Any]:
        release.wait(AMPLE)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    assert set(fetched("http://fhir.hospital.example/r4", fetch_deadline_seconds=SHORT).receipts().values()) == {
        "unanswered"
    }
    release.set()


def test_tls_spoken_to_a_server_without(servers: Servers, fetched: Callable[..., Any]) -> None:
    server = servers(lambda _: [GOOD])
    secure = server.base.replace("http:", "https:")
    assert set(fetched(secure, fetch_deadline_seconds=SHORT).receipts().values()) == {"unanswered"}
    assert "canary" not in str(server.asked)


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """A server context whose certificate is good for 127.0.0.1 but signed by nobody."""
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415
    from ipaddress import ip_address  # noqa: PLC0415

    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_certificate_nobody_vouches_for(
    self_signed: ssl.SSLContext, servers: Servers, fetched: Callable[..., Any]
) -> None:
    server = servers(lambda _: [GOOD], tls=self_signed)
    assert set(fetched(server.base).receipts().values()) == {"unanswered"}
    assert server.asked == []


def test_a_certificate_of_the_hospitals_own_authority(
    self_signed: ssl.SSLContext,
    servers: Servers,
    fetched: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from cds_service.trust import line  # noqa: PLC0415

    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    line._tls.cache_clear()  # noqa: SLF001 - read once per process
    try:
        outcome = fetched(
            servers(lambda _: [reply(bundle("a"))], tls=self_signed).base, guard=Guard(None, loopback=True)
        )
        drips = fetched(
            servers(lambda _: drip(HEAD + b"X: ", b"x"), tls=self_signed).base, fetch_deadline_seconds=SHORT
        )
    finally:
        line._tls.cache_clear()  # noqa: SLF001
    assert set(outcome.receipts().values()) == {"received"}
    assert set(drips.receipts().values()) == {"unanswered"}
