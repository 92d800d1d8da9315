"""Requests, statements and Medications of DSTU2 to R5, as R4: each element by itself."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cds_service.chart.r4.elements import UNREADABLE
from cds_service.chart.r4.medicines import drug, medication, reasons_referred, request, stated_drug, statement

ZONE = ZoneInfo("Asia/Jakarta")
QUININE = {"text": "quinine"}
OTHER = {"text": "other"}
NOT_STATED = {"medicationReference": {"display": "not stated"}, "reasonCode": [], "reasonReference": []}
NOT_STATED_LEFT = {"medicationReference": {"display": "not stated"}}


def requested(**raw: Any) -> dict[str, Any]:
    made = request(raw, ZONE, stated_drug(*drug(raw)))
    assert made.pop("medicationReference") == {"display": "not stated"}
    return made


def stated(**raw: Any) -> dict[str, Any]:
    made = statement(raw, ZONE, stated_drug(*drug(raw)))
    assert made.pop("medicationReference") == {"display": "not stated"}
    return made


@pytest.mark.parametrize(
    ("raw", "coded", "referred"),
    [
        ({}, None, None),
        ({"medicationCodeableConcept": QUININE}, QUININE, None),
        ({"medicationReference": {"reference": "Medication/1"}}, None, {"reference": "Medication/1"}),
        ({"medicationReference": "Medication/1"}, None, {"reference": "Medication/1"}),
        ({"medicationCodeableConcept": QUININE, "medicationReference": "#1"}, QUININE, {"reference": "#1"}),
        ({"medication": QUININE}, QUININE, None),
        ({"medication": {"concept": QUININE}}, QUININE, None),
        ({"medication": {"reference": "#1", "display": "d"}}, None, {"reference": "#1", "display": "d"}),
        ({"medication": {"reference": {"reference": "#1"}, "concept": QUININE}}, QUININE, {"reference": "#1"}),
        ({"medication": "quinine"}, QUININE, None),
        ({"medication": ["quinine"]}, QUININE, None),
        ({"medication": {"code": "1", "display": "quinine"}}, {"coding": [{"code": "1", "display": "quinine"}]}, None),
        ({"medication": 7}, {"text": "7"}, None),  # as with ``medicationCodeableConcept``
        ({"medication": OTHER, "medicationCodeableConcept": QUININE}, QUININE, None),
        ({"medication": "other", "medicationCodeableConcept": QUININE}, QUININE, None),
        ({"medication": {"reference": "#2"}, "medicationReference": "#1"}, None, {"reference": "#1"}),
    ],
)
def test_the_drug(raw: Any, coded: Any, referred: Any) -> None:
    assert drug(raw) == (coded, referred)


def test_a_request_has_one_drug_the_coded_one() -> None:
    both = drug({"medicationCodeableConcept": QUININE, "medicationReference": "#1"})
    assert stated_drug(*both) == {"medicationCodeableConcept": QUININE}
    assert stated_drug(*drug({"medicationReference": "#1"})) == {"medicationReference": {"reference": "#1"}}
    assert request({}, ZONE, stated_drug(None, None)) == statement({}, ZONE, stated_drug(None, None)) == NOT_STATED_LEFT


@pytest.mark.parametrize(
    ("raw", "made"),
    [
        ({"status": "Active"}, {"status": "active"}),
        ({"status": "x"}, {"status": UNREADABLE}),
        *(
            ({"intent": intent}, {"intent": intent})
            for intent in ("proposal", "plan", "order", "original-order", "reflex-order", "filler-order")
        ),
        *(({"intent": intent}, {"intent": intent}) for intent in ("instance-order", "option")),
        ({"intent": {"coding": [{"code": "x"}, {"code": "Plan"}]}}, {"intent": "plan"}),
        ({"intent": "directive"}, {}),
        ({"doNotPerform": "true"}, {"doNotPerform": True}),
        ({"doNotPerform": False}, {"doNotPerform": False}),
        ({"authoredOn": "2026-03-02"}, {"authoredOn": "2026-03-02"}),
        ({"dateWritten": "2026-03-02"}, {"authoredOn": "2026-03-02"}),
        ({"authoredOn": "2026-03-02", "dateWritten": "2026-03-01"}, {"authoredOn": "2026-03-02"}),
        ({"authoredOn": "soon"}, {"authoredOn": UNREADABLE}),
        (
            {"dispenseRequest": {"validityPeriod": {"start": "2026", "end": "2027"}, "quantity": 1}},
            {"dispenseRequest": {"validityPeriod": {"start": "2026", "end": "2027"}}},
        ),
        ({"dateEnded": "2026"}, {"dispenseRequest": {"validityPeriod": {"end": "2026"}}}),
        (
            {"dateEnded": "2026", "dispenseRequest": {"validityPeriod": {"end": "2025"}}},
            {"dispenseRequest": {"validityPeriod": {"end": "2025"}}},
        ),
        ({"dispenseRequest": "x"}, {}),
        ({"dispenseRequest": {"quantity": 1}}, {}),
        ({"note": "x", "subject": "y"}, {}),
    ],
)
def test_a_request(raw: Any, made: Any) -> None:
    assert requested(**raw) == made


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ({"status": "active"}, "active"),
        ({"status": "active", "taken": "n"}, "not-taken"),
        ({"status": "active", "taken": {"text": "N"}}, "not-taken"),
        ({"status": "active", "taken": "y"}, "active"),
        ({"status": "active", "wasNotTaken": "true"}, "not-taken"),
        ({"wasNotTaken": True}, "not-taken"),
        ({"status": "entered-in-error", "wasNotTaken": True}, "entered-in-error"),
        ({"status": "entered-in-error", "taken": "n"}, "entered-in-error"),
        ({"status": "recorded"}, "unknown"),
        *(
            ({"status": "recorded", "adherence": {"code": word}}, status)
            for word, status in (
                *(("taking", "active"), ("taking-not-as-directed", "active"), ("not-taking", "not-taken")),
                *(("not-taking-on-hold", "not-taken"), ("on-hold", "on-hold"), ("on-hold-as-directed", "on-hold")),
                *(("stopped", "stopped"), ("stopped-not-as-directed", "stopped"), ("unknown", "unknown")),
            )
        ),
        ({"status": "completed", "adherence": {"code": "not-taking"}}, "completed"),
        ({"status": "recorded", "adherence": {}}, "unknown"),
        ({"status": "recorded", "adherence": "taking"}, "unknown"),
    ],
)
def test_what_a_statement_says_of_being_taken(raw: Any, status: str) -> None:
    assert stated(**raw) == {"status": status}


@pytest.mark.parametrize(
    ("raw", "made"),
    [
        ({"dateAsserted": "2026"}, {"dateAsserted": "2026"}),
        ({"effectiveDateTime": "2026"}, {"effectiveDateTime": "2026"}),
        ({"effectiveDateTime": "2026", "effectivePeriod": {"start": "2025"}}, {"effectiveDateTime": "2026"}),
        ({"effectivePeriod": {"start": "2025", "end": "2026"}}, {"effectivePeriod": {"start": "2025", "end": "2026"}}),
        ({"dosage": {"text": "oral"}}, {"dosage": [{"text": "oral"}]}),
    ],
)
def test_when_a_statement_was_true(raw: Any, made: Any) -> None:
    assert stated(**raw) == made


def dosages(*written: Any) -> Any:
    return requested(dosageInstruction=list(written)).get("dosageInstruction")


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("oral", {"text": "oral"}),
        ({"text": " oral ", "route": "IV"}, {"text": "oral", "route": {"text": "IV"}}),
        ({"asNeededCodeableConcept": {"text": "pain"}}, {"asNeededCodeableConcept": {"text": "pain"}}),
        (
            {"asNeededCodeableConcept": {"coding": [{"code": "1", "display": "a"}, {"display": "b"}], "text": "c"}},
            {"asNeededCodeableConcept": {"text": "c; a; b"}},
        ),
        ({"asNeededFor": [{"text": "pain"}]}, {"asNeededCodeableConcept": {"text": "pain"}}),
        ({"asNeededCodeableConcept": {"coding": [{"code": "1"}]}}, {}),
        ({"timing": "daily"}, {}),
        ({"timing": {"code": "TID"}}, {"timing": {"code": {"text": "TID"}}}),
        ({"timing": {"repeat": "x"}}, {}),
    ],
)
def test_a_dosage(written: Any, made: Any) -> None:
    assert dosages(written, {"text": "then"}) == [made, {"text": "then"}]


WEEK = {"value": Decimal(7), "unit": "d"}


@pytest.mark.parametrize(
    ("repeat", "made"),
    [
        ({"frequency": 3, "period": 1, "periodUnit": "d"},
         {"frequency": Decimal(3), "period": Decimal(1), "periodUnit": "d"}),
        ({"periodUnits": "d"}, {"periodUnit": "d"}),
        ({"periodUnit": "d", "periodUnits": "h"}, {"periodUnit": "d"}),
        ({"count": "21"}, {"count": Decimal(21)}),
        ({"count": 0}, {"count": UNREADABLE}),
        ({"count": 1}, {"count": Decimal(1)}),
        ({"frequency": 1.5}, {"frequency": UNREADABLE}),
        ({"frequency": "often"}, {"frequency": UNREADABLE}),
        ({"frequency": 1, "period": "x"}, {"frequency": Decimal(1)}),
        ({"boundsDuration": WEEK}, {"boundsDuration": WEEK}),
        ({"boundsQuantity": WEEK}, {"boundsDuration": WEEK}),
        ({"boundsRange": {"low": WEEK, "high": WEEK, "odd": 1}}, {"boundsRange": {"low": WEEK, "high": WEEK}}),
        ({"boundsRange": "x"}, {}),
        ({"boundsDuration": WEEK, "boundsRange": {"high": WEEK}}, {"boundsDuration": WEEK}),
        ({"boundsPeriod": {"start": "2026"}}, {"boundsPeriod": {"start": "2026"}}),
        ({"boundsPeriod": {"start": "2026"}, "boundsDuration": WEEK}, {"boundsDuration": WEEK}),
        ({"boundsPeriod": {"end": "2026"}, "boundsDuration": WEEK}, {"boundsPeriod": {"end": "2026"}}),
    ],
)  # fmt: skip
def test_a_timing_has_one_bound_of_its_course(repeat: Any, made: Any) -> None:
    (one,) = dosages({"timing": {"repeat": repeat}})
    assert one == ({"timing": {"repeat": made}} if made else {})


@pytest.mark.parametrize(
    ("raw", "codes", "references"),
    [
        ({"reasonCode": ["a", "b"]}, ["a", "b"], []),
        ({"reasonCodeableConcept": "a"}, ["a"], []),
        ({"reasonForUseCodeableConcept": "a"}, ["a"], []),
        ({"reasonReference": ["Condition/1", {"reference": "Condition/2"}, {}]}, [], ["Condition/1", "Condition/2"]),
        ({"reasonForUseReference": "Condition/1"}, [], ["Condition/1"]),
        ({"reason": [{"concept": "a"}, {"reference": "Condition/1"}, "junk"]}, ["a"], ["Condition/1"]),
        ({"reason": {"concept": "a", "reference": {"reference": "Condition/1"}}}, ["a"], ["Condition/1"]),
        ({}, [], []),
    ],
)
def test_reasons_in_every_versions_words(raw: Any, codes: Any, references: Any) -> None:
    for made in (requested(**raw), stated(**raw)):
        assert [one["text"] for one in made.get("reasonCode", [])] == codes
        assert [one["reference"] for one in made.get("reasonReference", [])] == references
    assert reasons_referred(raw) == references
    assert reasons_referred({"reasonReference": [{"display": "malaria"}]}) == []


@pytest.mark.parametrize(
    ("raw", "coded", "referred", "forms"),
    [
        ({}, [], [], []),
        ({"code": "a", "form": "Tablet"}, ["a"], [], ["Tablet"]),
        ({"code": "a", "doseForm": "Tablet"}, ["a"], [], ["Tablet"]),
        ({"product": {"form": "Tablet", "ingredient": [{"itemCodeableConcept": "b"}]}}, ["b"], [], ["Tablet"]),
        ({"product": "x"}, [], [], []),
        ({"ingredient": [{"itemCodeableConcept": "b"}, {"item": {"concept": "c"}}, "junk"]}, ["b", "c"], [], []),
        ({"ingredient": {"itemReference": "#1"}}, [], ["#1"], []),
        ({"ingredient": {"item": {"reference": "#1"}}}, [], ["#1"], []),
        ({"ingredient": {"item": "#1"}}, [], ["#1"], []),
        ({"ingredient": [{"itemCodeableConcept": "b", "isActive": "false"}]}, [], [], []),
        ({"ingredient": [{"itemCodeableConcept": "b", "isActive": True}]}, ["b"], [], []),
        ({"ingredient": [{"isActive": False}, {"itemCodeableConcept": "b"}]}, ["b"], [], []),
    ],
)
def test_a_medication(raw: Any, coded: Any, referred: Any, forms: Any) -> None:
    found, references, found_forms = medication(raw)
    assert [one["text"] for one in found] == coded
    assert [one["reference"] for one in references] == referred
    assert [one["text"] for one in found_forms] == forms
