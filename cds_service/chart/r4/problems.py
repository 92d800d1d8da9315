"""Condition and AllergyIntolerance of DSTU2, STU3, R4, R4B and R5, as R4: the elements we read and no others."""

from zoneinfo import ZoneInfo

from cds_service.chart.r4.elements import (
    Element,
    Json,
    concept,
    concepts,
    date_time,
    flag,
    known_statuses,
    listed,
    period,
    present,
    status,
)

_CLINICAL = known_statuses("active", "recurrence", "relapse", "inactive", "remission", "resolved", unknown=None)
_CONDITION_VERIFICATION = known_statuses(
    "unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error", unknown=None
)
_ALLERGY_CLINICAL = known_statuses("active", "inactive", "resolved", unknown=None)
_ALLERGY_VERIFICATION = known_statuses(
    "unconfirmed", "confirmed", "refuted", "entered-in-error", presumed="unconfirmed", unknown=None
)
_ALLERGY_STATUS_DSTU2 = {  # status -> clinical, verification
    "active": ("active", None),
    "unconfirmed": ("active", "unconfirmed"),
    "confirmed": ("active", "confirmed"),
    "inactive": ("inactive", None),
    "resolved": ("resolved", None),
    "refuted": (None, "refuted"),
    "entered-in-error": (None, "entered-in-error"),
}
_ENDED_SOMEHOW = ("abatementAge", "abatementRange", "abatementString", "abatementQuantity")


def condition(raw: Element, zone: ZoneInfo, coded: Element | None = None) -> Element:
    """A Condition; ``coded``: its code, where it is made already. Raises UnreadableError.

    An end without a usable date becomes ``abatementString``.
    """
    recorded = raw.get("recordedDate") or raw.get("assertedDate") or raw.get("dateRecorded") or raw.get("dateAsserted")
    return present(
        {
            "code": coded or concept(raw.get("code")),
            "clinicalStatus": _coded(status(raw.get("clinicalStatus"), _CLINICAL)),
            "verificationStatus": _coded(status(raw.get("verificationStatus"), _CONDITION_VERIFICATION)),
            "bodySite": concepts(raw.get("bodySite")),
            "recordedDate": date_time(recorded, zone),
            **_onset(raw, zone),
            **_abatement(raw, zone),
        }
    )


def allergy(raw: Element, zone: ZoneInfo) -> Element:
    """An AllergyIntolerance, without its reactions. Raises UnreadableError."""
    clinical = status(raw.get("clinicalStatus"), _ALLERGY_CLINICAL)
    verification = status(raw.get("verificationStatus"), _ALLERGY_VERIFICATION)
    if clinical is None and verification is None:
        old = status(raw.get("status"), known_statuses(*_ALLERGY_STATUS_DSTU2))
        clinical, verification = _ALLERGY_STATUS_DSTU2.get(old or "", (None, None))
    return present(
        {
            "code": allergen(raw),
            "clinicalStatus": _coded(clinical),
            "verificationStatus": _coded(verification),
            "recordedDate": date_time(raw.get("recordedDate") or raw.get("assertedDate"), zone),
        }
    )


def allergen(raw: Element) -> Element | None:
    """What the patient is allergic to: ``code``, or DSTU2's ``substance``."""
    return concept(raw.get("code")) or concept(raw.get("substance"))


def reaction_substances(raw: Element) -> list[Element]:
    """The substances of the reactions, which may be more specific than the allergy's own code."""
    reactions = [reaction for reaction in listed(raw.get("reaction")) if isinstance(reaction, dict)]
    return [made for made in (concept(reaction.get("substance")) for reaction in reactions) if made]


def code_of(coded: Element | None) -> str | None:
    """The one code of a status this module made."""
    return None if coded is None else coded["coding"][0]["code"]


def _coded(code: str | None) -> Element | None:
    return None if code is None else {"coding": [{"code": code}]}


def _onset(raw: Element, zone: ZoneInfo) -> Element:
    exact = date_time(raw.get("onsetDateTime") or raw.get("onsetDate"), zone)
    if exact is not None:
        return {"onsetDateTime": exact}
    return {"onsetPeriod": period(raw.get("onsetPeriod"), zone)}


def _abatement(raw: Element, zone: ZoneInfo) -> Element:
    exact = date_time(raw.get("abatementDateTime") or raw.get("abatementDate"), zone)
    if exact is not None:
        return {"abatementDateTime": exact}
    during: Json = period(raw.get("abatementPeriod"), zone)
    if during is not None:
        return {"abatementPeriod": during}
    ended = any(raw.get(name) for name in _ENDED_SOMEHOW) or flag(raw.get("abatementBoolean")) is True
    return {"abatementString": "recorded"} if ended else {}
