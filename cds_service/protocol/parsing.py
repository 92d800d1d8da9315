"""From bytes to a JSON object, and from a schema's findings to one error that holds no value of the request."""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import orjson
from marshmallow import ValidationError

from cds_service.errors import InvalidRequestError
from cds_service.protocol.prefetch import Bundle, Prefetch

MOST_PROBLEMS = 5  # named in one error; the rest is counted

_NOTHING = msgspec.Raw()


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


class _Envelope(msgspec.Struct):
    """The members of a request we know. The prefetch is an object where it is plain."""

    hook: msgspec.Raw = _NOTHING
    hookInstance: msgspec.Raw = _NOTHING  # noqa: N815 - HL7's names
    context: msgspec.Raw = _NOTHING
    fhirServer: msgspec.Raw = _NOTHING  # noqa: N815
    fhirAuthorization: msgspec.Raw = _NOTHING  # noqa: N815
    extension: msgspec.Raw = _NOTHING
    prefetch: dict[str, msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET


class OurKeys(msgspec.Struct, forbid_unknown_fields=True):
    """The prefetch under the keys of our queries alone, where those that grow are Bundles: cut in one go."""

    patient: msgspec.Raw = _NOTHING
    conditions: Bundle | msgspec.UnsetType = msgspec.UNSET
    observations: Bundle | msgspec.UnsetType = msgspec.UNSET
    medicationRequests: msgspec.Raw = _NOTHING  # noqa: N815
    medicationStatements: msgspec.Raw = _NOTHING  # noqa: N815
    allergies: msgspec.Raw = _NOTHING

    def members(self) -> dict[str, msgspec.Raw | Bundle]:
        """The members that came."""
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        return {
            name: member for name, member in found.items() if member is not _NOTHING and member is not msgspec.UNSET
        }


class _Plain(_Envelope, kw_only=True):
    """The members of a request as most clients send it."""

    prefetch: OurKeys  # type: ignore[assignment]


class _Whole(msgspec.Struct):
    prefetch: msgspec.Raw


_SMALL = tuple(name for name in _Envelope.__struct_fields__ if name != "prefetch")
_decode_plain = msgspec.json.Decoder(_Plain).decode
_decode_envelope = msgspec.json.Decoder(_Envelope).decode
_decode_whole = msgspec.json.Decoder(_Whole).decode


def parse_request(body: bytes) -> dict[str, Any]:
    """The members of the body's JSON object that we know; the prefetch, where it is an object, as a ``Prefetch``.

    The syntax of all is checked. Of a name that comes twice the last counts, and what the first held is checked no
    further. Raises InvalidRequestError for anything but an object.
    """
    try:
        if not body.isascii():
            str(body, "utf-8")  # what is only passed over is not looked at so closely
        plain = body.removeprefix(codecs.BOM_UTF8)
        envelope, members = _decoded(plain)
        found = {
            name: orjson.loads(memoryview(raw)) for name in _SMALL if (raw := getattr(envelope, name)) is not _NOTHING
        }
    except (ValueError, RecursionError, msgspec.DecodeError):
        return parse_object(body)  # which says what is wrong, and where
    if members is not None:
        kind = members.get("resourceType", _NOTHING)
        one_resource = isinstance(kind, msgspec.Raw) and bytes(kind).startswith(b'"')
        found["prefetch"] = Prefetch(members, _decode_whole(plain).prefetch if one_resource else None)
    return found


def _decoded(body: bytes) -> tuple[_Envelope, Mapping[str, msgspec.Raw | Bundle] | None]:
    """The members we know, and those of the prefetch, where it is an object."""
    try:
        plain = _decode_plain(body)
        members = plain.prefetch.members()
        if all(member.is_one for member in members.values() if isinstance(member, Bundle)):
            return plain, members
    except (msgspec.ValidationError, RecursionError):
        pass
    envelope = _decode_envelope(body)
    return envelope, None if envelope.prefetch is msgspec.UNSET else envelope.prefetch


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
