"""A site that types our templates under names of its own: what came back empty is then known to be empty."""

from typing import Any

import pytest

from cds_service.patient.received import Receipt
from tests.builders.fhir import bundle, chart_of, condition, patient, potassium, quinine

RENAMED: dict[str, Any] = {
    "a": patient(),
    "b": bundle(condition()),
    "c": bundle(potassium()),
    "d": bundle(quinine()),
    "e": bundle(total=0),
    "f": None,
}


def receipts(prefetch: dict[str, Any]) -> dict[str, str]:
    return {key: answer.receipt.value for key, answer in chart_of(prefetch).answers.items()}


def test_six_members_for_six_templates_the_empty_ones_are_the_queries_without_resources() -> None:
    assert receipts(RENAMED) == {
        "patient": "received",
        "conditions": "received",
        "observations": "received",
        "medicationRequests": "received",
        "medicationStatements": "empty",
        "allergies": "empty",
    }


def test_all_empty_but_the_patient_is_a_chart_with_nothing_in_it() -> None:
    empty = {**dict.fromkeys("bcdef", bundle(total=0)), "a": patient()}
    assert set(receipts(empty).values()) == {"received", "empty"}


@pytest.mark.parametrize(
    "change",
    [
        {"g": bundle()},  # one member more than templates: which one is ours?
        {"e": bundle(condition("c2"))},  # two members of one type
        {"e": {"resourceType": "OperationOutcome"}},  # one of them failed
        {"e": bundle({"resourceType": "Encounter", "id": "e"})},  # one of them is another query
        {"e": "nonsense"},
    ],
    ids=["seven", "two-of-a-type", "failed", "another-query", "unreadable"],
)
def test_anything_less_plain_leaves_what_did_not_come_unknown(change: dict[str, Any]) -> None:
    found = receipts({**RENAMED, **change})
    assert found["allergies"] == Receipt.ABSENT.value


def test_one_name_of_ours_means_the_rest_was_not_sent() -> None:
    mixed = {**{key: value for key, value in RENAMED.items() if key != "f"}, "allergies": None}
    assert receipts(mixed)["medicationStatements"] == Receipt.ABSENT.value


def test_too_few_members_leave_the_conditions_unknown() -> None:
    assert receipts({"a": patient(), "b": bundle(total=0)})["conditions"] == Receipt.ABSENT.value
