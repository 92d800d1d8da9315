"""gunicorn's worker as we changed it: what half-sent requests, slow readers and a full house cost the others."""

import http.client
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.workers import base

from cds_service.commands import worker as working
from cds_service.commands.serving import GunicornLogger
from cds_service.commands.worker import Worker

CAP = 10_000
HEAD = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"


class App:
    """Says back what it gets; ``/block`` waits for ``gate``, ``/large`` answers more than any socket holds."""

    most_body = CAP

    @staticmethod
    def client(header: str) -> str | None:
        """Who says so in plain words."""
        return header if header.startswith("client") else None

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.blocked = threading.Semaphore(0)

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path == "/block":
            self.blocked.release()
            self.gate.wait(20)
        answer = b"x" * 50_000_000 if path == "/large" else environ["wsgi.input"].read(CAP + 1) or path.encode()
        start("200 OK", [("Content-Length", str(len(answer)))])
        return [answer]


class House:
    """A worker that runs in this process, with as few threads as may be."""

    def __init__(self, threads: int, connections: int) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.app = App()
        cfg = Config()
        for name, value in {"threads": threads, "worker_connections": connections, "keepalive": 15}.items():
            cfg.set(name, value)
        self.worker = Worker(1, os.getppid(), [self.listener], self.app, 30, cfg, GunicornLogger(cfg))
        self.worker.wsgi = self.app
        self.worker.init_process()
        self._thread = threading.Thread(target=self.worker.run, daemon=True)
        self._thread.start()
        self._open: list[socket.socket] = []

    def connect(self, words: bytes = b"") -> socket.socket:
        """A connection over which these words have been sent; it stays open."""
        made = socket.create_connection(("127.0.0.1", self.port), 10)
        self._open.append(made)
        made.sendall(words)
        return made

    def get(self, path: str = "/there") -> bytes:
        """The answer to a request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse().read()
        connection.close()
        return answer

    def stop(self) -> None:
        """As SIGTERM does."""
        self.worker.handle_exit(None, None)

    def close(self) -> None:
        self.app.gate.set()
        for connection in self._open:
            connection.close()
        self.stop()
        self._thread.join(20)
        assert not self._thread.is_alive()
        self.worker.tmp.close()
        assert self.worker.nr_conns == 0
        assert self.worker._received == 0  # noqa: SLF001


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., House]]:
    monkeypatch.setattr(base.Worker, "init_process", lambda _: None)  # signals are the main thread's
    monkeypatch.setattr(working, "LINGER_SECONDS", 0.3)
    monkeypatch.setattr(working, "TICK_SECONDS", 0.02)
    made: list[House] = []

    def make(threads: int = 1, connections: int = 100) -> House:
        made.append(House(threads, connections))
        return made[-1]

    yield make
    for one in made:
        one.close()


def heard(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    connection.settimeout(10)
    words = b""
    while part := connection.recv(65536):
        words += part
    return words


def answer(connection: socket.socket, size: int) -> bytes:
    """The body of one answer of this size; the connection stays open."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    assert response.status == 200
    body = response.read()
    assert len(body) == size
    return body


def refusal(words: bytes, status: int) -> str:
    head, _, body = words.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Connection: close" in head
    code: str = json.loads(body)["issue"][0]["code"]
    return code


def test_half_sent_requests_hold_no_thread(house: Callable[..., House]) -> None:
    """One thread, and more half-sent requests of every kind than it could ever serve."""
    one = house(threads=1)
    for half in (
        b"",
        HEAD[:20],
        HEAD + b"12",
        HEAD.replace(b"Content-Length: 5", b"Transfer-Encoding: chunked") + b"5\r\n",
    ):
        for _ in range(6):
            one.connect(half)
    assert one.get() == b"/there"
    finished = one.connect(HEAD + b"12")
    finished.sendall(b"345")
    assert answer(finished, 5) == b"12345"


def test_one_connection_carries_many_requests_also_sent_at_once(house: Callable[..., House]) -> None:
    one = house()
    connection = one.connect(HEAD + b"12345" + HEAD + b"678")
    response = http.client.HTTPResponse(connection)
    response.begin()
    assert response.read() == b"12345"
    connection.sendall(b"90")
    assert answer(connection, 5) == b"67890"
    connection.sendall(HEAD + b"abcde")
    assert answer(connection, 5) == b"abcde"


@pytest.mark.parametrize(
    ("name", "half"), [("HEAD_SECONDS", HEAD[:20]), ("BODY_SECONDS", HEAD.replace(b": 5", b": 9000"))]
)
def test_a_request_that_does_not_come_in_time_is_told_so(
    house: Callable[..., House], monkeypatch: pytest.MonkeyPatch, name: str, half: bytes
) -> None:
    """Also when something comes all the time: the deadline is for the whole of it."""
    monkeypatch.setattr(working, name, 0.3)
    one = house()
    connection = one.connect(half)
    dripping, stop = one.connect(half), threading.Event()

    def drip() -> None:
        while not stop.wait(0.02):
            try:
                dripping.sendall(b"x")
            except OSError:
                return

    drops = threading.Thread(target=drip, daemon=True)
    drops.start()
    assert refusal(heard(connection), 408) == "timeout"
    assert heard(dripping).startswith(b"HTTP/1.1 408 ")
    stop.set()
    drops.join(5)


