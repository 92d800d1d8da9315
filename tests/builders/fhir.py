"""Small synthetic FHIR resources and calls."""

from dataclasses import fields
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from cds_service.chart import queries
from cds_service.chart.gather.gather import gather
from cds_service.chart.model import Chart
from cds_service.chart.read.facts import read
from cds_service.patient.facts import Facts
from cds_service.patient.terminology.vocabulary import drug
from cds_service.protocol.request import HookContext, HookRequest

ZONE = ZoneInfo("Asia/Jakarta")
TODAY = date(2026, 3, 2)
PATIENT_ID = "p1"
MINE = {"reference": f"Patient/{PATIENT_ID}"}
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def concept(system: Any, code: Any, display: Any = None) -> dict[str, Any]:
    coding = {"system": system, "code": code}
    return {"coding": [coding if display is None else {**coding, "display": display}]}


CRAMP = concept(SNOMED, "449918009", "Cramp in lower leg")
MALARIA = concept(SNOMED, "61462000", "Malaria")
UNRELATED = concept(SNOMED, "195967001", "Asthma")
HISTORY_FOR = (drug("magnesium_supplement"),)  # the drug for which these tests ask for 12 months of results
QUININE = {"coding": [{"system": RXNORM, "code": "9071", "display": "quinine"}]}


def patient(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": PATIENT_ID, "birthDate": "1960-05-04", "gender": "female", **more}


def condition(own: Any = "c1", code: Any = CRAMP, **more: Any) -> dict[str, Any]:
    made = {"resourceType": "Condition", "id": own, "subject": MINE, "code": code, **more}
    return {name: value for name, value in made.items() if value is not ...}


def potassium(own: Any = "o1", value: Any = 2.9, day: Any = "2026-03-01", **more: Any) -> dict[str, Any]:
    made = {
        "resourceType": "Observation",
        "id": own,
        "status": "final",
        "subject": MINE,
        "code": concept(LOINC, "2823-3", "Potassium"),
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
        **more,
    }
    return {name: value for name, value in made.items() if value is not ...}


def quinine(own: Any = "m1", **more: Any) -> dict[str, Any]:
    made = {
        "resourceType": "MedicationRequest",
        "id": own,
        "status": "active",
        "intent": "order",
        "subject": MINE,
        "medicationCodeableConcept": QUININE,
        **more,
    }
    return {name: value for name, value in made.items() if value is not ...}


def allergy(own: Any = "a1", code: Any = QUININE, **more: Any) -> dict[str, Any]:
    made = {"resourceType": "AllergyIntolerance", "id": own, "patient": MINE, "code": code, **more}
    return {name: value for name, value in made.items() if value is not ...}


def bundle(*resources: Any, **more: Any) -> dict[str, Any]:
    entries = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries, **more}


def outcome(severity: Any = "warning", code: Any = "suppressed") -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": code}]}


def call(
    prefetch: Any = None,
    *,
    hook: Any = "order-select",
    drafts: Any = None,
    selections: Any = None,
    patient_id: Any = PATIENT_ID,
    server: str | None = None,
) -> HookRequest:
    """A request; an order hook unless said otherwise, so that nothing is required."""
    context = HookContext(patient_id, drafts, selections)
    return HookRequest(hook, "7b1e5a52-5a80-4b0f-8f5f-0a3a3f1d8f11", context, prefetch or {}, server)


def chart_of(prefetch: Any = None, fetch: Any = None, **more: Any) -> Chart:
    return gather(call(prefetch, **more), queries.ALL, fetch)


def facts_of(prefetch: Any = None, fetch: Any = None, history_for: Any = HISTORY_FOR, **more: Any) -> Facts:
    """The facts, everything of the chart read."""
    facts = read(chart_of(prefetch, fetch, **more), TODAY, ZONE, history_for)
    assert all(getattr(facts, field.name) is not None for field in fields(Facts))
    return facts


def facts_from(*resources: Any, **more: Any) -> Facts:
    """The facts of resources that arrive in one bundle under a key of the site's own."""
    return facts_of({"everything": bundle(*resources)}, **more)
