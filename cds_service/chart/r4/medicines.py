"""MedicationRequest, MedicationOrder, MedicationStatement and Medication of DSTU2 to R5, as R4: what we read of them."""

from typing import Any
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
    number,
    period,
    present,
    quantity,
    reference,
    status,
    statuses,
    text,
)
from cds_service.chart.r4.statuses import REQUEST, STATEMENT

_INTENTS = frozenset(
    ("proposal", "plan", "order", "original-order", "reflex-order", "filler-order", "instance-order", "option")
)


def drug(raw: Element) -> tuple[Element | None, Element | None]:
    """The drug of a request or statement: a CodeableConcept, a Reference, both, or neither."""
    newer = raw.get("medication")
    refers = isinstance(newer, dict) and "reference" in newer
    coded = concept(raw.get("medicationCodeableConcept")) or concept(newer)
    return coded, reference(raw.get("medicationReference")) or (reference(newer) if refers else None)


def request(raw: Element, zone: ZoneInfo, stated: Element) -> Element:
    """A MedicationRequest; MedicationOrder becomes one. ``stated``: its ``drug``, as R4 has it."""
    return present(
        {
            "status": attempted(status, raw.get("status"), REQUEST),
            "intent": next((word for word in statuses(raw.get("intent")) if word in _INTENTS), None),
            "doNotPerform": flag(raw.get("doNotPerform")),
            "authoredOn": date_time(raw.get("authoredOn"), zone, raw.get("dateWritten")),
            "dispenseRequest": attempted(_validity, raw, zone),
            "dosageInstruction": attempted(_dosages, raw.get("dosageInstruction"), zone),
            **stated,
            **_reasons(raw),
        }
    )


def statement(raw: Element, zone: ZoneInfo, stated: Element) -> Element:
    """A MedicationStatement. What says "not taken" in any version becomes that status. ``stated``: as in ``request``."""
    exact = date_time(raw.get("effectiveDateTime"), zone)
    during = {"effectivePeriod": attempted(period, raw.get("effectivePeriod"), zone)} if exact is None else {}
    return present(
        {
            "status": attempted(_statement_status, raw),
            "dateAsserted": date_time(raw.get("dateAsserted"), zone),
            "effectiveDateTime": exact,
            "dosage": attempted(_dosages, raw.get("dosage"), zone),
            **during,
            **stated,
            **_reasons(raw),
        }
    )


def medication(raw: Element) -> tuple[list[Element], list[Element], list[Element]]:
    """A Medication or Substance: what it is (code and coded ingredients), references to ingredients, dose forms."""
    product = raw.get("product") if isinstance(raw.get("product"), dict) else {}  # DSTU2
    holders = [*listed(raw.get("ingredient")), *listed((product or {}).get("ingredient"))]
    coded, referred = [concept(raw.get("code"))], []
    for holder in holders:
        if not isinstance(holder, dict) or flag(holder.get("isActive")) is False:
            continue
        item = holder.get("item")
        coded += [concept(holder.get("itemCodeableConcept")), concept(item) if isinstance(item, dict) else None]
        referred += [reference(holder.get("itemReference")), reference(item)]
    forms = [concept(raw.get("form")), concept(raw.get("doseForm")), concept((product or {}).get("form"))]
    return _held(coded), _held(referred), _held(forms)


def reasons_referred(raw: Element) -> list[str]:
    """The references of the reasons for a request or statement."""
    return [one["reference"] for one in _reasons(raw)["reasonReference"] if "reference" in one]


def _held(found: list[Element | None]) -> list[Element]:
    return [one for one in found if one]


def stated_drug(coded: Element | None, referred: Element | None) -> Element:
    """What ``drug`` told, as R4 has it: one of the two."""
    if coded is not None:
        return {"medicationCodeableConcept": coded}
    return {"medicationReference": referred or {"display": "not stated"}}


_REASONS = frozenset(
    ("reason", "reasonCode", "reasonCodeableConcept", "reasonReference", "reasonForUseCodeableConcept")
) | {"reasonForUseReference"}


