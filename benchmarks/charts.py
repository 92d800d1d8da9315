"""Requests of any size, in the shape a large EHR sends: dual codings, ranges, flags, who wrote it and when.

A tenth of the conditions and a third of the observations are of kinds the service knows; the rest is
what charts are full of. The results came as a panel a week. A resource has about 1.1 kB, as the mean of
1,077 conditions and observations that Epic's, Oracle's, MEDITECH's and other servers gave has.
"""

import json
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

SNOMED, ICD, LOINC = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-cm", "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
TERMS = "http://terminology.hl7.org/CodeSystem"
CRAMP = ("449918009", "M62.831", "Cramp in lower leg")
PROBLEMS = [
    ("44054006", "E11.9", "Diabetes mellitus type 2"),
    ("38341003", "I10", "Hypertensive disorder"),
    ("55822004", "E78.5", "Hyperlipidemia"),
    ("195967001", "J45.909", "Asthma"),
    ("35489007", "F32.9", "Depressive disorder"),
    ("235595009", "K21.9", "Gastroesophageal reflux disease"),
    ("396275006", "M19.90", "Osteoarthritis"),
    ("271737000", "D64.9", "Anemia"),
    ("84757009", "G40.909", "Epilepsy"),
    ("73430006", "G47.30", "Sleep apnea"),
]
RESULTS = [
    ("2823-3", "Potassium [Moles/volume] in Serum or Plasma", 4.2, "mmol/L", 3.5, 5.1),
    ("2951-2", "Sodium [Moles/volume] in Serum or Plasma", 139, "mmol/L", 135, 145),
    ("19123-9", "Magnesium [Mass/volume] in Serum or Plasma", 2.0, "mg/dL", 1.6, 2.6),
    ("2345-7", "Glucose [Mass/volume] in Serum or Plasma", 104, "mg/dL", 70, 99),
    ("718-7", "Hemoglobin [Mass/volume] in Blood", 13.8, "g/dL", 12, 16),
    ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", 6.8, "%", 4, 5.6),
    ("8480-6", "Systolic blood pressure", 128, "mm[Hg]", None, None),
    ("29463-7", "Body weight", 82.5, "kg", None, None),
    ("8867-4", "Heart rate", 72, "/min", None, None),
]


Chart = dict[str, Any]


def chart(conditions: int, observations: int, *, cramps: bool = True, patient: int = 1) -> Chart:
    """The prefetch of one patient: no two patients share an id, a date or a value."""
    listed = [_condition(patient, i) for i in range(conditions)]
    if cramps and listed:
        listed[-1] = _condition(patient, conditions, CRAMP)
    born = date(1940, 1, 1) + timedelta(days=37 * patient % 20_000)
    return {
        "patient": {
            "resourceType": "Patient",
            "id": f"{patient}",
            "gender": ("female", "male")[patient % 2],
            "birthDate": born.isoformat(),
        },
        "conditions": _bundle(listed),
        "observations": _bundle([_observation(patient, i) for i in range(observations)]),
        "medicationRequests": _bundle([_medication(patient, "m1", "83367", "atorvastatin", "active")]),
        "medicationStatements": _bundle([]),
        "allergies": _bundle([]),
    }


def body(
    conditions: int, observations: int, *, cramps: bool = True, hook: str = "patient-view", patient: int = 1
) -> bytes:
    """A request with this many conditions and observations of one patient, dated from some days ago back."""
    context: dict[str, Any] = {"userId": "Practitioner/1", "patientId": f"{patient}", "encounterId": f"e{patient}"}
    if hook != "patient-view":
        draft = _medication(patient, "d1", "161", "acetaminophen", "draft")
        context |= {"selections": [f"MedicationRequest/{draft['id']}"], "draftOrders": _bundle([draft])}
    made = {
        "hook": hook,
        "hookInstance": str(uuid5(NAMESPACE_URL, f"{hook}{conditions}{patient}")),
        "context": context,
        "prefetch": chart(conditions, observations, cramps=cramps, patient=patient),
    }
    return json.dumps(made).encode()


def asking(server: str, patient: int) -> bytes:
    """A patient-view request that brings nothing and names a FHIR server."""
    made = json.loads(body(0, 0, patient=patient))
    del made["prefetch"]
    return json.dumps(made | {"fhirServer": server}).encode()


