"""``/recommendations`` and ``/recommendations/<name>``: public, without any patient data, in either language."""

from http import HTTPStatus

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from cds_service.catalogue import RULES, switched_off
from cds_service.settings import Settings
from cds_service.site.site import NO_SITE, Site
from cds_service.web.page.headers import kept_an_hour, strict
from cds_service.web.page.language import page_language
from cds_service.web.recommendations.document import names, page, pairs
from cds_service.web.recommendations.house import changes
from cds_service.web.recommendations.render import Links, html


def recommendations(settings: Settings, site: Site = NO_SITE) -> Blueprint:
    """``GET /recommendations`` and ``/recommendations/<name>``; ``?lang=en|id``, or Accept-Language.

    A rule's own name, as the settings, the trace and the report have it, leads to its page.
    """
    pages = Blueprint("recommendations", __name__, static_folder="static", static_url_path="/static/recommendations")

    off = pairs(switched_off(settings.disabled_topics, site.rules_off))

    @pages.get("/recommendations")
    def index() -> Response:
        return _listed(HTTPStatus.OK)

    @pages.get("/recommendations/<name>")
    def show(name: str) -> AnyResponse:
        if name in RULES:
            return redirect(url_for("recommendations.show", name=RULES[name].page, lang=request.args.get("lang")))
        language = page_language(settings.default_language)
        found = page(name, language, off)
        if found is None:
            return _listed(HTTPStatus.NOT_FOUND)
        return _response(html([found], language, _links(language, site)), language)

    def _listed(status: HTTPStatus) -> Response:
        language = page_language(settings.default_language)
        every = [one for name in names() if (one := page(name, language, off))]
        missing = status is HTTPStatus.NOT_FOUND
        return _response(html(every, language, _links(language, site), index=True, missing=missing), language, status)

    pages.after_request(strict)
    return pages


def _links(language: str, site: Site) -> Links:
    return Links(
        index=url_for("recommendations.index", lang=language),
        icon=url_for("static", filename="icon.svg"),
        style=url_for("recommendations.static", filename="recommendations.css"),
        site=site.digest,
        changes=changes(site, language),
    )


def _response(body: str, language: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return kept_an_hour(Response(body, status, mimetype="text/html"), language)
