"""Codes of a chart with no word beside them, of systems the service does not know: what only a site file can tell."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import msgspec

from cds_service.patient.terminology.concepts import allergy_concepts, analyte_of, problem_concepts
from cds_service.patient.terminology.drugs import ingredients, is_another
from cds_service.patient.terminology.systems import is_known
from cds_service.replay.calls import Chart
from cds_service.replay.results.near import Unusable

UNKNOWN_CODE = "code-unknown"
BETWEEN = "|"
"""Stands between system and code, as in a FHIR search."""

_Codings = tuple[tuple[str | None, str], ...]


class _Coding(msgspec.Struct):
    system: str | None = None
    code: str | None = None
    display: str | None = None


class _Concept(msgspec.Struct):
    coding: list[_Coding] | None = None
    text: str | None = None


class _Coded(msgspec.Struct):
    code: _Concept | None = None
    medication: _Concept | None = msgspec.field(default=None, name="medicationCodeableConcept")


_decode = msgspec.json.Decoder(_Coded).decode


def _is_drug(codings: _Codings) -> bool:
    return bool(ingredients(codings, ())) or is_another(codings)


_KINDS: tuple[tuple[str, str, Callable[[_Codings], bool]], ...] = (
    ("Condition", "conditions", lambda codings: bool(problem_concepts(codings, None))),
    ("Observation", "observations", lambda codings: analyte_of(codings) is not None),
    ("MedicationRequest", "medicationRequests", _is_drug),
    ("MedicationStatement", "medicationStatements", _is_drug),
    ("Medication", "medicationRequests", _is_drug),
    ("AllergyIntolerance", "allergies", lambda codings: bool(allergy_concepts(codings, ()))),
)
"""Type, the query it belongs to, and whether codes of that kind mean something here."""


def bare_codes(chart: Chart) -> Iterator[Unusable]:
    """Each code of the chart that nothing tells the meaning of, as "system|code"."""
    for place, (kind, query, _) in enumerate(_KINDS):
        for line in chart.lines.get(kind, ()):
            for told in _unknown(place, tuple(_bare(line))):
                yield query, UNKNOWN_CODE, "", told


def _bare(line: str) -> Iterable[tuple[str | None, str]]:
    """The codings of the resource's own concept; none where it has a word."""
    try:
        coded = _decode(line)
    except msgspec.DecodeError:
        return ()
    concept = coded.medication or coded.code
    codings = (concept and concept.coding) or ()
    if concept is None or concept.text or any(one.display for one in codings):
        return ()
    return ((one.system, one.code) for one in codings if one.code)


@lru_cache(maxsize=8192)  # codes tell of no one
def _unknown(place: int, codings: _Codings) -> tuple[str, ...]:
    means_something = _KINDS[place][2]
    if any(is_known(system) for system, _ in codings) or means_something(codings):
        return ()
    return tuple(f"{system or ''}{BETWEEN}{code}" for system, code in codings)
