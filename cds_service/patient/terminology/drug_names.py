"""Drugs by their names, as whole words: ``names/drugs.toml`` turned into one lookup a word.

A text is cut into words once; only words that begin a name are looked at further. What stands around
a name can undo it: "insulin syringe", "digoxin level", "serum potassium", and forms that act where
they are put (eye drops, creams), which is not what the rules speak of.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from cds_service.patient.terminology.additions import additions
from cds_service.patient.terminology.names import fold_words, remembered
from cds_service.patient.terminology.problem_names import NO_ALLERGY, is_negative

_LONGEST = 1000  # characters of a text that are read; no medicine's name is longer
_LEVELS = frozenset({"level", "levels", "clinic", "antibody", "free", "test", "assay"})
_NOT_AFTER = _LEVELS | {"allergy", "intolerance"}
_NOT_BEFORE = frozenset({"serum", "no"})
_LOCAL_FORMS = frozenset(
    {
        *("ophthalmic", "eye", "otic", "ear", "cream", "ointment", "shampoo", "topical", "lotion", "vaginal"),
        *("mata", "telinga", "krim", "salep", "sampo", "topikal"),
    }
)
_ANTACID_OR_LAXATIVE_FORMS = frozenset(  # an oral solution of a magnesium salt is a laxative
    {
        *("antacid", "aluminum", "aluminium", "simethicone", "simeticone", "alginate", "laxative", "solution"),
        *("antasida", "alumunium", "simetikon", "pencahar", "laksatif", "larutan"),
    }
)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in words. ``ingredient``: whose; ``undoes``: it names something else; ``first``: only at the start.

    ``by_site``: a site added it.
    """

    words: tuple[str, ...]
    ingredient: str
    undoes: bool = False
    first: bool = False
    by_site: bool = False


def _read() -> dict[str, Any]:
    source = resources.files(__package__) / "names" / "drugs.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


_SOURCE = _read()
_INGREDIENTS: dict[str, dict[str, Any]] = _SOURCE["ingredients"]

CONCEPTS_OF = MappingProxyType({name: tuple(known["in"]) for name, known in _INGREDIENTS.items()})
"""From an ingredient's international name to the concepts it belongs to."""

CLASS_OF = MappingProxyType(dict(_SOURCE["classes"]))
"""From a value set to what an ATC prefix of it means when nothing more specific is known."""

CLASSES = frozenset(name for name, known in _INGREDIENTS.items() if known.get("class"))
"""Names of a class ("statin"), which give way to the name of a drug of that class."""

ANTI_INFECTIVES = frozenset(name for name, known in _INGREDIENTS.items() if known.get("anti_infective"))
"""Drugs given in short courses against an infection. Not those also taken for months or years
(rifampicin, ritonavir, chloroquine, hydroxychloroquine, quinine)."""

_ANY_FORM = frozenset(name for name, known in _INGREDIENTS.items() if known.get("any_form"))


def _names_of(ingredient: str, known: dict[str, Any]) -> list[_Name]:
    bare = known.get("bare", not known.get("class", False))
    written = [*([ingredient] if bare else []), *known.get("words", ())]
    return [
        *(_Name(tuple(fold_words(w)), ingredient, first=w.startswith("^")) for w in written),
        *(_Name(tuple(fold_words(w)), ingredient, undoes=True) for w in known.get("not", ())),
    ]


_GIVEN = [name for ingredient, known in _INGREDIENTS.items() for name in _names_of(ingredient, known)]
_ByFirstWord = Mapping[str, Sequence[_Name]]


def _by_first_word(names: Iterable[_Name]) -> _ByFirstWord:
    found: dict[str, list[_Name]] = {}
    for name in names:
        found.setdefault(name.words[0], []).append(name)
    return found


@cache
def _known() -> _ByFirstWord:
    """The names of drugs, ours and a site's, by the word they begin with."""
    added = additions().names_of("drugs")
    return _by_first_word(
        (*_GIVEN, *(_Name(tuple(n.split()), one, by_site=True) for n, meant in added.items() for one in meant))
    )


def given_in(text: str, further: Mapping[str, str] | None = None) -> "Named":
    """As ``in_text``, without a site's names; with the further ones, each folded and of an ingredient."""
    more = (_Name(tuple(name.split()), one, by_site=True) for name, one in (further or {}).items())
    return _named(fold_words(text[:_LONGEST]), _NOT_AFTER, _by_first_word((*_GIVEN, *more)))


Named = Mapping[str, bool]
"""The ingredients a text names, in its order; True where only a name that a site added says so."""


@remembered
def in_allergy(text: str) -> Named:
    """The ingredients an allergy's text names; none where it says "no", "tolerates", or ends like a negative test."""
    words = fold_words(text[:_LONGEST])
    return {} if is_negative(text[:_LONGEST]) or not NO_ALLERGY.isdisjoint(words) else _named(words, _LEVELS, _known())


@remembered
def in_text(text: str) -> Named:
    """The ingredients whose names are whole words of a medicine's text."""
    return _named(fold_words(text[:_LONGEST]), _NOT_AFTER, _known())


def _named(words: Sequence[str], not_after: frozenset[str], known: _ByFirstWord) -> Named:
    if known.keys().isdisjoint(words):
        return {}
    spans, undone = _spans(words, known)
    found: dict[str, bool] = {}
    for start, name in spans:
        if not _is_undone(words, start, name, undone.get(name.ingredient, ()), not_after):
            found[name.ingredient] = name.by_site and found.get(name.ingredient, True)
    if not _LOCAL_FORMS.isdisjoint(words):
        return {name: by_site for name, by_site in found.items() if name in _ANY_FORM}
    if _ANTACID_OR_LAXATIVE_FORMS.isdisjoint(words):
        return found
    return {name: found[name] for name in without_supplements(found)}


def without_supplements(ingredients: Iterable[str]) -> tuple[str, ...]:
    """The ingredients of an antacid or a laxative: its magnesium is no supplement (hydroxide is told apart by name)."""
    return tuple(i for i in ingredients if i == "magnesium hydroxide" or "magnesium_supplement" not in CONCEPTS_OF[i])


def _spans(words: Sequence[str], known: _ByFirstWord) -> tuple[list[tuple[int, _Name]], dict[str, list[range]]]:
    """Where names stand, and, by ingredient, where phrases stand that undo them."""
    found: list[tuple[int, _Name]] = []
    undone: dict[str, list[range]] = {}
    for start, word in enumerate(words):
        for name in known.get(word, ()):
            end = start + len(name.words)
            if tuple(words[start:end]) != name.words or (name.first and start):
                continue
            if name.undoes:
                undone.setdefault(name.ingredient, []).append(range(start, end))
            else:
                found.append((start, name))
    return found, undone


def _is_undone(
    words: Sequence[str], start: int, name: _Name, undone: Sequence[range], not_after: frozenset[str]
) -> bool:
    end = start + len(name.words)
    if end < len(words) and words[end] in not_after:
        return True
    if start and words[start - 1] in _NOT_BEFORE:
        return True
    return any(start < phrase.stop and phrase.start < end for phrase in undone)
