"""What the service counts, for Prometheus: never a value that comes from a patient or a token.

Every label has few values, all of them ours: services, topics, query keys, reasons. With several
workers each counts into its own file (see ``files``) and ``/metrics`` sums them.
"""

import os
import time
from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from cds_service.catalogue import CATALOGUE, Service
from cds_service.chart.model import Fetch, Fetched, Want
from cds_service.web.metrics.files import VARIABLE
from cds_service.web.parts import Issued

_SECONDS = (0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0)
_SERVICES = frozenset(service.id for service in CATALOGUE)
_OTHER = "other"
_NAMESPACE = "cds"


STAGES = ("call", "admit", "read", "answer", "fetch", "write")
"""``call`` is the whole; ``fetch`` lies within ``answer``."""


class Stage:
    """Times what is done within it, also when that fails."""

    __slots__ = ("_histogram", "_started")

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._histogram.observe(time.perf_counter() - self._started)


class Metrics:
    """The counters of one process. One for an application; tests make as many as they like."""

    def __init__(self, switched_off: Mapping[str, Sequence[str]] | None = None, site: str = "") -> None:
        """``switched_off``: the names of the rules that are off, by hook; ``site``: the digest of the site file."""
        self._registry = CollectorRegistry()
        self._requests = self._counter("requests", "Requests answered.", "endpoint", "service", "status")
        self._cards = self._counter("cards", "Cards shown.", "topic", "indicator")
        self._withheld = self._counter("withheld_cards", "Cards not shown: silent mode.", "topic", "indicator")
        self._unknown = self._counter("unknown_data", "Answers given without all of one query.", "query", "receipt")
        self._unjudged = self._counter("unjudged_drafts", "Draft orders of which no one can tell the drug.", "reason")
        self._notes = self._counter("noted_calls", "Calls answered of which something is worth knowing.", "note")
        self._fetched = self._counter("fhir_fetches", "Queries sent to FHIR servers.", "query", "receipt")
        self._refused = self._counter("refused_callers", "Callers not admitted.", "reason")
        self._issuers = self._counter("issuers_file", "Changed issuers files, by worker.", "outcome")
        self._limited = self._counter("rate_limited", "Requests over a rate limit.", "per")
        self._overtime = self._counter("overtime", "Calls given up for the work they took.", "service")
        self._lost = self._counter("store_failures", "What the store did not take.", "cause")
        self._seconds = Histogram(
            "stage_seconds",
            "Seconds of one stage of a call.",
            ("stage",),
            namespace=_NAMESPACE,
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._stages = {name: self._seconds.labels(name) for name in STAGES}
        off = self._gauge("rule_switched_off", "Rules that are switched off.", "rule", "hook")
        in_force = self._gauge("site_file", "The site file that is in force, by its hash.", "digest")
        if site:
            in_force.labels(site).set(1)
        for hook, rules in (switched_off or {}).items():
            for rule in rules:
                off.labels(rule, hook).set(1)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        """A gauge that every process sets alike."""
        return Gauge(name, meaning, labels, namespace=_NAMESPACE, registry=self._registry, multiprocess_mode="max")

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, namespace=_NAMESPACE, registry=self._registry)

    def stage(self, name: str) -> Stage:
        """What times one of ``STAGES``."""
        return Stage(self._stages[name])

    def issued(self, issued: Issued) -> None:
        """Count an answer's cards, the data it was given without, and what is worth knowing of its call."""
        for card in issued.cards:
            self._cards.labels(card.source.topic.code, card.indicator).inc()
        for card in issued.withheld:
            self._withheld.labels(card.source.topic.code, card.indicator).inc()
        for query, receipt in issued.receipts.items():
            if not receipt.complete:
                self._unknown.labels(query, receipt.value).inc()
        for reason in issued.unjudged:
            self._unjudged.labels(reason).inc()
        for note in issued.notes:
            self._notes.labels(note.value).inc()

    def observed(self, fetch: Fetch) -> Fetch:
        """The same fetch, its time and outcomes counted."""

        def counted(wants: Sequence[Want]) -> Mapping[Want, Fetched]:
            with self.stage("fetch"):
                found = fetch(wants)
            for want, fetched in found.items():
                self._fetched.labels(want.key, fetched.receipt.value).inc()
            return found

        return counted

    def refused(self, reason: str) -> None:
        """Count a caller that was not admitted."""
        self._refused.labels(reason).inc()

    def issuers(self, outcome: str) -> None:
        """Count a changed issuers file that was ``taken`` or ``refused``."""
        self._issuers.labels(outcome).inc()

    def limited(self, per: str) -> None:
        """Count a request over the limit per ``address`` or per ``caller``."""
        self._limited.labels(per).inc()

    def overtime(self, service: Service) -> None:
        """Count a call that took more work than one may."""
        self._overtime.labels(service.id).inc()

    def lost(self, cause: str, count: int = 1) -> None:
        """Count what the store did not take."""
        self._lost.labels(cause).inc(count)

    def page(self) -> bytes:
        """All counters of all workers, in Prometheus' text format."""
        if VARIABLE not in os.environ:
            return generate_latest(self._registry)
        everyone = CollectorRegistry()
        MultiProcessCollector(everyone)  # type: ignore[no-untyped-call]
        return generate_latest(everyone)

    def blueprint(self) -> Blueprint:
        """``GET /metrics``, and the counting of every request."""
        blueprint = Blueprint("metrics", __name__)

        @blueprint.get("/metrics")
        def metrics() -> Response:
            return Response(self.page(), content_type=CONTENT_TYPE_LATEST)

        @blueprint.after_app_request
        def count(response: Response) -> Response:
            endpoint = request.endpoint or "unrouted"
            service = (request.view_args or {}).get("service_id", "")
            shown = service if service in _SERVICES or not service else _OTHER
            self._requests.labels(endpoint, shown, str(response.status_code)).inc()
            if endpoint == "hooks.call" and "started" in g:
                self._stages["call"].observe(time.perf_counter() - g.started)
            return response

        return blueprint
