"""gunicorn's worker with threads, in which a request takes a thread when all of it has come, and not before.

The main thread receives for all connections; the threads never read from a socket. So clients that send slowly, or
nothing, hold a connection and no thread, and each stage has a deadline. ``/livez`` and ``/readyz`` have threads of
their own.
"""

import errno
import re
import secrets
import selectors
import socket
import time
from collections import Counter, defaultdict, deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from enum import IntEnum
from functools import partial
from http import HTTPStatus
from typing import Any

import structlog
from gunicorn.http import errors, get_parser  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from cds_service.commands.receiving import Incoming
from cds_service.commands.wire_errors import answer, status_of
from cds_service.logs import places

HEAD_SECONDS = 5.0  # for a whole head, from its first byte
BODY_SECONDS = 20.0  # for a whole body, from its head's end
SEND_SECONDS = 10.0  # for a client to take an answer
LINGER_SECONDS = 2.0  # for a client to close, once it has its answer; and for which a stopping worker still accepts
TICK_SECONDS = 0.5
MOST_BODIES = 16  # of the largest size, that a worker holds half received
PROBES = (b"/livez", b"/readyz")

_MOST_AT_ONCE = 64 * 1024  # bytes read before other connections have their turn
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_AUTHORIZATION = re.compile(rb"\r\nauthorization[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r\n", re.IGNORECASE)
_GONE = (errno.EPIPE, errno.ECONNRESET, errno.ENOTCONN)
_log = structlog.get_logger("cds_service.server")


class Stage(IntEnum):
    """What a connection waits for; those first in this order make room first when there is none."""

    CLOSING = 0
    IDLE = 1
    HEAD = 2
    BODY = 3


