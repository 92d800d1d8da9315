"""A synthetic export: made-up patients over several files, with what real exports have wrong in them.

Deterministic: the same size and seed give the same bytes. Every name, id and text holds ``CANARY``, so that a test
can tell whether any of it got out.
"""

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

CANARY = "Zebulon7F3A"
SHARED_TEXT = "kramp kaki"  # misspelt, and too common to tell of anybody
SNOMED, LOINC, RXNORM = "http://snomed.info/sct", "http://loinc.org", "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"
TERMS = "http://terminology.hl7.org/CodeSystem"
Resource = dict[str, Any]

_PROBLEMS = (
    ("449918009", "Cramp in lower leg", 14),
    ("86044005", "Amyotrophic lateral sclerosis", 2),
    ("44054006", "Diabetes mellitus type 2", 30),
    ("38341003", "Hypertensive disorder", 40),
    ("195967001", "Asthma", 25),
)
_DRUGS = (("997010", "quinine sulfate 324 mg", 8), ("83367", "atorvastatin", 30), ("4603", "furosemide", 15))


def patients(number: int, seed: int = 7) -> Iterator[list[Resource]]:
    """Each patient's resources; Medications that several share are not among them (``MEDICATIONS``)."""
    for place in range(number):
        yield list(_patient(place, random.Random(f"{seed}/{place}")))


MEDICATIONS: tuple[Resource, ...] = tuple(
    {
        "resourceType": "Medication",
        "id": f"drug-{code}",
        "code": {"coding": [{"system": RXNORM, "code": code, "display": name}], "text": name},
    }
    for code, name, _ in _DRUGS
)


def write(folder: Path, number: int, seed: int = 7) -> int:
    """Write the export of this many patients to the folder; returns how many of its lines are broken."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    kinds: dict[str, list[Resource]] = {"Medication": list(MEDICATIONS)}
    for resources in patients(number, seed):
        for resource in resources:
            kinds.setdefault(resource["resourceType"], []).append(resource)
    broken = 0
    for kind, resources in kinds.items():
        rng.shuffle(resources)
        lines = [json.dumps(resource) for resource in resources]
        if kind in ("Condition", "Observation"):
            lines.insert(3, lines[0][: len(lines[0]) // 2])  # cut off in the middle
            lines.insert(5, f'["{CANARY}"')
            lines.append('{"id": "no type"}')
            lines.append(lines[0])  # the same resource again
            broken += 3
        middle = len(lines) // 2
        halves = [lines[:middle], lines[middle:]] if kind != "Medication" else [lines]
        for place, half in enumerate(halves):
            text = "\n".join(half) + "\n"
            if place:
                (folder / f"{kind.lower()}.{place}.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
            else:
                (folder / f"export-{len(kind)}-{kind}.ndjson").write_text(text)
    return broken


def write_bundles(folder: Path, number: int, seed: int = 7) -> None:
    """The same patients as Synthea writes them: a file and a transaction Bundle each, references by the entries' urns."""
    folder.mkdir(parents=True, exist_ok=True)
    for resources in patients(number, seed):
        needed = {one.get("medicationReference", {}).get("reference") for one in resources}
        held = [*resources, *(one for one in MEDICATIONS if f"Medication/{one['id']}" in needed)]
        urns = {f"{one['resourceType']}/{one['id']}": f"urn:uuid:{uuid5(NAMESPACE_URL, one['id'])}" for one in held}
        entries = []
        for one in held:
            text = json.dumps(one)
            for reference, urn in urns.items():
                text = text.replace(f'"reference": "{reference}"', f'"reference": "{urn}"')
            url = urns[f"{one['resourceType']}/{one['id']}"]
            entries.append({"fullUrl": url, "resource": json.loads(text), "request": {"method": "POST"}})
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
        (folder / f"{resources[0]['id']}.json").write_text(json.dumps(bundle, indent=2))


