"""What a clinician may do about quinine with one click: stop it, cancel it, teach stretching, monitor."""

from cds_service.guidance.phrases import say
from cds_service.guidance.quinine_safety import Monitor, Safety
from cds_service.guidance.recommendation import DeleteDraft, ProposedOrder, StopMedication, Suggestion
from cds_service.patient.facts import Facts, Medication

_SNOMED = "http://snomed.info/sct"
_LOINC = "http://loinc.org"
_EDUCATION = (_SNOMED, "409073007", "Education")
_LABORATORY = (_SNOMED, "108252007", "Laboratory procedure")
_DIAGNOSTIC = (_SNOMED, "103693007", "Diagnostic procedure")

_ORDERS: dict[Monitor, tuple[tuple[str, str, str], tuple[str, str, str], frozenset[str]]] = {
    # what to monitor: its code, its category, and the order concepts that mean it is already under way
    Monitor.ECG: ((_LOINC, "11524-6", "EKG study"), _DIAGNOSTIC, frozenset({"ecg_order"})),
    Monitor.BLOOD_COUNT: (
        (_LOINC, "58410-2", "CBC panel - Blood by Automated count"),
        _LABORATORY,
        frozenset({"cbc_order", "platelets"}),
    ),
    Monitor.POTASSIUM: (
        (_LOINC, "2823-3", "Potassium [Moles/volume] in Serum or Plasma"),
        _LABORATORY,
        frozenset({"potassium", "electrolyte_panel"}),
    ),
    Monitor.MAGNESIUM: (
        (_LOINC, "2601-3", "Magnesium [Moles/volume] in Serum or Plasma"),
        _LABORATORY,
        frozenset({"magnesium"}),
    ),
}


def stop(medication: Medication) -> Suggestion | None:
    """Stop an active order: its whole resource with status ``stopped``.

    None where that can't be offered honestly: a statement (nobody ordered it here), a resource of
    another FHIR version, one without an id, or one the server cut down (SUBSETTED), whose update
    would destroy what was left out.
    """
    resource = medication.resource
    tags = resource.get("meta", {}).get("tag", ()) if isinstance(resource.get("meta"), dict) else ()
    if resource.get("resourceType") != "MedicationRequest" or not resource.get("id"):
        return None
    if any(isinstance(tag, dict) and tag.get("code") == "SUBSETTED" for tag in tags or ()):
        return None
    return Suggestion(
        label=say("avoid_quinine.suggest.stop"),
        description=say("avoid_quinine.suggest.stop_description"),
        action=StopMedication(resource),
    )


def delete(draft: Medication) -> Suggestion:
    """Cancel one draft of quinine."""
    resource_id = f"{draft.resource['resourceType']}/{draft.resource['id']}"
    return Suggestion(
        label=say("avoid_quinine.suggest.cancel"),
        description=say("avoid_quinine.suggest.cancel_description"),
        action=DeleteDraft(resource_id),
    )


def education() -> Suggestion:
    """Stretching instead."""
    order = ProposedOrder(
        text=say("avoid_quinine.suggest.education_order"),
        codings=((_SNOMED, "311401005", "Patient education"),),
        category=_EDUCATION,
    )
    return Suggestion(
        label=say("avoid_quinine.suggest.education"),
        description=say("avoid_quinine.suggest.education_description"),
        action=order,
    )


def monitoring(safety: Safety, facts: Facts) -> tuple[Suggestion, ...]:
    """The tests the hazards call for, each once, but none that is already ordered or among the drafts."""
    ordered = frozenset(concept for order in facts.orders for concept in order.concepts)
    wanted = dict.fromkeys(m for hazard in (*safety.critical, *safety.warnings) for m in hazard.monitors)
    return tuple(_monitor(monitor) for monitor in wanted if not _ORDERS[monitor][2] & ordered)


def _monitor(monitor: Monitor) -> Suggestion:
    code, category, _ = _ORDERS[monitor]
    name = say(f"avoid_quinine.monitor.{monitor}")
    return Suggestion(
        label=say("avoid_quinine.suggest.monitor", test=name),
        description=say("avoid_quinine.suggest.monitor_description", test=name),
        action=ProposedOrder(text=name, codings=(code,), category=category),
    )
