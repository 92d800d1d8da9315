"""Connections that wait, between the rounds of a call and between calls, for the next request to their server.

A few for each server and client, and for seconds: a handshake costs two or three journeys, and a call asks in two rounds.
Each was made to an address that the guard had looked at, and is only used under the same guard.
"""

import http.client
import socket
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

KEEP_SECONDS = 10.0  # servers keep an idle connection 5 to 60
MOST_OF_ONE = 8  # of one server and client: as many as one call has at once
MOST = 64


@dataclass(frozen=True, slots=True)
class Connected:
    """An open connection, and a second handle on its socket, without blocking, by which another thread can end it."""

    connection: http.client.HTTPConnection
    handle: socket.socket

    def close(self) -> None:
        """End it."""
        self.connection.close()
        self.handle.close()

    @property
    def idle(self) -> bool:
        """Nothing came since the last answer: the server has neither closed it nor said what no one asked."""
        try:
            self.handle.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


class _Waiting(NamedTuple):
    key: Hashable
    since: float
    connected: Connected


@dataclass(slots=True)
class Kept:
    """What waits, each for a key: a server, a client and what it may do. Safe for threads. ``clock``: in seconds."""

    clock: Callable[[], float] = time.monotonic
    _waiting: list[_Waiting] = field(default_factory=list)  # the oldest first
    _lock: Lock = field(default_factory=Lock)

    def take(self, key: Hashable) -> Connected | None:
        """The one of this key that was used last and can be used still."""
        self._end_the_old()
        while (found := self._last_of(key)) is not None:
            if found.idle:
                return found
            found.close()
        return None

    def put(self, key: Hashable, connected: Connected) -> None:
        """Keep one; where there are too many, the oldest goes."""
        self._end_the_old()
        with self._lock:
            self._waiting.append(_Waiting(key, self.clock(), connected))
            same = [one for one in self._waiting if one.key == key]
            over = [*same[:-MOST_OF_ONE], *self._waiting[:-MOST]][:1]
            for one in over:
                self._waiting.remove(one)
        for one in over:
            one.connected.close()

    def close(self) -> None:
        """End all that waits."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.connected.close()

    def _last_of(self, key: Hashable) -> Connected | None:
        with self._lock:
            found = next((one for one in reversed(self._waiting) if one.key == key), None)
            if found is not None:
                self._waiting.remove(found)
        return None if found is None else found.connected

    def _end_the_old(self) -> None:
        with self._lock:
            since = self.clock() - KEEP_SECONDS
            old = [one for one in self._waiting if one.since < since]
            self._waiting = [one for one in self._waiting if one.since >= since]
        for one in old:
            one.connected.close()
