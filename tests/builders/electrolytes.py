"""A patient with nocturnal cramps and the results given, and what the rule about electrolytes makes of them."""

from collections.abc import Iterable
from typing import Any

from cds_service.decision.recommendation import Advise, Decision
from cds_service.guidelines.leg_cramps.electrolytes.rule import RULE
from cds_service.patient.facts import Facts, LabResult, Medication, Problem
from cds_service.patient.person import Sex
from tests.builders.facts import born, medicine, patient, problem
from tests.builders.said import advised, sayable

CRAMPS = problem("cramp_leg_nocturnal")
ALS = problem("als")
ELDERLY = born(1950, sex=Sex.FEMALE)


def supplement(concept: str, name: str, *reasons: str, **more: Any) -> Medication:
    """An undated order for these reasons."""
    return medicine(name, concept, **{"ago": None, "text": None, "reasons": reasons} | more)


MAGNESIUM_OXIDE = supplement("magnesium_supplement", "magnesium oxide")
FUROSEMIDE = supplement("cramp_causing_diuretic", "furosemide")


def chart(*results: LabResult, problems: Iterable[Problem] = (CRAMPS,), **more: Any) -> Facts:
    """The patient."""
    return patient(*results, **{"person": ELDERLY, "problems": tuple(problems)} | more)


def decide(*results: LabResult, **more: Any) -> Decision:
    """The decision, all of which has words."""
    return sayable(RULE.decide(chart(*results, **more)))


def advise(*results: LabResult, **more: Any) -> Advise:
    """The advice, all of which has words."""
    return advised(decide(*results, **more))
