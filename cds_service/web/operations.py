"""For the machines that run the service: is it up, can it answer."""

import orjson
from flask import Blueprint, Response

from cds_service.web.parts import Parts


def operations(parts: Parts) -> Blueprint:
    """``/livez``: the process is up. ``/readyz``: every part a call needs answers; 503 names none of them."""
    blueprint = Blueprint("operations", __name__)

    @blueprint.get("/livez")
    def livez() -> Response:
        return _ok()

    @blueprint.get("/readyz")
    def readyz() -> Response:
        for check in parts.ready:
            check()
        return _ok()

    return blueprint


def _ok() -> Response:
    return Response(orjson.dumps({"status": "ok"}), mimetype="application/json")
