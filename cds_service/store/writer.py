"""Records issued cards behind the caller's back: a bounded queue and one thread per process.

Equal calls wait as one, with their number: most have no cards, and then differ in nothing but their minute.
``put`` never waits and never raises. What the database does not take is tried again for as long as the queue has
room for what comes meanwhile; what does not fit is counted. Once the queue is full, calls that were tried often
enough make room, so that none that can never be written holds up the others for good.
"""

import atexit
import os
import time
import weakref
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import count, islice
from threading import Condition, Thread

import structlog

from cds_service.errors import UnavailableError
from cds_service.logs import places
from cds_service.store.issued import IssuedCall
from cds_service.store.losses import Cause, Losses

MOST_WAITING = 10_000  # different calls; about 20 MB at the worst
MOST_AT_ONCE = 500  # different ones
LINGER_SECONDS = 0.1  # a little patience makes one transaction of many calls; no more is lost when a process is killed
RETRY_AFTER_SECONDS = (0.2, 1.0, 3.0, 9.0)  # the last again and again: a database that was away costs nothing
FLUSH_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class Writer:
    """Hands batches of calls to ``write``, which raises UnavailableError when the database fails."""

    def __init__(
        self, write: Callable[[Mapping[IssuedCall, int]], None], losses: Losses, *, most_waiting: int = MOST_WAITING
    ) -> None:
        self._write = write
        self._losses = losses
        self._most = most_waiting
        self._reset()
        _INSTANCES.add(self)

    def _reset(self) -> None:
        self._changed = Condition()
        self._waiting: Counter[IssuedCall] = Counter()
        self._in_hand: Counter[IssuedCall] = Counter()
        self._thread: Thread | None = None
        self._closing = False
        self._flushing = 0
        self._deadline = float("inf")

    @property
    def waiting(self) -> int:
        """Calls not yet recorded."""
        return self._waiting.total() + self._in_hand.total()

    def put(self, call: IssuedCall) -> None:
        """Take a call for recording; a full or closed queue drops and counts it."""
        with self._changed:
            cause = self._refusal(call)
            if cause is None:
                waited = len(self._waiting)
                self._waiting[call] += 1
                self._start()
                if len(self._waiting) > waited and waited in (0, MOST_AT_ONCE - 1):  # each waking interrupts a call
                    self._changed.notify_all()
        if cause is not None:
            self._losses.add(cause)

    def _refusal(self, call: IssuedCall) -> Cause | None:
        if self._closing:
            return Cause.SHUTDOWN
        full = len(self._waiting) >= self._most and call not in self._waiting
        return Cause.QUEUE_FULL if full else None

    def _start(self) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._run, name="store-writer", daemon=True)
            self._thread.start()

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Wait until all is recorded (or given up); False when the time was not enough."""
        with self._changed:
            self._flushing += 1
            self._changed.notify_all()
            try:
                return self._changed.wait_for(lambda: self.waiting == 0, seconds)
            finally:
                self._flushing -= 1

    def close(self, seconds: float = FLUSH_SECONDS) -> None:
        """Record what waits, within the time given; count the rest as lost. Takes nothing afterwards."""
        with self._changed:
            self._closing = True
            self._deadline = time.monotonic() + seconds
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(seconds)
        with self._changed:
            lost, self._in_hand = self.waiting, Counter()  # the batch itself is being written still
            self._waiting.clear()
        if lost:
            self._losses.add(Cause.SHUTDOWN, lost)

    def forked(self) -> None:
        """A child begins with nothing waiting and no thread: the parent still records its own."""
        self._reset()

    def _run(self) -> None:
        while batch := self._next_batch():
            try:
                kept = self._record(batch)
            except Exception as error:  # noqa: BLE001 - a call we cannot record must not end the recording
                _log.error("calls_not_recordable", error=type(error).__name__, where=places(error))
                kept = False
            with self._changed:
                if not kept and self._in_hand:  # else ``close`` has counted them
                    self._losses.add(Cause.DATABASE, batch.total())
                self._in_hand = Counter()
                self._changed.notify_all()

    def _next_batch(self) -> Counter[IssuedCall]:
        """Some calls, or none when closing and all is done."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            self._changed.wait_for(self._has_lingered, LINGER_SECONDS)
            if time.monotonic() > self._deadline:
                return Counter()
            batch = Counter({call: self._waiting.pop(call) for call in list(islice(self._waiting, MOST_AT_ONCE))})
            self._in_hand = batch
            return batch

    def _has_lingered(self) -> bool:
        return self._closing or self._flushing > 0 or len(self._waiting) >= MOST_AT_ONCE

    def _record(self, batch: Counter[IssuedCall]) -> bool:
        """Write the batch, again after each pause while the database fails; False when it is given up."""
        for tried in count():
            try:
                self._write(batch)
            except UnavailableError:
                enough = tried >= len(RETRY_AFTER_SECONDS) and len(self._waiting) >= self._most
                if enough or not self._wait(RETRY_AFTER_SECONDS[min(tried, len(RETRY_AFTER_SECONDS) - 1)]):
                    break
            else:
                return True
        return False

    def _wait(self, seconds: float) -> bool:
        """Wait, but while closing only within its deadline: False when no time is left."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing, seconds)
            if self._closing:
                self._changed.wait(min(0.2, max(0.0, self._deadline - time.monotonic())))
            return time.monotonic() < self._deadline


_INSTANCES: "weakref.WeakSet[Writer]" = weakref.WeakSet()


def _after_fork() -> None:
    for writer in list(_INSTANCES):
        writer.forked()


def _at_exit() -> None:
    for writer in list(_INSTANCES):
        writer.close()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_at_exit)
