"""The leaflets' texts and figures, read once from the guideline's folder."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

TOPICS = (
    "leg-cramps",
    "during-a-cramp",
    "calf-stretch",
    "hamstring-stretch",
    "calf-raises",
    "heat-and-massage",
    "when-to-call-a-doctor",
    "quinine",
)
"""In the order the index shows them; the first is the one sheet that has everything."""


@dataclass(frozen=True, slots=True)
class Part:
    """A headed piece: numbered ``steps``, or ``points`` in no order; ``figure`` names an SVG, ``alt`` says what it shows."""

    heading: str
    steps: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    figure: str | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Leaflet:
    """One page for a patient. ``layout``: "steps" (parts below each other) or "sheet" (parts in a grid)."""

    topic: str
    language: str
    title: str
    lead: str
    layout: str
    parts: tuple[Part, ...]
    care_heading: str
    care: tuple[str, ...]


@cache
def words(language: str) -> Mapping[str, str]:
    """The words all leaflets share."""
    return {key: str(value) for key, value in _toml(language, "words").items()}


@cache
def leaflet(topic: str, language: str) -> Leaflet | None:
    """The leaflet of a topic in "en" or "id", or None when there is no such topic."""
    if topic not in TOPICS:
        return None
    text = _toml(language, topic)
    return Leaflet(
        topic=topic,
        language=language,
        title=text["title"],
        lead=text["lead"],
        layout=text["layout"],
        parts=tuple(_part(part) for part in text["parts"]),
        care_heading=text["care"].get("heading", words(language)["care"]),
        care=tuple(text["care"]["points"]),
    )


@cache
def figure(name: str) -> str:
    """The SVG of a figure. Drawn by us, so it may go into a page as it is."""
    return (
        resources.files("cds_service.guidelines.leg_cramps")
        .joinpath("leaflets", "figures", f"{name}.svg")
        .read_text("utf-8")
    )


def _part(text: Mapping[str, Any]) -> Part:
    return Part(
        heading=text["heading"],
        steps=tuple(text.get("steps", ())),
        points=tuple(text.get("points", ())),
        figure=text.get("figure"),
        alt=text.get("alt"),
    )


def _toml(language: str, name: str) -> dict[str, Any]:
    path = resources.files("cds_service.guidelines.leg_cramps").joinpath("leaflets", language, f"{name}.toml")
    return tomllib.loads(path.read_text("utf-8"))
