"""Answers: exact JSON, nothing null or empty, and HL7's invariants by name."""

from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from cds_service.catalogue import CATALOGUE
from cds_service.errors import InvalidRequestError
from cds_service.protocol.answers import dump_cards, dump_discovery
from cds_service.protocol.cards import Action, Card, CardSource, CardSuggestion, Coding, Link
from cds_service.protocol.invariants import INVARIANTS
from tests.protocol.wire_rules import IN_RESPONSES, broken_rules

UUID = "0f0b4a7e-9a51-4d7c-9c0e-0d9b2f4b8b11"
SOURCE = CardSource(
    "Leg cramps", Coding("StretchingFirst", "Stretching", "https://cds.example/topics"), "https://x.example"
)
BARE = Card(UUID, "Stretch first", "Hold 20 s.", "info", CardSource("Leg cramps", Coding("StretchingFirst")))


def suggesting(*actions: Action) -> Card:
    suggestions = tuple(CardSuggestion("Do it", UUID, (action,)) for action in actions)
    return Card(UUID, "s", "d", "warning", SOURCE, suggestions)


def test_a_bare_card_has_no_empty_member() -> None:
    assert orjson.loads(dump_cards([BARE])) == {
        "cards": [
            {
                "uuid": UUID,
                "summary": "Stretch first",
                "detail": "Hold 20 s.",
                "indicator": "info",
                "source": {"label": "Leg cramps", "topic": {"code": "StretchingFirst"}},
            }
        ]
    }


def test_a_full_card() -> None:
    card = Card(
        UUID,
        "s",
        "d",
        "critical",
        SOURCE,
        suggestions=(
            CardSuggestion("a", UUID, (Action("create", "make", resource={"resourceType": "ServiceRequest"}),)),
            CardSuggestion("b", UUID, (Action("delete", "drop", resource_id="MedicationRequest/1"),)),
        ),
        override_reasons=(Coding("later", "Will address later", "https://cds.example/override-reasons"),),
        links=(Link("Leaflet", "http://127.0.0.1:8080/leaflets/stretching?lang=en"),),
    )
    body = dump_cards([card])
    (written,) = orjson.loads(body)["cards"]
    assert written["selectionBehavior"] == "any"
    assert written["suggestions"] == [
        {
            "label": "a",
            "uuid": UUID,
            "actions": [{"type": "create", "description": "make", "resource": {"resourceType": "ServiceRequest"}}],
        },
        {
            "label": "b",
            "uuid": UUID,
            "actions": [{"type": "delete", "description": "drop", "resourceId": "MedicationRequest/1"}],
        },
    ]
    assert written["overrideReasons"] == [
        {"code": "later", "system": "https://cds.example/override-reasons", "display": "Will address later"}
    ]
    assert written["links"] == [
        {"label": "Leaflet", "url": "http://127.0.0.1:8080/leaflets/stretching?lang=en", "type": "absolute"}
    ]
    assert broken_rules(body) == []


def test_no_cards() -> None:
    assert dump_cards(()) == b'{"cards":[]}'
    assert broken_rules(b'{"cards":[]}') == []


def test_a_resource_handed_back_loses_what_fhir_forbids() -> None:
    resource = {
        "resourceType": "MedicationRequest",
        "status": "stopped",
        "encounter": None,
        "note": [],
        "reasonCode": [{"text": "", "coding": [{"code": "1", "display": None}]}],
        "meta": {"tag": {}},
        "doNotPerform": False,
        "count": 0,
        "given": ["a", None],
        "_given": [None, {"id": "x"}],
    }
    body = dump_cards([suggesting(Action("update", "stop", resource=resource))])
    assert orjson.loads(body)["cards"][0]["suggestions"][0]["actions"][0]["resource"] == {
        "resourceType": "MedicationRequest",
        "status": "stopped",
        "reasonCode": [{"coding": [{"code": "1"}]}],
        "doNotPerform": False,
        "count": 0,
        "given": ["a", None],
        "_given": [None, {"id": "x"}],
    }
    assert broken_rules(body) == []


@pytest.mark.parametrize("depth", [300, 1000])
def test_a_resource_too_deep_to_write_is_the_requests_fault(depth: int) -> None:
    deep: dict[str, Any] = {"x": 1}
    for _ in range(depth):
        deep = {"x": deep}
    with pytest.raises(InvalidRequestError, match="nested too deeply"):
        dump_cards([suggesting(Action("update", "stop", resource=deep))])


CARD: dict[str, Any] = {"summary": "s", "indicator": "info", "source": {"label": "l"}}
DELETE = {"type": "delete", "description": "d", "resourceId": "MedicationRequest/1"}


