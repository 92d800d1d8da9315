"""A prefetch that is parsed only when it is looked into: the same call, and the same refusals, but for one kind of number."""

import codecs
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cds_service.errors import InvalidRequestError
from cds_service.protocol.parsing import Unopened
from cds_service.protocol.request import HookRequest
from cds_service.protocol.schemas import load_request

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
SOUND: dict[str, Any] = {
    "hook": "order-sign",
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "context": {"userId": "Practitioner/1", "patientId": "p-1", "draftOrders": {"resourceType": "Bundle"}},
}


def outcome(body: bytes, *, later: bool) -> HookRequest | str:
    try:
        return load_request(body, prefetch_later=later)
    except InvalidRequestError as error:
        return str(error)


def same(body: bytes) -> None:
    assert outcome(body, later=True) == outcome(body, later=False)


@given(st.dictionaries(st.sampled_from([*SOUND, "prefetch", "fhirServer", "other"]), JSON), st.booleans())
def test_whatever_the_members_are_the_call_is_the_same(members: dict[str, Any], sound: bool) -> None:
    same(json.dumps(SOUND | members if sound else members).encode())


@given(
    st.integers(0, 400),
    st.binary(min_size=1, max_size=3)
    | st.sampled_from([b"\\ud800", b'"', b"\\", b"NaN", b"01", b",", b"\xff", b"\x01"]),
)
@example(0, b"\xef\xbb\xbf")
def test_whatever_is_broken_is_refused_in_the_same_words(place: int, broken: bytes) -> None:
    body = json.dumps({**SOUND, "prefetch": {"patient": {"resourceType": "Patient", "name": "é"}, "n": 1.5}}).encode()
    same(body[:place] + broken + body[place:])
    same(body[:place] + broken + body[place + len(broken) :])


def nested(depth: int) -> bytes:
    return json.dumps(SOUND)[:-1].encode() + b',"prefetch":{"a":' + b"[" * depth + b"]" * depth + b"}}"


@pytest.mark.parametrize("depth", [10, 500, 200_000])
def test_deep_nesting_is_refused_alike(depth: int) -> None:
    same(nested(depth))
    same(json.dumps(SOUND)[:-1].encode() + b',"other":' + b"[" * depth)


@pytest.mark.parametrize("depth", [1030, 3000, 5000])
def test_nesting_too_deep_to_be_built_is_refused_at_once_or_when_it_is_looked_into(depth: int) -> None:
    """How deep what is only passed over may be is Python's to say: 1,024 levels in 3.11, thousands from 3.12."""
    assert "not valid JSON" in str(outcome(nested(depth), later=False))
    loaded = outcome(nested(depth), later=True)
    if isinstance(loaded, str):
        assert loaded == outcome(nested(depth), later=False)
    else:
        assert isinstance(loaded.prefetch, Unopened)
        with pytest.raises(InvalidRequestError, match=r"prefetch: must not hold .* nesting deeper than 1024"):
            len(loaded.prefetch)


def test_a_byte_order_mark_is_allowed() -> None:
    for marks in (1, 2):  # two are refused
        same(codecs.BOM_UTF8 * marks + json.dumps({**SOUND, "prefetch": {"a": 1}}).encode())


def test_nothing_is_built_before_it_is_looked_into() -> None:
    body = json.dumps(SOUND)[:-1].encode() + b',"prefetch":{"a":1e999}}'
    loaded = load_request(body, prefetch_later=True)
    assert isinstance(loaded.prefetch, Unopened)
    with pytest.raises(InvalidRequestError, match="prefetch: must not hold a number beyond a double"):
        len(loaded.prefetch)


def test_a_prefetch_that_is_no_object_is_refused_at_once() -> None:
    assert outcome(json.dumps({**SOUND, "prefetch": [1]}).encode(), later=True) == "prefetch: must be a JSON object"
