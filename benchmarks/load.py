"""A small load: a few connections that each ask again as soon as they are answered, and servers to ask."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

CONNECTIONS = 4
START_SECONDS = 30


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], port: int, **environment: str) -> Iterator[int]:
    """A server process, up and listening; stopped at the end. Yields its process id."""
    variables = {**os.environ, **environment}
    process = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_listens(process, port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            message = f"the server ended with {process.returncode}"
            raise SystemExit(message)
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = "the server did not listen in time"
    raise SystemExit(message)


def request_bytes(path: str, body: bytes) -> bytes:
    """The whole HTTP/1.1 request."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@dataclass(frozen=True, slots=True)
class Rate:
    """Answers a second by the clock, and a second of the server's own processor time."""

    by_clock: float
    by_cpu: float


def rate(port: int, pid: int, requests: Sequence[bytes], seconds: float, connections: int = CONNECTIONS) -> Rate:
    """What a server with this process id answers over kept-alive connections, the requests one after another.

    Any answer but 200 ends the measurement.
    """
    counts = [0] * connections
    wrong: list[bytes] = []
    spent, started = cpu_seconds(pid), time.perf_counter()
    threads = [
        threading.Thread(
            target=_ask_until,
            args=(port, cycle(requests[place:] + requests[:place]), started + seconds, counts, place, wrong),
        )
        for place in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        message = f"not a 200: {wrong[0][:300]!r}"
        raise SystemExit(message)
    took, spent = time.perf_counter() - started, cpu_seconds(pid) - spent
    return Rate(sum(counts) / took, sum(counts) / spent)


def cpu_seconds(pid: int) -> float:
    """The processor time a process and its children, as far as they live, have taken; from Linux's /proc."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(cpu_seconds(int(child)) for child in children)


def _ask_until(
    port: int, requests: Iterator[bytes], end: float, counts: list[int], place: int, wrong: list[bytes]
) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.perf_counter() < end and not wrong:
            connection.sendall(next(requests))
            answer = _answer(connection)
            if not answer.startswith(b"HTTP/1.1 200"):
                wrong.append(answer)
                return
            counts[place] += 1


def latencies(port: int, requests: Iterable[bytes], count: int) -> list[float]:
    """Seconds of each of this many calls over one connection, one after the other."""
    measured = []
    asked = cycle(requests)
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(count):
            request = next(asked)
            started = time.perf_counter()
            connection.sendall(request)
            _answer(connection)
            measured.append(time.perf_counter() - started)
    return measured


def _answer(connection: socket.socket) -> bytes:
    received = bytearray()
    while (head := received.find(b"\r\n\r\n")) < 0:
        received += _some(connection)
    lines = bytes(received[:head]).lower().split(b"\r\n")
    length = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length"))
    while len(received) < head + 4 + length:
        received += _some(connection)
    return bytes(received)


def _some(connection: socket.socket) -> bytes:
    some = connection.recv(1 << 18)
    if not some:
        message = "the connection was closed early"
        raise SystemExit(message)
    return some


def python(*arguments: str) -> list[str]:
    """A command of this same Python."""
    return [sys.executable, *arguments]
