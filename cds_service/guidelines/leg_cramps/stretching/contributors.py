"""Medicines on the list that may contribute to cramps.

"Long-acting beta-agonists, potassium-sparing and thiazide-like diuretics and statins were followed by
new quinine starts more often than preceded by them" (Garrison 2012, adults aged 50 and over): an
association, not a cause. Short-acting beta-agonists (salbutamol, terbutaline) are left out. Raloxifene
and the others are listed as possible causes without a ratio. The advice is to review, never to stop abruptly.
"""

from collections.abc import Iterator
from decimal import Decimal

from cds_service.decision.phrases import Phrase, say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import medicine
from cds_service.guidelines.leg_cramps.concepts import CRAMP_CAUSING_DIURETIC
from cds_service.patient.facts import Facts
from cds_service.patient.medications import active_medications
from cds_service.patient.terminology.vocabulary import DrugConcept, drug

# By concept, the more telling first: the text of the line, and the ratio (Garrison 2012) where there is one
KINDS: dict[DrugConcept, tuple[str, Decimal | None]] = {
    drug("laba"): ("laba", Decimal("2.42")),
    drug("potassium_sparing"): ("potassium_sparing", Decimal("2.12")),
    drug("thiazide_like"): ("thiazide", Decimal("1.48")),
    drug("loop"): ("loop", Decimal("1.20")),
    CRAMP_CAUSING_DIURETIC: ("diuretic", None),
    drug("cramp_causing_statin"): ("statin", Decimal("1.16")),
    drug("cramp_causing_other"): ("other", None),
}
CONCEPTS = tuple(KINDS)


def contributor_lines(facts: Facts) -> tuple[Phrase | Because, ...]:
    """A line for each contributing drug, with its source, and how to take them; empty when there is none."""
    lines = tuple(_each(facts))
    return (*lines, say("contributors.review")) if lines else ()


def _each(facts: Facts) -> Iterator[Because]:
    """Each drug once, under the first kind it belongs to."""
    seen: set[str] = set()
    for medication in active_medications(facts, *CONCEPTS):
        for concept, (kind, ratio) in KINDS.items():
            for ingredient in medication.ingredients:
                if not ingredient.is_a(concept) or ingredient.name in seen:
                    continue
                seen.add(ingredient.name)
                drug = medicine(medication, ingredient, facts.today)
                yield Because(_line(kind, drug, ratio), medication.source)


def _line(kind: str, drug: Phrase, ratio: Decimal | None) -> Phrase:
    if ratio is None:
        return say(f"contributors.{kind}", drug=drug)
    return say(f"contributors.{kind}", drug=drug, ratio=ratio)
