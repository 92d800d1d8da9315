"""What a reviewer is shown of a record: every condition, medicine and allergy, and late observations, as received."""

import json
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup
from msgspec import Raw

from cds_service.replay.results import page
from cds_service.replay.results.received import Held, received
from cds_service.replay.results.review import Drawn, Item

DAY = date(2026, 3, 2)
OBSERVATIONS = "Observations of the last 400 days, and undated ones"


def held(*resources: dict[str, Any]) -> dict[str, Held]:
    prefetch = {"a": [json.dumps(one).encode() for one in resources], "none": Raw(b'{"resourceType":"Bundle"}')}
    return {one.name: one for one in received(prefetch, DAY, ZoneInfo("Asia/Jakarta"))}


def condition(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", **more}


def request(**more: Any) -> dict[str, Any]:
    return {"resourceType": "MedicationRequest", **more}


def observation(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "code": {"text": "K"}, **more}


@pytest.mark.parametrize(
    ("resource", "line"),
    [
        (condition(code={"text": "kram", "coding": [{"display": "Cramp"}]}), "kram; no status; no date"),
        (
            condition(
                code={"coding": [{"code": "1"}, {"display": "Cramp"}]},
                clinicalStatus={"coding": [{"code": "active"}]},
                verificationStatus="refuted",
                onsetPeriod={"start": "2020"},
            ),
            "Cramp; active, refuted; 2020",
        ),
        (condition(code={"coding": [{"code": "449918009"}]}, recordedDate="soon"), "449918009; no status; soon"),
        (condition(code=[3], clinicalStatus=7, onsetDateTime={}), "no code; no status; no date"),
        (condition(code={"text": "a\u202eb\nc"}), "ab c; no status; no date"),
    ],
)
def test_a_condition_is_a_line_however_it_is_written(resource: dict[str, Any], line: str) -> None:
    assert held(resource)["Conditions"].lines == (line,)


@pytest.mark.parametrize(
    ("resource", "line"),
    [
        (
            request(medicationReference={"reference": "Medication/q"}, status="active", intent="plan"),
            "quinine; active, plan; no date",
        ),
        (request(medicationReference={"reference": "Medication/x"}), "Medication/x; no status; no date"),
        (
            request(
                medicationReference={"reference": "#q"},
                contained=[{"resourceType": "Medication", "id": "q", "code": {"text": "kina"}}],
            ),
            "kina; no status; no date",
        ),
        (request(medication={"concept": {"text": "kina"}}, doNotPerform=True), "kina; do not perform; no date"),
        (
            {"resourceType": "MedicationStatement", "medicationCodeableConcept": {"text": "kina"}, "status": "unknown"}
            | {"effectivePeriod": {"start": "2025-01-01", "end": "2025-02-01"}},
            "kina; unknown; 2025-02-01",
        ),
        ({"resourceType": "MedicationOrder", "medicationCodeableConcept": {"text": "q"}}, "q; no status; no date"),
    ],
)
def test_a_medicine_has_the_name_of_its_medication(resource: dict[str, Any], line: str) -> None:
    drug = {"resourceType": "Medication", "id": "q", "code": {"coding": [{"display": "quinine"}]}}
    assert held(drug, resource)["Medicines"].lines == (line,)


def test_an_allergy_is_a_line() -> None:
    allergies = (
        {"resourceType": "AllergyIntolerance", "code": {"text": "penicillin"}, "recordedDate": "2020-01-01"},
        {"resourceType": "AllergyIntolerance", "substance": {"text": "kina"}, "status": "active"},
    )
    assert held(*allergies)["Allergies"].lines == ("penicillin; no status; 2020-01-01", "kina; active; no date")


def test_observations_are_late_ones_or_undated_the_newest_first() -> None:
    shown = held(
        observation(effectiveDateTime="2025-01-25", valueQuantity={"value": 1}),  # 401 days before
        observation(valueString="undated"),
        observation(effectiveDateTime="2025-01-26", valueQuantity={"value": 2.9, "unit": "mmol/L", "comparator": "<"}),
        observation(effectiveDateTime="2026-01-01", status="final", valueCodeableConcept={"text": "low"}),
    )[OBSERVATIONS]
    assert shown.lines == (
        "K; low; final; 2026-01-01",
        "K; < 2.9 mmol/L; no status; 2025-01-26",
        "K; undated; no status; no date",
    )


def test_forty_of_a_list_are_shown_and_how_many_more_there_are() -> None:
    days = [
        condition(code={"text": "x"}, recordedDate=f"2025-{place // 28 + 1:02}-{place % 28 + 1:02}")
        for place in range(47)
    ]
    shown = held(*days)["Conditions"]
    assert (len(shown.lines), shown.more) == (40, 7)
    assert shown.lines[0] == "x; no status; 2025-02-19"
    assert [one.more for one in held(*days[:40]).values()] == [0, 0, 0, 0]


def test_the_page_escapes_what_it_lists() -> None:
    record = (Held("Conditions", ("<b>kram</b>; active; 2025",), 7), Held("Allergies", (), 0))
    drawn = Drawn("p", 0, DAY, "silent", 1)
    item = Item(1, drawn, "p", "No card", Markup(), "", record)
    shown = page.render("review.html", items=[item], run={"service": "s", "release": "1", "language": "en"}, seed=5)
    assert "<li>&lt;b&gt;kram&lt;/b&gt;; active; 2025</li>" in shown
    assert "<li>and 7 more</li>" in shown
    assert "<li>none</li>" in shown
