"""What a clinician may do about quinine with one click: stop it, cancel it, monitor."""

from collections.abc import Iterable

from cds_service.decision.offers import Offer, offer, offered
from cds_service.decision.phrases import Label, Phrase, say
from cds_service.decision.recommendation import DeleteDraft, StopMedication, Suggestion
from cds_service.decision.suggestion_kinds import suggestion_kind
from cds_service.guidelines.leg_cramps.quinine import words
from cds_service.guidelines.leg_cramps.quinine.hazards import Hazard, Monitor
from cds_service.guidelines.leg_cramps.quinine.values import is_fresh
from cds_service.guidelines.leg_cramps.quinine.words import Doing
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.terminology.systems import LOINC, SNOMED_CT
from cds_service.patient.terminology.vocabulary import order

_KINDS = {doing: suggestion_kind(f"{doing}_quinine", say(words.SUGGEST[doing])) for doing in words.DOING}
_LABORATORY = (SNOMED_CT, "108252007", "Laboratory procedure")
_DIAGNOSTIC = (SNOMED_CT, "103693007", "Diagnostic procedure")

_MONITORING: dict[Monitor, Offer] = {
    Monitor.ECG: offer("ecg", ((LOINC, "11524-6", "EKG study"),), _DIAGNOSTIC, {order("ecg_order")}),
    Monitor.BLOOD_COUNT: offer(
        "cbc",
        ((LOINC, "58410-2", "CBC panel - Blood by Automated count"),),
        _LABORATORY,
        {order("cbc_order"), order("platelets")},
    ),
    Monitor.POTASSIUM: offer(
        "potassium",
        ((LOINC, "2823-3", "Potassium [Moles/volume] in Serum or Plasma"),),
        _LABORATORY,
        {order("potassium"), order("panels_orders")},
    ),
    Monitor.MAGNESIUM: offer(
        "magnesium",
        ((LOINC, "2601-3", "Magnesium [Moles/volume] in Serum or Plasma"),),
        _LABORATORY,
        {order("magnesium")},
    ),
}


def stop(medication: Medication) -> Suggestion | None:
    """Stop an active order: its whole resource with status ``stopped``.

    None where that can't be offered honestly: a statement (nobody ordered it here), a resource of
    another FHIR version, one without a sound id, or one the server cut down, whose update would destroy
    what was left out.
    """
    if medication.reference is None or not medication.may_be_stopped:
        return None
    return Suggestion(
        label=_which("stop", medication),
        description=say(words.SUGGEST_STOP_DESCRIPTION),
        action=StopMedication(medication.reference),
        kind=_KINDS["stop"],
    )


def delete(draft: Medication) -> Suggestion | None:
    """Cancel one draft of quinine; None when it has no sound id to name it by."""
    if draft.reference is None:
        return None
    return Suggestion(
        label=_which("cancel", draft),
        description=say(words.SUGGEST_CANCEL_DESCRIPTION),
        action=DeleteDraft(draft.reference),
        kind=_KINDS["cancel"],
    )


def monitoring(hazards: Iterable[Hazard], facts: Facts) -> tuple[Suggestion, ...]:
    """The tests the hazards call for, but none that is ordered or drafted, or has a value of the last days."""
    called_for = {monitor for hazard in hazards for monitor in hazard.monitors}
    wanted = (monitor for monitor in Monitor if monitor in called_for and not is_fresh(facts, monitor))
    return offered(facts, *(_MONITORING[monitor] for monitor in wanted))


def _which(doing: Doing, order: Medication) -> Phrase:
    """The label names the order: there may be several."""
    label = say(words.SUGGEST[doing])
    if order.text:
        label = say(words.SUGGEST_TEXT, label=label, text=Label(order.text))
    if order.authored is not None:
        label = say(words.SUGGEST_DATE, label=label, date=order.authored)
    return label
