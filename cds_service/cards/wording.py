"""Phrases into words: English or Bahasa Indonesia, numbers and dates in the language's own form.

Texts are TOML: ``texts/<language>/<file>.toml`` of the shared words, where a phrase's key is the file's name and the
path in it, and ``<language>.toml`` beside each rule, where it is the path. What comes from the client (``Received``, ``Label``) is made harmless here and nowhere else.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, localcontext
from functools import cache, lru_cache
from importlib import resources

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from cds_service.cards.escaping import harmless, label
from cds_service.decision.phrases import Joined, Label, Phrase, Received, Value
from cds_service.patient.moments import Moment, Precision

_LOCALES = {"en": Locale("en", "GB"), "id": Locale("id", "ID")}  # day before month in both
_MOST_DECIMALS = 12
_MOST_DIGITS = 200  # Babel rounds in Decimal's own precision, and raises where it does not suffice
_PARTIAL = {Precision.YEAR: "y", Precision.MONTH: "yMMM"}


class Wording:
    """Says phrases in one language. Immutable, and shared by all calls."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts
        self._locale = _LOCALES[language]

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def text(self, key: str) -> str:
        """The bare text of a key; KeyError when it has none (a test holds that every key used has one)."""
        try:
            return self._texts[key]
        except KeyError:
            message = f"{key} has no text in {self.language!r}"
            raise KeyError(message) from None

    def say(self, phrase: Phrase) -> str:
        """The phrase in this language, its values filled in."""
        template = self.text(phrase.key)
        if not phrase.values:
            return template
        return template.format(**{name: self.value(value) for name, value in phrase.values.items()})

    def value(self, value: Value) -> str:
        """One placeholder's value as it is shown."""
        match value:
            case Phrase():
                return self.say(value)
            case str():
                return value
            case Received():
                return harmless(value.text)
            case Label():
                return label(value.text)
            case Decimal() | int():
                return self.number(value)
            case Moment():
                return self.moment(value)
            case date():
                return self.day(value)
            case Joined():
                return format_list([self.value(part) for part in value.parts], locale=self._locale)

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
        return format_decimal(value, format="0." + "0" * decimals if decimals else "0", locale=_LOCALES[language])


@lru_cache(maxsize=4096)
def _day(language: str, value: date) -> str:
    return format_date(value, format="d MMM y", locale=_LOCALES[language])


@cache
def wording(language: str) -> Wording:
    """The words of one of the settings' ``LANGUAGES``, read once per process."""
    texts: dict[str, str] = {}
    for package in ("cds_service.decision", "cds_service.patient.terminology"):
        for file in (resources.files(package) / "texts" / language).iterdir():
            if file.name.endswith(".toml"):
                tree = tomllib.loads(file.read_text(encoding="utf-8"))
                _flatten(file.name.removesuffix(".toml"), tree, texts)
    guideline = resources.files("cds_service.guidelines.leg_cramps")
    for folder in (guideline, *(child for child in guideline.iterdir() if (child / f"{language}.toml").is_file())):
        tree = tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
        for prefix, texts_of_it in tree.items():
            _flatten(prefix, texts_of_it, texts)
    return Wording(language, texts)


def _flatten(path: str, node: object, into: dict[str, str]) -> None:
    if isinstance(node, dict):
        for key, child in node.items():
            _flatten(f"{path}.{key}", child, into)
    elif isinstance(node, str):
        into[path] = node.strip()
    else:
        message = f"text {path} is not a string"
        raise TypeError(message)
