"""Seen tokens: one (issuer, jti) passes once, in whichever worker, until it expires."""

import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete

from cds_service.store.database import Database
from cds_service.store.tables import insert, seen_token

SWEEP_EVERY_SECONDS = 300.0
KEEP_AFTER_EXPIRY = timedelta(minutes=5)  # longer than any leeway a caller's clock is given


class Replay:
    """Only a digest of the token's id is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._swept_at = time.monotonic()

    def remember(self, issuer: str, jti: str, expires_at: datetime) -> bool:
        """True when this token is new, False when it was seen before. Atomic across workers.

        ``expires_at`` is aware. Raises UnavailableError when that cannot be known: let no one in then.
        """
        digest = sha256(f"{len(issuer)}:{issuer}{jti}".encode("utf-8", "surrogatepass")).hexdigest()
        with self._database.write() as connection:
            statement = insert(connection, seen_token).on_conflict_do_nothing().returning(seen_token.c.digest)
            new = connection.execute(statement, {"digest": digest, "expires_at": expires_at}).first() is not None
            if time.monotonic() - self._swept_at >= SWEEP_EVERY_SECONDS:
                self._swept_at = time.monotonic()
                connection.execute(delete(seen_token).where(seen_token.c.expires_at < _oldest_kept()))
        return new


def _oldest_kept() -> datetime:
    return datetime.now(UTC) - KEEP_AFTER_EXPIRY
