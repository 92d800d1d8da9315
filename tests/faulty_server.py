"""A FHIR server on a real loopback socket that does exactly what a test tells it to, also what no server should."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

Script = Iterable[bytes | float]
"""Bytes to send, and seconds to wait between them."""


@dataclass(frozen=True)
class Asked:
    """One request as it came in. ``headers`` by lower-case name."""

    target: str
    headers: dict[str, str]


def reply(
    body: bytes | dict[str, Any], status: str = "200 OK", kind: str = "application/fhir+json", **more: str
) -> bytes:
    """A whole HTTP answer."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def bundle(*ids: str, kind: str = "Condition", next_link: str | None = None, **more: Any) -> dict[str, Any]:
    """A searchset page."""
    found: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", **more}
    found["entry"] = [{"resource": {"resourceType": kind, "id": one}, "search": {"mode": "match"}} for one in ids]
    if next_link is not None:
        found["link"] = [{"relation": "self", "url": "x"}, {"relation": "next", "url": next_link}]
    return found


@dataclass
class FhirServer:
    """Listens until closed; ``answer`` makes the script for each request."""

    answer: Callable[[Asked], Script]
    tls: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._closing = threading.Event()
        scheme = "https" if self.tls else "http"
        self.base = f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}/fhir/r4"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._closing.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        with suppress(OSError, ValueError, IndexError):  # also when what came is no HTTP
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as incoming:
                while self._one(connection, incoming):
                    pass
        connection.close()

    def _one(self, connection: socket.socket, incoming: Any) -> bool:
        line = incoming.readline().decode("latin-1")
        if not line:
            return False
        headers = {}
        while (header := incoming.readline().decode("latin-1").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        asked = Asked(line.split(" ")[1], headers)
        self.asked.append(asked)
        for step in self.answer(asked):
            if isinstance(step, bytes):
                connection.sendall(step)
            elif self._closing.wait(step):
                return False
        return True


def drip(content: bytes, seconds: float = 0.05) -> Script:
    """One byte after another."""
    for number in range(len(content)):
        yield content[number : number + 1]
        yield seconds


def flood(until: float) -> Script:
    """A body that never ends."""
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
    while time.monotonic() < until:
        yield b" " * 65536
