"""The store as the edge sees it."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime

import structlog

from cds_service.errors import ConfigurationError, UnavailableError
from cds_service.protocol.feedback import FeedbackItem
from cds_service.settings import Settings
from cds_service.store import feedback, in_force, issued, schema, seen_tokens
from cds_service.store.breaker import Breaker
from cds_service.store.database import LONG_PATIENCE, Database
from cds_service.store.feedback import Sender
from cds_service.store.in_force import Versions
from cds_service.store.issued import IssuedCall
from cds_service.store.losses import Losses
from cds_service.store.patience import FOREVER
from cds_service.store.schema import Schema
from cds_service.store.seen_tokens import SeenTokens
from cds_service.store.writer import FLUSH_SECONDS, Writer

READY_SECONDS = 1.0  # who asks whether we are ready waits 2, and the machine may be busy

_log = structlog.get_logger(__name__)


class Store:
    """Issued cards, feedback and seen tokens. Nothing is connected until first used; safe to fork.

    Raises ConfigurationError for a database URL that cannot be meant.
    """

    def __init__(self, settings: Settings) -> None:
        self.database = Database(settings.database_url)
        self.reports = Database(settings.database_url, LONG_PATIENCE)
        self.losses = Losses()
        self.seen_tokens = SeenTokens(self.database)
        self._settings = settings
        self._breaker, self._probing = Breaker(), Breaker()  # for feedback, and for who asks whether all is well
        self._writer = Writer(self._write_calls, self.losses)

    def prepare(self) -> None:
        """Bring the schema up to date where that is ours to do (SQLite, development); else look at it.

        Raises ConfigurationError when it is behind and an operator must migrate. A database that does
        not answer is only logged: hooks are answered without it.
        """
        try:
            if self.database.sqlite or not self._settings.production:
                self._migrate()
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

    def _migrate(self) -> None:
        with closing(Database(self._settings.database_url, FOREVER)) as database:
            schema.migrate(database)
        self.database.expect()

    def note_in_force(self, versions: Versions) -> None:
        """Keep what this start finds in force, where it is another version than before. A failure is only logged."""
        try:
            with closing(Database(self._settings.database_url)) as database, database.write() as connection:
                in_force.note(connection, versions, datetime.now(UTC))
        except UnavailableError:
            _log.error("in_force_not_noted")

    def check(self) -> None:
        """Whether the store can do now what a call needs: its schema fits, and it takes a used token.

        Tried, and taken back. Raises UnavailableError, at once where it hung just now: many may ask.
        """
        with self._probing.guard(), self.database.write(seconds=READY_SECONDS, rehearsal=True) as connection:
            if schema.state_seen(connection) in (Schema.EMPTY, Schema.BEHIND):
                message = "the store's schema is behind this release"
                raise UnavailableError(message)
            seen_tokens.rehearse(connection)

    def issued(self, call: IssuedCall) -> None:
        """Record an answered call, later. Never waits, never fails; see ``losses``."""
        self._writer.put(call)

    def add_feedback(self, items: Sequence[FeedbackItem], sender: Sender) -> int:
        """Keep a batch, all or nothing; how many items were new. When it returns, they are on the disk.

        Raises UnavailableError; then nothing of the batch was kept, and it may be sent again.
        """
        with self._breaker.guard():
            with self.database.write(durable=True) as connection:
                new = feedback.write(connection, items, sender, comments=self._settings.store_comments)
            if self.database.sqlite:
                self._insist_on(items, sender)
            return new

    def _insist_on(self, items: Sequence[FeedbackItem], sender: Sender) -> None:
        """Look the items up in the file: a damaged one may take them and never give them back."""
        with self.database.read(afresh=True) as connection:
            if not feedback.holds(connection, items, sender):
                message = "the store did not keep the feedback"
                raise UnavailableError(message)

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
        self.reports.close()

    def _write_calls(self, calls: Mapping[IssuedCall, int]) -> None:
        with self.database.write() as connection:
            issued.write(connection, calls, self._settings.timezone)
