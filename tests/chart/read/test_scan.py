"""The first look drops only what is plainly of no use."""

from itertools import count
from typing import Any

import pytest

from cds_service.chart.read.scan import candidates

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
    assert candidates([resource], might, is_cramp, KNOWN) == []


@pytest.mark.parametrize(
    "resource",
    [
        coded({"system": SCT, "code": "91"}),
        coded({"system": SCT, "code": "1"}, {"system": "http://local", "code": "91"}),
        coded({"system": "http://local", "code": "1"}),
        coded({"code": "1"}),
        coded({"system": SCT}),
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
    assert candidates([{"code": 0}, resource], might, is_cramp, KNOWN)[-1] == 1


def test_each_code_is_judged_once() -> None:
    asked = count()

    def judge(_code: Any) -> bool:
        return bool(next(asked) < 0)

    candidates([coded({"system": SCT, "code": "1"})] * 50, judge, is_cramp, KNOWN)
    assert next(asked) == 1


def test_each_text_is_judged_once() -> None:
    asked = count()

    def judge(_text: Any) -> bool:
        return bool(next(asked) < 0)

    candidates([coded({"system": SCT, "code": "1", "display": "asthma"})] * 50, might, judge, KNOWN)
    assert next(asked) == 1


class Counted(dict[str, Any]):
    """An object that counts how often one like it was looked into."""

    looks = 0

    def __getitem__(self, name: str) -> Any:
        Counted.looks += 1
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        Counted.looks += 1
        return super().get(name, default)


@pytest.mark.parametrize("many", [1000, 2000])
def test_each_resource_is_looked_at_once(many: int) -> None:
    """Four looks: code, coding, its code, its system."""
    resources = [Counted(code=Counted(coding=[Counted(system=SCT, code=str(n))])) for n in range(10_000, 10_000 + many)]
    Counted.looks = 0
    assert candidates(resources, might, is_cramp, KNOWN) == []
    assert Counted.looks == 4 * many
