"""The service's settings: environment variables ``CDS_…``, read once at start.

Each field of ``Settings`` is one variable and documents itself; ``settings_table`` is the README's table.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from environs import Env

from cds_service.errors import ConfigurationError

PREFIX = "CDS_"
LOCAL = "local"
SANDBOX = "https://sandbox.cds-hooks.org"
LANGUAGES = ("en", "id")
FHIR_HABITS = ("small-pages", "no-count", "unknown-patient")
"""What the demo's FHIR server can do as real ones do."""
_PRODUCTION: Mapping[str, Any] = {"cors_origins": (), "rate_limit": "600/minute", "log_format": "json"}
"""Defaults that differ in production, by field."""

Read = Callable[[str], Any]
"""Turns a variable's text into its value; raises ValueError saying what is wrong and what is allowed."""


def _one_of(*allowed: str) -> Read:
    def read(text: str) -> str:
        if text.lower() not in allowed:
            message = f"must be one of {', '.join(allowed)}"
            raise ValueError(message)
        return text.lower()

    return read


def _number(least: float, most: float, kind: type[int] | type[float] = int) -> Read:
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


def _truth(text: str) -> bool:
    return str(_one_of("true", "false", "1", "0", "yes", "no")(text)) in ("true", "1", "yes")


def _base_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment or parts.username:
        message = "must be an absolute http or https URL without user, query or fragment"
        raise ValueError(message)
    return text.rstrip("/")


def _database_url(text: str) -> str:
    scheme, found, _ = text.partition("://")
    if not found or scheme.partition("+")[0] not in ("sqlite", "postgresql", "postgres"):
        message = (
            "must be an SQLAlchemy URL of sqlite or postgresql, such as postgresql+psycopg://user:password@host/db"
        )
        raise ValueError(message)
    return text


def _existing_file(text: str) -> str:
    if not Path(text).is_file():
        message = "must be the path of a readable TOML file; there is none there"
        raise ValueError(message)
    return text


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        message = "must be an IANA time zone name, such as Asia/Jakarta"
        raise ValueError(message) from None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _switches(text: str) -> frozenset[str]:
    """Whether there are such topics and rules the catalogue says, at start."""
    return frozenset(_listed(text))


def _habits(text: str) -> frozenset[str]:
    named = frozenset(_listed(text))
    if not named <= frozenset(FHIR_HABITS):
        message = f"names an unknown habit; known are {', '.join(FHIR_HABITS)}"
        raise ValueError(message)
    return named


def _codes(text: str) -> frozenset[str]:
    codes = frozenset(_listed(text))
    if not all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:/|#-]{0,63}", code) for code in codes):
        message = "must list codes of at most 64 letters, digits or ._:/|#- by comma"
        raise ValueError(message)
    return codes


def _origins(text: str) -> tuple[str, ...]:
    origins = () if text.lower() == "none" else _listed(text)
    for origin in origins:
        if origin not in ("*", LOCAL) and not re.fullmatch(r"https?://[^/?#@\s]+", origin):
            message = "must list origins such as https://ehr.example.org, separated by commas, or local, *, none"
            raise ValueError(message)
    return origins


def _limit(text: str) -> str | None:
    if text.lower() == "none":
        return None
    if not re.fullmatch(r"\d+ ?(/|per) ?(\d+ ?)?(second|minute|hour|day)s?", text.lower()):
        message = "must be a rate such as 600/minute, or none"
        raise ValueError(message)
    return text.lower()


def _storage(text: str) -> str:
    if not re.match(r"(memory|redis|rediss)://", text):
        message = "must be memory://, redis://… or rediss://…"
        raise ValueError(message)
    return text


