"""What production refuses to start with. Better no service than one anybody may call or nobody can trust."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote, urlsplit

from cds_service.errors import ConfigurationError
from cds_service.settings import SANDBOX, Settings
from cds_service.trust.issuers import Issuer, load
from cds_service.trust.urls import BadUrlError, parse
from cds_service.variables import LOCAL

DEFAULT_SECRETS = frozenset(
    {"", "admin", "cds", "cds-service", "change-me", "changeme", "password", "postgres", "secret"}
)

_SANDBOX_HOST = parse(SANDBOX).host  # its private key is public


def check(settings: Settings) -> None:
    """Raise ConfigurationError with every reason, a line each that names its setting; nothing in development."""
    if not settings.production:
        return
    _raise(_problems(settings))


def check_issuers(issuers: Mapping[str, Issuer]) -> None:
    """Raise ConfigurationError with every reason why production must not trust them."""
    _raise(_issuer_problems(issuers))


def _raise(problems: Iterable[str]) -> None:
    found = "\n".join(problems)
    if found:
        raise ConfigurationError(found)


def _problems(settings: Settings) -> Iterator[str]:
    yield from _base_url_problems(settings.public_base_url)
    yield from _database_problems(settings)
    if {"*", LOCAL} & set(settings.cors_origins):
        yield "CDS_CORS_ORIGINS must be neither * nor local: list the origins, or leave it empty"
    if settings.allow_private_fhir:
        yield "CDS_ALLOW_PRIVATE_FHIR is for development: name private_hosts in CDS_ISSUERS instead"
    if settings.allow_other_patient:
        yield "CDS_ALLOW_OTHER_PATIENT is for development: a chart of somebody else is never this patient's"
    if settings.silent:
        yield "CDS_SILENT is for development: say silent of a client in CDS_ISSUERS instead"
    if settings.issuers is None:
        yield "CDS_ISSUERS is missing: no caller is trusted"
        return
    try:
        yield from _issuer_problems(load(settings.issuers))
    except ConfigurationError as error:
        yield str(error)


def _base_url_problems(text: str) -> Iterator[str]:
    try:
        url = parse(text)
    except BadUrlError as error:
        yield f"CDS_PUBLIC_BASE_URL {error}"
        return
    if url.scheme != "https":
        yield "CDS_PUBLIC_BASE_URL must be https"
    if url.query:
        yield "CDS_PUBLIC_BASE_URL holds a query"


def _database_problems(settings: Settings) -> Iterator[str]:
    parts = urlsplit(settings.database_url)
    if parts.scheme.partition("+")[0] == "sqlite":
        if parts.path in ("", "/", "/:memory:"):
            yield "CDS_DATABASE_URL is in memory: a used token would be unknown to the other workers"
        elif not settings.single_host:
            yield (
                "CDS_DATABASE_URL is SQLite, which other hosts do not see: a used token would pass there again; use"
                " PostgreSQL, or say CDS_SINGLE_HOST=true when every worker runs on this one host"
            )
        return
    if parts.password is not None and unquote(parts.password) in DEFAULT_SECRETS:
        yield "CDS_DATABASE_URL holds a default password"


def _issuer_problems(issuers: Mapping[str, Issuer]) -> Iterator[str]:
    for issuer in issuers.values():
        if _SANDBOX_HOST in {_host(issuer.iss), _host(issuer.jku or "")}:
            yield "CDS_ISSUERS trusts the CDS Hooks sandbox, whose private key is public"
        urls = (issuer.jku or "", *issuer.fhir_prefixes)
        if any(parse(url).scheme != "https" for url in urls if url):
            yield f"CDS_ISSUERS: jku and fhir_prefixes of {issuer.iss} must be https"


def _host(text: str) -> str:
    try:
        return (urlsplit(text).hostname or "").rstrip(".")
    except ValueError:  # an iss need not be a URL
        return ""
