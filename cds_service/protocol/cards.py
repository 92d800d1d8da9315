"""A CDS Hooks card and its parts, as frozen values. Names follow the specification."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_SUMMARY = 139
"""Characters of a card's summary: the specification wants fewer than 140."""


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
    """One action each, because Epic takes only that."""

    label: str
    uuid: str
    actions: tuple[Action, ...]


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
