"""What decides nothing may be as odd as it likes: no card is lost, none is milder, nothing is denied that is there."""

import random
import re
from typing import Any

import pytest
from fuzz import fuzzed

from cds_service import situations
from tests.spoiling import Shown, changed, rewritings, shown, spoilings

ASKED = [(situation.name, hook) for situation in situations.load_all() for hook in situation.hooks]


@pytest.mark.parametrize(("name", "hook"), ASKED)
def test_no_card_is_lost_and_nothing_denied(name: str, hook: str) -> None:
    request = situations.request(situations.load(name), hook)
    right, absent = shown(request), dict[Any, Shown]()
    wrong = []
    for one in spoilings(request):
        if one.removal is not None and one.removal not in absent:
            absent[one.removal] = shown(changed(request, one.removal))
        fault = shown(changed(request, one.change)).fault(right, absent.get(one.removal))
        if fault:
            wrong.append((one.what, fault))
    assert wrong == []


@pytest.mark.parametrize(("name", "hook"), ASKED)
def test_a_date_that_can_mean_one_thing_only_is_read_in_every_form(name: str, hook: str) -> None:
    request = situations.request(situations.load(name), hook)
    right = shown(request)
    for one in rewritings():
        assert shown(changed(request, one.change)) == right, one.what


ANALYTES = {"2823-3": "potassium", "2951-2": "sodium", "17861-6": "calcium", "2000-8": "calcium", "2601-3": "magnesium"}
ODD_VALUES: tuple[Any, ...] = ("1,000.0", "x", "haemolysed")
ODD_TIMES = ("30/11/2026", "last week")


def newest_results(request: dict[str, Any]) -> list[tuple[int, str]]:
    """The place and analyte of each electrolyte that there is one result of."""
    found = [
        (place, ANALYTES[coding["code"]])
        for place, one in enumerate(entries(request))
        for coding in one["code"].get("coding", ())
        if coding.get("code") in ANALYTES and isinstance(one.get("valueQuantity"), dict)
    ]
    names = [analyte for _, analyte in found]
    return [(place, analyte) for place, analyte in found if names.count(analyte) == 1]


def entries(request: dict[str, Any]) -> list[dict[str, Any]]:
    bundle = request["prefetch"].get("observations") or {}
    return [entry["resource"] for entry in bundle.get("entry", ())]


RESULTS = [
    (name, place, analyte)
    for name, hook in ASKED
    if hook == "patient-view"
    for place, analyte in newest_results(situations.request(situations.load(name), hook))
]


@pytest.mark.parametrize(("name", "place", "analyte"), RESULTS)
def test_a_result_that_cannot_be_read_is_named_and_never_not_found_nor_normal(
    name: str, place: int, analyte: str
) -> None:
    request = situations.request(situations.load(name), "patient-view")
    stated = entries(request)[place]["valueQuantity"]
    for way in ODD_VALUES:
        odd = changed(request, lambda one, way=way: entries(one)[place]["valueQuantity"].update(value=way))
        _is_named(shown(odd), analyte, way)
    for way in ODD_TIMES:
        odd = changed(request, lambda one, way=way: entries(one)[place].update(effectiveDateTime=way))
        _is_named(shown(odd), analyte, str(stated["value"]), way)


def _is_named(answer: Shown, analyte: str, *words: str) -> None:
    assert analyte not in answer.denied
    if {"StretchingFirst", "CorrectElectrolytes"} & answer.ranks.keys():
        lines = [line for line in answer.lines if analyte in line.lower() and ": not used (" in line]
        assert lines, analyte
        assert any(all(word in re.sub(r"\\", "", line) for word in words) for line in lines), lines


def test_a_few_of_the_fuzzed_requests_are_answered_and_lose_no_card() -> None:
    assert list(fuzzed(random.Random(11), 150)) == []
