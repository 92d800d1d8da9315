"""What we send: discovery and cards, as bytes.

The cards are written straight from their frozen values, because that is the hot path; the marshmallow
schema, which the OpenAPI document shows, and HL7's own rules check the bytes in the tests, not on every call. Every
member written is non-null and non-empty, ``cards: []`` excepted.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import orjson
from marshmallow import Schema, fields, validate

from cds_service.errors import InvalidRequestError
from cds_service.protocol.cards import MOST_SUMMARY, Action, Card, CardSuggestion, Coding

SPECIFICATION = "2.0.0"  # of CDS Hooks, as discovery's `version` states it


class Described(Protocol):
    """What discovery tells of a service."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def hook(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def description(self) -> str: ...  # noqa: D102
    @property
    def prefetch(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def usage_requirements(self) -> str: ...  # noqa: D102
    @property
    def hook_version(self) -> str: ...  # noqa: D102


def dump_discovery(services: Iterable[Described]) -> bytes:
    """The answer of ``GET /cds-services``."""
    described = [
        _filled(
            {
                "hook": service.hook,
                "title": service.title,
                "description": service.description,
                "id": service.id,
                "prefetch": dict(service.prefetch),
                "usageRequirements": service.usage_requirements,
                "version": SPECIFICATION,
                "hookVersion": service.hook_version,
            }
        )
        for service in services
    ]
    return orjson.dumps({"services": described})


def dump_cards(cards: Sequence[Card]) -> bytes:
    """The answer of a call.

    Raises InvalidRequestError when a resource we hand back as it came is nested too deeply to write.
    """
    try:
        return orjson.dumps({"cards": [_card(card) for card in cards]})
    except (TypeError, RecursionError):  # orjson: "Recursion limit reached"
        message = "a resource of the request is nested too deeply"
        raise InvalidRequestError(message) from None


def _filled(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members that have a value: a member of CDS Hooks is never null nor empty."""
    return {name: value for name, value in members.items() if value or value is False or value == 0}


def _card(card: Card) -> dict[str, Any]:
    return _filled(
        {
            "uuid": card.uuid,
            "summary": card.summary,
            "detail": card.detail,
            "indicator": card.indicator,
            "source": _filled(
                {"label": card.source.label, "url": card.source.url, "topic": _coding(card.source.topic)}
            ),
            "suggestions": [_suggestion(suggestion) for suggestion in card.suggestions],
            "selectionBehavior": "any" if card.suggestions else None,
            "overrideReasons": [_coding(reason) for reason in card.override_reasons],
            "links": [{"label": link.label, "url": link.url, "type": link.type} for link in card.links],
        }
    )


def _coding(coding: Coding) -> dict[str, Any]:
    return _filled({"code": coding.code, "system": coding.system, "display": coding.display})


def _suggestion(suggestion: CardSuggestion) -> dict[str, Any]:
    return _filled(
        {
            "label": suggestion.label,
            "uuid": suggestion.uuid,
            "actions": [_action(action) for action in suggestion.actions],
        }
    )


def _action(action: Action) -> dict[str, Any]:
    return _filled(
        {
            "type": action.type,
            "description": action.description,
            "resource": _resource(action),
            "resourceId": action.resource_id,
        }
    )


def _resource(action: Action) -> Any:
    """An updated resource is the client's own and may hold what FHIR forbids; a created one is ours."""
    return _without_empty(action.resource) if action.type == "update" else action.resource


def _without_empty(node: Any) -> Any:
    """A resource without its null and empty members, which FHIR forbids too.

    A null inside an array stays: there it keeps a primitive and its extension in step.
    """
    if isinstance(node, Mapping):
        kept = ((name, _without_empty(value)) for name, value in node.items())
        return _filled(dict(kept))
    if isinstance(node, (list, tuple)):
        return [_without_empty(item) for item in node]
    return node


class _Coding(Schema):
    code = fields.String(required=True)
    system = fields.Url(require_tld=False)
    display = fields.String()


class _Source(Schema):
    label = fields.String(required=True)
    url = fields.Url()
    topic = fields.Nested(_Coding)


class _Action(Schema):
    type = fields.String(required=True, validate=validate.OneOf(["create", "update", "delete"]))
    description = fields.String()
    resource = fields.Dict(keys=fields.String())
    resourceId = fields.String()  # noqa: N815 - HL7's names


class _Suggestion(Schema):
    label = fields.String(required=True)
    uuid = fields.UUID()
    isRecommended = fields.Boolean()  # noqa: N815
    actions = fields.List(fields.Nested(_Action))


class _Link(Schema):
    label = fields.String(required=True)
    url = fields.Url(required=True, require_tld=False)
    type = fields.String(required=True, validate=validate.OneOf(["absolute", "smart"]))
    appContext = fields.String()  # noqa: N815


class _Card(Schema):
    uuid = fields.UUID()
    summary = fields.String(required=True, validate=validate.Length(max=MOST_SUMMARY))
    detail = fields.String()
    indicator = fields.String(required=True, validate=validate.OneOf(["info", "warning", "critical"]))
    source = fields.Nested(_Source, required=True)
    suggestions = fields.List(fields.Nested(_Suggestion))
    selectionBehavior = fields.String(validate=validate.OneOf(["any", "at-most-one"]))  # noqa: N815
    overrideReasons = fields.List(fields.Nested(_Coding))  # noqa: N815
    links = fields.List(fields.Nested(_Link))


class _Response(Schema):
    cards = fields.List(fields.Nested(_Card), required=True)


class _Service(Schema):
    hook = fields.String(required=True)
    title = fields.String()
    description = fields.String(required=True)
    id = fields.String(required=True)
    prefetch = fields.Dict(keys=fields.String(), values=fields.String())
    usageRequirements = fields.String()  # noqa: N815
    version = fields.String()
    hookVersion = fields.String()  # noqa: N815


class _Discovery(Schema):
    services = fields.List(fields.Nested(_Service), required=True)


RESPONSE = _Response()
DISCOVERY = _Discovery()
