"""Malaria or babesiosis as the reason for quinine: the one use the recommendation does not speak against.

An indication is the order's own reason, or a problem recent enough to be treated now. Older records
are named on the card, so that the clinician can correct us, but do not silence it.
"""

from dataclasses import dataclass

from cds_service.decision.phrases import say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import problem_name
from cds_service.guidelines.leg_cramps.quinine import words
from cds_service.guidelines.leg_cramps.quinine.concepts import INDICATIONS
from cds_service.patient.facts import Facts, Medication, Problem
from cds_service.patient.problems import active, dated, is_active, lasting

ACTIVE_FOR_DAYS = 180  # explicitly active: undated, or dated no longer ago than this
COURSE_AUTHORED_DAYS = 30  # quinine on a problem-list malaria for longer than this is worth a line


@dataclass(frozen=True, slots=True)
class Indication:
    """Why quinine is right here. ``own``: it is the order's own reason, not only the problem list's."""

    because: Because
    own: bool


def indication(facts: Facts, quinine: Medication) -> Indication | None:
    """The malaria or babesiosis this order may be for, or None."""
    for reason in quinine.reasons:
        if reason.is_a(*INDICATIONS):
            return Indication(Because(say(words.MALARIA_OWN_REASON), reason.source), own=True)
    current = current_problems(facts)
    return Indication(_recorded(current[0]), own=False) if current else None


def current_problems(facts: Facts) -> tuple[Problem, ...]:
    """Malaria and babesiosis problems recent enough to be an indication today."""
    return tuple(problem for problem in lasting(facts, *INDICATIONS) if _is_current(problem, facts))


def recorded_only(facts: Facts) -> tuple[Because, ...]:
    """Malaria on record that is too old, or too vague, to be an indication."""
    current = current_problems(facts)
    return tuple(_recorded(problem) for problem in lasting(facts, *INDICATIONS) if problem not in current)


def long_course(facts: Facts, quinine: Medication, found: Indication) -> bool:
    """Quinine authored over 30 days ago for a malaria that only the problem list knows of."""
    if found.own or quinine.authored is None:
        return False
    return quinine.authored.days_before(facts.today) > COURSE_AUTHORED_DAYS


def _is_current(problem: Problem, facts: Facts) -> bool:
    """Without a clinicalStatus, or from a visit, it must be dated: nothing else tells that it is treated now."""
    if not is_active(problem, facts.today):
        return False
    date_of_it = dated(problem)
    if problem.clinical is not None and not problem.visit:
        return date_of_it is None or date_of_it.days_before(facts.today) <= ACTIVE_FOR_DAYS
    return date_of_it is not None and problem in active(facts, *INDICATIONS)


def _recorded(problem: Problem) -> Because:
    concept = next(c for c in INDICATIONS if problem.is_a(c))
    date_of_it = dated(problem)
    name = problem_name(concept)
    if date_of_it is None:
        return Because(say(words.MALARIA_RECORDED_UNDATED, name=name), problem.source)
    return Because(say(words.MALARIA_RECORDED, name=name, date=date_of_it), problem.source)
