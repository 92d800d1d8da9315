"""Who is let in: the limit per address, the token, the limit per client; and where a call may read FHIR."""

from collections.abc import Mapping

import flask
import structlog
from flask import g

from cds_service.catalogue import TOPICS
from cds_service.chart.gather.fhir_client import fetcher
from cds_service.chart.model import Fetch
from cds_service.protocol.request import HookRequest
from cds_service.settings import Settings
from cds_service.trust import issuers
from cds_service.trust.issuers import Issuer
from cds_service.trust.issuers_file import IssuersFile
from cds_service.trust.jwt import UNCHECKED, Caller, Remember, Verifier
from cds_service.trust.kept import Kept
from cds_service.trust.keys import KeyRing, key_set_fetcher
from cds_service.trust.outbound import Guard
from cds_service.trust.production import check_issuers
from cds_service.trust.refusals import RefusedError
from cds_service.web.limits import Limits
from cds_service.web.metrics.metrics import Metrics

_DISCOVERY = "/cds-services"
_log = structlog.get_logger(__name__)


class Admission:
    """Admits callers and gives their calls a fetch. In development without CDS_ISSUERS anybody may call.

    Raises ConfigurationError for a mistake in the issuers file or the rate limit's storage.
    """

    def __init__(self, settings: Settings, remember: Remember, metrics: Metrics) -> None:
        trusted = {} if settings.issuers is None else issuers.load(settings.issuers, TOPICS)
        silent = sorted(issuer.iss for issuer in trusted.values() if issuer.silent)
        if silent:
            _log.warning("silent_clients", issuers=silent)
        keys = KeyRing(key_set_fetcher(production=settings.production))
        self._verifier = Verifier(trusted, keys, remember) if trusted or settings.production else None
        self._file: IssuersFile | None = None
        path = settings.issuers
        if path is not None and self._verifier is not None:
            self._file = IssuersFile(path, lambda: self._read(path), self._verifier.trust, metrics.issuers)
        self._limits = Limits(settings, metrics)
        self._settings = settings
        self._metrics = metrics
        self._base = settings.public_base_url
        self._kept = Kept()

    def _read(self, path: str) -> Mapping[str, Issuer]:
        """The issuers of a changed file. Raises ConfigurationError for those that must not be trusted here."""
        trusted = issuers.load(path, TOPICS)
        if self._settings.production:
            check_issuers(trusted)
        return trusted

    def worker_started(self) -> None:
        """From now on a changed issuers file is taken while the service runs."""
        if self._file is not None:
            self._file.watch()

    def worker_stopping(self) -> None:
        """Let the connections go that wait for further calls."""
        self._kept.close()

    def client(self, header: str) -> str | None:
        """Which of several clients an Authorization header says it is of, unverified; None where no limit holds."""
        return None if self._verifier is None else self._verifier.client(header)

    def admit(self, request: flask.Request) -> Caller:
        """Who calls. Raises UnauthenticatedError, UnavailableError, or TooManyRequests.

        Discovery is open to everybody: it holds nothing but what the README says too.
        """
        self._limits.address(request.remote_addr)
        if self._verifier is None or (request.path == _DISCOVERY and request.method in ("GET", "HEAD")):
            return UNCHECKED
        sent = request.headers.getlist("Authorization")
        try:
            with self._metrics.stage("admit"):
                found = self._verifier.check(sent, self._audiences(request.path))
        except RefusedError as refusal:
            self._metrics.refused(refusal.reason.value)
            g.logged |= {"refused": refusal.reason.value}
            claimed = self._verifier.claimed(sent)
            if claimed is not None:
                g.logged |= {"claimed_issuer": claimed}
            raise
        g.logged |= {"issuer": found.issuer}
        if found.tenant is not None:
            g.logged |= {"tenant": found.tenant}
        self._limits.caller(found.issuer, found.tenant)
        return found

    def fetch(self, hook_request: HookRequest, caller: Caller) -> Fetch | None:
        """What fetches the data this call lacks; None when it names no FHIR server."""
        guard = self._guard(caller)
        found = fetcher(hook_request, settings=self._settings, guard=guard)
        return None if found is None else self._metrics.observed(found)

    def _audiences(self, path: str) -> tuple[str, ...]:
        """Our URLs a token for this path may be made out to. The Host header has no say in it."""
        service = path.removeprefix(_DISCOVERY + "/").partition("/")[0]
        url = f"{self._base}{_DISCOVERY}/{service}"
        return url, f"{url}/feedback", self._base + _DISCOVERY

    def _guard(self, caller: Caller) -> Guard:
        open_here = not self._settings.production
        private = open_here and self._settings.allow_private_fhir
        prefixes = () if caller.fhir_prefixes is None and not open_here else caller.fhir_prefixes
        return Guard(
            prefixes,
            not open_here,
            caller.private_hosts,
            loopback=open_here,
            private=private,
            client=(caller.issuer, caller.tenant),
            kept=self._kept,
        )
