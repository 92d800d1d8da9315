"""Drugs that make quinine more dangerous, or that quinine makes more dangerous, with the direction of the effect.

Source: section 7 of the US quinine label. Eye, ear and skin forms do not count; an order that may be
outdated never makes the card critical.
"""

from collections.abc import Iterable, Iterator

from cds_service.decision.phrases import Text, say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import drug_name, medicine
from cds_service.guidelines.leg_cramps.concepts import WARFARIN
from cds_service.guidelines.leg_cramps.quinine import words
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
            escalates, said, monitors = hazard
            if (escalates and not outdated) is critical:
                seen.add(held.name)
                name, drug = drug_name(held), medicine(medication, held, facts.today)
                line = say(said, drug=drug)
                if said is words.DRUG_DIGOXIN_LOW_POTASSIUM and low_potassium is not None:
                    name = say(words.WITH_POTASSIUM, drug=name, potassium=low_potassium.name)
                    line = say(said, drug=drug, potassium=low_potassium.because.phrase)
                yield Hazard(name, Because(line, medication.source), monitors=monitors)


def _interaction(
    medication: Medication, held: Ingredient, *, low_potassium: bool
) -> tuple[bool, Text, tuple[Monitor, ...]] | None:
    """Whether the drug makes the card critical, the text that says why, and what to monitor; None: no interaction."""
    if held.is_a(*QT_PROLONGING) and medication.route is not Route.LOCAL:
        return True, words.DRUG_QT, (Monitor.ECG,)
    if held.is_a(NEUROMUSCULAR_BLOCKER):
        return True, words.DRUG_NEUROMUSCULAR_BLOCKER, ()
    if held.is_a(DIGOXIN):
        monitors = (Monitor.ECG, Monitor.POTASSIUM)
        if low_potassium:
            return True, words.DRUG_DIGOXIN_LOW_POTASSIUM, monitors
        return False, words.DRUG_DIGOXIN, monitors
    for concept, line in words.DRUG.items():
        if held.is_a(concept):
            return False, line, ()
    if held.is_a(CYP3A4_MODIFIERS) and medication.route is not Route.LOCAL:
        return False, _DIRECTION.get(held.name, words.DRUG_DIRECTION_RAISES), ()
    return None


_DIRECTION = {  # the quinine label's section 7, by the direction of the effect; the rest raise quinine levels
    ingredient("rifampicin"): words.DRUG_DIRECTION_RIFAMPICIN,
    ingredient("ritonavir"): words.DRUG_DIRECTION_RITONAVIR,
    ingredient("ketoconazole"): words.DRUG_DIRECTION_AZOLE,
    ingredient("fluconazole"): words.DRUG_DIRECTION_AZOLE,
    ingredient("itraconazole"): words.DRUG_DIRECTION_AZOLE,
    ingredient("voriconazole"): words.DRUG_DIRECTION_AZOLE,
    ingredient("phenytoin"): words.DRUG_DIRECTION_INDUCER,
    ingredient("phenobarbital"): words.DRUG_DIRECTION_INDUCER,
    ingredient("carbamazepine"): words.DRUG_DIRECTION_INDUCER,
    ingredient("theophylline"): words.DRUG_DIRECTION_THEOPHYLLINE,
    ingredient("desipramine"): words.DRUG_DIRECTION_CYP2D6,
    ingredient("dextromethorphan"): words.DRUG_DIRECTION_CYP2D6,
    ingredient("metoprolol"): words.DRUG_DIRECTION_CYP2D6,
}
