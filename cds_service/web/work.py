"""How much work one call may take, so that one that was made to cost much does not hold a worker."""

import time
from collections.abc import Callable

from cds_service.chart.model import Still
from cds_service.errors import OvertimeError


def still(seconds: float, clock: Callable[[], float] = time.thread_time) -> Still:
    """What asks whether a call that begins now may go on.

    ``clock``: by default this thread's processor time, which neither waiting nor other threads make longer.
    """
    until = clock() + seconds

    def look() -> None:
        if clock() > until:
            message = f"the request takes more than {seconds:g} seconds of work"
            raise OvertimeError(message)

    return look
