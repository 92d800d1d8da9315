"""While what hung lately may still hang, one at a time tries it; the others are told at once and hold no thread."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from cds_service.errors import UnavailableError

LONG_SECONDS = 0.5  # a failure that took this long was a wait for what did not come
PAUSE_SECONDS = 1.0  # between two tries


class Breaker:
    """One for each thing that is done with the database: a lock on one table is none on another."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._again: float | None = None  # when it may be tried again; None when all is well
        self._tried = False

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Do something with the database. Raises UnavailableError, at once where it hung just now."""
        trial = self._admit()
        began = self._clock()
        try:
            yield
        except UnavailableError:
            if trial or self._clock() - began >= LONG_SECONDS:
                self._again = self._clock() + PAUSE_SECONDS
            raise
        else:
            self._again = None
        finally:
            if trial:
                self._tried = False

    def _admit(self) -> bool:
        """Whether this is a trial; raises UnavailableError when it is somebody else's turn, or nobody's yet."""
        with self._lock:
            if self._again is None:
                return False
            if self._tried or self._clock() < self._again:
                message = "the store is not available"
                raise UnavailableError(message)
            self._tried = True
            return True
