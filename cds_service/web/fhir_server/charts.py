"""The charts as the server shows them: moved to today, with ids that are unique among all situations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cds_service.protocol.request import TODAY_EXTENSION
from cds_service.situations import Situation, request
from cds_service.web.fhir_server.dates import shifted
from cds_service.web.fhir_server.search import Json


@dataclass(frozen=True, slots=True)
class ServedChart:
    """One situation's chart on a day. Its patient's id is the situation's name.

    ``names``: from "Type/id" as written to the id as served; ``days`` by which it was moved.
    """

    situation: Situation
    patient_id: str
    resources: tuple[Json, ...] = field(repr=False)
    names: Mapping[str, str] = field(repr=False)
    days: int

    def call(self, hook: str) -> dict[str, Any]:
        """The hook call the situation's EHR would send today."""
        written = request(self.situation, hook)
        extension = {key: value for key, value in written.pop("extension", {}).items() if key != TODAY_EXTENSION}
        moved: dict[str, Any] = _renamed(shifted(written, self.days), self.names)
        return moved | ({"extension": extension} if extension else {})


def serve(situation: Situation, today: date) -> ServedChart:
    """The situation's chart as if it happened ``today``."""
    days = (today - situation.day).days
    names = _names(situation)
    resources = tuple(_named(_renamed(shifted(one, days), names), situation) for one in situation.resources)
    return ServedChart(situation, situation.name, resources, names, days)


def _names(situation: Situation) -> dict[str, str]:
    names: dict[str, str] = {}
    for resource in situation.resources:
        kind, written = resource["resourceType"], resource.get("id")
        if not isinstance(written, str):
            continue
        first_patient = kind == "Patient" and situation.name not in names.values()
        names[f"{kind}/{written}"] = situation.name if first_patient else f"{situation.name}.{written}"
    return names


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(one, names) for one in value]
    if isinstance(value, str):
        return f"{value.partition('/')[0]}/{names[value]}" if value in names else value
    if not isinstance(value, dict):
        return value
    renamed = {name: _renamed(one, names) for name, one in value.items()}
    own = f"{value.get('resourceType')}/{value.get('id')}"
    if own in names:
        renamed["id"] = names[own]
    patient = f"Patient/{value.get('patientId')}"
    if patient in names:
        renamed["patientId"] = names[patient]
    return renamed


def _named(resource: Json, situation: Situation) -> Json:
    """A patient whose name tells the situation, so that a list of patients can be chosen from."""
    if resource["resourceType"] != "Patient":
        return resource
    written = resource.get("name")
    name = dict(written[0]) if isinstance(written, list) and written else {"family": "Example"}
    name["given"] = name.get("given") or ["Sam"]
    name["family"] = f"{name.get('family', '')} ({situation.name})".strip()
    return {**resource, "name": [name]}
