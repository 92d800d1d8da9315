"""Seen tokens: one (issuer, jti) passes once, in whichever worker, until it expires."""

import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete

from cds_service.store.breaker import Breaker
from cds_service.store.database import Database
from cds_service.store.tables import insert, seen_token

SWEEP_EVERY_SECONDS = 300.0
PATIENCE = 1.5  # seconds; with feedback's own transaction after it a call is answered within 4
KEEP_AFTER_EXPIRY = timedelta(minutes=5)  # longer than any leeway a caller's clock is given

_NOBODYS = "0" * 64  # a digest no token has


class SeenTokens:
    """Only a digest of a token's id is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._swept_at = time.monotonic()
        self._breaker = Breaker()

    def remember(self, issuer: str, jti: str, expires_at: datetime) -> bool:
        """True when this token is new, False when it was seen before. Atomic across workers.

        ``expires_at`` is aware. Raises UnavailableError when that cannot be known: let no one in then.
        """
        digest = sha256(f"{len(issuer)}:{issuer}{jti}".encode("utf-8", "surrogatepass")).hexdigest()
        with self._breaker.guard(), self._database.write(seconds=PATIENCE) as connection:
            new = _write(connection, digest, expires_at)
            if time.monotonic() - self._swept_at >= SWEEP_EVERY_SECONDS:
                self._swept_at = time.monotonic()
                connection.execute(delete(seen_token).where(seen_token.c.expires_at < _oldest_kept()))
        return new


def rehearse(connection: Connection) -> None:
    """Do what every token needs done, in a transaction that is taken back."""
    _write(connection, _NOBODYS, datetime.now(UTC))


def _write(connection: Connection, digest: str, expires_at: datetime) -> bool:
    statement = insert(connection, seen_token).on_conflict_do_nothing().returning(seen_token.c.digest)
    return connection.execute(statement, {"digest": digest, "expires_at": expires_at}).first() is not None


def _oldest_kept() -> datetime:
    return datetime.now(UTC) - KEEP_AFTER_EXPIRY
