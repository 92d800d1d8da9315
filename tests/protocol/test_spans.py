"""A prefetch that is parsed as far as it is looked into: the same call, and the same refusals, but for one kind of number."""

import codecs
import json
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cds_service import pipeline, situations
from cds_service.catalogue import CATALOGUE, wording
from cds_service.chart import queries
from cds_service.chart.gather.versions import newest
from cds_service.errors import InvalidRequestError
from cds_service.protocol import calls, parsing, spans
from cds_service.protocol.parsing import parse_object
from cds_service.protocol.prefetch import Bundle, Prefetch
from cds_service.protocol.request import HookRequest
from cds_service.protocol.schemas import dump_cards, load_request
from cds_service.protocol.spans import Span, members
from cds_service.settings import Settings
from tests.builders.fhir import PATIENT_ID, SNOMED, TODAY, bundle, concept, condition
from tests.spoiling import changed, spoilings

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


TOO_MUCH = "prefetch: must not hold a number beyond a double or nesting deeper than 1024"


def posted(**prefetch: Any) -> dict[str, Any]:
    context = {"userId": "Practitioner/1", "patientId": PATIENT_ID}
    return {**SOUND, "hook": "patient-view", "context": context, "prefetch": prefetch}


def answered(request: HookRequest) -> bytes:
    service = next(one for one in CATALOGUE if one.hook == request.hook)
    answer = pipeline.answer(request, service, fetch=None, today=TODAY, words=wording("en"), settings=Settings())
    return dump_cards(answer.cards)


def outcome(body: bytes) -> HookRequest | str:
    """The call as it is loaded, looked into throughout; or the refusal."""
    try:
        loaded = load_request(body)
        return replace(loaded, prefetch={key: plain(value) for key, value in loaded.prefetch.items()})
    except InvalidRequestError as error:
        return str(error)


def plain(value: Any) -> Any:
    """The same without spans."""
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items()}
    return [plain(member) for member in value] if isinstance(value, list) else value


def parsed_at_once(body: bytes) -> HookRequest | str:
    """The call as it is when everything of it is parsed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calls, "parse_request", parse_object)
        return outcome(body)


def same(body: bytes) -> None:
    assert outcome(body) == parsed_at_once(body)


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


@given(
    st.lists(
        JSON.filter(lambda one: isinstance(one, dict)) | st.sampled_from([condition(), {"id": 1}, bundle()]), min_size=1
    )
)
@example([condition(), bundle()])
def test_resources_that_come_alone_are_read_as_those_of_a_bundle(resources: list[Any]) -> None:
    lines = [json.dumps(one).encode() + b"\n" for one in resources]
    alone, entries = Prefetch({"a": lines})["a"], Prefetch({"a": Bundle.of(lines)})["a"]
    assert plain(alone) == plain(entries)
    assert alone["entry"].alike == entries["entry"].alike


def test_nothing_is_put_around_a_resource_that_comes_alone_before_all_of_it_is_asked_for() -> None:
    line = json.dumps(condition()).encode()
    resource = Prefetch({"a": [line]})["a"]["entry"].alike[0]
    assert resource["id"] == condition()["id"]
    assert resource.held[1] is line
    assert resource.in_entry == msgspec.Raw(b'{"resource":%b}' % line)


def nested(depth: int) -> bytes:
    return json.dumps(SOUND)[:-1].encode() + b',"prefetch":{"a":' + b"[" * depth + b"]" * depth + b"}}"


@pytest.mark.parametrize("depth", [10, 300, 200_000])
def test_deep_nesting_is_refused_alike(depth: int) -> None:
    same(nested(depth))
    same(json.dumps(SOUND)[:-1].encode() + b',"other":' + b"[" * depth)


@pytest.mark.parametrize("depth", [1030, 3000, 5000])
def test_nesting_too_deep_to_be_built_is_refused_at_once_or_when_it_is_looked_into(depth: int) -> None:
    """How deep what is only passed over may be is Python's to say: 1,024 levels in 3.11, thousands from 3.12."""
    assert "not valid JSON" in str(parsed_at_once(nested(depth)))
    assert outcome(nested(depth)) in (parsed_at_once(nested(depth)), TOO_MUCH)


def test_a_byte_order_mark_is_allowed() -> None:
    for marks in (1, 2):  # two are refused
        same(codecs.BOM_UTF8 * marks + json.dumps({**SOUND, "prefetch": {"a": 1}}).encode())


@pytest.mark.parametrize("number", ["1e999", "1" * 400])
def test_a_number_beyond_a_double_is_refused_where_it_is_looked_into_and_nowhere_else(number: str) -> None:
    entries = b'{"resource":{"resourceType":"Condition","id":"1","stage":%s}}' % number.encode()
    loaded = load_request(
        json.dumps(SOUND)[:-1].encode() + b',"prefetch":{"a":{"resourceType":"Bundle","entry":[%s]}}}' % entries
    )
    (entry,) = loaded.prefetch["a"]["entry"]
    assert entry["resource"]["id"] == "1"
    with pytest.raises(InvalidRequestError, match="prefetch: must not hold a number beyond a double"):
        entry["resource"].get("stage")


