"""The whole service as it is wired, with callers checked: its hospital, its tokens, its calls."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

from tests.trust.hospital import Keys, jwk, sign

ISS = "https://fhir.rs.example/r4"
KID = "2026-01"
BASE = "https://cds.example.org"
SERVICE = "/cds-services/leg-cramps-patient-view"


def body(**changes: Any) -> dict[str, Any]:
    """A call of a patient with leg cramps."""
    found = {
        "hook": "patient-view",
        "hookInstance": str(uuid4()),
        "context": {"userId": "Practitioner/1", "patientId": "1"},
        "prefetch": {
            "patient": {"resourceType": "Patient", "id": "1", "birthDate": "1960-01-01", "gender": "female"},
            "conditions": {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": cramps()}]},
        },
    }
    return found | changes


def cramps() -> dict[str, Any]:
    """Leg cramps, active."""
    system = "http://terminology.hl7.org/CodeSystem/condition-clinical"
    return {
        "resourceType": "Condition",
        "id": "cramps",
        "clinicalStatus": {"coding": [{"system": system, "code": "active"}]},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "449917004"}]},
        "subject": {"reference": "Patient/1"},
    }


@dataclass(frozen=True)
class Hospital:
    """One issuer of the service; ``toml`` is its file."""

    keys: Keys
    toml: Path

    def token(self, **changes: Any) -> str:
        """A token that is good now, once."""
        now = int(time.time())
        claims = {"iss": ISS, "aud": BASE + SERVICE, "iat": now, "exp": now + 300, "jti": str(uuid4())} | changes
        return sign(self.keys.epic, claims, kid=KID)

    def bearer(self, **changes: Any) -> dict[str, str]:
        """The header with such a token."""
        return {"Authorization": f"Bearer {self.token(**changes)}"}


def hospital(folder: Path, keys: Keys, more: str = "") -> Hospital:
    """Write the issuers file and its key set."""
    (folder / "keys.json").write_text(json.dumps({"keys": [jwk(keys.epic, KID)]}))
    file = folder / "issuers.toml"
    file.write_text(f'[[issuer]]\niss = "{ISS}"\njwks_file = "keys.json"\n{more}')
    return Hospital(keys, file)


@dataclass(frozen=True)
class Answered:
    """One answer over the wire."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Running:
    """A service in a process of its own, with its workers."""

    process: "subprocess.Popen[bytes]"
    url: str
    output: Path

    def ask(self, path: str, data: Any = None, headers: dict[str, str] | None = None) -> Answered:
        """GET, or POST when there is data (JSON, or bytes as they are)."""
        content = data if data is None or isinstance(data, bytes) else json.dumps(data).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        try:
            with urlopen(Request(self.url + path, content, sent), timeout=60) as reply:  # noqa: S310 - http, to ourselves
                return Answered(reply.status, reply.read(), dict(reply.headers))
        except HTTPError as error:
            with error:
                return Answered(error.code, error.read(), dict(error.headers))

    def stop(self) -> int:
        """SIGTERM, and the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=40)


@contextmanager
def running(folder: Path, workers: int = 1, module: str = "cds_service", **environment: str) -> Iterator[Running]:
    """Start ``cds-service serve`` and stop it afterwards; its output is in a file. ``module``: what is run."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    output = folder / f"output-{port}.txt"
    command = [sys.executable, "-m", module, "serve", "--port", str(port)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CDS_")}
    variables = {"CDS_DATABASE_URL": f"sqlite:///{folder}/cds.db", "WEB_CONCURRENCY": str(workers)} | environment
    with output.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=inherited | variables, stdout=out, stderr=out)
    service = Running(process, f"http://127.0.0.1:{port}", output)
    try:
        _wait_until_ready(service)
        yield service
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(service: Running) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            if service.ask("/readyz").status == 200:
                return
        except OSError:
            pass
        assert service.process.poll() is None, service.output.read_text()
        assert time.monotonic() < until, service.output.read_text()
        time.sleep(0.05)
