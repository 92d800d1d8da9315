"""Whose resource it is."""

from typing import Any

import pytest

from tests.builders.fhir import bundle, chart_of, condition, patient

UUID = "11111111-2222-3333-4444-555555555555"
OTHER_UUID = "99999999-2222-3333-4444-555555555555"


def kept(subject: Any, *, patient_id: Any = "p1", entries: Any = ()) -> bool:
    resource = condition(subject=subject)
    chart = chart_of(
        {"conditions": bundle(resource) | {"entry": [{"resource": resource}, *entries]}}, patient_id=patient_id
    )
    assert chart.strangers == 1 - len(chart.answers["conditions"].resources)
    return bool(chart.answers["conditions"].resources)


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "Patient/p1"},
        {"reference": "https://ehr.example/fhir/Patient/p1"},
        {"reference": "Patient/p1/_history/3"},
        {"reference": "Patient/%701"},
        {"reference": "patient/p1"},
        {"reference": "p1"},
        "Patient/p1",
        ...,
        None,
        {},
        {"identifier": {"value": "123"}},
        {"display": "Somebody"},
        {"reference": None},
        {"reference": 7},
        {"reference": ["Patient/p2"]},
        {"reference": "#contained"},
        {"reference": "Patient?identifier=https://mrn.example/x|9"},
        {"reference": "Patient?identifier=urn:oid:1.2.3|9"},
        {"reference": "Patient?identifier=9"},
        {"reference": "urn:oid:1.2.3.4"},
        {"reference": "https://ehr.example/fhir/Patient?identifier=urn:oid:1.2.3|9"},
        {"reference": f"urn:uuid:{UUID}"},
        [],
    ],
)
def test_used(subject: Any) -> None:
    assert kept(subject)


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "Patient/p2"},
        {"reference": "Patient/P1"},
        {"reference": "https://ehr.example/fhir/Patient/p2"},
        {"reference": "Patient/p2/_history/1"},
        {"reference": "Group/p1"},
        {"reference": "Device/p1"},
        {"reference": "Group?identifier=urn:oid:1.2.3|9"},
        {"reference": "p2"},
        "Patient/p2",
    ],
)
def test_left_out_and_counted(subject: Any) -> None:
    assert not kept(subject)


def test_a_urn_is_compared_by_id_when_the_context_is_a_uuid_too() -> None:
    assert kept({"reference": f"urn:uuid:{UUID}"}, patient_id=UUID)
    assert not kept({"reference": f"urn:uuid:{OTHER_UUID}"}, patient_id=UUID)


def test_a_urn_that_is_the_full_url_of_a_patient_in_the_bundle_is_that_patient() -> None:
    mine = {"fullUrl": f"urn:uuid:{UUID}", "resource": patient()}
    other = {"fullUrl": f"urn:uuid:{UUID}", "resource": patient() | {"id": "p2"}}
    nameless = {"fullUrl": f"urn:uuid:{UUID}", "resource": {"resourceType": "Patient"}}
    assert kept({"reference": f"urn:uuid:{UUID}"}, entries=[mine])
    assert kept({"reference": f"urn:uuid:{UUID}"}, entries=[nameless])
    resource = condition(subject={"reference": f"urn:uuid:{UUID}"})
    chart = chart_of({"all": {"resourceType": "Bundle", "entry": [{"resource": resource}, other]}})
    assert chart.answers["conditions"].resources == ()
    assert chart.strangers == 2


def test_an_allergy_belongs_to_its_patient_element() -> None:
    theirs = {"resourceType": "AllergyIntolerance", "id": "a1", "patient": {"reference": "Patient/p2"}}
    assert chart_of({"allergies": bundle(theirs)}).answers["allergies"].resources == ()


def test_a_strangers_draft_is_no_draft_of_ours() -> None:
    theirs = {"resourceType": "MedicationRequest", "id": "m1", "subject": {"reference": "Patient/p2"}}
    chart = chart_of({}, drafts=bundle(theirs))
    assert (chart.drafts, chart.strangers) == ((), 1)


@pytest.mark.parametrize(
    ("patients", "held", "strangers"),
    [
        ([patient()], ["p1"], 0),
        ([patient(), patient() | {"id": "p2"}], ["p1"], 1),
        ([patient() | {"id": "p2"}], [], 1),
        ([{"resourceType": "Patient", "gender": "male"}], [None], 0),
        ([{"resourceType": "Patient"}, patient()], ["p1"], 0),
        ([{"resourceType": "Patient"}, {"resourceType": "Patient", "gender": "male"}], [], 0),
    ],
)
def test_the_patient_is_the_one_of_the_context_or_the_only_one_without_an_id(
    patients: Any, held: Any, strangers: Any
) -> None:
    chart = chart_of({"patient": bundle(*patients)})
    assert [one.get("id") for one in chart.answers["patient"].resources] == held
    assert chart.strangers == strangers
