"""Alembic's scripts: the schema's steps, in order."""
