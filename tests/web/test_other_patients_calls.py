"""The calls of a test client that makes up user and patient, as HealthChain's SandboxClient sends them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import situations

CALL = "/cds-services/leg-cramps-patient-view"
Start = Callable[..., FlaskClient]


@pytest.fixture(params=["by its keys", "as one Bundle"])
def made_up(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A request as SandboxClient sends it for a chart file: no FHIR server, nothing but ids in the context."""
    situation = next(one for one in situations.load_all() if one.name == "cramps-quinine-hypokalaemia")
    written = situations.request(situation, "patient-view")
    prefetch = written["prefetch"] if request.param == "by its keys" else {"resourceType": "Bundle", **situation.chart}
    return {
        "hook": "patient-view",
        "hookInstance": "0c4f5c1e-8b0e-4b35-9d8e-0a8f2d0f7a11",
        "context": {"userId": "Practitioner/4711", "patientId": "1234567"},
        "prefetch": prefetch,
        "extension": written["extension"],
    }


def test_it_is_told_that_the_prefetch_is_another_patients(
    start: Start, made_up: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    response = start().post(CALL, json=made_up)
    assert response.status_code == 412
    assert "another patient's than context.patientId" in response.get_json(force=True)["issue"][0]["details"]["text"]
    line = next(line for line in "".join(capsys.readouterr()).splitlines() if "hooks.call" in line)
    assert "other-patient-refused" in line


def test_it_is_served_where_that_is_allowed(
    start: Start, made_up: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    client = start(allow_other_patient=True)
    response = client.post(CALL, json=made_up)
    topics = {card["source"]["topic"]["code"] for card in response.json["cards"]}
    assert topics >= {"AvoidQuinine", "CorrectElectrolytes"}
    line = next(line for line in "".join(capsys.readouterr()).splitlines() if "hooks.call" in line)
    assert "other-patient-used" in line
    response.close()
    assert 'cds_noted_calls_total{note="other-patient-used"} 1.0' in client.get("/metrics").text
