"""The served process: real sockets, what it logs of bad requests, and a calm end."""

import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from gunicorn.http.errors import InvalidResponseHeader

from cds_service import situations
from cds_service.commands.worker import Worker

CALL = "/cds-services/leg-cramps-patient-view"
CANARY = "CANARY7F3A"
BODY = json.dumps(situations.request(situations.load("cramps-at-night"), "patient-view")).encode()


@dataclass(frozen=True)
class Served:
    """A running service."""

    process: subprocess.Popen[bytes]
    port: int
    log_file: Path

    def say(self, words: bytes) -> bytes:
        """Send raw bytes; what comes back until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), 60) as connection:
            connection.sendall(words)
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(60)
            heard = b""
            while part := connection.recv(65536):
                heard += part
            return heard


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CDS_")} | {
        "WEB_CONCURRENCY": "1",
        "CDS_DATABASE_URL": f"sqlite:///{folder}/served.db",
        "CDS_LOG_FORMAT": "json",
        "CDS_DISABLED_TOPIC": CANARY,
    }
    log_file = folder / "log"
    with log_file.open("wb") as log:
        command = [sys.executable, "-m", "cds_service", "serve", "--port", str(port)]
        process = subprocess.Popen(command, stderr=log, stdout=log, env=environment)
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert process.poll() is None, log_file.read_text()
            time.sleep(0.1)
    yield Served(process, port, log_file)
    if process.poll() is None:
        process.kill()
        process.wait()


def test_one_connection_carries_many_calls_plain_gzipped_and_chunked(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    headers = {"Content-Type": "application/json"}
    answers = []
    for body, more in (
        (BODY, {}),
        (gzip.compress(BODY), {"Content-Encoding": "gzip"}),
        (iter([BODY[:100], BODY[100:]]), {"Transfer-Encoding": "chunked"}),
    ):
        connection.request("POST", CALL, body, headers | more, encode_chunked="Transfer-Encoding" in more)
        response = connection.getresponse()
        assert response.status == 200
        answers.append(response.read())
    connection.close()
    assert answers[0] == answers[1] == answers[2]
    assert json.loads(answers[0])["cards"]


def test_a_body_too_large_is_answered_before_it_is_sent(served: Served) -> None:
    head = f"POST {CALL} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000001\r\n\r\n"
    assert served.say(head.encode()).startswith(b"HTTP/1.1 413 ")


def test_a_body_cut_short_is_a_bad_request(served: Served) -> None:
    head = f"POST {CALL} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    assert served.say(head.encode() + b'{"hook":').startswith(b"HTTP/1.1 400 ")


def test_a_body_shorter_than_announced_is_a_bad_request_though_it_parses(served: Served) -> None:
    head = (
        f"POST {CALL} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(BODY) + 9}\r\n\r\n"
    )
    assert served.say(head.encode() + BODY).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (f"GET /cds-services?patient={CANARY} HTTP/1.1\r\nBad Header {CANARY}: x\r\n\r\n", 400, "processing"),
        (f"GET /cds-services?patient={CANARY} HTTP/9.9\r\n\r\n", 400, "processing"),
        (f"{CANARY}\r\n\r\n", 400, "processing"),
        (f"GET /{CANARY * 1000} HTTP/1.1\r\n\r\n", 414, "too-long"),
        (f"GET /{CANARY} HTTP/1.1\r\nHost: x\r\nX-A: {CANARY * 1000}\r\n\r\n", 431, "too-long"),
        (f"GET /{CANARY} HTTP/1.1\r\nHost: x\r\n" + f"X-A: {CANARY}\r\n" * 101 + "\r\n", 431, "too-long"),
        (f"GET /{CANARY} HTTP/1.1\r\nHost: x\r\nExpect: {CANARY}\r\n\r\n", 417, "processing"),
        (f"POST {CALL} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {CANARY}\r\n\r\n", 501, "not-supported"),
    ],
    ids=["header", "version", "line", "long-line", "long-header", "many-headers", "expectation", "coding"],
)
def test_a_request_that_is_not_http_is_refused_and_quoted_nowhere(
    served: Served, words: str, status: int, code: str
) -> None:
    answer = served.say(words.encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: application/fhir+json" in head
    assert b"Cache-Control: no-store" in head
    outcome = json.loads(body)
    assert (outcome["resourceType"], outcome["issue"][0]["code"]) == ("OperationOutcome", code)
    number = outcome["issue"][0]["diagnostics"].removeprefix("request ")
    assert f"X-Request-ID: {number}".encode() in head
    log = served.log_file.read_text()
    assert number in log
    assert CANARY not in log + answer.decode()


@pytest.mark.parametrize("error", [KeyError(CANARY), InvalidResponseHeader(CANARY)])
def test_what_gunicorn_fails_at_itself_is_a_500_that_says_nothing(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        Worker.handle_error(None, None, ours, None, error)
        answer = theirs.recv(65536)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["issue"][0]["code"] == "exception"
    log = "".join(capsys.readouterr())
    assert type(error).__name__ in log
    assert CANARY not in log + answer.decode()


def test_a_client_that_is_gone_is_no_error() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours:
        Worker.handle_error(None, None, ours, None, InvalidResponseHeader(CANARY))


def test_the_log_is_json_warns_at_start_and_ends_calmly(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    connection.request("POST", CALL, BODY, {"Content-Type": "application/json"})
    assert connection.getresponse().read()
    connection.close()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(60) == 0
    lines = [json.loads(line) for line in served.log_file.read_text().splitlines()]
    events = {line["event"]: line for line in lines}
    assert events["development_mode"]["level"] == "warning"
    assert events["development_mode"]["callers"] == "not checked"
    assert events["unknown_setting"]["variable"] == "CDS_DISABLED_TOPIC"
    assert events["unknown_setting"]["nearest"] == "CDS_DISABLED_TOPICS"
    assert events["hooks.call"]["service"] == "leg-cramps-patient-view"
    assert all(line["level"] in ("info", "warning") for line in lines)
