"""What codes and names mean without a site's: no mapping may change that, and each must be one that can be read.

Looked up apart from the lookups of calls, since these are closed to a site at the first look.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache

from cds_service.patient.labs.analytes import ANALYTES, BY_NAME, PANELS
from cds_service.patient.labs.by_name import LONGEST as LONGEST_RESULT
from cds_service.patient.labs.by_name import is_not_blood, name_words, whole_name
from cds_service.patient.terminology import concepts, drugs
from cds_service.patient.terminology.drug_names import given_in
from cds_service.patient.terminology.names import LONGEST, fold_name, fold_words, given_names
from cds_service.patient.terminology.problem_names import name_in
from cds_service.patient.terminology.systems import LOINC, NDC, fold_code, normalise_system
from cds_service.patient.terminology.valuesets import Index, site_code
from cds_service.patient.terminology.vocabulary import analyte, ingredient, order, problem

SHORTEST_DRUG = 4  # letters: a shorter word stands in many a medicine's text
LONGEST_CODE = 64

_WORDS: Mapping[str, Callable[[str], object]] = {
    "drugs": ingredient,
    "problems": problem,
    "results": analyte,
    "orders": order,
}


class BadMappingError(ValueError):
    """A mapping that no site may make, and why."""


@cache
def _index(kind: str) -> Index:
    return Index(drugs.entries if kind == "drugs" else lambda: concepts.entries(kind), dict)


@cache
def _exceptions() -> Index:
    return Index(concepts.exceptions, dict)


def known_word(kind: str, word: str) -> None:
    """Raise BadMappingError, with the nearest, for a word that nothing of the kind is called."""
    try:
        _WORDS[kind](word)
    except ValueError as error:
        raise BadMappingError(str(error)) from None


def of_code(kind: str, system: str, code: str) -> frozenset[str]:
    """What our own value sets say the code means."""
    canonical, plain = concepts.plain(system, code) if kind == "problems" else (normalise_system(system), code)
    found = set(_index(kind).meanings(canonical, plain))
    if kind == "drugs" and canonical == NDC:
        found.update(drugs.ndc_meaning(code))
    if kind == "orders":
        found.update(_index("results").meanings(canonical, plain))
        found.update(PANELS.get(fold_code(code), ()) if canonical == LOINC else ())
    return frozenset(found)


def as_coded(kind: str, system: str, code: str, meant: Collection[str]) -> tuple[tuple[str, str], bool]:
    """The coding as calls are looked up by, and whether it means that already.

    Raises BadMappingError where it means something else, or is never looked up in that form.
    """
    coding = (normalise_system(system) or "", site_code(code))
    if not coding[1] or len(code) > LONGEST_CODE:
        message = f"a code has 1 to {LONGEST_CODE} characters"
        raise BadMappingError(message)
    known = of_code(kind, system, code)
    if known:
        if set(meant) <= known:
            return coding, True
        message = f'"{code}" means {_listed(known)} already; a meaning of ours cannot be changed'
        raise BadMappingError(message)
    if kind == "problems":
        read = concepts.plain(*coding)
        if read != coding:
            message = f'"{code}" is read as "{read[1]}" of {read[0]}; only that can be mapped'
            raise BadMappingError(message)
        excluded = set(meant) & set(_exceptions().meanings(*coding))
        if excluded:
            message = f'"{code}" is an exception to {_listed(excluded)}; that cannot be changed'
            raise BadMappingError(message)
    return coding, False


def as_another(system: str, code: str, displays: Iterable[str]) -> tuple[str, str]:
    """The coding as calls are looked up by, of a drug that is none of ours.

    Raises BadMappingError where it is one of ours, by what it means already or by what it is called.
    """
    coding = (normalise_system(system) or "", site_code(code))
    known = of_code("drugs", system, code)
    if known:
        message = f'"{code}" means {_listed(known)} already; a meaning of ours cannot be changed'
        raise BadMappingError(message)
    for text in displays:
        named = frozenset(given_in(text))
        if named:
            message = f'"{text}" names {_listed(named)}, and its target is none of it'
            raise BadMappingError(message)
    return coding


def unit_problem(name: str, unit: str) -> str | None:
    """What is wrong with a unit for results of the analyte."""
    known = ANALYTES[name]
    canonical = known.canonical_unit(unit)
    if canonical is None or canonical not in known.ratios:
        return f'"{unit}" is no unit of {name}; known are {", ".join(sorted(known.ratios))}'
    return None


def as_named(kind: str, text: str, meant: Collection[str]) -> tuple[str, bool]:
    """The name as calls are looked up by, and whether it is a name of that already.

    Raises BadMappingError where it is a name of something else, or would never be read.
    """
    folded, known = _NAMED[kind](text, meant)
    if known:
        if set(meant) <= known:
            return text, True
        message = f'"{text}" is a name of {_listed(known)} already; a meaning of ours cannot be changed'
        raise BadMappingError(message)
    if folded is None:
        message = f'"{text}" would never be read as a name'
        raise BadMappingError(message)
    return folded, False


_Named = tuple[str | None, frozenset[str]]
"""A name folded, None where it would never be read; and what it is a name of already."""


def _drug(text: str, meant: Collection[str]) -> _Named:
    folded = " ".join(fold_words(text))
    if len(folded) < SHORTEST_DRUG or folded.replace(" ", "").isdecimal():
        message = f'"{text}" is too short to be looked for in the texts of medicines: {SHORTEST_DRUG} letters at least'
        raise BadMappingError(message)
    known = frozenset(given_in(text))
    readable = all(given_in(text, {folded: one}) for one in meant)
    return (folded if readable else None), known


def _problem(text: str, _: Collection[str]) -> _Named:
    given = given_names("problems")
    folded = fold_name(text)
    found, _meant = name_in(text, {**given, folded: frozenset(("it",))})
    return (found or None), name_in(text, given)[1]


def _result(text: str, _: Collection[str]) -> _Named:
    words = name_words(text)
    known = whole_name(words, BY_NAME)
    readable = bool(words) and len(text) <= LONGEST_RESULT and not is_not_blood(text)
    return (" ".join(words) if readable else None), frozenset((known,) if known else ())


def _order(text: str, _: Collection[str]) -> _Named:
    folded = fold_name(text)
    return (folded if folded and len(text) <= LONGEST else None), given_names("orders").get(folded, frozenset())


_NAMED: Mapping[str, Callable[[str, Collection[str]], _Named]] = {
    "drugs": _drug,
    "problems": _problem,
    "results": _result,
    "orders": _order,
}


def _listed(words: Collection[str]) -> str:
    return " and ".join(f'"{one}"' for one in sorted(words))
