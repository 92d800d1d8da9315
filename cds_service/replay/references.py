"""Whom and what a reference of a resource names: the patient, by id or otherwise; the Medications it is for."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from cds_service.chart.gather.subjects import TYPED, reference_key
from cds_service.chart.r4.elements import CANNOT_READ
from cds_service.chart.r4.medicines import drug, medication

MEDICATION = "Medication"
PATIENT = "Patient"
_CONDITIONAL = re.compile(r"(?:.*/)?Patient\?(.+)")


def patient_named(reference: str) -> str | None:
    """An id, or a name that only another row explains ("urn:uuid:…", "?system|value"); None where it is no patient."""
    reference = reference.strip()
    if not reference or reference.startswith("#"):
        return None
    if reference.startswith("urn:"):
        return reference
    found = TYPED.fullmatch(reference)
    if found:
        return unquote(found[2]) if found[1] == PATIENT else None
    conditional = _CONDITIONAL.fullmatch(reference)
    if conditional:
        told = parse_qs(conditional[1]).get("identifier")
        return f"?{told[0]}" if told else None
    return reference if "/" not in reference else None


def medications_of(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """The Medications a request or statement is for, or a Medication is made of ("Medication/7"), where it refers to one."""
    try:
        if resource.get("resourceType") == MEDICATION:
            told = [one.get("reference") for one in medication(dict(resource))[1]]
        else:
            referred = drug(dict(resource))[1]
            told = [] if referred is None else [referred.get("reference")]
    except CANNOT_READ:
        return ()
    return tuple(_medication_key(one) for one in told if isinstance(one, str) and not one.startswith("#"))


def _medication_key(reference: str) -> str:
    bare = reference.removeprefix("urn:uuid:")
    return f"{MEDICATION}/{bare}" if "/" not in bare else reference_key(reference)
