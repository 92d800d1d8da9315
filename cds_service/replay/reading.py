"""The files of an export: NDJSON or whole documents, gzipped or not, under any name."""

import gzip
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from glob import glob
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import orjson

from cds_service.errors import CallError

_GZIP = b"\x1f\x8b"
_BUFFER = 1 << 20  # bytes read at a time: many lines
_AT_ONCE = 512  # lines, or fewer long ones, between two words on the progress


File = BinaryIO | gzip.GzipFile

Lines = tuple[int, list[bytes]]
"""Lines of NDJSON, or one whole document, with the number of the first, from 1."""


def files_of(export: Iterable[str]) -> tuple[Path, ...]:
    """Every file that paths, folders and globs name, once, in the order of their names; hidden files are left.

    Raises CallError for a name that is no file, folder or glob of some.
    """
    found: dict[Path, None] = {}
    for named in export:
        path = Path(named)
        if path.is_dir():
            inside = (file for file in path.rglob("*") if file.is_file() and not _hidden(file.relative_to(path)))
            found |= dict.fromkeys(file.resolve() for file in inside)
        elif path.is_file():
            found[path.resolve()] = None
        else:
            matched = [Path(one) for one in glob(named, recursive=True) if Path(one).is_file()]  # noqa: PTH207 - may be absolute
            if not matched:
                message = f"{named}: there is no such file or folder"
                raise CallError(message)
            found |= dict.fromkeys(file.resolve() for file in matched)
    if not found:
        message = "the export holds no file"
        raise CallError(message)
    return tuple(sorted(found))


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)


def lines_of(file: Path, progress: Callable[[int], None] = lambda _: None) -> Iterator[Lines]:
    """The file's lines, some at a time, or its one document. ``progress``: told the bytes read since it was last told.

    Raises OSError or EOFError where the file cannot be read on, after what came before that.
    """
    with file.open("rb", _BUFFER) as raw:
        packed = raw.read(len(_GZIP)) == _GZIP
        raw.seek(0)
        unpacked: File = gzip.GzipFile(fileobj=raw) if packed else raw
        with closing(unpacked):
            told, number = 0, 1
            for some in _some(unpacked):
                yield number, some
                number += len(some)
                progress(raw.tell() - told)
                told = raw.tell()
        progress(file.stat().st_size - told)


def _some(file: File) -> Iterator[list[bytes]]:
    """Lines, unless neither of the first two is JSON by itself: then it is one document, written over many."""
    head = [file.readline(), file.readline()]
    if not any(map(_is_json, head)):
        whole = b"".join((*head, *file))
        head = [whole] if _is_json(whole) else whole.splitlines()
        file = BytesIO()
    some: list[bytes] = []
    size = 0
    try:
        for line in chain(head, file):
            some.append(line)
            size += len(line)
            if len(some) == _AT_ONCE or size > _BUFFER:
                yield some
                some, size = [], 0
    except (OSError, EOFError):
        yield some
        raise
    if some:
        yield some


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError:
        return False
    return True
