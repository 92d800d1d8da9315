"""Value sets (FHIR ValueSet JSON, one file a concept) and the indices that answer "what is this code?".

Of ValueSet we use: ``compose.include`` and ``compose.exclude`` with a ``system`` and either ``concept``
or one ``filter`` on ``code`` by a regex that is a plain prefix ("E11.*" with its dot escaped). Everything
else is refused when the service starts.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from cds_service.patient.terminology.additions import KINDS, Coding, Meanings, additions, packages
from cds_service.patient.terminology.systems import fold_code, visible

_MOST_CODES = 8192  # whose meaning is remembered; a bare code tells of no one
_LONGEST_CODE = 64  # characters of a code that is worth remembering
_PREFIX = re.compile(r"(?P<code>[A-Z0-9]+(?:\\\.[A-Z0-9]+)?)\.\*")


@dataclass(frozen=True, slots=True)
class Entry:
    """A code of a value set, or every code that starts with it. ``label``: the ingredient's name (drugs)."""

    system: str
    code: str
    display: str | None = None
    label: str | None = None
    prefix: bool = False

    def covers(self, system: str, folded: str) -> bool:
        """True when the folded code of that system is this one, or one under it."""
        if system != self.system:
            return False
        own = fold_code(self.code)
        return folded.startswith(own) if self.prefix else folded == own


@dataclass(frozen=True, slots=True)
class ValueSet:
    """One concept: what belongs to it, less what is excluded. ``name``: the file's name, the concept's.

    ``copyright``: whose the codes are.
    """

    name: str
    title: str
    include: tuple[Entry, ...]
    exclude: tuple[Entry, ...] = ()
    copyright: str | None = None


def value_sets(folder: str) -> tuple[ValueSet, ...]:
    """The value sets of ``valuesets/<folder>``: problems, results, drugs or orders; ours, then a guideline's own."""
    return tuple(found for package in packages() for found in _value_sets(package, folder))


def written() -> Iterator[Mapping[str, Any]]:
    """Every ValueSet as it is written, ours and a guideline's own."""
    for package in packages():
        for folder in KINDS:
            yield from (resource for _, resource in _written(package, folder))


@cache
def _value_sets(package: str, folder: str) -> tuple[ValueSet, ...]:
    return tuple(parse_value_set(name, resource) for name, resource in _written(package, folder))


