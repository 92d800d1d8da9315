"""The least a service could do by hand, a tenth of ours: one set of codes, the newest potassium, one card."""

import orjson
from flask import Flask, Response, request

CRAMPS = {"449918009", "449917004", "102549009", "M62.831", "G47.62", "R25.2"}
POTASSIUM = {"2823-3", "6298-4"}

app = Flask(__name__)


@app.post("/cds-services/<service_id>")
def call(service_id: str) -> Response:  # noqa: ARG001 - the same route as the service's
    """A card when a cramp is among the conditions, with the newest potassium in it."""
    prefetch = orjson.loads(request.get_data())["prefetch"]
    conditions = (entry["resource"] for entry in prefetch["conditions"].get("entry", ()))
    if not any(coding["code"] in CRAMPS for one in conditions for coding in one["code"]["coding"]):
        return Response(b'{"cards":[]}', mimetype="application/json")
    results = (entry["resource"] for entry in prefetch["observations"].get("entry", ()))
    found = [one for one in results if any(coding["code"] in POTASSIUM for coding in one["code"]["coding"])]
    newest = max(found, key=lambda one: one["effectiveDateTime"], default=None)
    value = newest and newest["valueQuantity"]
    card = {
        "summary": "Leg cramps: stretching first; stretch the calf and hold 20 s.",
        "indicator": "info",
        "source": {"label": "Alomedika 2025"},
        "detail": f"Potassium {value['value']} {value['unit']}" if value else "No potassium found",
    }
    return Response(orjson.dumps({"cards": [card]}), mimetype="application/json")
