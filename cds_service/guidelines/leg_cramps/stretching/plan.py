"""What of this patient changes the stretching plan."""

from collections.abc import Collection
from dataclasses import dataclass

from cds_service.decision.recommendation import PatientLeaflet
from cds_service.guidelines.leg_cramps.concepts import (
    CHRONIC_PAD,
    CIRRHOSIS,
    CRAMP_EXERCISE_HEAT,
    CRITICAL_LIMB_ISCHAEMIA,
    DIALYSIS,
    DVT,
    LIMB_SWELLING,
    MUSCLE_OR_LIMB_AT_RISK,
    PREGNANCY,
)
from cds_service.guidelines.leg_cramps.electrolytes.criteria import EXERCISE_DAYS, EXERCISE_SODIUM
from cds_service.guidelines.leg_cramps.electrolytes.exercise import low_sodium_in_exercise
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_problems, only_exercise_cramps
from cds_service.guidelines.leg_cramps.red_flags.rule import one_sided_swelling
from cds_service.guidelines.leg_cramps.words import (
    LEAFLET_ALS,
    LEAFLET_DURING_A_CRAMP,
    LEAFLET_LEG_CRAMPS,
    LEAFLET_PREGNANCY,
    LEAFLET_WHEN_TO_CALL_A_DOCTOR,
)
from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, LabResult, Problem
from cds_service.patient.problems import active, on_record
from cds_service.patient.terminology.vocabulary import ProblemConcept, problem

INSENSATE = (problem("diabetic_neuropathy"), problem("peripheral_neuropathy"))
ISCHAEMIC = (CRITICAL_LIMB_ISCHAEMIA, CHRONIC_PAD)
HYPOTHYROIDISM = problem("hypothyroidism")
CONDITIONS = (PREGNANCY, DIALYSIS, CIRRHOSIS)
"""Each with advice of its own. Where a card has room for one alone the first here stays: the warnings of a pregnancy
(thrombosis, quinine) before the unit that may find why cramps come on dialysis, and this before what only eases them
in cirrhosis."""

LIMITS = (EXERCISE_SODIUM, EXERCISE_DAYS)


@dataclass(frozen=True, slots=True)
class Case:
    """The patient as far as the plan is concerned.

    ``exercise``: a cramp in exercise or heat is recorded; ``only_exercise``: no other cramp, and no ALS;
    ``low_sodium``: beside it, whose treatment is no free drinking.
    ``thrombosis``: findings under which massage, heat and exercises wait; ``at_risk``: under which stretching
    waits too, by concept. ``impaired``: why heat and splint do harm (sensation or perfusion), by concept.
    ``conditions``: those of ``CONDITIONS``; ``hypothyroid``: it may contribute.
    """

    cramps: tuple[Problem, ...]
    als: tuple[Problem, ...]
    exercise: bool
    only_exercise: bool
    low_sodium: LabResult | None
    thrombosis: tuple[ProblemConcept, ...]
    at_risk: tuple[ProblemConcept, ...]
    impaired: tuple[ProblemConcept, ...]
    conditions: tuple[ProblemConcept, ...]
    hypothyroid: bool

    @property
    def hands_off(self) -> bool:
        """True when massage, heat and strengthening wait."""
        return bool(self.thrombosis or self.at_risk)

    @property
    def burden(self) -> int:
        """How much comes together that has words of its own."""
        own = (self.als, self.exercise, self.low_sodium, self.thrombosis, self.impaired, self.hypothyroid)
        return sum(map(bool, own)) + len(self.conditions)


@asked_once
def case_of(facts: Facts) -> Case:
    """What of the patient the plan has to heed."""
    cramps = cramp_problems(facts)
    als = als_problems(facts)
    return Case(
        cramps=cramps,
        als=als,
        exercise=any(problem.is_a(CRAMP_EXERCISE_HEAT) for problem in cramps),
        only_exercise=only_exercise_cramps(facts),
        low_sodium=low_sodium_in_exercise(facts),
        thrombosis=_thrombosis(facts),
        at_risk=_present(facts, MUSCLE_OR_LIMB_AT_RISK),
        impaired=(*_present(facts, INSENSATE)[:1], *_present(facts, ISCHAEMIC)[:1]),
        conditions=_present(facts, CONDITIONS),
        hypothyroid=bool(active(facts, HYPOTHYROIDISM)),
    )


def leaflet_for(case: Case) -> PatientLeaflet:
    """The leaflet that suits the patient, and teaches nothing that would do harm."""
    if case.hands_off:
        return LEAFLET_WHEN_TO_CALL_A_DOCTOR
    if case.als:
        return LEAFLET_ALS
    if PREGNANCY in case.conditions:
        return LEAFLET_PREGNANCY
    return LEAFLET_DURING_A_CRAMP if case.only_exercise else LEAFLET_LEG_CRAMPS


def recorded(facts: Facts, concept: ProblemConcept) -> tuple[Problem, ...]:
    """The problems that count as the concept; of a swelling only that of one leg."""
    return one_sided_swelling(facts) if concept == LIMB_SWELLING else active(facts, concept)


def _present(facts: Facts, concepts: Collection[ProblemConcept]) -> tuple[ProblemConcept, ...]:
    return tuple(concept for concept in on_record(facts, concepts) if active(facts, concept))


def _thrombosis(facts: Facts) -> tuple[ProblemConcept, ...]:
    return next(((concept,) for concept in (DVT, LIMB_SWELLING) if recorded(facts, concept)), ())
