"""How many answered calls were not recorded, and why. Counted, and said in the log once in a while."""

import time
from collections import Counter
from collections.abc import Callable
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


Hear = Callable[[Cause, int], None]
"""Told why calls were lost, and how many."""


class Losses:
    """What is lost, said in the log. ``on_loss`` is told of each (a metric's counter, say)."""

    def __init__(self) -> None:
        self.on_loss: Hear | None = None
        self._lock = Lock()
        self._unsaid: Counter[Cause] = Counter()
        self._said_at: dict[Cause, float] = {}

    def add(self, cause: Cause, calls: int = 1) -> None:
        """Count calls lost; logged at most once per cause and minute, with the number since the last time."""
        with self._lock:
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
