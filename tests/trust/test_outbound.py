"""Where the guard lets a call go, and that it goes there and nowhere else."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from cds_service.trust.line import Failure
from cds_service.trust.outbound import Guard, get_once
from cds_service.trust.urls import parse

PREFIX = parse("https://fhir.hospital.example/r4")
GUARD = Guard((PREFIX,))


@pytest.mark.parametrize(
    "url",
    [
        "https://fhir.hospital.example/r4",
        "https://fhir.hospital.example/r4/Patient/1",
        "https://fhir.hospital.example:443/r4/Condition?patient=1",
        "https://FHIR.Hospital.Example/r4/Patient/1",
        "HTTPS://fhir.hospital.example/r4",
    ],
)
def test_allowed(url: str) -> None:
    assert GUARD.allowed(url) is not None


@pytest.mark.parametrize(
    "url",
    [
        "http://fhir.hospital.example/r4",
        "https://fhir.hospital.example/r4x",
        "https://fhir.hospital.example/",
        "https://fhir.hospital.example/R4",
        "https://fhir.hospital.example:8443/r4",
        "https://fhir.hospital.example./r4",
        "https://fhir.hospital.example.evil.example/r4",
        "https://evil.example/r4",
        "https://evil.example/?https://fhir.hospital.example/r4",
        "https://fhir.hospital.example@evil.example/r4",
        "https://user:pass@fhir.hospital.example/r4",
        "https://@fhir.hospital.example/r4",
        "https://fhir.hospital.example\\@evil.example/r4",
        "https://fhir.hospital.example/r4/../admin",
        "https://fhir.hospital.example/r4/./x",
        "https://fhir.hospital.example/r4/..",
        "https://fhir.hospital.example/r4/%2e%2e/admin",
        "https://fhir.hospital.example/r4/..%2fadmin",
        "https://fhir.hospital.example/r4/%2E./admin",
        "https://fhir.hospital.example/r4/..\\admin",
        "https://fhir.hospital.example/r4/x%5cy",
        "https://fhir.hospital.example/r4#x",
        "https://fhir.hospital.example/r4/ x",
        "https://fhir.hospital.example/r4/\r\nHost:evil",
        "https://fhir.hospital.example/r4/\té",
        "https://fhir.hospital.example:/r4",
        "https://fhir.hospital.example:0/r4",
        "https://fhir.hospital.example:99999/r4",
        "https://fhir.hospital.example:4 43/r4",
        "https://fhir.hospital.exampl\u0435/r4",
        "https://[::1/r4",
        "https:///r4",
        "https:fhir.hospital.example/r4",
        "//fhir.hospital.example/r4",
        "/r4/Patient/1",
        "file:///etc/passwd",
        "gopher://fhir.hospital.example/r4",
        "",
    ],
)
def test_not_allowed(url: str) -> None:
    assert GUARD.allowed(url) is None
    assert GUARD.line(url) is None


@pytest.mark.parametrize("below", ["", "/", "/site-1", "/site-1/r4.b_2/", "/a/b/c"])
def test_a_server_below_its_prefix_by_plain_segments(below: str) -> None:
    assert GUARD.line(f"https://fhir.hospital.example/r4{below}") is not None


@pytest.mark.parametrize(
    "below",
    ["/a%20b", "/a;b", "//a", "/a//b", "/a@b", "/a:b", "/~a", "/$export", "/.a", "/-a", "/a,b", "/a?b", "?b", "/(a)"],
)
def test_what_could_mean_more_than_a_segment_is_no_server(below: str) -> None:
    url = f"https://fhir.hospital.example/r4{below}"
    assert GUARD.line(url) is None
    assert GUARD.allowed(url) is not None  # a page of a search may look like that


def test_a_prefix_itself_may_look_as_it_does() -> None:
    for text in ("https://ehr.example/~x/$a/", "https://ehr.example/keys?format=jwks"):
        prefix = parse(text)
        assert Guard((prefix,)).line(text) is not None


def test_production_calls_by_https_only_whatever_the_prefixes_say() -> None:
    plain = parse("http://fhir.hospital.example/r4")
    assert Guard((plain,)).allowed("http://fhir.hospital.example/r4") is None
    assert Guard((plain,), https_only=False).allowed("http://fhir.hospital.example/r4") == plain


def test_the_open_guard_of_development_still_reads_urls_strictly() -> None:
    guard = Guard(None, https_only=False)
    assert guard.allowed("http://anywhere.example/x") is not None
    assert guard.allowed("http://user@anywhere.example/x") is None
    assert guard.allowed("file:///etc/passwd") is None


@pytest.mark.parametrize(
    ("guard", "loopback", "private", "metadata"),
    [
        (Guard(), False, False, False),
        (Guard(loopback=True), True, False, False),
        (Guard(private=True), True, True, False),
        (Guard(private_hosts=frozenset({"h"})), True, True, False),
        (Guard(private_hosts=frozenset({"other"})), False, False, False),
    ],
)
def test_which_addresses_a_host_may_have(guard: Guard, loopback: bool, private: bool, metadata: bool) -> None:
    assert guard.admits("h", "8.8.8.8")
    assert guard.admits("h", "127.0.0.1") is loopback
    assert guard.admits("h", "10.0.0.1") is private
    assert guard.admits("h", "169.254.169.254") is metadata


class Listener:
    """Answers every connection on loopback with ``answer``, and counts them."""

    def __init__(self, answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") -> None:
        self.answer = answer
        self.heard: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(60)
                self.heard.append(connection.recv(65536))
                connection.sendall(self.answer)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


def get(guard: Guard, url: str, seconds: float = 60.0) -> Any:
    return get_once(guard, url, headers={}, deadline=time.monotonic() + seconds, max_bytes=1000)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name server that gives one answer after another; returns what it was asked."""
    asked: list[str] = []
    left = list(answers)

    def getaddrinfo(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        addresses = left.pop(0)
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in a], socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]"])
def test_loopback_in_any_spelling_is_not_connected_to(host: str, listener: Listener) -> None:
    reply = get(Guard(None, https_only=False), f"http://{host}:{listener.port}/")
    assert reply.status == 0
    assert reply.failure in (Failure.ADDRESS, Failure.DNS)
    assert listener.heard == []


