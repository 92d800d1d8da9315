"""The narrow place the UK's MHRA leaves for quinine: a trial, where cramps regularly disturb sleep and stretching failed."""

from cds_service.decision.unknown import MEDICINES, age_unknown, not_known
from cds_service.guidelines.leg_cramps.problems import only_exercise_cramps, stretching_waits
from cds_service.guidelines.leg_cramps.quinine.records import could_not_read
from cds_service.guidelines.leg_cramps.quinine.safety import Safety
from cds_service.guidelines.leg_cramps.quinine.values import any_unusable
from cds_service.patient.facts import Facts


def may_be_described(facts: Facts, safety: Safety) -> bool:
    """To an adult whose cramps come at rest too, with no muscle or limb at risk, and where nothing known or unseen speaks against quinine.

    Unseen: a list that may say so and did not come in full, an entry that could not be read, a result that is there and
    could not be used. Where there is no result, the card names it as not known, and that is all.
    """
    if facts.under_18 or safety.no_trial or only_exercise_cramps(facts) or stretching_waits(facts):
        return False
    not_received = not_known(facts, "conditions", "allergies", *MEDICINES)
    return not (not_received or any(could_not_read(facts)) or any_unusable(facts) or age_unknown(facts))
