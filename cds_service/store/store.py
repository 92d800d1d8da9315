"""The store as the edge sees it."""

from collections.abc import Mapping, Sequence

import structlog

from cds_service.errors import ConfigurationError, UnavailableError
from cds_service.protocol.feedback import FeedbackItem
from cds_service.settings import Settings
from cds_service.store import feedback, issued, schema
from cds_service.store.database import Database
from cds_service.store.feedback import Sender
from cds_service.store.issued import IssuedCall
from cds_service.store.losses import Losses
from cds_service.store.replay import Replay
from cds_service.store.schema import Schema
from cds_service.store.writer import FLUSH_SECONDS, Writer

_log = structlog.get_logger(__name__)


class Store:
    """Issued cards, feedback and seen tokens. Nothing is connected until first used; safe to fork.

    Raises ConfigurationError for a database URL that cannot be meant.
    """

    def __init__(self, settings: Settings) -> None:
        self.database = Database(settings.database_url)
        self.losses = Losses()
        self.replay = Replay(self.database)
        self._settings = settings
        self._writer = Writer(self._write_calls, self.losses)

    def prepare(self) -> None:
        """Bring the schema up to date where that is ours to do (SQLite, development); else look at it.

        Raises ConfigurationError when it is behind and an operator must migrate. A database that does
        not answer is only logged: hooks are answered without it.
        """
        try:
            if self.database.sqlite or not self._settings.production:
                schema.migrate(self.database)
                return
            found = schema.state(self.database)
        except UnavailableError:
            _log.error("store_unavailable_at_start")
            return
        finally:
            self.database.close()  # the workers are forked later, and bring no connection of the parent's along
        if found in (Schema.EMPTY, Schema.BEHIND):
            message = f"the schema of CDS_DATABASE_URL is {found}: run cds-service migrate first"
            raise ConfigurationError(message)

    def check(self) -> None:
        """Whether the store can be used now. Raises UnavailableError."""
        found = schema.state(self.database)
        if found in (Schema.EMPTY, Schema.BEHIND):
            message = "the store's schema is behind this release"
            raise UnavailableError(message)

    def issued(self, call: IssuedCall) -> None:
        """Record an answered call, later. Never waits, never fails; see ``losses``."""
        self._writer.put(call)

    def add_feedback(self, items: Sequence[FeedbackItem], sender: Sender) -> int:
        """Keep a batch, all or nothing; how many items were new. When it returns, they are on the disk.

        Raises UnavailableError; then nothing of the batch was kept, and it may be sent again.
        """
        with self.database.write(durable=True) as connection:
            return feedback.write(connection, items, sender, comments=self._settings.store_comments)

    @property
    def waiting(self) -> int:
        """Answered calls not yet recorded."""
        return self._writer.waiting

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Wait until every call so far is recorded or given up; False when the time was not enough."""
        return self._writer.flush(seconds)

    def close(self, seconds: float = FLUSH_SECONDS) -> None:
        """Flush within the time given and let the database go. Called at a graceful shutdown."""
        self._writer.close(seconds)
        self.database.close()

    def _write_calls(self, calls: Mapping[IssuedCall, int]) -> None:
        with self.database.write() as connection:
            issued.write(connection, calls, self._settings.timezone)
