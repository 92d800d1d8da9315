"""A supplement given or ordered while the level of what it supplies is high: before any exclusion.

Dialysis, diuretics, cirrhosis and pregnancy excuse a supplement without a deficit, not one against a high value.
By mouth; a potassium also where no route is stated, because by any other it would do more harm.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cds_service.decision.recommendation import Indicator
from cds_service.guidelines.leg_cramps.electrolytes.criteria import WARNING_DAYS
from cds_service.guidelines.leg_cramps.electrolytes.findings import Electrolyte, Finding, findings
from cds_service.guidelines.leg_cramps.electrolytes.supplements import ALL, CONCEPTS, HYDROXIDE, Supplement, high_level
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_problems, is_for_cramps
from cds_service.patient.facts import Facts, Medication, Route
from cds_service.patient.medications import active_medications, may_be_placed


@dataclass(frozen=True, slots=True)
class Against:
    """Medicines that supply what is high already. ``finding``: the high value, at least a warning for 30 days."""

    supplement: Supplement
    medications: tuple[Medication, ...]
    finding: Finding

    @property
    def is_old(self) -> bool:
        """True when the value is so old that it wants to be repeated first."""
        return self.finding.days > WARNING_DAYS.value


def active_against_high(facts: Facts) -> tuple[Against, ...]:
    """The active supplements against a high value, the worst first."""
    return _against(facts, active_medications(facts, *CONCEPTS))


def drafts_against_high(facts: Facts) -> tuple[Against, ...]:
    """The same for the drafts under judgement: of one with cramps or ALS whatever the reason, else for cramps only."""
    return _against(facts, [one for one in selected(facts) if concerns_cramps(facts, one)])


def selected(facts: Facts) -> tuple[Medication, ...]:
    """The drafts under judgement that hold a supplement by mouth."""
    drafts = (draft for draft in facts.drafts if draft.selected and may_be_placed(draft))
    return tuple(draft for draft in drafts if any(_is_given(draft, supplement) for supplement in ALL))


def concerns_cramps(facts: Facts, draft: Medication) -> bool:
    """True when cramps or ALS are on record, or the draft's own reason is a cramp."""
    return bool(cramp_problems(facts) or als_problems(facts) or is_for_cramps(draft))


def _against(facts: Facts, medications: Iterable[Medication]) -> tuple[Against, ...]:
    medications = tuple(medications)
    found = []
    for supplement in ALL:
        given = tuple(one for one in medications if _is_given(one, supplement))
        level = high_level(facts, supplement)
        if given and level is not None:
            finding = next(one for one in findings(facts) if one.analyte is level.analyte)
            found.append(Against(supplement, given, _raised(finding)))
    return tuple(sorted(found, key=lambda one: -one.finding.indicator))


def _raised(finding: Finding) -> Finding:
    """A high value that is supplied further: a warning at least, once it is too old to be one an info."""
    least = Indicator.WARNING if finding.days <= WARNING_DAYS.value else Indicator.INFO
    return replace(finding, indicator=max(finding.indicator, least))


def _is_given(medication: Medication, supplement: Supplement) -> bool:
    names = frozenset(one.name for one in medication.ingredients if one.is_a(supplement.drugs))
    if not names or medication.route is Route.ORAL:
        return bool(names)
    by_mouth = supplement.electrolyte is Electrolyte.POTASSIUM or names <= supplement.only_oral | {HYDROXIDE}
    return medication.route is Route.UNKNOWN and by_mouth
