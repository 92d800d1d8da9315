"""The leaflets' texts and figures, read once from the guidelines' folders."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from cds_service.cards.wording import words_in
from cds_service.catalogue import LEAFLETS

TOPICS = tuple(LEAFLETS)
"""In the order the index shows them: the guidelines', each in its own."""


@dataclass(frozen=True, slots=True)
class Part:
    """A headed piece: numbered ``steps``, or ``points`` in no order; ``figure`` names an SVG, ``alt`` says what it shows."""

    heading: str
    steps: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    figure: str | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """Points in a box of their own."""

    heading: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaflet:
    """One page for a patient. ``layout``: "steps" (parts below each other) or "sheet" (parts in a grid).

    ``emergency``: what can't wait, before everything else; ``note``: for some readers alone; ``care``: what to heed.
    ``basis``: what its advice rests on, in small print.
    """

    topic: str
    language: str
    title: str
    lead: str
    layout: str
    parts: tuple[Part, ...]
    care: Box
    basis: str
    emergency: Box | None = None
    note: Box | None = None


@cache
def words(language: str) -> Mapping[str, str]:
    """The words all leaflets share."""
    return words_in(resources.files(__package__) / "templates" / "leaflets", language)


@cache
def leaflet(topic: str, language: str) -> Leaflet | None:
    """The leaflet of a topic in "en" or "id", or None when there is no such topic."""
    if topic not in TOPICS:
        return None
    folder = _folder(topic).joinpath(language)
    text = tomllib.loads(folder.joinpath(f"{topic}.toml").read_text("utf-8"))
    own = tomllib.loads(folder.joinpath("words.toml").read_text("utf-8"))
    return Leaflet(
        topic=topic,
        language=language,
        title=text["title"],
        lead=text["lead"],
        layout=text["layout"],
        parts=tuple(_part(part) for part in text["parts"]),
        care=_box(text["care"], words(language)["care"]),
        basis=text.get("basis", own["basis"]),
        emergency=_box(text["emergency"], words(language)["emergency"]) if "emergency" in text else None,
        note=_box(text["note"], "") if "note" in text else None,
    )


@cache
def figure(topic: str, name: str) -> str:
    """The SVG of a figure of a topic's leaflet. Drawn by us, so it may go into a page as it is."""
    return _folder(topic).joinpath("figures", f"{name}.svg").read_text("utf-8")


def _box(text: Mapping[str, Any], heading: str) -> Box:
    return Box(text.get("heading", heading), tuple(text["points"]))


def _part(text: Mapping[str, Any]) -> Part:
    return Part(
        heading=text["heading"],
        steps=tuple(text.get("steps", ())),
        points=tuple(text.get("points", ())),
        figure=text.get("figure"),
        alt=text.get("alt"),
    )


def _folder(topic: str) -> Traversable:
    return LEAFLETS[topic].folder.joinpath("leaflets")
