"""The words of the demo page, in English and Indonesian."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

from cds_service.cards.wording import words_in


@cache
def demo_words(language: str) -> Mapping[str, str]:
    """Every word of the page in "en" or "id"; ``{…}`` in a text is filled in by the page."""
    return words_in(resources.files(__package__) / "templates" / "demo", language)