def test_a_prefetch_that_is_no_object_is_refused_at_once() -> None:
    assert outcome(json.dumps({**SOUND, "prefetch": [1]}).encode()) == "prefetch: must be a JSON object"


TELLING = sorted(Span.told | {"status", "meta", "whole", "home"})
RESOURCES = st.dictionaries(st.sampled_from(TELLING), JSON, max_size=5)
ENTRIES = JSON | st.fixed_dictionaries(
    {"resource": RESOURCES | RESOURCES.map(lambda one: {**one, "resourceType": "Condition"}) | JSON},
    optional={"fullUrl": JSON, "search": JSON, "response": JSON},
)
BUNDLES = st.fixed_dictionaries(
    {"resourceType": st.just("Bundle") | JSON},
    optional={"entry": st.lists(ENTRIES, max_size=3) | JSON, "total": JSON, "link": JSON},
)


@given(BUNDLES, st.booleans())
def test_whatever_a_bundle_holds_is_told_as_it_came(bundle: dict[str, Any], alone: bool) -> None:
    same(json.dumps({**SOUND, "prefetch": bundle if alone else {"a": bundle}}).encode())


@given(RESOURCES, st.sampled_from(TELLING))
def test_one_member_is_told_as_it_came_before_any_other_is_asked_for(resource: dict[str, Any], name: str) -> None:
    resource = {**resource, "resourceType": "Condition"}
    body = json.dumps({**SOUND, "prefetch": {"a": {"resourceType": "Bundle", "entry": [{"resource": resource}]}}})
    span = load_request(body.encode()).prefetch["a"]["entry"][0]["resource"]
    assert isinstance(span, Span)
    assert (name in span, plain(span.get(name))) == (name in resource, resource.get(name))


@given(st.lists(RESOURCES.map(lambda one: {**one, "resourceType": "Condition"}), max_size=4), st.sampled_from(TELLING))
def test_one_member_of_all_is_what_each_tells(resources: list[dict[str, Any]], name: str) -> None:
    body = json.dumps({**SOUND, "prefetch": {"a": bundle(*resources)}})
    entries = load_request(body.encode()).prefetch["a"].get("entry", [])
    told = [entry["resource"] for entry in entries]
    assert plain(members(told, name)) == [resource.get(name) for resource in resources]
    assert members(resources, name) == [resource.get(name) for resource in resources]


def test_the_keys_that_are_cut_in_one_go_are_those_of_our_queries() -> None:
    assert parsing.OurKeys.__struct_fields__ == tuple(query.key for query in queries.ALL)


@given(
    st.dictionaries(st.sampled_from([*parsing.OurKeys.__struct_fields__, "other"]), BUNDLES | JSON, max_size=4),
    st.booleans(),
)
def test_under_our_keys_all_is_told_as_it_came(prefetch: dict[str, Any], sound: bool) -> None:
    whole = {"conditions": {"resourceType": "Bundle", "entry": [{"resource": condition()}]}} if sound else {}
    same(json.dumps({**SOUND, "prefetch": {**prefetch, **whole}}).encode())


def test_of_versions_that_nothing_tells_apart_the_same_is_kept_as_when_all_is_parsed() -> None:
    versions = [condition("x", concept(SNOMED, str(99 - code))) for code in range(12)]
    body = json.dumps({**SOUND, "prefetch": {"a": bundle(*versions)}}).encode()
    told = [entry["resource"] for entry in load_request(body).prefetch["a"]["entry"]]
    assert all(isinstance(one, Span) for one in told)
    for place in range(len(versions)):
        kept = newest([*told[place:], *told[:place]])
        assert plain(kept) == newest(versions)


def test_of_a_large_chart_no_more_is_parsed_than_of_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no rule can read is only glanced at, whatever it is coded as, and each code is looked at once."""
    counted: list[int] = []
    parse = spans.parsed
    monkeypatch.setattr(spans, "parsed", lambda raw: (counted.append(len(bytes(raw))), parse(raw))[1])
    taken = []
    for size in (10, 1000):
        counted.clear()
        listed = [condition(f"c{one}", concept(SNOMED, "44054006", "Diabetes")) for one in range(size)]
        found = answered(load_request(orjson.dumps(posted(conditions=bundle(*listed, condition("x"))))))
        assert b"cramp" in found
        taken.append(sum(counted))
    assert taken[1] < 2 * taken[0]


SITUATIONS = [(situation, hook) for situation in situations.load_all() for hook in situation.hooks]


@pytest.mark.parametrize("place", range(0, len(SITUATIONS), 7))
def test_every_answer_is_what_it_is_when_all_is_parsed_at_once(place: int) -> None:
    """Of some situations, sound and spoiled in a few ways; ``tools/answers.py`` compares all."""
    request = situations.request(*SITUATIONS[place])
    ways = random.Random(place).choices([one.change for one in spoilings(request)], k=5)
    for body in map(orjson.dumps, (request, *(changed(request, way) for way in ways))):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(calls, "parse_request", parse_object)
            at_once = answered(load_request(body))
        assert answered(load_request(body)) == at_once
