"""Drugs that make quinine more dangerous, or that quinine makes more dangerous, with the direction of the effect.

Source: section 7 of the US quinine label. Eye, ear and skin forms do not count; an order that may be
outdated never makes the card critical.
"""

from collections.abc import Iterable, Iterator

from cds_service.decision.phrases import say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import drug_name, medicine
from cds_service.guidelines.leg_cramps.quinine.hazards import Hazard, Monitor
from cds_service.patient.facts import Facts, Ingredient, Medication, Route
from cds_service.patient.medications import may_be_outdated

CONCEPTS = (
    "qt_interacting",
    "quinidine",
    "neuromuscular_blocker",
    "digoxin",
    "warfarin",
    "insulin",
    "sulfonylurea",
    "cyp3a4_modifiers",
)
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
        for ingredient in medication.ingredients:
            hazard = _interaction(medication, ingredient, low_potassium=low_potassium is not None)
            if hazard is None or ingredient.name in seen:
                continue
            escalates, key, monitors = hazard
            if (escalates and not outdated) is critical:
                seen.add(ingredient.name)
                name, drug = drug_name(ingredient), medicine(medication, ingredient, facts.today)
                line = say(f"avoid_quinine.drug.{key}", drug=drug)
                if key == "digoxin_low_potassium" and low_potassium is not None:
                    name = say("avoid_quinine.with_potassium", drug=name, potassium=low_potassium.name)
                    line = say(f"avoid_quinine.drug.{key}", drug=drug, potassium=low_potassium.because.phrase)
                yield Hazard(name, Because(line, medication.source), monitors=monitors)


def _interaction(
    medication: Medication, ingredient: Ingredient, *, low_potassium: bool
) -> tuple[bool, str, tuple[Monitor, ...]] | None:
    """Whether the drug makes the card critical, the text that says why, and what to monitor; None: no interaction."""
    concept = ingredient.concept
    if concept in ("qt_interacting", "quinidine") and medication.route is not Route.LOCAL:
        return True, "qt", (Monitor.ECG,)
    if concept == "neuromuscular_blocker":
        return True, "neuromuscular_blocker", ()
    if concept == "digoxin":
        monitors = (Monitor.ECG, Monitor.POTASSIUM)
        return (True, "digoxin_low_potassium", monitors) if low_potassium else (False, "digoxin", monitors)
    if concept in ("warfarin", "insulin", "sulfonylurea"):
        return False, concept, ()
    if concept == "cyp3a4_modifiers" and medication.route is not Route.LOCAL:
        return False, f"direction.{_DIRECTION.get(ingredient.name, 'raises')}", ()
    return None


_DIRECTION = {  # the quinine label's section 7, by the direction of the effect; the rest raise quinine levels
    "rifampicin": "rifampicin",
    "rifampin": "rifampicin",
    "ritonavir": "ritonavir",
    "ketoconazole": "azole",
    "fluconazole": "azole",
    "itraconazole": "azole",
    "voriconazole": "azole",
    "phenytoin": "inducer",
    "phenobarbital": "inducer",
    "carbamazepine": "inducer",
    "theophylline": "theophylline",
    "desipramine": "cyp2d6",
    "dextromethorphan": "cyp2d6",
    "metoprolol": "cyp2d6",
}
