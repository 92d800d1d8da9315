"""From bytes to a JSON object, and from a schema's findings to one error that holds no value of the request."""

import codecs
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from marshmallow import ValidationError

from cds_service.errors import InvalidRequestError

MOST_PROBLEMS = 5  # named in one error; the rest is counted


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


def problems(error: ValidationError) -> list[str]:
    """What a schema found, as "path: rule", in its order. Paths are made of the schema's own names."""
    return list(_problems(error.messages, ""))


def refusal(error: ValidationError) -> InvalidRequestError:
    """A schema's findings as the error the caller gets."""
    found = problems(error)
    more = len(found) - MOST_PROBLEMS
    shown = "; ".join(found[:MOST_PROBLEMS])
    return InvalidRequestError(f"{shown}; and {more} more" if more > 0 else shown)


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
