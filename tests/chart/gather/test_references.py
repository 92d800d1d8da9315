"""Whatever form a reference has, what it means is found; what it may not mean is not."""

from typing import Any

import pytest

from cds_service.chart.gather.references import References, find
from tests.builders.fhir import MALARIA, QUININE, bundle, condition, facts_of, quinine

UUID = "11111111-2222-3333-4444-555555555555"
SYSTEM = "urn:oid:1.2.3"
MEDICATION = {
    "resourceType": "Medication",
    "id": "7",
    "identifier": [{"system": SYSTEM, "value": "a|b"}, {"value": "alone"}, {"system": SYSTEM}, "odd"],
    "code": QUININE,
}


def ordered(reference: Any, entry: Any, **more: Any) -> list[str]:
    """The drugs of an order that refers so, with the entry in a bundle of its own."""
    order = quinine(medicationCodeableConcept=..., medicationReference={"reference": reference}, **more)
    facts = facts_of({"orders": bundle(order), "more": {"resourceType": "Bundle", "entry": [entry]}})
    assert bool(facts.medications) is not bool(facts.unread)
    return [ingredient.name for one in facts.medications for ingredient in one.ingredients]


@pytest.mark.parametrize(
    ("reference", "entry"),
    [
        ("7", {"resource": MEDICATION}),
        (UUID, {"fullUrl": f"urn:uuid:{UUID}", "resource": MEDICATION}),
        (f"urn:uuid:{UUID}", {"fullUrl": f"urn:uuid:{UUID}", "resource": MEDICATION}),
        (f"Medication/{UUID}", {"fullUrl": f"urn:uuid:{UUID}", "resource": MEDICATION}),
        (f"urn:uuid:{UUID}", {"resource": MEDICATION | {"id": UUID}}),
        ("Medication/7/_history/2", {"resource": MEDICATION}),
        ("https://a.example/fhir/Medication/7/_history/2", {"resource": MEDICATION}),
        (f"Medication?identifier={SYSTEM}|a|b", {"resource": MEDICATION}),
        ("Medication?identifier=urn%3Aoid%3A1.2.3%7Ca%7Cb", {"resource": MEDICATION}),
        (f"https://a.example/fhir/Medication?identifier={SYSTEM}|a|b", {"resource": MEDICATION}),
        ("Medication?identifier=a|b", {"resource": MEDICATION}),
        ("Medication?identifier=alone", {"resource": MEDICATION}),
        ("Medication?identifier=|alone", {"resource": MEDICATION}),
    ],
)
def test_a_medication_beside_the_order_is_found(reference: str, entry: Any) -> None:
    assert ordered(reference, entry) == ["quinine"]


@pytest.mark.parametrize(
    ("reference", "entry"),
    [
        ("8", {"resource": MEDICATION}),
        ("7", {"resource": MEDICATION | {"resourceType": "Condition"}}),
        ("#7", {"resource": MEDICATION}),
        (f"Medication?identifier={SYSTEM}|a", {"resource": MEDICATION}),
        ("Medication?identifier=urn:oid:9|alone", {"resource": MEDICATION}),
        (f"Condition?identifier={SYSTEM}|a|b", {"resource": MEDICATION}),
        ("Medication?code=9071", {"resource": MEDICATION}),
    ],
)
def test_another_is_not(reference: str, entry: Any) -> None:
    assert ordered(reference, entry) == []


@pytest.mark.parametrize("others", [[MEDICATION | {"id": "8"}], [MEDICATION | {"id": "8"}, MEDICATION]])
def test_an_identifier_of_two_resources_tells_nothing(others: Any) -> None:
    order = quinine(medicationReference={"reference": "Medication?identifier=alone"})
    assert find([order], [{"resource": one} for one in [MEDICATION, *others]], None) == {}


def test_an_identifier_of_two_versions_of_one_resource_tells_the_newest() -> None:
    order = quinine(medicationReference={"reference": "Medication?identifier=alone"})
    newer = MEDICATION | {"meta": {"lastUpdated": "2026-01-01T00:00:00Z"}}
    assert list(find([order], [{"resource": newer}, {"resource": MEDICATION}], None).values()) == [newer]


@pytest.mark.parametrize("reference", ["#q1", "q1"])
@pytest.mark.parametrize("own", ["#q1", "q1"])
def test_what_is_contained_is_found_with_or_without_the_sign(reference: str, own: str) -> None:
    inside = {"resourceType": "Medication", "id": own, "code": QUININE}
    beside = {"resourceType": "Medication", "id": "q1", "code": {"text": "paracetamol"}}
    assert ordered(reference, {"resource": beside}, contained=[inside]) == ["quinine"]


def test_of_two_contained_with_one_id_the_first_is_meant() -> None:
    first = {"resourceType": "Medication", "id": "q1", "code": QUININE}
    second = {"resourceType": "Medication", "id": "#q1", "code": {"text": "paracetamol"}}
    assert ordered("#q1", {"resource": MEDICATION}, contained=[first, second]) == ["quinine"]


@pytest.mark.parametrize("reference", ["#s", "s"])
def test_an_ingredient_contained_in_a_medication_beside_the_order_is_found(reference: str) -> None:
    substance = {"resourceType": "Substance", "id": "#s", "code": QUININE}
    mixture = {"resourceType": "Medication", "id": "7", "ingredient": [{"itemReference": {"reference": reference}}]}
    assert ordered("Medication/7", {"resource": mixture | {"contained": [substance]}}) == ["quinine"]


@pytest.mark.parametrize(
    ("reference", "more"),
    [
        ("c9", {}),
        (f"Condition?identifier={SYSTEM}|9", {"identifier": [{"system": SYSTEM, "value": "9"}]}),
        ("Condition/c9/_history/1", {}),
        ("urn:uuid:c9", {}),
    ],
)
def test_a_problem_is_joined_as_a_medicine_is(reference: str, more: Any) -> None:
    order = quinine(reasonReference=[{"reference": reference}])
    facts = facts_of({"orders": bundle(order), "problems": bundle(condition("c9", MALARIA, **more))})
    assert [list(reason.concepts) for reason in facts.medications[0].reasons] == [["malaria"]]


def test_a_bare_id_means_only_what_can_be_referred_to_there() -> None:
    references = References({"Condition/7": condition("7"), "Medication/7": MEDICATION})
    order = quinine()
    assert references.resolved("7", order, ("Medication",)) is MEDICATION
    assert references.resolved("7", order, ("Substance",)) is None
    assert references.resolved(None, order, ("Medication",)) is None
