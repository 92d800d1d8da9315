"""gunicorn, embedded: workers that share one loaded application."""

import gc
import os
import re
import secrets
import socket
import struct
import sys
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.http import errors  # type: ignore[import-untyped]
from gunicorn.util import write_nonblock  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from cds_service.app import EXTENSION
from cds_service.errors import ConfigurationError
from cds_service.web.errors import MEDIA_TYPE, outcome_of_http, places
from cds_service.web.metrics.files import worker_ended
from cds_service.web.parts import Parts

THREADS = 4  # per worker: a call may wait up to the fetch deadline for an EHR, and others go on
RECEIVE_SECONDS = 15  # how long a client may pause while it sends
GARBAGE = 200_000
"""Containers alive before a collection: a chart goes as it came, without cycles, so it is not sifted meanwhile."""
_MEMORY = Path("/dev/shm")  # noqa: S108 - the workers' heartbeat file, which must not wait for a disk
_STATUSES = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    errors.ParseException: HTTPStatus.BAD_REQUEST,
}

_log = structlog.get_logger("cds_service.server")


def serve(app: Flask, host: str, port: int, workers: int) -> None:
    """Serve until told to stop; a call under way is finished first."""
    parts = app.extensions[EXTENSION]
    _insist_on_a_free_port(host, port)
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": Worker,
        "threads": THREADS,
        "preload_app": True,
        "timeout": 30,
        "graceful_timeout": 30,
        "keepalive": 15,
        "worker_tmp_dir": str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None,
        "control_socket_disable": True,
        "forwarded_allow_ips": "",  # what a proxy says is CDS_PROXY_HOPS' business, in one place
        "forwarder_headers": "",
        "secure_scheme_headers": {},
        "logger_class": GunicornLogger,
        "post_worker_init": lambda worker: _begin(worker, parts),
        "child_exit": lambda _, worker: worker_ended(worker.pid),
        "worker_exit": lambda _, __: [stopping() for stopping in parts.worker_stopping],
    }
    gc.collect()
    gc.freeze()  # what is loaded stays: no collection looks through it again, and the workers go on sharing its pages
    gc.set_threshold(GARBAGE, 10, 10)
    _Server(app, options).run()


def _begin(worker: Any, parts: Parts) -> None:
    """Let no half-sent request hold a thread: connections inherit the listener's time limit for receiving."""
    for listener in worker.sockets:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", RECEIVE_SECONDS, 0))
    for started in parts.worker_started:
        started()


def _insist_on_a_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        message = f"cannot listen on {host} port {port} ({error.strerror}); choose another with --port"
        raise ConfigurationError(message) from None


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, whose own answers are OperationOutcomes too: no request is quoted in one."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:  # noqa: ARG002 - gunicorn's signature
        """Answer what never became a request the application sees: not HTTP, or too long a head."""
        status = _status(exc)
        number = secrets.token_hex(8)
        kind = type(exc).__name__
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("unforeseen", error=kind, where=places(exc), request=number)
        else:
            _log.warning("server", what="Invalid request", error=kind, request=number, status=int(status))
        body = outcome_of_http(status, number)
        head = "\r\n".join(
            (
                f"HTTP/1.1 {status.value} {status.phrase}",
                "Connection: close",
                f"Content-Type: {MEDIA_TYPE}",
                f"Content-Length: {len(body)}",
                "Cache-Control: no-store",
                "X-Content-Type-Options: nosniff",
                f"X-Request-ID: {number}",
            )
        )
        with suppress(OSError):
            write_nonblock(client, f"{head}\r\n\r\n".encode("ascii") + body)


def _status(error: BaseException) -> HTTPStatus:
    """400 for whatever gunicorn cannot parse, unless there is a narrower status; 500 for all else."""
    if isinstance(error, errors.InvalidResponseHeader | errors.InvalidResponseHeaderName):  # a header of ours
        return HTTPStatus.INTERNAL_SERVER_ERROR
    kind = next((kind for kind in _STATUSES if isinstance(error, kind)), None)
    return HTTPStatus.INTERNAL_SERVER_ERROR if kind is None else _STATUSES[kind]


class GunicornLogger(Logger):  # type: ignore[misc]
    """gunicorn's own events, without the words that may hold a request: an address, a header, a query string."""

    def info(self, msg: Any, *args: Any, **_: Any) -> None:
        """Starting, listening, stopping."""
        _log.info("server", what=str(msg) % args if args else str(msg))

    def warning(self, msg: Any, *_: Any, **__: Any) -> None:
        """A refused request, say: what kind of event, and not a word of it."""
        _log.warning("server", what=_kind_of_event(msg), error=_kind_of_error())

    def error(self, msg: Any, *_: Any, **__: Any) -> None:
        """An error, without its values."""
        _log.error("server", what=_kind_of_event(msg), error=_kind_of_error())

    critical = exception = error

    def debug(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Nothing: debug lines quote requests."""


def _kind_of_event(message: object) -> str:
    """The part of gunicorn's message before any value ("Invalid request from ip=…", "Error handling request %s")."""
    return re.split(r" from | ip=|[:%'(]", str(message), maxsplit=1)[0].strip()


def _kind_of_error() -> str | None:
    kind = sys.exc_info()[0]
    return kind.__name__ if kind else None
