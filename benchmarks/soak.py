"""Keep the service at full load for ten minutes while its FHIR server fails and recovers; then time one quiet client.

    python benchmarks/soak.py [--minutes 10] [--rate 20]

Two workers. Some connections send complete prefetches, some only the conditions, so that the rest is
asked from a FHIR server that answers well for twenty seconds and is faulty for the next twenty. Counted:
every status; watched: the workers' memory. ``--rate`` bounds the calls a second, where the machine has other work. Timed afterwards, in turns: one client at 50 + 50, beside the
app that only parses.
"""

import argparse
import itertools
import json
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import ORDER_SIGN, PATIENT_VIEW, plain
from charts import body
from load import free_port, latencies, request_bytes, server

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.faulty_server import Asked, FhirServer, Script, bundle, drip, reply

PHASE_SECONDS = 20
COMPLETE, FETCHING = 3, 3
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
FAULTS: list[Script] = [
    [reply(OUTCOME, "500 Internal Server Error")],
    [reply(b"<html>oops</html>", "502 Bad Gateway", "text/html")],
    [3.0],
    [reply(bundle("a"))[:-20]],
    [reply(b'{"resourceType": "Bundle", "entry": [')],
    list(drip(reply(bundle("a")))),
    [b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n" + b" " * 500_000],
    [reply(OUTCOME, "401 Unauthorized")],
]


class Ehr:
    """A FHIR server whose faults can be switched on and off."""

    def __init__(self) -> None:
        self.faulty = False
        self._next = itertools.cycle(FAULTS)
        self._server = FhirServer(self._answer)
        self.base = self._server.base
        self.close = self._server.close

    def _answer(self, asked: Asked) -> Script:
        self._server.asked.clear()
        if self.faulty:
            return next(self._next)
        kind = asked.target.partition("?")[0].rpartition("/")[2]
        return [reply(bundle(kind=kind if kind.isalpha() else "Patient"))]


def asking(base: str) -> bytes:
    """A request that leaves all but the conditions to be fetched."""
    made: dict[str, Any] = json.loads(body(50, 0))
    made["prefetch"] = {"conditions": made["prefetch"]["conditions"]}
    made["fhirServer"] = base
    made["fhirAuthorization"] = {
        "access_token": "soak",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "patient/*.read",
        "subject": "soak",
    }
    return json.dumps(made).encode()


def ask(
    port: int, requests: list[bytes], stop: threading.Event, seen: Counter[str], slow: list[float], pause: float
) -> None:
    """Ask again and again, ``pause`` seconds apart at least; count statuses and broken connections, keep the times."""
    due = time.monotonic()
    for request in itertools.cycle(requests):
        if stop.wait(max(0.0, due - time.monotonic())):
            return
        due = max(due + pause, time.monotonic())
        try:
            started = time.perf_counter()
            status = _status(port, request)
            slow.append(time.perf_counter() - started)
        except OSError as error:
            status = type(error).__name__
        seen[status] += 1


def _status(port: int, request: bytes) -> str:
    closing = request.replace(b"Host: localhost", b"Host: localhost\r\nConnection: close", 1)
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.sendall(closing)
        received = b""
        while some := connection.recv(1 << 18):
            received = received or some
    return received[9:12].decode()


def memory(parent: int) -> float:
    """Megabytes of the server and its workers."""
    family = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True, check=False).stdout.split()
    pages = sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in [str(parent), *family])
    return pages * 4096 / 1e6


def main() -> None:
    """Run, and print a line a minute."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=0, help="calls a second, of all connections; 0: as many as go")
    given = parser.parse_args()
    ehr, port = Ehr(), free_port()
    command = [str(Path(sys.executable).parent / "cds-service"), "serve", "--port", str(port)]
    with TemporaryDirectory() as folder:
        environment = {
            "WEB_CONCURRENCY": "2",
            "CDS_DATABASE_URL": f"sqlite:///{folder}/soak.db",
            "CDS_ALLOW_PRIVATE_FHIR": "true",
        }
        with server(command, port, **environment) as parent:
            _soak(parent, port, ehr, given.minutes, given.rate)
            _tail(port)
    ehr.close()


def _soak(parent: int, port: int, ehr: Ehr, minutes: float, rate: float) -> None:
    complete = [request_bytes(PATIENT_VIEW, body(50, 50)), request_bytes(ORDER_SIGN, body(50, 50, hook="order-sign"))]
    fetching = [request_bytes(PATIENT_VIEW, asking(ehr.base))]
    stop, seen = threading.Event(), Counter[str]()
    times: dict[str, list[float]] = {"complete": [], "fetching": []}
    work = [("complete", complete)] * COMPLETE + [("fetching", fetching)] * FETCHING
    pause = len(work) / rate if rate else 0.0
    threads = [threading.Thread(target=ask, args=(port, sent, stop, seen, times[name], pause)) for name, sent in work]
    for thread in threads:
        thread.start()
    started = reported = time.monotonic()
    print(f"{0:5.1f} min  {memory(parent):6.0f} MB", flush=True)
    while time.monotonic() - started < minutes * 60:
        time.sleep(1)
        ehr.faulty = int((time.monotonic() - started) / PHASE_SECONDS) % 2 == 1
        if time.monotonic() - reported >= 60:  # noqa: PLR2004 - a line a minute
            reported = time.monotonic()
            print(f"{(reported - started) / 60:5.1f} min  {memory(parent):6.0f} MB  {dict(seen)}", flush=True)
    stop.set()
    for thread in threads:
        thread.join()
    print(f"  end      {memory(parent):6.0f} MB  {dict(seen)}")
    for name, taken in times.items():
        ordered = sorted(taken)
        middle, tail, last = (
            ordered[min(int(len(ordered) * part), len(ordered) - 1)] * 1000 for part in (0.5, 0.99, 1)
        )
        print(f"{name:9s} {len(ordered)} calls: median {middle:.0f} ms, p99 {tail:.0f} ms, slowest {last:.0f} ms")


def _tail(port: int) -> None:
    request = request_bytes(PATIENT_VIEW, body(50, 50))
    taken: dict[str, list[float]] = {"service": [], "parse-only": []}
    with plain("parse_only") as other:
        for _ in range(20):
            taken["service"] += latencies(port, [request], 100)
            taken["parse-only"] += latencies(other.port, [request], 100)
    tails = {name: sorted(times)[int(len(times) * 0.99)] * 1000 for name, times in taken.items()}
    print(f"p99 of one client at 50 + 50: {tails}, ratio {tails['service'] / tails['parse-only']:.1f}")


if __name__ == "__main__":
    main()
