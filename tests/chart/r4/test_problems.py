"""Conditions and allergies of DSTU2 to R5, as R4: each element by itself."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cds_service.chart.r4.elements import UNREADABLE
from cds_service.chart.r4.problems import (
    allergy,
    code_of,
    condition,
    of_a_visit,
    reaction_substances,
    with_encounter,
)

ZONE = ZoneInfo("Asia/Jakarta")


def coded(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


@pytest.mark.parametrize(
    ("raw", "made"),
    [
        ({"code": "a"}, {"code": {"text": "a"}}),
        ({"category": "a", "bodySite": ["b", "c"]},
         {"category": [{"text": "a"}], "bodySite": [{"text": "b"}, {"text": "c"}]}),
        ({"clinicalStatus": "Active"}, {"clinicalStatus": coded("active")}),
        ({"verificationStatus": "confirmed"}, {"verificationStatus": coded("confirmed")}),
        ({"clinicalStatus": "x"}, {"clinicalStatus": UNREADABLE}),
        ({"clinicalStatus": "refuted"}, {"verificationStatus": coded("refuted")}),
        ({"clinicalStatus": "refuted", "verificationStatus": "confirmed"}, {"verificationStatus": coded("refuted")}),
        ({"clinicalStatus": "refuted", "verificationStatus": "entered-in-error"},
         {"verificationStatus": coded("entered-in-error")}),
        *(({name: "2026"}, {"recordedDate": "2026"})
          for name in ("recordedDate", "assertedDate", "dateRecorded", "dateAsserted")),
        ({"recordedDate": "x", "dateAsserted": "2026"}, {"recordedDate": "2026"}),
        ({"recordedDate": "x"}, {"recordedDate": UNREADABLE}),
        ({"onsetDateTime": "2026"}, {"onsetDateTime": "2026"}),
        ({"onsetDate": "2026"}, {"onsetDateTime": "2026"}),
        ({"onsetPeriod": {"start": "2026"}}, {"onsetPeriod": {"start": "2026"}}),
        ({"onsetDateTime": "2026", "onsetPeriod": {"start": "2025"}}, {"onsetDateTime": "2026"}),
        ({"abatementDateTime": "2026"}, {"abatementDateTime": "2026"}),
        ({"abatementDate": "2026"}, {"abatementDateTime": "2026"}),
        ({"abatementDateTime": "2026", "abatementPeriod": {"end": "2025"}}, {"abatementDateTime": "2026"}),
        ({"abatementPeriod": {"end": "2026"}}, {"abatementPeriod": {"end": "2026"}}),
        *(({name: 5}, {"abatementString": "recorded"})
          for name in ("abatementAge", "abatementRange", "abatementString", "abatementQuantity")),
        ({"abatementBoolean": "true"}, {"abatementString": "recorded"}),
        ({"abatementBoolean": False}, {}),
        ({"abatementDateTime": "x"}, {"abatementString": "recorded"}),
        ({"abatementDateTime": "x", "abatementPeriod": {"end": "2025"}}, {"abatementString": "recorded"}),
        ({"abatementPeriod": {"start": "x", "end": "2025"}}, {"abatementPeriod": {"start": UNREADABLE, "end": "2025"}}),
        ({"abatementPeriod": {"end": "x"}}, {"abatementString": "recorded"}),
        *(({"clinicalStatus": word, "abatementDateTime": "x"},
           {"clinicalStatus": coded(word), "abatementDateTime": UNREADABLE})
          for word in ("active", "recurrence", "relapse")),
        ({"clinicalStatus": "active", "abatementPeriod": {"end": "x"}},
         {"clinicalStatus": coded("active"), "abatementDateTime": UNREADABLE}),
        ({"clinicalStatus": "remission", "abatementDateTime": "x"},
         {"clinicalStatus": coded("remission"), "abatementString": "recorded"}),
        ({"clinicalStatus": "active", "abatementAge": {"value": 50}},
         {"clinicalStatus": coded("active"), "abatementString": "recorded"}),
    ],
)  # fmt: skip
def test_a_condition(raw: Any, made: Any) -> None:
    assert condition(raw, ZONE) == made


def test_a_code_that_is_made_already_is_taken() -> None:
    assert condition({"code": "a"}, ZONE, {"text": "b"}) == {"code": {"text": "b"}}


@pytest.mark.parametrize(
    ("raw", "clinical", "verification"),
    [
        ({"status": "active"}, "active", None),
        ({"status": "unconfirmed"}, "active", "unconfirmed"),
        ({"status": "confirmed"}, "active", "confirmed"),
        ({"status": "inactive"}, "inactive", None),
        ({"status": "resolved"}, "resolved", None),
        ({"status": "refuted"}, None, "refuted"),
        ({"status": "entered-in-error"}, None, "entered-in-error"),
        ({"status": "confirmed", "clinicalStatus": "inactive"}, "inactive", None),
        ({"status": "confirmed", "verificationStatus": "unconfirmed"}, None, "unconfirmed"),
        ({}, None, None),
    ],
)
def test_the_statuses_of_an_allergy(raw: Any, clinical: str | None, verification: str | None) -> None:
    made = allergy(raw, ZONE)
    assert (code_of(made.get("clinicalStatus")), code_of(made.get("verificationStatus"))) == (clinical, verification)


@pytest.mark.parametrize(
    ("raw", "made"),
    [
        ({"code": "a", "substance": "b"}, {"code": {"text": "a"}}),
        ({"substance": "b"}, {"code": {"text": "b"}}),
        ({"recordedDate": "2026", "assertedDate": "2025"}, {"recordedDate": "2026"}),
        ({"assertedDate": "2025"}, {"recordedDate": "2025"}),
        ({"status": "x"}, {"clinicalStatus": UNREADABLE}),
        ({"reaction": {"substance": "b"}}, {}),
    ],
)
def test_an_allergy(raw: Any, made: Any) -> None:
    assert allergy(raw, ZONE) == made


def test_the_substances_of_reactions() -> None:
    reactions = [{"substance": "a"}, "junk", {"manifestation": "b"}, {"substance": {"text": "c"}}]
    assert reaction_substances({"reaction": reactions}) == [{"text": "a"}, {"text": "c"}]
    assert reaction_substances({"reaction": {"substance": "a"}}) == [{"text": "a"}]
    assert reaction_substances({}) == []


VISIT = {"coding": [{"code": "encounter-diagnosis"}]}
LISTED = {"coding": [{"code": "problem-list-item"}]}


@pytest.mark.parametrize(
    ("categories", "visit"),
    [
        ([VISIT], True),
        ([{"text": "ENCOUNTER DIAGNOSIS"}], True),
        ([{"coding": [{"code": "1", "display": "Encounter_Diagnosis"}]}], True),
        ([{"text": "other"}, VISIT], True),
        ([VISIT, LISTED], False),
        ([VISIT, {"text": "Problem list item"}], False),
        ([VISIT, {"coding": [{"display": "Problem List-Item"}]}], False),
        ([LISTED], False),
        ([{}], False),
        ([], False),
    ],
)
def test_of_a_visit(categories: Any, visit: bool) -> None:
    assert of_a_visit(categories) is visit


@pytest.mark.parametrize(
    ("raw", "encounter", "recorded"),
    [
        ({"category": VISIT}, {"period": {"start": "2026", "end": "2027"}}, "2026"),
        ({"category": VISIT}, {"period": {"end": "2027"}}, "2027"),
        ({"category": VISIT}, {"period": {}}, None),
        ({"category": VISIT}, {"period": "2026"}, None),
        ({"category": VISIT}, {}, None),
        ({"category": LISTED}, {"period": {"start": "2026"}}, None),
        ({}, {"period": {"start": "2026"}}, None),
        ({"category": VISIT, "recordedDate": "2025"}, {"period": {"start": "2026"}}, "2025"),
    ],
)
def test_an_encounter_lends_its_date(raw: Any, encounter: Any, recorded: Any) -> None:
    made = with_encounter(raw, encounter)
    assert made.get("recordedDate") == recorded
    assert {name: value for name, value in made.items() if name != "recordedDate"}.items() <= raw.items()


@pytest.mark.parametrize("name", ["assertedDate", "dateRecorded", "dateAsserted"])
def test_but_not_to_one_that_has_a_date_by_an_older_name(name: str) -> None:
    raw = {"category": VISIT, name: "2025"}
    assert with_encounter(raw, {"period": {"start": "2026"}}) == raw
