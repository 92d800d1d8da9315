"""The orders a card may offer: each a proposal for one click, and none that is already ordered or drafted.

What is offered is each guideline's own; its texts are ``offers.<name>``: label, description, order.
"""

from dataclasses import dataclass

from cds_service.decision.phrases import say
from cds_service.decision.recommendation import ProposedOrder, Suggestion
from cds_service.patient.facts import Facts
from cds_service.patient.terminology.vocabulary import OrderConcept


@dataclass(frozen=True, slots=True)
class Offer:
    """One order. ``name``: its place in the texts; ``ordered``: the order concepts that mean it is under way."""

    name: str
    codings: tuple[tuple[str, str, str], ...]
    category: tuple[str, str, str]
    ordered: frozenset[OrderConcept]


def offered(facts: Facts, *offers: Offer) -> tuple[Suggestion, ...]:
    """The offers as suggestions, each once, without those already among the orders in hand."""
    return tuple(_suggestion(offer) for offer in dict.fromkeys(offers) if not is_ordered(facts, *offer.ordered))


def is_ordered(facts: Facts, *concepts: OrderConcept) -> bool:
    """True when an order in hand, active or draft, is for any of the concepts."""
    return any(one.is_for(*concepts) for one in facts.orders)


def _suggestion(offer: Offer) -> Suggestion:
    return Suggestion(
        label=say(f"offers.{offer.name}.label"),
        description=say(f"offers.{offer.name}.description"),
        action=ProposedOrder(say(f"offers.{offer.name}.order"), offer.codings, offer.category),
    )
