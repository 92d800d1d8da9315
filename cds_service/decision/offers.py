"""The orders a card may offer: each a proposal for one click, and none that is already ordered or drafted.

Codes: SNOMED CT and LOINC as in the value sets. Referral, not procedure: what is done is for the
specialist to decide.
"""

from dataclasses import dataclass

from cds_service.decision.phrases import say
from cds_service.decision.recommendation import ProposedOrder, Suggestion
from cds_service.patient.facts import Facts
from cds_service.patient.terminology.vocabulary import OrderConcept, order

_SNOMED = "http://snomed.info/sct"
_LOINC = "http://loinc.org"
_EDUCATION = (_SNOMED, "409073007", "Education")
_REFERRAL = (_SNOMED, "3457005", "Patient referral")
_IMAGING = (_SNOMED, "363679005", "Imaging")
_EVALUATION = (_SNOMED, "386053000", "Evaluation procedure")


@dataclass(frozen=True, slots=True)
class Offer:
    """One order. ``name``: its place in the texts; ``ordered``: the order concepts that mean it is under way."""

    name: str
    codings: tuple[tuple[str, str, str], ...]
    category: tuple[str, str, str]
    ordered: frozenset[OrderConcept]


STRETCHING_EDUCATION = Offer(
    "stretching_education",
    ((_SNOMED, "311401005", "Patient education"),),
    _EDUCATION,
    frozenset({order("stretching"), order("patient_education")}),
)
PHYSIOTHERAPY = Offer(
    "physiotherapy",
    ((_SNOMED, "308447003", "Referral to physiotherapist"),),
    _REFERRAL,
    frozenset({order("physiotherapy_referral")}),
)
NEUROLOGY = Offer(
    "neurology",
    ((_SNOMED, "308474002", "Referral to neurologist"),),
    _REFERRAL,
    frozenset({order("neurology_referral")}),
)
NEUROLOGY_FOR_TOXIN = Offer(
    "neurology_for_toxin",
    ((_SNOMED, "308474002", "Referral to neurologist"),),
    _REFERRAL,
    frozenset({order("neurology_referral"), order("botulinum_injection")}),
)
VASCULAR = Offer(
    "vascular",
    ((_SNOMED, "307777008", "Referral to vascular surgeon"),),
    _REFERRAL,
    frozenset({order("vascular_referral")}),
)
LEG_VEIN_ULTRASOUND = Offer(
    "leg_vein_ultrasound",
    ((_LOINC, "30881-7", "US.doppler Lower extremity vein"),),
    _IMAGING,
    frozenset({order("leg_vein_ultrasound")}),
)
ANKLE_BRACHIAL_INDEX = Offer(
    "ankle_brachial_index",
    ((_SNOMED, "401221002", "Ankle brachial pressure index"),),
    _EVALUATION,
    frozenset({order("ankle_brachial_index")}),
)


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
