"""Is this caller one we trust? The checks of a CDS Hooks client's JSON Web Token, in a fixed order.

Cheap checks come before dear ones, nothing is asked of the network for an issuer we do not know, and the
token's own word about where its keys are is never followed. What fails raises RefusedError: the caller
learns nothing, the log its reason.
"""

import base64
import binascii
import json
import math
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

from cds_service.trust.issuers import ALGORITHMS, MAX_TOKEN_AGE, Issuer
from cds_service.trust.keys import KeyRing
from cds_service.trust.refusals import Refusal, RefusedError
from cds_service.trust.urls import Url

if TYPE_CHECKING:
    from jwt import PyJWK

Remember = Callable[[str, str, datetime], bool]
"""(issuer, jti, until) -> True the first time, False ever after, at least until that (aware) moment.

Kept where all workers see it. Raises UnavailableError when it cannot tell.
"""

LEEWAY = 60  # seconds two clocks may differ
MAX_HEADER_BYTES = 8192
MAX_JTI = 255

_SEVERAL = 2

_REQUIRED = ("exp", "iat", "iss", "aud", "jti")
_BEARER = re.compile(r"(?i:bearer) +([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. ``issuer`` is None in development, where callers are not checked.

    ``language``: what this client's cards are written in, None for the service's own default.
    ``fhir_prefixes``: where its calls may read FHIR, None for anywhere (development without issuers only).
    ``silent``: the topics whose cards it is not shown, or EVERY_TOPIC.
    """

    issuer: str | None = None
    tenant: str | None = None
    language: str | None = None
    fhir_prefixes: tuple[Url, ...] | None = None
    private_hosts: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    timezone: ZoneInfo | None = None


UNCHECKED = Caller()


class Verifier:
    """Checks tokens against the configured issuers. Shared by all threads; keeps nothing but keys."""

    def __init__(
        self,
        issuers: Mapping[str, Issuer],
        keys: KeyRing,
        remember: Remember,
        clock: Callable[[], float] = time.time,
    ) -> None:
        from jwt.api_jws import PyJWS  # noqa: PLC0415 - loaded where tokens are checked

        self._issuers = issuers
        self._keys = keys
        self._remember = remember
        self._clock = clock
        self._jws = {
            name: PyJWS([name], {"verify_signature": True, "enforce_minimum_key_length": True}) for name in ALGORITHMS
        }

    def trust(self, issuers: Mapping[str, Issuer]) -> None:
        """Trust these from now on, and nobody else."""
        self._issuers = issuers

    def client(self, header: str) -> str | None:
        """The client an Authorization header says it is of, where there are two or more; unverified, so no right to it.

        None where there are no two, and for whoever would be refused as unknown.
        """
        return self.claimed([header]) if len(self._issuers) >= _SEVERAL else None

    def claimed(self, headers: Sequence[str]) -> str | None:
        """Which issuer of ours the Authorization headers say they are of, unverified; None for any other."""
        try:
            named = _json_object(_bearer(headers)[1]).get("iss")
        except RefusedError:
            return None
        return named if isinstance(named, str) and named in self._issuers else None

    def check(self, headers: Sequence[str], audiences: Iterable[str]) -> Caller:
        """Admit the caller whose Authorization headers these are.

        ``audiences``: our own URLs that this endpoint may be called by. Raises RefusedError, and
        UnavailableError when the replay store is down.
        """
        token = _bearer(headers)
        head, unverified = _json_object(token[0]), _json_object(token[1])
        issuer = self._issuer(unverified.get("iss"))
        kid, algorithm = _read_header(head, issuer)
        key = self._keys.key(issuer, kid, algorithm)
        claims = self._verified(".".join(token), key, algorithm)
        if any(claims.get(name) is None for name in _REQUIRED):
            _refuse(Refusal.MISSING_CLAIM)
        now = self._clock()
        expires = _check_times(claims, issuer, now)
        _check_audience(claims, {*audiences, *issuer.audiences})
        tenant = _check_tenant(claims, issuer)
        self._check_unused(claims, issuer, expires)
        prefixes, silent = issuer.prefixes_for(tenant), issuer.silent_for(tenant)
        return Caller(
            issuer.iss, tenant, issuer.language, prefixes, issuer.private_hosts, silent, timezone=issuer.timezone
        )

    def _issuer(self, iss: object) -> Issuer:
        issuer = self._issuers.get(iss) if isinstance(iss, str) else None
        return issuer or _refuse(Refusal.UNKNOWN_ISSUER)

    def _verified(self, token: str, key: "PyJWK", algorithm: str) -> Mapping[str, Any]:
        from jwt.exceptions import PyJWTError  # noqa: PLC0415 - as above

        try:
            payload = self._jws[algorithm].decode(token, key, [algorithm])
        except (PyJWTError, ValueError, TypeError):
            _refuse(Refusal.SIGNATURE)
        return _parse_object(payload)

    def _check_unused(self, claims: Mapping[str, Any], issuer: Issuer, expires: float) -> None:
        """Last of all, so that only a token that is good for everything else is used up."""
        jti = claims["jti"]
        if not isinstance(jti, str) or not 0 < len(jti) <= MAX_JTI or not jti.isprintable() or not jti.strip():
            _refuse(Refusal.CLAIM)
        if not self._remember(issuer.iss, jti, datetime.fromtimestamp(expires + LEEWAY, UTC)):
            _refuse(Refusal.REPLAYED)


def _refuse(reason: Refusal) -> NoReturn:
    raise RefusedError(reason) from None


def _bearer(headers: Sequence[str]) -> tuple[str, str, str]:
    """The token's three parts, from exactly one Authorization header."""
    if len(headers) != 1:
        _refuse(Refusal.NO_TOKEN if not headers else Refusal.MALFORMED)
    header = headers[0]
    if len(header) > MAX_HEADER_BYTES:
        _refuse(Refusal.TOO_LONG)
    if not header.lower().startswith("bearer "):
        _refuse(Refusal.NOT_BEARER)
    match = _BEARER.fullmatch(header)
    if match is None:
        _refuse(Refusal.MALFORMED)
    return match[1], match[2], match[3]


def _json_object(part: str) -> Mapping[str, Any]:
    try:
        content = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        _refuse(Refusal.MALFORMED)
    return _parse_object(content)


def _parse_object(content: bytes) -> Mapping[str, Any]:
    """A JSON object in which no name comes twice (RFC 7515, 7519) and no number is NaN or infinite."""
    try:
        value = json.loads(content, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        _refuse(Refusal.MALFORMED)
    return value if isinstance(value, dict) else _refuse(Refusal.MALFORMED)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_constant(_name: str) -> NoReturn:
    raise ValueError


def _read_header(head: Mapping[str, Any], issuer: Issuer) -> tuple[str, str]:
    """The key id and algorithm. jwk, x5u, x5c and their like are not looked at."""
    if "jku" in head and (issuer.jku is None or head["jku"] != issuer.jku):
        _refuse(Refusal.OTHER_JKU)
    if "crit" in head or "zip" in head or "enc" in head or head.get("b64", True) is not True:
        _refuse(Refusal.HEADER)
    if "typ" in head and str(head["typ"]).lower() not in ("jwt", "application/jwt"):
        _refuse(Refusal.HEADER)
    algorithm = head.get("alg")
    if not isinstance(algorithm, str) or algorithm not in issuer.algorithms:
        _refuse(Refusal.ALGORITHM)
    kid = head.get("kid")
    if not isinstance(kid, str) or not kid:
        _refuse(Refusal.NO_KID)
    return kid, algorithm


def _check_times(claims: Mapping[str, Any], issuer: Issuer, now: float) -> float:
    """When the token expires; refused unless it is in its time, was not made for longer than allowed, nor long ago."""
    issued, expires = _moment(claims, "iat"), _moment(claims, "exp")
    if expires + LEEWAY <= now:
        _refuse(Refusal.EXPIRED)
    if issued - LEEWAY > now or ("nbf" in claims and _moment(claims, "nbf") - LEEWAY > now):
        _refuse(Refusal.NOT_YET_VALID)
    if not 0 < expires - issued <= min(issuer.max_token_age, MAX_TOKEN_AGE):  # so no token in its time is older either
        _refuse(Refusal.LIFETIME)
    return expires


def _moment(claims: Mapping[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(Refusal.CLAIM)
    try:
        moment = float(value)
    except OverflowError:
        _refuse(Refusal.CLAIM)
    return moment if math.isfinite(moment) else _refuse(Refusal.CLAIM)


def _check_audience(claims: Mapping[str, Any], accepted: Iterable[str]) -> None:
    audience = claims["aud"]
    named = audience if isinstance(audience, list) else [audience]
    if not all(isinstance(name, str) for name in named):
        _refuse(Refusal.CLAIM)
    if not {name.removesuffix("/") for name in named} & {name.removesuffix("/") for name in accepted}:
        _refuse(Refusal.AUDIENCE)


def _check_tenant(claims: Mapping[str, Any], issuer: Issuer) -> str | None:
    tenant = claims.get("tenant")
    if tenant is not None and (not isinstance(tenant, str) or len(tenant) > MAX_JTI or not tenant.isprintable()):
        _refuse(Refusal.CLAIM)
    if issuer.tenants and tenant not in issuer.tenants:
        _refuse(Refusal.TENANT)
    return tenant
