"""A client's JWK Set, and the one key in it that may check a signature."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from cds_service.trust.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from jwt import PyJWK

MAX_BYTES = 256 * 1024
MAX_KEYS = 100
RSA_BITS = range(2048, 8193)  # above it one check costs more than a caller may make us spend

_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_KEY_TYPE = {"RS256": "RSA", "RS384": "RSA", "PS384": "RSA", "ES256": "EC", "ES384": "EC"}
_CURVE = {"ES256": "P-256", "ES384": "P-384"}


class BadKeySetError(ValueError):
    """What was read is not a JWK Set. The message holds nothing of it."""


class KeySet:
    """The keys of one JWK Set. Immutable but for the built keys it keeps, so threads may share it."""

    def __init__(self, keys: Iterable[Mapping[str, Any]]) -> None:
        named = [key for key in keys if isinstance(key.get("kid"), str) and key["kid"] and key.get("use") != "enc"]
        counts = Counter(key["kid"] for key in named)
        self._twice = frozenset(kid for kid, count in counts.items() if count > 1)
        self._by_kid = {key["kid"]: key for key in named if _public_signing_key(key)}
        self._built: dict[tuple[str, str], PyJWK] = {}

    @classmethod
    def from_json(cls, content: bytes) -> "KeySet":
        """Read a JWK Set. Raises BadKeySetError."""
        problem = f"is not a JWK Set of at most {MAX_KEYS} keys"
        try:
            document = json.loads(content) if len(content) <= MAX_BYTES else None
        except (ValueError, RecursionError):
            document = None
        keys = document.get("keys") if isinstance(document, dict) else None
        if not isinstance(keys, list) or len(keys) > MAX_KEYS or not all(isinstance(key, dict) for key in keys):
            raise BadKeySetError(problem)
        return cls(keys)

    def __contains__(self, kid: str) -> bool:
        return kid in self._by_kid

    def __len__(self) -> int:
        return len(self._by_kid)

    def key(self, kid: str, algorithm: str) -> "PyJWK":
        """The key of this id, built for the algorithm the token was checked for.

        PyJWT would take an RSA key without ``alg`` for RS256 and so refuse an RS384 token. Raises
        RefusedError: no such key, two of the id, or one that does not fit the algorithm or is weak.
        """
        if kid in self._twice:
            raise RefusedError(Refusal.DUPLICATE_KID)
        if kid not in self._by_kid:
            raise RefusedError(Refusal.UNKNOWN_KEY)
        built = self._built.get((kid, algorithm)) or _build(self._by_kid[kid], algorithm)
        if built is None:
            raise RefusedError(Refusal.UNFIT_KEY)
        self._built[kid, algorithm] = built
        return built


def _public_signing_key(key: Mapping[str, Any]) -> bool:
    """True for a public RSA or EC key that its owner lets be used for checking signatures."""
    operations = key.get("key_ops", ["verify"])
    return (
        key.get("kty") in ("RSA", "EC")
        and not _PRIVATE & key.keys()
        and key.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
    )


def _build(key: Mapping[str, Any], algorithm: str) -> "PyJWK | None":
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415 - loaded where tokens are checked
    from jwt import PyJWK  # noqa: PLC0415
    from jwt.exceptions import PyJWTError  # noqa: PLC0415

    if key.get("alg", algorithm) != algorithm or key["kty"] != _KEY_TYPE[algorithm]:
        return None
    if key.get("crv") != _CURVE.get(algorithm):
        return None
    try:
        built = PyJWK(dict(key), algorithm=algorithm)
    except (PyJWTError, ValueError, TypeError, KeyError, AttributeError):  # whatever odd members make it raise
        return None
    if isinstance(built.key, RSAPublicKey) and built.key.key_size not in RSA_BITS:
        return None
    return built
