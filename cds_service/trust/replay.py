"""Which tokens were used. In production the database all workers share keeps this; here, one process's memory."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Remember = Callable[[str, str, datetime], bool]
"""(issuer, jti, until) -> True the first time, False ever after, at least until that (aware) moment.

Raises UnavailableError when it cannot tell.
"""

_SWEEP_EVERY = timedelta(minutes=1)


def _now() -> datetime:
    return datetime.now(UTC)


class MemoryReplay:
    """For development: forgets everything when the process ends, and other processes do not see it."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self._clock = clock
        self._until: dict[tuple[str, str], datetime] = {}
        self._swept = clock()
        self._lock = threading.Lock()

    def remember(self, issuer: str, jti: str, until: datetime) -> bool:
        """Note the token; False when it was noted before."""
        now = self._clock()
        with self._lock:
            if now - self._swept > _SWEEP_EVERY:
                self._until = {token: end for token, end in self._until.items() if end > now}
                self._swept = now
            if self._until.get((issuer, jti), now) > now:
                return False
            self._until[issuer, jti] = until
            return True
