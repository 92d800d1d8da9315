"""Every number the recommendations on quinine compare with, as their page prints it."""

from decimal import Decimal

from cds_service.decision.lab_words import FILTRATION
from cds_service.decision.phrases import Text, text
from cds_service.decision.recommendation import Evidence, Limit
from cds_service.guidelines.leg_cramps import citations
from cds_service.patient.medications import OUTDATED_ANTI_INFECTIVE_DAYS, OUTDATED_YEARS
from cds_service.patient.person import Sex

_DAYS, _MONTHS, _YEARS, _A_DAY = (text(f"avoid_quinine.unit.{one}") for one in ("days", "months", "years", "a_day"))
_MMOL, _PLATELETS = "mmol/L", "×10⁹/L"


def _limit(name: str, value: str | int, unit: Text | str, source: Evidence | None = None) -> Limit:
    return Limit(text(f"avoid_quinine.limit.{name}"), Decimal(value), unit, source)


# Below these a value is critical, or a warning line
POTASSIUM_CRITICAL = _limit("potassium_critical", "3.0", _MMOL)
POTASSIUM_LOW = _limit("potassium_low", "3.5", _MMOL)
MAGNESIUM_CRITICAL = _limit("magnesium_critical", "0.5", _MMOL)
MAGNESIUM_LOW = _limit("magnesium_low", "0.7", _MMOL)
CALCIUM_CRITICAL = _limit("calcium_critical", "1.9", _MMOL)
CALCIUM_LOW = _limit("calcium_low", "2.2", _MMOL)
IONISED_CRITICAL = _limit("ionised_critical", "0.90", _MMOL)
PLATELETS_CRITICAL = _limit("platelets_critical", 100, _PLATELETS)
PLATELETS_LOW = _limit("platelets_low", 150, _PLATELETS)
EGFR_LOW = _limit("egfr_low", 30, FILTRATION)

# At or above these
QTC_LONG_MALE = _limit("qtc_long_male", 450, "ms", citations.AHA_2009)
QTC_LONG_OTHERS = _limit("qtc_long_others", 460, "ms", citations.AHA_2009)
QTC_LONG = {Sex.MALE: QTC_LONG_MALE}
OLDER_AGE = _limit("older_age", 65, _YEARS)

# How long something counts
RESULT_DAYS = _limit("result_days", 30, _DAYS)
QTC_DAYS = _limit("qtc_days", 365, _DAYS)
FRESH_DAYS = _limit("fresh_days", 7, _DAYS)
OUTDATED = _limit("outdated", OUTDATED_YEARS * 12, _MONTHS)
OUTDATED_ANTI_INFECTIVE = _limit("outdated_anti_infective", OUTDATED_ANTI_INFECTIVE_DAYS, _DAYS)
MALARIA_ACTIVE_DAYS = _limit("malaria_active_days", 180, _DAYS)
MALARIA_STATUSLESS_DAYS = _limit("malaria_statusless_days", 60, _DAYS)
MALARIA_VISIT_DAYS = _limit("malaria_visit_days", 60, _DAYS)
REGIMEN_DAYS = _limit("regimen_days", 30, _DAYS)
COURSE_AUTHORED_DAYS = _limit("course_authored_days", 30, _DAYS)
COURSE_DAYS = _limit("course_days", 10, _DAYS)
COURSE_DOSES = _limit("course_doses", 3, _A_DAY)
LONG_COURSE_DAYS = _limit("long_course_days", 30, _DAYS)

LIMITS = tuple(one for one in globals().values() if isinstance(one, Limit))
"""All of them, in this order."""


def days(limit: Limit) -> int:
    """A window of days as a whole number."""
    return int(limit.value)
