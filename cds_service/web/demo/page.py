"""The demo page at /: pick a situation, call the service as an EHR does, see its cards and why. Never in production."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import orjson
from flask import Blueprint, Response, make_response, render_template, request

from cds_service import pipeline
from cds_service.catalogue import CATALOGUE, GUIDELINES, Service, about, find, wording
from cds_service.chart import queries
from cds_service.chart.gather.gather import gather
from cds_service.chart.read.facts import read
from cds_service.errors import InvalidRequestError, NotFoundError
from cds_service.patient.facts import Facts
from cds_service.protocol.schemas import load_request
from cds_service.settings import SANDBOX, Settings
from cds_service.site.site import NO_SITE, Site
from cds_service.web.body import read_body
from cds_service.web.demo.chart import ChartView, chart_view
from cds_service.web.demo.markdown import as_html
from cds_service.web.demo.orders import DRUGS, REASONS, order_context
from cds_service.web.demo.trace import trace
from cds_service.web.demo.words import demo_words
from cds_service.web.fhir_server.charts import ServedChart
from cds_service.web.fhir_server.clock import Charts
from cds_service.web.page.headers import strict
from cds_service.web.page.language import page_language

FIRST = next((situation for guideline in GUIDELINES for situation in guideline.examples), "")
"""The situation the page opens with."""


def demo(settings: Settings, charts: Charts, site: Site = NO_SITE) -> Blueprint:
    """``GET /``, and what the page asks for: ``/demo/calls/…`` and ``/demo/explain/…``."""
    pages = Blueprint(
        "demo", __name__, template_folder="templates", static_folder="static", static_url_path="/static/demo"
    )

    @pages.get("/")
    def page() -> Response:
        language = page_language(settings.default_language)
        chart = charts.of(request.args.get("situation", FIRST)) or charts.today()[0]
        html = render_template(
            "demo/page.html",
            lang=language,
            said=demo_words(language),
            about=about(language),
            charts=charts.today(),
            chart=chart,
            view=_view(chart, charts.day(), settings, language),
            story=as_html(chart.situation.story[language]),
            drugs=DRUGS,
            reasons=REASONS,
            sandbox=_sandbox(settings, chart),
        )
        response = make_response(html)
        response.headers["Content-Language"] = language
        return response

    @pages.get("/demo/calls/<name>/<hook>")
    def call(name: str, hook: str) -> Response:
        """The call an EHR would send: where to, and its body, with a hookInstance of its own."""
        chart = charts.of(name)
        service = _service(chart, hook) if chart else None
        if chart is None or service is None:
            message = "no such situation or hook"
            raise NotFoundError(message)
        body = chart.call(hook) | {"hookInstance": str(uuid4())}
        if "drug" in request.args:
            body["context"] |= _order(chart, charts.day())
        return _json({"address": f"{request.script_root}/cds-services/{service.id}", "body": body})

    @pages.post("/demo/explain/<service_id>")
    def explain(service_id: str) -> Response:
        """What every rule decided on the call in the body, in the page's language."""
        answer = pipeline.answer(
            load_request(read_body(request, settings.max_body_bytes)),
            find(service_id),
            fetch=None,
            today=charts.day(),
            words=wording(page_language(settings.default_language)),
            settings=settings,
            silent=settings.silent,
            site=site,
        )
        return _json(trace(answer))

    pages.after_request(strict)
    return pages


def _service(chart: ServedChart, hook: str) -> Service | None:
    """The hook's service of the guideline that brings the situation; the hook's first for what is everybody's."""
    brought_by = chart.situation.guideline
    return next((one for one in CATALOGUE if one.hook == hook and brought_by in (None, one.guideline.name)), None)


def _order(chart: ServedChart, today: date) -> dict[str, Any]:
    drug, reason = request.args["drug"], request.args.get("reason", "none")
    if drug not in DRUGS or reason not in {*REASONS, "none"}:
        message = "drug and reason must be among those of the form"
        raise InvalidRequestError(message)
    return order_context(chart.patient_id, DRUGS[drug], REASONS.get(reason), today)


def _view(chart: ServedChart, today: date, settings: Settings, language: str) -> ChartView:
    patient = next(one for one in chart.situation.resources if one["resourceType"] == "Patient")
    names = patient.get("name") or [{}]
    name = " ".join([*names[0].get("given", ()), str(names[0].get("family", ""))]).strip() or "?"
    return chart_view(name, chart.resources, _facts(chart, today, settings), wording(language), settings.timezone)


def _facts(chart: ServedChart, today: date, settings: Settings) -> Facts:
    """All the service can read of the chart, whatever part of it the situation's EHR sends."""
    whole = replace(chart, situation=replace(chart.situation, received=None)).call("patient-view")
    history_for = frozenset(drug for service in CATALOGUE for drug in service.history_for)
    return read(gather(load_request(orjson.dumps(whole)), queries.ALL, None), today, settings.timezone, history_for)


def _sandbox(settings: Settings, chart: ServedChart) -> str:
    """The public sandbox, set to this service and this patient."""
    hook = chart.situation.hooks[0]
    asked = {
        "fhirServiceUrl": f"{settings.public_base_url}/fhir",
        "patientId": chart.patient_id,
        "serviceDiscoveryURL": f"{settings.public_base_url}/cds-services",
        "hook": hook,
        "screen": "patient-view" if hook == "patient-view" else "rx-view",
    }
    return f"{SANDBOX}/?{urlencode(asked)}"


def _json(body: Any) -> Response:
    return Response(orjson.dumps(body), mimetype="application/json")
