"""The numbers the electrolyte rules compare with beside the table of limits, and all of them as the rules' page has them."""

from collections.abc import Iterator
from decimal import Decimal

from cds_service.decision import lab_words
from cds_service.decision.phrases import say
from cds_service.decision.recommendation import INDICATOR, Certainty, Evidence, Indicator, Limit
from cds_service.guidelines.leg_cramps.electrolytes import words
from cds_service.guidelines.leg_cramps.electrolytes.limits import LIMITS, State
from cds_service.guidelines.leg_cramps.kidney import EGFR_DAYS, EGFR_LOW

HARMONISED_INTERVALS = Evidence(
    citation="Harmonised reference intervals (Pathology Harmony, Australasia) 2016",
    year=2016,
    identifier="PMC4975217",
    certainty=Certainty.EXPERT,
    finding=words.EVIDENCE_HARMONISED_INTERVALS,
    serves=("S10",),
    url="https://pmc.ncbi.nlm.nih.gov/articles/PMC4975217/",
)


def _days(name: str, days: int) -> Limit:
    return Limit(words.LIMIT_DAYS[name], Decimal(days), words.UNIT_DAYS)


# How old a result may be, in days
CRITICAL_DAYS = _days("critical", 7)
WARNING_DAYS = _days("warning", 30)
FOUND_DAYS = _days("found", 180)
DEFICIT_DAYS = _days("deficit", 365)
EXERCISE_DAYS = _days("exercise", 7)

EXERCISE_SODIUM = Limit(words.LIMIT_EXERCISE_SODIUM, Decimal(135), "mmol/L")

SULFATE_DAYS = _days("sulfate", 7)
SULFATE_MOST = Limit(words.LIMIT_SULFATE, Decimal("3.5"), "mmol/L")


def _table() -> Iterator[Limit]:
    """Every limit of the table, low before high, the mildest first."""
    for row, limits in LIMITS.items():
        for state, side in ((State.LOW, limits.low), (State.HIGH, limits.high)):
            graded = (
                (Indicator.INFO, side.info),
                (Indicator.WARNING, side.warning),
                (Indicator.CRITICAL, side.critical),
            )
            for indicator, limit in graded:
                if limit is not None:
                    meaning = say(
                        words.LIMIT_TABLE[state],
                        analyte=lab_words.named(row),
                        indicator=say(INDICATOR[indicator]),
                        sign=say(words.LIMIT_SIGN[limit.sign]),
                    )
                    source = HARMONISED_INTERVALS if indicator is Indicator.INFO else None
                    yield Limit(meaning, limit.value, "mmol/L", source)


DECLARED = (
    *_table(),
    CRITICAL_DAYS,
    WARNING_DAYS,
    FOUND_DAYS,
    DEFICIT_DAYS,
    EXERCISE_SODIUM,
    EXERCISE_DAYS,
    SULFATE_DAYS,
    SULFATE_MOST,
    EGFR_LOW,
    EGFR_DAYS,
)
"""All of them."""