def _reasons(raw: Element) -> Element:
    if _REASONS.isdisjoint(raw):
        return {"reasonCode": [], "reasonReference": []}
    codes = [raw.get(name) for name in ("reasonCode", "reasonCodeableConcept", "reasonForUseCodeableConcept")]
    refers = [raw.get(name) for name in ("reasonReference", "reasonForUseReference")]
    newer = [one for one in listed(raw.get("reason")) if isinstance(one, dict)]
    return {
        "reasonCode": [made for one in [*codes, *(one.get("concept") for one in newer)] for made in concepts(one)],
        "reasonReference": [
            made
            for made in (
                *(reference(one) for many in refers for one in listed(many)),
                *(reference(one.get("reference")) for one in newer),
            )
            if made
        ],
    }


def _validity(raw: Element, zone: ZoneInfo) -> Element:
    dispense = raw.get("dispenseRequest")
    within: Json = period(dispense.get("validityPeriod"), zone) if isinstance(dispense, dict) else None
    if within is None and raw.get("dateEnded"):
        within = {"end": date_time(raw.get("dateEnded"), zone)}  # DSTU2
    return {} if within is None else {"validityPeriod": within}


def _dosages(value: Json, zone: ZoneInfo) -> list[Element]:
    made = []
    for dosage in listed(value):
        if not isinstance(dosage, dict):
            made.append(present({"text": text(dosage)}))
            continue
        made.append(
            present(
                {
                    "text": text(dosage.get("text")),
                    "route": concept(dosage.get("route")),
                    "asNeededCodeableConcept": _needed_for(dosage),
                    "timing": _timing(dosage.get("timing"), zone),
                }
            )
        )
    return made


def _needed_for(dosage: Element) -> Element | None:
    """What it is to be taken for when needed, its words alone; R5 has a list of them."""
    made = concept(dosage.get("asNeededCodeableConcept") or dosage.get("asNeededFor")) or {}
    words = [made.get("text"), *(one.get("display") for one in made.get("coding", []))]
    said = "; ".join(filter(None, words))
    return {"text": said} if said else None


def _timing(timing: Any, zone: ZoneInfo) -> Element:
    if not isinstance(timing, dict):
        return {}
    repeat = timing.get("repeat")
    made = _repeat(repeat, zone) if isinstance(repeat, dict) else {}
    return present({"code": attempted(concept, timing.get("code")), "repeat": made})


def _repeat(repeat: Element, zone: ZoneInfo) -> Element:
    """How often and how long. R4 takes one bound: a period that ends, else a duration, else a range."""
    during = period(repeat.get("boundsPeriod"), zone)
    made = {
        "boundsDuration": attempted(quantity, repeat.get("boundsDuration") or repeat.get("boundsQuantity")),  # DSTU2
        "boundsRange": attempted(_range, repeat.get("boundsRange")),
    }
    bound = {name: value for name, value in made.items() if value}
    if during is not None and ("end" in during or not bound):
        bound = {"boundsPeriod": during}
    unit = text(repeat.get("periodUnit")) or text(repeat.get("periodUnits"))  # DSTU2
    return present(
        {
            **dict(list(bound.items())[:1]),
            "count": _whole(repeat.get("count")),
            "frequency": _whole(repeat.get("frequency")),
            "period": number(repeat.get("period")),
            "periodUnit": unit,
        }
    )


def _range(value: Json) -> Element:
    return present({side: quantity(value.get(side)) for side in ("low", "high")}) if isinstance(value, dict) else {}


def _whole(value: Json) -> Json:
    """A number of times: whole, and one at least."""
    made = number(value)
    if made is None:
        return None if value is None else UNREADABLE
    return made if made == made.to_integral_value() and made >= 1 else UNREADABLE


def _statement_status(raw: Element) -> Json:
    own = status(raw.get("status"), STATEMENT)
    if flag(raw.get("wasNotTaken")) is True or "n" in statuses(raw.get("taken")):  # DSTU2, STU3
        return "entered-in-error" if own == "entered-in-error" else "not-taken"
    adherence = raw.get("adherence")  # R5
    words = statuses(adherence.get("code")) if isinstance(adherence, dict) else []
    if own != "unknown" or not words:
        return own
    for start, meaning in (("taking", "active"), ("not-taking", "not-taken"), ("on-hold", "on-hold")):
        if words[0].startswith(start):
            return meaning
    return "stopped" if words[0].startswith("stopped") else own
