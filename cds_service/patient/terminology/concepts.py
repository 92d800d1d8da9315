"""What a code, or failing that a name, means to the rules. System and code always together.

A code matches through the value sets; a name only as the whole text, and beside a code of a system we know only
where that code is no exception to the concept: see ``problem_names``. The ``might_be_…`` functions are the first look at a chart of thousands of resources:
one or a few dictionary lookups on the bare code, before anything else is done with a resource.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cds_service.patient.facts import Match
from cds_service.patient.labs.analytes import PANELS
from cds_service.patient.terminology.additions import additions
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
    Coding,
    fold_code,
    normalise_system,
    who_code,
)
from cds_service.patient.terminology.valuesets import Entry, Index, ValueSet, site_code, value_sets


def entries(folder: str) -> Iterator[tuple[ValueSet, Entry, str]]:
    """Every code of the value sets of problems, results or orders, with the concept it belongs to."""
    return ((found, entry, found.name) for found in value_sets(folder) for entry in found.include)


_STRENGTH = {match: place for place, match in enumerate(Match)}


class Measured(NamedTuple):
    """What a result is of. ``unit``: by a site's map its unit, where it has none; ``by_site``: so is what it is of."""

    analyte: str
    loinc: str | None = None
    unit: str | None = None
    by_site: bool = False


def exceptions() -> Iterator[tuple[ValueSet, Entry, str]]:
    """Every code that a value set of problems leaves out, with the concept it is left out of."""
    return (
        (replace(found, exclude=()), entry, found.name) for found in value_sets("problems") for entry in found.exclude
    )


def _index(folder: str) -> Index:
    return Index(lambda: entries(folder), lambda: additions().codes_of(folder))


_PROBLEMS = _index("problems")
_EXCEPTIONS = Index(exceptions)
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
    pairs = [plain(system, code) for system, code in codings]
    words = [said(display) for display in displays]
    concepts = _strongest((*_coded(pairs), *_named(pairs, text, words)))
    if any(one.other_spasm for one in (*words, *((said(text),) if text else ()))):
        concepts.pop(OTHER_SPASM, None)
    told = concepts.keys() | _excluded(_known(pairs))
    for concept in dict.fromkeys(one for counts in _counting(pairs, text, words) for one in counts.mentions):
        if told.isdisjoint(LESS_THAN[concept]):
            concepts[concept] = Match.NAME
    return concepts


def _strongest(matched: Iterable[tuple[str, Match]]) -> dict[str, Match]:
    """Each concept with the best of what it was matched by: our own codes before a site's map, and that before a name."""
    found: dict[str, Match] = {}
    for concept, match in sorted(matched, key=lambda one: _STRENGTH[one[1]]):
        found.setdefault(concept, match)
    return found


def plain(system: str | None, code: str) -> tuple[str | None, str]:
    """A coding in the words of the value sets: a national ICD-10 as WHO's, an expression as its focus."""
    canonical = normalise_system(system)
    if canonical == ICD_10_NATIONAL:
        return ICD_10, who_code(code)
    if canonical == SNOMED_CT and not code.isdecimal():
        written = expression(code)
        return canonical, code if written is None else written.focus
    return canonical, code


def _coded(pairs: Iterable[tuple[str | None, str]]) -> Iterator[tuple[str, Match]]:
    for system, code in pairs:
        found = _PROBLEMS.meanings(system, code)
        if found:
            match = Match.SITE if _PROBLEMS.is_added(system, code) else Match.CODE
            yield from ((concept, match) for concept in found)


def _named(
    pairs: Sequence[tuple[str | None, str]], text: str | None, displays: Sequence[Said]
) -> Iterator[tuple[str, Match]]:
    """What the words are names of, as far as the codes they stand beside let them count."""
    known = _known(pairs)
    excluded = _excluded(known)
    limb_told = not known or any(code.startswith(LIMBLESS_BESIDE) for code in _icd(known))
    for words in _counting(pairs, text, displays):
        for concept in words.concepts:
            if concept not in excluded and (limb_told or not words.limbless or concept not in LIMBLESS):
                yield concept, Match.SITE if words.by_site else Match.NAME


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


def analyte_of(codings: Iterable[Coding]) -> Measured | None:
    """The analyte (a key of the value sets: "potassium") with its LOINC code, or as a site's map has it.

    None when it is none of ours.
    """
    for system, code in codings:
        canonical = normalise_system(system)
        for analyte in _RESULTS.meanings(canonical, code):
            unit = additions().units.get((canonical or "", site_code(code)))
            if _RESULTS.is_added(canonical, code):
                return Measured(analyte, None, unit, by_site=True)
            return Measured(analyte, fold_code(code), unit)
    return None


def site_result_codes(analytes: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The codes of a site's own (system, code) for results of the analytes."""
    return tuple(coding for coding, (analyte,) in additions().codes_of("results").items() if analyte in analytes)


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
    pairs = [plain(system, code) for system, code in codings]
    coded = [*_coded(pairs), *((one.concept, one.match) for one in coded_ingredients(pairs))]
    if coded:
        return _strongest(coded)
    texts = tuple(texts)
    named = sorted(set(_named(pairs, None, [said(text) for text in texts])))
    return _strongest(named or (one for text in texts for one in named_in_allergy(text)))
