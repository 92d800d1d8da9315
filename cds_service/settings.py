"""The service's settings: environment variables ``CDS_…``, read once at start.

Each field of ``Settings`` is one variable and documents itself; ``settings_table`` is the README's table.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from cds_service import variables
from cds_service.errors import ConfigurationError

PREFIX = "CDS_"
SANDBOX = "https://sandbox.cds-hooks.org"
LANGUAGES = ("en", "id")
_PRODUCTION: Mapping[str, Any] = {"cors_origins": (), "rate_limit": "600/minute", "log_format": "json"}
"""Defaults that differ in production, by field."""


def _setting(meaning: str, read: variables.Read, *, default: Any) -> Any:
    return field(default=default, metadata={"help": meaning, "read": read})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, frozen. ``Settings()`` is development with all defaults."""

    env: str = _setting(
        "`development` (callers are not checked unless CDS_ISSUERS is set) or `production`.",
        variables.one_of("development", "production"),
        default="development",
    )
    public_base_url: str = _setting(
        "The address clients reach the service by: tokens' audience, the links on cards, the code system of topics and"
        " override reasons (`…/topics`, `…/override-reasons`: at a new address they are codes of a new system to an EHR"
        " that keys on both), and in development the one name with dots in it that calls may be sent to.",
        variables.base_url,
        default="http://127.0.0.1:8080",
    )
    database_url: str = _setting(
        "Where issued cards, feedback and used tokens are kept.",
        variables.database_url,
        default="sqlite:///cds-service.db",
    )
    issuers: str | None = _setting("TOML file of the clients that may call.", variables.existing_file, default=None)
    site: str | None = _setting(
        "TOML file of what belongs to the house: its codes, names, switches, reasons and links, see `docs/site.md`.",
        variables.existing_file,
        default=None,
    )
    default_language: str = _setting(
        "Cards' language when the request asks for none: `en` or `id`.", variables.one_of(*LANGUAGES), default="en"
    )
    timezone: ZoneInfo = _setting(  # noqa: RUF009 - a ZoneInfo is immutable
        'Time zone that decides what day "today" is (IANA name).', variables.zone, default=ZoneInfo("Asia/Jakarta")
    )
    disabled_topics: frozenset[str] = _setting(
        "Rules and topics that give no card, by comma; `cds-service rules` names them. A topic leaves the warnings at"
        " orders on: those are switched off by the name of their rule.",
        variables.switches,
        default=frozenset(),
    )
    silent: frozenset[str] = _setting(
        "Silent mode: `true`, or topics by comma; their cards are kept for the report and not shown. Development only; in"
        " production `silent` of a client in CDS_ISSUERS.",
        variables.silent,
        default=frozenset(),
    )
    cors_origins: tuple[str, ...] = _setting(
        "Origins whose pages may call, by comma, or `*`; `local` is this machine and the CDS Hooks sandbox. `none` in"
        " production.",
        variables.origins,
        default=(variables.LOCAL,),
    )
    max_body_bytes: int = _setting(
        "Most bytes of a request body, also after inflation.", variables.number(1_000, 100_000_000), default=5_000_000
    )
    max_entries: int = _setting(
        "Most entries of all lists and Bundles of a request together.",
        variables.number(100, 10_000_000),
        default=50_000,
    )
    work_seconds: float = _setting(
        "Seconds of a processor that one call may take; what it waits for does not count.",
        variables.number(0.1, 600, float),
        default=5.0,
    )
    rate_limit: str | None = _setting(
        "Calls one address may make, such as `600/minute`, or `none`; `600/minute` in production.",
        variables.limit,
        default=None,
    )
    rate_limit_caller: str | None = _setting(
        "Calls one authenticated client (issuer and tenant) may make, or `none`.", variables.limit, default=None
    )
    rate_limit_storage: str = _setting(
        "Where rates are counted: `memory://` (each worker for itself), `redis://…` (all together).",
        variables.storage,
        default="memory://",
    )
    proxy_hops: int = _setting(
        "Reverse proxies in front whose X-Forwarded-* headers are believed.", variables.number(0, 9), default=0
    )
    single_host: bool = _setting(
        "`true` when all workers share this one host, so that SQLite may hold the used tokens.",
        variables.truth,
        default=False,
    )
    fetch_deadline_seconds: float = _setting(
        "Seconds in which all data missing from a call must be fetched.", variables.number(0.1, 30, float), default=2.0
    )
    fetch_max_bytes: int = _setting(
        "Most bytes of one fetched answer.", variables.number(1_000, 100_000_000), default=5_000_000
    )
    fetch_max_pages: int = _setting(
        "Most pages followed of one fetched search.", variables.number(1, 1_000), default=200
    )
    allow_private_fhir: bool = _setting(
        "`true` lets a call name a FHIR server on this machine or a private network; development only.",
        variables.truth,
        default=False,
    )
    allow_other_patient: bool = _setting(
        "`true` serves test clients that make up `context.patientId`: a prefetch that is one other patient's throughout"
        " is used; development only.",
        variables.truth,
        default=False,
    )
    demo_fhir_habits: frozenset[str] = _setting(
        "What the demo's FHIR server does as real ones do, by comma: `small-pages` (5 entries a page unless asked, the"
        " oldest first, no total), `no-count` (400 to `_count`), `unknown-patient` (404 to a read of a Patient, every"
        " search empty).",
        variables.habits,
        default=frozenset(),
    )
    log_format: str = _setting(
        "`console` (JSON where standard error is no terminal) or `json`; `json` in production.",
        variables.one_of("console", "json"),
        default="console",
    )
    override_reasons: frozenset[str] = _setting(
        "Codes of override reasons of the clients' own that are kept, by comma; all but these and ours count as"
        " `other`.",
        variables.codes,
        default=frozenset(),
    )
    store_comments: bool = _setting(
        "`true` keeps the free text of feedback (userComment).", variables.truth, default=False
    )
    report_page: bool = _setting(
        "`true` shows `/report` in production too; development always does.", variables.truth, default=False
    )

    @property
    def production(self) -> bool:
        """True in production mode, where nothing insecure is allowed to start."""
        return self.env == "production"


def load_settings() -> Settings:
    """The settings of this process's environment. Raises ConfigurationError naming the variable."""
    texts = {setting.name: os.environ.get(_variable(setting.name), "").strip() for setting in fields(Settings)}
    read = {setting.name: setting.metadata["read"] for setting in fields(Settings)}
    given = {name: _value(name, text, read[name]) for name, text in texts.items() if text}
    defaults = _PRODUCTION if given.get("env") == "production" else {}
    return Settings(**{**defaults, **given})


def unknown_variables(names: Iterable[str]) -> tuple[tuple[str, str | None], ...]:
    """The CDS_… names among the environment's that no setting has, in any case, each with the nearest one that exists."""
    known = [_variable(setting.name) for setting in fields(Settings)]
    unknown = sorted(name for name in names if name.upper().startswith(PREFIX) and name not in known)
    return tuple((name, next(iter(get_close_matches(name.upper(), known, n=1)), None)) for name in unknown)


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises ConfigurationError."""
    try:
        return variables.zone(name)
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


def _value(name: str, text: str, read: variables.Read) -> Any:
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
