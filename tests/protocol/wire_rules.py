"""What is wrong with an answer of ours: by the schema of the OpenAPI document, and by HL7's own rules of CDS Hooks.

Source of the rules: the logical models of the CDS Hooks specification (HL7/cds-hooks, input/fsh/invariants). Their
severity is "error" but for cds-resp-2, which is a warning there; what we send keeps all of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from marshmallow import ValidationError

from cds_service.protocol.answers import DISCOVERY, RESPONSE
from cds_service.protocol.parsing import problems

IN_RESPONSES: Mapping[str, str] = {
    "cds-resp-1": "only one action can be suggested if selectionBehavior = at-most-one",
    "cds-resp-2": "a resourceId, not a resource, must be provided when type = delete",
    "cds-resp-3": "appContext only for smart apps",
    "cds-resp-4": "the CDS Service MUST populate a display value for each reason's Coding",
    "cds-resp-5": "all suggestion actions must have a description",
    "cds-resp-6": "if suggestions are present, selectionBehavior MUST also be provided",
    "cds-resp-7": "actionSelectionBehavior must be 'all', 'any', or 'at-most-one'",
}


def broken_rules(body: bytes) -> list[str]:
    """What is wrong with an answer of ours (cards or discovery), as "path: rule"; empty when nothing is.

    Unknown members are wrong here: we never send one that CDS Hooks 2.0 does not have.
    """
    document = orjson.loads(body)
    wrong = [f"{path}: must not be null or empty" for path in _empty_members(document, "") if path != "cards"]
    schema = DISCOVERY if "services" in document else RESPONSE
    try:
        schema.load(document)
    except ValidationError as error:
        return wrong + problems(error)
    for place, card in enumerate(document.get("cards", [])):
        wrong += [f"cards[{place}]: {rule}" for rule in _broken_in_card(card)]
    return wrong


def _empty_members(node: Any, path: str) -> Iterable[str]:
    """Paths of null and empty members; a null inside an array is no member."""
    if isinstance(node, dict):
        for name, value in node.items():
            below = f"{path}.{name}" if path else name
            if value in (None, "", [], {}):
                yield below
            yield from _empty_members(value, below)
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _empty_members(value, f"{path}[{place}]")


def _broken_in_card(card: Mapping[str, Any]) -> list[str]:
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
