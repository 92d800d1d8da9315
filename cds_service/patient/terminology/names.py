"""Names that stand for a concept when a record has words and no code we know.

Only the whole text counts, never a part of it ("no leg cramps", "mother had malaria"). Case, spacing,
punctuation, hyphens and width are folded, and a SNOMED tag at the end ("(disorder)") is dropped.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from cds_service.patient.terminology.further import close, packages

_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_TAG = re.compile(r"\s*\((?:disorder|finding|situation|event|diagnosis|substance|product)\)\s*$", re.IGNORECASE)
_LONGEST = 120  # characters; nothing longer is a name


def fold_words(text: str) -> list[str]:
    """The words of a text, case and width folded, without punctuation."""
    if text.isascii():  # most are, and this is four times as fast
        return _ASCII_WORD.findall(text.lower())
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def fold_name(text: str) -> str:
    """A whole text as it is compared: its folded words, one space apart."""
    return " ".join(fold_words(_TAG.sub("", text)))


@cache
def names(file: str) -> Mapping[str, frozenset[str]]:
    """From every folded name of ``names/<file>.toml``, ours and a guideline's own, to the concepts it stands for."""
    close()
    found: dict[str, set[str]] = {}
    for package in packages():
        source = resources.files(package) / "names" / f"{file}.toml"
        if not source.is_file():
            continue
        for concept, by_language in tomllib.loads(source.read_text(encoding="utf-8")).items():
            for written in by_language.values():
                for name in written:
                    found.setdefault(fold_name(name), set()).add(concept)
    return MappingProxyType({name: frozenset(concepts) for name, concepts in found.items()})


def named(file: str, text: str | None) -> frozenset[str]:
    """The concepts the whole text is a name of; empty when it is none."""
    if not text or len(text) > _LONGEST:
        return frozenset()
    return names(file).get(fold_name(text), frozenset())
