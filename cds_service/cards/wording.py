"""Phrases into words: English or Bahasa Indonesia, numbers and dates in the language's own form.

Texts are TOML: ``texts/<language>/<file>.toml`` of the shared words, where a phrase's key is the file's name and the
path in it; and ``<language>.toml`` in a guideline's folder and beside each of its rules, where it is the path.
What comes from the client (``Received``, ``Label``, ``Plain``) is made harmless here and nowhere else.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, localcontext
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from cds_service.cards.escaping import harmless, label, plain
from cds_service.decision.phrases import Joined, Label, Listed, Phrase, Plain, Received, Text, Value
from cds_service.patient.moments import Moment, Precision

LOCALES = {"en": Locale("en", "GB"), "id": Locale("id", "ID")}  # day before month in both
_MOST_DECIMALS = 12
_MOST_DIGITS = 200  # Babel rounds in Decimal's own precision, and raises where it does not suffice
_PARTIAL = {Precision.YEAR: "y", Precision.MONTH: "yMMM"}


class _Texts(dict[str, str]):
    """Texts by key, where a key without one says in which file it belongs."""

    def __init__(self, language: str, texts: Mapping[str, str], files: Mapping[str, str]) -> None:
        super().__init__(texts)
        self._language, self._files = language, files

    def __missing__(self, key: str) -> str:
        file = self._files.get(key.partition(".")[0])
        belongs = f"it belongs in {file}" if file else f"no file has a [{key.partition('.')[0]}]"
        message = f"{key} has no text in {self._language!r}; {belongs}"
        raise KeyError(message)


class Wording:
    """Says phrases in one language. Immutable, and shared by all calls."""

    def __init__(self, language: str, texts: Mapping[str, str], files: Mapping[str, str] | None = None) -> None:
        """``texts`` by key; ``files``: which file holds the texts of a key's first part."""
        self.language = language
        self.texts: Mapping[str, str] = _Texts(language, texts, files or {})
        self.files = files or {}
        self._locale = LOCALES[language]

    def __contains__(self, said: Text) -> bool:
        return said.key in self.texts

    def below(self, path: str) -> frozenset[str]:
        """The names that have a text below a path: of "override", the codes of all override reasons."""
        return frozenset(key.removeprefix(f"{path}.") for key in self.texts if key.startswith(f"{path}."))

    def text(self, said: Text) -> str:
        """The bare text. KeyError, naming the file it belongs in, when there is none, which ``checks`` looks for at start."""
        return self.texts[said.key]

    def say(self, phrase: Phrase) -> str:
        """The phrase in this language, its values filled in."""
        template = self.texts[phrase.key]
        if not phrase.values:
            return template
        return template.format(**{name: self.value(value) for name, value in phrase.values.items()})

    def value(self, value: Value) -> str:
        """One placeholder's value as it is shown."""
        match value:
            case Phrase():
                return self.say(value)
            case Listed():
                return value.between.join([self.value(part) for part in value.parts])
            case Joined():
                parts = [self.value(part) for part in value.parts]
                return _list_pattern(self.language, len(parts)).format(*parts)
            case str():
                return value
            case Received():
                return harmless(value.text, value.most)
            case Label():
                return label(value.text)
            case Plain():
                return plain(value.text, value.most)
            case Decimal() | int():
                return self.number(value)
            case Moment():
                return self.moment(value)
            case date():
                return self.day(value)

    def number(self, value: Decimal | int) -> str:
        """A number with the language's decimal sign and all its own decimals ("2.80", "2,80")."""
        return _number(self.language, str(value))

    def day(self, value: date) -> str:
        """A date with the month as a word, so that no one reads it the other way round."""
        return _day(self.language, value)

    def moment(self, value: Moment) -> str:
        """A moment only as precise as it is known ("2024", "Mar 2024", "3 Mar 2024")."""
        if value.precision in _PARTIAL:
            return format_skeleton(_PARTIAL[value.precision], value.start, locale=self._locale)
        return self.day(value.day)


@lru_cache(maxsize=4096)  # Babel takes some 20 microseconds each; a bare number or date tells of no one
def _number(language: str, written: str) -> str:
    value = Decimal(written)
    decimals = min(max(0, -int(value.as_tuple().exponent)), _MOST_DECIMALS)
    with localcontext(prec=_MOST_DIGITS):
        return format_decimal(value, format="0." + "0" * decimals if decimals else "0", locale=LOCALES[language])


@lru_cache(maxsize=4096)
def _day(language: str, value: date) -> str:
    return format_date(value, format="d MMM y", locale=LOCALES[language])


@lru_cache(maxsize=256)
def _list_pattern(language: str, length: int) -> str:
    """Such as "{0}, {1} and {2}"."""
    return format_list([f"{{{place}}}" for place in range(length)], locale=LOCALES[language])


_SHARED = ("cds_service.decision", "cds_service.patient.terminology")


def read_texts(language: str, guidelines: Iterable[Traversable]) -> Wording:
    """The words of a language: the shared ones, and those of the guidelines' folders.

    Raises ValueError when a key has two texts or a text is no string.
    """
    texts: dict[str, str] = {}
    files: dict[str, str] = {}
    for file, tree in (*_shared(language), *(read for folder in guidelines for read in _guideline(language, folder))):
        for prefix, node in tree.items():
            for key, text in _flat(prefix, node):
                if key in texts:
                    message = f"{key} has two texts in {language!r}: in {files[prefix]} and in {file}"
                    raise ValueError(message)
                texts[key] = text
            files.setdefault(prefix, str(file))
    return Wording(language, texts, files)


def _shared(language: str) -> Iterator[tuple[Traversable, Mapping[str, object]]]:
    for package in _SHARED:
        for file in (resources.files(package) / "texts" / language).iterdir():
            if file.name.endswith(".toml"):
                yield file, {file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))}


def _guideline(language: str, folder: Traversable) -> Iterator[tuple[Traversable, Mapping[str, object]]]:
    for place in (folder, *folder.iterdir()):
        file = place / f"{language}.toml"
        if file.is_file():
            yield file, tomllib.loads(file.read_text("utf-8"))


def words_in(folder: Traversable, language: str) -> Mapping[str, str]:
    """The words of a page, by their keys: ``<language>.toml`` in the folder of its files."""
    tree = tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))
    return {key: str(value) for key, value in tree.items()}


def _flat(path: str, node: object) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, child in node.items():
            yield from _flat(f"{path}.{key}", child)
    elif isinstance(node, str):
        yield path, node.strip()
    else:
        message = f"text {path} is not a string"
        raise ValueError(message)  # noqa: TRY004 - what is wrong is the file
