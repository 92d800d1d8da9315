"""The callers we trust: one ``[[issuer]]`` table of the TOML file ``CDS_ISSUERS`` each.

The file is read and checked whole: each mistake is one line that names its place; nothing is guessed.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from cds_service.documents.tables import Document, Table, nearest
from cds_service.settings import LANGUAGES
from cds_service.trust.key_set import BadKeySetError, KeySet
from cds_service.trust.urls import BadUrlError, Url, parse
from cds_service.variables import EVERY_TOPIC, zone

ALGORITHMS = frozenset({"RS256", "RS384", "PS384", "ES256", "ES384"})
DEFAULT_ALGORITHMS = frozenset({"RS384", "ES384"})  # the two CDS Hooks names
MAX_TOKEN_AGE = 3600  # seconds; also the most an issuer may be granted

_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_TENANT_PLACE = "{tenant}"
_MOST = 2000  # characters of a text


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


def load(path: str, topics: Collection[str] | None = None) -> Mapping[str, Issuer]:
    """Read the issuers by their iss. Raises ConfigurationError with a line for each mistake.

    ``topics``: all there are to be silent about, where they are known.
    """
    file = Path(path)
    document = Document.read(file)
    top = document.top
    if not top.value("issuer"):
        top.wrong("there must be an [[issuer]] table for each client")
    issuers: dict[str, Issuer] = {}
    for table in top.tables("issuer"):
        issuer = _Reader(table, file.parent, topics).issuer()
        if issuer.iss in issuers:
            table.wrong("iss is there twice", "iss")
        issuers[issuer.iss] = issuer
    top.done()
    document.insist()
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


class _Reader:
    """Reads one [[issuer]] table. What is wrong is noted there, and read as if it were not given."""

    def __init__(self, table: Table, folder: Path, topics: Collection[str] | None) -> None:
        self._table = table
        self._folder = folder
        self._topics = topics

    def issuer(self) -> Issuer:
        iss = self._text("iss", needed=True)
        if not {"jku", "jwks_file"} & self._table.content.keys():
            self._table.wrong("jku is missing, and so is jwks_file: one of the two says where its keys are")
        jku = self._text("jku")
        issuer = Issuer(
            iss=iss or "",
            jku=jku if jku is not None and self._is_url("jku", jku) else None,
            static_keys=self._static_keys(),
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
        self._table.done()
        self._agree(issuer)
        return issuer

    def _agree(self, issuer: Issuer) -> None:
        """What only shows when the whole table is read."""
        if any(_TENANT_PLACE in prefix for prefix in issuer.fhir_prefixes) and "tenants" not in self._table.content:
            self._table.wrong("tenants is missing: a FHIR prefix holds {tenant}", "fhir_prefixes")
        if not issuer.silent_tenants <= issuer.tenants or (issuer.silent_tenants and not issuer.silent):
            self._wrong("silent_tenants", "must be some of tenants, of a client with silent")
        hosts = {parse(prefix.replace(_TENANT_PLACE, "t")).host for prefix in issuer.fhir_prefixes}
        if issuer.jku is not None:
            hosts.add(parse(issuer.jku).host)
        for host in sorted(issuer.private_hosts - hosts):
            self._wrong("private_hosts", f'names "{host}", which is in neither jku nor fhir_prefixes', host)

    def _wrong(self, key: str, problem: str, item: str | None = None) -> None:
        """Note a mistake at a key, or at an item of its list."""
        place = () if item is None else (self._table.place(key, item),)
        self._table.wrong(f"{key} {problem}", key, *place)

    def _text(self, key: str, *, needed: bool = False) -> str | None:
        text = self._table.text(key, needed=needed, most=_MOST)
        if text is not None and text != self._table.content[key]:
            self._wrong(key, "has spaces around it")
        return text

    def _texts(self, key: str) -> frozenset[str]:
        texts = self._table.texts(key)
        for text in texts:
            if text != text.strip():
                self._wrong(key, "has spaces around one of its texts", text)
        return frozenset(texts)

    def _is_url(self, key: str, text: str, item: str | None = None) -> bool:
        try:
            parse(text)
        except BadUrlError as error:
            self._wrong(key, str(error), item)
            return False
        return True

    def _algorithms(self) -> frozenset[str]:
        if "algorithms" not in self._table.content:
            self._table.value("algorithms")
            return DEFAULT_ALGORITHMS
        names = self._texts("algorithms")
        if not names or not names <= ALGORITHMS:
            self._wrong("algorithms", f"must be one or more of {', '.join(sorted(ALGORITHMS))}")
        return names

    def _tenants(self) -> frozenset[str]:
        tenants = self._texts("tenants")
        for tenant in sorted(tenants):
            if not _TENANT.fullmatch(tenant):
                self._wrong("tenants", "must be letters and digits, with dot, hyphen or underscore between", tenant)
        return tenants

    def _prefixes(self) -> tuple[str, ...]:
        return tuple(prefix for prefix in sorted(self._texts("fhir_prefixes")) if self._is_prefix(prefix))

    def _is_prefix(self, prefix: str) -> bool:
        key = "fhir_prefixes"
        if not self._is_url(key, prefix.replace(_TENANT_PLACE, "t"), prefix):
            return False
        if "?" in prefix:
            self._wrong(key, "holds a query", prefix)
        if not _tenant_is_a_segment(prefix):
            self._wrong(key, "must hold {tenant} as a whole segment of its path", prefix)
        return True

    def _language(self) -> str | None:
        language = self._text("language")
        if language is not None and language not in LANGUAGES:
            self._wrong("language", f"must be one of {', '.join(LANGUAGES)}")
        return language

    def _timezone(self) -> ZoneInfo | None:
        name = self._text("timezone")
        try:
            return None if name is None else zone(name)
        except ValueError as error:
            self._wrong("timezone", str(error))
            return None

    def _silent(self) -> frozenset[str]:
        value = self._table.value("silent")
        if isinstance(value, bool):
            return frozenset({EVERY_TOPIC} if value else ())
        if value is not None and not (isinstance(value, list) and value):
            self._wrong("silent", "must be true, false or a list of topics")
            return frozenset()
        named = self._texts("silent")
        for topic in sorted(named.difference(named if self._topics is None else self._topics)):
            self._wrong("silent", f'names no topic: "{topic}"{nearest(topic, self._topics or ())}', topic)
        return named

    def _max_token_age(self) -> int:
        age = self._table.value("max_token_age")
        if age is None:
            return MAX_TOKEN_AGE
        if not isinstance(age, int) or isinstance(age, bool) or not 0 < age <= MAX_TOKEN_AGE:
            self._wrong("max_token_age", f"must be a whole number of seconds from 1 to {MAX_TOKEN_AGE}")
            return MAX_TOKEN_AGE
        return age

    def _static_keys(self) -> KeySet | None:
        name = self._text("jwks_file")
        if name is None:
            return None
        try:
            keys = KeySet.from_json((self._folder / name).read_bytes())
        except OSError as error:
            self._wrong("jwks_file", f"cannot be read ({error.strerror})")
            return None
        except BadKeySetError as error:
            self._wrong("jwks_file", str(error))
            return None
        if not keys:
            self._wrong("jwks_file", "holds no public signing key with a kid")
        return keys


def _tenant_is_a_segment(prefix: str) -> bool:
    """True when {tenant} is absent or fills one whole segment of the path; it is never part of the host."""
    host, *segments = prefix.partition("://")[2].split("/")
    return "{" not in host and all("{" not in segment or segment == _TENANT_PLACE for segment in segments)
