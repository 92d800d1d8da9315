"""Feedback under load: nothing acknowledged is lost, nothing is doubled, also when workers are killed.

Starts ``cds-service serve`` on a database of its own, sends feedback in batches while patient-view calls
run, kills workers with SIGKILL on the way, and compares what was acknowledged with what is in the store.
A batch that got no answer is sent again, as a client would; some are sent twice for no reason.

    python benchmarks/feedback_load.py                       # SQLite, 2 workers, 20,000 items, 3 kills
    python benchmarks/feedback_load.py --postgresql          # the same on the development PostgreSQL
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread
from uuid import UUID, uuid4

from sqlalchemy import func, select

from cds_service.store.database import Database
from cds_service.store.tables import call_count, feedback, issued_card

SERVICE = "/cds-services/leg-cramps-patient-view"
SENDERS = 4
CALLERS = 2
SENT_TWICE = 0.1  # of the batches
GIVE_UP_SECONDS = 30.0  # on one batch
_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Load:
    """What to do. ``kills``: how many times a worker is killed while the feedback is under way."""

    database_url: str
    items: int = 20_000
    batch: int = 50
    workers: int = 2
    kills: int = 3
    calls: bool = True


@dataclass
class Outcome:
    """What came of it. Times in milliseconds."""

    acknowledged: int = 0
    kept: int = 0
    lost: int = 0
    doubled: int = 0
    kills: int = 0
    resent: int = 0
    seconds: float = 0.0
    calls: int = 0
    failed_calls: int = 0
    calls_recorded: int = 0
    cards_recorded: int = 0
    feedback_ms: list[float] = field(default_factory=list)
    call_ms: list[float] = field(default_factory=list)


class Client:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: http.client.HTTPConnection | None = None

    def post(self, path: str, body: bytes) -> int:
        """The status. Raises OSError or HTTPException when there was no answer."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            self._connection.request("POST", path, body, {"Content-Type": "application/json"})
            response = self._connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        return response.status

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@contextlib.contextmanager
def server(load: Load, folder: Path) -> Iterator[tuple[int, int]]:
    """A running service: its port and its process id; stopped gracefully afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = os.environ | {
        "CDS_DATABASE_URL": load.database_url,
        "CDS_LOG_FORMAT": "json",
        "WEB_CONCURRENCY": str(load.workers),
    }
    command = [sys.executable, "-m", "cds_service", "serve", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            _wait_until_ready(port, process)
            yield port, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _wait_until_ready(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            status = connection.getresponse().status
            connection.close()
            if status == http.client.OK:
                return
        time.sleep(0.1)
    message = "the service did not start"
    raise RuntimeError(message)


def run(load: Load, folder: Path) -> Outcome:
    """Do it, and compare."""
    outcome = Outcome()
    batches = [_batch(start, min(load.batch, load.items - start)) for start in range(0, load.items, load.batch)]
    acknowledged: set[UUID] = set()
    lock, done = Lock(), Event()
    with server(load, folder) as (port, process):
        helpers = [Thread(target=_kill, args=(process, load.kills, len(batches), outcome, done))]
        if load.calls:
            helpers += [Thread(target=_call, args=(port, outcome, lock, done)) for _ in range(CALLERS)]
        for helper in helpers:
            helper.start()
        began = time.monotonic()

        def send(share: list[tuple[list[UUID], bytes]]) -> None:
            with contextlib.closing(Client(port)) as client:
                for cards, body in share:
                    for _ in range(2 if random.random() < SENT_TWICE else 1):
                        _send(client, body, outcome, lock)
                    with lock:
                        acknowledged.update(cards)

        with ThreadPoolExecutor(SENDERS) as pool:
            list(pool.map(send, [batches[place::SENDERS] for place in range(SENDERS)]))
        outcome.seconds = time.monotonic() - began
        done.set()
        for helper in helpers:
            helper.join()
    outcome.acknowledged = len(acknowledged)
    _compare(load, acknowledged, outcome)
    return outcome


def _batch(start: int, size: int) -> tuple[list[UUID], bytes]:
    cards = [uuid4() for _ in range(size)]
    items = [
        {
            "card": str(card),
            "outcome": "overridden",
            "overrideReason": {"reason": {"code": "later"}, "userComment": "not kept"},
            "outcomeTimestamp": (_NOON + timedelta(milliseconds=start + place)).isoformat(),
        }
        for place, card in enumerate(cards)
    ]
    return cards, json.dumps({"feedback": items}).encode()


def _send(client: Client, body: bytes, outcome: Outcome, lock: Lock) -> None:
    """Send a batch until it is acknowledged."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while True:
        began = time.perf_counter()
        try:
            status = client.post(f"{SERVICE}/feedback", body)
        except (OSError, http.client.HTTPException):
            status = 0
        if status == http.client.OK:
            with lock:
                outcome.feedback_ms.append((time.perf_counter() - began) * 1000)
            return
        with lock:
            outcome.resent += 1
        if status not in (0, http.client.SERVICE_UNAVAILABLE) or time.monotonic() > deadline:
            message = f"feedback was answered with {status}"
            raise RuntimeError(message)
        time.sleep(0.05)


