"""The tables. Nothing here can hold a patient, a clinician or a token.

``issuer`` and ``tenant`` say which site a row belongs to; both are "" where callers are not checked.
Days are days of the configured time zone; instants are UTC.
"""

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Dialect,
    Index,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
    and_,
    false,
)

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

METADATA = MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"},
)

WIDTH = 255  # the widest any name may be; longer ones are cut before they get here


class Instant(TypeDecorator[datetime]):
    """A point in time, aware in Python and UTC in the database (SQLite has no zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; without its zone for SQLite."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Back to an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


issued_card = Table(
    "issued_card",
    METADATA,
    Column("uuid", Uuid, primary_key=True),
    Column("issuer", String(WIDTH), primary_key=True),
    Column("tenant", String(WIDTH), primary_key=True),
    Column("service", String(WIDTH), nullable=False),
    Column("hook", String(WIDTH), nullable=False),
    Column("topic", String(WIDTH), nullable=False),
    Column("rules", Text, nullable=False),  # "one_rule 1.0.0, other_rule 2.1.0": sorted, so equal sets are equal
    Column("indicator", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    Column("day", Date, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("silent", Boolean, nullable=False, server_default=false()),  # kept, and not shown
    Column("offers", Text, nullable=False, server_default=""),  # "stop_x, order_y": its suggestions' kinds, by place
    Column("site", String(64), nullable=False, server_default=""),  # the digest of the site's own file, "" for none
    Index(None, "day"),
)

call_count = Table(
    "call_count",
    METADATA,
    Column("service", String(WIDTH), primary_key=True),
    Column("hook", String(WIDTH), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("issuer", String(WIDTH), primary_key=True),
    Column("tenant", String(WIDTH), primary_key=True),
    Column("calls", BigInteger, nullable=False),
    Index(None, "day"),
)

silent_count = Table(
    "silent_count",
    METADATA,
    *(Column(name, String(WIDTH), primary_key=True) for name in ("service", "hook")),
    Column("day", Date, primary_key=True),
    *(Column(name, String(WIDTH), primary_key=True) for name in ("issuer", "tenant", "topic")),
    Column("calls", BigInteger, nullable=False),
    Index(None, "day"),
)
"""Of the calls in ``call_count``, those answered in silence: of one topic, or of every one (EVERY_TOPIC)."""

feedback = Table(
    "feedback",
    METADATA,
    Column("id", Uuid, primary_key=True),  # of issuer, tenant, card, outcome and outcome_at: a repeat is the same row
    Column("card", Uuid, nullable=False),
    Column("issuer", String(WIDTH), nullable=False),
    Column("tenant", String(WIDTH), nullable=False),
    Column("service", String(WIDTH), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("outcome_at", Instant, nullable=False),
    Column("reason", String(WIDTH)),
    Column("reason_system", String(WIDTH)),  # no longer written; a release that does may run on this schema
    Column("comment", Text),  # only where CDS_STORE_COMMENTS allows
    Column("received_at", Instant, nullable=False),
    Index(None, "card", "issuer", "tenant"),
    Index(None, "received_at"),
)

OF_A_CARD = and_(
    feedback.c.card == issued_card.c.uuid,
    feedback.c.issuer == issued_card.c.issuer,
    feedback.c.tenant == issued_card.c.tenant,
)
"""Joins a report with the card it is on: the same number at another site is another card."""

accepted_suggestion = Table(
    "accepted_suggestion",
    METADATA,
    Column("feedback", Uuid, primary_key=True),
    Column("suggestion", Uuid, primary_key=True),
    Column("place", SmallInteger),  # on its card, from 0; None where it is none of its card's
)

in_force = Table(
    "in_force",
    METADATA,
    Column("kind", String(16), primary_key=True),  # "rule", or "site" for the site's own file
    Column("name", String(WIDTH), primary_key=True),
    Column("since", Instant, primary_key=True),
    Column("version", String(WIDTH), nullable=False),
)
"""Which version of what a start of the service found in force, where it was another one than before."""

seen_token = Table(
    "seen_token",
    METADATA,
    Column("digest", String(64), primary_key=True),  # SHA-256 of issuer and jti, in hex
    Column("expires_at", Instant, nullable=False),
    Index(None, "expires_at"),
)


def insert(connection: Connection, table: Table) -> "PostgresqlInsert | SqliteInsert":
    """An INSERT that knows ON CONFLICT, in the connection's dialect."""
    return _insert(connection.dialect.name, table)


@cache
def _insert(dialect: str, table: Table) -> "PostgresqlInsert | SqliteInsert":
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - what the other database needs is not loaded

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table)
