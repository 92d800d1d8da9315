"""What was in force since when: the versions of the rules, and the digest of the site's own file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from cds_service.store.issued import cut
from cds_service.store.tables import in_force, insert

RULE = "rule"
SITE = "site"

Versions = Mapping[tuple[str, str], str]
"""By kind (RULE, SITE) and name, the version that is in force; "" where there is none any more."""


@dataclass(frozen=True, slots=True)
class Since:
    """A version that came into force. ``since``: the start of the service that found it so, aware."""

    kind: str
    name: str
    since: datetime
    version: str


def note(connection: Connection, versions: Versions, at: datetime) -> int:
    """Keep what is another version than before; how many were. Nothing is written where all is as it was."""
    before = {(one.kind, one.name): one.version for one in _newest(connection)}
    rows = [
        {"kind": kind, "name": cut(name), "since": at, "version": cut(version)}
        for (kind, name), version in sorted(versions.items())
        if before.get((kind, cut(name)), "") != cut(version)
    ]
    if rows:
        connection.execute(insert(connection, in_force).on_conflict_do_nothing(), rows)
    return len(rows)


def changes(connection: Connection) -> tuple[Since, ...]:
    """Every version that came into force, the oldest first."""
    rows = connection.execute(select(in_force).order_by(in_force.c.since, in_force.c.kind, in_force.c.name))
    return tuple(Since(row.kind, row.name, row.since, row.version) for row in rows)


def _newest(connection: Connection) -> tuple[Since, ...]:
    place = func.row_number().over(partition_by=(in_force.c.kind, in_force.c.name), order_by=in_force.c.since.desc())
    ranked = select(in_force, place.label("place")).subquery()
    rows = connection.execute(select(ranked).where(ranked.c.place == 1))
    return tuple(Since(row.kind, row.name, row.since, row.version) for row in rows)
