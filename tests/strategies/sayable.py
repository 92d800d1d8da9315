"""Whether all that a decision says has words, in both languages, with a value for every placeholder."""

from collections.abc import Iterator

from cds_service.catalogue import wording
from cds_service.decision.checks import placeholders
from cds_service.decision.phrases import Joined, Phrase, Text
from cds_service.settings import LANGUAGES

_NEVER_EMPTY = ("name", "phrase", "because", "reason", "missing", "summary", "label", "description")


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
    elif isinstance(value, Joined):
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
