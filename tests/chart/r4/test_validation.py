"""The remembered shapes answer as fhir.resources itself does."""

from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B.condition import Condition
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.observation import Observation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds_service.chart.r4 import validation as reader_validation
from cds_service.chart.r4.elements import UNREADABLE
from cds_service.chart.r4.validation import faults


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_validation, "_valid_shapes", set())


WORDS = st.sampled_from(
    [
        "a",
        "two words",
        "two  spaces",
        "",
        " ",
        "x ",
        "é",
        "10*3/µL",
        "line\nbreak",
        "a\x1fb",
        "\u00a0",
        "http://a b",
        "1",
    ]
) | st.text(max_size=8)
NUMBERS = st.sampled_from([Decimal("2.8"), Decimal(0), Decimal("-1e5"), "2.8", "x", True, None, 4, 2.5])
DATES = st.sampled_from(["2026", "2026-03", "2026-03-02", "2026-03-02T10:00:00+07:00", "soon", "2026-03-02T10:00:00"])
JUNK = st.none() | st.booleans() | st.integers() | WORDS | st.lists(WORDS, max_size=2)
CODING = st.dictionaries(st.sampled_from(["system", "code", "display", "odd"]), WORDS | JUNK, max_size=3)
CONCEPT = st.fixed_dictionaries({}, optional={"coding": st.lists(CODING, max_size=2), "text": WORDS}) | JUNK
QUANTITY = st.fixed_dictionaries({}, optional={"value": NUMBERS, "unit": WORDS, "code": WORDS, "system": WORDS})


def agrees(kind: Any, model: Any, required: Any, element: Any) -> None:
    """Ask twice, so that the second answer may come from a remembered shape."""
    try:
        model.model_validate({**required, **element})
        valid = True
    except (ValueError, TypeError):
        valid = False
    for _ in range(2):
        assert (faults(kind, element) == ()) == valid, element


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {"code": CONCEPT},
        optional={
            "status": WORDS,
            "effectiveDateTime": DATES,
            "valueQuantity": QUANTITY,
            "interpretation": st.lists(CONCEPT, max_size=2),
        },
    )
)
def test_an_observation_is_valid_exactly_when_the_library_says_so(element: Any) -> None:
    agrees("Observation", Observation, {"status": "unknown"}, element)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "code": CONCEPT,
            "clinicalStatus": CONCEPT,
            "recordedDate": DATES,
            "bodySite": st.lists(CONCEPT, max_size=2),
        },
    )
)
def test_a_condition_is_valid_exactly_when_the_library_says_so(element: Any) -> None:
    agrees("Condition", Condition, {"subject": None}, element)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {"medicationCodeableConcept": CONCEPT},
        optional={
            "intent": WORDS,
            "doNotPerform": st.booleans() | WORDS,
            "dosageInstruction": st.lists(
                st.fixed_dictionaries({"text": WORDS}, optional={"route": CONCEPT}), max_size=2
            ),
        },
    )
)
def test_a_medication_request_is_valid_exactly_when_the_library_says_so(element: Any) -> None:
    required = {"subject": None, "status": "unknown", "intent": "order"}
    agrees("MedicationRequest", MedicationRequest, required, element)


@pytest.mark.parametrize(
    "odd", ["", " ", "two  spaces", "x ", " x", "line\nbreak", "a\x1fb", "\u00a0", "a\u00a0b", "tab\there"]
)
@pytest.mark.parametrize("member", ["status", "text", "system"])
def test_an_odd_string_is_not_taken_for_a_plain_one(member: str, odd: str) -> None:
    def element(written: str) -> dict[str, Any]:
        if member == "status":
            return {"code": {"text": "a"}, "status": written}
        coding = {"system": written} if member == "system" else {"display": "a"}
        return {"code": {"coding": [coding], "text": written if member == "text" else "a"}}

    for plain in ("token", "two words"):
        agrees("Observation", Observation, {"status": "unknown"}, element(plain))
    agrees("Observation", Observation, {"status": "unknown"}, element(odd))


def test_a_date_with_a_time_is_no_birth_date() -> None:
    assert faults("Patient", {"birthDate": "2026-03-02"}) == ()
    assert faults("Patient", {"birthDate": "2026-03-02T10:00:00+07:00"}) == (("birthDate",),)


def test_a_known_shape_is_not_asked_again(monkeypatch: Any) -> None:
    element = {"code": {"text": "one"}, "status": "final"}
    faults("Observation", element)
    asked = []
    monkeypatch.setattr(reader_validation, "_ask", lambda *what: asked.append(what) or ())
    faults("Observation", element | {"status": "amended"})
    assert asked == []
    faults("Observation", element | {"status": "two words"})
    assert len(asked) == 1


def test_the_remembered_shapes_are_bounded(monkeypatch: Any) -> None:
    monkeypatch.setattr(reader_validation, "_MOST_SHAPES", 0)
    before = len(reader_validation._valid_shapes)  # noqa: SLF001 - the bound is what is tested
    faults("Observation", {"code": {"text": "a"}, "interpretation": [{"text": "b"}], "valueString": "never seen shape"})
    assert len(reader_validation._valid_shapes) == before  # noqa: SLF001


def test_nothing_of_a_patient_is_remembered() -> None:
    faults("Condition", {"code": {"text": "Siti-Rahayu-1960"}, "recordedDate": "1960-05-04"})
    assert "Siti" not in repr(reader_validation._valid_shapes)  # noqa: SLF001
    assert "1960" not in repr(reader_validation._valid_shapes)  # noqa: SLF001


@pytest.mark.parametrize(
    ("element", "where"),
    [
        ({"code": 5}, ("code",)),
        ({"status": ["final"], "code": {"text": "x"}}, ("status",)),
        ({"code": {"odd": "x"}}, ("code", "odd")),
        ({"code": {"text": "x"}, "interpretation": [{"text": "a"}, {"coding": [{"code": "b"}, {"code": "c  d"}]}]},
         ("interpretation", 1, "coding", 1, "code")),
        ({"code": {"text": "x"}, "referenceRange": [{"low": {"value": "three"}}]}, ("referenceRange", 0, "low", "value")),
    ],
)  # fmt: skip
def test_what_is_no_r4_is_named_by_its_place(element: Any, where: Any) -> None:
    assert faults("Observation", element) == (where,)


def test_what_could_not_be_read_is_named_before_the_library_is_asked() -> None:
    marked = {"code": {"text": "x"}, "effectivePeriod": {"start": UNREADABLE, "end": "2026-03-02"}}
    assert faults("Observation", marked) == (("effectivePeriod", "start"),)


def test_a_fault_of_no_one_element_is_every_elements() -> None:
    both = {"medicationReference": {"display": "a"}, "medicationCodeableConcept": {"text": "a"}}
    assert set(faults("MedicationRequest", both)) == {(name,) for name in both}
