"""The person a chart is about."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cds_service.patient.moments import Moment


class Sex(StrEnum):
    """Administrative gender, as FHIR has it."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """The patient. ``birth`` may be partial, or None when not recorded; ``sex`` is UNKNOWN then."""

    birth: Moment | None = None
    sex: Sex = Sex.UNKNOWN
    source: str | None = None

    def age_bounds(self, today: date) -> tuple[int, int] | None:
        """Youngest and oldest possible age in completed years, or None when birth is not known."""
        if self.birth is None:
            return None
        return _years(self.birth.last_day, today), _years(self.birth.day, today)

    def certainly_under_18(self, today: date) -> bool:
        """True only when even the oldest possible age is under 18."""
        bounds = self.age_bounds(today)
        return bounds is not None and bounds[1] < 18  # noqa: PLR2004 - the age of majority


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
