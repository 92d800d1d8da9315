"""Patient leaflets: /leaflets, /leaflets/<topic>, /leaflets/<topic>.pdf. They hold no patient data."""

from http import HTTPStatus

from flask import Blueprint, Response, make_response, render_template

from cds_service.catalogue import about
from cds_service.settings import LANGUAGES, Settings
from cds_service.web.leaflets.texts import TOPICS, Leaflet, figure, leaflet, words
from cds_service.web.page.headers import kept_an_hour, strict
from cds_service.web.page.language import page_language


def leaflets(settings: Settings) -> Blueprint:
    """``GET /leaflets``, ``/leaflets/<topic>`` and ``/leaflets/<topic>.pdf``; ``?lang=en|id``, or Accept-Language."""
    pages = Blueprint(
        "leaflets", __name__, template_folder="templates", static_folder="static", static_url_path="/static/leaflets"
    )

    @pages.get("/leaflets")
    def index() -> Response:
        return _page("index.html", page_language(settings.default_language))

    @pages.get("/leaflets/<topic>")
    def show(topic: str) -> Response:
        language = page_language(settings.default_language)
        found = leaflet(topic, language)
        if found is None:
            return _page("index.html", language, status=HTTPStatus.NOT_FOUND)
        address = _address(settings, topic, language)
        import segno  # noqa: PLC0415 - for this page only

        code = segno.make(address, error="m", micro=False).svg_inline(scale=3, border=2, omitsize=True)
        return _page("leaflet.html", language, shown=found, qr_code=code)

    @pages.get("/leaflets/<topic>.pdf")
    def pdf(topic: str) -> Response:
        language = page_language(settings.default_language)
        found = leaflet(topic, language)
        if found is None:
            return _page("index.html", language, status=HTTPStatus.NOT_FOUND)
        from cds_service.web.leaflets.pdf import as_pdf  # noqa: PLC0415 - fpdf2 takes a sixth of the start

        response = make_response(as_pdf(found, _address(settings, topic, language)))
        response.headers["Content-Type"] = "application/pdf"
        response.headers["Content-Disposition"] = f'inline; filename="{topic}-{language}.pdf"'
        return kept_an_hour(response, language)

    pages.after_request(strict)
    return pages


def _address(settings: Settings, topic: str, language: str) -> str:
    return f"{settings.public_base_url}/leaflets/{topic}?lang={language}"


def _page(
    template: str,
    language: str,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    shown: Leaflet | None = None,
    qr_code: str | None = None,
) -> Response:
    every = [one for topic in TOPICS if (one := leaflet(topic, language))]
    html = render_template(
        f"leaflets/{template}",
        lang=language,
        languages=LANGUAGES,
        said=words(language),
        about=about(language),
        missing=status is HTTPStatus.NOT_FOUND,
        all_leaflets=every,
        basis=list(dict.fromkeys(one.basis for one in ([shown] if shown else every))),
        figure=figure,
        leaflet=shown,
        qr_code=qr_code,
    )
    return kept_an_hour(make_response(html, status), language)
