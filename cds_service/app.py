"""create_app(settings): the only wiring of the service."""

import time
from collections.abc import Callable
from http import HTTPStatus
from random import getrandbits
from typing import Any

import structlog
from flask import Flask, Response, g, request
from flask_cors.core import get_cors_options, set_cors_headers
from werkzeug.middleware.proxy_fix import ProxyFix

from cds_service.catalogue import CATALOGUE, check_switches, check_texts, check_topics, switched_off
from cds_service.settings import Settings
from cds_service.site.reading import in_force
from cds_service.site.site import NO_SITE, Site
from cds_service.store.in_force import RULE, SITE
from cds_service.store.store import Store
from cds_service.trust.production import check
from cds_service.variables import EVERY_TOPIC
from cds_service.web import errors
from cds_service.web.admission import Admission
from cds_service.web.feedback import feedback, recorder
from cds_service.web.headers import complete
from cds_service.web.hooks import hooks
from cds_service.web.metrics.metrics import Metrics
from cds_service.web.numbers import kept_request_id, traced
from cds_service.web.openapi.page import openapi
from cds_service.web.operations import operations
from cds_service.web.origins import Origins
from cds_service.web.pages import pages
from cds_service.web.parts import Issued, Parts
from cds_service.web.paths import plain_paths
from cds_service.web.report.page import report

EXTENSION = "cds_service"
"""Where the app keeps its Parts, in ``app.extensions``."""

_UNLOGGED = ("operations", "metrics", "static")

_log = structlog.get_logger(__name__)


class _App(Flask):
    """Flask without asynchronous handlers: we have none, and Flask looks at each of ours on every request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings, parts: Parts | None = None) -> Flask:
    """The WSGI application. ``parts`` are wired from the settings unless given (tests give their own).

    Raises ConfigurationError when the settings do not allow a start.
    """
    site = in_force(settings)
    parts = wire(settings, site) if parts is None else parts
    app = _App("cds_service", root_path=None, static_folder="web/static")
    app.extensions[EXTENSION] = parts
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    origins = Origins(settings)
    _answer_every_request(app, settings, parts, origins)
    errors.register(app)
    app.register_blueprint(hooks(settings, parts, site))
    app.register_blueprint(operations(parts))
    app.register_blueprint(openapi(settings))
    for blueprint in parts.blueprints:
        app.register_blueprint(blueprint)
    if settings.cors_origins:
        _open_to_browsers(app, settings, origins)
    app.wsgi_app = plain_paths(app.wsgi_app)  # type: ignore[method-assign, assignment]
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_prefix=0)  # type: ignore[method-assign]
    return app


def wire(settings: Settings, site: Site = NO_SITE) -> Parts:
    """The parts as the settings and the site file ask for them. In production, refuses to start what is not safe to run."""
    check(settings)
    check_switches(settings.disabled_topics)
    check_topics(settings.silent - {EVERY_TOPIC}, "CDS_SILENT")
    check_texts()
    metrics = Metrics(switched_off(settings.disabled_topics, site.rules_off), site.digest)
    store = Store(settings)
    store.losses.on_loss = metrics.lost
    admission = Admission(settings, store.seen_tokens.remember, metrics)
    store.prepare()
    versions = {(RULE, rule.name): rule.version for service in CATALOGUE for rule in service.rules}
    store.note_in_force(versions | {(SITE, ""): site.digest})
    record = recorder(store)

    def issued(call: Issued) -> None:
        metrics.issued(call)
        record(call)

    return Parts(
        admit=admission.admit,
        fetch=admission.fetch,
        issued=issued,
        overtime=metrics.overtime,
        ready=(store.check,),
        blueprints=(
            feedback(settings, store, site),
            report(settings, store, site),
            metrics.blueprint(),
            *pages(settings, site),
        ),
        client=admission.client,
        worker_started=(admission.worker_started,),
        worker_stopping=(store.close, admission.worker_stopping),
        stage=metrics.stage,
    )


def _answer_every_request(app: Flask, settings: Settings, parts: Parts, origins: Origins) -> None:
    """What holds for every route: a number, our name, preflights, admission, headers, one line in the log."""

    @app.before_request
    def begin() -> Response | None:
        g.started = time.perf_counter()
        # to find a line of the log by; no secret
        g.request_id = kept_request_id(request.headers.get("X-Request-ID")) or f"{getrandbits(64):016x}"
        g.logged = {}
        trace = traced(request.headers.get("traceparent"))
        if trace is not None:
            g.logged |= {"trace_id": trace[0], "span_id": trace[1]}
        refused = origins.misdirected(request) or origins.refusal(request)
        if refused is not None:
            return refused
        if request.method == "OPTIONS":  # on any path, so that a page sees why its request failed
            rule = request.url_rule
            methods = sorted(rule.methods) if rule is not None and rule.methods else ["GET", "HEAD", "OPTIONS", "POST"]
            return Response(status=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(methods)})
        if request.path == "/cds-services" or request.path.startswith("/cds-services/"):
            g.caller = parts.admit(request)
        return None

    @app.after_request
    def finish(response: Response) -> Response:
        request_id = g.get("request_id", "-")
        complete(response, request_id, tls=settings.production or request.is_secure)
        endpoint = request.endpoint or "unrouted"
        if (
            endpoint.partition(".")[0] not in _UNLOGGED
            and not endpoint.endswith(".static")
            and request.method != "OPTIONS"
        ):
            milliseconds = round((time.perf_counter() - g.started) * 1000, 2)
            _log.info(endpoint, request=request_id, status=response.status_code, ms=milliseconds, **g.logged)
        return response


def _open_to_browsers(app: Flask, settings: Settings, origins: Origins) -> None:
    """Let pages of the listed origins call. Most callers are servers and name no origin: they wait for none of it."""
    options = get_cors_options(
        app,
        {
            "origins": "*" if origins.patterns is None else list(origins.patterns),
            "methods": ["GET", "HEAD", "POST", "OPTIONS"],
            "allow_headers": ["Authorization", "Content-Type"],
            "expose_headers": ["Content-Language", "X-Request-ID"],
            "max_age": 600,
            "always_send": False,
            "allow_private_network": not settings.production,
        },
    )

    @app.after_request
    def share(response: Response) -> Response:
        asked = "HTTP_ORIGIN" in request.environ and origins.shares(request)
        return set_cors_headers(response, options) if asked else response
