"""Medicines on the list that may contribute to cramps.

"Long-acting beta-agonists, potassium-sparing and thiazide-like diuretics and statins were followed by
new quinine starts more often than preceded by them" (Garrison 2012, adults aged 50 and over): an
association, not a cause. Short-acting beta-agonists (salbutamol, terbutaline) are left out. Raloxifene
and the others are listed as possible causes without a ratio. The advice is to review, never to stop abruptly.
"""

from collections.abc import Sequence

from cds_service.decision.phrases import Joined
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import drug_names, first_few, medications_together
from cds_service.guidelines.leg_cramps.concepts import CRAMP_CAUSING_DIURETIC
from cds_service.guidelines.leg_cramps.stretching import words
from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.medications import active_medications
from cds_service.patient.terminology.vocabulary import drug

_STATIN = drug("cramp_causing_statin")
STUDIED = (drug("laba"), drug("potassium_sparing"), drug("thiazide_like"), drug("loop"), _STATIN)
"""Those that Garrison 2012 has a ratio of, which its evidence on the page says."""
CONCEPTS = (*STUDIED[:-1], CRAMP_CAUSING_DIURETIC, _STATIN, drug("cramp_causing_other"))
"""The more telling first."""


@asked_once
def contributors(facts: Facts) -> tuple[Medication, ...]:
    """The contributing medicines, each once, the more telling first."""
    taken = active_medications(facts, *CONCEPTS)
    return tuple({one.source: one for concept in CONCEPTS for one in taken if one.holds(concept)}.values())


def named(medications: Sequence[Medication]) -> Joined:
    """The contributors by name, each once."""
    return drug_names(medications, *CONCEPTS)


def contributor_facts(facts: Facts) -> tuple[Because, ...]:
    """Where the first of them are recorded."""
    return first_few(medications_together(contributors(facts), facts.today, *CONCEPTS, them=words.PATIENT_THESE_DRUGS))
