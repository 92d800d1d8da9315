"""The results that DiagnosticReports hold or name, with what their report says of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from cds_service.chart.gather.subjects import reference_key
from cds_service.chart.model import Resource
from cds_service.chart.r4.elements import listed, reference
from cds_service.chart.r4.reports import with_report, with_words, words_of
from cds_service.protocol.spans import members


def contained(reports: Sequence[Resource]) -> list[Resource]:
    """The Observations inside the reports."""
    return [with_report(dict(inner), dict(report)) for report in reports for inner in _inside(report)]


def named(results: Sequence[Resource], reports: Sequence[Resource]) -> Sequence[Resource]:
    """The Observations, those that a report names with what that report lends them; of several reports the last."""
    by_key = {key: report for report in reports for key in _results(report)}
    if not by_key:
        return results
    reported = [
        (one, by_key.get(f"Observation/{own}") or by_key.get(f"urn:uuid:{own}"))
        for one in results
        for own in (one.get("id"),)
    ]
    return [one if report is None else with_report(dict(one), dict(report)) for one, report in reported]


def surrounded(results: Sequence[Resource], specimens: Sequence[Resource]) -> Sequence[Resource]:
    """The Observations, each with the words of its specimen and of the panels that name it, where they are in hand."""
    words: dict[str, list[str]] = {}
    panels = ((panel, held) for panel, held in zip(results, members(results, "hasMember"), strict=True) if held)
    for panel, held in panels:
        for key in _references(held):
            words.setdefault(key, []).extend(words_of(dict(panel)))
    by_key = {f"Specimen/{one.get('id')}": words_of(dict(one)) for one in specimens}
    if not words and not by_key:
        return results
    return [_surrounded(one, words, by_key) for one in results]


def _surrounded(result: Resource, words: dict[str, list[str]], specimens: dict[str, list[str]]) -> Resource:
    own = result.get("id")
    found = [*words.get(f"Observation/{own}", ()), *words.get(f"urn:uuid:{own}", ())]
    for key in _references(result.get("specimen")):
        found += specimens.get(key) or specimens.get(key.replace("urn:uuid:", "Specimen/")) or []
    return with_words(dict(result), found) if found else result


def _inside(report: Resource) -> Iterator[Resource]:
    for member in listed(report.get("contained")):
        if isinstance(member, dict) and member.get("resourceType") == "Observation":
            yield member


def _results(report: Resource) -> Iterator[str]:
    yield from _references(report.get("result"))


def _references(value: Any) -> Iterator[str]:
    for one in listed(value):
        made = reference(one)
        if made and "reference" in made:
            yield reference_key(made["reference"])
