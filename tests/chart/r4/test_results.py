"""Observations of DSTU2 to R5, as R4: each element by itself; and what a report lends its results."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cds_service.chart.r4.elements import UNREADABLE
from cds_service.chart.r4.results import component, dated, effective, observation, value

ZONE = ZoneInfo("Asia/Jakarta")
UCUM = "http://unitsofmeasure.org"


@pytest.mark.parametrize(
    ("raw", "made"),
    [
        ({"effectiveDateTime": "2026"}, {"effectiveDateTime": "2026"}),
        ({"effectiveInstant": "2026"}, {"effectiveDateTime": "2026"}),
        ({"appliesDateTime": "2026"}, {"effectiveDateTime": "2026"}),
        ({"effectiveDateTime": "x", "appliesDateTime": "2026"}, {"effectiveDateTime": "2026"}),
        ({"effectiveDateTime": "2026", "effectivePeriod": {"start": "2025"}}, {"effectiveDateTime": "2026"}),
        ({"effectivePeriod": {"start": "2026"}}, {"effectivePeriod": {"start": "2026"}}),
        ({"appliesPeriod": {"end": "2026"}}, {"effectivePeriod": {"end": "2026"}}),
        ({"effectivePeriod": {"start": "2026"}, "issued": "2025"}, {"effectivePeriod": {"start": "2026"}}),
        ({"effectivePeriod": {"start": "x"}, "issued": "2026"}, {"effectiveDateTime": "2026"}),
        ({"effectivePeriod": {"start": "x"}}, {"effectiveDateTime": UNREADABLE}),
        *(({"effectivePeriod": sides, "issued": "2024"}, {"effectivePeriod": sides | unread})
          for sides, unread in (({"start": "2025", "end": "x"}, {"end": UNREADABLE}),
                                ({"start": "x", "end": "2026"}, {"start": UNREADABLE}))),
        ({"effectiveTiming": {"event": ["2025", "2026"]}, "issued": "2024"}, {"effectiveDateTime": "2026"}),
        ({"effectiveTiming": {"event": "2026"}}, {"effectiveDateTime": "2026"}),
        ({"effectiveTiming": {"event": []}, "issued": "2026"}, {"effectiveDateTime": "2026"}),
        ({"effectiveTiming": "2026"}, {"effectiveDateTime": None}),
        ({"issued": "2026"}, {"effectiveDateTime": "2026"}),
        ({"effectiveDateTime": "x", "issued": "2026"}, {"effectiveDateTime": "2026"}),
        ({"effectiveDateTime": "x"}, {"effectiveDateTime": UNREADABLE}),
        ({"issued": "x"}, {"effectiveDateTime": UNREADABLE}),
        ({}, {"effectiveDateTime": None}),
    ],
)  # fmt: skip
def test_when(raw: Any, made: Any) -> None:
    assert effective(raw, ZONE) == made


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        *(({name: " soon ", "issued": "then"}, "soon")
          for name in ("effectiveDateTime", "effectiveInstant", "appliesDateTime")),
        *(({name: {"start": "soon", "end": "later"}}, "soon") for name in ("effectivePeriod", "appliesPeriod")),
        ({"effectiveTiming": {"event": ["soon", "later"]}}, "soon"),
        ({"issued": "soon"}, "soon"),
        *(({"effectiveDateTime": nothing, "issued": "soon"}, "soon") for nothing in (None, "", [], {})),
        ({"effectiveDateTime": 7}, "7"),
        ({"effectivePeriod": {}}, None),
        ({"effectiveTiming": [{}]}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_the_words_for_its_time(raw: Any, words: Any) -> None:
    assert dated(raw) == words


@pytest.mark.parametrize(
    ("raw", "made"),
    [
        ({"valueQuantity": {"value": 4, "unit": "g"}}, {"valueQuantity": {"value": Decimal(4), "unit": "g"}}),
        ({"valueQuantity": 4}, {"valueQuantity": {"value": Decimal(4)}}),
        *(({name: 4}, {"valueQuantity": {"value": Decimal(4)}}) for name in ("value", "valueInteger", "valueDecimal")),
        ({"valueInteger": 0}, {"valueQuantity": {"value": Decimal(0)}}),
        ({"value": 4, "valueString": "5"}, {"valueQuantity": {"value": Decimal(4)}}),
        ({"valueQuantity": " four "}, {"valueString": "four"}),
        ({"valueQuantity": "4"}, {"valueQuantity": {"value": Decimal(4)}}),
        ({"valueQuantity": "3,400"}, {"valueString": "3,400"}),
        ({"valueQuantity": {"value": "3,400", "unit": "g", "comparator": "<"}}, {"valueString": "<3,400 g"}),
        ({"valueQuantity": {"value": " many "}}, {"valueString": "many"}),
        ({"valueQuantity": {"value": "many", "unit": "a", "code": "b", "system": UCUM}}, {"valueString": "many b"}),
        ({"valueQuantity": {"value": "many", "unit": "a", "code": "b"}}, {"valueString": "many a"}),
        ({"valueQuantity": {"value": ["a"]}}, {"valueQuantity": {"value": ["a"]}}),
        ({"valueQuantity": {"unit": "g"}}, {"valueQuantity": {"unit": "g"}}),
        ({"valueString": " high "}, {"valueString": "high"}),
        ({"valueString": 4.5}, {"valueString": "4.5"}),
        ({"valueString": ["a"]}, {"valueString": ["a"]}),
        ({"valueString": ""}, {"valueString": None}),
        ({"valueCodeableConcept": {"text": "low", "coding": [{"code": "1", "display": "a"}]}}, {"valueString": "low"}),
        ({"valueCodeableConcept": {"coding": [{"code": "1", "display": "a"}, {"display": "b"}]}}, {"valueString": "a"}),
        ({"valueCodeableConcept": {"coding": [{"code": "1"}]}}, {"valueString": "1"}),
        ({}, {"valueString": None}),
    ],
)
def test_the_value(raw: Any, made: Any) -> None:
    assert value(raw) == made


def test_an_observation_is_what_we_read_of_it() -> None:
    raw = {
        "status": "Final",
        "code": "K",
        "effectiveDateTime": "2026",
        "valueQuantity": {"value": 4},
        "interpretation": "L",
        "dataAbsentReason": "haemolysed",
        "referenceRange": {"low": {"value": 3}},
        "note": "x",
    }
    made = {
        "status": "final",
        "code": {"text": "K"},
        "effectiveDateTime": "2026",
        "valueQuantity": {"value": Decimal(4)},
        "interpretation": [{"text": "L"}],
        "dataAbsentReason": {"text": "haemolysed"},
        "referenceRange": [{"low": {"value": Decimal(3)}}],
    }
    assert observation(raw, ZONE) == made
    assert observation({}, ZONE) == {}
    nothing = {"interpretation": [], "dataAbsentReason": None, "referenceRange": [None, {}]}
    assert observation(nothing, ZONE) == {}


LOW, HIGH = {"value": Decimal(3)}, {"value": Decimal(5)}


@pytest.mark.parametrize(
    ("raw", "made"),
    [
        ({"low": LOW, "high": HIGH, "text": "3-5"}, {"low": LOW, "high": HIGH}),
        ({"high": HIGH}, {"high": HIGH}),
        ({"text": "3-5"}, None),
        ({"type": "normal"}, None),
        ("3-5", None),
        ({"low": LOW, "type": "normal", "meaning": "x"}, {"low": LOW, "type": {"text": "normal"}}),
        ({"low": LOW, "meaning": "x"}, {"low": LOW, "type": {"text": "x"}}),
        ({"low": LOW, "appliesTo": ["a", "b"]}, {"low": LOW, "appliesTo": [{"text": "a"}, {"text": "b"}]}),
        ({"low": LOW, "appliesTo": [{}]}, {"low": LOW, "appliesTo": UNREADABLE}),
        ({"low": LOW, "appliesTo": []}, {"low": LOW}),
        ({"low": LOW, "age": {"low": LOW, "high": HIGH, "odd": 1}}, {"low": LOW, "age": {"low": LOW, "high": HIGH}}),
        ({"low": LOW, "age": {"high": HIGH}}, {"low": LOW, "age": {"high": HIGH}}),
        ({"low": LOW, "age": {"odd": 1}}, {"low": LOW, "age": UNREADABLE}),
        ({"low": LOW, "age": "adults"}, {"low": LOW, "age": UNREADABLE}),
        ({"low": LOW, "age": {}}, {"low": LOW}),
    ],
)
def test_a_range_and_for_whom_it_is(raw: Any, made: Any) -> None:
    found = observation({"referenceRange": [raw, {"low": HIGH}]}, ZONE)["referenceRange"]
    assert found == [*([made] if made else []), {"low": HIGH}]


WHOLE = {"status": "final", "effectiveDateTime": "2026", "code": "panel"}


@pytest.mark.parametrize(
    ("raw", "status", "when"),
    [
        ({}, "final", {"effectiveDateTime": "2026"}),
        ({"status": "amended"}, "amended", {"effectiveDateTime": "2026"}),
        ({"effectiveDateTime": "2025"}, "final", {"effectiveDateTime": "2025"}),
        ({"effectivePeriod": {"start": "2025"}}, "final", {"effectivePeriod": {"start": "2025"}}),
        ({"effectiveDateTime": "x"}, "final", {"effectiveDateTime": UNREADABLE}),
    ],
)
def test_the_panel_lends_status_and_time(raw: Any, status: str, when: Any) -> None:
    assert component({"code": "K", **raw}, WHOLE, ZONE) == {"code": {"text": "K"}, "status": status, **when}


def test_a_panel_without_them_lends_nothing() -> None:
    assert component({"code": "K"}, {}, ZONE) == {"code": {"text": "K"}}
    assert component({}, {"effectivePeriod": {"start": "2026"}}, ZONE) == {"effectivePeriod": {"start": "2026"}}
