"""What the text of one environment variable can mean: each reader gives its value, or a ValueError that says what is wrong."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

LOCAL = "local"
EVERY_TOPIC = "*"
"""Stands for all topics where topics are listed."""
FHIR_HABITS = ("small-pages", "no-count", "unknown-patient")
"""What the demo's FHIR server can do as real ones do."""

Read = Callable[[str], Any]
"""Turns a variable's text into its value; raises ValueError saying what is wrong and what is allowed."""


def one_of(*allowed: str) -> Read:
    """A reader of one of these words, in any case."""

    def read(text: str) -> str:
        if text.lower() not in allowed:
            message = f"must be one of {', '.join(allowed)}"
            raise ValueError(message)
        return text.lower()

    return read


def number(least: float, most: float, kind: type[int] | type[float] = int) -> Read:
    """A reader of a number from ``least`` to ``most``, both included."""

    def read(text: str) -> float:
        message = f"must be {'a whole number' if kind is int else 'a number'} from {least:g} to {most:g}"
        try:
            number = kind(text)
        except ValueError:
            raise ValueError(message) from None
        if not least <= number <= most:  # also refuses NaN
            raise ValueError(message)
        return number

    return read


def truth(text: str) -> bool:
    """Yes or no."""
    return str(one_of("true", "false", "1", "0", "yes", "no", "on", "off")(text)) in ("true", "1", "yes", "on")


def base_url(text: str) -> str:
    """An address without its trailing slash."""
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment or parts.username:
        message = "must be an absolute http or https URL without user, query or fragment"
        raise ValueError(message)
    return text.rstrip("/")


def database_url(text: str) -> str:
    """A database URL of a kind we can use."""
    scheme, found, _ = text.partition("://")
    if not found or scheme.partition("+")[0] not in ("sqlite", "postgresql", "postgres"):
        message = (
            "must be an SQLAlchemy URL of sqlite or postgresql, such as postgresql+psycopg://user:password@host/db"
        )
        raise ValueError(message)
    return text


def existing_file(text: str) -> str:
    """The path of a file that is there."""
    if not Path(text).is_file():
        message = "must be the path of a readable TOML file; there is none there"
        raise ValueError(message)
    return text


def zone(text: str) -> ZoneInfo:
    """A time zone by its IANA name."""
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        message = "must be an IANA time zone name, such as Asia/Jakarta"
        raise ValueError(message) from None


def listed(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def switches(text: str) -> frozenset[str]:
    """Topics or rules by comma; whether there are such the catalogue says, at start."""
    return frozenset(listed(text))


def silent(text: str) -> frozenset[str]:
    """Silence: none, of every topic, or of those named."""
    try:
        return frozenset({EVERY_TOPIC} if truth(text) else ())
    except ValueError:
        return switches(text)


def habits(text: str) -> frozenset[str]:
    """Habits of the demo's FHIR server."""
    named = frozenset(listed(text))
    if not named <= frozenset(FHIR_HABITS):
        message = f"names an unknown habit; known are {', '.join(FHIR_HABITS)}"
        raise ValueError(message)
    return named


def codes(text: str) -> frozenset[str]:
    """Codes by comma."""
    codes = frozenset(listed(text))
    if not all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:/|#-]{0,63}", code) for code in codes):
        message = "must list codes of at most 64 letters, digits or ._:/|#- by comma"
        raise ValueError(message)
    return codes


def origins(text: str) -> tuple[str, ...]:
    """Origins of pages; none for "none"."""
    origins = () if text.lower() == "none" else listed(text)
    for origin in origins:
        if origin not in ("*", LOCAL) and not re.fullmatch(r"https?://[^/?#@\s]+", origin):
            message = "must list origins such as https://ehr.example.org, separated by commas, or local, *, none"
            raise ValueError(message)
    return origins


def limit(text: str) -> str | None:
    """A rate; None for "none"."""
    if text.lower() == "none":
        return None
    if not re.fullmatch(r"\d+ ?(/|per) ?(\d+ ?)?(second|minute|hour|day)s?", text.lower()):
        message = "must be a rate such as 600/minute, or none"
        raise ValueError(message)
    return text.lower()


def storage(text: str) -> str:
    """Where rates are counted."""
    if not re.match(r"(memory|redis|rediss)://", text):
        message = "must be memory://, redis://… or rediss://…"
        raise ValueError(message)
    return text
