"""The first look drops only what is plainly of no use."""

from typing import Any

import msgspec
import orjson
import pytest

from cds_service.chart.read.scan import may_matter
from cds_service.protocol.prefetch import Bundle, Prefetch
from cds_service.protocol.spans import different, each_once, members

KNOWN = frozenset(("http://snomed.info/sct",))


def might(code: Any) -> bool:
    return code.startswith("9")


def is_cramp(text: Any) -> bool:
    return text.strip() in ("", "cramp")


def coded(*codings: Any) -> dict[str, Any]:
    return {"code": {"coding": list(codings)}}


SCT = "http://snomed.info/sct"


@pytest.mark.parametrize(
    "resource",
    [
        coded({"system": SCT, "code": "1"}),
        coded({"system": "http://local", "code": "1"}, {"system": SCT, "code": "2"}),
        coded({"system": SCT, "code": "1"}, {"system": "http://local", "code": "2"}),
        coded({"system": SCT, "code": "1", "display": "asthma"}),
        coded({"system": "http://local", "code": "1", "display": "asthma"}),
        {"code": {"coding": [{"system": "http://local", "code": "1"}], "text": "asthma"}},
        {"code": {"coding": [], "text": "asthma"}},
    ],
)
def test_left_out(resource: Any) -> None:
    assert not may_matter(resource["code"], might, is_cramp, KNOWN)


@pytest.mark.parametrize(
    "resource",
    [
        coded({"system": SCT, "code": "91"}),
        coded({"system": SCT, "code": "1"}, {"system": "http://local", "code": "91"}),
        coded({"system": "http://local", "code": "1"}),
        coded({"code": "1"}),
        coded({"system": SCT}),
        coded({"system": SCT, "code": " "}),
        coded({"system": SCT, "code": None}),
        coded({"system": SCT, "code": 7}),
        coded({"system": SCT, "code": ["1"]}),
        coded({"system": [SCT], "code": "1"}),
        coded({"system": SCT, "code": "1", "display": "cramp"}),
        coded({"system": SCT, "code": "1", "display": 7}),
        coded({"system": SCT, "code": "1", "display": None}),
        coded({"system": SCT, "code": "1"})
        | {"code": {**coded({"system": SCT, "code": "1"})["code"], "text": "cramp"}},
        {"code": {"coding": [{"system": "http://local", "code": "1"}], "text": " "}},
        coded(),
        coded("1"),
        {"code": {"coding": {"system": SCT, "code": "1"}}},
        {"code": {"text": "cramp"}},
        {"code": "1"},
        {"code": None},
        {},
    ],
)
def test_handed_on(resource: Any) -> None:
    assert may_matter(resource.get("code"), might, is_cramp, KNOWN)


@pytest.mark.parametrize("many", [10, 1000])
def test_what_is_coded_alike_is_looked_at_once(many: int) -> None:
    asked: list[Any] = []
    resources = [coded({"system": SCT, "code": str(number % 3)}) for number in range(many)]
    told = each_once(resources, "code", lambda written: asked.append(written) or written)
    assert len(asked) == 3
    assert [orjson.loads(text) for text in told] == [resource["code"] for resource in resources]


def test_what_can_not_be_written_as_json_is_told_apart_from_what_is_not_there() -> None:
    """Nested deeper than is written, as only what was parsed at once can be."""
    deep: Any = {}
    for _ in range(400):
        deep = {"concept": deep}
    assert each_once([{"code": deep}, {}, {"code": None}], "code", lambda written: written) == [None, "null", "null"]


def test_what_says_the_same_to_the_letter_is_told_once() -> None:
    lines = [
        b'{"resource":{"resourceType":"Condition","subject":{"reference":"Patient/%d"}}}' % (n % 2) for n in range(6)
    ]
    read = Prefetch(
        {
            "conditions": Bundle(
                "Bundle", [*map(msgspec.Raw, lines), msgspec.Raw(b'{"resource":{"resourceType":"Condition"}}')]
            )
        }
    )
    spans = read["conditions"]["entry"].alike
    said = [{"reference": "Patient/0"}, {"reference": "Patient/1"}, None]
    assert different(spans, "subject") == said
    assert members(spans, "subject") == [*said[:2] * 3, None]
    parsed = [dict(span) for span in spans]
    assert different(parsed, "subject") == members(parsed, "subject") == [*said[:2] * 3, None]
