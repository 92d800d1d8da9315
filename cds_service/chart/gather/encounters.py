"""Conditions with what their encounters say of them, where an encounter is in hand."""

from collections.abc import Sequence

from cds_service.chart.gather.subjects import reference_key
from cds_service.chart.model import Resource
from cds_service.chart.r4.elements import reference
from cds_service.chart.r4.problems import with_encounter


def dated(conditions: Sequence[Resource], encounters: Sequence[Resource]) -> Sequence[Resource]:
    """The Conditions, a visit's diagnosis without a date of its own with that of its encounter."""
    by_key = {key: one for one in encounters for key in (f"Encounter/{one.get('id')}", f"urn:uuid:{one.get('id')}")}
    found = [(one, by_key.get(_encounter(one))) for one in conditions]
    return [one if encounter is None else with_encounter(dict(one), dict(encounter)) for one, encounter in found]


def _encounter(condition: Resource) -> str:
    made = reference(condition.get("encounter") or condition.get("context")) or {}
    return reference_key(made.get("reference", ""))
