"""Feedback on cards: what a clinician did with them, as the client reports it in batches.

The wire format is CDS Hooks 2.0 and 3.0-ballot; invariants carry HL7's names (cds-fb-1…3). Both
``overrideReason`` (HL7) and ``overrideReasons`` (Epic; an object or a list) are read. Unknown members are ignored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validates_schema

from cds_service.errors import BodyTooLargeError, InvalidRequestError
from cds_service.protocol.invariants import broken
from cds_service.protocol.parsing import parse_object, refusal

MOST_COMMENT = 2000
MOST_ITEMS = 2000  # in one batch
MOST_LISTED = 50  # suggestions or reasons of one item

_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)?", re.ASCII)
_LEAP_SECOND = re.compile(r"(?<=[Tt ]\d\d:\d\d:)60")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/|#-]{0,63}")
_SYSTEM = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s?#]{1,200}")
_EPIC_REASON = "com.epic.cdshooks.feedback.overrideReason.reasonCategory"


class Outcome(StrEnum):
    """What became of the card."""

    ACCEPTED = "accepted"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """One thing a clinician did with one card.

    ``at``: aware, UTC. ``reason``: the override reason's code, None when there was none or it was no
    code but words. ``comment``: free text, at most 2000 characters; never shown in a repr or a log.
    """

    card: UUID
    outcome: Outcome
    at: datetime
    suggestions: tuple[UUID, ...] = ()
    reason: str | None = None
    reason_system: str | None = None
    comment: str | None = field(default=None, repr=False)


class _Uuid(fields.Field[UUID]):
    """A UUID of any version, as such or as a URN."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> UUID:  # noqa: ARG002 - marshmallow's signature
        match = _UUID.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            message = "must be a UUID"
            raise ValidationError(message)
        return UUID(match[1])


class _Instant(fields.Field[datetime]):
    """RFC 3339 section 5.6; a time without a zone is UTC, as the specification has it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:  # noqa: ARG002 - marshmallow's signature
        message = "must be a date and time as in RFC 3339 (2026-03-02T08:05:31Z)"
        if not isinstance(value, str) or _INSTANT.fullmatch(value) is None:
            raise ValidationError(message)
        try:
            moment = datetime.fromisoformat(_LEAP_SECOND.sub("59", value).upper())
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValidationError(message) from None


class _AcceptedSuggestion(Schema):
    class Meta:
        unknown = EXCLUDE

    id = _Uuid(required=True)


class _Coding(Schema):
    class Meta:
        unknown = EXCLUDE

    code = fields.String(allow_none=True, load_default=None)
    system = fields.String(allow_none=True, load_default=None)


class _OverrideReason(Schema):
    class Meta:
        unknown = EXCLUDE

    reason = fields.Nested(_Coding, allow_none=True, load_default=None)
    comment = fields.String(data_key="userComment", allow_none=True, load_default=None)

    @pre_load
    def _epic(self, data: Any, **_kwargs: Any) -> Any:
        """Epic sends a reason of its own in an extension, and then no ``reason``."""
        if not isinstance(data, Mapping) or data.get("reason"):
            return data
        extension = data.get("extension")
        category = extension.get(_EPIC_REASON) if isinstance(extension, Mapping) else None
        if not isinstance(category, str) or not category:
            return {**data, "reason": data.get("reason") or None}  # an empty object is no reason
        return {**data, "reason": {"code": category, "system": f"urn:{_EPIC_REASON}"}}

    @validates_schema(skip_on_field_errors=True)
    def _not_empty(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if data["reason"] is None and not data["comment"]:
            raise ValidationError(broken("cds-fb-3"))


class _Feedback(Schema):
    class Meta:
        unknown = EXCLUDE

    card = _Uuid(required=True)
    outcome = fields.Raw(required=True, error_messages={"required": broken("cds-fb-1"), "null": broken("cds-fb-1")})
    at = _Instant(required=True, data_key="outcomeTimestamp")
    suggestions = fields.List(
        fields.Nested(_AcceptedSuggestion), data_key="acceptedSuggestions", allow_none=True, load_default=()
    )
    reasons = fields.List(fields.Nested(_OverrideReason), data_key="overrideReason", load_default=())

    @pre_load
    def _both_spellings(self, data: Any, **_kwargs: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        given = data.get("overrideReason")
        if given is None:
            given = data.get("overrideReasons")
        listed = given if isinstance(given, list) else [] if given is None else [given]
        return {**data, "overrideReason": listed}

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _invariants(self, data: Mapping[str, Any], original: Any, **_kwargs: Any) -> None:
        if not isinstance(original, Mapping) or "outcome" not in data:
            return
        if data["outcome"] not in tuple(Outcome):
            raise ValidationError(broken("cds-fb-1"), "outcome")
        if data["outcome"] == Outcome.ACCEPTED and not original.get("acceptedSuggestions"):
            raise ValidationError(broken("cds-fb-2"), "acceptedSuggestions")

    @post_load
    def _item(self, data: Mapping[str, Any], **_kwargs: Any) -> FeedbackItem:
        coded = next((one["reason"] for one in data["reasons"] if one["reason"] and one["reason"]["code"]), None)
        comments = [one["comment"].strip() for one in data["reasons"] if one["comment"]]
        return FeedbackItem(
            card=data["card"],
            outcome=Outcome(data["outcome"]),
            at=data["at"],
            suggestions=tuple(dict.fromkeys(one["id"] for one in data["suggestions"] or ())),
            reason=_fitting(_CODE, coded and coded["code"]),
            reason_system=_fitting(_SYSTEM, coded and coded["system"]),
            comment="\n".join(comments).replace("\x00", "")[:MOST_COMMENT] or None,
        )


class _Batch(Schema):
    class Meta:
        unknown = EXCLUDE

    feedback = fields.List(fields.Nested(_Feedback), required=True)


_SCHEMA = _Batch()


def load_feedback(body: bytes) -> tuple[FeedbackItem, ...]:
    """The items of a feedback body; () for an empty batch.

    All or nothing. Raises InvalidRequestError that names each bad item's index, member and rule
    ("feedback[3].outcome: cds-fb-1: …", the first few of them), and no value of it.
    """
    try:
        document = parse_object(body)
        _insist_on_a_measure(document.get("feedback"))
        items: list[FeedbackItem] = _SCHEMA.load(document)["feedback"]
    except ValidationError as error:
        raise refusal(error) from None
    return tuple(items)


def _insist_on_a_measure(batch: Any) -> None:
    """Refuse what no client sends before it costs time: too many items, items that are none, too long lists."""
    if not isinstance(batch, list):
        return
    if len(batch) > MOST_ITEMS:
        message = f"feedback: at most {MOST_ITEMS} items at once"
        raise BodyTooLargeError(message)
    for place, item in enumerate(batch):
        if not isinstance(item, dict):
            message = f"feedback[{place}]: must be a JSON object"
            raise InvalidRequestError(message)
        if any(isinstance(member, list) and len(member) > MOST_LISTED for member in item.values()):
            message = f"feedback[{place}]: at most {MOST_LISTED} suggestions or reasons"
            raise InvalidRequestError(message)


def _fitting(pattern: re.Pattern[str], text: str | None) -> str | None:
    """The text when it is a code, not words: free text may say more of a patient than we may keep."""
    return text if text is not None and pattern.fullmatch(text) else None
