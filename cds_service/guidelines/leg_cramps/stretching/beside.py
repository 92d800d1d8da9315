"""Graver cards of the same chart, which the card about stretching gives way to."""

from collections.abc import Iterator

from cds_service.decision.recommendation import Indicator
from cds_service.guidelines.leg_cramps.als_cramps import rule as als_cramps
from cds_service.guidelines.leg_cramps.electrolytes import against
from cds_service.guidelines.leg_cramps.electrolytes.findings import Finding, findings
from cds_service.guidelines.leg_cramps.electrolytes.rule import RULE as ELECTROLYTES
from cds_service.guidelines.leg_cramps.problems import cramp_problems
from cds_service.guidelines.leg_cramps.quinine.concepts import QUININE
from cds_service.guidelines.leg_cramps.quinine.malaria import may_be_for_malaria
from cds_service.guidelines.leg_cramps.quinine.rule import RULE as AVOID_QUININE
from cds_service.guidelines.leg_cramps.red_flags import rule as red_flags
from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts
from cds_service.patient.medications import active_medications


@asked_once
def electrolytes_elsewhere(facts: Facts) -> tuple[Finding, ...]:
    """What the card about electrolytes shows: what fires it, and a high value of what is taken all the same."""
    if ELECTROLYTES.name in facts.switched_off:
        return ()
    supplied = {one.finding.analyte for one in against.active_against_high(facts)}
    return tuple(one for one in findings(facts) if one.card or one.analyte in supplied)


@asked_once
def graver(facts: Facts) -> bool:
    """True when another card is a warning, or critical."""
    return any(_warnings(facts))


def _warnings(facts: Facts) -> Iterator[bool]:
    yield any(one.is_warned_of for one in electrolytes_elsewhere(facts))
    if AVOID_QUININE.name not in facts.switched_off:
        yield any(not may_be_for_malaria(facts, one) for one in active_medications(facts, *QUININE))
    if als_cramps.RULE.name not in facts.switched_off:
        yield als_cramps.warned(facts)
    if red_flags.RULE.name not in facts.switched_off and cramp_problems(facts):
        yield any(flag.indicator >= Indicator.WARNING for flag in red_flags.red_flags(facts))