def _setting(meaning: str, read: Read, *, default: Any) -> Any:
    return field(default=default, metadata={"help": meaning, "read": read})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, frozen. ``Settings()`` is development with all defaults."""

    env: str = _setting(
        "`development` (callers are not checked unless CDS_ISSUERS is set) or `production`.",
        _one_of("development", "production"),
        default="development",
    )
    public_base_url: str = _setting(
        "The address clients reach the service by: tokens' audience, leaflet links.",
        _base_url,
        default="http://127.0.0.1:8080",
    )
    database_url: str = _setting(
        "Where issued cards, feedback and used tokens are kept.", _database_url, default="sqlite:///cds-service.db"
    )
    issuers: str | None = _setting("TOML file of the clients that may call.", _existing_file, default=None)
    default_language: str = _setting(
        "Cards' language when the request asks for none: `en` or `id`.", _one_of(*LANGUAGES), default="en"
    )
    timezone: ZoneInfo = _setting(  # noqa: RUF009 - a ZoneInfo is immutable
        'Time zone that decides what day "today" is (IANA name).', _zone, default=ZoneInfo("Asia/Jakarta")
    )
    disabled_topics: frozenset[str] = _setting(
        "Rules and topics that give no card, by comma; `cds-service rules` names them. A topic leaves the warnings at"
        " orders on: those are switched off by the name of their rule.",
        _switches,
        default=frozenset(),
    )
    cors_origins: tuple[str, ...] = _setting(
        "Origins whose pages may call, by comma, or `*`; `local` is this machine and the CDS Hooks sandbox. `none` in"
        " production.",
        _origins,
        default=(LOCAL,),
    )
    max_body_bytes: int = _setting(
        "Most bytes of a request body, also after inflation.", _number(1_000, 100_000_000), default=5_000_000
    )
    max_entries: int = _setting(
        "Most entries of all lists and Bundles of a request together.", _number(100, 10_000_000), default=50_000
    )
    work_seconds: float = _setting(
        "Seconds of a processor that one call may take; what it waits for does not count.",
        _number(0.1, 600, float),
        default=5.0,
    )
    rate_limit: str | None = _setting(
        "Calls one address may make, such as `600/minute`, or `none`; `600/minute` in production.", _limit, default=None
    )
    rate_limit_caller: str | None = _setting(
        "Calls one authenticated client (issuer and tenant) may make, or `none`.", _limit, default=None
    )
    rate_limit_storage: str = _setting(
        "Where rates are counted: `memory://` (each worker for itself), `redis://…` (all together).",
        _storage,
        default="memory://",
    )
    proxy_hops: int = _setting(
        "Reverse proxies in front whose X-Forwarded-* headers are believed.", _number(0, 9), default=0
    )
    single_host: bool = _setting(
        "`true` when all workers share this one host, so that SQLite may hold the used tokens.", _truth, default=False
    )
    fetch_deadline_seconds: float = _setting(
        "Seconds in which all data missing from a call must be fetched.", _number(0.1, 30, float), default=2.0
    )
    fetch_max_bytes: int = _setting("Most bytes of one fetched answer.", _number(1_000, 100_000_000), default=5_000_000)
    fetch_max_pages: int = _setting("Most pages followed of one fetched search.", _number(1, 1_000), default=200)
    allow_private_fhir: bool = _setting(
        "`true` lets a call name a FHIR server on this machine or a private network; development only.",
        _truth,
        default=False,
    )
    allow_other_patient: bool = _setting(
        "`true` serves test clients that make up `context.patientId`: a prefetch that is one other patient's throughout"
        " is used; development only.",
        _truth,
        default=False,
    )
    demo_fhir_habits: frozenset[str] = _setting(
        "What the demo's FHIR server does as real ones do, by comma: `small-pages` (5 entries a page unless asked, the"
        " oldest first, no total), `no-count` (400 to `_count`), `unknown-patient` (404 to a read of a Patient, every"
        " search empty).",
        _habits,
        default=frozenset(),
    )
    log_format: str = _setting(
        "`console` (JSON where standard error is no terminal) or `json`; `json` in production.",
        _one_of("console", "json"),
        default="console",
    )
    override_reasons: frozenset[str] = _setting(
        "Codes of override reasons of the clients' own that are kept, by comma; all but these and ours count as"
        " `other`.",
        _codes,
        default=frozenset(),
    )
    store_comments: bool = _setting("`true` keeps the free text of feedback (userComment).", _truth, default=False)
    report_page: bool = _setting(
        "`true` shows `/report` in production too; development always does.", _truth, default=False
    )

    @property
    def production(self) -> bool:
        """True in production mode, where nothing insecure is allowed to start."""
        return self.env == "production"


def load_settings() -> Settings:
    """The settings of this process's environment. Raises ConfigurationError naming the variable."""
    env = Env()
    texts = {setting.name: env.str(_variable(setting.name), "").strip() for setting in fields(Settings)}
    read = {setting.name: setting.metadata["read"] for setting in fields(Settings)}
    given = {name: _value(name, text, read[name]) for name, text in texts.items() if text}
    defaults = _PRODUCTION if given.get("env") == "production" else {}
    return Settings(**{**defaults, **given})


def unknown_variables(names: Iterable[str]) -> tuple[tuple[str, str | None], ...]:
    """The CDS_… names among the environment's that no setting has, each with the nearest one that exists."""
    known = [_variable(setting.name) for setting in fields(Settings)]
    unknown = sorted(name for name in names if name.startswith(PREFIX) and name not in known)
    return tuple((name, next(iter(get_close_matches(name, known, n=1)), None)) for name in unknown)


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises ConfigurationError."""
    try:
        return _zone(name)
    except ValueError as error:
        message = f"time zone: {error}"
        raise ConfigurationError(message) from None


def settings_table() -> str:
    """The README's table of settings, in Markdown."""
    rows = (
        f"| `{_variable(setting.name)}` | {_shown(setting.default)} | {setting.metadata['help']} |\n"
        for setting in fields(Settings)
    )
    return "| Variable | Default | Meaning |\n|---|---|---|\n" + "".join(rows)


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _value(name: str, text: str, read: Read) -> Any:
    try:
        return read(text)
    except ValueError as error:
        message = f"{_variable(name)}: {error}"
        raise ConfigurationError(message) from None


def _shown(default: Any) -> str:
    if isinstance(default, (tuple, frozenset)):
        default = ",".join(sorted(default))
    if isinstance(default, bool):
        default = str(default).lower()
    return "" if default in (None, "") else f"`{default}`"
