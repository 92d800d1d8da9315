"""The request of a hook: what must be right in it is checked here, once, and the rest is left as received.

Only the envelope is looked at. The prefetch and the draft orders pass through untouched: they are
read, entry by entry, where one bad entry cannot spoil the others.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema

from cds_service.patient.ids import is_id
from cds_service.protocol.invariants import broken, is_typed_id, names_its_patient
from cds_service.protocol.notes import Note
from cds_service.protocol.parsing import parse_request, refusal
from cds_service.protocol.prefetch import Prefetch
from cds_service.protocol.request import HookContext, HookRequest

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LONGEST_INSTANCE = 255
_WORDS: dict[str, Any] = {
    "required": "is required",
    "null": "must not be null",
    "invalid": "must be a non-empty string",
}


class Text(fields.Field[str]):
    """A non-empty string. ``json_schema``: what to send, for those who read the OpenAPI document."""

    json_schema: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": r"\S"}
    default_error_messages = _WORDS

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ARG002
        if not isinstance(value, str) or not value.strip():
            raise self.make_error(key="invalid")
        return self.read(value)

    def read(self, text: str) -> str:
        """What the field makes of a string; raises ValidationError."""
        return text


class HookInstance(Text):
    """A UUID of any version, or what real clients send in place of one: any short, printable text."""

    json_schema = {"type": "string", "format": "uuid"}  # noqa: RUF012 - never changed
    default_error_messages = {  # noqa: RUF012 - marshmallow's own form
        **_WORDS,
        "text": f"must be a UUID, or a text of at most {_LONGEST_INSTANCE} printable characters",
    }

    def read(self, text: str) -> str:
        """A UUID in lower case, any other text as it came."""
        if _UUID.fullmatch(text):
            return text.lower()
        if len(text) > _LONGEST_INSTANCE or not text.isprintable():
            raise self.make_error(key="text")
        return text


class TypedId(Text):
    """A reference "{type}/{id}" (ord-1)."""

    json_schema = {"type": "string", "pattern": "^[A-Za-z0-9]+/[A-Za-z0-9.-]+$"}  # noqa: RUF012 - never changed
    default_error_messages = {**_WORDS, "ord-1": broken("ord-1").replace("{", "{{").replace("}", "}}")}  # noqa: RUF012

    def read(self, text: str) -> str:
        """The reference as it came."""
        if not is_typed_id(text):
            raise self.make_error(key="ord-1")
        return text


class PatientId(Text):
    """A Patient's id; "Patient/123" is taken as "123"."""

    json_schema = {"type": "string", "pattern": "^[A-Za-z0-9.-]*[A-Za-z0-9-][A-Za-z0-9.-]*$", "maxLength": 64}  # noqa: RUF012 - never changed
    default_error_messages = {**_WORDS, "id": "must be a FHIR id"}  # noqa: RUF012

    def read(self, text: str) -> str:
        """The bare id."""
        bare = _bare_id(text)
        if bare is None:
            raise self.make_error(key="id")
        return bare


class ServerUrl(Text):
    """The base of a FHIR server. Whether we may call it is not decided here."""

    json_schema = {"type": "string", "format": "uri"}  # noqa: RUF012 - never changed
    default_error_messages = {**_WORDS, "url": "must be an absolute http or https URL"}  # noqa: RUF012

    def read(self, text: str) -> str:
        """The URL without its trailing slash."""
        try:
            parts = urlsplit(text)
        except ValueError:
            raise self.make_error(key="url") from None
        if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
            raise self.make_error(key="url")
        return text.rstrip("/")


