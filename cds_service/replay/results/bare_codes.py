"""Codes of a chart with no word beside them, of systems the service does not know: what only a site file can tell."""

from collections.abc import Callable, Iterator, Mapping

from cds_service.patient.terminology.concepts import allergy_concepts, analyte_of, problem_concepts
from cds_service.patient.terminology.drugs import ingredients, is_another
from cds_service.patient.terminology.systems import is_known
from cds_service.replay.results.coded import QUERIES, Concept, Unusable

UNKNOWN_CODE = "code-unknown"
BETWEEN = "|"
"""Stands between system and code, as in a FHIR search."""

_Codings = tuple[tuple[str | None, str], ...]


def _is_drug(codings: _Codings) -> bool:
    return bool(ingredients(codings, ())) or is_another(codings)


_MEANS: Mapping[str, Callable[[_Codings], bool]] = {
    "Condition": lambda codings: bool(problem_concepts(codings, None)),
    "Observation": lambda codings: analyte_of(codings) is not None,
    "MedicationRequest": _is_drug,
    "MedicationStatement": _is_drug,
    "Medication": _is_drug,
    "AllergyIntolerance": lambda codings: bool(allergy_concepts(codings, ())),
}
"""Whether codes of that type mean something here."""


def bare_codes(kind: str, concept: Concept) -> Iterator[Unusable]:
    """Each of its codes that nothing tells the meaning of, as "system|code"."""
    for told in _unknown(kind, _bare(concept)):
        yield QUERIES[kind], UNKNOWN_CODE, "", told


def _bare(concept: Concept) -> _Codings:
    """The codings; none of a concept that has a word."""
    codings = concept.coding or ()
    if concept.text or any(one.display for one in codings):
        return ()
    return tuple((one.system, one.code) for one in codings if one.code)


def _unknown(kind: str, codings: _Codings) -> tuple[str, ...]:
    if any(is_known(system) for system, _ in codings) or _MEANS[kind](codings):
        return ()
    return tuple(f"{system or ''}{BETWEEN}{code}" for system, code in codings)
