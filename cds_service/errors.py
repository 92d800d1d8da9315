"""The exceptions a call can end in; each knows its HTTP status and its FHIR OperationOutcome code.

The message of every error is written by us and holds no value from the request, so it may be sent
back and logged as it is. Raise the narrowest one; ``web`` turns it into an answer in one place.
"""

from http import HTTPStatus
from typing import ClassVar


class CdsError(Exception):
    """Anything that ends a call with an OperationOutcome instead of an answer."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    code: ClassVar[str] = "exception"  # http://hl7.org/fhir/issue-type
    note: str | None = None
    """What the log's ``notes`` say of the call, where the error has more to tell than its status."""


class InvalidRequestError(CdsError):
    """The body is not JSON, or breaks the schema or an HL7 invariant (named in the message)."""

    status = HTTPStatus.BAD_REQUEST
    code = "invalid"


class UnauthenticatedError(CdsError):
    """The caller is not one we trust. Answered with a bare 401; the reason is only logged."""

    status = HTTPStatus.UNAUTHORIZED
    code = "login"


class NotFoundError(CdsError):
    """No such service or resource."""

    status = HTTPStatus.NOT_FOUND
    code = "not-found"


class MissingDataError(CdsError):
    """Data the service cannot work without was neither prefetched nor fetchable."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "required"

    def __init__(self, message: str, note: str | None = None) -> None:
        super().__init__(message)
        self.note = note


class BodyTooLargeError(CdsError):
    """The body, or what it inflates to, is over the cap."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too-long"


class UnsupportedMediaTypeError(CdsError):
    """The body is neither application/json nor application/fhir+json."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "not-supported"


class UnavailableError(CdsError):
    """A part this call cannot do without (the replay store, say) is down.

    ``why``: for whoever runs the service, in words of ours; no caller is told.
    """

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "transient"

    def __init__(self, message: str = "a part is not available", why: str | None = None) -> None:
        super().__init__(message)
        self.why = why

    @property
    def told(self) -> str:
        """The message with its reason, for the command line."""
        return str(self) if self.why is None else f"{self}: {self.why}"


class OvertimeError(CdsError):
    """The call took more work than one may: others wait for the worker."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "too-costly"


class ConfigurationError(Exception):
    """A setting is wrong or unsafe; the service does not start. The message names the setting."""


class CallError(Exception):
    """On the command line: a file cannot be used, or a service did not answer with cards. One line."""
