"""Whatever comes, the edge answers, and never with a 500: random bytes, random JSON, and sound requests gone wrong."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from cds_service import situations
from cds_service.app import create_app
from cds_service.catalogue import CATALOGUE
from cds_service.settings import Settings
from cds_service.web.parts import Parts
from tests.protocol.wire_rules import broken_rules
from tests.web.edge.edge_calls import CALL

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TELLING = st.sampled_from(
    [
        *(
            "2026-13-45",
            "0000-00-00",
            "9999-12-31",
            "2026-03-02T24:00:00Z",
            "-1",
            "1e309",
            "NaN",
            "Patient/",
            "#",
            "urn:uuid:x",
        ),
        *(
            "active",
            "entered-in-error",
            "http://snomed.info/sct",
            "449918009",
            "<b>x</b>",
            "https://evil.example",
            "\u202e",
            "",
        ),
        *(0, -1, 2**53, 1e308, 5e-324, True, None),
        *(
            [],
            {},
            [None],
            [[]],
            {"resourceType": "Bundle"},
            {"resourceType": "Bundle", "entry": [{}]},
            {"coding": [None]},
        ),
        *({"reference": None}, {"resourceType": []}, {"value": "4,1"}, {"start": "x", "end": None}),
    ]
)


@cache
def anyone() -> FlaskClient:
    """A client of the whole service."""
    return create_app(Settings(), Parts()).test_client()


@cache
def requests() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Each situation's request, with its service's address."""
    address = {service.hook: f"/cds-services/{service.id}" for service in CATALOGUE}
    loaded = situations.load_all()
    return tuple((address[hook], situations.request(one, hook)) for one in loaded for hook in one.hooks)


def sound(response: TestResponse) -> bool:
    """Answered as the specification has it: cards, or a refusal of the request."""
    if response.status_code == 200:
        return broken_rules(response.data) == []
    return response.status_code in (400, 412)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a document."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in items:
        yield (*path, key)
        yield from places(child, (*path, key))


def changed(document: dict[str, Any], path: tuple[Any, ...], value: Any, how: str) -> dict[str, Any]:
    """The document with the value at the path replaced, taken away, doubled or wrapped."""
    document = copy.deepcopy(document)
    parent: Any = document
    for key in path[:-1]:
        parent = parent[key]
    last = path[-1]
    if how == "remove":
        del parent[last]
    elif how == "double":
        parent[last] = [parent[last], parent[last]]
    elif how == "wrap":
        parent[last] = {"value": parent[last]}
    else:
        parent[last] = value
    return document


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b'{"hook":')
def test_any_bytes(body: bytes) -> None:
    assert sound(anyone().post(CALL, data=body, content_type="application/json"))


@given(JSON)
def test_any_json(document: Any) -> None:
    body = json.dumps(document).encode()
    assert sound(anyone().post(CALL, data=body, content_type="application/fhir+json"))


@given(st.dictionaries(st.sampled_from(["patient", "conditions", "observations", "x"]), JSON, max_size=4), JSON, JSON)
def test_any_prefetch_and_drafts(prefetch: Any, drafts: Any, selections: Any) -> None:
    body = {
        "hook": "order-select",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/1", "patientId": "1", "draftOrders": drafts, "selections": selections},
        "prefetch": prefetch,
    }
    for service in CATALOGUE:
        assert sound(anyone().post(f"/cds-services/{service.id}", json=body))


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_sound_request_gone_wrong_in_places(data: st.DataObject) -> None:
    address, document = data.draw(st.sampled_from(requests()))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(document))))
        value = data.draw(TELLING | JSON)
        document = changed(document, path, value, data.draw(st.sampled_from(["replace", "remove", "double", "wrap"])))
    response = anyone().post(address, json=document)
    assert sound(response), response.text


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"extension":', b"}")])
@pytest.mark.parametrize("depth", [100, 245, 255, 500, 990, 1015])
def test_a_medicine_nested_as_deep_as_json_may_be(opening: bytes, closing: bytes, depth: int) -> None:
    """It would be handed back whole, by the suggestion to stop it."""
    document = situations.request(situations.load("cramps-quinine-hypokalaemia"), "patient-view")
    document = json.loads(json.dumps(document))
    for entry in document["prefetch"]["medicationRequests"]["entry"]:
        entry["resource"]["extension"] = "DEEP"
    body = json.dumps(document).encode().replace(b'"DEEP"', opening * depth + b'"x"' + closing * depth)
    response = anyone().post(CALL, data=body, content_type="application/json")
    assert sound(response)
    assert response.status_code == (200 if depth <= 245 else 400)
