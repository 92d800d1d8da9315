"""Why a caller was refused: for the log and the metrics only, never for the caller."""

from enum import StrEnum

from cds_service.errors import UnauthenticatedError


class Refusal(StrEnum):
    """The check that failed, in the order they are made."""

    NO_TOKEN = "no-token"  # noqa: S105 - the name of a reason
    NOT_BEARER = "not-bearer"
    TOO_LONG = "too-long"
    MALFORMED = "malformed"
    UNKNOWN_ISSUER = "unknown-issuer"
    OTHER_JKU = "other-jku"
    HEADER = "header"
    ALGORITHM = "algorithm"
    NO_KID = "no-kid"
    KEYS_UNAVAILABLE = "keys-unavailable"
    UNKNOWN_KEY = "unknown-key"
    DUPLICATE_KID = "duplicate-kid"
    UNFIT_KEY = "unfit-key"
    SIGNATURE = "signature"
    MISSING_CLAIM = "missing-claim"
    CLAIM = "claim"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    LIFETIME = "lifetime"
    AUDIENCE = "audience"
    TENANT = "tenant"
    REPLAYED = "replayed"


class RefusedError(UnauthenticatedError):
    """A caller we do not admit. The message tells nothing; ``reason`` is for the log."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__("not authenticated")
        self.reason = reason
