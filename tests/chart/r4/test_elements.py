"""Each element in the odd shapes it comes in, as R4 has it: repaired, left as it came, or said to be unreadable."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cds_service.chart.r4.elements import (
    UNREADABLE,
    coding,
    concept,
    concepts,
    date_time,
    flag,
    listed,
    number,
    period,
    present,
    quantity,
    reference,
    status,
    statuses,
    text,
)
from tests.builders.fhir import SNOMED

ZONE = ZoneInfo("Asia/Jakarta")
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


@pytest.mark.parametrize(
    ("value", "members"),
    [(None, []), ([], []), ([None, 1, None, 2], [1, 2]), ("a", ["a"]), ({}, [{}]), (0, [0]), ("", [""])],
)
def test_listed(value: Any, members: Any) -> None:
    assert listed(value) == members


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *((" a b ", "a b"), ("", None), ("  ", None), (None, None), (4, "4"), (4.5, "4.5"), (0, "0")),
        *((Decimal("4.50"), "4.50"), (True, None), (False, None), (["a"], None), ({"a": 1}, None)),
    ],
)
def test_text(value: Any, words: Any) -> None:
    assert text(value) == words


def test_present() -> None:
    kept = {"no": False, "nought": 0, "zero": Decimal(0), "point": 0.0, "words": "a", "list": [0], "of": {"a": None}}
    assert present({**kept, "none": None, "blank": "", "empty": [], "nothing": {}}) == kept


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ({"system": SNOMED, "code": "1", "display": "a", "userSelected": True, "version": "x"},
         {"system": SNOMED, "code": "1", "display": "a"}),
        ("1", {"code": "1"}),
        (7, {"code": "7"}),
        ({"code": 7, "display": 5}, {"code": "7", "display": "5"}),
        ({"code": "  1 \u00a0 2\u2003", "display": "a\u00a0b \n c"}, {"code": "1 2", "display": "a b c"}),
        ({"code": "R25\u200b.2", "display": "leg\ufeff cramp"}, {"code": "R25.2", "display": "leg cramp"}),
        ({"system": "SNOMED CT", "code": "1"}, {"system": SNOMED, "code": "1"}),
        ({"system": "no address at all", "code": "1"}, {"code": "1"}),
        ({"system": " http://x ", "code": "1"}, {"system": "http://x", "code": "1"}),
        ({"system": "", "code": None, "display": ["a"]}, {}),
        (None, {}),
        (True, {}),
    ],
)  # fmt: skip
def test_coding(value: Any, made: Any) -> None:
    assert coding(value) == made


ONE = {"system": SNOMED, "code": "1"}
TWO = {"system": SNOMED, "code": "2"}


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (None, None),
        ({}, None),
        ("", None),
        ([], None),
        ([None, {}], None),
        ("words", {"text": "words"}),
        (7, {"text": "7"}),
        ({"text": " words "}, {"text": "words"}),
        ({"coding": [ONE]}, {"coding": [ONE]}),
        ({"coding": ONE, "text": "words"}, {"coding": [ONE], "text": "words"}),
        ({"coding": [None, {}, ONE]}, {"coding": [ONE]}),
        ({"coding": [], "text": "words"}, {"text": "words"}),
        ({"coding": []}, None),
        (ONE, {"coding": [ONE]}),
        ({**ONE, "text": "words"}, {"coding": [ONE], "text": "words"}),
        ({"system": SNOMED}, {"coding": [{"system": SNOMED}]}),
        ({"code": "1"}, {"coding": [{"code": "1"}]}),
        ({"concept": {"coding": [ONE]}, "reference": {"reference": "Condition/1"}}, {"coding": [ONE]}),
        ({"coding": [ONE], "concept": "other"}, {"coding": [ONE]}),
        ([{"coding": [ONE]}, {"text": "first"}, {"coding": [TWO], "text": "then"}],
         {"coding": [ONE, TWO], "text": "first"}),
        (["words"], {"text": "words"}),
        ([{"coding": [ONE]}], {"coding": [ONE]}),
    ],
)  # fmt: skip
def test_concept(value: Any, made: Any) -> None:
    assert concept(value) == made


def test_concepts() -> None:
    assert concepts(None) == concepts([]) == concepts({}) == concepts([None, {}]) == []
    assert concepts("words") == [{"text": "words"}]
    assert concepts([{"coding": [ONE]}, "words", {}]) == [{"coding": [ONE]}, {"text": "words"}]


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (" Condition/1 ", {"reference": "Condition/1"}),
        ("", None),
        ({"reference": "Condition/1", "display": " a "}, {"reference": "Condition/1", "display": "a"}),
        ({"display": "a"}, {"display": "a"}),
        ({"reference": {"reference": "Condition/1", "display": "a"}}, {"reference": "Condition/1", "display": "a"}),
        ({"identifier": {"value": "7"}}, None),
        ({}, None),
        (None, None),
        (["Condition/1"], None),
    ],
)
def test_reference(value: Any, made: Any) -> None:
    assert reference(value) == made


@pytest.mark.parametrize(
    ("values", "made"),
    [
        (("2026",), "2026"),
        ((None,), None),
        (("", [], {}, None), None),
        (("soon",), UNREADABLE),
        (("soon", "2026"), "2026"),
        (("2025", "2026"), "2025"),
        ((None, "2026"), "2026"),
        (("soon", None, ""), UNREADABLE),
    ],
)
def test_date_time(values: Any, made: Any) -> None:
    assert date_time(values[0], ZONE, *values[1:]) == made


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ({"start": "2026", "end": "2027", "odd": "x"}, {"start": "2026", "end": "2027"}),
        ({"start": "soon", "end": "2027"}, {"start": UNREADABLE, "end": "2027"}),
        ({"end": "2027"}, {"end": "2027"}),
        ({}, None),
        ("2026", {"start": "2026"}),
        ("soon", {"start": UNREADABLE}),
        (None, None),
    ],
)
def test_period(value: Any, made: Any) -> None:
    assert period(value, ZONE) == made


@pytest.mark.parametrize(
    ("value", "made"),
    [
        *((4, "4"), (4.5, "4.5"), (Decimal("4.50"), "4.50"), ("4.50", "4.50"), (" 4,5 ", "4.5"), ("-3", "-3")),
        *(("1e3", "1E+3"), (0, "0"), ("0", "0"), (10**30, str(10**30)), ("1e-30", "1E-30"), ("0,400", "0.400")),
        *((True, None), (None, None), ("", None), ("four", None), ([4], None), ({"value": 4}, None)),
        *(("3,400", None), (" 3.400 ", None), ("nan", None), ("inf", None), (10**31, None), ("1e-31", None)),
        *((float("inf"), None), (float("nan"), None), ("1.2.3", None)),
    ],
)
def test_number(value: Any, made: str | None) -> None:
    found = number(value)
    assert (None if found is None else str(found)) == made


UNIT = {"unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (None, None),
        ({}, None),
        (4, {"value": Decimal(4)}),
        ("4,5", {"value": Decimal("4.5")}),
        ("four", "four"),
        ([4], [4]),
        ({"value": 4, **UNIT, "odd": 1}, {"value": Decimal(4), **UNIT}),
        ({"value": "4,5", "unit": " g "}, {"value": Decimal("4.5"), "unit": "g"}),
        ({"value": " four ", "unit": "g"}, {"value": "four", "unit": "g"}),
        ({"value": "3,400", "unit": "g"}, {"value": "3,400", "unit": "g"}),
        ({"value": {"a": 1}}, {"value": {"a": 1}}),
        ({"unit": "g"}, {"unit": "g"}),
        ({"value": 0}, {"value": Decimal(0)}),
        ({"value": 4, "comparator": "≤"}, {"value": Decimal(4), "comparator": "<="}),
        ({"value": 4, "comparator": "=<"}, {"value": Decimal(4), "comparator": "<="}),
        ({"value": 4, "comparator": "≥"}, {"value": Decimal(4), "comparator": ">="}),
        ({"value": 4, "comparator": "=>"}, {"value": Decimal(4), "comparator": ">="}),
        ({"value": 4, "comparator": "<"}, {"value": Decimal(4), "comparator": "<"}),
        ({"value": 4, "comparator": ""}, {"value": Decimal(4)}),
        ({"value": 4, "comparator": ["<"]}, {"value": Decimal(4), "comparator": UNREADABLE}),
        ({"value": 4, "unit": {"a": 1}}, {"value": Decimal(4), "unit": UNREADABLE}),
        ({"value": 4, "code": ["g"]}, {"value": Decimal(4), "unit": UNREADABLE}),
        ({"value": 4, "unit": ["g"], "code": "g"}, {"value": Decimal(4), "code": "g"}),
        ({"value": 4, "unit": "", "code": None}, {"value": Decimal(4)}),
    ],
)
def test_quantity(value: Any, made: Any) -> None:
    assert quantity(value) == made


@pytest.mark.parametrize(
    ("value", "made"),
    [
        *((True, True), (False, False), ("true", True), (" False ", False), ("TRUE", True), (None, None)),
        *(("perhaps", "perhaps"), (1, 1), ([], []), ("", "")),
    ],
)
def test_flag(value: Any, made: Any) -> None:
    assert (type(flag(value)), flag(value)) == (type(made), made)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Active", ["active"]),
        (" ", []),
        ("", []),
        (None, []),
        ({"text": "Active"}, ["active"]),
        ({"coding": [{"code": "a", "display": "b"}, {"code": "c"}], "text": "d"}, ["a", "c", "d", "b"]),
        ({"coding": [{"system": ABSENT, "code": "unknown"}]}, []),
        ({"coding": [{"system": ABSENT, "code": "unknown"}, {"code": "a"}]}, ["a"]),
        (7, ["7"]),
        (["Active"], ["active"]),
    ],
)
def test_statuses(value: Any, words: Any) -> None:
    assert statuses(value) == words


KNOWN = {"active": "active", "stopped": "inactive", "unknown": None}


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ({"coding": [{"code": "active"}]}, "active"),
        ({"coding": [{"code": "stopped"}]}, "inactive"),
        ({"coding": [{"code": "x"}, {"code": "Stopped"}]}, "inactive"),
        ({"coding": [{"code": "Discontinued"}], "text": "active"}, "inactive"),
        ({"coding": [], "text": "active"}, "active"),
        ("unknown", None),
        ({"coding": [{"code": "unknown"}]}, None),
        *((nothing, None) for nothing in (None, "", [], {})),
        ({"coding": [{"system": ABSENT, "code": "masked"}]}, None),
        ({"coding": []}, None),
        (" ", UNREADABLE),
        ("made up", UNREADABLE),
        ({"text": "made up"}, UNREADABLE),
        ({"odd": 1}, UNREADABLE),
        (7, UNREADABLE),
    ],
)
def test_status(value: Any, meant: Any) -> None:
    assert status(value, KNOWN) == meant
