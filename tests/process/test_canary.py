"""No token, id, name, text or query of a call is ever written down: canaries in every place, then a search.

Looked through: standard output and error of the running service, and every byte of its store.
"""

import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from cds_service import pipeline
from cds_service.logs import configure
from tests.faulty_server import Asked, FhirServer, bundle, reply
from tests.running_service import BASE, ISS, KID, SERVICE, Hospital, Running, body, cramps, hospital, running
from tests.trust.hospital import Keys, sign

CANARY = "cANArY"
PLACES = {
    "family": f"{CANARY}Family",
    "given": f"{CANARY}Given",
    "patient": f"{CANARY}-patient",
    "user": f"{CANARY}-user",
    "encounter": f"{CANARY}-encounter",
    "access": f"{CANARY}.access.token",
    "problem": f"{CANARY} problem text",
    "drug": f"{CANARY} quinine 200 mg",
    "comment": f"{CANARY} comment",
    "query": f"{CANARY}=query",
}


def full_body(server: str, **changes: Any) -> dict[str, Any]:
    """A call with a canary in every member that can hold a patient's or a user's data."""
    patient = {
        "resourceType": "Patient",
        "id": PLACES["patient"],
        "name": [{"family": PLACES["family"], "given": [PLACES["given"]]}],
        "identifier": [{"system": "http://x", "value": f"{CANARY}-mrn"}],
        "birthDate": "1960-01-01",
    }
    subject = {"reference": f"Patient/{PLACES['patient']}", "display": PLACES["family"]}
    condition = {**cramps(), "id": f"{CANARY}-c", "subject": subject, "note": [{"text": f"{CANARY} note"}]}
    condition["code"] = {**condition["code"], "text": PLACES["problem"]}
    drug = {
        "resourceType": "MedicationRequest",
        "id": f"{CANARY}-m",
        "status": "active",
        "intent": "order",
        "subject": subject,
        "medicationCodeableConcept": {"text": PLACES["drug"]},
        "requester": {"display": f"Dr {CANARY}"},
    }
    found = body(
        context={
            "userId": f"Practitioner/{PLACES['user']}",
            "patientId": PLACES["patient"],
            "encounterId": PLACES["encounter"],
        },
        prefetch={
            "patient": patient,
            "conditions": bundle() | {"entry": [{"resource": condition}]},
            "x": bundle() | {"entry": [{"resource": drug}]},
        },
        fhirServer=server,
        fhirAuthorization={
            "access_token": PLACES["access"],
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": f"patient/*.read {CANARY}",
            "subject": f"{CANARY}-client",
        },
        extension={f"{CANARY}.example": CANARY},
    )
    return found | changes


def wrong_bodies(server: str) -> Iterator[bytes]:
    """Bodies that fail in each of the places where something can fail."""
    good = full_body(server)
    text = json.dumps(good)
    yield text[: len(text) // 2].encode()
    yield text.replace("patient-view", CANARY).encode()
    yield json.dumps(good | {"hookInstance": CANARY}).encode()
    yield json.dumps(good | {"context": CANARY}).encode()
    yield json.dumps(good | {"fhirAuthorization": {"access_token": PLACES["access"]}}).encode()
    yield json.dumps(good | {"prefetch": {"conditions": {"resourceType": CANARY}}}).encode()
    yield json.dumps(good | {"prefetch": {"patient": good["prefetch"]["patient"] | {"birthDate": CANARY}}}).encode()
    spoilt = json.loads(text)
    spoilt["prefetch"]["conditions"]["entry"][0]["resource"]["onsetDateTime"] = CANARY
    spoilt["prefetch"]["conditions"]["entry"].append(
        {"resource": {"resourceType": "Observation", "valueQuantity": CANARY}}
    )
    yield json.dumps(spoilt).encode()
    yield json.dumps(good | {"extension": {"org.cds-service.today": CANARY}}).encode()
    yield f'"{CANARY}"'.encode()
    yield CANARY.encode("utf-16")


@pytest.fixture
def ehr() -> Iterator[FhirServer]:
    """Fails in a different way for each query, with canaries in what it says."""

    def answer(asked: Asked) -> list[bytes]:
        outcome = {
            "resourceType": "OperationOutcome",
            "issue": [{"severity": "error", "diagnostics": f"{CANARY} outcome"}],
        }
        if "Observation" in asked.target:
            return [reply(outcome, f"500 {CANARY}")]
        if "Allergy" in asked.target:
            return [reply(f"<html>{CANARY}</html>".encode(), kind=f"text/{CANARY}")]
        if "Statement" in asked.target:
            return [f"{CANARY} is no HTTP\r\n\r\n".encode()]
        return [reply(bundle(next_link=f"http://{CANARY}.example/{CANARY}"))]

    server = FhirServer(answer)
    yield server
    server.close()


@pytest.fixture
def rs(tmp_path: Path, keys: Keys, ehr: FhirServer) -> Hospital:
    return hospital(tmp_path, keys, f'fhir_prefixes = ["{ehr.base}"]\n')


def drive(service: Running, rs: Hospital, ehr: FhirServer) -> list[str]:
    """Every kind of request; returns the tokens that were sent."""
    tokens: list[str] = []

    def bearer(**claims: Any) -> dict[str, str]:
        tokens.append(rs.token(jti=f"{CANARY}-{uuid4()}", sub=CANARY, **claims))
        return {"Authorization": f"Bearer {tokens[-1]}", "Referer": CANARY, "User-Agent": CANARY, "Cookie": CANARY}

    good = service.ask(f"{SERVICE}?{PLACES['query']}", full_body(ehr.base), bearer())
    assert good.status == 200
    card = json.loads(good.body)["cards"][0]["uuid"]
    for wrong in wrong_bodies(ehr.base):
        answer = service.ask(SERVICE, wrong, bearer())
        assert answer.status in (200, 400, 412), wrong
        assert answer.status == 200 or CANARY.encode() not in answer.body
    assert service.ask(SERVICE, full_body(f"http://{CANARY}.example/r4", prefetch={}), bearer()).status == 412
    assert (
        service.ask(f"/cds-services/{CANARY}?{CANARY}", full_body(ehr.base), bearer(aud=BASE + "/cds-services")).status
        == 404
    )
    assert service.ask(f"/{CANARY}/{quote(PLACES['problem'])}").status == 404
    item = {
        "card": card,
        "outcome": "overridden",
        "overrideReason": {"reason": {"code": f"{CANARY} said no", "system": CANARY}, "userComment": PLACES["comment"]},
        "outcomeTimestamp": "2026-03-02T10:00:00Z",
    }
    assert service.ask(f"{SERVICE}/feedback", {"feedback": [item]}, bearer()).status == 200
    assert service.ask(f"{SERVICE}/feedback", {"feedback": [item | {"card": CANARY}]}, bearer()).status == 400
    refused = [
        bearer(iss=f"https://{CANARY}.example"),
        bearer(iat=1, exp=2),
        bearer(aud=CANARY),
        bearer(tenant=[CANARY]),
        {"Authorization": f"Bearer {sign(rs.keys.attacker, {'iss': ISS, 'jti': CANARY}, kid=KID)}"},
        {"Authorization": f"Bearer {CANARY}"},
        {"Authorization": f"Basic {CANARY}"},
        {"Authorization": f"Bearer {tokens[0]}"},
    ]
    assert {service.ask(SERVICE, full_body(ehr.base), headers).status for headers in refused} == {401}
    _speak(service, f"{CANARY} / HTTP/1.1\r\nHost: {CANARY}\r\n\r\n".encode())
    _speak(service, f"GET /{CANARY} HTTP/9.{CANARY}\r\n\r\n".encode())
    _speak(service, f"GET / HTTP/1.1\r\nHost: x\r\n{CANARY} : {CANARY}\r\n\r\n".encode())
    _speak(service, f"POST {SERVICE} HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n{CANARY}".encode())
    return tokens


def _speak(service: Running, content: bytes) -> None:
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(60)
        while connection.recv(65536):
            pass


def test_nothing_of_a_call_is_written_down(tmp_path: Path, rs: Hospital, ehr: FhirServer) -> None:
    store = tmp_path / "store"
    store.mkdir()
    environment = {
        "CDS_ISSUERS": str(rs.toml),
        "CDS_PUBLIC_BASE_URL": BASE,
        "CDS_DATABASE_URL": f"sqlite:///{store}/cds.db",
        "CDS_LOG_FORMAT": "json",
        "CDS_FETCH_DEADLINE_SECONDS": "1",
    }
    with running(tmp_path, **environment) as service:
        tokens = drive(service, rs, ehr)
        time.sleep(0.3)
        assert service.stop() == 0
    written = {file.name: file.read_bytes() for file in (service.output, *store.iterdir())}
    assert written["cds.db"]
    assert b'"status":200' in written[service.output.name]  # it did log
    for name, content in written.items():
        assert CANARY.lower().encode() not in content.lower(), name
        assert not [token for token in tokens if token.rpartition(".")[2].encode() in content], name
    assert any(CANARY in str(asked) for asked in ehr.asked)  # and the canaries did come through


def test_nothing_of_an_error_nobody_foresaw_is_written_down(
    start: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        cause, found = f"{CANARY} cause", f"{CANARY} message"
        raise RuntimeError(found) from KeyError(cause)

    monkeypatch.setattr(pipeline, "answer", fail)
    configure("json")
    response = start().post(SERVICE, json=full_body("http://127.0.0.1:9/r4"), buffered=True)
    assert response.status_code == 500
    written = capfd.readouterr()
    assert "RuntimeError" in written.err
    assert CANARY not in response.text + written.out + written.err
