"""The demo's order form: a drug and a reason become the draft order an EHR would send."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

_RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_SNOMED = "http://snomed.info/sct"
_DRAFT_ID = "demo-draft"


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug that can be ordered. ``rxnorm`` is None where a system sends the name only."""

    name: str
    rxnorm: str | None = None


DRUGS: Mapping[str, Drug] = {
    "quinine": Drug("Quinine Sulfate 324 MG Oral Capsule", "997010"),
    "kina": Drug("Kina sulfat 200 mg tablet"),
    "magnesium": Drug("Magnesium Oxide 400 MG Oral Tablet", "198741"),
    "vitamin-e": Drug("Vitamin E", "11256"),
}
REASONS: Mapping[str, tuple[str, str] | None] = {
    "cramps": ("449918009", "Cramp in lower leg"),
    "malaria": ("61462000", "Malaria"),
    "none": None,
}
"""By the form's value: the SNOMED CT code and display of the order's reason."""


def order_context(patient_id: str, drug: Drug, reason: tuple[str, str] | None, today: date) -> dict[str, Any]:
    """``draftOrders`` and ``selections`` of an order hook's context, with one draft MedicationRequest."""
    medicine: dict[str, Any] = {"text": drug.name}
    if drug.rxnorm:
        medicine["coding"] = [{"system": _RXNORM, "code": drug.rxnorm, "display": drug.name}]
    draft: dict[str, Any] = {
        "resourceType": "MedicationRequest",
        "id": _DRAFT_ID,
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": medicine,
        "subject": {"reference": f"Patient/{patient_id}"},
        "authoredOn": today.isoformat(),
    }
    if reason:
        code, display = reason
        coding = {"system": _SNOMED, "code": code, "display": display}
        draft["reasonCode"] = [{"coding": [coding], "text": display}]
    return {
        "selections": [f"MedicationRequest/{_DRAFT_ID}"],
        "draftOrders": {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": draft}]},
    }
