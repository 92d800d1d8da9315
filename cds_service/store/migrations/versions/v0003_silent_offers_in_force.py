"""Silent cards and calls, what a card offered and which of it was taken, what was in force since when.

All rows stay as they are: shown, with offers nobody wrote down. The release before takes a silent card for a shown one.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """New columns that the release before need not name, and two tables it does not know."""
    op.add_column("issued_card", sa.Column("silent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("issued_card", sa.Column("offers", sa.Text(), nullable=False, server_default=""))
    op.add_column("issued_card", sa.Column("site", sa.String(64), nullable=False, server_default=""))
    op.add_column("accepted_suggestion", sa.Column("place", sa.SmallInteger(), nullable=True))
    op.create_table(
        "silent_count",
        sa.Column("service", sa.String(255), nullable=False),
        sa.Column("hook", sa.String(255), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("tenant", sa.String(255), nullable=False),
        sa.Column("topic", sa.String(255), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("service", "hook", "day", "issuer", "tenant", "topic", name="pk_silent_count"),
    )
    op.create_index("ix_silent_count_day", "silent_count", ["day"])
    op.create_table(
        "in_force",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", "since", name="pk_in_force"),
    )


def downgrade() -> None:
    """Without the silent cards: nothing would tell them from shown ones."""
    op.drop_table("in_force")
    op.drop_table("silent_count")
    op.execute(sa.text("DELETE FROM issued_card WHERE silent"))
    with op.batch_alter_table("accepted_suggestion") as table:
        table.drop_column("place")
    with op.batch_alter_table("issued_card") as table:
        for name in ("silent", "offers", "site"):
            table.drop_column(name)
