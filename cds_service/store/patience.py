"""How long a transaction may keep its caller waiting, whatever the database does: one deadline for all its steps."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

FOREVER = float("inf")

_this_thread = local()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What this thread does inside must be over in this many seconds; FOREVER sets no limit."""
    before = getattr(_this_thread, "deadline", FOREVER)
    _this_thread.deadline = time.monotonic() + seconds
    try:
        yield
    finally:
        _this_thread.deadline = before


def left() -> float | None:
    """The seconds that remain, never less than 0; None where there is no limit."""
    deadline: float = getattr(_this_thread, "deadline", FOREVER)
    return None if deadline == FOREVER else max(0.0, deadline - time.monotonic())
