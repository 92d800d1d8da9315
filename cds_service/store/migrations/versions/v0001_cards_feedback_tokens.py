"""Issued cards, calls in numbers, feedback, seen tokens."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """The first tables."""
    op.create_table(
        "issued_card",
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("tenant", sa.String(255), nullable=False),
        sa.Column("service", sa.String(255), nullable=False),
        sa.Column("hook", sa.String(255), nullable=False),
        sa.Column("topic", sa.String(255), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("indicator", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uuid", "issuer", name="pk_issued_card"),
    )
    op.create_index("ix_issued_card_day", "issued_card", ["day"])
    op.create_table(
        "call_count",
        sa.Column("service", sa.String(255), nullable=False),
        sa.Column("hook", sa.String(255), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("tenant", sa.String(255), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("service", "hook", "day", "issuer", "tenant", name="pk_call_count"),
    )
    op.create_index("ix_call_count_day", "call_count", ["day"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("tenant", sa.String(255), nullable=False),
        sa.Column("service", sa.String(255), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(255), nullable=True),
        sa.Column("reason_system", sa.String(255), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
    )
    op.create_index("ix_feedback_card_issuer", "feedback", ["card", "issuer"])
    op.create_index("ix_feedback_received_at", "feedback", ["received_at"])
    op.create_table(
        "accepted_suggestion",
        sa.Column("feedback", sa.Uuid(), nullable=False),
        sa.Column("suggestion", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("feedback", "suggestion", name="pk_accepted_suggestion"),
    )
    op.create_table(
        "seen_token",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_seen_token"),
    )
    op.create_index("ix_seen_token_expires_at", "seen_token", ["expires_at"])


def downgrade() -> None:
    """Back to nothing."""
    for table in ("seen_token", "accepted_suggestion", "feedback", "call_count", "issued_card"):
        op.drop_table(table)
