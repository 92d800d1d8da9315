"""Drugs that make quinine more dangerous, or that quinine makes more dangerous, with the direction of the effect.

Source: section 7 of the US quinine label. What stays in the eye, ear, skin or vagina does not count; an order that may
be outdated never makes the card critical. Each drug is named once, by its gravest effect.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
    QT_POSSIBLE,
    QT_PROLONGING,
    SULFONYLUREA,
)
from cds_service.guidelines.leg_cramps.quinine.hazards import Hazard, Monitor, Rhythm
from cds_service.patient.facts import Facts, Ingredient, Medication, Route
from cds_service.patient.medications import may_be_outdated
from cds_service.patient.terminology.vocabulary import DrugConcept, ingredient

CONCEPTS = (
    *QT_PROLONGING,
    NEUROMUSCULAR_BLOCKER,
    DIGOXIN,
    WARFARIN,
    INSULIN,
    SULFONYLUREA,
    QT_POSSIBLE,
    CYP3A4_MODIFIERS,
)
"""What is sought among the medicines, the gravest first."""

_NOT_LOCAL = (*QT_PROLONGING, QT_POSSIBLE, CYP3A4_MODIFIERS)


@dataclass(frozen=True, slots=True)
class _Effect:
    """What one drug does. ``critical``: it makes the card so, unless its order may be outdated."""

    said: Text
    critical: bool = False
    monitors: tuple[Monitor, ...] = ()
    rhythm: Rhythm | None = None


_EFFECTS = {
    **dict.fromkeys(QT_PROLONGING, _Effect(words.DRUG_QT, critical=True, monitors=(Monitor.ECG,), rhythm=Rhythm.ADDS)),
    NEUROMUSCULAR_BLOCKER: _Effect(words.DRUG_NEUROMUSCULAR_BLOCKER, critical=True),
    DIGOXIN: _Effect(words.DRUG_DIGOXIN, monitors=(Monitor.ECG, Monitor.POTASSIUM)),
    QT_POSSIBLE: _Effect(words.DRUG_QT_POSSIBLE, monitors=(Monitor.ECG,)),
    **{concept: _Effect(said) for concept, said in words.DRUG.items()},
}
_DIRECTION = {  # the quinine label's section 7, by the direction of the effect; the rest raise quinine levels
    ingredient("rifampicin"): words.DRUG_DIRECTION_RIFAMPICIN,
    ingredient("ritonavir"): words.DRUG_DIRECTION_RITONAVIR,
    ingredient("ketoconazole"): words.DRUG_DIRECTION_AZOLE,
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


def interacting(
    facts: Facts, medications: Iterable[Medication], *, low_potassium: bool
) -> tuple[tuple[Hazard, ...], tuple[Hazard, ...]]:
    """The interacting drugs that make the card critical, and those that are only a warning line.

    ``low_potassium``: it is below 3.5 mmol/L, which makes digoxin critical.
    """
    critical: dict[str, Hazard] = {}
    warnings: dict[str, Hazard] = {}
    for medication in medications:
        outdated = may_be_outdated(medication, facts.today)
        for held, concept in _sought(medication):
            effect = _effect(held, concept)
            hazard = _hazard(facts, medication, held, effect, low_potassium=low_potassium)
            endangers = effect.critical or (concept == DIGOXIN and low_potassium)
            (critical if endangers and not outdated else warnings).setdefault(held.name, hazard)
    return tuple(critical.values()), tuple(one for name, one in warnings.items() if name not in critical)


def _sought(medication: Medication) -> Iterator[tuple[Ingredient, DrugConcept]]:
    """Each drug it holds that interacts, with the gravest concept it belongs to."""
    gravest: dict[str, tuple[Ingredient, DrugConcept]] = {}
    for concept in CONCEPTS:
        if concept in _NOT_LOCAL and medication.route is Route.LOCAL:
            continue
        for held in medication.ingredients:
            if held.is_a(concept):
                gravest.setdefault(held.name, (held, concept))
    yield from gravest.values()


def _effect(held: Ingredient, concept: DrugConcept) -> _Effect:
    if concept == CYP3A4_MODIFIERS:
        return _Effect(_DIRECTION.get(held.name, words.DRUG_DIRECTION_RAISES))
    return _EFFECTS[concept]


def _hazard(facts: Facts, medication: Medication, held: Ingredient, effect: _Effect, *, low_potassium: bool) -> Hazard:
    name = drug_name(held)
    with_low = effect is _EFFECTS[DIGOXIN] and low_potassium
    line = say(
        words.DRUG_DIGOXIN_LOW_POTASSIUM if with_low else effect.said, drug=medicine(medication, held, facts.today)
    )
    return Hazard(
        name=say(words.WITH_LOW_POTASSIUM, drug=name) if with_low else name,
        because=Because(line, medication.source),
        monitors=effect.monitors,
        rhythm=Rhythm.ADDS if with_low else effect.rhythm,
        brief=name,
    )
