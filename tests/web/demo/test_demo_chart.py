"""The chart in one view: what is shown of a record, and where a result lies on its range."""

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cds_service.catalogue import wording
from cds_service.patient.facts import Facts, LabResult, ReferenceRange
from cds_service.patient.person import Person, Sex
from cds_service.web.demo.chart import ChartView, Shown, chart_view

TODAY = date(2026, 3, 2)
POTASSIUM = ReferenceRange(Decimal("3.5"), Decimal("5.0"))


def view(*resources: dict[str, Any], results: tuple[LabResult, ...] = (), language: str = "en") -> ChartView:
    facts = Facts(TODAY, Person(sex=Sex.FEMALE), results=results)
    return chart_view("Sam Example", resources, facts, wording(language), ZoneInfo("Asia/Jakarta"))


def shown(value: str | None, interval: ReferenceRange | None = POTASSIUM, unusable: str | None = None) -> Shown:
    number = None if value is None else Decimal(value)
    result = LabResult(
        "Observation/1", "potassium", None, number, "mmol/L", f"{value} mmol/L", range=interval, unusable=unusable
    )
    return view(results=(result,)).results[0]


@pytest.mark.parametrize(
    ("value", "place", "mark"),
    [
        ("3.49", "below", 24.7),
        ("3.5", "within", 25.0),
        ("4.25", "within", 50.0),
        ("5.0", "within", 75.0),
        ("5.01", "above", 75.3),
        ("1.0", "below", 3.0),
        ("9.9", "above", 97.0),
    ],
)
def test_a_result_lies_on_its_range(value: str, place: str, mark: float) -> None:
    one = shown(value)
    assert one.place == place
    assert one.bar is not None
    assert one.bar.mark == pytest.approx(mark, abs=0.05)
    assert (one.low, one.high) == ("3.5", "5.0")


def test_without_a_range_of_its_own_ours_is_drawn() -> None:
    assert (shown("4.0", None).low, shown("4.0", None).high) == ("3.5", "5.5")


def test_a_range_open_to_one_side_is_said_and_not_drawn() -> None:
    one = shown("6.1", ReferenceRange(None, Decimal("5.0")))
    assert (one.place, one.low, one.high, one.bar) == ("above", None, "5.0", None)


def test_a_result_that_cannot_be_used_says_why() -> None:
    one = shown(None, unusable="no-unit")
    assert one.unusable == "no unit"
    assert one.bar is None


@pytest.mark.parametrize(
    ("condition", "text", "active"),
    [
        ({"code": {"text": "Leg cramps"}, "clinicalStatus": {"coding": [{"code": "active"}]}}, "Leg cramps", True),
        ({"code": {"coding": [{"code": "R25.2"}]}}, "R25.2", True),
        ({"code": {"coding": [{"display": "Cramp"}]}, "clinicalStatus": "resolved"}, "Cramp", False),
        ({"code": {"text": "ALS"}, "verificationStatus": {"coding": [{"code": "entered-in-error"}]}}, "ALS", False),
        ({}, "?", True),
    ],
)
def test_a_problem_in_its_own_words(condition: dict[str, Any], text: str, active: bool) -> None:
    line = view({"resourceType": "Condition", **condition}).problems[0]
    assert (line.text, line.active) == (text, active)


@pytest.mark.parametrize(
    ("medicine", "text"),
    [
        ({"medicationCodeableConcept": {"text": "quinine"}}, "quinine"),
        ({"medicationReference": {"display": "quiNINE", "reference": "Medication/9"}}, "quiNINE"),
        ({"medicationReference": {"reference": "Medication/1"}}, "Kina"),
        ({"medicationReference": {"reference": "Medication/2"}}, "?"),
        ({"medication": {"concept": {"text": "R5 quinine"}}}, "R5 quinine"),
        ({"medication": {"reference": {"reference": "Medication/1"}}}, "Kina"),
        ({}, "?"),
    ],
)
def test_a_medicine_however_it_is_named(medicine: dict[str, Any], text: str) -> None:
    drug = {"resourceType": "Medication", "id": "1", "code": {"text": "Kina"}}
    line = view({"resourceType": "MedicationRequest", "status": "active", **medicine}, drug).medicines[0]
    assert (line.text, line.active, line.note) == (text, True, "active")


def test_an_order_not_to_give_is_no_current_medicine() -> None:
    order = {"resourceType": "MedicationRequest", "status": "active", "doNotPerform": True, "authoredOn": "2026-01-31"}
    line = view(order).medicines[0]
    assert not line.active
    assert line.note == "active, not to be given, 31 Jan 2026"
    assert view(order, language="id").medicines[0].note == "aktif, tidak untuk diberikan, 31 Jan 2026"


@pytest.mark.parametrize(
    ("clinical", "verification", "english", "indonesian"),
    [
        ("resolved", "confirmed", "resolved", "sembuh"),
        ("active", "provisional", "active, provisional", "aktif, sementara"),
        (None, "entered-in-error", "entered in error", "salah entri"),
        ("status-7", None, "status-7", "status-7"),
    ],
)
def test_a_status_is_said_in_the_page_s_language(
    clinical: str | None, verification: str | None, english: str, indonesian: str
) -> None:
    statuses = {"clinicalStatus": clinical, "verificationStatus": verification}
    coded = {name: {"coding": [{"code": code}]} for name, code in statuses.items() if code}
    for language, note in (("en", english), ("id", indonesian)):
        assert view({"resourceType": "Condition", **coded}, language=language).problems[0].note == note


@pytest.mark.parametrize(
    ("written", "said"),
    [("2024-03", "Mar 2024"), ("2024", "2024"), ("2024-03-09T23:30:00Z", "10 Mar 2024"), ("x", "x")],
)
def test_a_date_is_as_precise_as_it_is_written(written: str, said: str) -> None:
    assert view({"resourceType": "Condition", "onsetDateTime": written}).problems[0].note == said


@pytest.mark.parametrize("element", ["code", "substance"])
def test_an_allergy_of_any_version(element: str) -> None:
    allergy = {"resourceType": "AllergyIntolerance", element: {"coding": [{"display": "Penicillin"}]}}
    assert [line.text for line in view(allergy).allergies] == ["Penicillin"]


def test_the_patient_s_age_may_be_unknown() -> None:
    assert view().patient.years is None
    assert view().patient.sex == "female"


def test_the_record_s_words_are_cut_and_cannot_reorder_the_page() -> None:
    hostile = "a\u202eb\x1b[2J\n" + "x" * 200
    chart = view({"resourceType": "Condition", "code": {"text": hostile}, "clinicalStatus": hostile})
    for text in (chart.problems[0].text, chart.problems[0].note):
        assert text.startswith("ab[2J x")
        assert len(text) == 80