def _patient(place: int, rng: random.Random) -> Iterator[Resource]:
    own = f"{CANARY}-p{place}"
    born = f"{rng.randint(1930, 2012)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    patient: Resource = {
        "resourceType": "Patient",
        "id": own,
        "identifier": [{"system": "https://hospital.example/mrn", "value": f"{CANARY}{place}"}],
        "name": [{"family": CANARY, "given": ["A"]}],
        "gender": rng.choice(["male", "female"]),
        "birthDate": born,
    }
    if rng.random() < 0.02:
        patient["deceasedDateTime"] = "2025-06-01"
    if rng.random() < 0.01:
        patient["active"] = False
    yield patient
    subject = {
        "reference": rng.choice(
            [
                f"Patient/{own}",
                f"Patient/{own}",
                f"https://ehr.example/fhir/Patient/{own}/_history/2",
                f"Patient?identifier=https://hospital.example/mrn|{CANARY}{place}",
            ]
        )
    }
    yield {
        "resourceType": "Encounter",
        "id": f"{own}-e",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": subject,
        "period": {"start": "2025-11-03T09:30:00+07:00", "end": "2025-11-03T10:00:00+07:00"},
    }
    for number, (code, display, percent) in enumerate(_PROBLEMS):
        if rng.random() * 100 < percent:
            yield _condition(f"{own}-c{number}", subject, {"coding": [_coding(SNOMED, code, display)]}, rng)
    if rng.random() < 0.03:
        yield _condition(f"{own}-c8", subject, {"text": SHARED_TEXT}, rng)
    if rng.random() < 0.02:
        yield _condition(f"{own}-c9", subject, {"text": f"leg cramps {CANARY} {place}"}, rng)
    for number, (code, name, percent) in enumerate(_DRUGS):
        if rng.random() * 100 < percent:
            coded = {"medicationReference": {"reference": f"Medication/drug-{code}"}}
            inline = {"medicationCodeableConcept": {"coding": [_coding(RXNORM, code, name)], "text": name}}
            yield {
                "resourceType": "MedicationRequest",
                "id": f"{own}-m{number}",
                "status": rng.choice(["active", "active", "completed"]),
                "intent": "order",
                "subject": subject,
                "authoredOn": f"2025-{rng.randint(1, 11):02}-15T08:00:00+07:00",
                **rng.choice([coded, inline]),
            }
    for number in range(rng.randint(0, 4)):
        yield _potassium(f"{own}-o{number}", subject if number else None, f"Encounter/{own}-e", rng)
    if rng.random() < 0.05:
        yield {
            "resourceType": "AllergyIntolerance",
            "id": f"{own}-a",
            "patient": subject,
            "code": {"text": "penicillin"},
            "recordedDate": "2020-01-01",
        }
    yield {"resourceType": "Claim", "id": f"{own}-claim", "patient": subject, "status": "active"}


def _condition(identity: str, subject: Resource, code: Resource, rng: random.Random) -> Resource:
    return {
        "resourceType": "Condition",
        "id": identity,
        "clinicalStatus": {"coding": [_coding(f"{TERMS}/condition-clinical", "active")]},
        "verificationStatus": {"coding": [_coding(f"{TERMS}/condition-ver-status", "confirmed")]},
        "code": code,
        "subject": subject,
        "recordedDate": f"2025-{rng.randint(1, 11):02}-10",
        "note": [{"text": CANARY}],
    }


def _potassium(identity: str, subject: Resource | None, encounter: str, rng: random.Random) -> Resource:
    unit = rng.choice(["mmol/L", "mmol/L", "mmol/L", "mmol in a liter"])
    made: Resource = {
        "resourceType": "Observation",
        "id": identity,
        "status": rng.choice(["final", "final", "final", "preliminary"]),
        "code": {"coding": [_coding(LOINC, "2823-3", "Potassium")]},
        "encounter": {"reference": encounter},
        "effectiveDateTime": f"2025-{rng.randint(1, 11):02}-20T06:00:00+07:00",
        "issued": "2025-11-25T07:00:00+07:00",
        "valueQuantity": {"value": round(rng.uniform(2.4, 5.6), 1), "unit": unit, "system": UCUM, "code": unit},
    }
    return made | ({"subject": subject} if subject else {})


def _coding(system: str, code: str, display: str | None = None) -> Resource:
    return {"system": system, "code": code} | ({"display": display} if display else {})
