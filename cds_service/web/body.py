"""The body of a request: its media type, its encoding, its size; never more in memory than the cap allows."""

import zlib
from functools import lru_cache

from flask import Request
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import parse_options_header

from cds_service.errors import BodyTooLargeError, InvalidRequestError, UnsupportedMediaTypeError

MEDIA_TYPES = ("application/json", "application/fhir+json")
_MOST_RATIO = 100  # charts reach 21, the same chart many times over 59; what grows more is made to grow
_ALWAYS_INFLATED = 1_000_000  # bytes, whatever the ratio
_GZIP = 16 + zlib.MAX_WBITS  # zlib's way of saying "with a gzip header and checksum"


def read_body(request: Request, cap: int) -> bytes:
    """The body as JSON bytes, inflated.

    Raises UnsupportedMediaTypeError, BodyTooLargeError (``cap`` bytes, also after inflation), or
    InvalidRequestError when it is cut short or damaged. Chunked bodies are read up to the cap.
    """
    if not _is_json(request.content_type or ""):
        message = f"the media type must be {' or '.join(MEDIA_TYPES)}"
        raise UnsupportedMediaTypeError(message)
    encoding = request.environ.get("HTTP_CONTENT_ENCODING", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        message = "the content encoding must be gzip, or none"
        raise UnsupportedMediaTypeError(message)
    body = _received(request, cap)
    return _inflated(body, cap) if encoding.endswith("gzip") else body


@lru_cache(maxsize=64)  # clients send the same few
def _is_json(content_type: str) -> bool:
    return parse_options_header(content_type)[0].lower() in MEDIA_TYPES


def _received(request: Request, cap: int) -> bytes:
    """The bytes on the wire, as many as announced; read no further than the cap whether or not a length was."""
    announced = request.content_length
    if announced is not None and announced > cap:
        raise _too_large(cap)
    stream = request.stream if announced is None else request.environ["wsgi.input"]
    limit = cap + 1 if announced is None else announced
    received, size = [], 0
    try:
        while size < limit and (part := stream.read(limit - size)):
            received.append(part)
            size += len(part)
    except (ClientDisconnected, OSError, ParseException):
        raise _cut_short() from None
    if size > cap:
        raise _too_large(cap)
    if announced is not None and size < announced:  # gunicorn ends the stream and says nothing
        raise _cut_short()
    return b"".join(received)


def _inflated(body: bytes, cap: int) -> bytes:
    """A gzip body of one member; stops as soon as the cap is passed, or the most that an honest body grows to."""
    member = zlib.decompressobj(_GZIP)
    most = min(cap, max(_ALWAYS_INFLATED, len(body) * _MOST_RATIO))
    try:
        inflated = member.decompress(body, most + 1)
    except zlib.error:
        raise _damaged() from None
    if len(inflated) > most:
        raise _too_large(cap) if most == cap else _grows_too_much()
    if not member.eof or member.unused_data:
        raise _damaged()
    return inflated


def _grows_too_much() -> BodyTooLargeError:
    return BodyTooLargeError(f"the body inflates to more than {_MOST_RATIO} times its size")


def _cut_short() -> InvalidRequestError:
    return InvalidRequestError("the body ended early")


def _damaged() -> InvalidRequestError:
    return InvalidRequestError("the gzip body is damaged or cut short")


def _too_large(cap: int) -> BodyTooLargeError:
    return BodyTooLargeError(f"the body is larger than {cap} bytes")
