"""``explain`` as JSON: the same decisions, facts and gaps as its text, for other programs."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import orjson

from cds_service.cards.wording import Wording
from cds_service.decision.recommendation import Advise, CannotTell, Decided, Rule
from cds_service.pipeline import Answer

_FACTS = ("person", "problems", "medications", "drafts", "allergies", "results", "orders")


def as_json(name: str, answer: Answer, cards: list[Mapping[str, Any]], words: Wording) -> bytes:
    """One line of JSON. ``name``: what was asked; ``cards``: as the service answered them."""
    facts = answer.facts
    document = {
        "name": name,
        "today": facts.today.isoformat(),
        "language": answer.language,
        "site": answer.site.digest or None,
        "cards": cards,
        "rules": [
            *(_decided(one, words) for one in answer.decisions),
            *(_named(rule) | {"decision": "switched-off"} for rule in answer.switched_off),
        ],
        "withheld": [card.source.topic.code for card in answer.withheld],
        "facts": {kind: _plain(getattr(facts, kind)) for kind in _FACTS},
        "unread": _plain(facts.unread),
        "received": _plain(facts.receipts),
    }
    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)


def _decided(decided: Decided, words: Wording) -> dict[str, Any]:
    rule, decision = decided.rule, decided.decision
    head = _named(rule)
    match decision:
        case Advise():
            because = [{"text": words.say(one.phrase), "source": one.source} for one in decision.why]
            return head | {
                "decision": "advised",
                "indicator": decision.indicator.code,
                "summary": words.say(decision.summary),
                "because": because,
                "unknown": [words.say(one) for one in decision.unknown],
            }
        case CannotTell():
            return head | {"decision": "cannot-tell", "missing": [words.say(one) for one in decision.missing]}
    return head | {"decision": "not-advised", "reason": words.say(decision.reason)}


def _named(rule: Rule) -> dict[str, Any]:
    return {"rule": rule.name, "version": rule.version, "topic": rule.topic}


def _plain(value: Any) -> Any:
    """A fact as JSON: by its fields, without the resource it was read from; a number that is exact as text."""
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.repr}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted((_plain(one) for one in value), key=str)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