def one_suggestion(**members: Any) -> dict[str, Any]:
    return {"suggestions": [{"label": "x", **members}], "selectionBehavior": "any"}


@pytest.mark.parametrize(
    ("rule", "broken", "kept"),
    [
        (
            "cds-resp-1",
            {"selectionBehavior": "at-most-one", "suggestions": [{"label": "x", "isRecommended": True}] * 2},
            {
                "selectionBehavior": "at-most-one",
                "suggestions": [{"label": "x", "isRecommended": True}, {"label": "x"}],
            },
        ),
        (
            "cds-resp-2",
            one_suggestion(actions=[DELETE | {"resource": {"a": 1}}]),
            one_suggestion(actions=[DELETE]),
        ),
        (
            "cds-resp-3",
            {"links": [{"label": "l", "url": "https://x.example", "type": "absolute", "appContext": "a"}]},
            {"links": [{"label": "l", "url": "https://x.example", "type": "smart", "appContext": "a"}]},
        ),
        ("cds-resp-4", {"overrideReasons": [{"code": "a"}]}, {"overrideReasons": [{"code": "a", "display": "A"}]}),
        (
            "cds-resp-5",
            one_suggestion(actions=[{"type": "create", "resource": {"a": 1}}]),
            one_suggestion(actions=[{"type": "create", "resource": {"a": 1}, "description": "d"}]),
        ),
        ("cds-resp-6", {"suggestions": [{"label": "x"}]}, one_suggestion()),
    ],
)
def test_the_invariants_of_a_response(rule: str, broken: dict[str, Any], kept: dict[str, Any]) -> None:
    assert broken_rules(orjson.dumps({"cards": [CARD | broken]})) == [f"cards[0]: {rule}"]
    assert broken_rules(orjson.dumps({"cards": [CARD | kept]})) == []


def test_cds_resp_7_is_kept_by_never_sending_the_member() -> None:
    for behaviour in ("all", "nonsense"):
        body = orjson.dumps({"cards": [CARD | one_suggestion(actionSelectionBehavior=behaviour)]})
        assert broken_rules(body) == ["cards[0].suggestions[0].actionSelectionBehavior: Unknown field."]


def test_every_rule_has_its_wording() -> None:
    assert list(IN_RESPONSES) == [f"cds-resp-{n}" for n in range(1, 8)]
    assert all(INVARIANTS[rule] for rule in ("cds-r-1", "cds-r-2", "cds-fb-1", "cds-fb-2", "cds-fb-3", "ord-1"))


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"summary": "x" * 139}, None),
        ({"summary": "x" * 140}, "cards[0].summary"),
        ({"summary": ""}, "cards[0].summary"),
        ({"indicator": "hard-stop"}, "cards[0].indicator"),
        ({"detail": None}, "cards[0].detail"),
        ({"links": []}, "cards[0].links"),
        ({"uuid": "1"}, "cards[0].uuid"),
        ({"source": {"label": "l", "topic": {"code": ""}}}, "cards[0].source.topic.code"),
        ({"links": [{"label": "l", "url": "/leaflet", "type": "absolute"}]}, "cards[0].links[0].url"),
        ({"systemActions": [DELETE]}, "cards[0].systemActions"),
    ],
)
def test_a_card_is_checked_against_the_schema(members: dict[str, Any], path: str | None) -> None:
    wrong = broken_rules(orjson.dumps({"cards": [CARD | members]}))
    assert [problem.partition(": ")[0] for problem in wrong][:1] == ([path] if path else [])


def test_discovery_describes_every_service_and_holds_no_empty_member() -> None:
    body = dump_discovery(CATALOGUE)
    assert broken_rules(body) == []
    services = orjson.loads(body)["services"]
    assert [service["hook"] for service in services] == ["patient-view", "order-select", "order-sign"]
    for service in services:
        assert set(service) == {
            "hook", "title", "description", "id", "prefetch", "usageRequirements", "version", "hookVersion"
        }  # fmt: skip
        assert service["prefetch"]["patient"] == "Patient/{{context.patientId}}"


@dataclass
class Minimal:
    id: str = "x"
    hook: str = "patient-view"
    title: str = ""
    description: str = "d"
    usage_requirements: str = ""
    hook_version: str = "1.0"
    prefetch: dict[str, str] = field(default_factory=dict)


def test_discovery_leaves_out_what_a_service_does_not_have() -> None:
    (service,) = orjson.loads(dump_discovery([Minimal()]))["services"]
    assert service == {"id": "x", "hook": "patient-view", "description": "d", "version": "2.0.0", "hookVersion": "1.0"}
