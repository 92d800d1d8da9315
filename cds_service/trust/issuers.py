"""The callers we trust: one ``[[issuer]]`` table of the TOML file ``CDS_ISSUERS`` each.

Every mistake in the file is a ConfigurationError that names the table and the key; nothing is guessed.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

from cds_service.errors import ConfigurationError
from cds_service.settings import LANGUAGES
from cds_service.trust.key_set import BadKeySetError, KeySet
from cds_service.trust.urls import BadUrlError, Url, parse
from cds_service.variables import EVERY_TOPIC, zone

ALGORITHMS = frozenset({"RS256", "RS384", "PS384", "ES256", "ES384"})
DEFAULT_ALGORITHMS = frozenset({"RS384", "ES384"})  # the two CDS Hooks names
SANDBOX_ISSUER = "https://sandbox.cds-hooks.org"  # its private key is public
MAX_TOKEN_AGE = 3600  # seconds; also the most an issuer may be granted

_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_TENANT_PLACE = "{tenant}"


@dataclass(frozen=True, slots=True)
class Issuer:
    """One client we take tokens from.

    ``jku``: where its JWK Set is fetched, the only place ever asked. ``static_keys``: its keys
    from a file; nothing is fetched then, and a ``jku`` is only compared. ``tenants``: empty when tenants
    are not checked. ``audiences``: accepted beside our own URLs. ``fhir_prefixes``: where its calls may
    read FHIR, ``{tenant}`` standing for the token's tenant. ``private_hosts``: the hosts among jku and
    prefixes that may resolve to an address inside our own network. ``max_token_age``: seconds.
    ``silent``: the topics whose cards are kept and not shown, or EVERY_TOPIC; of ``silent_tenants`` only, where there
    are some.
    """

    iss: str
    jku: str | None = None
    static_keys: KeySet | None = field(default=None, repr=False)
    algorithms: frozenset[str] = DEFAULT_ALGORITHMS
    tenants: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    fhir_prefixes: tuple[str, ...] = ()
    private_hosts: frozenset[str] = frozenset()
    language: str | None = None
    timezone: ZoneInfo | None = None
    max_token_age: int = MAX_TOKEN_AGE
    silent: frozenset[str] = frozenset()
    silent_tenants: frozenset[str] = frozenset()

    def prefixes_for(self, tenant: str | None) -> tuple[Url, ...]:
        """The FHIR base prefixes a call of this tenant may name."""
        return tuple(
            parse(prefix.replace(_TENANT_PLACE, tenant or ""))
            for prefix in self.fhir_prefixes
            if tenant or _TENANT_PLACE not in prefix
        )

    def silent_for(self, tenant: str | None) -> frozenset[str]:
        """The topics this tenant is not shown."""
        return self.silent if not self.silent_tenants or tenant in self.silent_tenants else frozenset()


def load(path: str) -> Mapping[str, Issuer]:
    """Read the issuers by their iss. Raises ConfigurationError naming the table and key of any mistake."""
    file = Path(path)
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        _fail(f"{path} cannot be read ({error.strerror})")
    except ValueError as error:
        _fail(f"{path} is not TOML in UTF-8 ({error})")
    tables = document.get("issuer")
    if set(document) != {"issuer"} or not isinstance(tables, list) or not tables:
        _fail(f"{path} must hold [[issuer]] tables and nothing else")
    issuers: dict[str, Issuer] = {}
    for number, table in enumerate(tables):
        issuer = _Table(number, table, file.parent).issuer()
        if issuer.iss in issuers:
            _fail(f"issuer[{number}].iss is there twice")
        issuers[issuer.iss] = issuer
    return issuers


def files(path: str) -> tuple[Path, ...]:
    """The file and those it names: what a change of is a change of the issuers."""
    file = Path(path)
    try:
        tables = tomllib.loads(file.read_text("utf-8")).get("issuer")
    except (OSError, ValueError):
        tables = None
    named = (table.get("jwks_file") for table in tables or () if isinstance(table, dict))
    return file, *(file.parent / name for name in named if isinstance(name, str))


def _fail(mistake: str) -> NoReturn:
    message = f"CDS_ISSUERS: {mistake}"
    raise ConfigurationError(message) from None


class _Table:
    """One [[issuer]] table; takes its keys out one by one, so what is left at the end is a mistake."""

    def __init__(self, number: int, table: object, folder: Path) -> None:
        if not isinstance(table, dict):
            _fail(f"issuer[{number}] is not a table")
        self._number = number
        self._left = dict(table)
        self._folder = folder

    def issuer(self) -> Issuer:
        iss = self._text("iss")
        if iss is None:
            self._fail("iss", "is missing")
        jku, static_keys = self._text("jku"), self._static_keys()
        if jku is None and static_keys is None:
            self._fail("jku", "is missing, and so is jwks_file: one of the two says where its keys are")
        issuer = Issuer(
            iss=iss,
            jku=jku if jku is None else self._url("jku", jku),
            static_keys=static_keys,
            algorithms=self._algorithms(),
            tenants=self._tenants(),
            audiences=self._texts("audiences"),
            fhir_prefixes=self._prefixes(),
            private_hosts=self._texts("private_hosts"),
            language=self._language(),
            timezone=self._timezone(),
            max_token_age=self._max_token_age(),
            silent=self._silent(),
            silent_tenants=self._texts("silent_tenants"),
        )
        for key in self._left:
            self._fail(key, "is not a key of an issuer")
        self._agree(issuer)
        return issuer

    def _agree(self, issuer: Issuer) -> None:
        """What only shows when the whole table is read."""
        if any(_TENANT_PLACE in prefix for prefix in issuer.fhir_prefixes) and not issuer.tenants:
            self._fail("tenants", "is missing: a FHIR prefix holds {tenant}")
        if not issuer.silent_tenants <= issuer.tenants or (issuer.silent_tenants and not issuer.silent):
            self._fail("silent_tenants", "must be some of tenants, of a client with silent")
        hosts = {parse(prefix.replace(_TENANT_PLACE, "t")).host for prefix in issuer.fhir_prefixes}
        if issuer.jku is not None:
            hosts.add(parse(issuer.jku).host)
        if not issuer.private_hosts <= hosts:
            self._fail("private_hosts", "names a host that is in neither jku nor fhir_prefixes")

    def _fail(self, key: str, problem: str) -> NoReturn:
        _fail(f"issuer[{self._number}].{key} {problem}")

    def _text(self, key: str) -> str | None:
        value = self._left.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, str) or not value or value != value.strip():
            self._fail(key, "must be a non-empty text without spaces around it")
        return value

    def _texts(self, key: str) -> frozenset[str]:
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(
            isinstance(item, str) and item.strip() == item != "" for item in value
        ):
            self._fail(key, "must be a list of non-empty texts")
        return frozenset(value)

    def _url(self, key: str, text: str) -> str:
        try:
            parse(text)
        except BadUrlError as error:
            self._fail(key, str(error))
        return text

    def _algorithms(self) -> frozenset[str]:
        if "algorithms" not in self._left:
            return DEFAULT_ALGORITHMS
        names = self._texts("algorithms")
        if not names or not names <= ALGORITHMS:
            self._fail("algorithms", f"must be one or more of {', '.join(sorted(ALGORITHMS))}")
        return names

    def _tenants(self) -> frozenset[str]:
        tenants = self._texts("tenants")
        if not all(_TENANT.fullmatch(tenant) for tenant in tenants):
            self._fail("tenants", "must be letters and digits, with dot, hyphen or underscore between")
        return tenants

    def _prefixes(self) -> tuple[str, ...]:
        prefixes = tuple(sorted(self._texts("fhir_prefixes")))
        for prefix in prefixes:
            self._url("fhir_prefixes", prefix.replace(_TENANT_PLACE, "t"))
            if "?" in prefix:
                self._fail("fhir_prefixes", "holds a query")
            if not _tenant_is_a_segment(prefix):
                self._fail("fhir_prefixes", "must hold {tenant} as a whole segment of its path")
        return prefixes

    def _language(self) -> str | None:
        language = self._text("language")
        if language is not None and language not in LANGUAGES:
            self._fail("language", f"must be one of {', '.join(LANGUAGES)}")
        return language

    def _timezone(self) -> ZoneInfo | None:
        name = self._text("timezone")
        try:
            return None if name is None else zone(name)
        except ValueError as error:
            self._fail("timezone", str(error))

    def _silent(self) -> frozenset[str]:
        """Whether there are such topics the catalogue says."""
        if isinstance(self._left.get("silent"), bool):
            return frozenset({EVERY_TOPIC} if self._left.pop("silent") else ())
        if self._left.get("silent") == []:
            self._fail("silent", "must be true, false or a list of topics")
        return self._texts("silent")

    def _max_token_age(self) -> int:
        age = self._left.pop("max_token_age", MAX_TOKEN_AGE)
        if not isinstance(age, int) or isinstance(age, bool) or not 0 < age <= MAX_TOKEN_AGE:
            self._fail("max_token_age", f"must be a whole number of seconds from 1 to {MAX_TOKEN_AGE}")
        return age

    def _static_keys(self) -> KeySet | None:
        name = self._text("jwks_file")
        if name is None:
            return None
        try:
            keys = KeySet.from_json((self._folder / name).read_bytes())
        except OSError as error:
            self._fail("jwks_file", f"cannot be read ({error.strerror})")
        except BadKeySetError as error:
            self._fail("jwks_file", str(error))
        if not keys:
            self._fail("jwks_file", "holds no public signing key with a kid")
        return keys


def _tenant_is_a_segment(prefix: str) -> bool:
    """True when {tenant} is absent or fills one whole segment of the path; it is never part of the host."""
    host, *segments = prefix.partition("://")[2].split("/")
    return "{" not in host and all("{" not in segment or segment == _TENANT_PLACE for segment in segments)
