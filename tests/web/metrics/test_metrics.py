"""What /metrics shows: every count by our own few words, and nothing of a patient."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from cds_service.app import EXTENSION
from tests.faulty_server import FhirServer, bundle, reply
from tests.running_service import SERVICE, Hospital, body

Start = Callable[..., FlaskClient]
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(text: str) -> Samples:
    """Every sample by its name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found: Samples, name: str, **labels: str) -> float:
    return found.get((name, tuple(sorted(labels.items()))), 0.0)


def post(client: FlaskClient, **more: object) -> None:
    """One call, read to its end: what is counted after the answer has left is counted then."""
    client.post(SERVICE, json=body(**more), buffered=True)


def scraped(client: FlaskClient) -> Samples:
    response = client.get("/metrics")
    assert response.mimetype == "text/plain"
    return samples(response.text)


def test_calls_cards_and_stages(start: Start) -> None:
    client = start()
    cards = client.post(SERVICE, json=body(), buffered=True).get_json()["cards"]
    client.post(SERVICE, data=b"{", content_type="application/json")
    client.post("/cds-services/canary", json=body())
    found = scraped(client)
    labels = {"endpoint": "hooks.call", "service": "leg-cramps-patient-view"}
    assert value(found, "cds_requests_total", status="200", **labels) == 1
    assert value(found, "cds_requests_total", status="400", **labels) == 1
    assert value(found, "cds_requests_total", endpoint="hooks.call", service="other", status="404") == 1
    for card in cards:
        topic = card["source"]["topic"]["code"]
        assert value(found, "cds_cards_total", topic=topic, indicator=card["indicator"]) == 1
    for stage in ("read", "answer", "write", "call"):
        assert value(found, "cds_stage_seconds_count", stage=stage) >= 1
    assert value(found, "cds_stage_seconds_count", stage="admit") == 0


def test_what_is_switched_off(start: Start) -> None:
    found = scraped(start(disabled_topics=frozenset({"AvoidQuinine", "avoid_quinine_order"})))
    for hook, rule in (
        ("patient-view", "avoid_quinine"),
        ("order-select", "avoid_quinine_order"),
        ("order-sign", "avoid_quinine_order"),
    ):
        assert value(found, "cds_rule_switched_off", rule=rule, hook=hook) == 1
    assert "cds_rule_switched_off" not in {name for name, _ in scraped(start())}


def test_data_that_was_not_known(start: Start) -> None:
    client = start()
    post(client)
    found = scraped(client)
    assert value(found, "cds_unknown_data_total", query="observations", receipt="absent") == 1
    assert not [
        labels for name, labels in found if name == "cds_unknown_data_total" and ("query", "conditions") in labels
    ]


def test_drafts_that_could_not_be_judged(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    local = {"coding": [{"system": "http://sys-ids.kemkes.go.id/kfa", "code": "93000123"}]}
    coded = {"resourceType": "MedicationRequest", "status": "draft", "medicationCodeableConcept": local}
    worded = coded | {"medicationCodeableConcept": {"text": "Siti's mixture"}}
    drafts = {"resourceType": "Bundle", "entry": [{"resource": one} for one in (coded, coded, worded)]}
    context = {"userId": "Practitioner/1", "patientId": "1", "draftOrders": drafts}
    client = start()
    asked = body(hook="order-sign", context=context)
    answer = client.post("/cds-services/leg-cramps-order-sign", json=asked, buffered=True)
    assert answer.get_json()["cards"] == []
    found = scraped(client)
    assert value(found, "cds_unjudged_drafts_total", reason="code-unknown") == 2
    assert value(found, "cds_unjudged_drafts_total", reason="words-only") == 1
    logged = capsys.readouterr()
    assert "unjudged_drafts={'code-unknown': 2, 'words-only': 1}" in logged.out + logged.err
    assert "Siti" not in logged.out + logged.err


def test_what_fhir_servers_were_asked(start: Start) -> None:
    server = FhirServer(lambda asked: [reply(b"", "500 X") if "Medication" in asked.target else reply(bundle(total=0))])
    client = start()
    post(client, fhirServer=server.base)
    server.close()
    found = scraped(client)
    assert value(found, "cds_fhir_fetches_total", query="observations", receipt="empty") == 1
    assert value(found, "cds_fhir_fetches_total", query="medicationRequests", receipt="failed") == 1
    assert value(found, "cds_stage_seconds_count", stage="fetch") == 1


def test_refusals_by_cause_and_limits(start: Start, rs: Hospital) -> None:
    client = start(issuers=str(rs.toml), rate_limit="4/hour")
    header = rs.bearer()
    for headers in ({}, rs.bearer(iat=1, exp=2), header, header, header):
        client.post(SERVICE, json=body(), headers=headers)
    found = scraped(client)
    for reason in ("no-token", "expired", "replayed"):
        assert value(found, "cds_refused_callers_total", reason=reason) == 1
    assert value(found, "cds_rate_limited_total", per="address") == 1


def test_what_the_store_did_not_take(start: Start) -> None:
    client = start(database_url="sqlite:////nonexistent/folder/cds.db")
    post(client)
    for stopping in client.application.extensions[EXTENSION].worker_stopping:
        stopping()
    found = scraped(client)
    assert sum(number for (name, _), number in found.items() if name == "cds_store_failures_total") == 1


def test_a_scrape_is_not_logged_and_needs_no_token(checked: FlaskClient) -> None:
    assert checked.get("/metrics").status_code == 200
