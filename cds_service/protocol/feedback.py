"""Feedback on cards: what a clinician did with them, as the client reports it in batches.

The wire format is CDS Hooks 2.0 and 3.0-ballot; invariants carry HL7's names (cds-fb-1…3). Both
``overrideReason`` (HL7) and ``overrideReasons`` (Epic; an object or a list) are read. Unknown members are ignored.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validates_schema

from cds_service.errors import BodyTooLargeError, InvalidRequestError
from cds_service.protocol.invariants import broken
from cds_service.protocol.parsing import parse_object, problems, some_of

MOST_COMMENT = 2000
MOST_ITEMS = 2000  # in one batch
MOST_LISTED = 50  # suggestions or reasons of one item
MOST_AHEAD = timedelta(days=1)  # of our clock; who is further ahead has no clock

OTHER = "other"
"""Stands for every reason that is none of those we know: what is not known could say anything, of anybody."""

_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)?", re.ASCII)
_LEAP_SECOND = re.compile(r"(?<=[Tt ]\d\d:\d\d:)60")
_EPIC_REASON = "com.epic.cdshooks.feedback.overrideReason.reasonCategory"


class Outcome(StrEnum):
    """What became of the card."""

    ACCEPTED = "accepted"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """One thing a clinician did with one card.

    ``at``: aware, UTC. ``reason``: the override reason's code where it is one we know, OTHER for any other, None when
    there was none. ``comment``: free text, at most 2000 characters; never shown in a repr or a log.
    """

    card: UUID
    outcome: Outcome
    at: datetime
    suggestions: tuple[UUID, ...] = ()
    reason: str | None = None
    comment: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """One feedback body. ``refused``: why each item that is not among ``items`` isn't ("feedback[3].outcome: …")."""

    items: tuple[FeedbackItem, ...]
    refused: tuple[str, ...] = ()


class _Uuid(fields.Field[UUID]):
    """A UUID of any version, as such or as a URN."""

    json_schema: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "uuid"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> UUID:  # noqa: ARG002 - marshmallow's signature
        match = _UUID.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            message = "must be a UUID"
            raise ValidationError(message)
        return UUID(match[1])


class _Instant(fields.Field[datetime]):
    """RFC 3339 section 5.6; a time without a zone is UTC, as the specification has it."""

    json_schema: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "date-time"}

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
        return {**data, "reason": {"code": category}}

    @validates_schema(skip_on_field_errors=True)
    def _not_empty(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if data["reason"] is None and not data["comment"]:
            raise ValidationError(broken("cds-fb-3"))


class _Item(Schema):
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
            reason=coded and coded["code"],
            comment="\n".join(comments).replace("\x00", "")[:MOST_COMMENT] or None,
        )


ITEM = _Item()


def load_feedback(body: bytes, reasons: Collection[str], now: datetime) -> Batch:
    """The items of a feedback body, and why the others were refused; none of either for an empty batch.

    ``reasons``: the codes of override reasons that are known, ours and the client's own. ``now``: aware. Raises
    InvalidRequestError when no item is good, naming the first few ("feedback[3].outcome: cds-fb-1: …") and no value of
    theirs; BodyTooLargeError for more than ``MOST_ITEMS``.
    """
    batch = parse_object(body).get("feedback")
    if not isinstance(batch, list):
        message = "feedback: must be a list"
        raise InvalidRequestError(message)
    if len(batch) > MOST_ITEMS:
        message = f"feedback: at most {MOST_ITEMS} items at once"
        raise BodyTooLargeError(message)
    items, refused = [], []
    for place, raw in enumerate(batch):
        try:
            items.append(_known(_item(raw, now), reasons))
        except ValidationError as error:
            refused.append("; ".join(problems(error, f"feedback[{place}]")))
    if refused and not items:
        raise InvalidRequestError(some_of(refused))
    return Batch(tuple(items), tuple(refused))


def _item(raw: Any, now: datetime) -> FeedbackItem:
    """One item. What no client sends is refused before it costs time: no object, too long lists."""
    if not isinstance(raw, dict):
        message = "must be a JSON object"
        raise ValidationError(message)
    if any(isinstance(member, list) and len(member) > MOST_LISTED for member in raw.values()):
        message = f"at most {MOST_LISTED} suggestions or reasons"
        raise ValidationError(message)
    item: FeedbackItem = ITEM.load(raw)
    if item.at - now > MOST_AHEAD:
        raise ValidationError({"outcomeTimestamp": ["must not be more than a day ahead"]})
    return item


def _known(item: FeedbackItem, reasons: Collection[str]) -> FeedbackItem:
    return item if item.reason is None or item.reason in reasons else replace(item, reason=OTHER)
