"""What a code, or failing that a name, means to the rules. System and code always together.

A code matches through the value sets; a name only when no coding is of a system we know, and only as
the whole text. The ``might_be_…`` functions are the first look at a chart of thousands of resources:
one or a few dictionary lookups on the bare code, before anything else is done with a resource.
"""

from collections.abc import Iterable, Mapping

from cds_service.patient.facts import Match
from cds_service.patient.labs.analytes import PANELS
from cds_service.patient.terminology.drugs import coded_ingredients, named_whole
from cds_service.patient.terminology.names import named
from cds_service.patient.terminology.systems import LOINC, fold_code, normalise_system
from cds_service.patient.terminology.valuesets import Index, value_sets

Coding = tuple[str | None, str]
"""System as received (or None) and code."""


def _index(folder: str) -> Index:
    return Index(lambda: ((found, entry, found.name) for found in value_sets(folder) for entry in found.include))


_PROBLEMS = _index("problems")
_RESULTS = _index("results")
_ORDERS = _index("orders")


def might_be_problem(code: str) -> bool:
    """False: the code cannot be a problem of ours in any system (a name still may)."""
    return _PROBLEMS.may_hold(code)


def might_be_result(code: str) -> bool:
    """False: the code cannot be an analyte of ours in any system."""
    return _RESULTS.may_hold(code)


def problem_concepts(codings: Iterable[Coding], text: str | None) -> Mapping[str, Match]:
    """The concepts of a problem (or of a reason), each with what it was matched by; empty when none is ours."""
    known, concepts = False, dict[str, Match]()
    for system, code in codings:
        canonical = normalise_system(system)
        if _PROBLEMS.knows(canonical):
            known = True
            concepts.update(dict.fromkeys(_PROBLEMS.meanings(canonical, code), Match.CODE))
    if known:
        return concepts
    return dict.fromkeys(sorted(named("problems", text)), Match.NAME)


def analyte_of(codings: Iterable[Coding]) -> tuple[str, str] | None:
    """The analyte (a key of the value sets: "potassium") and its LOINC code; None when it is none of ours."""
    for system, code in codings:
        for analyte in _RESULTS.meanings(normalise_system(system), code):
            return analyte, fold_code(code)
    return None


def order_concepts(codings: Iterable[Coding], text: str | None) -> frozenset[str]:
    """What an order is for: order concepts, and the analytes that it (or its panel) measures."""
    concepts = set(named("orders", text))
    for system, code in codings:
        canonical = normalise_system(system)
        concepts.update(_ORDERS.meanings(canonical, code), _RESULTS.meanings(canonical, code))
        if canonical == LOINC:
            concepts.update(PANELS.get(fold_code(code), ()))
    return frozenset(concepts)


def allergy_concepts(codings: Iterable[Coding], text: str | None) -> Mapping[str, Match]:
    """What it is an allergy to: the concepts of a drug; or what it is as a problem ("quinine_allergy").

    By code; else by the whole text: the name of the problem (when no coding is of a known system) or of the drug.
    """
    pairs = tuple((normalise_system(system), code) for system, code in codings)
    coded = [meaning for system, code in pairs for meaning in _PROBLEMS.meanings(system, code)]
    coded += [ingredient.concept for ingredient in coded_ingredients(pairs)]
    if coded:
        return dict.fromkeys(coded, Match.CODE)
    known = any(_PROBLEMS.knows(system) for system, _ in pairs)
    return dict.fromkeys(() if known else sorted(named("problems", text)), Match.NAME) or dict.fromkeys(
        named_whole(text), Match.NAME
    )
