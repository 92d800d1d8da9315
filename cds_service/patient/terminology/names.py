"""Names that stand for a concept when a record has words and no code we know.

Only the whole text counts, never a part of it ("no leg cramps", "mother had malaria"). Case, spacing,
punctuation, hyphens and width are folded, and a SNOMED tag at the end ("(disorder)") is dropped.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, wraps
from hashlib import blake2b
from importlib import resources
from types import MappingProxyType
from typing import TypeVar

from cds_service.patient.terminology.additions import additions, packages

_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_TAG = re.compile(r"\s*\((?:disorder|finding|situation|event|diagnosis|substance|product)\)\s*$", re.IGNORECASE)
_MOST_TEXTS = 16384  # whose meaning is remembered
LONGEST = 120
"""Characters; nothing longer is a name."""

Meaning = TypeVar("Meaning")


def remembered(read: Callable[[str], Meaning]) -> Callable[[str], Meaning]:
    """The same function of a text, each text read once: what it means is kept by a digest of it, and no text is.

    No more than some thousands are kept; then it begins anew.
    """
    known: dict[bytes, Meaning] = {}

    @wraps(read)
    def ask(text: str) -> Meaning:
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        try:
            return known[digest]
        except KeyError:
            if len(known) >= _MOST_TEXTS:
                known.clear()
            meaning = known[digest] = read(text)
            return meaning

    return ask


def fold_words(text: str) -> list[str]:
    """The words of a text, case and width folded, without punctuation."""
    if text.isascii():  # most are, and this is four times as fast
        return _ASCII_WORD.findall(text.lower())
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def fold_name(text: str) -> str:
    """A whole text as it is compared: its folded words, one space apart."""
    return " ".join(fold_words(without_tag(text)))


def without_tag(text: str) -> str:
    """The text without the semantic tag SNOMED CT puts at its end ("(disorder)")."""
    return _TAG.sub("", text)


@cache
def names(file: str) -> Mapping[str, frozenset[str]]:
    """From every folded name of ``names/<file>.toml``, ours and a guideline's own, and a site's, to its concepts."""
    added = additions().names_of(file)
    return MappingProxyType({**{name: frozenset(meant) for name, meant in added.items()}, **given_names(file)})


def is_added(file: str, name: str) -> bool:
    """True when the folded name is a site's."""
    return name in additions().names_of(file)


def given_names(file: str) -> Mapping[str, frozenset[str]]:
    """The same without a site's."""
    found: dict[str, set[str]] = {}
    for package in packages():
        source = resources.files(package) / "names" / f"{file}.toml"
        if not source.is_file():
            continue
        for concept, by_language in tomllib.loads(source.read_text(encoding="utf-8")).items():
            for written in by_language.values():
                for name in written:
                    found.setdefault(fold_name(name), set()).add(concept)
    return {name: frozenset(concepts) for name, concepts in found.items()}


def named(file: str, text: str | None) -> frozenset[str]:
    """The concepts the whole text is a name of; empty when it is none."""
    if not text or len(text) > LONGEST:
        return frozenset()
    return names(file).get(fold_name(text), frozenset())
