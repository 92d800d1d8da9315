"""The problems this guideline speaks of: cramps, ALS and pregnancy, as far as they count today."""

from collections.abc import Iterable

from cds_service.guidelines.leg_cramps.concepts import (
    ALS,
    AMYOTROPHIC_LATERAL_SCLEROSIS,
    CRAMP_ANY,
    CRAMPS,
    PREGNANCY,
)
from cds_service.patient.facts import Facts, Problem, Site, asked_once
from cds_service.patient.problems import active

_SITED_CRAMPS = tuple(cramp for cramp in CRAMPS if cramp is not CRAMP_ANY)


@asked_once
def cramp_problems(facts: Facts) -> tuple[Problem, ...]:
    """Active leg cramps, and cramps with no site or a leg as their site (``Problem.site`` tells which)."""
    return tuple(problem for problem in active(facts, *CRAMPS) if not _is_elsewhere(problem))


def als_problems(facts: Facts) -> tuple[Problem, ...]:
    """Active ALS or motor neuron disease."""
    return active(facts, *ALS)


def als_family(als: Iterable[Problem]) -> str:
    """Part of text keys: "als", or "mnd" where the record only says motor neuron disease (as WHO's G12.2 does)."""
    return "als" if any(problem.is_a(AMYOTROPHIC_LATERAL_SCLEROSIS) for problem in als) else "mnd"


def pregnant(facts: Facts) -> tuple[Problem, ...]:
    """Pregnancies up to 300 days from their date whatever their clinicalStatus, and undated active ones.

    One whose abatement is past has ended.
    """
    return active(facts, PREGNANCY)


def _is_elsewhere(problem: Problem) -> bool:
    return problem.site is Site.ELSEWHERE and not problem.is_a(*_SITED_CRAMPS)
