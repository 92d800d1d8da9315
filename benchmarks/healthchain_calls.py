"""HealthChain's SandboxClient against the service as it is served, with and without CDS_ALLOW_OTHER_PATIENT.

    python benchmarks/healthchain_calls.py

The client makes up user and patient, so that without the setting each call is refused as a mix-up, and with it the
prefetch's own patient is advised on. Each situation is sent by its keys and as one Bundle. Exit status 1 when it is
not so.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import HEALTHCHAIN, HERE, PATIENT_VIEW, install_healthchain
from load import free_port, server

SITUATIONS = HERE.parent / "fhir_fixtures"
SENT = ("cramps-at-night", "cramps-quinine-hypokalaemia")


def prefetches(folder: Path) -> list[Path]:
    """The files the client loads: of each situation the prefetch by its keys, and the whole chart as one Bundle."""
    made = []
    for name in SENT:
        request = json.loads((SITUATIONS / name / "request.json").read_text())
        chart = json.loads((SITUATIONS / name / "chart.json").read_text())
        for shape, prefetch in (("keys", request["prefetch"]), ("bundle", {"resourceType": "Bundle", **chart})):
            made.append(folder / f"{name} by {shape}.json")
            made[-1].write_text(json.dumps(prefetch))
    return made


def answers(files: list[Path], folder: Path, *, allowed: bool) -> list[list[str]]:
    """The topics of the cards each file brought."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "cds-service"), "serve", "--port", str(port)]
    environment = {
        "WEB_CONCURRENCY": "1",
        "CDS_DATABASE_URL": f"sqlite:///{folder}/{allowed}.db",
        "CDS_ALLOW_OTHER_PATIENT": str(allowed).lower(),
    }
    client = [str(HEALTHCHAIN / "bin" / "python"), str(HERE / "healthchain_client.py")]
    with server(command, port, **environment):
        address = f"http://127.0.0.1:{port}{PATIENT_VIEW}"
        run = subprocess.run([*client, address, *map(str, files)], check=True, capture_output=True, text=True)
    found = json.loads(run.stdout)
    return [[card["source"]["topic"]["code"] for card in one["response"].get("cards", [])] for one in found]


def main() -> int:
    """Print what each call came to; 1 when the setting does not tell refusal from advice."""
    if not install_healthchain():
        print("HealthChain could not be installed")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        files = prefetches(Path(folder))
        refused = answers(files, Path(folder), allowed=False)
        served = answers(files, Path(folder), allowed=True)
    for file, without, withal in zip(files, refused, served, strict=True):
        print(f"{file.stem:40s} without: {without or 'refused'}   with: {', '.join(withal) or 'no card'}")
    return 0 if not any(refused) and all(served) else 1


if __name__ == "__main__":
    sys.exit(main())
