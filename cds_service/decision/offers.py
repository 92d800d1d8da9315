"""The orders a card may offer: each a proposal for one click, and none that is already ordered or drafted.

What is offered is each guideline's own; its texts are ``offers.<name>``: label, description, order.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cds_service.decision.phrases import say, text
from cds_service.decision.recommendation import ProposedOrder, Suggestion
from cds_service.decision.suggestion_kinds import suggestion_kind
from cds_service.patient.facts import Facts
from cds_service.patient.terminology.vocabulary import OrderConcept


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """One order, as it is suggested: a constant, and like no other. ``ordered``: the order concepts that mean it is under way."""

    suggestion: Suggestion
    ordered: frozenset[OrderConcept]


def offer(
    name: str,
    codings: tuple[tuple[str, str, str], ...],
    category: tuple[str, str, str],
    ordered: Iterable[OrderConcept],
) -> Offer:
    """An offer whose texts are ``offers.<name>.label``, ``.description`` and ``.order``; counted as ``order_<name>``."""
    label, description, order = (say(text(f"offers.{name}.{part}")) for part in ("label", "description", "order"))
    kind = suggestion_kind(f"order_{name}", label)
    return Offer(Suggestion(label, description, ProposedOrder(order, codings, category), kind), frozenset(ordered))


def offered(facts: Facts, *offers: Offer) -> tuple[Suggestion, ...]:
    """The offers as suggestions, each once, without those already among the orders in hand."""
    return tuple(one.suggestion for one in dict.fromkeys(offers) if not is_ordered(facts, *one.ordered))


def is_ordered(facts: Facts, *concepts: OrderConcept) -> bool:
    """True when an order in hand, active or draft, is for any of the concepts."""
    return any(one.is_for(*concepts) for one in facts.orders)
