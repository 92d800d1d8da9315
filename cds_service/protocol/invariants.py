"""HL7's own rules of CDS Hooks, by their ids, with their wording.

Source: the logical models of the CDS Hooks specification (HL7/cds-hooks, input/fsh/invariants) and of
the hook library (HL7/cds-hooks-library, ord-1). Their severity is "error" but for cds-r-2 and
cds-resp-2, which are warnings there; what we emit keeps all of them.
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
    "cds-resp-1": "only one action can be suggested if selectionBehavior = at-most-one",
    "cds-resp-2": "a resourceId, not a resource, must be provided when type = delete",
    "cds-resp-3": "appContext only for smart apps",
    "cds-resp-4": "the CDS Service MUST populate a display value for each reason's Coding",
    "cds-resp-5": "all suggestion actions must have a description",
    "cds-resp-6": "if suggestions are present, selectionBehavior MUST also be provided",
    "cds-resp-7": "actionSelectionBehavior must be 'all', 'any', or 'at-most-one'",
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


def broken_in_card(card: Mapping[str, Any]) -> list[str]:
    """The ids of the rules one card of a response breaks (cds-resp-1…7)."""
    suggestions = card.get("suggestions", [])
    actions = [action for suggestion in suggestions for action in suggestion.get("actions", [])]
    recommended = [suggestion for suggestion in suggestions if suggestion.get("isRecommended")]
    deletes = [action for action in actions if action.get("type") == "delete"]
    behaviours = (suggestion.get("actionSelectionBehavior", "all") for suggestion in suggestions)
    held = {
        "cds-resp-1": card.get("selectionBehavior") != "at-most-one" or len(recommended) <= 1,
        "cds-resp-2": all("resourceId" in action and "resource" not in action for action in deletes),
        "cds-resp-3": all(link.get("type") == "smart" or "appContext" not in link for link in card.get("links", [])),
        "cds-resp-4": all(reason.get("display") for reason in card.get("overrideReasons", [])),
        "cds-resp-5": all(action.get("description") for action in actions),
        "cds-resp-6": not suggestions or "selectionBehavior" in card,
        "cds-resp-7": all(behaviour in ("all", "any", "at-most-one") for behaviour in behaviours),
    }
    return [rule for rule, holds in held.items() if not holds]
