"""A small read-only FHIR R4 server over ``fhir_fixtures/``, for the sandbox, the demo and the tests. Never in production.

Every situation is one patient, whose id is the situation's name; its dates move so that it happens today.
Unknown search parameters are ignored, as servers do, and named in an OperationOutcome beside the matches;
with ``Prefer: handling=strict`` they are an error.
"""

from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Blueprint, Response, request

from cds_service.web.fhir_server.charts import ServedChart
from cds_service.web.fhir_server.clock import Charts
from cds_service.web.fhir_server.search import CONTROLS, PARAMETERS, Json, Parameters, search

TYPES = (
    "AllergyIntolerance",
    "Condition",
    "Encounter",
    "Medication",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Patient",
    "Practitioner",
    "ServiceRequest",
)
_JSON = (
    "application/fhir+json",
    "application/json+fhir",
    "application/json",
    "text/json",
    "json",
    "*/*",
    "application/*",
)
_PAGE = 200
_SMALL_PAGE = 5
_MOST = 1000


def fhir_server(charts: Charts, habits: Collection[str] = ()) -> Blueprint:
    """The routes below ``/fhir``. ``habits``: of ``variables.FHIR_HABITS``."""
    server = Blueprint("fhir_server", __name__, url_prefix="/fhir")

    @server.before_request
    def only_json() -> Response | None:
        wanted = request.args.get("_format") or request.headers.get("Accept") or "*/*"
        asked = [one.partition(";")[0].strip().replace(" ", "+") for one in wanted.split(",")]
        if any(one in _JSON for one in asked):
            return None
        return _outcome(HTTPStatus.NOT_ACCEPTABLE, "not-supported", "only JSON is served")

    @server.get("/metadata")
    def metadata() -> Response:
        return _fhir(_capabilities(_base()))

    @server.get("/<kind>/<resource_id>")
    def read(kind: str, resource_id: str) -> Response:
        found = search(_all(charts.today(), kind), [("_id", resource_id)]).resources
        if not found or (kind == "Patient" and "unknown-patient" in habits):
            return _outcome(HTTPStatus.NOT_FOUND, "not-found", "no such resource")
        return _fhir(found[0])

    @server.get("/<kind>")
    def search_by_address(kind: str) -> Response:
        return _searched(charts.today(), kind, tuple(request.args.items(multi=True)), habits)

    @server.post("/<kind>/_search")
    def search_by_form(kind: str) -> Response:
        given = (*request.args.items(multi=True), *request.form.items(multi=True))
        return _searched(charts.today(), kind, given, habits)

    @server.route("/<path:_>", methods=["POST", "PUT", "PATCH", "DELETE"])
    def write(_: str) -> Response:
        return _outcome(HTTPStatus.METHOD_NOT_ALLOWED, "not-supported", "this server is read-only")

    @server.get("")
    @server.get("/<path:_>")
    def nothing(_: str = "") -> Response:
        return _outcome(HTTPStatus.NOT_FOUND, "not-found", "no such place on this server")

    return server


def _base() -> str:
    """The server's address as the client wrote it, so that its links lead where the client can go."""
    return f"{request.url_root}fhir"


def _all(charts: Sequence[ServedChart], kind: str) -> list[Json]:
    return [one for chart in charts for one in chart.resources if one["resourceType"] == kind]


def _searched(charts: Sequence[ServedChart], kind: str, given: Parameters, habits: Collection[str]) -> Response:
    if kind not in _kinds(charts):
        return _outcome(HTTPStatus.NOT_FOUND, "not-supported", "this server has no such resource type")
    if "no-count" in habits and any(name == "_count" for name, _ in given):
        return _outcome(HTTPStatus.BAD_REQUEST, "not-supported", "this server does not take _count")
    small = "small-pages" in habits
    order = [("_sort", "date")] if small and not any(name == "_sort" for name, _ in given) else []
    found = search([] if "unknown-patient" in habits else _all(charts, kind), [*given, *order])
    if found.ignored and "handling=strict" in request.headers.get("Prefer", ""):
        return _outcome(
            HTTPStatus.BAD_REQUEST, "not-supported", f"unknown search parameters: {', '.join(found.ignored)}"
        )
    try:
        count, offset = _number(given, "_count", _SMALL_PAGE if small else _PAGE), _number(given, "_offset", 0)
    except ValueError:
        return _outcome(HTTPStatus.BAD_REQUEST, "value", "_count and _offset must be whole numbers, not negative")
    used = [(name, value) for name, value in given if name in CONTROLS or name.removesuffix(":Patient") in PARAMETERS]
    base = _base()
    page = found.resources[offset : offset + min(count, _MOST)]
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "searchset",
        **({} if small else {"total": len(found.resources)}),
        "link": [{"relation": "self", "url": _address(base, kind, used)}],
    }
    if count and offset + len(page) < len(found.resources):
        further = [(name, value) for name, value in used if name != "_offset"] + [("_offset", str(offset + len(page)))]
        bundle["link"].append({"relation": "next", "url": _address(base, kind, further)})
    entries = [_entry(base, one) for one in page]
    if found.ignored:
        entries.append({"resource": _ignored(found.ignored), "search": {"mode": "outcome"}})
    if entries:
        bundle["entry"] = entries
    return _fhir(bundle)


def _kinds(charts: Sequence[ServedChart]) -> frozenset[str]:
    return frozenset(TYPES) | {one["resourceType"] for chart in charts for one in chart.resources}


def _number(given: Parameters, name: str, default: int) -> int:
    text = next((value for key, value in given if key == name), str(default))
    if not text.isascii() or not text.isdigit():
        raise ValueError(name)
    return int(text)


def _address(base: str, kind: str, parameters: Parameters) -> str:
    query = urlencode(parameters, safe="|,:/")
    return f"{base}/{kind}?{query}" if query else f"{base}/{kind}"


def _entry(base: str, resource: Json) -> Json:
    entry: dict[str, Any] = {"resource": resource, "search": {"mode": "match"}}
    if isinstance(resource.get("id"), str):
        entry = {"fullUrl": f"{base}/{resource['resourceType']}/{resource['id']}", **entry}
    return entry


def _ignored(names: Sequence[str]) -> Json:
    issue = {
        "severity": "warning",
        "code": "not-supported",
        "diagnostics": f"search parameters this server does not know were ignored: {', '.join(names)}",
    }
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _capabilities(base: str) -> Json:
    parameters = [{"name": name, "type": _kind_of(name)} for name in sorted(PARAMETERS)]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2025-04-09",
        "kind": "instance",
        "implementation": {"description": "Made-up patients for trying out the CDS service", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": True},
                "resource": [
                    {
                        "type": kind,
                        "interaction": [{"code": "read"}, {"code": "search-type"}],
                        "searchParam": parameters,
                    }
                    for kind in TYPES
                ],
            }
        ],
    }


def _kind_of(parameter: str) -> str:
    if parameter in ("patient", "subject"):
        return "reference"
    if parameter in ("date", "authoredon", "recorded-date"):
        return "date"
    return "string" if parameter == "name" else "token"


def _outcome(status: HTTPStatus, code: str, text: str) -> Response:
    issue = {"severity": "error", "code": code, "diagnostics": text}
    return _fhir({"resourceType": "OperationOutcome", "issue": [issue]}, status)


def _fhir(body: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(orjson.dumps(body), status=status, content_type="application/fhir+json; charset=utf-8")