def test_a_silent_connection_is_closed_without_a_word(house: Callable[..., House]) -> None:
    one = house()
    one.worker.cfg.set("keepalive", 0)
    assert heard(one.connect()) == b""


def of(client: str, path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nAUTHORIZATION:  {client} \r\n\r\n".encode()


def test_one_of_several_clients_holds_all_threads_but_one(house: Callable[..., House]) -> None:
    """Its further calls wait for its own threads, in their order; another's are answered, and whoever names nobody."""
    one = house(threads=3)
    blocked = [one.connect(of("client a", "/block")) for _ in range(5)]
    for _ in range(2):
        assert one.app.blocked.acquire(timeout=10)
    assert answer(one.connect(of("client b", "/there")), 6) == b"/there"
    assert one.get() == b"/there"
    assert not one.app.blocked.acquire(blocking=False)
    one.app.gate.set()
    for connection in blocked:
        assert answer(connection, 6) == b"/block"
    for _ in range(3):
        assert one.app.blocked.acquire(timeout=10)
    one.close()
    assert not one.worker._holds  # noqa: SLF001
    assert not one.worker._queues  # noqa: SLF001


def test_with_one_thread_a_client_is_still_answered(house: Callable[..., House]) -> None:
    one = house(threads=1)
    assert answer(one.connect(of("client a", "/there")), 6) == b"/there"


def test_who_names_no_client_of_several_holds_as_many_threads_as_come(house: Callable[..., House]) -> None:
    one = house(threads=2)
    for _ in range(2):
        one.connect(of("nobody", "/block"))
    for _ in range(2):
        assert one.app.blocked.acquire(timeout=10)


def test_probes_have_threads_of_their_own(house: Callable[..., House]) -> None:
    one = house(threads=1)
    one.connect(b"GET /block HTTP/1.1\r\n\r\n")
    assert one.app.blocked.acquire(timeout=10)
    waiting = one.connect(b"GET /there HTTP/1.1\r\n\r\n")
    assert one.get("/livez") == b"/livez"
    assert one.get("/readyz?x") == b"/readyz"
    one.app.gate.set()
    assert answer(waiting, 6) == b"/there"


def test_a_client_that_does_not_take_its_answer_frees_the_thread(
    house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "SEND_SECONDS", 0.2)
    one = house(threads=1)
    for _ in range(3):
        one.connect(b"GET /large HTTP/1.1\r\n\r\n")
    assert one.get() == b"/there"


def test_a_client_that_does_not_close_after_its_answer_holds_up_nobody(house: Callable[..., House]) -> None:
    one = house()
    for _ in range(5):
        kept = one.connect(b"GET /there HTTP/1.0\r\n\r\n")
        assert answer(kept, 6) == b"/there"
    assert one.get() == b"/there"
    kept.settimeout(10)
    assert kept.recv(1) == b""


def test_in_a_full_house_who_is_idle_gives_way(house: Callable[..., House]) -> None:
    """Before who is sending, and the longest idle first."""
    one = house(connections=4)
    sending = one.connect(HEAD + b"12")
    idle = [one.connect() for _ in range(3)]
    assert one.get() == b"/there"
    assert heard(idle[0]) == b""
    sending.sendall(b"345")
    assert answer(sending, 5) == b"12345"


def test_half_received_bodies_take_bounded_memory(house: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> None:
    """What has taken longest is not waited for, and told to come again."""
    monkeypatch.setattr(working, "MOST_BODIES", 2)
    one = house(threads=1)
    half = HEAD.replace(b": 5", b": 9000") + b"x" * 8000
    connections = [one.connect(half) for _ in range(2)]
    assert one.get() == b"/there"
    assert one.worker._received <= 2 * CAP  # noqa: SLF001
    connections.append(one.connect(half))
    assert refusal(heard(connections[0]), 503) == "transient"
    for connection in connections[1:]:
        connection.sendall(b"x" * 1000)
        assert answer(connection, 9000)


def test_who_asks_whether_to_go_on_is_told_to(house: Callable[..., House]) -> None:
    one = house()
    connection = one.connect(HEAD[:-2] + b"Expect: 100-continue\r\n\r\n")
    connection.settimeout(10)
    assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
    connection.sendall(b"12345")
    assert answer(connection, 5) == b"12345"


def test_a_body_that_is_not_waited_for_ends_its_connection(house: Callable[..., House]) -> None:
    """The rest of it would else be taken for the next request."""
    one = house()
    words = heard(one.connect(HEAD.replace(b": 5", b": 10001") + b"GET /evil HTTP/1.1\r\n\r\n"))
    assert b"Connection: close" in words
    assert words.count(b"HTTP/1.1 ") == 1


def test_a_stopping_worker_still_accepts_for_a_while_and_says_that_it_closes(
    house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "LINGER_SECONDS", 5.0)
    one = house()
    before = one.connect(HEAD + b"12")
    kept = one.connect(HEAD + b"12345")
    assert answer(kept, 5) == b"12345"
    one.stop()
    after = heard(one.connect(HEAD + b"12345"))
    assert after.startswith(b"HTTP/1.1 200 ")
    assert b"Connection: close" in after
    for connection, rest in ((before, b"345"), (kept, HEAD + b"12345")):
        connection.sendall(rest)
        assert b"Connection: close" in heard(connection)
