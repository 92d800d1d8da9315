"""The OpenAPI document: the services of the catalogue, the schemas of the wire format, the situations as examples."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import islice
from typing import Any

import orjson
from werkzeug.routing import Map, Rule

from cds_service import __version__, situations
from cds_service.catalogue import CATALOGUE, Service
from cds_service.errors import ConfigurationError
from cds_service.protocol.openapi import VERSION, components
from cds_service.settings import LANGUAGES, Settings
from cds_service.situations import Situation

EXAMPLES = 3
"""Of each service."""
JSON, FHIR_JSON = "application/json", "application/fhir+json"

_Object = dict[str, Any]
_REQUIRED = "conditions"  # by patient-view alone: without, nothing can be said of a patient


def _resource(*types: str) -> _Object:
    """A FHIR resource of one of these types, or of any."""
    kind: _Object = {"enum": list(types)} if types else {"type": "string"}
    return {"type": "object", "required": ["resourceType"], "properties": {"resourceType": kind}}


def _bundle(*types: str) -> _Object:
    """A FHIR Bundle of such resources; null for a query that found nothing."""
    entry = {"type": "object", "required": ["resource"], "properties": {"resource": _resource(*types)}}
    members = {
        "resourceType": {"const": "Bundle"},
        "type": {"enum": ["searchset", "collection"]},
        "entry": {"type": "array", "items": entry},
    }
    return {"type": ["object", "null"], "required": ["resourceType"], "properties": members}


_ORDERS: _Object = {"draftOrders": _bundle(), "selections": {"type": "array", "items": {"type": "string"}}}
_CONTEXTS: Mapping[str, tuple[tuple[str, ...], _Object]] = {
    "patient-view": ((), {}),
    "order-select": (("draftOrders", "selections"), _ORDERS),
    "order-sign": (("draftOrders",), {"draftOrders": _ORDERS["draftOrders"]}),
}
"""Of each hook: which members of the context HL7 requires beside userId and patientId, and what they are."""
_FAILURES: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "The body is no JSON, or breaks a rule that is named.",
    HTTPStatus.NOT_FOUND: "There is no such service.",
    HTTPStatus.REQUEST_TIMEOUT: "The request did not come in time.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body, or what it inflates to, is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body's media type is none of those.",
    HTTPStatus.TOO_MANY_REQUESTS: "Over the rate limit; see Retry-After.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database is down, or the call took too much work.",
}
_NO_CONDITIONS = "The patient's conditions were neither prefetched nor fetchable, or the prefetch is another patient's."
_NOT_SHOWN = ("static", "hooks", "feedback", "fhir_server", "demo")  # files, what is shown above, the demo's own
_NUMBERS = [
    {
        "name": "X-Request-ID",
        "in": "header",
        "description": "Kept, and sent back, where it is of at most 64 letters, digits or ._- and not digits alone.",
        "schema": {"type": "string"},
    },
    {
        "name": "traceparent",
        "in": "header",
        "description": "W3C Trace Context; stands in the log of the call.",
        "schema": {"type": "string"},
    },
]
_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "description": f"Language of the cards: {' or '.join(LANGUAGES)}.",
    "schema": {"type": "string"},
}


def document(settings: Settings, routes: Map) -> _Object:
    """The document of a service with these settings and routes."""
    paths: _Object = {"/cds-services": {"get": _discovery()}}
    for service in CATALOGUE:
        paths |= {
            f"/cds-services/{service.id}": {"post": _call(service, _told(service), settings)},
            f"/cds-services/{service.id}/feedback": {"post": _feedback(service, settings)},
        }
    found: _Object = {
        "openapi": VERSION,
        "info": {
            "title": "CDS Hooks service",
            "version": __version__,
            "summary": "CDS Hooks 2.0: discovery, calls, feedback; and what a platform asks.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": settings.public_base_url}],
        "paths": paths | dict(_further(routes)),
        "components": {"schemas": components()},
    }
    if _checked(settings):
        found["components"]["securitySchemes"] = {"client": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    return found


def _checked(settings: Settings) -> bool:
    return settings.production or settings.issuers is not None


def _discovery() -> _Object:
    return {
        "operationId": "discovery",
        "summary": "The services there are.",
        "responses": {"200": _answer("The services.", JSON, "Discovery"), "default": _failure("Any failure.")},
    }


def _call(service: Service, told: Sequence[Situation], settings: Settings) -> _Object:
    asked = {one.name: _example(one, situations.request(one, service.hook)) for one in told}
    answered = {one.name: _example(one, _golden(one, service.hook)) for one in told}
    return {
        "operationId": service.id,
        "summary": service.title,
        "description": f"{service.description}\n\n{service.usage_requirements}".strip(),
        "parameters": [_LANGUAGE, *_NUMBERS],
        "requestBody": _body(_request(service), asked),
        "responses": {
            "200": _answer("Cards; an empty list where there is nothing to say.", JSON, "Cards", answered)
            | {"headers": {"Content-Language": {"schema": {"type": "string", "enum": list(LANGUAGES)}}}},
            "412": _failure(_NO_CONDITIONS),
            **_failures(settings),
        },
        **_security(settings),
    }


def _feedback(service: Service, settings: Settings) -> _Object:
    return {
        "operationId": f"{service.id}-feedback",
        "summary": f"What became of cards: {service.title}",
        "description": "The good items of a batch are kept; the others are named in an OperationOutcome beside the 200.",
        "parameters": _NUMBERS,
        "requestBody": _body({"$ref": "#/components/schemas/Feedback"}),
        "responses": {
            "200": {
                "description": "Kept.",
                "content": {
                    JSON: {"schema": {"type": "object"}},
                    FHIR_JSON: {"schema": {"$ref": "#/components/schemas/OperationOutcome"}},
                },
            },
            **_failures(settings),
        },
        **_security(settings),
    }


def _request(service: Service) -> _Object:
    """The request of this service's hook, as HL7 defines the hook, with our prefetch keys."""
    needed, members = _CONTEXTS[service.hook]
    keys: _Object = {
        query.key: (_bundle if "?" in query.template else _resource)(*query.resource_types) for query in service.queries
    }
    required = [_REQUIRED] if service.hook == "patient-view" else []
    own: _Object = {
        "type": "object",
        "properties": {
            "hook": {"const": service.hook},
            "context": {"type": "object", "required": list(needed), "properties": members},
            "prefetch": {"type": "object", "required": required, "properties": keys},
        },
        "required": ["prefetch"] if required else [],
    }
    return {"allOf": [{"$ref": "#/components/schemas/Request"}, own]}


