"""A cramp of exercise or heat with too little sodium: what every card says about drinking hangs on this one question."""

from cds_service.guidelines.leg_cramps.concepts import CRAMP_EXERCISE_HEAT, SODIUM
from cds_service.guidelines.leg_cramps.electrolytes.criteria import EXERCISE_DAYS, EXERCISE_SODIUM
from cds_service.guidelines.leg_cramps.problems import cramp_problems
from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, LabResult
from cds_service.patient.labs.results import certainly_below, newest


@asked_once
def low_sodium_in_exercise(facts: Facts) -> LabResult | None:
    """The sodium for which nobody with a cramp of exercise or heat should drink freely; None where there is none.

    The newest, as received: certainly below 135 mmol/L, whatever the laboratory's own range or flag, and certainly of
    the last 7 days.
    """
    if not any(problem.is_a(CRAMP_EXERCISE_HEAT) for problem in cramp_problems(facts)):
        return None
    sodium = newest(facts, SODIUM)
    if sodium is None or sodium.moment is None or not certainly_below(sodium, EXERCISE_SODIUM.value):
        return None
    return sodium if sodium.moment.days_at_most(facts.today) <= EXERCISE_DAYS.value else None
