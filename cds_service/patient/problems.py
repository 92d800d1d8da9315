"""Which problems count, and for how long: pure questions to the facts.

A concept here is the name of a value set under ``valuesets/problems`` ("cramp_leg"); any other name is a
mistake in a rule and raises ValueError.
"""

from datetime import date

from cds_service.patient.facts import Facts, Problem, Site, asked_once
from cds_service.patient.moments import Moment
from cds_service.patient.terminology.concepts import PROBLEM_CONCEPTS

CRAMPS = ("cramp_leg", "cramp_leg_nocturnal", "cramp_exercise_heat", "cramp_any")
ALS = ("als", "motor_neuron_disease")  # without spinal muscular atrophy and Kennedy disease

STATUSLESS_CRAMP_DAYS = 180  # with no clinicalStatus a dated cramp counts for so long
STATUSLESS_DVT_DAYS = 90
PREGNANCY_DAYS = 300  # from its date, whatever its status

_NOT_TRUE = frozenset({"refuted", "entered-in-error"})
_UNSURE = frozenset({"unconfirmed", "provisional", "differential"})
_ACTIVE = frozenset({"active", "recurrence", "relapse"})
_STATUSLESS_DAYS = dict.fromkeys(CRAMPS, STATUSLESS_CRAMP_DAYS) | {"dvt": STATUSLESS_DVT_DAYS}


def active(facts: Facts, *concepts: str) -> tuple[Problem, ...]:
    """The problems of any of the concepts that count today, in the order of the chart.

    Cramps and DVT without a clinicalStatus count for 180 and 90 days from onset (else the recorded date), undated
    ones count; pregnancy counts as ``pregnant`` says.
    """
    return tuple(problem for problem in _of(facts, concepts) if _counts(problem, concepts, facts.today))


def lasting(facts: Facts, *concepts: str) -> tuple[Problem, ...]:
    """The problems of any of the concepts that were ever true, resolved ones too: hazards that do not pass."""
    return tuple(problem for problem in _of(facts, concepts) if _is_true(problem))


@asked_once
def cramp_problems(facts: Facts) -> tuple[Problem, ...]:
    """Active leg cramps, and cramps with no site or a leg as their site (``Problem.site`` tells which)."""
    return tuple(problem for problem in active(facts, *CRAMPS) if not _is_elsewhere(problem))


def als_problems(facts: Facts) -> tuple[Problem, ...]:
    """Active ALS or motor neuron disease."""
    return active(facts, *ALS)


def pregnant(facts: Facts) -> tuple[Problem, ...]:
    """Pregnancies up to 300 days from their date whatever their clinicalStatus, and undated active ones.

    One whose abatement is past has ended.
    """
    return active(facts, "pregnancy")


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
    """The date a problem is judged by: its onset, else when it was recorded."""
    return problem.onset or problem.recorded


def _of(facts: Facts, concepts: tuple[str, ...]) -> tuple[Problem, ...]:
    if not PROBLEM_CONCEPTS.issuperset(concepts):
        message = f"no value set for {sorted(set(concepts) - PROBLEM_CONCEPTS)}"
        raise ValueError(message)
    return facts.problems_of(concepts)


def _counts(problem: Problem, concepts: tuple[str, ...], today: date) -> bool:
    return any(_counts_as(problem, concept, today) for concept in concepts if concept in problem.concepts)


def _counts_as(problem: Problem, concept: str, today: date) -> bool:
    date_of_it = dated(problem)
    if concept == "pregnancy" and date_of_it is not None:
        return _is_true(problem) and not has_ended(problem, today) and date_of_it.days_before(today) <= PREGNANCY_DAYS
    if not is_active(problem, today):
        return False
    limit = _STATUSLESS_DAYS.get(concept)
    if limit is None or date_of_it is None or status_recorded(problem):
        return True
    return date_of_it.days_before(today) <= limit


def _is_true(problem: Problem) -> bool:
    return problem.verification not in _NOT_TRUE


def _is_elsewhere(problem: Problem) -> bool:
    only_any_site = not any(concept in problem.concepts for concept in CRAMPS if concept != "cramp_any")
    return only_any_site and problem.site is Site.ELSEWHERE
