"""The OpenAPI document: derived whole from what there is, and true of it."""

import copy
import json
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask.testing import FlaskClient

from cds_service import situations
from cds_service.catalogue import CATALOGUE
from cds_service.errors import ConfigurationError
from cds_service.settings import Settings
from tests.running_service import Hospital, body

Start = Callable[..., FlaskClient]
NOT_IN_IT = ("/static", "/fhir", "/demo")
"""Files, and what is only there to try the service."""


@pytest.fixture
def client(start: Start) -> FlaskClient:
    return start()


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found: dict[str, Any] = answer.get_json()
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{method} {path}": told for path, ways in document["paths"].items() for method, told in ways.items()}


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    return jsonschema_rs.validator_for({**schema, "components": document["components"]}, validate_formats=True)


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(document).validate()
    named = [told["operationId"] for told in operations(document).values()]
    assert len(named) == len(set(named))


def test_every_route_is_in_it(document: dict[str, Any], client: FlaskClient) -> None:
    generic = {"/cds-services/<service_id>", "/cds-services/<service_id>/feedback"}
    routes = {rule.rule for rule in client.application.url_map.iter_rules()} - generic
    there = {
        rule.replace("<", "{").replace(">", "}") for rule in routes if not rule.startswith(NOT_IN_IT) and rule != "/"
    }
    services = {f"/cds-services/{service.id}{more}" for service in CATALOGUE for more in ("", "/feedback")}
    assert set(document["paths"]) == there | services
    assert {"/openapi.json", "/livez", "/readyz", "/metrics", "/report"} < there


@pytest.mark.parametrize("service", CATALOGUE, ids=lambda service: service.hook)
def test_its_examples_keep_to_it_and_are_answered_as_it_says(
    document: dict[str, Any], client: FlaskClient, service: Any
) -> None:
    path = f"/cds-services/{service.id}"
    told = document["paths"][path]["post"]
    asked = told["requestBody"]["content"]["application/json"]
    answered = told["responses"]["200"]["content"]["application/json"]
    assert len(asked["examples"]) == len(answered["examples"]) > 1
    for name, example in asked["examples"].items():
        assert list(validator(document, asked["schema"]).iter_errors(example["value"])) == []
        cards = client.post(path, json=example["value"], headers={"Accept-Language": "en"}).get_json()
        shown = answered["examples"][name]["value"]
        assert [card["summary"] for card in cards["cards"]] == [card["summary"] for card in shown["cards"]]
        for given in (cards, shown):
            assert list(validator(document, answered["schema"]).iter_errors(given)) == []


