"""Condition and AllergyIntolerance of DSTU2, STU3, R4, R4B and R5, as R4: the elements we read and no others."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from cds_service.chart.r4.elements import (
    UNREADABLE,
    Element,
    Json,
    attempted,
    concept,
    concepts,
    date_time,
    flag,
    listed,
    period,
    present,
    status,
)
from cds_service.chart.r4.statuses import (
    ALLERGY_CLINICAL,
    ALLERGY_VERIFICATION,
    CONDITION_CLINICAL,
    CONDITION_VERIFICATION,
    UNTRUE,
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
_DSTU2 = {code: code for code in _ALLERGY_STATUS_DSTU2}
_RECORDED = ("recordedDate", "assertedDate", "dateRecorded", "dateAsserted")
_NAMED = ("code", "display")
_STILL_THERE = ("active", "recurrence", "relapse")
_ENDED_SOMEHOW = ("abatementAge", "abatementRange", "abatementString", "abatementQuantity")


def condition(raw: Element, zone: ZoneInfo, coded: Element | None = None) -> Element:
    """A Condition; ``coded``: its code, where it is made already.

    An end without a usable date becomes ``abatementString``.
    """
    clinical, verification = _statuses(raw, CONDITION_CLINICAL, CONDITION_VERIFICATION)
    recorded = (raw.get(name) for name in _RECORDED)
    return present(
        {
            "category": attempted(concepts, raw.get("category")),
            "code": coded or concept(raw.get("code")),
            "clinicalStatus": _coded(clinical),
            "verificationStatus": _coded(verification),
            "bodySite": attempted(concepts, raw.get("bodySite")),
            "recordedDate": date_time(next(recorded), zone, *recorded),
            **_onset(raw, zone),
            **_abatement(raw, zone, still_there=clinical in _STILL_THERE),
        }
    )


def of_a_visit(categories: Iterable[Element]) -> bool:
    """An encounter's diagnosis that is not on the problem list, by code or by words in any case."""
    said = {
        "".join(filter(str.isalnum, word.casefold()))
        for one in categories
        for word in (one.get("text"), *(coding.get(name) for coding in one.get("coding", []) for name in _NAMED))
        if word
    }
    return "encounterdiagnosis" in said and "problemlistitem" not in said


def with_encounter(raw: Element, encounter: Element) -> Element:
    """A Condition with what its encounter lends it: the date, to the diagnosis of that visit that has none of its own."""
    if any(raw.get(name) for name in _RECORDED) or not of_a_visit(attempted(concepts, raw.get("category")) or ()):
        return raw
    during = encounter.get("period")
    date = during.get("start") or during.get("end") if isinstance(during, dict) else None
    return {**raw, "recordedDate": date}


def allergy(raw: Element, zone: ZoneInfo) -> Element:
    """An AllergyIntolerance, without its reactions."""
    clinical, verification = _statuses(raw, ALLERGY_CLINICAL, ALLERGY_VERIFICATION)
    if clinical is None and verification is None:
        old = status(raw.get("status"), _DSTU2)
        clinical, verification = (old, None) if old is UNREADABLE else _ALLERGY_STATUS_DSTU2.get(old, (None, None))
    return present(
        {
            "code": allergen(raw),
            "clinicalStatus": _coded(clinical),
            "verificationStatus": _coded(verification),
            "recordedDate": date_time(raw.get("recordedDate"), zone, raw.get("assertedDate")),
        }
    )


def _statuses(raw: Element, clinical: dict[str, str | None], verification: dict[str, str | None]) -> tuple[Json, Json]:
    """Both statuses. That it is untrue may stand in either of the two."""
    stated = attempted(status, raw.get("clinicalStatus"), clinical)
    how_sure = attempted(status, raw.get("verificationStatus"), verification)
    if stated in UNTRUE:
        return None, how_sure if how_sure in UNTRUE else stated
    return stated, how_sure


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


def _coded(code: Json) -> Json:
    return {"coding": [{"code": code}]} if isinstance(code, str) else code


def _onset(raw: Element, zone: ZoneInfo) -> Element:
    exact = date_time(raw.get("onsetDateTime"), zone, raw.get("onsetDate"))
    if exact is not None:
        return {"onsetDateTime": exact}
    return {"onsetPeriod": attempted(period, raw.get("onsetPeriod"), zone)}


def _abatement(raw: Element, zone: ZoneInfo, *, still_there: bool) -> Element:
    """When it ended. An end that can't be read is one, unless the clinical status says outright that it is there."""
    exact = date_time(raw.get("abatementDateTime"), zone, raw.get("abatementDate"))
    during: Json = attempted(period, raw.get("abatementPeriod"), zone) if exact is None else None
    if isinstance(exact, str):
        return {"abatementDateTime": exact}
    if isinstance(during, dict) and any(isinstance(side, str) for side in during.values()):
        return {"abatementPeriod": during}
    unreadable = exact is UNREADABLE or during is not None
    if still_there and unreadable:
        return {"abatementDateTime": UNREADABLE}
    ended = any(raw.get(name) for name in _ENDED_SOMEHOW) or flag(raw.get("abatementBoolean")) is True
    return {"abatementString": "recorded"} if ended or unreadable else {}
