"""The words a rule may ask by: constants made when a module is imported, so that a misspelt one fails at start.

``problem("dvt")``, ``drug("warfarin")``, ``analyte("potassium")`` and ``order("ecg_order")`` look the name up among
what the service can recognise, and raise with the nearest known word when it is none. The four kinds are types
of their own: a question about a drug takes a ``DrugConcept``, never a bare string or another kind.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Self

from cds_service.patient.terminology.drug_names import CLASSES, CONCEPTS_OF
from cds_service.patient.terminology.mentions import CONCEPTS as MENTIONED
from cds_service.patient.terminology.valuesets import value_sets


class UnknownWordError(ValueError):
    """A name nothing is known by. ``kind``: of what; ``known``: the names there are, of which the nearest is named."""

    def __init__(self, kind: str, word: str, known: Iterable[str]) -> None:
        near = get_close_matches(word, sorted(known), n=1, cutoff=0)
        super().__init__(f'no {kind} is called "{word}"' + "".join(f'; the nearest is "{name}"' for name in near))


class Concept(str):
    """A meaning that records are matched to: the name of its value set, or of a drug what its names are listed under.

    It is that name, so that it is looked for among what was matched as it stands; its kind is its type.
    """

    __slots__ = ()


class ProblemConcept(Concept):
    """A problem, a reason or an allergy: a value set of ``valuesets/problems``, or what a text may mention.

    How long one counts that has a date, in days, is for a guideline to say: ``days_without_status`` where the record
    has no clinicalStatus; ``days_of_visit`` where it is the diagnosis of one visit, active or not; ``days_in_any_status``
    whatever its clinicalStatus, which then does not end it. None: no limit.
    Two constants of one name are the same concept, whatever their limits.
    """

    __slots__ = ("days_in_any_status", "days_of_visit", "days_without_status")

    days_without_status: int | None
    days_of_visit: int | None
    days_in_any_status: int | None

    def __new__(
        cls,
        name: str,
        days_without_status: int | None = None,
        days_of_visit: int | None = None,
        days_in_any_status: int | None = None,
    ) -> Self:
        """The problem of that name, which counts for so long."""
        made = super().__new__(cls, name)
        made.days_without_status = days_without_status
        made.days_of_visit = days_of_visit
        made.days_in_any_status = days_in_any_status
        return made


class DrugConcept(Concept):
    """A drug or a class of drugs, as ``names/drugs.toml`` puts ingredients in."""

    __slots__ = ()


class AnalyteConcept(Concept):
    """What a result measures: a value set of ``valuesets/results``."""

    __slots__ = ()


class OrderConcept(Concept):
    """What an order is for: a value set of ``valuesets/orders``, or the analyte it measures."""

    __slots__ = ()


def problem(
    name: str,
    *,
    days_without_status: int | None = None,
    days_of_visit: int | None = None,
    days_in_any_status: int | None = None,
) -> ProblemConcept:
    """The problem of that name; UnknownWordError when there is none."""
    known = _known("problem", name, _value_set_names("problems") | set(MENTIONED))
    return ProblemConcept(known, days_without_status, days_of_visit, days_in_any_status)


def problems() -> tuple[ProblemConcept, ...]:
    """Every problem there is a word for."""
    return tuple(ProblemConcept(name) for name in sorted(_value_set_names("problems") | set(MENTIONED)))


def ingredients() -> tuple[str, ...]:
    """The international name of every drug there is a word for."""
    return tuple(CONCEPTS_OF)


def drugs_of(concept: DrugConcept) -> tuple[str, ...]:
    """The international names of the drugs that belong to the concept, without those of classes."""
    return tuple(name for name, concepts in CONCEPTS_OF.items() if concept in concepts and name not in CLASSES)


def drug_classes() -> tuple[DrugConcept, ...]:
    """Every drug concept of more than one drug."""
    every = (DrugConcept(name) for name in sorted({name for concepts in CONCEPTS_OF.values() for name in concepts}))
    return tuple(concept for concept in every if len(drugs_of(concept)) > 1)


def analytes() -> tuple[AnalyteConcept, ...]:
    """Every analyte there is a word for."""
    return tuple(AnalyteConcept(name) for name in sorted(_value_set_names("results")))


def drug(name: str) -> DrugConcept:
    """The drug or class of that name; UnknownWordError when there is none."""
    return DrugConcept(_known("drug", name, {concept for concepts in CONCEPTS_OF.values() for concept in concepts}))


def ingredient(name: str) -> str:
    """The international name of one drug, as medicines tell it, checked; UnknownWordError when there is none."""
    return _known("ingredient", name, set(CONCEPTS_OF))


def analyte(name: str) -> AnalyteConcept:
    """The analyte of that name; UnknownWordError when there is none."""
    return AnalyteConcept(_known("analyte", name, _value_set_names("results")))


def order(name: str) -> OrderConcept:
    """The order of that name; UnknownWordError when there is none."""
    return OrderConcept(_known("order", name, _value_set_names("orders") | _value_set_names("results")))


def _value_set_names(folder: str) -> set[str]:
    return {found.name for found in value_sets(folder)}


def _known(kind: str, name: str, known: set[str]) -> str:
    if name not in known:
        raise UnknownWordError(kind, name, known)
    return name
