"""``/report``: what became of the cards, as a page. In development, or where CDS_REPORT_PAGE shows it."""

from datetime import date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from cds_service.decision.recommendation import Indicator
from cds_service.report.periods import range_problem
from cds_service.settings import LANGUAGES, Settings
from cds_service.site.site import NO_SITE, Site
from cds_service.store.reading.scope import DIMENSIONS, Scope
from cds_service.store.reading.tallies import choices
from cds_service.store.store import Store
from cds_service.web.page.language import page_language

if TYPE_CHECKING:
    from cds_service.report.page import Form

_BEYOND = "; frame-ancestors 'none'"  # only a header can say so, not the document itself
_NONE = "-"  # in the address: who was not checked, or has no tenant
_PARAMETERS = {"language": "card_language"}  # where the address calls it otherwise: ``lang`` is the page's own


def report(settings: Settings, store: Store, site: Site = NO_SITE) -> Blueprint:
    """The page; ``since`` and ``until`` (YYYY-MM-DD) choose its days, a dimension's name whose calls and which cards.

    ``split`` splits its tables, ``lang`` says its language. Not found where it is not to be shown.
    """
    blueprint = Blueprint("report", __name__)

    @blueprint.get("/report")
    def show() -> Response:
        if settings.production and not settings.report_page:
            abort(HTTPStatus.NOT_FOUND)
        from cds_service.report import page  # noqa: PLC0415 - matplotlib takes a second to load
        from cds_service.report.common import policy  # noqa: PLC0415
        from cds_service.report.summary import summarise  # noqa: PLC0415
        from cds_service.report.words import words  # noqa: PLC0415

        now = datetime.now(settings.timezone)
        said = words(page_language(settings.default_language), site.house)
        try:
            since, until = _day("since"), _day("until")
            problem = range_problem(since, until, now.date())
        except ValueError:
            since = until = None
            problem = "a day is written YYYY-MM-DD"
        scope = Scope(**{name: _given(name) for name in DIMENSIONS})
        split = tuple(name for name in page.SPLITS if name in request.args.getlist("split"))
        found = None if problem else summarise(store.reports, since, until, settings.timezone, scope=scope, split=split)
        asked = page.Asked(since, until, scope, split, problem=problem, form=_form(settings, store))
        body = page.html(found, now, said, asked)
        response = Response(body, HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK, mimetype="text/html")
        response.headers["Content-Security-Policy"] = policy() + _BEYOND
        response.headers["Content-Language"] = said.language
        return response

    return blueprint


def _form(settings: Settings, store: Store) -> "Form":
    from cds_service.report.page import Form  # noqa: PLC0415 - as above

    known = {"indicator": tuple(one.code for one in reversed(Indicator)), "language": LANGUAGES}
    return Form({**choices(store.reports), **known}, demo=not settings.production)


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    return datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007 - a day has no zone


def _given(name: str) -> str | None:
    """A dimension's value, None for all of them."""
    text = request.args.get(_PARAMETERS.get(name, name), "")
    return "" if text == _NONE else text or None
