"""What can't be read costs itself, or what it qualifies, or the fact: the table."""

from typing import Any

import pytest

from cds_service.chart.r4.elements import UNREADABLE, UnreadableError, attempted
from cds_service.chart.r4.essentials import DRAFT, settled

QUININE = {"medicationCodeableConcept": {"text": "quinine"}}
POTASSIUM = {"status": "final", "code": {"text": "potassium"}}


@pytest.mark.parametrize(
    ("role", "element", "left", "lost"),
    [
        ("Condition", {"code": {"text": "a"}, "recordedDate": UNREADABLE}, {"code": {"text": "a"}}, ("recordedDate",)),
        ("Condition", {"code": {"text": "a"}, "recordedDate": "soon"}, {"code": {"text": "a"}}, ("recordedDate",)),
        (
            "Condition",
            {"code": {"coding": [{"code": "a"}, {"code": "b  c"}, {"code": UNREADABLE}]}},
            {"code": {"coding": [{"code": "a"}]}},
            ("code.coding",),
        ),
        (
            "Condition",
            {"code": {"text": "a"}, "onsetPeriod": {"start": UNREADABLE, "end": "2026"}},
            {"code": {"text": "a"}, "onsetPeriod": {"end": "2026"}},
            ("onsetPeriod.start",),
        ),
        ("MedicationRequest", QUININE | {"status": UNREADABLE}, QUININE | {"status": "unknown"}, ("status",)),
        (DRAFT, QUININE | {"status": UNREADABLE}, QUININE | {"status": "draft"}, ("status",)),
        (DRAFT, QUININE | {"doNotPerform": "x"}, QUININE, ("doNotPerform",)),
        ("MedicationStatement", QUININE | {"status": UNREADABLE}, QUININE | {"status": "unknown"}, ("status",)),
        ("Observation", POTASSIUM | {"status": UNREADABLE}, POTASSIUM | {"status": "unknown"}, ("status",)),
        ("Observation", POTASSIUM | {"valueQuantity": {"value": 1, "unit": UNREADABLE}}, POTASSIUM, ("valueQuantity",)),
        (
            "Observation",
            POTASSIUM | {"referenceRange": [{"low": {"value": 3}}, {"low": {"value": 4}, "age": UNREADABLE}]},
            POTASSIUM | {"referenceRange": [{"low": {"value": 3}}]},
            ("referenceRange",),
        ),
        ("Patient", {"birthDate": UNREADABLE}, {}, ("birthDate",)),
    ],
)
def test_what_is_lost(role: Any, element: Any, left: Any, lost: Any) -> None:
    assert settled(role, element) == (left, lost)


@pytest.mark.parametrize(
    ("role", "element"),
    [
        ("Condition", {"code": UNREADABLE, "recordedDate": "2026"}),
        ("AllergyIntolerance", {"code": {"coding": [{"code": "b  c"}]}}),
        ("Observation", {"status": "final", "code": 7}),
        ("MedicationRequest", {"medicationReference": UNREADABLE}),
        ("MedicationStatement", {"medicationCodeableConcept": {"text": UNREADABLE}}),
        ("MedicationRequest", QUININE | {"doNotPerform": "x"}),
        (DRAFT, {"medicationReference": 5}),
    ],
)
def test_without_what_identifies_it_there_is_no_fact(role: Any, element: Any) -> None:
    with pytest.raises(UnreadableError):
        settled(role, element)


def test_of_many_each_that_cannot_be_read_goes_and_no_other() -> None:
    codings = [{"code": f"c{number}"} for number in range(16)]
    for bad in (2, 9, 10):
        codings[bad] = {"code": "x  y"}
    element, lost = settled("Condition", {"code": {"coding": codings}})
    assert [one["code"] for one in element["code"]["coding"]] == [f"c{n}" for n in range(16) if n not in (2, 9, 10)]
    assert lost == ("code.coding",)


@pytest.mark.parametrize("error", [RecursionError, TypeError, KeyError, ValueError, ArithmeticError, AttributeError])
def test_what_is_too_odd_to_look_at_is_unreadable(error: Any) -> None:
    def looks(_: Any) -> Any:
        raise error

    assert attempted(looks, {}) is UNREADABLE
    assert attempted(dict, {"a": 1}) == {"a": 1}


def test_what_is_in_order_is_handed_back_as_it_is() -> None:
    element = QUININE | {"authoredOn": "2026-03-02"}
    assert settled("MedicationRequest", element)[0] is element