def _call(port: int, outcome: Outcome, lock: Lock, done: Event) -> None:
    """Patient-view calls, one after the other."""
    client = Client(port)
    condition = {
        "resourceType": "Condition",
        "id": "1",
        "subject": {"reference": "Patient/1"},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"text": "leg cramps"},
    }
    prefetch = {
        "patient": {"resourceType": "Patient", "id": "1", "birthDate": "1950-01-01"},
        "conditions": {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": condition}]},
    }
    request = {"hook": "patient-view", "context": {"userId": "Practitioner/1", "patientId": "1"}, "prefetch": prefetch}
    while not done.is_set():
        body = json.dumps(request | {"hookInstance": str(uuid4())}).encode()
        began = time.perf_counter()
        try:
            status = client.post(SERVICE, body)
        except (OSError, http.client.HTTPException):
            status = 0
        with lock:
            if status == http.client.OK:
                outcome.calls += 1
                outcome.call_ms.append((time.perf_counter() - began) * 1000)
            else:
                outcome.failed_calls += 1
    client.close()


def _kill(process: int, kills: int, batches: int, outcome: Outcome, done: Event) -> None:
    """Kill a worker each time another share of the batches is acknowledged."""
    children = Path(f"/proc/{process}/task/{process}/children")
    for number in range(kills):
        while len(outcome.feedback_ms) < batches * (number + 1) / (kills + 1):
            if done.wait(0.005):
                return
        workers = children.read_text().split()
        if workers:
            os.kill(int(random.choice(workers)), signal.SIGKILL)
            outcome.kills += 1


def _compare(load: Load, acknowledged: set[UUID], outcome: Outcome) -> None:
    with contextlib.closing(Database(load.database_url)) as database, database.read() as connection:
        kept = list(connection.execute(select(feedback.c.card)).scalars())
        outcome.kept = len(kept)
        outcome.lost = len(acknowledged - set(kept))
        outcome.doubled = len(kept) - len(set(kept))
        outcome.calls_recorded = int(connection.execute(select(func.sum(call_count.c.calls))).scalar_one() or 0)
        outcome.cards_recorded = connection.execute(select(func.count()).select_from(issued_card)).scalar_one()


def _said(outcome: Outcome) -> str:
    def times(milliseconds: list[float]) -> str:
        if len(milliseconds) < 2:  # noqa: PLR2004 - no quantiles of one
            return "-"
        cuts = statistics.quantiles(milliseconds, n=100)
        return f"median {cuts[49]:.1f} ms, 95% within {cuts[94]:.1f} ms, 99% within {cuts[98]:.1f} ms"

    return "\n".join(
        (
            f"feedback   {outcome.acknowledged:,} acknowledged in {outcome.seconds:.1f} s: {outcome.acknowledged / outcome.seconds:,.0f} a second",
            f"           {outcome.kept:,} kept, {outcome.lost} lost, {outcome.doubled} doubled",
            f"           a batch: {times(outcome.feedback_ms)}",
            f"killed     {outcome.kills} workers; {outcome.resent} batches sent again",
            f"calls      {outcome.calls:,} patient-view answered, {outcome.failed_calls} without an answer",
            f"           {outcome.calls_recorded:,} recorded, with {outcome.cards_recorded:,} cards",
            f"           a call: {times(outcome.call_ms)}",
        )
    )


def main() -> int:
    """Exit status 1 when anything was lost or doubled."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--database-url", help="an empty database; a temporary SQLite file if not given")
    arguments.add_argument("--postgresql", action="store_true", help="start the development PostgreSQL for it")
    for name, default in (("items", 20_000), ("batch", 50), ("workers", 2), ("kills", 3)):
        arguments.add_argument(f"--{name}", type=int, default=default)
    arguments.add_argument("--no-calls", action="store_true", help="feedback alone, without patient-view calls")
    given = arguments.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = given.database_url or f"sqlite:///{folder / 'load.db'}"
        if given.postgresql:
            sys.path.insert(0, str(Path(__file__).parents[1]))
            from tests.postgres import running_server  # type: ignore[import-not-found]  # noqa: PLC0415

            url = stack.enter_context(running_server()).new_database()
        load = Load(url, given.items, given.batch, given.workers, given.kills, not given.no_calls)
        outcome = run(load, folder)
    print(_said(outcome))
    return 1 if outcome.lost or outcome.doubled or outcome.acknowledged != given.items else 0


if __name__ == "__main__":
    sys.exit(main())
