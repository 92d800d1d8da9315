"""From bytes to a JSON object, and from a schema's findings to one error that holds no value of the request."""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec
import orjson
from marshmallow import ValidationError

from cds_service.errors import InvalidRequestError

MOST_PROBLEMS = 5  # named in one error; the rest is counted

_OBJECT = ord("{")
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def parse_object(body: bytes) -> dict[str, Any]:
    """The body's JSON object. Raises InvalidRequestError for anything else.

    orjson refuses NaN and infinities, numbers beyond a double, lone surrogates, bytes that are not
    UTF-8, and nesting deeper than 1024 (before it can exhaust any stack). A byte order mark is allowed.
    """
    try:
        document = orjson.loads(body.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError as error:
        message = f"the body is not valid JSON (line {error.lineno}, column {error.colno})"
        raise InvalidRequestError(message) from None
    if not isinstance(document, dict):
        message = "the body must be a JSON object"
        raise InvalidRequestError(message)
    return document


class Unopened(Mapping[str, Any]):
    """A JSON object of the body that is parsed when it is first looked into.

    Raises InvalidRequestError then if orjson refuses it: for a number beyond a double, or nesting deeper than 1024.
    """

    def __init__(self, name: str, raw: memoryview) -> None:
        self._name, self._raw = name, raw

    @cached_property
    def _members(self) -> dict[str, Any]:
        try:
            members: dict[str, Any] = orjson.loads(self._raw)
        except orjson.JSONDecodeError:
            message = f"{self._name}: must not hold a number beyond a double or nesting deeper than 1024"
            raise InvalidRequestError(message) from None
        return members

    def __getitem__(self, name: str) -> Any:
        return self._members[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


def parse_around(body: bytes, name: str) -> dict[str, Any]:
    """The body's JSON object, with its member of this name ``Unopened`` where that is an object.

    The member's syntax is checked all the same, in a quarter of the time it takes to build what it says. Of a name
    that comes twice the last counts, and what the first held is checked no further.
    """
    try:
        if not body.isascii():
            str(body, "utf-8")  # what is only passed over is not looked at so closely
        members = _MEMBERS.decode(body.removeprefix(codecs.BOM_UTF8))
        return {key: _opened(key, memoryview(raw), later=key == name) for key, raw in members.items()}
    except (ValueError, RecursionError):
        return parse_object(body)  # which says what is wrong, and where


def _opened(name: str, raw: memoryview, *, later: bool) -> Any:
    return Unopened(name, raw) if later and raw[0] == _OBJECT else orjson.loads(raw)


def problems(error: ValidationError, path: str = "") -> list[str]:
    """What a schema found below ``path``, as "path: rule", in its order. Paths are made of the schema's own names."""
    return list(_problems(error.messages, path))


def refusal(error: ValidationError) -> InvalidRequestError:
    """A schema's findings as the error the caller gets."""
    return InvalidRequestError(some_of(problems(error)))


def some_of(found: Sequence[str]) -> str:
    """The first few of what was found; the rest is counted."""
    more = len(found) - MOST_PROBLEMS
    shown = "; ".join(found[:MOST_PROBLEMS])
    return f"{shown}; and {more} more" if more > 0 else shown


def _problems(node: Any, path: str) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, child in node.items():
            yield from _problems(child, _below(path, key))
    elif isinstance(node, list):
        for message in node:
            yield f"{path}: {message}" if path else str(message)


def _below(path: str, key: object) -> str:
    if key == "_schema":
        return path
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)
