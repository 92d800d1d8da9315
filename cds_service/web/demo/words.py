"""The words of the demo page, in English and Indonesian."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def demo_words(language: str) -> Mapping[str, str]:
    """Every word of the page in "en" or "id"; ``{…}`` in a text is filled in by the page."""
    path = resources.files(__package__).joinpath("templates", "demo", f"{language}.toml")
    return {key: str(value) for key, value in tomllib.loads(path.read_text("utf-8")).items()}
