"""What a report is of: some days, and of these whose calls and which cards."""

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import ColumnElement, Table, and_, true

from cds_service.store.issued import cut


@dataclass(frozen=True, slots=True)
class Scope:
    """Each None is everybody's, or every one. ``issuer``, ``tenant``: "" is who was not checked, or had none."""

    issuer: str | None = None
    tenant: str | None = None
    hook: str | None = None
    indicator: str | None = None
    language: str | None = None

    def __bool__(self) -> bool:
        return self != EVERYTHING

    def named(self) -> tuple[tuple[str, str], ...]:
        """What it is narrowed by: the names and values that are given."""
        values = ((name, getattr(self, name)) for name in DIMENSIONS)
        return tuple((name, value) for name, value in values if value is not None)

    def of(self, table: Table) -> ColumnElement[bool]:
        """The condition that a row is within, as far as the table tells: calls have neither indicator nor language."""
        return and_(true(), *(table.c[name] == cut(value) for name, value in self.named() if name in table.c))

    def during(self, table: Table, since: date, until: date) -> ColumnElement[bool]:
        """The same, on the days from ``since`` to ``until``, both included."""
        return and_(table.c.day.between(since, until), self.of(table))


DIMENSIONS = tuple(one.name for one in fields(Scope))
"""What a report can be narrowed by, and split by."""
EVERYTHING = Scope()
