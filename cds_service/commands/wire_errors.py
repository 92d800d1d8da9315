"""What is answered where there is no request yet for the application: OperationOutcomes, too."""

import socket
from contextlib import suppress
from http import HTTPStatus

from gunicorn.http import errors  # type: ignore[import-untyped]
from gunicorn.util import write_nonblock  # type: ignore[import-untyped]

from cds_service.web.errors import MEDIA_TYPE, outcome_of_http

_STATUSES = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    errors.ParseException: HTTPStatus.BAD_REQUEST,
}


def answer(client: socket.socket, status: HTTPStatus, number: str) -> None:
    """Say what went wrong, and that the connection closes; ``number`` is the log's."""
    body = outcome_of_http(status, number)
    head = "\r\n".join(
        (
            f"HTTP/1.1 {status.value} {status.phrase}",
            "Connection: close",
            f"Content-Type: {MEDIA_TYPE}",
            f"Content-Length: {len(body)}",
            "Cache-Control: no-store",
            "X-Content-Type-Options: nosniff",
            f"X-Request-ID: {number}",
        )
    )
    with suppress(OSError):
        write_nonblock(client, f"{head}\r\n\r\n".encode("ascii") + body)


def status_of(error: BaseException) -> HTTPStatus:
    """400 for whatever gunicorn cannot parse, unless there is a narrower status; 500 for all else."""
    if isinstance(error, errors.InvalidResponseHeader | errors.InvalidResponseHeaderName):  # a header of ours
        return HTTPStatus.INTERNAL_SERVER_ERROR
    narrower = (status for kind, status in _STATUSES.items() if isinstance(error, kind))
    return next(narrower, HTTPStatus.INTERNAL_SERVER_ERROR)
