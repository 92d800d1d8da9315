"""A CDS Hooks card and its parts, as frozen values. Names follow the specification."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

MOST_SUGGESTIONS = 5
MOST_SUMMARY = 139
"""Characters of a card's summary: the specification wants fewer than 140."""


def card_uuid(hook_instance: str, service_id: str, topic: str) -> UUID:
    """A card's uuid follows from its call and topic: no clock, no randomness, nothing of the patient."""
    return uuid5(NAMESPACE_URL, f"{hook_instance}/{service_id}/{topic}")


def suggestion_uuid(card: UUID, place: int) -> UUID:
    """A suggestion's uuid follows from its card's and from its place on it, counted from 0."""
    return uuid5(card, str(place))


def place_of(suggestion: UUID, card: UUID) -> int | None:
    """Which of the card's suggestions that is, counted from 0; None where it is none of its."""
    return next((place for place in range(MOST_SUGGESTIONS) if suggestion_uuid(card, place) == suggestion), None)


@dataclass(frozen=True, slots=True)
class Coding:
    """``system`` may be None where the specification lets a plain code stand."""

    code: str
    display: str | None = None
    system: str | None = None


@dataclass(frozen=True, slots=True)
class CardSource:
    """Who speaks: label, url, and the static topic EHRs key their overrides on."""

    label: str
    topic: Coding
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """``type``: create, update or delete. ``resource`` for create and update, ``resource_id`` for delete."""

    type: str
    description: str
    resource: Mapping[str, Any] | None = None
    resource_id: str | None = None


@dataclass(frozen=True, slots=True)
class CardSuggestion:
    """One action each, because Epic takes only that. ``kind``: what it is counted as; never sent."""

    label: str
    uuid: str
    actions: tuple[Action, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """``type`` is always absolute here; appContext is only for smart links, which we have none of."""

    label: str
    url: str
    type: str = "absolute"


@dataclass(frozen=True, slots=True)
class Card:
    """``summary`` at most MOST_SUMMARY characters, ``detail`` in GitHub-flavoured Markdown without HTML."""

    uuid: str
    summary: str
    detail: str
    indicator: str
    source: CardSource
    suggestions: tuple[CardSuggestion, ...] = ()
    override_reasons: tuple[Coding, ...] = ()
    links: tuple[Link, ...] = ()
