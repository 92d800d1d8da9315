"""A draft of a site file, from what a replay could not read: every line is a comment until somebody has reviewed it."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cds_service.cards.escaping import from_spreadsheet
from cds_service.errors import CallError

_KINDS = {
    "conditions": "problems",
    "observations": "results",
    "medicationRequests": "drugs",
    "medicationStatements": "drugs",
    "draftOrders": "drugs",
    "allergies": "drugs",
}
"""What the entries of a query are of."""
_CODES = frozenset(("code-unknown",))
_NAMES = frozenset(("nearly-a-name", "by-name", "no-code", "words-only"))
"""Why an entry could not be used where a mapping would help: of its code, of its name."""
_COLUMNS = frozenset(("query", "why", "nearest_concept", "text", "patients"))
_HEAD = """\
# A draft, from {source}: what a replay could not read, the most frequent first. Nothing of it counts.
# For a line that you have reviewed: take its "# " away, and that of the headings above it, and put one of our words in;
# say who you are and when. Then: cds-service site check FILE
"""
_REVIEW = ('reviewed_by = ""', "reviewed_on = ")


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    why: str
    near: str
    text: str
    patients: str


def draft(file: Path) -> str:
    """The draft, from an unread.csv. Raises CallError for a file that is none."""
    rows = _rows(file)
    codes = [row for row in rows if row.why in _CODES and "|" in row.text]
    names = [row for row in rows if row.why in _NAMES and row.text]
    lines = [*_of_codes(codes), *_of_names(names)] or ["", "No code and no name: nothing to map."]
    return _HEAD.format(source=file.name) + "".join(f"# {line}".rstrip() + "\n" if line else "\n" for line in lines)


def _rows(file: Path) -> list[_Row]:
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            reader = csv.DictReader(opened)
            if not set(reader.fieldnames or ()) >= _COLUMNS:
                message = f"{file}: is no unread.csv of a replay"
                raise CallError(message)
            found = [_row(one) for one in reader]
    except (UnicodeDecodeError, csv.Error):
        message = f"{file}: is no unread.csv of a replay"
        raise CallError(message) from None
    return [one for one in found if one.kind]


def _row(told: Mapping[str, str]) -> _Row:
    text = from_spreadsheet(told["text"] or "")
    near, patients = " ".join((told["nearest_concept"] or "").split()), told["patients"] or ""
    return _Row(_KINDS.get(told["query"], ""), told["why"], near, text, patients if patients.isdecimal() else "?")


def _of_codes(rows: Iterable[_Row]) -> Iterator[str]:
    """A table for each system, with a table for each kind."""
    by_system: dict[str, dict[str, list[tuple[str, _Row]]]] = {}
    for row in rows:
        system, _, code = row.text.rpartition("|")
        by_system.setdefault(system, {}).setdefault(row.kind, []).append((code, row))
    for system, kinds in by_system.items():
        yield from ("", "[[codes]]", f"system = {_quoted(system)}", *_REVIEW)
        for kind, found in kinds.items():
            yield f"[codes.{kind}]"
            yield from _mapped((code, row) for code, row in found)


def _of_names(rows: Iterable[_Row]) -> Iterator[str]:
    by_kind: dict[str, list[tuple[str, _Row]]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append((row.text, row))
    if by_kind:
        yield from ("", "[[names]]", *_REVIEW)
    for kind, found in by_kind.items():
        yield f"[names.{kind}]"
        yield from _mapped(found)


def _mapped(found: Iterable[tuple[str, _Row]]) -> Iterator[str]:
    for key, row in dict(found).items():
        near = f", nearest: {row.near}" if row.near else ""
        yield f'{_quoted(key)} = ""  # {row.patients} patients{near}'


def _quoted(text: str) -> str:
    """A basic string of TOML, whose escapes are JSON's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