def _body(schema: _Object, examples: _Object | None = None) -> _Object:
    content: _Object = {"schema": schema} | ({"examples": examples} if examples else {})
    return {"required": True, "content": {JSON: content, FHIR_JSON: {"schema": schema}}}


def _told(service: Service) -> tuple[Situation, ...]:
    """The first few situations of the hook, or none where the installation has none."""
    try:
        every = situations.load_all()
    except ConfigurationError:
        return ()
    return tuple(islice((one for one in every if service.hook in one.hooks), EXAMPLES))


def _golden(situation: Situation, hook: str) -> _Object:
    answers: _Object = orjson.loads(situations.response_file(situation, hook).read_bytes())
    cards: _Object = answers[LANGUAGES[0]]
    return cards


def _example(situation: Situation, value: _Object) -> _Object:
    return {"summary": situation.title[LANGUAGES[0]], "value": value}


def _further(routes: Map) -> Iterator[tuple[str, _Object]]:
    """What is there beside: for the platform and for people."""
    for rule in sorted(routes.iter_rules(), key=lambda rule: rule.rule):
        blueprint, _, name = rule.endpoint.partition(".")
        if blueprint not in _NOT_SHOWN and name != "static" and "GET" in (rule.methods or ()):
            yield _path(rule), {"get": _page(rule)}


def _path(rule: Rule) -> str:
    path = rule.rule
    for name in rule.arguments:
        path = path.replace(f"<{name}>", f"{{{name}}}")
    return path


def _page(rule: Rule) -> _Object:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in sorted(rule.arguments)
    ]
    answers: Mapping[str, tuple[str, _Object]] = {
        "operations": (JSON, {"$ref": "#/components/schemas/Status"}),
        "openapi": (JSON, {"type": "object"}),
        "metrics": ("text/plain", {"type": "string"}),
    }
    kind, schema = answers.get(rule.endpoint.partition(".")[0], ("*/*", {}))
    return {
        "operationId": rule.endpoint,
        "parameters": parameters,
        "responses": {
            "200": {"description": "As asked.", "content": {kind: {"schema": schema}}},
            "404": {"description": "There is none.", "content": {"*/*": {}}},
            "default": _failure("Any failure."),
        },
    }


def _answer(description: str, kind: str, schema: str, examples: _Object | None = None) -> _Object:
    shown = {"examples": examples} if examples else {}
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}, **shown}
    return {"description": description, "content": {kind: content}}


def _failure(description: str) -> _Object:
    return _answer(description, FHIR_JSON, "OperationOutcome")


def _failures(settings: Settings) -> _Object:
    found: _Object = {str(status.value): _failure(said) for status, said in _FAILURES.items()}
    if _checked(settings):
        found["401"] = {"description": "Not a caller we trust; no reason is given."}
    return {**found, "default": _failure("Any other failure.")}


def _security(settings: Settings) -> _Object:
    return {"security": [{"client": []}]} if _checked(settings) else {}


def as_json(settings: Settings, routes: Map) -> bytes:
    """The document as it is served."""
    return orjson.dumps(document(settings, routes), option=orjson.OPT_INDENT_2)