class Connection(TConn):  # type: ignore[misc]
    """One client's connection. ``until``: the deadline of its stage, as of time.monotonic()."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any, cap: int) -> None:
        super().__init__(cfg, sock, client, server)
        self.incoming = Incoming(cap)
        self.stage = Stage.IDLE
        self.until = 0.0
        self.whole = False
        self.continued = False
        self.caller: str | None = None

    def enter(self, stage: Stage, seconds: float) -> None:
        """Begin a stage, unless it is in it already."""
        if self.stage is not stage:
            self.stage, self.until = stage, time.monotonic() + seconds


class Worker(ThreadWorker):  # type: ignore[misc]
    """Receives in its main thread, works in others. Its own answers are OperationOutcomes: no request is quoted."""

    def init_process(self) -> None:
        """Make what each process has for itself."""
        self._cap: int = self.app.most_body
        self._waiting: dict[Connection, None] = {}  # in the order they began to wait
        self._received = 0  # bytes of requests that have not been taken up
        self._probes = {path: ThreadPoolExecutor(1) for path in PROBES}
        self._look_at = 0.0
        self._holds: Counter[str] = Counter()  # threads, by client
        self._queues: dict[str, deque[Connection]] = defaultdict(deque)
        super().init_process()

    def run(self) -> None:
        """Accept, receive and hand over, until told to stop; then accept a little longer, and finish what is begun."""
        self.poller.register(self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks)
        while self.alive:
            self.set_accept_enabled(self._has_room())
            self._turn()
            if not self.is_parent_alive():
                break
        still = time.monotonic() + LINGER_SECONDS
        last = time.monotonic() + self.cfg.graceful_timeout
        while (now := time.monotonic()) < last and (self.nr_conns > 0 or now < still):
            self.set_accept_enabled(now < still and self._has_room())
            if now >= still:
                self._close_those_at(Stage.IDLE)
            self._turn(0.05)
        for connection in list(self._waiting):
            self._drop(connection)
        self.tpool.shutdown(wait=False)
        for probe in self._probes.values():
            probe.shutdown(wait=False)
        self.poller.close()
        self.method_queue.close()
        for listener in self.sockets:
            listener.close()

    def _turn(self, seconds: float = TICK_SECONDS) -> None:
        self.notify()
        self.wait_for_and_dispatch_events(timeout=seconds)
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + seconds
            for connection in [one for one in self._waiting if one.until <= now]:
                self._too_late(connection)

    def _has_room(self) -> bool:
        return self.nr_conns < self.worker_connections or bool(self._waiting)

    def accept(self, listener: Any) -> None:
        """Take a connection. Where there are too many, the one that is least missed gives way."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                return
            raise
        if self.nr_conns >= self.worker_connections and self._waiting:
            self._drop(min(self._waiting, key=lambda one: one.stage))
        self.nr_conns += 1
        connection = Connection(self.cfg, client, address, listener.getsockname(), self._cap)
        connection.until = time.monotonic() + self.cfg.keepalive
        self._wait(connection)
        self._readable(connection, client)  # often it is there already

    def _wait(self, connection: Connection) -> None:
        connection.sock.settimeout(0)
        self._waiting[connection] = None
        self.poller.register(connection.sock, selectors.EVENT_READ, partial(self._readable, connection))

    def _leave(self, connection: Connection) -> None:
        self._waiting.pop(connection)
        self.poller.unregister(connection.sock)

    def _readable(self, connection: Connection, sock: socket.socket) -> None:
        if connection not in self._waiting:  # it gave way in this very turn
            return
        try:
            data = sock.recv(_MOST_AT_ONCE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._drop(connection)
            return
        if connection.stage is Stage.CLOSING:
            if not data:
                self._drop(connection)
            return
        self._received += len(data)
        connection.incoming.feed(data)
        self._consider(connection)

    def _consider(self, connection: Connection) -> None:
        """Hand a connection's request over when it is there, else give it the time its stage has."""
        incoming = connection.incoming
        if incoming.ready:
            self._leave(connection)
            self._hand_over(connection)
        elif incoming.over:
            self._drop(connection)
        elif incoming.headed:
            connection.enter(Stage.BODY, BODY_SECONDS)
            if incoming.expects and not connection.continued:
                connection.continued = True
                with suppress(OSError):
                    connection.sock.send(_CONTINUE)
            self._keep_within_memory()
        elif incoming.begun:
            connection.enter(Stage.HEAD, HEAD_SECONDS)

    def _keep_within_memory(self) -> None:
        """Where too much is half received, what has taken longest is not waited for."""
        while self._received > MOST_BODIES * self._cap:
            slow = next((one for one in self._waiting if one.stage is Stage.BODY), None)
            if slow is None:
                return
            self._refuse(slow, HTTPStatus.SERVICE_UNAVAILABLE)

    def _hand_over(self, connection: Connection) -> None:
        """Give a request a thread; one of several clients may hold all but one, and further calls of its own wait."""
        incoming = connection.incoming
        threads: Any = self._probes.get(incoming.path, self.tpool)
        connection.whole, before = incoming.whole, len(incoming)
        head, body = incoming.take()
        self._received -= before - len(incoming)
        connection.parser = get_parser(self.cfg, iter([part for part in (head, body) if part]), connection.client)
        authorization = _AUTHORIZATION.search(head)
        connection.caller = self.app.client(authorization[1].decode("latin-1")) if authorization else None
        if connection.caller is None:
            self._submit(connection, threads)
        elif self._holds[connection.caller] < max(1, self.cfg.threads - 1):
            self._holds[connection.caller] += 1
            self._submit(connection, threads)
        else:
            self._queues[connection.caller].append(connection)

    def _pass_on(self, client: str) -> None:
        """A thread that was a client's is its next call's, or anybody's."""
        waiting = self._queues.get(client)
        if waiting:
            self._submit(waiting.popleft(), self.tpool)
            return
        self._queues.pop(client, None)
        self._holds[client] -= 1
        if not self._holds[client]:
            del self._holds[client]

    def _submit(self, connection: Connection, threads: Any) -> None:
        work = threads.submit(self.handle, connection)
        work.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, connection, done))

    def handle(self, conn: Connection) -> bool:
        """Answer a request, in a thread; whether the connection may carry another."""
        request = None
        try:
            conn.sock.settimeout(SEND_SECONDS)
            request = next(conn.parser)
            if not conn.whole:
                request.force_close()
            return bool(self.handle_request(request, conn))
        except (errors.NoMoreData, StopIteration, TimeoutError):
            return False
        except OSError as error:
            if error.errno not in _GONE:
                _log.error("unforeseen", error=type(error).__name__, where=places(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is answered
            self.handle_error(request, conn.sock, conn.client, error)
        return False

    def finish_request(self, conn: Connection, fs: "Future[bool]") -> None:
        """Wait for the connection's next request, or let it go; in the main thread again."""
        if conn.caller is not None:
            self._pass_on(conn.caller)
        if fs.cancelled() or fs.exception() is not None or not fs.result():
            self._hang_up(conn)
            return
        conn.stage, conn.continued = Stage.IDLE, False
        conn.until = time.monotonic() + self.cfg.keepalive
        self._wait(conn)
        self._consider(conn)  # the next one may have come along with the last

    def _too_late(self, connection: Connection) -> None:
        if connection.stage in (Stage.HEAD, Stage.BODY):
            self._refuse(connection, HTTPStatus.REQUEST_TIMEOUT)
        else:
            self._drop(connection)

    def _refuse(self, connection: Connection, status: HTTPStatus) -> None:
        self._leave(connection)
        number = secrets.token_hex(8)
        _log.warning("server", what="Request not received", request=number, status=int(status))
        answer(connection.sock, status, number)
        self._hang_up(connection)

    def _hang_up(self, connection: Connection) -> None:
        """Close once the client has, so that what it still sends does not cost it our answer."""
        self._received -= len(connection.incoming)
        connection.incoming = Incoming(self._cap)
        try:
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(connection)
            return
        connection.enter(Stage.CLOSING, LINGER_SECONDS)
        self._wait(connection)

    def _close_those_at(self, stage: Stage) -> None:
        for connection in [one for one in self._waiting if one.stage is stage]:
            self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        self._leave(connection)
        self._received -= len(connection.incoming)
        self._close(connection)

    def _close(self, connection: Connection) -> None:
        self.nr_conns -= 1
        connection.close()

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:  # noqa: ARG002 - gunicorn's signature
        """Answer what never became a request the application sees: not HTTP, or too long a head."""
        status = status_of(exc)
        number = secrets.token_hex(8)
        kind = type(exc).__name__
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("unforeseen", error=kind, where=places(exc), request=number)
        else:
            _log.warning("server", what="Invalid request", error=kind, request=number, status=int(status))
        answer(client, status, number)
