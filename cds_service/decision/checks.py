"""What must hold of the texts and leaflets before the first call: every one there is in every language.

Each function gives one line for each thing wrong, and none when all is well.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from string import Formatter

from cds_service.decision.guideline import Guideline
from cds_service.decision.phrases import Text
from cds_service.decision.recommendation import PatientLeaflet

Texts = Mapping[str, Mapping[str, str]]
"""By language, each text by its key."""
Files = Mapping[str, Mapping[str, str]]
"""By language, the file that holds the texts of a key's first part."""


def text_problems(said: Iterable[Text], texts: Texts, files: Files) -> Iterator[str]:
    """Texts that are ``said``, or are there in one language, and missing in another; texts whose placeholders differ."""
    keys = dict.fromkeys([*(one.key for one in said), *(key for language in texts for key in texts[language])])
    for key in keys:
        for language, known in texts.items():
            if key not in known:
                near = _nearest(key, known)
                file = files[language].get(_first(key)) or files[language].get(_first(near), "no file")
                yield f'{key} has no text in "{language}": it belongs in {file}; the nearest known key is "{near}"'
        yield from _differing(key, texts, files)


def _differing(key: str, texts: Texts, files: Files) -> Iterator[str]:
    named: dict[str, frozenset[str]] = {}
    for language in texts:
        if key not in texts[language]:
            continue
        file = files[language].get(_first(key))
        try:
            here = placeholders(texts[language][key])
        except ValueError as error:
            yield f'{key} cannot be filled in in "{language}": {error} ({file})'
            continue
        other, there = next(iter(named.items()), (language, here))
        named[language] = here
        if here != there:
            yield f'{key} has {_listed(there)} in "{other}" but {_listed(here)} in "{language}" ({file})'


def placeholders(text: str) -> frozenset[str]:
    """The names in braces that are filled in when the text is said. ValueError when a brace has no partner."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def leaflet_problems(
    linked: Iterable[PatientLeaflet], guidelines: Iterable[Guideline], languages: Iterable[str]
) -> Iterator[str]:
    """Leaflets a card links to that no guideline has, and leaflets that are not written in a language."""
    guidelines, languages = tuple(guidelines), tuple(languages)
    known = {one.name for guideline in guidelines for one in guideline.leaflets}
    for one in linked:
        if one.name not in known:
            yield f'no guideline has a leaflet "{one.name}"; the nearest is "{_nearest(one.name, known)}"'
    for guideline in guidelines:
        for one in guideline.leaflets:
            for language in languages:
                file = guideline.folder / "leaflets" / language / f"{one.name}.toml"
                if not file.is_file():
                    yield f'the leaflet "{one.name}" is not written in "{language}": {file} is missing'


def _nearest(word: str, known: Iterable[str]) -> str:
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0)), "")


def _first(key: str) -> str:
    return key.partition(".")[0]


def _listed(names: frozenset[str]) -> str:
    return "{" + ", ".join(sorted(names)) + "}"
