"""gunicorn, embedded: workers that share one loaded application."""

import errno
import gc
import os
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from cds_service.app import EXTENSION
from cds_service.commands.worker import Worker
from cds_service.errors import ConfigurationError
from cds_service.web.metrics.files import worker_ended

THREADS = 4  # per worker: a call may wait up to the fetch deadline for an EHR, and others go on
GARBAGE = 200_000
"""Containers alive before a collection: a chart goes as it came, without cycles, so it is not sifted meanwhile."""
_ANOTHER = (9100, 9200)  # ports to propose
_MEMORY = Path("/dev/shm")  # noqa: S108 - the workers' heartbeat file, which must not wait for a disk
_log = structlog.get_logger("cds_service.server")


def serve(app: Flask, host: str, port: int, workers: int, most_body: int) -> None:
    """Serve until told to stop; a call under way is finished first. ``most_body``: bytes of a request's body."""
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
        "post_worker_init": lambda _: [started() for started in parts.worker_started],
        "child_exit": lambda _, worker: worker_ended(worker.pid),
        "worker_exit": lambda _, __: [stopping() for stopping in parts.worker_stopping],
    }
    gc.set_threshold(GARBAGE, 10, 10)
    _Server(app, options, most_body, parts.client).run()


def _insist_on_a_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, UnicodeError) as error:
        raise ConfigurationError(_not_listening(error, host, port)) from None


def _not_listening(error: OSError | UnicodeError, host: str, port: int) -> str:
    """What is wrong: the host, the right to the port, or that somebody else listens there."""
    code = error.errno if isinstance(error, OSError) else None
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return f"--host {host}: there is no such host"
    if code == errno.EADDRNOTAVAIL:
        return f"--host {host}: is not an address of this machine (127.0.0.1 for it alone, 0.0.0.0 for all)"
    if code == errno.EACCES:
        return f"--port {port}: no right to listen there; ports from 1024 are free to everybody"
    free = _ANOTHER[port == _ANOTHER[0]]
    return f"port {port} of {host} is taken; choose another: --port {free}, or make run PORT={free}"


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(
        self, app: Flask, options: dict[str, Any], most_body: int, client: Callable[[str], str | None]
    ) -> None:
        self.most_body = most_body
        self.client = client
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


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
