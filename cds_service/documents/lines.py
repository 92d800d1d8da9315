"""On which line of a TOML text something stands: the standard reader gives values, and no places."""

import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

Path = tuple[str | int, ...]
"""Keys, and places in arrays, from the top of the document down."""

_MAY_END = ("]", "}", '"""', "'''")  # what a value over several lines ends with
_LONG = 64  # lines of a value; of a longer one only where its brackets close it is tried whether it ends


class Lines:
    """The lines of a valid TOML text. It reads one statement after another, each alone."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {(): 1}
        self._tables: dict[Path, int] = {}
        here: Path = ()
        for start, chunk in _statements(text.splitlines()):
            found = tomllib.loads("\n".join(chunk))
            if chunk[0].lstrip().startswith("["):
                here = self._header(found)
                for path in (here[:-1], here) if isinstance(here[-1], int) else (here,):
                    self._lines.setdefault(path, start)
            else:
                self._note(here, found, start, chunk)

    def of(self, path: Path) -> int:
        """The line of what the path leads to; where nothing is there, of what it should be in."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _header(self, found: Any) -> Path:
        """The path of a table's heading; an array of tables grows by one."""
        path: Path = ()
        while found:
            ((key, found),) = found.items()
            path = (*path, key)
            if isinstance(found, list):
                self._tables[path] = self._tables.get(path, 0) + 1
                found = None
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
        return path

    def _note(self, path: Path, value: Any, line: int, chunk: Sequence[str]) -> None:
        """The lines of all keys and items of a value; one over several lines is looked through by its words."""
        children: Iterator[tuple[str | int, Any]] = iter(())
        if isinstance(value, dict):
            children = iter(value.items())
        elif isinstance(value, list):
            children = enumerate(value)
        for key, child in children:
            word = str(key if isinstance(value, dict) else child)
            offset = next((n for n, text in enumerate(chunk) if word in text), 0)
            self._lines.setdefault((*path, key), line + offset)
            self._note((*path, key), child, line + offset, chunk[offset:])


def _statements(lines: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Each heading and each key with its value: the number of its first line, and its lines."""
    start = depth = 0
    for end, line in enumerate(lines, 1):
        begins = end - start == 1
        depth = (0 if begins else depth) + sum(line.count(one) for one in "[{") - sum(line.count(one) for one in "]}")
        if begins and (not line.strip() or line.lstrip().startswith("#")):
            start = end
        elif begins or (any(sign in line for sign in _MAY_END) and (depth <= 0 or end - start <= _LONG)):
            try:
                tomllib.loads("\n".join(lines[start:end]))
            except tomllib.TOMLDecodeError:
                continue
            yield start + 1, lines[start:end]
            start = end
