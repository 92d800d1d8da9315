"""Charts and batches made to hang, break or flood the service: each is answered, plainly and soon."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from cds_service.chart.gather.references import References
from cds_service.chart.read.drugs import Drugs
from cds_service.commands.report import range_problem
from cds_service.errors import BodyTooLargeError, InvalidRequestError
from cds_service.protocol.feedback import MOST_ITEMS, MOST_LISTED, load_feedback
from cds_service.trust import urls
from tests.web.edge.edge_calls import CALL, Start

CRAMP = {
    "resourceType": "Condition",
    "id": "c",
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "449918009"}]},
    "clinicalStatus": {"coding": [{"code": "active"}]},
}
Post = Callable[..., TestResponse]


def potassium(**more: Any) -> dict[str, Any]:
    made = {
        "resourceType": "Observation",
        "id": "k",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
        "valueQuantity": {"value": 2.8, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
    }
    return {**made, **more}


def bundle(*resources: Any, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": resource} for resource in resources], **more}


def nested(depth: int) -> Any:
    found: Any = "final"
    for _ in range(depth):
        found = [found]
    return found


@pytest.fixture
def post(start: Start, body: dict[str, Any]) -> Post:
    client = start()

    def send(prefetch: dict[str, Any], **more: Any) -> TestResponse:
        return client.post(CALL, json={**body, "prefetch": {**body["prefetch"], **prefetch}, **more})

    return send


@pytest.mark.parametrize(
    "prefetch",
    [
        {"conditions": {"resourceType": "Bundle", "entry": [{"request": {"method": []}}, {"resource": CRAMP}]}},
        {"conditions": bundle({"resourceType": "OperationOutcome", "issue": [{"severity": []}]}, total=0)},
        {"conditions": bundle({"resourceType": "OperationOutcome", "issue": [{"severity": {}}]}, total=0)},
        {"conditions": bundle(CRAMP), "observations": bundle(potassium(effectiveDateTime="0001-01-01"))},
        {
            "conditions": bundle(CRAMP),
            "observations": bundle(
                {"resourceType": "Observation", "status": nested(800), "code": {"text": "potassium"}}
            ),
        },
    ],
    ids=["method-list", "severity-list", "severity-object", "year-one", "deep-status"],
)
def test_odd_values_are_no_error(post: Post, prefetch: dict[str, Any]) -> None:
    assert post(prefetch).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_a_made_up_day_far_off_is_refused(post: Post, day: str) -> None:
    assert post({}, extension={"org.cds-service.today": day}).status_code == 400


def test_a_medication_that_refers_to_itself_many_times_is_read_once() -> None:
    looped = {"resourceType": "Medication", "id": "a", "ingredient": [{"itemReference": {"reference": "#a"}}] * 500}
    order = {"medicationReference": {"reference": "#a"}, "contained": [looped]}
    assert Drugs(References({})).of(order).ingredients == ()


def test_many_unreadable_entries_become_a_few_lines_and_a_count(post: Post) -> None:
    order = {
        "resourceType": "MedicationRequest",
        "id": "q",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "quinine"},
    }
    entries = [{"resource": CRAMP}, *[1] * 2000]
    answer = post({"conditions": {"resourceType": "Bundle", "entry": entries}, "medicationRequests": bundle(order)})
    assert answer.status_code == 200
    assert len(answer.data) < 40_000
    assert "2000 unnamed entries not usable" in json.dumps(answer.json)


def test_another_patients_resources_are_reported_on_the_card(post: Post) -> None:
    stranger = {**CRAMP, "id": "x", "subject": {"reference": "Patient/other"}}
    order = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "quinine"},
    }
    cards = post({"conditions": bundle(CRAMP, stranger), "medicationRequests": bundle(order)}).json["cards"]  # type: ignore[index]
    assert "resources of another patient, not used: 1" in " ".join(card["detail"] for card in cards)


def test_only_another_patients_conditions_are_refused(post: Post) -> None:
    stranger = {**CRAMP, "subject": {"reference": "Patient/other"}}
    assert post({"conditions": bundle(stranger)}).status_code == 412


def test_results_that_are_all_another_patients_are_not_received_and_never_called_missing(post: Post) -> None:
    order = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "quinine"},
    }
    stranger = potassium(subject={"reference": "Patient/other"})
    prefetch = {"conditions": bundle(CRAMP), "medicationRequests": bundle(order)}
    cards = post({**prefetch, "observations": bundle(stranger)}).json["cards"]  # type: ignore[index]
    told = " ".join(card["detail"] for card in cards)
    assert "laboratory and ECG results not received" in told
    assert "No result found" not in told
    assert "2.8" not in told


@pytest.mark.parametrize(
    ("batch", "error"),
    [
        ([0] * 100_000, BodyTooLargeError),
        ([0] * 500, InvalidRequestError),
        ([{"card": "x"}] * (MOST_ITEMS + 1), BodyTooLargeError),
        ([{"card": "x", "acceptedSuggestions": [{}] * (MOST_LISTED + 1)}], InvalidRequestError),
    ],
    ids=["many-zeros", "zeros", "too-many", "too-many-suggestions"],
)
def test_a_batch_made_to_cost_time_is_refused_at_once(batch: list[Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        load_feedback(json.dumps({"feedback": batch}).encode(), (), datetime.now(UTC))


@pytest.mark.parametrize("path", ["/t1/..;/t2", "/t1/..%3b/t2", "/t1/%252e%252e/t2", "/t1/..;", "/a%253bb", "/t1/.;x/"])
def test_a_path_that_some_servers_read_as_another_is_refused(path: str) -> None:
    with pytest.raises(urls.BadUrlError):
        urls.parse(f"https://ehr.example{path}")


def test_a_report_over_all_of_history_is_refused() -> None:
    today = date(2026, 3, 2)
    assert range_problem(date(1, 1, 1), None, today) is not None
    assert range_problem(None, date(9999, 12, 31), today) is not None
    assert range_problem(date(2025, 1, 1), today, today) is None
