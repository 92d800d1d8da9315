"""How many answered calls were not recorded, and why. Counted, and said in the log once in a while."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from threading import Lock

import structlog

LOG_EVERY_SECONDS = 60.0

_log = structlog.get_logger(__name__)


class Cause(StrEnum):
    """Why a call was not recorded."""

    QUEUE_FULL = "queue-full"
    DATABASE = "database"
    SHUTDOWN = "shutdown"


class Losses:
    """Counters since this process began. ``on_loss`` is told of each (a metric's counter, say)."""

    def __init__(self) -> None:
        self.on_loss: Callable[[Cause, int], None] | None = None
        self._lock = Lock()
        self._calls: Counter[Cause] = Counter()
        self._unsaid: Counter[Cause] = Counter()
        self._said_at: dict[Cause, float] = {}

    def add(self, cause: Cause, calls: int = 1) -> None:
        """Count calls lost; logged at most once per cause and minute, with the number since the last time."""
        with self._lock:
            self._calls[cause] += calls
            self._unsaid[cause] += calls
            now = time.monotonic()
            said_at = self._said_at.get(cause)
            due = said_at is None or now - said_at >= LOG_EVERY_SECONDS
            since = self._unsaid[cause]
            if due:
                self._said_at[cause] = now
                self._unsaid[cause] = 0
        if due:
            _log.warning("calls_not_recorded", cause=cause.value, calls=since)
        if self.on_loss is not None:
            self.on_loss(cause, calls)

    @property
    def total(self) -> int:
        """Calls lost, for any cause."""
        return sum(self._calls.values())

    def by_cause(self) -> Mapping[Cause, int]:
        """Calls lost, for every cause (0 included)."""
        return {cause: self._calls[cause] for cause in Cause}
