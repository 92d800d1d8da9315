"""Medicines on the list that may contribute to cramps.

"Long-acting beta-agonists, potassium-sparing and thiazide-like diuretics and statins were followed by
new quinine starts more often than preceded by them" (Garrison 2012, adults aged 50 and over): an
association, not a cause. Short-acting beta-agonists (salbutamol, terbutaline) are left out. Raloxifene
and the others are listed as possible causes without a ratio. The advice is to review, never to stop abruptly.
"""

from collections.abc import Iterator
from decimal import Decimal

from cds_service.decision.phrases import Phrase, Text, say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import medicine
from cds_service.guidelines.leg_cramps.concepts import CRAMP_CAUSING_DIURETIC
from cds_service.guidelines.leg_cramps.stretching import words
from cds_service.patient.facts import Facts
from cds_service.patient.medications import active_medications
from cds_service.patient.terminology.vocabulary import DrugConcept, drug

# By concept, the more telling first: the text of the line, and the ratio (Garrison 2012) where there is one
KINDS: dict[DrugConcept, tuple[Text, Decimal | None]] = {
    drug("laba"): (words.CONTRIBUTORS_LABA, Decimal("2.42")),
    drug("potassium_sparing"): (words.CONTRIBUTORS_POTASSIUM_SPARING, Decimal("2.12")),
    drug("thiazide_like"): (words.CONTRIBUTORS_THIAZIDE, Decimal("1.48")),
    drug("loop"): (words.CONTRIBUTORS_LOOP, Decimal("1.20")),
    CRAMP_CAUSING_DIURETIC: (words.CONTRIBUTORS_DIURETIC, None),
    drug("cramp_causing_statin"): (words.CONTRIBUTORS_STATIN, Decimal("1.16")),
    drug("cramp_causing_other"): (words.CONTRIBUTORS_OTHER, None),
}
CONCEPTS = tuple(KINDS)


def contributor_lines(facts: Facts) -> tuple[Phrase | Because, ...]:
    """A line for each contributing drug, with its source, and how to take them; empty when there is none."""
    lines = tuple(_each(facts))
    return (*lines, say(words.CONTRIBUTORS_REVIEW)) if lines else ()


def _each(facts: Facts) -> Iterator[Because]:
    """Each drug once, under the first kind it belongs to."""
    seen: set[str] = set()
    for medication in active_medications(facts, *CONCEPTS):
        for concept, (said, ratio) in KINDS.items():
            for ingredient in medication.ingredients:
                if not ingredient.is_a(concept) or ingredient.name in seen:
                    continue
                seen.add(ingredient.name)
                drug = medicine(medication, ingredient, facts.today)
                yield Because(_line(said, drug, ratio), medication.source)


def _line(said: Text, drug: Phrase, ratio: Decimal | None) -> Phrase:
    if ratio is None:
        return say(said, drug=drug)
    return say(said, drug=drug, ratio=ratio)
