"""The wire format as JSON Schema, derived from the schemas that check it: what OpenAPI has in ``components``.

It says what to send. What real clients send beside it is taken too (null for an absent member, a hookInstance that is
no UUID, ``overrideReasons``), and members we do not know are ignored.
"""

from collections.abc import Mapping
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from marshmallow import Schema, fields, validate

from cds_service.protocol import answers, calls, feedback
from cds_service.protocol.feedback import MOST_ITEMS, MOST_LISTED, Outcome

VERSION = "3.1.0"


class _Details(Schema):
    text = fields.String(required=True)


class _Issue(Schema):
    severity = fields.String(required=True, validate=validate.OneOf(["error"]))
    code = fields.String(required=True)
    details = fields.Nested(_Details, required=True)
    diagnostics = fields.String(required=True)


class _OperationOutcome(Schema):
    resourceType = fields.String(required=True, validate=validate.OneOf(["OperationOutcome"]))  # noqa: N815 - FHIR's names
    issue = fields.List(fields.Nested(_Issue), required=True)


class _Status(Schema):
    status = fields.String(required=True, validate=validate.OneOf(["ok"]))


_WHOLE: Mapping[str, Schema] = {
    "Discovery": answers.DISCOVERY,
    "Cards": answers.RESPONSE,
    "Request": calls.REQUEST,
    "FeedbackItem": feedback.ITEM,
    "OperationOutcome": _OperationOutcome(),
    "Status": _Status(),
}


def components() -> dict[str, Any]:
    """The schemas by name."""
    plugin = MarshmallowPlugin(schema_name_resolver=_named)
    spec = APISpec("", "", VERSION, plugins=[plugin])
    converter: Any = plugin.converter  # there is one from when the plugin is plugged in

    def ours(_: Any, field: fields.Field[Any], ret: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - apispec's signature
        """What a field of our own says of itself."""
        if isinstance(field, calls.Part) and field.schema is not None:
            return dict(converter.resolve_nested_schema(field.schema))
        return dict(getattr(field, "json_schema", {}))

    converter.add_attribute_function(ours)
    for name, schema in _WHOLE.items():
        spec.components.schema(name, schema=schema)
    return _with_rules(_tidied(spec.to_dict()["components"]["schemas"]))


def _named(schema: Any) -> str:
    """The class's name; feedback has a coding of its own."""
    found = resolve_schema_cls(schema)
    name = getattr(found, "__name__", "").lstrip("_")
    return f"Feedback{name}" if getattr(found, "__module__", "") == feedback.__name__ else name


def _tidied(node: Any) -> Any:
    """Without what is ours alone: what an absent member is taken for; and with the formats' standard names."""
    if isinstance(node, dict):
        kept = {name: _tidied(value) for name, value in node.items() if name != "default"}
        return kept | ({"format": "uri"} if kept.get("format") == "url" else {})
    return [_tidied(one) for one in node] if isinstance(node, list) else node


def _with_rules(found: dict[str, Any]) -> dict[str, Any]:
    """The rules that stand in code where a schema has no place for them: cds-r-1, cds-fb-1 to 3, and the batch."""
    found["Request"]["dependentRequired"] = {"fhirAuthorization": ["fhirServer"]}  # cds-r-1
    item, reason = found["FeedbackItem"], found["FeedbackOverrideReason"]
    item["properties"]["outcome"] = {"type": "string", "enum": [one.value for one in Outcome]}
    item["if"] = {"properties": {"outcome": {"const": Outcome.ACCEPTED.value}}}
    item["then"] = {
        "properties": {"acceptedSuggestions": {"type": "array", "minItems": 1}},
        "required": ["acceptedSuggestions"],
    }
    for name in ("acceptedSuggestions", "overrideReason"):
        item["properties"][name]["maxItems"] = MOST_LISTED
    code = {"type": "object", "properties": {"code": {"type": "string", "minLength": 1}}, "required": ["code"]}
    coded = {"properties": {"reason": code}, "required": ["reason"]}
    said = {"properties": {"userComment": {"type": "string", "minLength": 1}}, "required": ["userComment"]}
    reason["anyOf"] = [coded, said]
    items = {"type": "array", "maxItems": MOST_ITEMS, "items": {"$ref": "#/components/schemas/FeedbackItem"}}
    batch = {"type": "object", "required": ["feedback"], "properties": {"feedback": items}}
    return {**found, "Feedback": batch}
