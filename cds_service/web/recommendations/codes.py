"""What a rule's concepts are recognised by: their code lists, and of drugs the names, each counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from cds_service.patient.terminology.drug_names import CONCEPTS_OF
from cds_service.patient.terminology.drugs import ingredient_of
from cds_service.patient.terminology.systems import CALLED
from cds_service.patient.terminology.valuesets import Entry, ValueSet, value_sets
from cds_service.patient.terminology.vocabulary import AnalyteConcept, Concept, DrugConcept, ProblemConcept

_FOLDERS: Mapping[type[Concept], str] = {ProblemConcept: "problems", AnalyteConcept: "results"}


@dataclass(frozen=True, slots=True)
class Code:
    """One code. ``under``: with every code that starts with it; ``display``: the code system's words, where it has any."""

    code: str
    under: bool
    display: str | None


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes of one system."""

    system: str
    codes: tuple[Code, ...]


@cache
def code_lists(concept: Concept) -> tuple[CodeList, ...]:
    """The code lists of a concept, one a system."""
    by_system: dict[str, dict[Code, None]] = {}
    for _, entry in _entries(concept):
        code = Code(entry.code, entry.prefix, entry.display)
        by_system.setdefault(CALLED[entry.system], {})[code] = None
    return tuple(CodeList(system, tuple(codes)) for system, codes in by_system.items())


def copyright_lines(concepts: Iterable[Concept]) -> tuple[str, ...]:
    """Whose the codes are: each sentence of the lists' copyright notices once."""
    notices = (found.copyright for concept in concepts for found, _ in _entries(concept) if found.copyright)
    return tuple(dict.fromkeys(f"{part.rstrip('.')}." for notice in notices for part in notice.split(". ")))


def _entries(concept: Concept) -> list[tuple[ValueSet, Entry]]:
    if isinstance(concept, DrugConcept):
        return [
            (found, entry)
            for found in value_sets("drugs")
            for entry in found.include
            if concept in CONCEPTS_OF.get(ingredient_of(found, entry), ())
        ]
    folder = _FOLDERS[type(concept)]
    return [(found, entry) for found in value_sets(folder) if found.name == concept for entry in found.include]
