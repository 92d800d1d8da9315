"""Drugs that make quinine more dangerous, or that quinine makes more dangerous, with the direction of the effect.

Source: section 7 of the US quinine label. Eye, ear and skin forms do not count; an order that may be
outdated never makes the card critical.
"""

from collections.abc import Iterable, Iterator

from cds_service.decision.phrases import say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import drug_name, medicine
from cds_service.guidelines.leg_cramps.concepts import WARFARIN
from cds_service.guidelines.leg_cramps.quinine.concepts import (
    CYP3A4_MODIFIERS,
    DIGOXIN,
    INSULIN,
    NEUROMUSCULAR_BLOCKER,
    QT_PROLONGING,
    SULFONYLUREA,
)
from cds_service.guidelines.leg_cramps.quinine.hazards import Hazard, Monitor
from cds_service.patient.facts import Facts, Ingredient, Medication, Route
from cds_service.patient.medications import may_be_outdated
from cds_service.patient.terminology.vocabulary import ingredient

CONCEPTS = (*QT_PROLONGING, NEUROMUSCULAR_BLOCKER, DIGOXIN, WARFARIN, INSULIN, SULFONYLUREA, CYP3A4_MODIFIERS)
"""What is sought among the medicines."""


def interacting(
    facts: Facts, medications: Iterable[Medication], *, low_potassium: Hazard | None, critical: bool
) -> Iterator[Hazard]:
    """The interacting drugs that make the card critical, or those that are only a warning line; each drug once.

    ``low_potassium``: the potassium, when below 3.5 mmol/L: it makes digoxin critical.
    """
    seen: set[str] = set()
    for medication in medications:
        outdated = may_be_outdated(medication, facts.today)
        for held in medication.ingredients:
            hazard = _interaction(medication, held, low_potassium=low_potassium is not None)
            if hazard is None or held.name in seen:
                continue
            escalates, key, monitors = hazard
            if (escalates and not outdated) is critical:
                seen.add(held.name)
                name, drug = drug_name(held), medicine(medication, held, facts.today)
                line = say(f"avoid_quinine.drug.{key}", drug=drug)
                if key == "digoxin_low_potassium" and low_potassium is not None:
                    name = say("avoid_quinine.with_potassium", drug=name, potassium=low_potassium.name)
                    line = say(f"avoid_quinine.drug.{key}", drug=drug, potassium=low_potassium.because.phrase)
                yield Hazard(name, Because(line, medication.source), monitors=monitors)


def _interaction(
    medication: Medication, held: Ingredient, *, low_potassium: bool
) -> tuple[bool, str, tuple[Monitor, ...]] | None:
    """Whether the drug makes the card critical, the text that says why, and what to monitor; None: no interaction."""
    if held.is_a(*QT_PROLONGING) and medication.route is not Route.LOCAL:
        return True, "qt", (Monitor.ECG,)
    if held.is_a(NEUROMUSCULAR_BLOCKER):
        return True, "neuromuscular_blocker", ()
    if held.is_a(DIGOXIN):
        monitors = (Monitor.ECG, Monitor.POTASSIUM)
        return (True, "digoxin_low_potassium", monitors) if low_potassium else (False, "digoxin", monitors)
    for concept in (WARFARIN, INSULIN, SULFONYLUREA):
        if held.is_a(concept):
            return False, concept.name, ()
    if held.is_a(CYP3A4_MODIFIERS) and medication.route is not Route.LOCAL:
        return False, f"direction.{_DIRECTION.get(held.name, 'raises')}", ()
    return None


_DIRECTION = {  # the quinine label's section 7, by the direction of the effect; the rest raise quinine levels
    ingredient("rifampicin"): "rifampicin",
    ingredient("ritonavir"): "ritonavir",
    ingredient("ketoconazole"): "azole",
    ingredient("fluconazole"): "azole",
    ingredient("itraconazole"): "azole",
    ingredient("voriconazole"): "azole",
    ingredient("phenytoin"): "inducer",
    ingredient("phenobarbital"): "inducer",
    ingredient("carbamazepine"): "inducer",
    ingredient("theophylline"): "theophylline",
    ingredient("desipramine"): "cyp2d6",
    ingredient("dextromethorphan"): "cyp2d6",
    ingredient("metoprolol"): "cyp2d6",
}
