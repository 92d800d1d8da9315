"""What a DiagnosticReport lends its results, and the words around a result."""

from typing import Any

import pytest

from cds_service.chart.r4.reports import with_report, with_words, words_around, words_of

WHEN = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming", "appliesDateTime")


def lent(result: Any, report: Any) -> dict[str, Any]:
    """What the result has with the report, and had not without; its words apart."""
    made = with_report(result, report)
    return {name: held for name, held in made.items() if name != "_around" and result.get(name) != held}


@pytest.mark.parametrize(
    ("result", "report", "gets"),
    [
        ({"status": "final"}, {"status": "cancelled"}, {"status": "cancelled"}),
        ({"status": "final"}, {"status": "Entered in Error"}, {"status": "entered-in-error"}),
        ({"status": "final"}, {"status": "registered"}, {"status": "registered"}),
        ({"status": "final"}, {"status": "preliminary"}, {}),
        ({}, {"status": "final"}, {}),
        ({"status": "final"}, {"status": "made up"}, {}),
        ({}, {"subject": "a"}, {"subject": "a"}),
        ({"subject": "b"}, {"subject": "a"}, {}),
        ({}, {}, {}),
        *(({}, {name: "2026"}, {name: "2026"}) for name in (*WHEN, "appliesPeriod", "issued")),
        ({}, {"effectiveDateTime": "2026", "issued": "2027"}, {"effectiveDateTime": "2026", "issued": "2027"}),
        *(({name: "2025"}, {"effectiveDateTime": "2026"}, {"issued": "2026"}) for name in WHEN),
        ({"effectiveDateTime": "2025"}, {"issued": "2026"}, {"issued": "2026"}),
        ({"effectiveDateTime": "2025"}, {"effectiveDateTime": "2026", "issued": "2027"}, {"issued": "2026"}),
        ({"effectiveDateTime": "2025"}, {"effectivePeriod": {"start": "2026"}}, {}),
        ({"issued": "2025"}, {"effectiveDateTime": "2026"}, {}),
    ],
)
def test_a_report_lends_what_its_result_lacks(result: Any, report: Any, gets: Any) -> None:
    assert lent(result, report) == gets


def test_the_words_of_a_holder() -> None:
    code = {"coding": [{"code": "1", "display": "a"}, {"display": "b"}], "text": "c"}
    assert words_of({"code": code, "type": "d", "category": ["e", {}]}) == ["c", "d", "e", "a", "b"]
    assert words_of({}) == words_of({"code": {"coding": [{"code": "1"}]}}) == []


def test_the_words_around_a_result() -> None:
    specimen = {"resourceType": "Specimen", "type": {"text": "Urine"}}
    other = {"resourceType": "Device", "type": {"text": "Meter"}}
    result = {"specimen": {"display": "24 h"}, "contained": [specimen, other, "junk"]}
    assert words_around(result) == ["24 h", "Urine"]
    with_panel = with_words(with_words(result, ["panel"]), ["ward"])
    assert words_around(with_panel) == ["24 h", "Urine", "panel", "ward"]
    assert words_around(with_report(with_panel, {"code": "Fluid"}))[2:] == ["panel", "ward", "Fluid"]
    assert words_around({"specimen": "urine"}) == ["urine"]
    assert words_around({"specimen": {"reference": "#s"}}) == words_around({}) == []
