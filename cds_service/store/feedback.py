"""Feedback, kept for good before it is acknowledged, once however often it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Connection, func, select

from cds_service.protocol.cards import place_of
from cds_service.protocol.feedback import FeedbackItem
from cds_service.store.issued import cut
from cds_service.store.tables import accepted_suggestion, feedback, insert


@dataclass(frozen=True, slots=True)
class Sender:
    """Who reports, on which service's cards. ``issuer``, ``tenant``: None where callers are not checked."""

    service: str
    issuer: str | None = None
    tenant: str | None = None


def write(connection: Connection, items: Sequence[FeedbackItem], sender: Sender, *, comments: bool) -> int:
    """Keep the items; how many were new. ``comments``: whether free text may be kept.

    A repeat (same issuer, tenant, card, outcome and time) changes nothing, save that further accepted
    suggestions are added: two suggestions accepted in the same second are two reports.
    """
    if not items:
        return 0
    now = datetime.now(UTC)
    rows: dict[UUID, dict[str, object]] = {}
    suggestions: dict[tuple[UUID, UUID], int | None] = {}
    for item in items:
        key = identity(item, sender)
        suggestions.update({(key, one): place_of(one, item.card) for one in item.suggestions})
        rows.setdefault(
            key,
            {
                "id": key,
                "card": item.card,
                "issuer": cut(sender.issuer),
                "tenant": cut(sender.tenant),
                "service": cut(sender.service),
                "outcome": item.outcome.value,
                "outcome_at": item.at,
                "reason": item.reason,
                "comment": item.comment if comments else None,
                "received_at": now,
            },
        )
    # In one order everywhere, so that two workers never wait for each other's rows crosswise.
    statement = insert(connection, feedback).on_conflict_do_nothing().returning(feedback.c.id)
    new = connection.execute(statement, [rows[key] for key in sorted(rows)]).all()
    _add_suggestions(connection, suggestions)
    return len(new)


def holds(connection: Connection, items: Sequence[FeedbackItem], sender: Sender) -> bool:
    """Whether all the items are kept."""
    keys = {identity(item, sender) for item in items}
    return connection.execute(select(func.count()).where(feedback.c.id.in_(keys))).scalar_one() == len(keys)


def identity(item: FeedbackItem, sender: Sender) -> UUID:
    """What makes two reports the same one: issuer, tenant, card, outcome and time."""
    site = f"\n{sender.tenant}" if sender.tenant else ""  # without a tenant, as it was before tenants were told apart
    return uuid5(NAMESPACE_URL, f"{sender.issuer or ''}\n{item.card}\n{item.outcome}\n{item.at.isoformat()}{site}")


def _add_suggestions(connection: Connection, places: Mapping[tuple[UUID, UUID], int | None]) -> None:
    rows = [
        {"feedback": key, "suggestion": suggestion, "place": places[key, suggestion]}
        for key, suggestion in sorted(places)
    ]
    if rows:
        connection.execute(insert(connection, accepted_suggestion).on_conflict_do_nothing(), rows)
