"""The tenants of one issuer are kept apart: a card's key has its tenant.

All rows stay as they are. Reports keep the identity they came with; a tenant's report that was sent before this step
and is sent once more after it is kept twice, and counts once.
"""

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """The tenant into the key, and into the index a card's reports are found by."""
    with op.batch_alter_table("issued_card") as table:
        table.drop_constraint("pk_issued_card", type_="primary")
        table.create_primary_key("pk_issued_card", ["uuid", "issuer", "tenant"])
    op.drop_index("ix_feedback_card_issuer", "feedback")
    op.create_index("ix_feedback_card_issuer_tenant", "feedback", ["card", "issuer", "tenant"])


def downgrade() -> None:
    """Back to one card for all tenants of an issuer: of several the first tenant's stays."""
    op.drop_index("ix_feedback_card_issuer_tenant", "feedback")
    op.create_index("ix_feedback_card_issuer", "feedback", ["card", "issuer"])
    op.execute(
        "DELETE FROM issued_card WHERE EXISTS (SELECT 1 FROM issued_card AS other WHERE other.uuid = issued_card.uuid"
        " AND other.issuer = issued_card.issuer AND other.tenant < issued_card.tenant)"
    )
    with op.batch_alter_table("issued_card") as table:
        table.drop_constraint("pk_issued_card", type_="primary")
        table.create_primary_key("pk_issued_card", ["uuid", "issuer"])