class Part(fields.Field[Mapping[str, Any]]):
    """A JSON object, loaded by its own schema when it has one, else passed through without a look inside."""

    json_schema: ClassVar[Mapping[str, Any]] = {"type": "object"}
    default_error_messages = {**_WORDS, "invalid": "must be a JSON object"}  # noqa: RUF012

    def __init__(self, schema: Schema | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schema = schema

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Mapping[str, Any]:  # noqa: ARG002
        if not isinstance(value, dict | Prefetch):
            raise self.make_error(key="invalid")
        if self.schema is None:
            return value
        loaded: Mapping[str, Any] = self.schema.load(value)
        return loaded


class _Envelope(Schema):
    class Meta:
        unknown = EXCLUDE


class _Context(_Envelope):
    userId = TypedId(required=True)  # noqa: N815 - HL7's names
    patientId = PatientId(required=True)  # noqa: N815


class _Authorization(_Envelope):
    access_token = Text(required=True)


class _Request(_Envelope):
    hook = Text(required=True)
    hookInstance = HookInstance(required=True)  # noqa: N815
    context = Part(_Context(), required=True)
    fhirServer = ServerUrl()  # noqa: N815
    fhirAuthorization = Part(_Authorization())  # noqa: N815
    prefetch = Part()

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _server_is_named(self, _: Mapping[str, Any], original: Mapping[str, Any], **__: Any) -> None:
        if "fhirAuthorization" in original and "fhirServer" not in original:
            raise ValidationError(broken("cds-r-1"), "fhirServer")


REQUEST = _Request()
_OPTIONAL = ("fhirServer", "fhirAuthorization", "prefetch")


def load_request(body: bytes) -> HookRequest:
    """The call a body holds. Raises InvalidRequestError naming each path and rule that is broken.

    Members we do not need may have any shape. Null, an empty string or an empty list stand for an
    absent optional member. The prefetch is parsed as far as it is looked into (``prefetch``).
    """
    document = parse_request(body)
    for name in _OPTIONAL:
        if name in document and document[name] in (None, "", []):
            del document[name]
    envelope = plain_envelope(document) or _judged(document)
    context, extension = document["context"], document.get("extension")
    return HookRequest(
        hook=envelope["hook"],
        hook_instance=envelope["hookInstance"],
        context=HookContext(
            patient_id=envelope["context"]["patientId"],
            draft_orders=context.get("draftOrders"),
            selections=_selections(context.get("selections")),
        ),
        prefetch=envelope.get("prefetch", {}),
        fhir_server=envelope.get("fhirServer"),
        access_token=envelope.get("fhirAuthorization", {}).get("access_token"),
        extension=extension if isinstance(extension, dict) else {},
        notes=_notes(document),
    )


def plain_envelope(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the schema makes of a document that one look shows to be sound; None where the schema has to judge."""
    hook, instance, context = document.get("hook"), document.get("hookInstance"), document.get("context")
    prefetch = document.get("prefetch", {})
    if "fhirServer" in document or "fhirAuthorization" in document or not isinstance(prefetch, dict | Prefetch):
        return None
    if not (isinstance(hook, str) and isinstance(instance, str) and isinstance(context, dict)):
        return None
    user, patient = context.get("userId"), _bare_id(context.get("patientId"))
    if not hook.strip() or not _UUID.fullmatch(instance) or patient is None:
        return None
    if not isinstance(user, str) or not is_typed_id(user):
        return None
    made = {"hook": hook, "hookInstance": instance.lower(), "context": {"userId": user, "patientId": patient}}
    return made | ({"prefetch": prefetch} if "prefetch" in document else {})


def _judged(document: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        judged: Mapping[str, Any] = REQUEST.load(document)
    except ValidationError as error:
        raise refusal(error) from None
    return judged


def _bare_id(raw: Any) -> str | None:
    """A Patient's id with or without its type before it; None for anything else."""
    bare = raw.removeprefix("Patient/") if isinstance(raw, str) else None
    return bare if is_id(bare) else None


def _selections(raw: Any) -> tuple[str, ...] | None:
    """The references among the selections: strings, or objects with a ``reference``; a lone one counts as a list.

    None, as when none were sent, for any other shape, and where none of them can be read: every draft then counts.
    """
    members = raw if isinstance(raw, list) else [raw]
    stated = [member.get("reference") if isinstance(member, dict) else member for member in members]
    read = tuple(one for one in stated if isinstance(one, str))
    return read if read or raw == [] else None


def _notes(document: Mapping[str, Any]) -> tuple[Note, ...]:
    authorization = document.get("fhirAuthorization")
    bound = authorization is None or names_its_patient(authorization)
    is_uuid = _UUID.fullmatch(document["hookInstance"])
    return (*(() if bound else (Note.UNBOUND_TOKEN,)), *(() if is_uuid else (Note.HOOK_INSTANCE_NO_UUID,)))
