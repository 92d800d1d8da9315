"""Alembic's entry: runs on the connection that ``schema`` opened, inside its transaction and lock."""

from alembic import context

from cds_service.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite cannot alter a column in place
)
context.run_migrations()
