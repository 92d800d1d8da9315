"""What a replayed patient comes to: flat rows without a name, an id or a text (unread texts excepted, which are filtered)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

NO_AGE = "not known"
"""The age band of a patient whose age no record tells."""


class Kind(StrEnum):
    """What a row tells of."""

    CALL = "call"
    CARD = "card"
    UNREAD = "unread"


class Outcome(StrEnum):
    """What became of a call. Only an answered one counts as a call."""

    ANSWERED = "answered"
    DIED = "died"
    INACTIVE = "inactive"
    NOT_JUDGED = "not-judged"  # an order of a drug that no rule looks at
    NO_MOMENT = "no-moment"  # no encounter or order in the days asked for
    REFUSED = "refused"  # the service would answer with an error: conditions not received, an id that is none
    FAILED = "failed"  # it would answer 500


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``patient``: a keyed hash; ``call``: which of the patient's calls, from 0.

    Of a call: ``outcome``, ``indicator`` of its worst card, ``cards``, ``cannot_tell`` (rules), ``missing``
    (what was not received or not known), ``unread`` (why something could not be used), ``silent`` (why a rule
    gave nothing), ``concerned`` (has or may have what the guideline is about), ``doubts`` (what the record does not tell of that moment), ``digest`` (a keyed hash of the answer).
    Of a card: ``topic``, ``rule``, ``version``, ``indicator``, ``missing``, ``digest``. Of an unread entry:
    ``what`` (the query), ``why``, ``nearest`` (concepts it may be about), ``text``.
    """

    kind: str
    patient: str
    call: int
    date: date
    service: str
    age: str = ""
    sex: str = ""
    outcome: str = ""
    topic: str = ""
    rule: str = ""
    version: str = ""
    indicator: str = ""
    cards: int = 0
    concerned: bool = False
    cannot_tell: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    digest: str = ""
    what: str = ""
    why: str = ""
    nearest: str = ""
    text: str = ""


NAMES = tuple(field.name for field in fields(Row))
NUMBERS = ("call", "cards")
TRUTHS = ("concerned",)
LISTS = ("cannot_tell", "missing", "unread", "silent", "doubts")


def as_mapping(row: Row) -> dict[str, object]:
    """The row by column, lists as lists."""
    return {name: list(value) if isinstance(value := getattr(row, name), tuple) else value for name in NAMES}


def from_mapping(columns: Mapping[str, Any]) -> Row:
    """The row of its columns."""
    values: dict[str, Any] = {name: tuple(value) if name in LISTS else value for name, value in columns.items()}
    return Row(**values)
