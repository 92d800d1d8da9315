"""A resource is found again by the reference a fact has of it."""

import pytest

from tests.builders.fhir import allergy, bundle, chart_of, condition, quinine

CHART = chart_of(
    {
        "conditions": bundle(condition("1")),
        "medicationRequests": bundle(quinine("1", note=[{"text": "kept"}]), quinine("2")),
        "allergies": bundle(allergy("3")),
    }
)


def test_a_resource_as_it_was_received() -> None:
    assert CHART.received("MedicationRequest/1") == quinine("1", note=[{"text": "kept"}])
    assert CHART.received("Condition/1") == condition("1")


@pytest.mark.parametrize("reference", ["MedicationRequest/3", "MedicationStatement/1", "1", "", "conditions[0]"])
def test_what_was_not_received_is_not_found(reference: str) -> None:
    with pytest.raises(KeyError):
        CHART.received(reference)
