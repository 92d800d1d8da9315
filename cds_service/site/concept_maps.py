"""FHIR ConceptMaps (R4, R4B, R5) beside a site file: a site's codes, mapped to our words or to codes we know.

A target in ``urn:cds-service:drugs`` (``…:problems``, ``…:results``, ``…:orders``) is one of our words. Any other is a
code, and means what it means here. Taken is only what is the same as the target or narrower: a target that says more
than the source would be a guess. A code that is the same as a drug's code of a system we know, which is none of ours, is
known to be none of ours: as if that code stood in the record. Where a target means nothing here, neither does the site's.
"""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from cds_service.documents.tables import MOST_TEXT, Table
from cds_service.patient.terminology.additions import KINDS
from cds_service.patient.terminology.systems import DRUG_SYSTEMS, normalise_system
from cds_service.site.mappings import Entry, Mappings, read_review
from cds_service.site.meanings import of_code
from cds_service.site.site import Review

OUR_WORDS = {f"urn:cds-service:{kind}": kind for kind in KINDS}
"""The code systems of our words, by kind."""

_TAKEN = frozenset(
    {
        *("equal", "equivalent", "wider", "subsumes"),  # R4: how the target is to the source
        "source-is-narrower-than-target",  # R5
    }
)
_SAME = frozenset(("equal", "equivalent"))
_NOT_TAKEN = frozenset(
    {
        *("relatedto", "narrower", "specializes", "inexact", "unmatched", "disjoint"),
        *("related-to", "source-is-broader-than-target", "not-related-to"),
    }
)


def read_concept_maps(top: Table, folder: Path, found: Mappings) -> Iterator[tuple[bytes, str]]:
    """Every [[concept_maps]]: the bytes of each file that could be read, and a remark on what of it counts."""
    for table in top.tables("concept_maps"):
        name, review = table.text("file"), read_review(table)
        table.done()
        if name is None:
            continue
        try:
            content = (folder / name).read_bytes()
            resource = json.loads(content)
        except OSError as error:
            table.wrong(f"{name} cannot be read ({error.strerror})", "file")
            continue
        except ValueError as error:
            line = getattr(error, "lineno", 1)
            table.document.wrong_beside(f"{name}, line {line}", table.document.line(table.path), "is not JSON in UTF-8")
            continue
        yield content, _read(_Map(table, name, content.decode(errors="replace")), resource, found, review)


class _Map:
    """One file. ``wrong`` notes a mistake in it where a code stands."""

    def __init__(self, table: Table, name: str, text: str) -> None:
        self.table, self.name, self._text = table, name, text

    def wrong(self, problem: str, code: object = None) -> None:
        line = next((n for n, one in enumerate(self._text.splitlines(), 1) if json.dumps(code) in one), 1)
        document = self.table.document
        document.wrong_beside(f"{self.name}, line {line}", document.line(self.table.path), problem)


def _read(file: _Map, resource: Any, found: Mappings, review: Review | None) -> str:
    if not isinstance(resource, dict) or resource.get("resourceType") != "ConceptMap":
        file.wrong("is not a FHIR ConceptMap")
        return ""
    mapped = others = left_out = nothing = 0
    for source, code, system, target, how, displays in _elements(file, resource):
        if how not in _TAKEN:
            left_out += 1
            continue
        means = {OUR_WORDS[system]: (target,)} if system in OUR_WORDS else _meaning(system, target)
        for kind, meant in means.items():
            found.add_code(Entry(kind, code, meant), source, partial(file.wrong, code=code))
        other = not means and how in _SAME and normalise_system(system) in DRUG_SYSTEMS
        if other:
            found.add_other_drug(source, code, displays, partial(file.wrong, code=code))
        mapped += bool(means)
        others += other
        nothing += not (means or other)
        found.reviews.update([review] if review and (means or other) else ())
    return (
        f"{file.name}: {mapped} codes mapped; {others} drugs that are none of ours, unless a record names one of ours"
        f" beside the code; {left_out} left out, whose target is not the same or wider;"
        f" {nothing} whose target means nothing here"
    )


def _meaning(system: str, code: str) -> dict[str, tuple[str, ...]]:
    """By kind, what a code we know means; an order for a test means what its result does."""
    means = {kind: of_code(kind, system, code) for kind in KINDS}
    means["orders"] -= means["results"]
    return {kind: tuple(sorted(meant)) for kind, meant in means.items() if meant}


def _elements(file: _Map, resource: dict[str, Any]) -> Iterator[tuple[str, str, str, str, str, tuple[str, ...]]]:
    """Every mapping to a target: source system and code, target system and code, how they are to each other, displays."""
    for group in _dicts(resource.get("group")):
        source, system = (str(group.get(one) or "").partition("|")[0] for one in ("source", "target"))
        if not source or not system:
            file.wrong("a group must name its source and its target", group.get("source") or group.get("target"))
            continue
        for element in _dicts(group.get("element")):
            code = element.get("code")
            if not isinstance(code, str) or not code.strip() or len(code) > MOST_TEXT:
                file.wrong("an element has no code")
                continue
            for one in _dicts(element.get("target")):
                how = one.get("equivalence", one.get("relationship"))
                if how not in _TAKEN | _NOT_TAKEN:
                    file.wrong(
                        f"how the target of {code} is to it (equivalence, or in R5 relationship) is not said", code
                    )
                elif isinstance(one.get("code"), str):
                    displays = (element.get("display"), one.get("display"))
                    yield (
                        source,
                        code,
                        system,
                        one["code"],
                        how,
                        tuple(text for text in displays if isinstance(text, str)),
                    )


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())
