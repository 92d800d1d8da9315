"""Which problems count, and for how long: pure questions to the facts.

A rule asks by the constants of ``terminology.vocabulary``.
"""

from collections.abc import Collection, Iterator
from datetime import date

from cds_service.patient.facts import Facts, Problem
from cds_service.patient.moments import Moment
from cds_service.patient.terminology.vocabulary import ProblemConcept

NOT_TRUE = frozenset({"refuted", "entered-in-error"})
"""The verification statuses of what the patient has not: no problem, and no allergy."""

_UNSURE = frozenset({"unconfirmed", "provisional", "differential"})
_ACTIVE = frozenset({"active", "recurrence", "relapse"})


def active(facts: Facts, *concepts: ProblemConcept) -> tuple[Problem, ...]:
    """The problems of any of the concepts that count today, in the order of the chart.

    A concept may say for how many days from its date (``dated``) one counts; undated ones have no limit.
    """
    return tuple(problem for problem in facts.problems_of(concepts) if _counts(problem, concepts, facts.today))


def on_record(facts: Facts, concepts: Collection[ProblemConcept]) -> tuple[ProblemConcept, ...]:
    """Those of the concepts that any problem of the chart belongs to, whether it counts or not, in their order."""
    found = facts.problems_of(concepts)
    return tuple(concept for concept in concepts if any(problem.is_a(concept) for problem in found)) if found else ()


def lasting(facts: Facts, *concepts: ProblemConcept) -> tuple[Problem, ...]:
    """The problems of any of the concepts that were ever true, resolved ones too: hazards that do not pass."""
    return tuple(problem for problem in facts.problems_of(concepts) if _is_true(problem))


def is_active(problem: Problem, today: date) -> bool:
    """Active by its own statuses: not refuted, clinicalStatus active or absent, and not known to have ended.

    The limits that hold for one concept alone are for ``active`` to know.
    """
    return (
        _is_true(problem)
        and (problem.clinical is None or problem.clinical in _ACTIVE)
        and not has_ended(problem, today)
    )


def has_ended(problem: Problem, today: date) -> bool:
    """The record says it ended, or its abatement lies wholly before today.

    A partial date that today still falls in ("2026") does not show that it has ended.
    """
    return problem.ended or (problem.abated is not None and problem.abated.last_day < today)


def suspected(problem: Problem) -> bool:
    """Not yet confirmed: worded "suspected"."""
    return problem.verification in _UNSURE


def status_recorded(problem: Problem) -> bool:
    """False when the record has no clinicalStatus: the card then says so."""
    return problem.clinical is not None


def dated(problem: Problem) -> Moment | None:
    """The date a problem is judged by: its onset, else when it was recorded.

    Of a visit's diagnosis when it was recorded goes first; of one without a clinicalStatus the later of the two.
    """
    onset, recorded = problem.onset, problem.recorded
    if onset is None or recorded is None:
        return onset or recorded
    if problem.visit:
        return recorded
    return onset if status_recorded(problem) else max(onset, recorded, key=lambda one: one.end)


def _counts(problem: Problem, concepts: tuple[ProblemConcept, ...], today: date) -> bool:
    return any(_counts_as(problem, concept, today) for concept in concepts if concept in problem.concepts)


def _counts_as(problem: Problem, concept: ProblemConcept, today: date) -> bool:
    date_of_it = dated(problem)
    limit = concept.days_in_any_status
    if limit is not None and date_of_it is not None:
        return _is_true(problem) and not has_ended(problem, today) and date_of_it.days_at_least(today) <= limit
    if not is_active(problem, today):
        return False
    limits = [limit for limit in _limits(problem, concept) if limit is not None]
    return not limits or date_of_it is None or date_of_it.days_at_least(today) <= min(limits)


def _limits(problem: Problem, concept: ProblemConcept) -> Iterator[int | None]:
    if problem.visit:
        yield concept.days_of_visit
    if not status_recorded(problem):
        yield concept.days_without_status


def _is_true(problem: Problem) -> bool:
    return problem.verification not in NOT_TRUE
