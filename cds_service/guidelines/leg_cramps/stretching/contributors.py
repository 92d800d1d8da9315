"""Medicines on the list that may contribute to cramps.

"Long-acting beta-agonists, potassium-sparing and thiazide-like diuretics and statins were followed by
new quinine starts more often than preceded by them" (Garrison 2012, adults aged 50 and over): an
association, not a cause. Short-acting beta-agonists (salbutamol, terbutaline) are left out. Raloxifene
and the others are listed as possible causes without a ratio. The advice is to review, never to stop abruptly.
"""

from collections.abc import Sequence
from decimal import Decimal

from cds_service.decision.phrases import Joined
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import drug_names, first_few, medications_together
from cds_service.guidelines.leg_cramps.concepts import CRAMP_CAUSING_DIURETIC
from cds_service.guidelines.leg_cramps.stretching import words
from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.medications import active_medications
from cds_service.patient.terminology.vocabulary import DrugConcept, drug

RATIOS: dict[DrugConcept, Decimal | None] = {
    drug("laba"): Decimal("2.42"),
    drug("potassium_sparing"): Decimal("2.12"),
    drug("thiazide_like"): Decimal("1.48"),
    drug("loop"): Decimal("1.20"),
    CRAMP_CAUSING_DIURETIC: None,
    drug("cramp_causing_statin"): Decimal("1.16"),
    drug("cramp_causing_other"): None,
}
"""By concept, the more telling first: the ratio (Garrison 2012) where there is one."""
CONCEPTS = tuple(RATIOS)
STUDIED = tuple(concept for concept, ratio in RATIOS.items() if ratio is not None)


@asked_once
def contributors(facts: Facts) -> tuple[Medication, ...]:
    """The contributing medicines, each once, the more telling first."""
    return tuple({one.source: one for concept in CONCEPTS for one in active_medications(facts, concept)}.values())


def named(medications: Sequence[Medication]) -> Joined:
    """The contributors by name, each once."""
    return drug_names(medications, *CONCEPTS)


def contributor_facts(facts: Facts) -> tuple[Because, ...]:
    """Where the first of them are recorded."""
    return first_few(medications_together(contributors(facts), facts.today, *CONCEPTS, them=words.PATIENT_THESE_DRUGS))