def _written(package: str, folder: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    place = resources.files(package) / "valuesets" / folder
    files = [file for file in place.iterdir() if file.name.endswith(".json")] if place.is_dir() else []
    for file in sorted(files, key=lambda file: file.name):
        yield file.name.removesuffix(".json"), json.loads(file.read_text(encoding="utf-8"))


def parse_value_set(name: str, resource: Mapping[str, Any]) -> ValueSet:
    """A ValueSet resource as a value; ValueError when it uses what we do not read."""
    compose = resource["compose"]
    return ValueSet(
        name,
        resource["title"],
        tuple(entry for part in compose["include"] for entry in _entries(name, part)),
        tuple(entry for part in compose.get("exclude", ()) for entry in _entries(name, part)),
        resource.get("copyright"),
    )


def _entries(name: str, part: Mapping[str, Any]) -> Iterable[Entry]:
    system = part["system"]
    for concept in part.get("concept", ()):
        label = next((d["value"] for d in concept.get("designation", ())), None)
        yield Entry(system, concept["code"], concept["display"], label)
    for rule in part.get("filter", ()):
        prefix = _PREFIX.fullmatch(rule["value"])
        if (rule["property"], rule["op"]) != ("code", "regex") or prefix is None or len(part["filter"]) != 1:
            message = f"value set {name}: only a plain prefix is read as a filter, not {rule}"
            raise ValueError(message)
        yield Entry(system, prefix["code"].replace("\\", ""), prefix=True)


def site_code(code: str) -> str:
    """A code of a site's own as it is compared: a local "k+" is not "K", nor "1.2" the same as "12"."""
    return visible(code).strip()


@dataclass(frozen=True, slots=True)
class _Prefix:
    system: str
    meaning: str
    excluded: tuple[Entry, ...]


def _nothing_more() -> Mapping[Coding, Meanings]:
    additions()
    return {}


class Index:
    """From a code to what it means (a concept, or an ingredient's name). Immutable once built.

    ``meanings``: gives each value set's entries with what they mean; it is called when the index is first
    looked into, so that a guideline may bring value sets until then. ``added``: gives the codes a site adds, each with
    its meaning; they count as they are written. A prefix is only a few lookups away, however many codes lie under it.
    """

    __slots__ = (
        *("_added", "_added_codes", "_exact", "_given", "_given_by_site"),
        *("_lengths", "_may_hold", "_meanings", "_prefixes", "_systems"),
    )

    def __init__(
        self,
        meanings: Callable[[], Iterable[tuple[ValueSet, Entry, str]]],
        added: Callable[[], Mapping[Coding, Meanings]] = _nothing_more,
    ) -> None:
        self._given, self._given_by_site = meanings, added

    def __getattr__(self, name: str) -> Any:
        """What is not there yet: the first look builds it all."""
        if name not in self.__slots__:
            raise AttributeError(name)
        self._build()
        return getattr(self, name)

    def _build(self) -> None:
        self._added = self._given_by_site()
        self._added_codes = frozenset(code for _, code in self._added)
        exact: dict[str, dict[str, list[str]]] = {}
        prefixes: dict[str, list[_Prefix]] = {}
        systems = set()
        for value_set, entry, meaning in self._given():
            systems.add(entry.system)
            code = fold_code(entry.code)
            if entry.prefix:
                prefixes.setdefault(code, []).append(_Prefix(entry.system, meaning, value_set.exclude))
            else:
                found = exact.setdefault(code, {}).setdefault(entry.system, [])
                if meaning not in found:
                    found.append(meaning)
        self._exact = {code: {s: tuple(m) for s, m in by.items()} for code, by in exact.items()}
        self._prefixes = {code: tuple(found) for code, found in prefixes.items()}
        self._lengths = tuple(sorted({len(code) for code in prefixes}))
        self._systems = frozenset(systems)
        self._may_hold = lru_cache(maxsize=_MOST_CODES)(self._has)
        self._meanings = lru_cache(maxsize=_MOST_CODES)(self._meant)

    def knows(self, system: str | None) -> bool:
        """True when any of its codes is of that system (canonical URI)."""
        return system in self._systems

    def may_hold(self, code: str) -> bool:
        """A cheap first look, whatever the system: False means that no system gives this code a meaning here."""
        return self._may_hold(code) if len(code) <= _LONGEST_CODE else self._has(code)

    def meanings(self, system: str | None, code: str) -> tuple[str, ...]:
        """What the code means in that system (canonical URI), exact codes first."""
        if system is None:
            return ()
        return self._meanings(system, code) if len(code) <= _LONGEST_CODE else self._meant(system, code)

    def is_added(self, system: str | None, code: str) -> bool:
        """True when the code's meaning is one a site gave it."""
        return bool(self._added) and (system, site_code(code)) in self._added

    def _has(self, code: str) -> bool:
        if code in self._exact or (self._added_codes and site_code(code) in self._added_codes):
            return True
        if code.isdecimal():
            return False
        folded = fold_code(code)
        if folded in self._exact:
            return True
        for length in self._lengths:  # noqa: SIM110 - runs for every code of a chart; any() takes twice as long
            if folded[:length] in self._prefixes:
                return True
        return False

    def _meant(self, system: str, code: str) -> tuple[str, ...]:
        if self._added and (system, site_code(code)) in self._added:
            return self._added[system, site_code(code)]
        folded = fold_code(code)
        exact = self._exact.get(folded, {}).get(system, ())
        if folded.isdecimal() or not self._lengths:
            return exact
        under = (
            found.meaning
            for length in self._lengths
            for found in self._prefixes.get(folded[:length], ())
            if found.system == system and not any(e.covers(system, folded) for e in found.excluded)
        )
        return tuple(dict.fromkeys((*exact, *under)))
