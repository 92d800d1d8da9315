"""What a code, or failing that a name, means to the rules. System and code always together.

A code matches through the value sets; a name only as the whole text, and beside a code of a system we know only
where that code is no exception to the concept: see ``problem_names``. The ``might_be_…`` functions are the first look at a chart of thousands of resources:
one or a few dictionary lookups on the bare code, before anything else is done with a resource.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cds_service.patient.facts import Match
from cds_service.patient.labs.analytes import PANELS
from cds_service.patient.terminology.drugs import coded_ingredients, named_in_allergy
from cds_service.patient.terminology.expressions import expression
from cds_service.patient.terminology.mentions import LESS_THAN
from cds_service.patient.terminology.names import named
from cds_service.patient.terminology.problem_names import (
    LIMBLESS,
    LIMBLESS_BESIDE,
    OTHER_SPASM,
    Z_CODES,
    Said,
    said,
)
from cds_service.patient.terminology.systems import (
    ICD_10,
    ICD_10_CM,
    ICD_10_NATIONAL,
    LOINC,
    SNOMED_CT,
    fold_code,
    normalise_system,
    who_code,
)
from cds_service.patient.terminology.valuesets import Index, value_sets

Coding = tuple[str | None, str]
"""System as received (or None) and code."""


def _index(folder: str) -> Index:
    return Index(lambda: ((found, entry, found.name) for found in value_sets(folder) for entry in found.include))


_PROBLEMS = _index("problems")
_EXCEPTIONS = Index(
    lambda: (
        (replace(found, exclude=()), entry, found.name) for found in value_sets("problems") for entry in found.exclude
    )
)
_RESULTS = _index("results")
_ORDERS = _index("orders")


def might_be_problem(code: str) -> bool:
    """False: the code cannot be a problem of ours in any system (a name still may)."""
    if _PROBLEMS.may_hold(code):
        return True
    if code.isdecimal():
        return False
    written = expression(code)
    return _PROBLEMS.may_hold(who_code(code) if written is None else written.focus)


def might_be_problem_name(text: str) -> bool:
    """False: the text is not blank, and neither names nor mentions a problem of ours."""
    meant = said(text)
    return bool(meant.concepts or meant.mentions) or not text.strip()


def might_be_result(code: str) -> bool:
    """False: the code cannot be an analyte of ours in any system."""
    return _RESULTS.may_hold(code)


def problem_concepts(codings: Iterable[Coding], text: str | None, displays: Iterable[str] = ()) -> Mapping[str, Match]:
    """The concepts of a problem (or of a reason), each with what it was matched by; empty when none is ours.

    ``displays``: of the codings, any of which may be a name too. What the words only mention is a concept of its own.
    """
    pairs = [_plain(system, code) for system, code in codings]
    words = [said(display) for display in displays]
    concepts = dict.fromkeys(_coded(pairs), Match.CODE)
    for concept in _named(pairs, text, words):
        concepts.setdefault(concept, Match.NAME)
    if any(one.other_spasm for one in (*words, *((said(text),) if text else ()))):
        concepts.pop(OTHER_SPASM, None)
    told = concepts.keys() | _excluded(_known(pairs))
    for concept in dict.fromkeys(one for counts in _counting(pairs, text, words) for one in counts.mentions):
        if told.isdisjoint(LESS_THAN[concept]):
            concepts[concept] = Match.NAME
    return concepts


def _plain(system: str | None, code: str) -> tuple[str | None, str]:
    """A coding in the words of the value sets: a national ICD-10 as WHO's, an expression as its focus."""
    canonical = normalise_system(system)
    if canonical == ICD_10_NATIONAL:
        return ICD_10, who_code(code)
    if canonical == SNOMED_CT and not code.isdecimal():
        written = expression(code)
        return canonical, code if written is None else written.focus
    return canonical, code


def _coded(pairs: Iterable[tuple[str | None, str]]) -> Iterator[str]:
    for system, code in pairs:
        yield from _PROBLEMS.meanings(system, code)


def _named(pairs: Sequence[tuple[str | None, str]], text: str | None, displays: Sequence[Said]) -> Iterator[str]:
    """What the words are names of, as far as the codes they stand beside let them count."""
    known = _known(pairs)
    excluded = _excluded(known)
    limb_told = not known or any(code.startswith(LIMBLESS_BESIDE) for code in _icd(known))
    for words in _counting(pairs, text, displays):
        for concept in words.concepts:
            if concept not in excluded and (limb_told or not words.limbless or concept not in LIMBLESS):
                yield concept


def _counting(pairs: Sequence[tuple[str | None, str]], text: str | None, displays: Sequence[Said]) -> Iterator[Said]:
    """The words that count: none beside a Z code or a display that is about someone or something else."""
    if any(code.startswith("Z") and not code.startswith(Z_CODES) for code in _icd(_known(pairs))):
        return
    elsewhere = any(one.elsewhere for one in displays)
    for words in (*((said(text),) if text else ()), *displays):
        if words.elsewhere or not elsewhere:
            yield words


def _known(pairs: Iterable[tuple[str | None, str]]) -> list[tuple[str, str]]:
    return [(system, fold_code(code)) for system, code in pairs if system is not None and _PROBLEMS.knows(system)]


def _excluded(known: Iterable[tuple[str, str]]) -> set[str]:
    """The concepts to which one of the codes is an exception."""
    return {concept for system, code in known for concept in _EXCEPTIONS.meanings(system, code)}


def _icd(known: Iterable[tuple[str, str]]) -> list[str]:
    return [code for system, code in known if system in (ICD_10, ICD_10_CM)]


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


def allergy_concepts(codings: Iterable[Coding], texts: Iterable[str]) -> Mapping[str, Match]:
    """What it is an allergy to: the concepts of a drug; or what it is as a problem ("quinine_allergy").

    By code; else by its texts: each as a whole the name of the problem, or with the drug's name as whole words.
    """
    pairs = [_plain(system, code) for system, code in codings]
    coded = [*_coded(pairs), *(ingredient.concept for ingredient in coded_ingredients(pairs))]
    if coded:
        return dict.fromkeys(coded, Match.CODE)
    texts = tuple(texts)
    named = set(_named(pairs, None, [said(text) for text in texts]))
    return dict.fromkeys(sorted(named), Match.NAME) or dict.fromkeys(
        (concept for text in texts for concept in named_in_allergy(text)), Match.NAME
    )
