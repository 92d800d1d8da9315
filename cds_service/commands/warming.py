"""All that calls need is loaded once, before the workers are forked: no clinician's call waits for it."""

from datetime import datetime
from typing import Any

from cds_service import pipeline
from cds_service.catalogue import CATALOGUE
from cds_service.protocol.request import HookContext, HookRequest
from cds_service.protocol.schemas import dump_cards
from cds_service.settings import LANGUAGES, Settings

_NOBODY = "warm-up"
_SUBJECT = {"reference": f"Patient/{_NOBODY}"}
_QUININE = {
    "resourceType": "MedicationRequest",
    "id": "1",
    "status": "active",
    "intent": "order",
    "subject": _SUBJECT,
    "medicationCodeableConcept": {
        "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "997010"}],
        "text": "quinine sulfate 324 mg",
    },
}
_CRAMP = {
    "resourceType": "Condition",
    "id": "1",
    "subject": _SUBJECT,
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "449918009"}]},
}


def warm_up(settings: Settings) -> None:
    """Answer one call of every service, in every language, for a patient who does not exist."""
    today = datetime.now(settings.timezone).date()
    potassium = {
        "resourceType": "Observation",
        "id": "1",
        "status": "final",
        "subject": _SUBJECT,
        "effectiveDateTime": today.isoformat(),
        "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
        "valueQuantity": {"value": 2.4, "system": "http://unitsofmeasure.org", "code": "mmol/L"},
    }
    prefetch = {
        "patient": {"resourceType": "Patient", "id": _NOBODY, "birthDate": "1950"},
        "conditions": _bundle(_CRAMP),
        "observations": _bundle(potassium),
        "medicationRequests": _bundle(_QUININE),
        "medicationStatements": _bundle(),
        "allergies": _bundle(),
    }
    context = HookContext("Practitioner/1", _NOBODY, draft_orders=_bundle({**_QUININE, "status": "draft"}))
    for service in CATALOGUE:
        request = HookRequest(service.hook, "00000000-0000-0000-0000-000000000000", context, prefetch)
        for language in LANGUAGES:
            answer = pipeline.answer(request, service, fetch=None, today=today, language=language, settings=settings)
            dump_cards(answer.cards)


def _bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    entry = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entry), "entry": entry}
