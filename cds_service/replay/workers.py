"""Work spread over processes, with one count of what is done and one sign to stop."""

import gc
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait as wait_for
from threading import Thread
from typing import Any, TypeVar

Result = TypeVar("Result")
_TICK_SECONDS = 0.2
_GARBAGE = 200_000  # containers alive before a collection
_shared: Any = None


class StoppedError(Exception):
    """The run was told to stop; raised within a task."""


@dataclass(slots=True)
class Workers:
    """``each`` applies a function to tasks: here, one after another, or in a pool. Results come as they are ready."""

    _pool: ProcessPoolExecutor | None
    _shared: Any

    def each(
        self, function: Callable[..., Result], tasks: Iterable[tuple[Any, ...]], tick: Callable[[int], None]
    ) -> Iterator[Result]:
        """``tick``: told, a few times a second, how much ``tell`` was told of in all."""
        self._shared[0] = 0
        if self._pool is None:
            for task in tasks:
                yield function(*task)
                tick(self._shared[0])
            return
        waiting: set[Future[Result]] = {self._pool.submit(function, *task) for task in tasks}
        try:
            while waiting:
                done, waiting = wait(waiting, _TICK_SECONDS, FIRST_COMPLETED)
                tick(self._shared[0])
                yield from (one.result() for one in done)
        finally:
            for one in waiting:
                one.cancel()


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def prepare() -> None:
    """Make this process, which is the run's own, ready for it before it loads what that takes."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # of numpy, which PyArrow loads: its threads would spin, idle
    seldom_collect()


def seldom_collect() -> None:
    """Let this process look for garbage seldom, and never among what it has loaded: a chart goes as it came, without cycles."""
    gc.freeze()
    gc.set_threshold(_GARBAGE)


def tell(amount: int) -> None:
    """Called within a task: so much more is done. Raises StoppedError when the run was told to stop."""
    if _shared is not None:
        with _shared.get_lock():
            _shared[0] += amount
        if _shared[1]:
            raise StoppedError


@contextmanager
def workers(number: int) -> Iterator[Workers]:
    """So many processes; 1 works in this one. Whatever ends the run early ends them too."""
    global _shared  # noqa: PLW0603 - what a process shares with its children is the process's own
    context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    shared = context.Array("q", 2)
    if number == 1:
        _shared = shared
        try:
            yield Workers(None, shared)
        finally:
            _shared = None
        return
    with ProcessPoolExecutor(number, context, _begin, (shared,)) as pool:
        try:
            _started(pool)
            yield Workers(pool, shared)
        except BaseException:
            shared[1] = 1
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _started(pool: ProcessPoolExecutor) -> None:
    """Let the processes begin at once, as copies of this one where they can: before any thread of ours runs here."""
    with warnings.catch_warnings():
        # Python 3.12 and newer warn of the threads of libraries, which survive a fork.
        warnings.simplefilter("ignore", DeprecationWarning)
        pool.submit(os.getpid)


def _begin(shared: Any) -> None:
    """In a new process: the run is stopped from above, in its own time."""
    global _shared  # noqa: PLW0603 - as above
    _shared = shared
    seldom_collect()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(parent: int) -> None:
    """A process whose parent was killed has nobody to work for, and the run may go on with others."""
    wait_for([parent])
    os._exit(1)
