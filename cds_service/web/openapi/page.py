"""``/openapi.json``."""

from flask import Blueprint, Response, current_app

from cds_service.settings import Settings


def openapi(settings: Settings) -> Blueprint:
    """The document, made when it is first asked for: a start waits for nothing of it."""
    blueprint = Blueprint("openapi", __name__)
    made: list[bytes] = []

    @blueprint.get("/openapi.json")
    def show() -> Response:
        if not made:
            from cds_service.web.openapi.document import as_json  # noqa: PLC0415 - apispec, and every situation

            made.append(as_json(settings, current_app.url_map))
        return Response(made[0], mimetype="application/json")

    return blueprint
