"""Observation of DSTU2 to R5, as R4: what we read of it, with its time and its value in one place each."""

from zoneinfo import ZoneInfo

from cds_service.chart.r4.elements import (
    Element,
    Json,
    concept,
    concepts,
    date_time,
    listed,
    number,
    period,
    present,
    quantity,
    statuses,
    text,
)

_FOR_WHOM = frozenset(("type", "meaning", "appliesTo", "age"))


def observation(raw: Element, zone: ZoneInfo) -> Element:
    """An Observation without its components. ``issued`` stands in for a missing effective time."""
    made = {
        "status": next(iter(statuses(raw.get("status"))), None),
        "code": concept(raw.get("code")),
        **effective(raw, zone),
        **value(raw),
    }
    if "interpretation" in raw:
        made["interpretation"] = concepts(raw["interpretation"])
    if "dataAbsentReason" in raw:
        made["dataAbsentReason"] = concept(raw["dataAbsentReason"])
    if "referenceRange" in raw:
        made["referenceRange"] = [one for one in map(_range, listed(raw["referenceRange"])) if one]
    return present(made)


def component(raw: Element, whole: Element, zone: ZoneInfo) -> Element:
    """A component, or a member inside its panel, as an Observation of its own; the panel lends status and time."""
    made = observation(raw, zone)
    if "effectiveDateTime" not in made and "effectivePeriod" not in made:
        made |= effective(whole, zone)
    if "status" not in made:
        made |= present({"status": next(iter(statuses(whole.get("status"))), None)})
    return present(made)


def effective(raw: Element, zone: ZoneInfo) -> Element:
    """When the result was true: an ``effectiveDateTime`` or ``effectivePeriod``."""
    exact = date_time(raw.get("effectiveDateTime") or raw.get("effectiveInstant") or raw.get("appliesDateTime"), zone)
    if exact is not None:
        return {"effectiveDateTime": exact}
    during = period(raw.get("effectivePeriod") or raw.get("appliesPeriod"), zone)
    if during is not None:
        return {"effectivePeriod": during}
    timing = raw.get("effectiveTiming")
    events = listed(timing.get("event")) if isinstance(timing, dict) else []
    return {"effectiveDateTime": date_time(events[-1] if events else raw.get("issued"), zone)}


def value(raw: Element) -> Element:
    """The value: a Quantity (an integer is one without a unit) or a string; nothing for what has no number."""
    stated: Json = raw.get("valueQuantity")
    if stated is None:
        numeric = (raw.get(name) for name in ("value", "valueInteger", "valueDecimal"))
        stated = next((one for one in numeric if one is not None), None)
    if isinstance(stated, str) and number(stated) is None:
        return {"valueString": text(stated)}
    if stated is not None:
        return {"valueQuantity": quantity(stated)}
    if raw.get("valueString") is not None:
        return {"valueString": text(raw["valueString"]) or raw["valueString"] or None}
    coded = concept(raw.get("valueCodeableConcept")) or {}
    first: Element = next(iter(coded.get("coding", [])), {})
    return {"valueString": coded.get("text") or first.get("display") or first.get("code")}


def _range(raw: Json) -> Element | None:
    if not isinstance(raw, dict):
        return None
    limits = {side: quantity(raw.get(side)) for side in ("low", "high")}
    if limits["low"] is None and limits["high"] is None:
        return None
    if _FOR_WHOM.isdisjoint(raw):
        return present(limits)
    age = raw.get("age")
    ages = {side: quantity(age.get(side)) for side in ("low", "high")} if isinstance(age, dict) else {}
    kind = concept(raw.get("type")) or concept(raw.get("meaning"))
    return present({**limits, "type": kind, "appliesTo": concepts(raw.get("appliesTo")), "age": present(ages)})
