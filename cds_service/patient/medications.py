"""Which medicines are being taken, as far as the record tells: pure questions to the facts."""

from datetime import date

from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.terminology.drug_names import ANTI_INFECTIVES
from cds_service.patient.terminology.vocabulary import DrugConcept

OUTDATED_YEARS = 1
OUTDATED_ANTI_INFECTIVE_DAYS = 30

_ENDED = frozenset({"stopped", "cancelled", "completed", "entered-in-error"})
_TAKEN = frozenset({"active", "on-hold", "unknown", None})  # None: a status is required, so it is unknown


@asked_once
def active_medications(facts: Facts, *concepts: DrugConcept) -> tuple[Medication, ...]:
    """The active medicines that hold a drug of any of the concepts (of all of them, when none is given).

    Draft orders are not among them.
    """
    found = facts.medications_of(concepts) if concepts else facts.medications
    return tuple([one for one in found if is_active(one, facts.today)])


def may_be_placed(draft: Medication) -> bool:
    """A draft order that is still one: not stopped, cancelled, completed or in error, and no "do not take"."""
    return draft.status not in _ENDED and not draft.do_not_perform


def is_active(medication: Medication, today: date) -> bool:
    """Taken today: status active, on-hold or unknown; no draft, option or "do not take"; not ended before today.

    Any other intent counts: home medicines come as proposal or plan.
    """
    return (
        medication.status in _TAKEN
        and medication.intent != "option"
        and not medication.do_not_perform
        and not medication.draft
        and not (medication.ended is not None and medication.ended.last_day < today)
    )


def may_be_outdated(medication: Medication, today: date) -> bool:
    """Authored more than 12 months ago, or more than 30 days if it only holds anti-infectives; undated: False."""
    authored = medication.authored
    if authored is None:
        return False
    names = {ingredient.name for ingredient in medication.ingredients}
    if names and names <= ANTI_INFECTIVES:
        return authored.days_at_least(today) > OUTDATED_ANTI_INFECTIVE_DAYS
    return min(authored.last_day, today) < _a_year_before(today)


def _a_year_before(today: date) -> date:
    if (today.month, today.day) == (2, 29):
        return today.replace(year=today.year - OUTDATED_YEARS, day=28)
    return today.replace(year=today.year - OUTDATED_YEARS)
