"""A FHIR server that takes 20 ms for every answer, with or without TLS.

    python benchmarks/slow_fhir.py PORT [CERTIFICATE KEY]

It has one patient; the one order refers to a Medication, so that a call that brings nothing asks in two rounds.
"""

import json
import ssl
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from charts import chart

SECONDS = 0.02
MEDICATION = {"resourceType": "Medication", "id": "7", "code": {"text": "atorvastatin"}}
KEYS = {
    "Condition": "conditions",
    "Observation": "observations",
    "MedicationRequest": "medicationRequests",
    "MedicationStatement": "medicationStatements",
    "AllergyIntolerance": "allergies",
}


def answers() -> dict[str, bytes]:
    """What is answered, by the path's first part."""
    made = chart(50, 50)
    (order,) = (entry["resource"] for entry in made["medicationRequests"]["entry"])
    del order["medicationCodeableConcept"]
    order["medicationReference"] = {"reference": "Medication/7"}
    found = {kind: made[key] for kind, key in KEYS.items()} | {"Patient": made["patient"], "Medication": MEDICATION}
    return {kind: json.dumps(resource).encode() for kind, resource in found.items()}


class Handler(BaseHTTPRequestHandler):
    """Answers over a connection that is kept."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer goes out in one piece
    answers = answers()

    def do_GET(self) -> None:
        """Wait, and answer."""
        time.sleep(SECONDS)
        body = self.answers[urlsplit(self.path).path.split("/")[1]]
        self.send_response(200)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Threads of which each does its own handshake."""

    daemon_threads = True
    request_queue_size = 64
    context: ssl.SSLContext | None = None

    def finish_request(self, request: object, client_address: object) -> None:
        """Answer one connection."""
        if self.context is not None:
            request = self.context.wrap_socket(request, server_side=True)  # type: ignore[arg-type]
        super().finish_request(request, client_address)  # type: ignore[arg-type]


def main(port: str, *certificate: str) -> None:
    """Serve until ended."""
    made = Server(("127.0.0.1", int(port)), Handler)
    if certificate:
        made.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.context.load_cert_chain(*map(Path, certificate))
    made.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
