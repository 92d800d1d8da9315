"""Logging: one line an event, readable in development and JSON in production.

What may be logged is decided where it is logged: numbers, ids of ours, topics, types of errors. Never
tokens, patient ids, bodies, query strings or messages of exceptions we did not write.
"""

import logging
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import orjson
import structlog

from cds_service.settings import Settings

_MOST_FRAMES = 12


def configure(log_format: str, *, quiet: bool = False) -> None:
    """Send structlog's lines to standard error as ``console`` or ``json``. ``quiet``: warnings and errors only.

    ``console`` is for eyes: it is aligned and coloured on a terminal, and JSON where standard error is none.
    """
    stream = sys.stderr or sys.stdout  # a process may be started without standard error
    for_eyes = log_format == "console" and stream.isatty()
    output: Any = _Output(stream if for_eyes else stream.buffer)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if for_eyes else structlog.processors.JSONRenderer(orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(output) if for_eyes else structlog.BytesLoggerFactory(output),
    )


class _Output:
    """Where lines go. A reader that is gone, or a full disk, costs the line and never the call it tells of."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, line: str | bytes) -> None:
        with suppress(OSError, ValueError):
            self._stream.write(line)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()


def warn_at_start(
    settings: Settings,
    unknown: tuple[tuple[str, str | None], ...],
    off: Mapping[str, Sequence[str]] | None = None,
    site: str = "",
) -> None:
    """Say what is open in development, which variables mean nothing to us, and which rules are ``off``, by hook.

    ``site``: the hash of the site file that is in force.
    """
    log = structlog.get_logger(__name__)
    if site:
        log.info("site_file", digest=site)
    for hook, rules in (off or {}).items():
        log.warning("switched_off", hook=hook, rules=", ".join(rules))
    for name, nearest in unknown:
        log.warning("unknown_setting", variable=name, nearest=nearest)
    if settings.production:
        return
    callers = "checked" if settings.issuers else "not checked"
    log.warning("development_mode", callers=callers, cors=", ".join(settings.cors_origins) or "closed")
    if settings.silent:
        log.warning("silent_mode", topics=sorted(settings.silent))
    if settings.allow_other_patient:
        log.warning("another_patients_prefetch_is_used", setting="CDS_ALLOW_OTHER_PATIENT")


def places(error: BaseException) -> list[str]:
    """Where the exception came through, innermost last, as "module:line function"."""
    frames = list(traceback.walk_tb(error.__traceback__))[-_MOST_FRAMES:]
    return [f"{frame.f_globals.get('__name__')}:{line} {frame.f_code.co_name}" for frame, line in frames]


def causes(error: BaseException) -> list[str]:
    """The types of what the exception was raised from."""
    chain: list[str] = []
    below = error.__cause__ or error.__context__
    while below is not None and len(chain) < _MOST_FRAMES:
        chain.append(type(below).__name__)
        below = below.__cause__ or below.__context__
    return chain
