"""Patient to Person."""

from typing import Any
from zoneinfo import ZoneInfo

from cds_service.chart.model import Gathered
from cds_service.chart.r4 import dates
from cds_service.chart.r4.elements import CANNOT_READ, NOT_READABLE, Element, date_time, listed, present, statuses
from cds_service.chart.r4.essentials import settled
from cds_service.chart.read.sources import Entry, entries
from cds_service.patient.moments import Moment
from cds_service.patient.person import Person, Sex
from cds_service.patient.received import Unread

_BIRTH_TIME = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"
_DATE_LENGTH = 10
_SEXES = {"m": Sex.MALE, "f": Sex.FEMALE, "o": Sex.OTHER, **{sex.value: sex for sex in Sex}}


def person(answer: Gathered, zone: ZoneInfo) -> tuple[Person, tuple[Unread, ...]]:
    """The patient as far as known; a birth date or sex that can't be read is unknown, and named."""
    for entry in entries(answer.query.key, answer.resources):
        birth, unread = _birth(entry, zone)
        return Person(birth, _sex(entry.resource.get("gender")), entry.source), unread
    return Person(), ()


def _birth(entry: Entry, zone: ZoneInfo) -> tuple[Moment | None, tuple[Unread, ...]]:
    stated = entry.resource.get("birthDate")
    if isinstance(stated, str) and len(stated) == _DATE_LENGTH and (plain := dates.written_plainly(stated, zone)):
        return plain, ()
    written = date_time(stated, zone, _birth_time(entry.resource))
    day = written[:_DATE_LENGTH] if isinstance(written, str) else written
    made, unreadable = settled("Patient", present({"birthDate": day}))
    return dates.moment(made.get("birthDate"), zone), (entry.unread(NOT_READABLE),) if unreadable else ()


def _birth_time(patient: Element) -> Any:
    """The birthTime extension, which may stand alone where the date itself was left out."""
    around = patient.get("_birthDate")
    extensions = listed(around.get("extension")) if isinstance(around, dict) else []
    stated = (one.get("valueDateTime") for one in extensions if isinstance(one, dict) and one.get("url") == _BIRTH_TIME)
    return next(stated, None)


def _sex(gender: Any) -> Sex:
    try:
        return next((_SEXES[word] for word in statuses(gender) if word in _SEXES), Sex.UNKNOWN)
    except CANNOT_READ:
        return Sex.UNKNOWN
