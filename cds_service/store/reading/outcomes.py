"""What became of a card, from all that was reported on it."""

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select

from cds_service.store.tables import OF_A_CARD, feedback, issued_card

CARD_KEY = (feedback.c.card, feedback.c.issuer, feedback.c.tenant)
"""Which card a report is on."""


def same_card(told: Subquery) -> ColumnElement[bool]:
    """Joins what was told, by CARD_KEY, with its card."""
    names = {"card": "uuid", "issuer": "issuer", "tenant": "tenant"}
    return and_(*(told.c[name] == issued_card.c[column] for name, column in names.items()))


def outcomes(these: ColumnElement[bool]) -> Subquery:
    """A row for each card within ``these`` that something was reported on, by CARD_KEY.

    ``accepted``: a report says so. ``reason``: the newest given, unless the card was accepted after it: who gives one
    with an acceptance or after it means both. ``overridden``: there is such a reason, or nobody accepted. ``at``: when.
    """
    accepted_at = func.min(case((feedback.c.outcome == "accepted", feedback.c.outcome_at)))
    newest = (case((feedback.c.reason.is_not(None), 0), else_=1), feedback.c.outcome_at.desc(), feedback.c.id)
    ranked = (
        select(
            *CARD_KEY,
            feedback.c.reason,
            feedback.c.outcome_at,
            accepted_at.over(partition_by=CARD_KEY).label("accepted_at"),
            func.row_number().over(partition_by=CARD_KEY, order_by=newest).label("place"),
        )
        .join(issued_card, OF_A_CARD)
        .where(these)
        .subquery()
    )
    never = ranked.c.accepted_at.is_(None)
    reason = case((or_(never, ranked.c.outcome_at >= ranked.c.accepted_at), ranked.c.reason))
    return (
        select(
            ranked.c.card,
            ranked.c.issuer,
            ranked.c.tenant,
            ranked.c.accepted_at.is_not(None).label("accepted"),
            or_(never, reason.is_not(None)).label("overridden"),
            reason.label("reason"),
            func.coalesce(ranked.c.accepted_at, ranked.c.outcome_at, type_=feedback.c.outcome_at.type).label("at"),
        )
        .where(ranked.c.place == 1)
        .subquery()
    )
