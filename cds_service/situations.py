"""The situations: one set of synthetic patients for the tests, the demo and the docs.

They are those of ``fhir_fixtures/``, and of the folder ``situations/`` of a guideline that has one.

Each folder holds ``story.md`` (front matter in TOML between ``+++`` lines, then the story in both
languages), ``chart.json`` (a Bundle of type collection), for order hooks ``drafts.json`` (the members
the hook adds to its context, exactly as the EHR sends them), and, derived from these, a request and
the golden response of each hook. The day is part of the situation, so its dates never rot.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from cds_service.catalogue import GUIDELINES
from cds_service.chart import queries
from cds_service.decision.guideline import Guideline
from cds_service.errors import ConfigurationError
from cds_service.protocol.request import TODAY_EXTENSION

_PACKAGE = Path(__file__).parent
FOLDER = next(
    (folder for folder in (_PACKAGE / "fhir_fixtures", _PACKAGE.parent / "fhir_fixtures") if folder.is_dir()),
    _PACKAGE / "fhir_fixtures",
)
"""Inside the package where a wheel was installed, beside it in the source tree and in the image."""

_HEADINGS = {"en": "## English", "id": "## Bahasa Indonesia"}


@dataclass(frozen=True, slots=True)
class Situation:
    """One patient at one moment.

    ``title`` and ``story`` by language. ``day``: when it happens. ``hooks``: the first gives
    request.json and response.json. ``received``: which of our prefetch keys the EHR sends, or None
    for all. ``drafts``: draftOrders and selections as sent, None for patient-view. ``guideline``: the one
    that brings it, None for those of ``fhir_fixtures/``.
    """

    name: str
    title: Mapping[str, str]
    story: Mapping[str, str]
    day: date
    hooks: tuple[str, ...]
    chart: Mapping[str, Any]
    received: tuple[str, ...] | None = None
    drafts: Mapping[str, Any] | None = None
    guideline: str | None = None

    @property
    def resources(self) -> tuple[Mapping[str, Any], ...]:
        """Every resource of the chart."""
        return tuple(entry["resource"] for entry in self.chart["entry"])

    @property
    def patient_id(self) -> str:
        """The id of its one Patient."""
        return str(next(r["id"] for r in self.resources if r["resourceType"] == "Patient"))


@cache
def folders() -> Mapping[str, Path]:
    """The folder of each situation, by its name, in order.

    Raises ConfigurationError when there is none of ours: the installation is not whole.
    """
    if not any(FOLDER.glob("*/story.md")):
        message = f"the installation is not whole: there are no situations in {FOLDER}"
        raise ConfigurationError(message)
    places = (FOLDER, *map(_own, GUIDELINES))
    found = [story.parent for place in places for story in place.glob("*/story.md")]
    return {folder.name: folder for folder in sorted(found, key=lambda folder: folder.name)}


def _own(guideline: Guideline) -> Path:
    return Path(str(guideline.folder / "situations"))


def names() -> tuple[str, ...]:
    """The situations' names, in order. Raises ConfigurationError when there is none of ours."""
    return tuple(folders())


@cache
def load(name: str) -> Situation:
    """One situation. Raises KeyError when there is none of this name."""
    folder = folders()[name]
    _, front, body = (folder / "story.md").read_text(encoding="utf-8").split("+++\n", 2)
    head = tomllib.loads(front)
    drafts = folder / "drafts.json"
    return Situation(
        name=name,
        title=head["title"],
        story=_stories(body),
        day=head["day"],
        hooks=tuple(head["hooks"]),
        chart=orjson.loads((folder / "chart.json").read_bytes()),
        received=tuple(head["received"]) if "received" in head else None,
        drafts=orjson.loads(drafts.read_bytes()) if drafts.is_file() else None,
        guideline=next((one.name for one in GUIDELINES if _own(one) == folder.parent), None),
    )


def load_all() -> Iterator[Situation]:
    """Every situation, in the order of their names."""
    return (load(name) for name in names())


def request(situation: Situation, hook: str) -> dict[str, Any]:
    """The CDS Hooks request an EHR would send: our prefetch templates answered from the chart."""
    context: dict[str, Any] = {"userId": "Practitioner/example", "patientId": situation.patient_id}
    if hook != "patient-view":
        context |= situation.drafts or {}
    if hook == "order-sign":
        context.pop("selections", None)  # only order-select has them
    return {
        "hook": hook,
        "hookInstance": str(uuid5(NAMESPACE_URL, f"{situation.name}/{hook}")),
        "context": context,
        "prefetch": {
            query.key: _prefetched(situation, query.key, query.resource_types)
            for query in queries.ALL
            if situation.received is None or query.key in situation.received
        },
        "extension": {TODAY_EXTENSION: situation.day.isoformat()},
    }


def request_file(situation: Situation, hook: str) -> Path:
    """Where the request of this hook is kept: request.json for the first hook, else request.<hook>.json."""
    return folders()[situation.name] / ("request.json" if hook == situation.hooks[0] else f"request.{hook}.json")


def response_file(situation: Situation, hook: str) -> Path:
    """Where the golden response of this hook is kept."""
    return request_file(situation, hook).with_name(
        "response.json" if hook == situation.hooks[0] else f"response.{hook}.json"
    )


def _prefetched(situation: Situation, key: str, types: tuple[str, ...]) -> object:
    members = [r for r in situation.resources if r["resourceType"] in types]
    if key == "patient":
        return members[0] if members else None
    if key == "medicationRequests":
        members += [r for r in situation.resources if r["resourceType"] in ("Medication", "MedicationOrder")]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(members),
        "entry": [{"resource": resource} for resource in members],
    }


def _stories(body: str) -> dict[str, str]:
    _, english = body.split(_HEADINGS["en"], 1)
    english, indonesian = english.split(_HEADINGS["id"], 1)
    return {"en": english.strip(), "id": indonesian.strip()}
