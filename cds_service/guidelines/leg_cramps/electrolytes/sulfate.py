"""A high magnesium that is meant: of one who is given magnesium sulfate by vein or muscle."""

from dataclasses import replace

from cds_service.decision.recommendation import Indicator
from cds_service.guidelines.leg_cramps.electrolytes.criteria import SULFATE_DAYS, SULFATE_MOST
from cds_service.guidelines.leg_cramps.electrolytes.limits import Grade, Limit, State
from cds_service.patient.facts import Facts, LabResult, Medication, Route
from cds_service.patient.medications import active_medications
from cds_service.patient.terminology.vocabulary import drug, ingredient

_SALT = ingredient("magnesium sulfate")
_MOST = Limit(">", SULFATE_MOST.value)


def above_the_range_of_treatment(result: LabResult) -> bool:
    """True when the magnesium is certainly above 3.5 mmol/L: reflexes and breathing want to be looked at."""
    return result.value is not None and _MOST.met(result.value, result.comparator)


def as_treated(facts: Facts, result: LabResult, grade: Grade) -> Grade:
    """The grade of a magnesium, no more than info where magnesium sulfate explains it."""
    meant = result.value is not None and _MOST.missed(result.value, result.comparator)
    if grade.state is not State.HIGH or not _treated(facts):
        return grade
    return replace(
        grade,
        indicator=Indicator.INFO if meant else grade.indicator,
        notes=(*(note for note in grade.notes if note != "flag-critical"), "on-sulfate"),
    )


def _treated(facts: Facts) -> bool:
    return any(_is_recent_infusion(one, facts) for one in active_medications(facts, drug("magnesium_supplement")))


def _is_recent_infusion(medication: Medication, facts: Facts) -> bool:
    return (
        medication.route is Route.PARENTERAL
        and any(one.name == _SALT for one in medication.ingredients)
        and medication.authored is not None
        and medication.authored.days_at_least(facts.today) <= SULFATE_DAYS.value
    )
