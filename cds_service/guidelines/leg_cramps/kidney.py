"""How the kidneys do: the newest eGFR as long as it counts, and below what it is low."""

from decimal import Decimal

from cds_service.decision.lab_words import FILTRATION
from cds_service.decision.recommendation import Limit
from cds_service.guidelines.leg_cramps import words
from cds_service.guidelines.leg_cramps.concepts import EGFR
from cds_service.patient.facts import Facts, LabResult
from cds_service.patient.labs.results import certainly_below, newest

EGFR_LOW = Limit(words.LIMIT_EGFR, Decimal(30), FILTRATION)
EGFR_DAYS = Limit(words.LIMIT_EGFR_AGE, Decimal(365), words.UNIT_DAYS)


def recent_egfr(facts: Facts) -> LabResult | None:
    """The newest eGFR, when it is certainly of the last 12 months."""
    result = newest(facts, EGFR)
    if result is None or result.moment is None:
        return None
    return result if result.moment.days_at_most(facts.today) <= EGFR_DAYS.value else None


def is_low(egfr: LabResult | None) -> bool:
    """True when it is certainly below 30."""
    return egfr is not None and certainly_below(egfr, EGFR_LOW.value)
