"""The problems this guideline speaks of: cramps, ALS and pregnancy, as far as they count today."""

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from cds_service.decision.phrases import Text, say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import problem_facts, problem_name
from cds_service.guidelines.leg_cramps.body_sites import Site, site
from cds_service.guidelines.leg_cramps.concepts import (
    ALS,
    AMYOTROPHIC_LATERAL_SCLEROSIS,
    CRAMP_ANY,
    CRAMP_EXERCISE_HEAT,
    CRAMPS,
    MUSCLE_OR_LIMB_AT_RISK,
    NOCTURNAL_MUSCLE_SPASM,
    PREGNANCY,
    UPPER_MOTOR_NEURON_DISEASE,
)
from cds_service.guidelines.leg_cramps.words import SITE_NOT_RECORDED
from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, Medication, Problem, Reason
from cds_service.patient.problems import active, lasting

Family = Literal["als", "mnd"]
FAMILIES: Final[tuple[Family, ...]] = ("als", "mnd")
_SITED_CRAMPS = tuple(cramp for cramp in CRAMPS if cramp is not CRAMP_ANY)
_ANY_CRAMP = (*CRAMPS, NOCTURNAL_MUSCLE_SPASM)


@asked_once
def cramp_problems(facts: Facts) -> tuple[Problem, ...]:
    """Active leg cramps, and cramps with no site or a leg as their site (``body_sites`` tells which)."""
    return tuple(problem for problem in active(facts, *_ANY_CRAMP) if _is_of_the_leg(problem))


def only_exercise_cramps(facts: Facts) -> bool:
    """True when every cramp is one of exercise or heat, and there is no ALS: fluids with sodium are then the treatment."""
    cramps = cramp_problems(facts)
    in_exercise = all(problem.is_a(CRAMP_EXERCISE_HEAT) for problem in cramps)
    return bool(cramps) and in_exercise and not als_problems(facts)


def stretching_waits(facts: Facts) -> bool:
    """True while muscle or limb is at risk: until that is assessed no card advises to stretch."""
    return bool(active(facts, *MUSCLE_OR_LIMB_AT_RISK))


def reason_is_cramp(reason: Reason) -> bool:
    """True when an order's reason is a cramp that would count as a problem: one of the leg, or of no recorded site."""
    return reason.is_a(*_ANY_CRAMP) and _is_of_the_leg(reason)


def is_for_cramps(medication: Medication) -> bool:
    """True when one of its own reasons is a cramp."""
    return any(map(reason_is_cramp, medication.reasons))


def cramp_facts(problems: Iterable[Problem]) -> tuple[Because, ...]:
    """Cramps as facts, those that say the same as one."""
    return problem_facts(problems, *CRAMPS, doubts=_doubts)


def cramp_reasons(said: Text, medications: Iterable[Medication]) -> Iterator[Because]:
    """The cramps that the medicines' own reasons name, as facts: ``said`` is a text with a field ``reason``."""
    for reason in (reason for medication in medications for reason in medication.reasons):
        if reason_is_cramp(reason):
            concept = next(cramp for cramp in _ANY_CRAMP if reason.is_a(cramp))
            yield Because(say(said, reason=problem_name(concept)), reason.source)


def _doubts(problem: Problem) -> Iterator[Text]:
    """A cramp may be of the leg or of the hand where its site is not recorded."""
    if not problem.is_a(*_SITED_CRAMPS) and site(problem) is Site.NOT_RECORDED:
        yield SITE_NOT_RECORDED


@asked_once
def als_problems(facts: Facts) -> tuple[Problem, ...]:
    """Active ALS or motor neuron disease; the upper motor neuron's only where the list names the family too."""
    return active(facts, *ALS, *((UPPER_MOTOR_NEURON_DISEASE,) if lasting(facts, *ALS) else ()))


def als_family(als: Iterable[Problem]) -> Family:
    """What the texts call it: "als", or "mnd" where the record only says motor neuron disease (as WHO's G12.2 does)."""
    return "als" if any(problem.is_a(AMYOTROPHIC_LATERAL_SCLEROSIS) for problem in als) else "mnd"


def pregnant(facts: Facts) -> tuple[Problem, ...]:
    """Pregnancies up to 300 days from their date whatever their clinicalStatus, and undated active ones.

    One whose abatement is past has ended.
    """
    return active(facts, PREGNANCY)


def _is_of_the_leg(cramp: Problem | Reason) -> bool:
    """A cramp of no one place counts unless another site is recorded; a spasm at night only where the leg is."""
    if cramp.is_a(*_SITED_CRAMPS):
        return True
    return site(cramp) is not Site.ELSEWHERE if cramp.is_a(CRAMP_ANY) else site(cramp) is Site.LEG
