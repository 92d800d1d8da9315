"""Whether all that a decision says has words, in both languages, with a value for every placeholder."""

from collections.abc import Iterator
from string import Formatter

from cds_service.catalogue import wording
from cds_service.decision.phrases import Joined, Phrase
from cds_service.settings import LANGUAGES

THEIR_OWN = "why."  # reasons an entry could not be read come from the reader
_TEXT_KEYS = ("heading", "finding")  # fields that hold a text key
_NEVER_EMPTY = ("name", "phrase", "because", "reason", "missing", "summary", "label", "description")


def unsayable(value: object) -> set[str]:
    """What in a decision, or in any part of one, has no words or lacks a value."""
    return set(_faults(value))


def _faults(value: object) -> Iterator[str]:
    if isinstance(value, Phrase):
        yield from _faults_of(value)
        for one in value.values.values():
            yield from _faults(one)
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
            if name in _TEXT_KEYS and field not in wording("en"):
                yield str(field)
            if name in _NEVER_EMPTY and (field is None or field == ()):
                yield name
            yield from _faults(field)


def _faults_of(phrase: Phrase) -> Iterator[str]:
    if isinstance(phrase.key, str) and phrase.key.startswith(THEIR_OWN):
        return
    for language in LANGUAGES:
        words = wording(language)
        if phrase.key not in words:
            yield str(phrase.key)
            continue
        wanted = {name for _, name, _, _ in Formatter().parse(words.text(phrase.key)) if name is not None}
        known = {name for name, value in phrase.values.items() if value is not None}
        yield from (f"{phrase.key}: {name}" for name in wanted - known)
