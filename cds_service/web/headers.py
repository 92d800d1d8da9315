"""Security headers of every answer; a page that sets its own keeps them."""

from flask import Blueprint, Response, request

from cds_service.settings import Settings

ANSWER_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""For what is no page: a browser that is led to it shows text and runs nothing."""
ONE_YEAR = 31_536_000


def security_headers(settings: Settings) -> Blueprint:
    """Sets the headers on the answers of all routes."""
    blueprint = Blueprint("security_headers", __name__)

    @blueprint.after_app_request
    def secure(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("Content-Security-Policy", ANSWER_POLICY)
        if settings.production or request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
        return response

    return blueprint
