"""A resource as it was recorded by a moment: left out when it came later, still active when it ended later.

A date stands for the last instant it can mean: what is only dated with the day of a visit was not known when that
visit began. What no date tells is taken as the record has it today, and is said (``Doubt``).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from cds_service.chart.model import Resource
from cds_service.chart.r4 import dates

_RECORDED = (
    *("recordedDate", "dateRecorded", "assertedDate", "issued", "authoredOn", "dateWritten", "dateAsserted"),
    *("onsetDateTime", "effectiveDateTime", "effectiveInstant"),
)
"""The members that say when a resource was recorded, in any version; the clinical dates where none does."""
_PERIODS = ("effectivePeriod", "onsetPeriod")
_ENDED_PROBLEM = frozenset(("inactive", "remission", "resolved"))
_ENDED_MEDICINE = frozenset(("completed", "stopped", "cancelled", "ended"))
_MEDICINES = frozenset(("MedicationRequest", "MedicationOrder", "MedicationStatement"))
_ACTIVE = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}
_TIMELESS = frozenset(("Patient", "Medication", "Encounter"))  # an encounter is when, not what


class Doubt(StrEnum):
    """What the record does not tell about an earlier moment."""

    RECORDED = "recorded-when"  # taken as known at the moment
    ENDED = "ended-when"  # taken as ended before the moment


def as_recorded(resource: Resource, moment: datetime, zone: ZoneInfo) -> tuple[Resource | None, Doubt | None]:
    """The resource as it was at the moment (None: not recorded yet), and what could not be told of it."""
    if resource.get("resourceType") in _TIMELESS:
        return resource, None
    recorded = _recorded(resource, zone)
    if recorded is not None and recorded > moment:
        return None, None
    if _untouched_since(resource, moment, zone):
        return resource, None
    ended, end = _ending(resource, zone)
    if not ended:
        return resource, Doubt.RECORDED if recorded is None else None
    if end is None:
        return resource, Doubt.ENDED
    return (_as_active(resource) if end > moment else resource), None


def _recorded(resource: Resource, zone: ZoneInfo) -> datetime | None:
    for name in _RECORDED:
        if name in resource and (found := last_instant(resource[name], zone)):
            return found
    for name in _PERIODS:
        period = resource.get(name)
        if isinstance(period, dict) and (found := last_instant(period.get("start"), zone)):
            return found
    return None


def last_instant(value: Any, zone: ZoneInfo) -> datetime | None:
    """The last instant a FHIR date can mean; None where it is none."""
    found = dates.moment(dates.canonical(value, zone), zone)
    return None if found is None else found.end


def _untouched_since(resource: Resource, moment: datetime, zone: ZoneInfo) -> bool:
    meta = resource.get("meta")
    updated = last_instant(meta.get("lastUpdated"), zone) if isinstance(meta, dict) else None
    return updated is not None and updated <= moment


def _ending(resource: Resource, zone: ZoneInfo) -> tuple[bool, datetime | None]:
    """Whether the resource says that it has ended, and when, as far as it says so."""
    kind = resource.get("resourceType")
    if kind in _MEDICINES:
        return str(resource.get("status")).lower() in _ENDED_MEDICINE, _end_of_medicine(resource, zone)
    if kind == "Condition":
        abated = last_instant(resource.get("abatementDateTime"), zone) or _end(resource.get("abatementPeriod"), zone)
        return abated is not None or _clinical(resource) in _ENDED_PROBLEM, abated
    return False, None


def _end_of_medicine(resource: Resource, zone: ZoneInfo) -> datetime | None:
    dispensed = resource.get("dispenseRequest")
    found = [
        last_instant(resource.get("statusChanged"), zone),
        last_instant(resource.get("dateEnded"), zone),
        _end(resource.get("effectivePeriod"), zone),
        _end(dispensed.get("validityPeriod"), zone) if isinstance(dispensed, dict) else None,
    ]
    return next(filter(None, found), None)


def _end(period: Any, zone: ZoneInfo) -> datetime | None:
    return last_instant(period.get("end"), zone) if isinstance(period, dict) else None


def _clinical(resource: Resource) -> str:
    status = resource.get("clinicalStatus")
    if isinstance(status, dict):
        codings = status.get("coding")
        status = (
            codings[0].get("code") if isinstance(codings, list) and codings and isinstance(codings[0], dict) else ""
        )
    return str(status).lower()


def _as_active(resource: Resource) -> Resource:
    """The same before it ended: without its end, and active."""
    if resource.get("resourceType") == "Condition":
        kept = {name: value for name, value in resource.items() if not name.startswith("abatement")}
        return {**kept, "clinicalStatus": _ACTIVE}
    kept = {
        name: value for name, value in resource.items() if name not in ("statusReason", "statusChanged", "dateEnded")
    }
    return {**kept, "status": "active"}
