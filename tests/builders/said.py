"""What a decision says: the keys of its texts, and whether all of it has words, in both languages."""

from collections.abc import Iterator

from cds_service.catalogue import wording
from cds_service.decision.checks import placeholders
from cds_service.decision.phrases import Joined, Listed, Phrase, Text
from cds_service.decision.recommendation import Advise, Decision
from cds_service.settings import LANGUAGES

_NEVER_EMPTY = ("name", "phrase", "reason", "missing", "summary", "label", "description")


def unsayable(value: object) -> set[str]:
    """What in a decision, or in any part of one, has no words or lacks a value."""
    return set(_faults(value))


def _faults(value: object) -> Iterator[str]:
    if isinstance(value, Phrase):
        yield from _faults_of(value)
        for one in value.values.values():
            yield from _faults(one)
    elif isinstance(value, Text):
        yield from (value.key for language in LANGUAGES if value not in wording(language))
    elif isinstance(value, Joined | Listed):
        if not value.parts:
            yield "an empty list"
        yield from _faults(value.parts)
    elif isinstance(value, tuple):
        for one in value:
            yield from _faults(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            field = getattr(value, name)
            if name in _NEVER_EMPTY and (field is None or field == ()):
                yield name
            yield from _faults(field)


def _faults_of(phrase: Phrase) -> Iterator[str]:
    for language in LANGUAGES:
        words = wording(language)
        if phrase.key not in words.texts:
            yield phrase.key
            continue
        wanted = placeholders(words.texts[phrase.key])
        known = {name for name, value in phrase.values.items() if value is not None}
        yield from (f"{phrase.key}: {name}" for name in wanted - known)


def sayable(decision: Decision) -> Decision:
    """The decision, all of which has words."""
    assert unsayable(decision) == set()
    return decision


def advised(decision: Decision) -> Advise:
    """The advice, all of which has words."""
    assert isinstance(decision, Advise), decision
    assert unsayable(decision) == set()
    return decision


def keys(value: object) -> set[str]:
    """Every text key used by a decision, or any part of one, headings included."""
    found: set[str] = set()
    _collect(value, found)
    return found


def _collect(value: object, found: set[str]) -> None:
    if isinstance(value, Phrase):
        found.add(value.key)
        for one in value.values.values():
            _collect(one, found)
    elif isinstance(value, Joined | Listed):
        for part in value.parts:
            _collect(part, found)
    elif isinstance(value, (tuple, list)):
        for one in value:
            _collect(one, found)
    elif isinstance(value, Text):
        found.add(value.key)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            _collect(getattr(value, name), found)


def shown(advise: Advise) -> set[str]:
    """The text keys of what a card says to do."""
    return keys(advise.act)
