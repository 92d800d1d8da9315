"""Counts what Python does, so that a test can tell linear work from quadratic without a clock."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def operations(work: Callable[[], object]) -> int:
    """How many bytecode instructions the work takes. What is done in C, in one call, counts as one."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if event == "call":
            frame.f_trace_opcodes = True
            frame.f_trace_lines = False
        elif event == "opcode":
            count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def grows_linearly(work: Callable[[int], Callable[[], object]], n: int) -> bool:
    """Whether work of twice the size takes about twice the operations; four times as many would be quadratic.

    ``work``: from a size to the work, made ready beforehand.
    """
    work(n)()  # what is remembered once and for all
    return operations(work(2 * n)) < 2.3 * operations(work(n))
