"""Every way a request can fail, as a FHIR OperationOutcome without a value of the request in it.

A failed authentication is a bare 401: no body, no reason. What we did not foresee is a 500, logged by
its type and where it was raised; never with its message, which may hold a patient's data.
"""

from collections.abc import Iterable
from http import HTTPStatus

import orjson
import structlog
from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from cds_service.errors import CdsError, UnauthenticatedError
from cds_service.logs import causes, places

MEDIA_TYPE = "application/fhir+json"
_HEADERS_KEPT = ("Allow", "Retry-After", "WWW-Authenticate")
_ISSUE_TYPES = {  # http://hl7.org/fhir/issue-type
    HTTPStatus.UNAUTHORIZED: "login",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not-supported",
    HTTPStatus.REQUEST_TIMEOUT: "timeout",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-long",
    HTTPStatus.REQUEST_URI_TOO_LONG: "too-long",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "not-supported",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "too-long",
    HTTPStatus.INTERNAL_SERVER_ERROR: "exception",
    HTTPStatus.NOT_IMPLEMENTED: "not-supported",
    HTTPStatus.SERVICE_UNAVAILABLE: "transient",
}

_log = structlog.get_logger(__name__)


def outcome(status: HTTPStatus, code: str, *messages: str) -> Response:
    """An OperationOutcome of an error each. ``code``: FHIR's issue type; ``messages``: ours, never the request's."""
    return Response(_body(code, messages, g.get("request_id", "-")), status=status, mimetype=MEDIA_TYPE)


def outcome_of_http(status: HTTPStatus, request_id: str) -> bytes:
    """The body of an error of HTTP itself, for where there is no request yet to answer."""
    return _body(_issue_type(status), (_words(status),), request_id)


def _body(code: str, messages: Iterable[str], request_id: str) -> bytes:
    issues = [
        {
            "severity": "error",
            "code": code,
            "details": {"text": message},
            "diagnostics": f"request {request_id}",
        }
        for message in messages
    ]
    return orjson.dumps({"resourceType": "OperationOutcome", "issue": issues})


def _issue_type(status: HTTPStatus) -> str:
    return _ISSUE_TYPES.get(status, "processing")


def _words(status: HTTPStatus) -> str:
    return status.description or status.phrase


def register(app: Flask) -> None:
    """Answer the errors of all routes, also of those that do not exist."""
    app.register_error_handler(CdsError, _ours)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unforeseen)


def _ours(error: CdsError) -> Response:
    if isinstance(error, UnauthenticatedError):
        return Response(status=error.status, headers={"WWW-Authenticate": "Bearer"})
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("failed", error=type(error).__name__, reason=str(error), request=g.get("request_id"))
    if error.note is not None:
        g.logged |= {"notes": [str(error.note)]}
    return outcome(error.status, error.code, str(error))


def _of_http(error: HTTPException) -> Response | BaseResponse:
    if error.response is not None or (error.code or 0) in range(300, 400):  # already an answer, or a redirect
        return error.get_response()
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    response = outcome(status, _issue_type(status), _words(status))
    theirs = error.get_response().headers
    for name in _HEADERS_KEPT:
        if name in theirs:
            response.headers[name] = theirs[name]
    return response


def _unforeseen(error: Exception) -> Response:
    _log.error(
        "unforeseen",
        error=type(error).__name__,
        where=places(error),
        cause=causes(error),
        request=g.get("request_id"),
    )
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return outcome(status, "exception", "the service failed; the failure is logged under this request's number")
