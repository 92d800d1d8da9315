"""What a text speaks of without being a name of it: whole words, and what in their clause undoes them.

A name (``problem_names``) is the whole of a text; a mention is a word anywhere in it ("severe malaria, no artesunate").
It says less, and is a concept of its own. A clause ends at , ; . / and at brackets; "(-)" belongs to the word before.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from cds_service.patient.terminology.names import fold_words

WITHIN = 2
"""So many words on either side are near."""

_LONGEST_READ = 1000  # characters
_NEGATIVE = re.compile(r"[(\[]\s*[-−–]\s*[)\]]|\s[-−–](?=\s*(?:[,;./(\[]|$))")  # "(-)", and a dash that ends a clause
_ABBREVIATED = re.compile(r"\bh/o\b", re.IGNORECASE)
_CLAUSES = re.compile(r"[,;./()\[\]{}]")


@dataclass(frozen=True, slots=True)
class _Words:
    """A list of words, of word beginnings ("prophyla*") and of phrases."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    def places(self, words: Sequence[str]) -> Iterator[int]:
        """Where one of them stands; a phrase stands where its last word does."""
        for place, word in enumerate(words):
            if word in self.whole or word.startswith(self.beginnings):
                yield place
        for phrase in self.phrases:
            for place in range(len(phrase), len(words) + 1):
                if tuple(words[place - len(phrase) : place]) == phrase:
                    yield place - 1


def _words(written: Iterable[str]) -> _Words:
    parts = [one.split() for one in written]
    alone = [words[0] for words in parts if len(words) == 1]
    return _Words(
        frozenset(one for one in alone if not one.endswith("*")),
        tuple(one.removesuffix("*") for one in alone if one.endswith("*")),
        tuple(tuple(words) for words in parts if len(words) > 1),
    )


def _read() -> dict[str, Any]:
    source = resources.files(__package__) / "names" / "mentions.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


_SOURCE = _read()
_DRUGS = _words(_SOURCE["undone"]["denied"]["drugs"])
_UNDONE = {where: _words(one["words"]) for where, one in _SOURCE.pop("undone").items()}
_SPOKEN_OF = {concept: frozenset(one["words"]) for concept, one in _SOURCE.items()}
_BESIDE = {concept: frozenset(one["beside"]) for concept, one in _SOURCE.items()}

LESS_THAN = {concept: frozenset(one["less_than"]) for concept, one in _SOURCE.items()}
"""The concepts beside which a mention says nothing more."""

WORDS = {concept: (*one["words"], *one["beside"]) for concept, one in _SOURCE.items()}
"""The words that mention each."""

CONCEPTS = tuple(_SPOKEN_OF)
"""The concepts that a text may mention."""


def mentions(text: str, words: frozenset[str]) -> Iterator[str]:
    """The concepts the text mentions, as an order's reason. ``words``: those of the text, folded."""
    for concept, spoken in _SPOKEN_OF.items():
        if not words.isdisjoint(spoken) and mentioned(concept, text):
            yield concept


def mentioned(concept: str, text: str, *, of_a_problem: bool = False) -> bool:
    """Whether the text mentions the concept. ``of_a_problem``: it is a problem's, where "rule out" undoes it too."""
    text = text[:_LONGEST_READ]
    everything = fold_words(text)
    spoken = _SPOKEN_OF[concept]
    if spoken.isdisjoint(everything) or next(_UNDONE["anywhere"].places(everything), None) is not None:
        return False
    counted = spoken | _BESIDE[concept]
    return any(_stands(clause, counted, of_a_problem=of_a_problem) for clause in _clauses(text))


def _clauses(text: str) -> Iterator[list[str]]:
    signed = _NEGATIVE.sub(" negative ", _ABBREVIATED.sub("history", text))
    return (fold_words(clause) for clause in _CLAUSES.split(signed))


def _stands(clause: Sequence[str], counted: frozenset[str], *, of_a_problem: bool) -> bool:
    """A word of the concept that nothing in the clause undoes."""
    near = tuple(_UNDONE["near"].places(clause))
    before = [*_UNDONE["before"].places(clause), *(_UNDONE["before_a_problem"].places(clause) if of_a_problem else ())]
    denied = tuple(_UNDONE["denied"].places(clause))
    drugs = tuple(_DRUGS.places(clause)) if denied else ()
    return any(
        word in counted
        and not any(abs(place - other) <= WITHIN for other in near)
        and not any(other < place for other in before)
        and not any(other < place and not _of_a_drug(other, place, drugs) for other in denied)
        for place, word in enumerate(clause)
    )


def _of_a_drug(no: int, place: int, drugs: Sequence[int]) -> bool:
    """Whether what is denied before the word at ``place`` is a drug: one between them, or near before a far "not"."""
    return any(no < drug < place or (no - WITHIN <= drug < no and place - no > WITHIN) for drug in drugs)
