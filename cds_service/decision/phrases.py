"""What a rule says, before it is in any language: a key into the texts, and the values it needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from cds_service.patient.moments import Moment


@dataclass(frozen=True, slots=True)
class Text:
    """A text of ours. ``key``: its place in the files of texts. ``text`` and ``texts`` make it when a module is imported."""

    key: str


_DECLARED: dict[str, Text] = {}
Name = TypeVar("Name", bound=str)


def text(key: str) -> Text:
    """The text of that key, noted for the check at start (``checks``)."""
    return _DECLARED.setdefault(key, Text(key))


def texts(prefix: str, names: Iterable[Name]) -> Mapping[Name, Text]:
    """A family of texts, by what they are of: ``<prefix>.<name>`` for each name, each noted for the check at start."""
    return MappingProxyType({name: text(f"{prefix}.{name}") for name in names})


def declared() -> tuple[Text, ...]:
    """Every text that the modules imported so far may say."""
    return tuple(_DECLARED.values())


@dataclass(frozen=True, slots=True)
class Received:
    """Words that came from the client: cut to ``most`` characters, cleaned and escaped before they are shown."""

    text: str
    most: int = 80


@dataclass(frozen=True, slots=True)
class Label:
    """The same, for a label, which is short and read as plain text: Markdown's signs are not escaped."""

    text: str


@dataclass(frozen=True, slots=True)
class Plain:
    """Words from the client for a line that may be read as Markdown or not: signs of it are left out, not escaped."""

    text: str
    most: int = 80


@dataclass(frozen=True, slots=True)
class Joined:
    """Several values as a list in the language's own form ("a, b and c")."""

    parts: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Several values one after another, as they are: sentences with a space ``between``, facts with "; "."""

    parts: tuple["Value", ...]
    between: str = "; "


@dataclass(frozen=True, slots=True)
class Phrase:
    """A key of the texts ("card.standing") and its placeholders' values.

    A ``str`` value is our own word and goes in as it is (a unit, a drug's international name);
    client's words must be ``Received``. Numbers and dates are written in the language's form.
    """

    key: str
    values: Mapping[str, "Value"] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Of the values too: a chart may give thousands of phrases of one key, and each is to be said once."""
        return hash((self.key, frozenset(self.values.items()))) if self.values else hash(self.key)


Value = str | int | Decimal | date | Moment | Received | Label | Plain | Joined | Listed | Phrase


def say(said: Text, /, **values: Value) -> Phrase:
    """A phrase, in short."""
    return Phrase(said.key, values) if values else _bare(said.key)


@lru_cache(maxsize=4096)  # the keys are ours
def _bare(key: str) -> Phrase:
    return Phrase(key)


def sentences(*parts: Phrase) -> Listed:
    """Several sentences as one bullet."""
    return Listed(parts, " ")
