"""A made-up hospital's site file and calls: its own codes and names, with nothing else to tell what they are."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.builders.fhir import bundle, condition, patient, potassium, quinine

KFA = "http://sys-ids.kemkes.go.id/kfa"
LAB = "https://lab.rs.example/tests"
PROBLEMS = "https://rs.example/problems"
SITE = """\
[[codes]]
system = "http://sys-ids.kemkes.go.id/kfa"
reviewed_by = "apt. Sari Dewi"
reviewed_on = 2026-01-20
[codes.drugs]
"93000999" = "quinine"
"93000998" = ["hydrochlorothiazide", "losartan"]

[[codes]]
system = "https://lab.rs.example/tests"
reviewed_by = "dr. Budi"
reviewed_on = 2026-01-21
[codes.results]
"K+" = { analyte = "potassium", unit = "mmol/L" }
[codes.orders]
"FISIO 1" = "physiotherapy_referral"

[[codes]]
system = "http://loinc.org"
reviewed_by = "dr. Budi"
reviewed_on = 2026-01-21
[codes.results]
"2823-3" = { analyte = "potassium", unit = "meq/L" }

[[codes]]
system = "https://rs.example/problems"
reviewed_by = "dr. Budi"
reviewed_on = 2026-01-21
[codes.problems]
"kram.1" = ["cramp_leg", "cramp_any"]

[[names]]
reviewed_by = "apt. Sari Dewi"
reviewed_on = 2026-01-20
[names.drugs]
"Tablet Merah RS" = "quinine"
[names.problems]
"Kaki kencang malam hari" = "cramp_leg_nocturnal"
[names.results]
"Elektrolit K RS" = "potassium"

[[concept_maps]]
file = "kfa.json"
reviewed_by = "apt. Sari Dewi"
reviewed_on = 2026-01-20
"""
"""What the house says of its codes."""


def concept_map(
    *elements: tuple[str, str, str], target: str = "http://www.whocc.no/atc", **more: str
) -> dict[str, Any]:
    """A map of KFA codes: (code, target's code, equivalence). ``more``: of each."""
    mapped = [{"code": code, **more, "target": [{"code": to, "equivalence": how}]} for code, to, how in elements]
    return {
        "resourceType": "ConceptMap",
        "status": "active",
        "group": [{"source": KFA, "target": target, "element": mapped}],
    }


KFA_MAP = concept_map(
    ("93000997", "P01BC01", "wider"), ("93000996", "P01BC01", "inexact"), ("93000995", "N02BE01", "equivalent")
)
"""Quinine; something near quinine; paracetamol."""


def write_site(folder: Path) -> Path:
    """The site file and its map, in a folder."""
    (folder / "kfa.json").write_text(json.dumps(KFA_MAP))
    file = folder / "site.toml"
    file.write_text(SITE)
    return file


def coded(system: str, code: str) -> dict[str, Any]:
    """A code and no word."""
    return {"coding": [{"system": system, "code": code}]}


def viewed(*resources: dict[str, Any]) -> dict[str, Any]:
    """A call on opening a chart."""
    kinds = {"Condition": "conditions", "Observation": "observations", "MedicationRequest": "medicationRequests"}
    kinds |= {"AllergyIntolerance": "allergies", "MedicationStatement": "medicationStatements"}
    prefetch = {key: bundle(*(one for one in resources if one["resourceType"] == kind)) for kind, key in kinds.items()}
    others = [one for one in resources if one["resourceType"] not in kinds]
    return _call("patient-view", prefetch | {"patient": patient(), "others": bundle(*others)}, {})


def signed(drug: dict[str, Any]) -> dict[str, Any]:
    """A call on signing an order of the drug."""
    draft = quinine("d1", status="draft", medicationCodeableConcept=drug)
    return _call("order-sign", {"patient": patient(), "conditions": bundle()}, {"draftOrders": bundle(draft)})


def _call(hook: str, prefetch: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {
        "hook": hook,
        "hookInstance": "5f3e1c1e-6f0f-4f6e-9c6f-0d2c8a0b1c2d",
        "context": {"userId": "Practitioner/1", "patientId": "p1", **more},
        "prefetch": prefetch,
        "extension": {"org.cds-service.today": "2026-03-02"},
    }


CRAMPS = condition()
CALLS = {
    "draft": signed(coded(KFA, "93000999")),
    "draft_by_map": signed(coded(KFA, "93000997")),
    "draft_inexact": signed(coded(KFA, "93000996")),
    "draft_of_another": signed(coded(KFA, "93000995")),
    "draft_of_another_by_name": signed(coded(KFA, "93000995") | {"text": "Kina sulfat 200 mg"}),
    "draft_of_another_and_quinine": signed(
        {"coding": coded(KFA, "93000995")["coding"] + coded(KFA, "93000999")["coding"]}
    ),
    "draft_unmapped": signed(coded(KFA, "93000001")),
    "draft_by_name": signed({"text": "tablet merah RS 200 mg"}),
    "active": viewed(CRAMPS, quinine(medicationCodeableConcept=coded(KFA, "93000999"))),
    "several": viewed(CRAMPS, quinine(medicationCodeableConcept=coded(KFA, "93000998"))),
    "potassium": viewed(CRAMPS, potassium(code=coded(LAB, "K+"), valueQuantity={"value": 2.9})),
    "another_code": viewed(CRAMPS, potassium(code=coded(LAB, "K"), valueQuantity={"value": 2.9})),
    "loinc_without_unit": viewed(CRAMPS, potassium(valueQuantity={"value": 2.9})),
    "own_unit_first": viewed(CRAMPS, potassium(code=coded(LAB, "K+"), valueQuantity={"value": 11.3, "unit": "mg/dL"})),
    "potassium_by_name": viewed(CRAMPS, potassium(code={"text": "Elektrolit K RS"})),
    "problem": viewed(condition(code=coded(PROBLEMS, "kram.1"))),
    "problem_folded": viewed(condition(code=coded(PROBLEMS, "KRAM1"))),
    "problem_by_name": viewed(condition(code={"text": "Kaki kencang malam hari"})),
    "allergy": viewed(
        CRAMPS,
        {
            "resourceType": "AllergyIntolerance",
            "id": "a1",
            "patient": {"reference": "Patient/p1"},
            "code": coded(KFA, "93000999"),
        },
    ),
    "ordered": viewed(
        CRAMPS,
        quinine(),
        {
            "resourceType": "ServiceRequest",
            "id": "s1",
            "status": "active",
            "intent": "order",
            "subject": {"reference": "Patient/p1"},
            "code": coded(LAB, "FISIO 1"),
        },
    ),
}
"""Calls in which nothing but the house's own code or name tells what is meant."""


def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line, in a process of its own: a site file is read once, before anything else."""
    return subprocess.run(
        [sys.executable, "-m", "cds_service", *words],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def explained(folder: Path, **environment: str) -> dict[str, dict[str, Any]]:
    """What ``explain`` says of every call, by its name."""
    for name, call in CALLS.items():
        (folder / f"{name}.json").write_text(json.dumps(call))
    done = command("explain", str(folder), "--format", "json", **environment)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {Path(line["name"]).stem: line for line in lines}
