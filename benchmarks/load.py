"""A small load: a few connections that each ask again as soon as they are answered, and servers to ask."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

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


def throughput(port: int, request: bytes, seconds: float, connections: int = CONNECTIONS) -> float:
    """Answers a second over this many kept-alive connections. Any answer but 200 ends the measurement."""
    counts = [0] * connections
    wrong: list[bytes] = []
    end = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_ask_until, args=(port, request, end, counts, place, wrong))
        for place in range(connections)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        message = f"not a 200: {wrong[0][:300]!r}"
        raise SystemExit(message)
    return sum(counts) / (time.perf_counter() - started)


def _ask_until(port: int, request: bytes, end: float, counts: list[int], place: int, wrong: list[bytes]) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.perf_counter() < end and not wrong:
            connection.sendall(request)
            answer = _answer(connection)
            if not answer.startswith(b"HTTP/1.1 200"):
                wrong.append(answer)
                return
            counts[place] += 1


def latencies(port: int, request: bytes, count: int) -> list[float]:
    """Seconds of each of this many calls over one connection, one after the other."""
    measured = []
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(count):
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
