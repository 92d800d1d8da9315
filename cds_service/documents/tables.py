"""Tables of a TOML file, read key by key; every mistake is kept with its line, and none ends the reading."""

import pathlib
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Self

from cds_service.documents.lines import Lines, Path
from cds_service.errors import ConfigurationError

MOST_TEXT = 200  # characters of a text that is shown
_AT_LINE = " (at line "


class Document:
    """A TOML document. ``name``: what its mistakes call it. Raises ConfigurationError for what is no TOML."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._mistakes: list[tuple[int, str]] = []
        try:
            self.tree: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            problem, _, place = str(error).partition(_AT_LINE)
            line = place.partition(",")[0] or len(text.splitlines())
            message = f"{name}, line {line}: is not TOML: {problem[:1].lower()}{problem[1:]}"
            raise ConfigurationError(message) from None

    @classmethod
    def read(cls, file: pathlib.Path) -> Self:
        """The document in a file, called by the file's name. Raises ConfigurationError, too, where it can't be read."""
        try:
            return cls(file.name, file.read_bytes().decode())
        except OSError as error:
            message = f"{file} cannot be read ({error.strerror})"
        except UnicodeDecodeError:
            message = f"{file.name} is not UTF-8"
        raise ConfigurationError(message)

    @property
    def top(self) -> "Table":
        """The whole of it."""
        return Table(self, (), self.tree)

    def wrong(self, path: Path, problem: str) -> None:
        """Note a mistake at that place."""
        self.wrong_beside(f"{self.name}, line {self._lines.of(path)}", self._lines.of(path), problem)

    def wrong_beside(self, place: str, line: int, problem: str) -> None:
        """Note a mistake in a file beside this one, named on that line."""
        self._mistakes.append((line, f"{place}: {problem}"))

    def line(self, path: Path) -> int:
        """The line of a place."""
        return self._lines.of(path)

    def insist(self) -> None:
        """Raise ConfigurationError with every mistake, a line each, in the order of their lines."""
        if self._mistakes:
            raise ConfigurationError("\n".join(dict.fromkeys(text for _, text in sorted(self._mistakes))))

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)


@dataclass
class Table:
    """One table. What is not asked for until ``done`` is a mistake."""

    document: Document
    path: Path
    content: Mapping[str, Any]
    _asked: set[str] = field(default_factory=set)

    def wrong(self, problem: str, *keys: str | int) -> None:
        """Note a mistake in the table, or at a key of it."""
        self.document.wrong((*self.path, *keys), problem)

    def text(self, key: str, *, needed: bool = True, most: int = MOST_TEXT) -> str | None:
        """A text, without spaces around it."""
        value = self._take(key, needed=needed)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip() or len(value) > most or not value.isprintable():
            self.wrong(f"{key} must be a text of at most {most} characters on one line", key)
            return None
        return value.strip()

    def day(self, key: str) -> date | None:
        """A date, as TOML writes one (2026-11-20)."""
        value = self._take(key, needed=True)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.wrong(f"{key} must be a date without quotes, such as 2026-11-20", key)
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._take(key, needed=False)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            self.wrong(f'{key} must be a list of texts, such as ["one", "two"]', key)
            return ()
        return tuple(value)

    def value(self, key: str) -> Any:
        """What stands there, of whatever type; None where nothing does."""
        return self._take(key, needed=False)

    def place(self, key: str, item: str) -> int:
        """Where an item stands in a list of texts."""
        return list(self.content[key]).index(item)

    def table(self, key: str) -> "Table | None":
        """A table in this one; None where there is none."""
        value = self._take(key, needed=False)
        if value is None or isinstance(value, dict):
            return None if value is None else Table(self.document, (*self.path, key), value)
        self.wrong(f"{key} must be a table, [{'.'.join((*map(str, self._keys()), key))}]", key)
        return None

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of an array."""
        value = self._take(key, needed=False)
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.wrong(f"{key} must be written [[{key}]], once for each", key)
            return
        for place, one in enumerate(value):
            yield Table(self.document, (*self.path, key, place), one)

    def done(self) -> None:
        """Note every key that was not asked for, with the nearest that may stand here."""
        for key in self.content.keys() - self._asked:
            self.wrong(f'"{key}" is not known here{nearest(key, self._asked)}', key)

    def _take(self, key: str, *, needed: bool) -> Any:
        self._asked.add(key)
        if key not in self.content and needed:
            self.wrong(f"{key} is missing")
        return self.content.get(key)

    def _keys(self) -> Iterator[str]:
        return (key for key in self.path if isinstance(key, str))


def nearest(word: str, known: Collection[str]) -> str:
    """The nearest known word, as it ends a sentence."""
    found = get_close_matches(word, sorted(known), n=1, cutoff=0)
    return f'; the nearest is "{found[0]}"' if found else ""
