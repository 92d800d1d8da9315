"""The codes and names of a site file: each checked against our own, all of them made into ``Additions``."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple, TypeVar

from cds_service.documents.tables import Table
from cds_service.patient.terminology.additions import KINDS, Additions
from cds_service.site.meanings import BadMappingError, as_another, as_coded, as_named, known_word, unit_problem
from cds_service.site.site import Review

Key = TypeVar("Key")
Wrong = Callable[[str], None]
"""Notes a mistake where the mapping stands."""


class Entry(NamedTuple):
    """One mapping. ``text``: the code or the name; ``meant``: our words for it; ``unit``: of a result without one."""

    kind: str
    text: str
    meant: tuple[str, ...]
    unit: str | None = None


@dataclass
class Mappings:
    """What is collected. ``known``: how many mappings said what is known anyway; ``reviews``: mappings by review."""

    codes: dict[str, dict[tuple[str, str], tuple[str, ...]]] = field(default_factory=lambda: {one: {} for one in KINDS})
    names: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=lambda: {one: {} for one in KINDS})
    units: dict[tuple[str, str], str] = field(default_factory=dict)
    other_drugs: set[tuple[str, str]] = field(default_factory=set)
    known: int = 0
    reviews: Counter[Review] = field(default_factory=Counter)

    def add_code(self, mapping: Entry, system: str, wrong: Wrong) -> None:
        """Add a code of the system."""
        kind, code, meant, unit = mapping
        coding = self._add(self.codes[kind], mapping, wrong, lambda: as_coded(kind, system, code, meant))
        if coding is None or unit is None:
            return
        problem = unit_problem(meant[0], unit) if kind == "results" else "only a result has a unit"
        if problem:
            wrong(problem)
        self.units[coding] = unit

    def add_other_drug(self, system: str, code: str, displays: Iterable[str], wrong: Wrong) -> None:
        """Add a code of a drug that is none of ours. ``displays``: what the map calls it."""
        try:
            self.other_drugs.add(as_another(system, code, displays))
        except BadMappingError as error:
            wrong(str(error))

    def add_name(self, mapping: Entry, wrong: Wrong) -> None:
        """Add a name."""
        kind, name, meant, unit = mapping
        if unit is not None:
            wrong("a name has no unit")
        self._add(self.names[kind], mapping, wrong, lambda: as_named(kind, name, meant))

    def _add(
        self, added: dict[Key, tuple[str, ...]], mapping: Entry, wrong: Wrong, look: Callable[[], tuple[Key, bool]]
    ) -> Key | None:
        """Add what is looked up, unless it is known, and give it as it is compared. None where it was a mistake."""
        try:
            for word in mapping.meant:
                known_word(mapping.kind, word)
            key, known = look()
        except BadMappingError as error:
            wrong(str(error))
            return None
        self.known += known and mapping.unit is None
        if not known and set(added.setdefault(key, mapping.meant)) != set(mapping.meant):
            wrong(f"is mapped twice, to {' and '.join(added[key])} as well")
            return None
        return key

    @property
    def additions(self) -> Additions:
        """What is added in all."""
        codes = {kind: held for kind, held in self.codes.items() if held}
        names = {kind: held for kind, held in self.names.items() if held}
        return Additions(codes, names, self.units, frozenset(self.other_drugs - self.codes["drugs"].keys()))


def read_review(table: Table) -> Review | None:
    """Who reviewed the mappings of a table, and when."""
    by, on = table.text("reviewed_by"), table.day("reviewed_on")
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011 - today already, where clocks are ahead of ours
    if on is not None and on > tomorrow:
        table.wrong("reviewed_on lies in the future", "reviewed_on")
    return None if by is None or on is None else Review(by, on)


def read_codes(top: Table, found: Mappings) -> None:
    """Every [[codes]]: one code system, one review, a table for each kind."""
    for table in top.tables("codes"):
        system = table.text("system")
        for entry, wrong in _reviewed(table, found):
            if system is not None:
                found.add_code(entry, system, wrong)
        table.done()


def read_names(top: Table, found: Mappings) -> None:
    """Every [[names]]: one review, a table for each kind."""
    for table in top.tables("names"):
        for entry, wrong in _reviewed(table, found):
            found.add_name(entry, wrong)
        table.done()


def _reviewed(table: Table, found: Mappings) -> Iterator[tuple[Entry, Wrong]]:
    """Every mapping of the table's kinds, with what notes a mistake where it stands."""
    review = read_review(table)
    for kind in KINDS:
        mapped = table.table(kind)
        for key, value in mapped.content.items() if mapped else ():
            wrong = partial(_wrong, table, kind, key)
            meant, unit = _meaning(value)
            if not meant or (kind == "results" and len(meant) != 1):
                wrong(f'"{key}" must be given one of our words in quotes')
                continue
            found.reviews.update([review] if review else ())
            yield Entry(kind, key, meant, unit), wrong


def _wrong(table: Table, kind: str, key: str, problem: str) -> None:
    table.wrong(f"{kind}: {problem}", kind, key)


def _meaning(value: Any) -> tuple[tuple[str, ...], str | None]:
    """A word, a list of words, or for a result { analyte = "…", unit = "…" }; nothing for anything else."""
    unit = None
    if isinstance(value, Mapping) and value.keys() <= {"analyte", "unit"} and isinstance(value.get("unit", ""), str):
        value, unit = value.get("analyte"), value.get("unit")
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(one, str) for one in words):
        return (), None
    return tuple(dict.fromkeys(words)), unit
