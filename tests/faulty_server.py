"""A FHIR server on a real loopback socket that does exactly what a test tells it to, also what no server should."""

import json
import math
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, cycle, repeat
from typing import Any
from urllib.parse import parse_qsl

Script = Iterable[bytes | float]
"""Bytes to send, and seconds to wait between them."""
HOLD = math.inf
"""To wait until the test is over."""


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


@dataclass(frozen=True)
class Habits:
    """A server that behaves, as real ones do: what a FhirServer answers with.

    ``stored``: its resources, in the order in which a search brings them: oldest first. ``page``: entries of a page
    unless ``_count`` says more, up to ``most``. ``takes_count``: False answers 400 to it. ``knows_patient``: False
    answers 404 to a read of a Patient, and every search with nothing found. Pages have no total, and the next one is
    named by a number of the server's own.
    """

    stored: Sequence[dict[str, Any]]
    page: int = 20
    most: int = 1000
    takes_count: bool = True
    knows_patient: bool = True

    def __call__(self, asked: Asked) -> Script:
        path, _, query = asked.target.removeprefix("/fhir/r4/").partition("?")
        parameters = dict(parse_qsl(query))
        kind, _, own = path.partition("/")
        stored = [one for one in self.stored if one["resourceType"] == kind and self.knows_patient]
        if own:
            found = next((one for one in stored if one["id"] == own), None)
            return [
                reply({"resourceType": "OperationOutcome", "issue": []}, "404 Not Found")
                if found is None
                else reply(found)
            ]
        if "_count" in parameters and not self.takes_count:
            return [reply({"resourceType": "OperationOutcome", "issue": []}, "400 Bad Request")]
        start, count = 0, min(int(parameters.get("_count", self.page)), self.most)
        if "_page" in parameters:
            start, count = map(int, parameters["_page"].split("-"))
        entries = [{"resource": one, "search": {"mode": "match"}} for one in stored[start : start + count]]
        links = [{"relation": "self", "url": asked.target}]
        if start + count < len(stored):
            links.append({"relation": "next", "url": f"{kind}?_page={start + count}-{count}"})
        return [reply({"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries})]


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
        connection.settimeout(60)
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
            elif self._closing.wait(None if step == HOLD else step):
                return False
        return True


def drip(content: bytes, for_ever: bytes = b"", seconds: float = 0.05) -> Script:
    """One byte after another, and then ``for_ever`` again and again."""
    for number in chain(content, cycle(for_ever)):
        yield bytes((number,))
        yield seconds


def flood() -> Script:
    """A body that never ends."""
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
    yield from repeat(b" " * 65536)
