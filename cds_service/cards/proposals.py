"""The FHIR resources a card proposes: the only place that builds one.

A proposal is a plain dict, valid FHIR R4 (tests hold every one against fhir.resources R4B, which is
too slow to build with on every call). ServiceRequests are status ``draft``, intent ``proposal``: what
becomes of them is the clinician's to say.
"""

from collections.abc import Mapping
from typing import Any

from cds_service.decision.recommendation import ProposedOrder


def service_request(order: ProposedOrder, text: str, patient_id: str) -> dict[str, Any]:
    """A ServiceRequest for the patient. ``text``: the order's name in the card's language."""
    return {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "proposal",
        "category": [{"coding": [_coding(order.category)]}],
        "code": {"coding": [_coding(coding) for coding in order.codings], "text": text},
        "subject": {"reference": f"Patient/{patient_id}"},
    }


def stopped(medication: Mapping[str, Any]) -> dict[str, Any]:
    """The whole resource as received, with status ``stopped``: an update replaces, so nothing may be left out."""
    return {**medication, "status": "stopped"}


def _coding(coding: tuple[str, str, str]) -> dict[str, str]:
    system, code, display = coding
    return {"system": system, "code": code, "display": display}
