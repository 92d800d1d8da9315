"""Which drugs a medication holds: by code, else by name as whole words in a field that names a medicine.

A drug is recognised once and told for each concept it belongs to (methadone prolongs the QT interval and is
an opioid). A salt is not an electrolyte: "atorvastatin calcium" holds no calcium. Texts are read even
beside a code we know, because the code of a combination often tells one drug of two.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cds_service.patient.facts import Ingredient, Match
from cds_service.patient.terminology.additions import additions
from cds_service.patient.terminology.drug_names import (
    CLASS_OF,
    CLASSES,
    CONCEPTS_OF,
    in_allergy,
    in_text,
    without_supplements,
)
from cds_service.patient.terminology.systems import ATC, NDC, Coding, normalise_system
from cds_service.patient.terminology.valuesets import Entry, Index, ValueSet, site_code, value_sets

_ANTACIDS_AND_LAXATIVES = ("A02", "A06")  # ATC
_LABELLER_DIGITS, _PRODUCT_DIGITS = 5, 4
_BY_NAME = {False: Match.NAME, True: Match.SITE}  # by whether a site added it


def entries() -> Iterator[tuple[ValueSet, Entry, str]]:
    """Every code of the value sets of drugs, but NDC's, with the name of the ingredient it stands for."""
    return (
        (found, entry, ingredient_of(found, entry))
        for found in value_sets("drugs")
        for entry in found.include
        if entry.system != NDC
    )


def ingredient_of(found: ValueSet, entry: Entry) -> str:
    """The ingredient, or class of them, that a code of a drug stands for."""
    return CLASS_OF[found.name] if entry.prefix else entry.label or (entry.display or "").casefold()


_DRUGS = Index(entries, lambda: additions().codes_of("drugs"))


def ingredients(codings: Iterable[Coding], texts: Iterable[str]) -> tuple[Ingredient, ...]:
    """Every ingredient the rules know, once for each of its concepts; by code where a code says so.

    ``codings``: of the medication, its ingredients and its products; ``texts``: their displays and
    the medicine's own words. Order: codes first, as received.
    """
    return held((recognised(codings, texts),))


@dataclass(frozen=True, slots=True)
class Recognised:
    """The drugs some codings and texts name, each with what tells: no more than there are names.

    ``antacid``: a code says antacid or laxative.
    """

    names: tuple[tuple[str, Match], ...] = ()
    antacid: bool = False


def recognised(codings: Iterable[Coding], texts: Iterable[str]) -> Recognised:
    """What one part of a medicine names (its own concept, or a product it refers to)."""
    pairs = [(normalise_system(system), code) for system, code in codings]
    named = (found for text in texts for found in in_text(text).items())
    return Recognised(
        tuple(dict.fromkeys((*coded_names(pairs), *((name, _BY_NAME[by_site]) for name, by_site in named)))),
        any(system == ATC and code.startswith(_ANTACIDS_AND_LAXATIVES) for system, code in pairs),
    )


def is_another(codings: Iterable[Coding]) -> bool:
    """True where a site's map says of one of the codes which drug it is, and it is none of ours."""
    others = additions().other_drugs
    return bool(others) and any((normalise_system(system), site_code(code)) in others for system, code in codings)


@lru_cache(maxsize=4096)  # of our own names, no text of a chart
def held(parts: tuple[Recognised, ...]) -> tuple[Ingredient, ...]:
    """The ingredients of a medicine, of all its parts: see ``ingredients``."""
    names: dict[str, Match] = {}
    for wanted in Match:  # the strongest first
        for part in parts:
            for name, match in part.names:
                if match is wanted:
                    names.setdefault(name, match)
    if any(part.antacid for part in parts):
        names = {name: names[name] for name in without_supplements(names)}
    return tuple(_members(names))


def coded_ingredients(codings: Iterable[Coding]) -> tuple[Ingredient, ...]:
    """The ingredients the codes (of canonical systems) name."""
    return held((Recognised(tuple(coded_names(codings))),))


def coded_names(codings: Iterable[Coding]) -> Iterator[tuple[str, Match]]:
    """The ingredients' names by code, systems being canonical URIs, and whose code it is."""
    for system, code in codings:
        found = _DRUGS.meanings(system, code)
        if found:
            match = Match.SITE if _DRUGS.is_added(system, code) else Match.CODE
            yield from ((name, match) for name in found)
        elif system == NDC:
            yield from ((name, Match.CODE) for name in ndc_meaning(code))


def named_in_allergy(text: str) -> tuple[tuple[str, Match], ...]:
    """The concepts of the drugs an allergy's text names as whole words; none where it says that there is no allergy."""
    return tuple(
        (concept, _BY_NAME[by_site]) for name, by_site in in_allergy(text).items() for concept in CONCEPTS_OF[name]
    )


def _members(names: dict[str, Match]) -> Iterator[Ingredient]:
    for name, match in names.items():
        if name in CLASSES and any(_is_more_specific(other, name) for other in names):
            continue
        for concept in CONCEPTS_OF[name]:
            yield Ingredient(concept, name, match)


def _is_more_specific(name: str, than: str) -> bool:
    """True for "simvastatin" beside "statin", and for "loop diuretic" beside "diuretic"."""
    concepts, wider = set(CONCEPTS_OF[name]), set(CONCEPTS_OF[than])
    return concepts > wider or (concepts == wider and name not in CLASSES)


def ndc_meaning(code: str) -> tuple[str, ...]:
    """What an NDC names: labeller and product with dashes, or the 10 or 11 digits of a package."""
    return tuple(dict.fromkeys(name for key in _ndc_keys(code) for name in _NDC.get(key, ())))


def _ndc_keys(code: str) -> tuple[str, ...]:
    """Labeller and product as 5 + 4 digits; ten digits without dashes can be read in three ways.

    A labeller or product of more digits gives a key that no product has.
    """
    parts = code.strip().split("-")
    if not all(part.isdecimal() for part in parts):
        return ()
    match parts, len(parts[0]):
        case [labeller, product, *_], _:
            return (labeller.zfill(_LABELLER_DIGITS) + product.zfill(_PRODUCT_DIGITS),)
        case [digits], 11:
            return (digits[:9],)
        case [digits], 10:
            return ("0" + digits[:8], digits[:5] + "0" + digits[5:8], digits[:9])
    return ()


_NDC = {
    key: (entry.label or "",)
    for found in value_sets("drugs")
    for entry in found.include
    if entry.system == NDC
    for key in _ndc_keys(entry.code)
}