def test_a_public_name_for_an_inner_address_is_not_connected_to(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, ["127.0.0.1"])
    reply = get(Guard(None, https_only=False), f"http://fhir.hospital.example:{listener.port}/")
    assert reply.failure is Failure.ADDRESS
    assert listener.heard == []


def test_the_name_is_asked_for_once_and_the_address_that_was_looked_at_is_the_one_connected_to(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the second answer would be another one, but nobody asks a second time."""
    asked = resolving(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
    guard = Guard(None, https_only=False, private_hosts=frozenset({"fhir.hospital.example"}))
    reply = get(guard, f"http://fhir.hospital.example:{listener.port}/x?a=1|2")
    assert (reply.status, reply.body) == (200, b"ok")
    assert asked == ["fhir.hospital.example"]
    request = listener.heard[0].decode()
    assert request.startswith("GET /x?a=1%7C2 HTTP/1.1\r\n")
    assert f"Host: fhir.hospital.example:{listener.port}\r\n" in request


def test_of_several_addresses_only_those_that_may_be_reached_are_tried(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, ["169.254.169.254", "10.0.0.1", "127.0.0.1"])
    reply = get(Guard(None, https_only=False, loopback=True), f"http://h.example:{listener.port}/")
    assert reply.status == 200


def test_environment_proxies_are_not_used(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Listener()
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    assert get(Guard(None, https_only=False, loopback=True), f"http://127.0.0.1:{listener.port}/").status == 200
    assert proxy.heard == []
    proxy.close()


def test_a_redirect_is_an_answer_not_an_order(listener: Listener) -> None:
    other = Listener()
    location = f"Location: http://127.0.0.1:{other.port}/\r\nContent-Length: 0\r\n\r\n"
    listener.answer = b"HTTP/1.1 302 Found\r\n" + location.encode()
    assert get(Guard(None, https_only=False, loopback=True), f"http://127.0.0.1:{listener.port}/").status == 302
    assert other.heard == []
    other.close()


@pytest.mark.parametrize(("length", "failure"), [(1000, None), (1001, Failure.TOO_LARGE)])
def test_bytes_are_capped(length: int, failure: Failure | None, listener: Listener) -> None:
    listener.answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (length, b"x" * length)
    assert get(Guard(None, https_only=False, loopback=True), f"http://127.0.0.1:{listener.port}/").failure is failure


def test_a_name_server_that_hangs_does_not_hold_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(*_: object, **__: object) -> list[Any]:
        release.wait(60)  # nothing else ends it while the call is under way
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    assert get(Guard(None), "https://h.example/", seconds=0.2).failure is Failure.TIMEOUT
    release.set()
