"""Observation of DSTU2 to R5, as R4: what we read of it, with its time and its value in one place each."""

from zoneinfo import ZoneInfo

from cds_service.chart.r4.elements import (
    UNREADABLE,
    Element,
    Json,
    attempted,
    concept,
    concepts,
    date_time,
    listed,
    number,
    period,
    present,
    quantity,
    status,
    text,
)
from cds_service.chart.r4.statuses import RESULT
from cds_service.patient.labs.units import readings


def observation(raw: Element, zone: ZoneInfo) -> Element:
    """An Observation without its components. ``issued`` stands in for a missing effective time."""
    made = {
        "status": attempted(status, raw.get("status"), RESULT),
        "code": concept(raw.get("code")),
        **effective(raw, zone),
        **value(raw),
    }
    if "interpretation" in raw:
        made["interpretation"] = attempted(concepts, raw["interpretation"])
    if "dataAbsentReason" in raw:
        made["dataAbsentReason"] = attempted(concept, raw["dataAbsentReason"])
    if "referenceRange" in raw:
        ranges = (attempted(_range, one) for one in listed(raw["referenceRange"]))
        made["referenceRange"] = [one for one in ranges if one]
    return present(made)


def component(raw: Element, whole: Element, zone: ZoneInfo) -> Element:
    """A component, or a member inside its panel, as an Observation of its own; the panel lends status and time."""
    made = observation(raw, zone)
    if "effectiveDateTime" not in made and "effectivePeriod" not in made:
        made |= effective(whole, zone)
    if "status" not in made:
        made |= present({"status": attempted(status, whole.get("status"), RESULT)})
    return present(made)


def effective(raw: Element, zone: ZoneInfo) -> Element:
    """When the result was true: an ``effectiveDateTime`` or ``effectivePeriod``, UNREADABLE where none can be read."""
    exact = date_time(raw.get("effectiveDateTime"), zone, raw.get("effectiveInstant"), raw.get("appliesDateTime"))
    if isinstance(exact, str):
        return {"effectiveDateTime": exact}
    during = attempted(period, raw.get("effectivePeriod") or raw.get("appliesPeriod"), zone)
    if isinstance(during, dict) and any(isinstance(side, str) for side in during.values()):
        return {"effectivePeriod": during}
    timing = raw.get("effectiveTiming")
    events = listed(timing.get("event")) if isinstance(timing, dict) else []
    found = date_time(events[-1] if events else None, zone, raw.get("issued"))
    return {"effectiveDateTime": found or exact or (UNREADABLE if during else None)}


TIMES = (
    "effectiveDateTime",
    "effectiveInstant",
    "appliesDateTime",
    "effectivePeriod",
    "appliesPeriod",
    "effectiveTiming",
)


def dated(raw: Element) -> str | None:
    """The words for its time as they came, for one that can't be read."""
    stated = next((raw[name] for name in (*TIMES, "issued") if raw.get(name) not in (None, "", [], {})), None)
    while isinstance(stated, dict | list) and stated:
        stated = next(iter(stated.values() if isinstance(stated, dict) else stated))
    return text(stated)


def value(raw: Element) -> Element:
    """The value: a Quantity (an integer is one without a unit) or a string; nothing for what has no number."""
    stated: Json = raw.get("valueQuantity")
    if stated is None:
        numeric = (raw.get(name) for name in ("value", "valueInteger", "valueDecimal"))
        stated = next((one for one in numeric if one is not None), None)
    if isinstance(stated, str) and number(stated) is None:
        return {"valueString": text(stated)}
    made = quantity(stated)
    if isinstance(made, dict) and isinstance(made.get("value"), str):
        return {"valueString": _as_words(made)}
    if stated is not None:
        return {"valueQuantity": made}
    if raw.get("valueString") is not None:
        return {"valueString": text(raw["valueString"]) or raw["valueString"] or None}
    coded = concept(raw.get("valueCodeableConcept")) or {}
    first: Element = next(iter(coded.get("coding", [])), {})
    return {"valueString": coded.get("text") or first.get("display") or first.get("code")}


def _as_words(made: Element) -> str:
    """A Quantity whose value is no number, or one of two, as it would stand in a text."""
    unit = next(iter(readings(made.get("unit"), made.get("code"), made.get("system"))), "")
    return f"{made.get('comparator', '')}{made['value'].strip()} {unit}".strip()


def _range(raw: Json) -> Element | None:
    if not isinstance(raw, dict):
        return None
    limits = {side: quantity(raw.get(side)) for side in ("low", "high")}
    if limits["low"] is None and limits["high"] is None:
        return None
    kind = concept(raw.get("type")) or concept(raw.get("meaning"))
    applies = raw.get("appliesTo")
    return present(
        {
            **limits,
            "type": kind,
            "appliesTo": concepts(applies) or (UNREADABLE if applies else None),
            "age": _ages(raw.get("age")),
        }
    )


def _ages(age: Json) -> Json:
    if not age:
        return None
    sides = {side: quantity(age.get(side)) for side in ("low", "high")} if isinstance(age, dict) else {}
    return present(sides) or UNREADABLE
