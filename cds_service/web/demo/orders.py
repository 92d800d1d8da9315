"""The demo's order form: a drug and a reason become the draft order an EHR would send."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cds_service.catalogue import GUIDELINES
from cds_service.patient.terminology.systems import RXNORM, SNOMED_CT
from cds_service.settings import LANGUAGES

_DRAFT_ID = "demo-draft"


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug that can be ordered. ``rxnorm`` is None where a system sends the name only."""

    name: str
    rxnorm: str | None = None


@dataclass(frozen=True, slots=True)
class OrderReason:
    """Why it is ordered: the SNOMED CT code and display, and the form's words by language."""

    code: str
    display: str
    words: Mapping[str, str]


def _read(table: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The entries of a table of every guideline's ``demo.toml``."""
    for guideline in GUIDELINES:
        file = guideline.folder / "demo.toml"
        if file.is_file():
            yield from tomllib.loads(file.read_text("utf-8")).get(table, {}).items()


DRUGS: Mapping[str, Drug] = {key: Drug(**entry) for key, entry in _read("drugs")}
REASONS: Mapping[str, OrderReason] = {
    key: OrderReason(entry["code"], entry["display"], {language: entry[language] for language in LANGUAGES})
    for key, entry in _read("reasons")
}
"""By the form's value. "none" is a value too."""


def order_context(patient_id: str, drug: Drug, reason: OrderReason | None, today: date) -> dict[str, Any]:
    """``draftOrders`` and ``selections`` of an order hook's context, with one draft MedicationRequest."""
    medicine: dict[str, Any] = {"text": drug.name}
    if drug.rxnorm:
        medicine["coding"] = [{"system": RXNORM, "code": drug.rxnorm, "display": drug.name}]
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
        coding = {"system": SNOMED_CT, "code": reason.code, "display": reason.display}
        draft["reasonCode"] = [{"coding": [coding], "text": reason.display}]
    return {
        "selections": [f"MedicationRequest/{_DRAFT_ID}"],
        "draftOrders": {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": draft}]},
    }