@pytest.mark.parametrize("situation", tuple(situations.load_all()), ids=lambda situation: situation.name)
def test_every_request_an_ehr_would_make_keeps_to_it(situation: situations.Situation, client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    for service in CATALOGUE:
        if service.hook in situation.hooks and situation.received is None:
            content = document["paths"][f"/cds-services/{service.id}"]["post"]["requestBody"]["content"]
            request = situations.request(situation, service.hook)
            if service.hook != "patient-view" and "draftOrders" not in request["context"]:
                continue  # HL7 requires it, and a client that leaves it out is answered all the same
            assert list(validator(document, content["application/json"]["schema"]).iter_errors(request)) == []


@pytest.mark.parametrize(
    "spoilt",
    [
        {"hook": "order-sign"},
        {"hookInstance": "a word"},
        {"context": {"userId": "Practitioner/1"}},
        {"context": {"userId": "somebody", "patientId": "1"}},
        {"prefetch": {}},
        {"prefetch": {"conditions": {"resourceType": "Patient"}}},
        {"fhirAuthorization": {"access_token": "x"}},
    ],
)
def test_it_tells_a_client_what_is_wrong(document: dict[str, Any], spoilt: dict[str, Any]) -> None:
    schema = document["paths"]["/cds-services/leg-cramps-patient-view"]["post"]["requestBody"]["content"]
    valid = validator(document, schema["application/json"]["schema"])
    assert valid.is_valid(body())
    assert not valid.is_valid(body(**spoilt))


def test_errors_and_feedback_are_as_it_says(document: dict[str, Any], client: FlaskClient) -> None:
    outcome = validator(document, {"$ref": "#/components/schemas/OperationOutcome"})
    path = "/cds-services/leg-cramps-patient-view"
    for answer in (client.post(path, json={}), client.post(f"{path}/feedback", json={}), client.get("/none")):
        assert list(outcome.iter_errors(json.loads(answer.data))) == []
    item = {"card": "f47ac10b-58cc-4372-a567-0e02b2c3d479", "outcomeTimestamp": "2026-03-02T08:05:31Z"}
    batch = validator(document, {"$ref": "#/components/schemas/Feedback"})
    for outcome_is, more, good in (
        ("overridden", {}, True),
        ("overridden", {"overrideReason": [{"userComment": "x"}]}, True),
        ("overridden", {"overrideReason": [{"reason": {"code": "later"}}]}, True),
        ("overridden", {"overrideReason": [{}]}, False),
        ("accepted", {}, False),
        ("accepted", {"acceptedSuggestions": [{"id": item["card"]}]}, True),
        ("ignored", {}, False),
    ):
        sent = {"feedback": [{**item, "outcome": outcome_is, **more}]}
        assert batch.is_valid(sent) is good, sent
        assert (client.post(f"{path}/feedback", json=sent).status_code == 200) is good, sent


def test_it_asks_for_a_token_where_callers_are_checked(start: Start, rs: Hospital, document: dict[str, Any]) -> None:
    calls = [name for name in operations(document) if name.startswith("post ")]
    assert not any("security" in told for told in operations(document).values())
    checked = start(issuers=str(rs.toml)).get("/openapi.json").get_json()
    assert [name for name, told in operations(checked).items() if "security" in told] == calls
    assert checked["components"]["securitySchemes"]["client"]["scheme"] == "bearer"
    schemathesis.openapi.from_dict(checked).validate()


def test_it_names_the_address_and_is_made_without_situations(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        message = "the installation is not whole"
        raise ConfigurationError(message)

    client = start(public_base_url="https://cds.example.org/base")
    monkeypatch.setattr(situations, "load_all", none)
    found = client.get("/openapi.json").get_json()
    assert found["servers"] == [{"url": "https://cds.example.org/base"}]
    assert "examples" not in json.dumps(found["paths"])
    assert Settings().public_base_url not in json.dumps(found)


CARD = "9cf75405-b202-515d-b154-21fa100ded48"
FEEDBACK: dict[str, Any] = {
    "feedback": [
        {
            "card": CARD,
            "outcome": "accepted",
            "acceptedSuggestions": [{"id": CARD}],
            "outcomeTimestamp": "2026-03-02T08:05:31Z",
        }
    ]
}
CALL = body(fhirServer="https://ehr.example/r4", fhirAuthorization={"access_token": "x", "token_type": "Bearer"})
SENT: dict[str, tuple[str, dict[str, Any], tuple[str | int, ...]]] = {
    "Request": ("", CALL, ()),
    "Context": ("", CALL, ("context",)),
    "Authorization": ("", CALL, ("fhirAuthorization",)),
    "Feedback": ("/feedback", FEEDBACK, ()),
    "FeedbackItem": ("/feedback", FEEDBACK, ("feedback", 0)),
    "FeedbackAcceptedSuggestion": ("/feedback", FEEDBACK, ("feedback", 0, "acceptedSuggestions", 0)),
}
"""By schema of what is sent: the endpoint, a good body, and the way to where it stands in it."""
ABSENT: tuple[Any, ...] = (..., None, "", 7, {})


@pytest.mark.parametrize("name", SENT)
def test_what_it_requires_is_refused_where_it_is_missing_or_nothing(
    document: dict[str, Any], client: FlaskClient, name: str
) -> None:
    """More is taken than it says, since real clients send it; what it requires is none of that."""
    endpoint, good, way = SENT[name]
    url = f"/cds-services/leg-cramps-patient-view{endpoint}"
    assert client.post(url, json=good).status_code == 200
    for member in document["components"]["schemas"][name]["required"]:
        for value in ABSENT:
            spoilt = copy.deepcopy(good)
            holder: Any = spoilt
            for step in way:
                holder = holder[step]
            if value is ...:
                del holder[member]
            else:
                holder[member] = value
            answer = client.post(url, json=spoilt)
            assert answer.status_code == 400, (member, value)
            assert answer.get_json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("own", [".", "..", "...", "1", "a.b-C", "x" * 64, "x" * 65, "a/b", ""])
def test_every_patients_id_it_describes_is_taken(document: dict[str, Any], client: FlaskClient, own: str) -> None:
    described = validator(document, document["components"]["schemas"]["Context"])
    context = {"userId": "Practitioner/1", "patientId": own}
    answer = client.post("/cds-services/leg-cramps-order-sign", json=body(hook="order-sign", context=context))
    assert answer.status_code == 200 or not described.is_valid(context)
