"""HL7's own rules of CDS Hooks, by their ids, with their wording.

Source: the logical models of the CDS Hooks specification (HL7/cds-hooks, input/fsh/invariants) and of
the hook library (HL7/cds-hooks-library, ord-1). Their severity is "error" but for cds-r-2, which is a
warning there. What we send keeps those of a response (cds-resp-1…7), which the tests check.
"""

import re
from collections.abc import Mapping
from typing import Any

INVARIANTS: Mapping[str, str] = {
    "cds-r-1": "if fhirAuthorization details are provided, a fhirServer SHALL be specified",
    "cds-r-2": (
        "if the granted SMART scopes include patient scopes, the patient field SHOULD be populated"
        " to identify the FHIR id of that patient"
    ),
    "cds-fb-1": "outcome must be 'accepted' or 'overridden'",
    "cds-fb-2": "if outcome is 'accepted', acceptedSuggestions SHALL be provided",
    "cds-fb-3": "an overrideReason must contain a reason, a userComment, or both",
    "ord-1": "must be in the format {type}/{id}",
}

_TYPED_ID = re.compile(r"[\d\w]+/[\d\w\-.]+")


def broken(rule: str) -> str:
    """What is said of a broken rule: its id and its wording."""
    return f"{rule}: {INVARIANTS[rule]}"


def is_typed_id(text: str) -> bool:
    """ord-1: "Practitioner/123"."""
    return _TYPED_ID.fullmatch(text) is not None


def names_its_patient(authorization: Mapping[str, Any]) -> bool:
    """cds-r-2: a token with patient scopes says which patient it is for."""
    scope = authorization.get("scope")
    return not isinstance(scope, str) or "patient/" not in scope or bool(authorization.get("patient"))
