"""Single cards with what became of them: for the export, and to trace one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, Row, Select, select

from cds_service.store.database import Database
from cds_service.store.reading.outcomes import outcomes, same_card
from cds_service.store.reading.scope import EVERYTHING, Scope
from cds_service.store.reading.tallies import kind_at, kinds
from cds_service.store.tables import OF_A_CARD, accepted_suggestion, feedback, issued_card


@dataclass(frozen=True, slots=True)
class KeptCard:
    """One card as it was kept. ``offers``: its suggestions' kinds, by place; ``site``: of the site's own file."""

    uuid: UUID
    issuer: str
    tenant: str
    service: str
    hook: str
    topic: str
    rules: str
    indicator: str
    language: str
    day: date
    issued_at: datetime
    silent: bool
    offers: tuple[str, ...]
    site: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a card, as the report counts it. ``taken``: kinds of suggestions; ``at``: None without a report."""

    accepted: bool = False
    overridden: bool = False
    reason: str | None = None
    at: datetime | None = None
    taken: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One report on a card, as it came. ``taken``: kinds of the accepted suggestions, NOT_RECORDED where unknown."""

    card: UUID
    issuer: str
    tenant: str
    outcome: str
    at: datetime
    received_at: datetime
    reason: str | None
    comment: str | None
    taken: tuple[str, ...]


def fates(database: Database, since: date, until: date, scope: Scope = EVERYTHING) -> Iterator[tuple[KeptCard, Fate]]:
    """Every card of these days, the oldest first, with what became of it. Raises UnavailableError."""
    these = scope.during(issued_card, since, until)
    told = outcomes(these)
    query = (
        select(issued_card, told.c.accepted, told.c.overridden, told.c.reason, told.c.at)
        .select_from(issued_card.outerjoin(told, same_card(told)))
        .where(these)
        .order_by(issued_card.c.issued_at, *issued_card.primary_key)
    )
    with database.read() as connection:
        reports = _reports(connection, select(issued_card.c.offers, feedback).join(issued_card, OF_A_CARD).where(these))
        for row in connection.execute(query):
            card = _card(row)
            of_it = reports.get((card.uuid, card.issuer, card.tenant), ())
            yield (
                card,
                Fate(
                    bool(row.accepted),
                    bool(row.overridden),
                    row.reason,
                    row.at,
                    tuple(dict.fromkeys(kind for one in of_it for kind in one.taken)),
                    "\n".join(one.comment for one in of_it if one.comment),
                ),
            )


def find(database: Database, uuids: Sequence[UUID], scope: Scope = EVERYTHING) -> tuple[list[KeptCard], list[Told]]:
    """The cards of these uuids, whosever they are, and all reports on them, the oldest first. Raises UnavailableError."""
    with database.read() as connection:
        cards = connection.execute(
            select(issued_card)
            .where(issued_card.c.uuid.in_(uuids), scope.of(issued_card))
            .order_by(*(issued_card.c[name] for name in ("issued_at", "issuer", "tenant", "topic")))
        )
        kept = [_card(row) for row in cards]
        joined = select(issued_card.c.offers, feedback).outerjoin(issued_card, OF_A_CARD)
        told = _reports(connection, joined.where(feedback.c.card.in_(uuids), scope.of(feedback)))
        return kept, [one for some in told.values() for one in some]


def _card(row: Row[*tuple[object, ...]]) -> KeptCard:
    values = {column.name: getattr(row, column.name) for column in issued_card.c}
    return KeptCard(**{**values, "offers": tuple(kinds(row.offers))})


def _reports(connection: Connection, query: Select[*tuple[object, ...]]) -> dict[tuple[UUID, str, str], list[Told]]:
    """The reports the query finds, by card, the oldest first."""
    rows = connection.execute(query.order_by(feedback.c.outcome_at, feedback.c.received_at)).all()
    some = select(accepted_suggestion).where(accepted_suggestion.c.feedback.in_(query.with_only_columns(feedback.c.id)))
    places: dict[UUID, list[int | None]] = {}
    for taken in connection.execute(some.order_by(accepted_suggestion.c.place)):
        places.setdefault(taken.feedback, []).append(taken.place)
    found: dict[tuple[UUID, str, str], list[Told]] = {}
    for row in rows:
        taken_kinds = tuple(kind_at(place, row.offers or "") for place in places.get(row.id, ()))
        told = Told(
            row.card,
            row.issuer,
            row.tenant,
            row.outcome,
            row.outcome_at,
            row.received_at,
            row.reason,
            row.comment,
            taken_kinds,
        )
        found.setdefault((row.card, row.issuer, row.tenant), []).append(told)
    return found
