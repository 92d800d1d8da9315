"""What a rule says, before it is in any language: a key into the texts, and the values it needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from cds_service.patient.moments import Moment


@dataclass(frozen=True, slots=True)
class Received:
    """Words that came from the client: cut, cleaned and escaped before they are shown."""

    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """The same, for a label, which is short and read as plain text: Markdown's signs are not escaped."""

    text: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Several values as a list in the language's own form ("a, b and c")."""

    parts: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A key of the texts ("common.caveat") and its placeholders' values.

    A ``str`` value is our own word and goes in as it is (a unit, a drug's international name);
    client's words must be ``Received``. Numbers and dates are written in the language's form.
    """

    key: str
    values: Mapping[str, "Value"] = field(default_factory=dict, hash=False)


Value = str | int | Decimal | date | Moment | Received | Label | Joined | Phrase


def say(key: str, **values: Value) -> Phrase:
    """A phrase, in short."""
    return Phrase(key, values) if values else _bare(key)


@lru_cache(maxsize=4096)  # the keys are ours
def _bare(key: str) -> Phrase:
    return Phrase(key)