def _bundle(resources: list[dict[str, Any]]) -> dict[str, Any]:
    entries = [
        {
            "fullUrl": f"https://ehr.example/fhir/{r['resourceType']}/{r['id']}",
            "resource": r,
            "search": {"mode": "match"},
        }
        for r in resources
    ]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def _coded(system: str, code: str, display: str | None = None) -> dict[str, Any]:
    return {"system": system, "code": code, **({"display": display} if display else {})}


def _author(name: str) -> dict[str, Any]:
    return {"reference": f"Practitioner/{name.lower()}-9f86d081884c", "display": f"{name}, MD", "type": "Practitioner"}


def _meta(profile: str, day: str) -> dict[str, Any]:
    core = "http://hl7.org/fhir/us/core/StructureDefinition"
    return {"versionId": "1", "lastUpdated": f"{day}T09:12:44.000+00:00", "profile": [f"{core}/{profile}"]}


def _condition(patient: int, i: int, problem: tuple[str, str, str] | None = None) -> dict[str, Any]:
    snomed, icd, display = problem or PROBLEMS[i % len(PROBLEMS)]
    day = (date.today() - timedelta(days=20 + patient % 60 + i)).isoformat()  # noqa: DTZ011 - any day will do
    return {
        "resourceType": "Condition",
        "id": f"c{patient}-{i}",
        "meta": _meta("us-core-condition-problems-health-concerns", day),
        "clinicalStatus": {"coding": [_coded(f"{TERMS}/condition-clinical", "active")]},
        "verificationStatus": {"coding": [_coded(f"{TERMS}/condition-ver-status", "confirmed")]},
        "category": [{"coding": [_coded(f"{TERMS}/condition-category", "problem-list-item", "Problem List Item")]}],
        "code": {"coding": [_coded(SNOMED, snomed, display), _coded(ICD, icd, display)], "text": display},
        "subject": {"reference": f"Patient/{patient}"},
        "encounter": {"reference": f"Encounter/e{patient}", "display": "Office visit"},
        "onsetDateTime": day,
        "recordedDate": day,
        "recorder": _author("Recorder"),
    }


def _observation(patient: int, i: int) -> dict[str, Any]:
    code, display, usual, unit, low, high = RESULTS[i % len(RESULTS)]
    value = round(usual * (1 + (patient * 7 + i) % 13 / 100), 2)
    day = (date.today() - timedelta(weeks=i // 9, days=1 + patient % 7)).isoformat()  # noqa: DTZ011
    clock = f"{patient % 24:02d}:{patient * 7 % 60:02d}"
    made: dict[str, Any] = {
        "resourceType": "Observation",
        "id": f"o{patient}-{i}",
        "meta": _meta("us-core-observation-lab", day),
        "status": "final",
        "category": [{"coding": [_coded(f"{TERMS}/observation-category", "laboratory", "Laboratory")]}],
        "code": {"coding": [_coded(LOINC, code, display)], "text": display},
        "subject": {"reference": f"Patient/{patient}"},
        "encounter": {"reference": f"Encounter/e{patient}", "display": "Office visit"},
        "effectiveDateTime": f"{day}T{clock}:00Z",
        "issued": f"{day}T{clock}:44.000+00:00",
        "performer": [_author("Performer")],
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
    }
    if low is not None:
        limits = {"low": {"value": low, "unit": unit}, "high": {"value": high, "unit": unit}}
        made["interpretation"] = [
            {"coding": [_coded(f"{TERMS}/v3-ObservationInterpretation", "N", "Normal")], "text": "Normal"}
        ]
        made["referenceRange"] = [limits | {"text": f"{low} - {high} {unit}"}]
    return made


def _medication(patient: int, identity: str, rxnorm: str, name: str, status: str) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": f"{identity}-{patient}",
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": {
            "coding": [_coded("http://www.nlm.nih.gov/research/umls/rxnorm", rxnorm, name)],
            "text": name,
        },
        "subject": {"reference": f"Patient/{patient}"},
        "authoredOn": (date.today() - timedelta(days=30 + patient % 90)).isoformat(),  # noqa: DTZ011
    }
