"""``/report``: what became of the cards, as a page. In development, or where CDS_REPORT_PAGE shows it."""

from datetime import date, datetime
from http import HTTPStatus

from flask import Blueprint, Response, abort, request

from cds_service.report.days import range_problem
from cds_service.settings import Settings
from cds_service.store.reading.tallies import Site
from cds_service.store.store import Store

_BEYOND = "; frame-ancestors 'none'"  # only a header can say so, not the document itself


def report(settings: Settings, store: Store) -> Blueprint:
    """The page; ``since`` and ``until`` (YYYY-MM-DD) choose its days, ``issuer`` and ``tenant`` whose they are.

    Not found where it is not to be shown.
    """
    blueprint = Blueprint("report", __name__)

    @blueprint.get("/report")
    def show() -> Response:
        if settings.production and not settings.report_page:
            abort(HTTPStatus.NOT_FOUND)
        from cds_service.report import page  # noqa: PLC0415 - matplotlib takes a second to load
        from cds_service.report.summary import summarise  # noqa: PLC0415

        now = datetime.now(settings.timezone)
        try:
            since, until = _day("since"), _day("until")
            problem = range_problem(since, until, now.date())
        except ValueError:
            since = until = None
            problem = "a day is written YYYY-MM-DD"
        site = Site(request.args.get("issuer") or None, request.args.get("tenant") or None)
        found = None if problem else summarise(store.reports, since, until, settings.timezone, site=site)
        body = page.html(found, now, page.Asked(since, until, site, form=True, problem=problem))
        response = Response(body, HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK, mimetype="text/html")
        response.headers["Content-Security-Policy"] = page.policy() + _BEYOND
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return blueprint


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    return datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007 - a day has no zone
