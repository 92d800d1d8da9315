"""The situations of ``fhir_fixtures/``: a story, a chart, and the hook calls that belong to it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson

Json = dict[str, Any]

_HEADINGS = {"## English": "en", "## Bahasa Indonesia": "id"}
_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Situation:
    """One folder of ``fhir_fixtures/``.

    ``titles`` and ``stories``: by language ("en", "id"). ``day``: when it happens. ``chart``: the
    resources as written. ``requests``: the written hook calls, by hook. ``drafts``: draftOrders and
    selections of the order hooks, or None. ``received``: the only prefetch keys the EHR sends, or None for all.
    """

    name: str
    titles: Mapping[str, str]
    stories: Mapping[str, str]
    day: date
    hooks: tuple[str, ...]
    chart: tuple[Json, ...] = field(repr=False)
    requests: Mapping[str, Json] = field(default_factory=dict, repr=False)
    drafts: Json | None = field(default=None, repr=False)
    received: tuple[str, ...] | None = None


def fixtures_folder() -> Path:
    """Where the situations are: beside the package in a checkout, inside it when installed."""
    inside = _PACKAGE / "fhir_fixtures"
    return inside if inside.is_dir() else _PACKAGE.parent / "fhir_fixtures"


def load_situations(folder: Path) -> tuple[Situation, ...]:
    """All situations of the folder, by name; none when there is no such folder."""
    if not folder.is_dir():
        return ()
    return tuple(_load(one) for one in sorted(folder.iterdir()) if (one / "chart.json").is_file())


def _load(folder: Path) -> Situation:
    _, matter, body = (folder / "story.md").read_text("utf-8").split("+++\n", 2)
    front = tomllib.loads(matter)
    received = front.get("received")
    drafts = folder / "drafts.json"
    return Situation(
        name=folder.name,
        titles=front["title"],
        stories=_stories(body),
        day=front["day"],
        hooks=tuple(front["hooks"]),
        chart=_resources(orjson.loads((folder / "chart.json").read_bytes())),
        requests=_requests(folder),
        drafts=orjson.loads(drafts.read_bytes()) if drafts.is_file() else None,
        received=None if received is None else tuple(received),
    )


def _stories(body: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in body.splitlines():
        if line.strip() in _HEADINGS:
            lines = found.setdefault(_HEADINGS[line.strip()], [])
        else:
            lines.append(line)
    return {language: "\n".join(text).strip() for language, text in found.items()}


def _resources(chart: Json) -> tuple[Json, ...]:
    """The chart's resources; an entry may also be the resource itself, or hold none."""
    entries = [entry.get("resource", entry) for entry in chart.get("entry", ())]
    return tuple(entry for entry in entries if isinstance(entry, dict) and "resourceType" in entry)


def _requests(folder: Path) -> dict[str, Json]:
    """The written calls: ``request.json`` and ``request.<hook>.json``, by the hook each names."""
    written = [orjson.loads(path.read_bytes()) for path in sorted(folder.glob("request*.json"))]
    return {one["hook"]: one for one in written}
