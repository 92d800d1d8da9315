"""The issuers' keys: fetched from where the configuration says, kept, and asked for again when a kid is new."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cds_service.trust.issuers import Issuer
from cds_service.trust.key_set import MAX_BYTES, BadKeySetError, KeySet
from cds_service.trust.outbound import Guard, get_once
from cds_service.trust.refusals import Refusal, RefusedError
from cds_service.trust.urls import parse

if TYPE_CHECKING:
    from jwt import PyJWK

LIFETIME = 3600.0  # seconds until a key set is asked for again
COOL_DOWN = 60.0  # seconds between two attempts, whatever callers send
LONGEST_OUTAGE = 86_400.0  # seconds the last good key set is trusted while its server does not answer
FETCH_SECONDS = 3.0

FetchKeySet = Callable[[Issuer], bytes | None]
"""The bytes of an issuer's JWK Set, or None when it cannot be had now. Never raises."""


@dataclass(slots=True)
class _Kept:
    """What is kept for one issuer. Times as of the ring's clock."""

    keys: KeySet | None = None
    fetched: float = 0.0
    tried: float | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class KeyRing:
    """Gives the key to check a token with. Shared by all threads of a process."""

    def __init__(self, fetch: FetchKeySet, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._kept: dict[tuple[str, str | None], _Kept] = {}
        self._lock = threading.Lock()

    def key(self, issuer: Issuer, kid: str, algorithm: str) -> "PyJWK":
        """The issuer's key of this id, built for this algorithm. Raises RefusedError."""
        if issuer.static_keys is not None:
            return issuer.static_keys.key(kid, algorithm)
        keys = self._keys(issuer, kid)
        if keys is None:
            raise RefusedError(Refusal.KEYS_UNAVAILABLE)
        return keys.key(kid, algorithm)

    def _keys(self, issuer: Issuer, kid: str) -> KeySet | None:
        with self._lock:
            kept = self._kept.setdefault((issuer.iss, issuer.jku), _Kept())  # another jku has other keys
        if self._good(kept, kid):
            return kept.keys
        wait = kept.keys is None or kid not in kept.keys  # nobody waits for keys that are merely old
        if kept.lock.acquire(blocking=wait):
            try:
                if not self._good(kept, kid) and self._may_try(kept):  # another thread may have fetched meanwhile
                    self._refresh(issuer, kept)
            finally:
                kept.lock.release()
        return None if self._age(kept) >= LONGEST_OUTAGE else kept.keys

    def _good(self, kept: _Kept, kid: str) -> bool:
        return kept.keys is not None and kid in kept.keys and self._age(kept) < LIFETIME

    def _age(self, kept: _Kept) -> float:
        return self._clock() - kept.fetched

    def _may_try(self, kept: _Kept) -> bool:
        return kept.tried is None or self._clock() - kept.tried >= COOL_DOWN

    def _refresh(self, issuer: Issuer, kept: _Kept) -> None:
        kept.tried = self._clock()
        content = self._fetch(issuer)
        if content is None:
            return
        try:
            kept.keys = KeySet.from_json(content)
        except BadKeySetError:  # a page of a proxy, say: as good as no answer
            return
        kept.fetched = self._clock()


def key_set_fetcher(*, production: bool) -> FetchKeySet:
    """Fetches key sets from the issuers' own ``jku`` and nowhere else; https only in production."""

    def fetch(issuer: Issuer) -> bytes | None:
        if issuer.jku is None:
            return None
        guard = Guard((parse(issuer.jku),), production, issuer.private_hosts, loopback=not production)
        reply = get_once(
            guard,
            issuer.jku,
            headers={"Accept": "application/json"},
            deadline=time.monotonic() + FETCH_SECONDS,
            max_bytes=MAX_BYTES,
        )
        return reply.body if reply.status == 200 else None  # noqa: PLR2004 - HTTP OK

    return fetch
