"""Logging: one line an event, readable in development and JSON in production.

What may be logged is decided where it is logged: numbers, ids of ours, topics, types of errors. Never
tokens, patient ids, bodies, query strings or messages of exceptions we did not write.
"""

import logging
import sys
from typing import Any

import orjson
import structlog

from cds_service.settings import Settings


def configure(log_format: str, *, quiet: bool = False) -> None:
    """Send structlog's lines to standard error as ``console`` or ``json``. ``quiet``: warnings and errors only.

    ``console`` is for eyes: it is aligned and coloured on a terminal, and JSON where standard error is none.
    """
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer(orjson.dumps)
    lines: Any = structlog.BytesLoggerFactory(sys.stderr.buffer)
    if log_format == "console" and sys.stderr.isatty():
        renderer, lines = structlog.dev.ConsoleRenderer(), structlog.PrintLoggerFactory(sys.stderr)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=lines,
    )


def warn_at_start(settings: Settings, unknown: tuple[tuple[str, str | None], ...]) -> None:
    """Say what is open in development, and which variables mean nothing to us."""
    log = structlog.get_logger(__name__)
    for name, nearest in unknown:
        log.warning("unknown_setting", variable=name, nearest=nearest)
    if settings.production:
        return
    callers = "checked" if settings.issuers else "not checked"
    log.warning("development_mode", callers=callers, cors=", ".join(settings.cors_origins) or "closed")
