"""The words of the pages themselves, beside those of the rules."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

ATTRIBUTES: Mapping[str, str] = {
    "citation": "not_stated",
    "developer": "not_stated",
    "funding": "not_stated",
    "dates": "not_stated",
    "race": "not_used",
    "ethnicity": "not_used",
    "language": "not_used",
    "sexual_orientation": "not_used",
    "gender_identity": "not_used",
    "sex": "not_used",
    "birth_date": "not_used",
    "social_determinants": "not_used",
    "health_status": "not_used",
}
"""The source attributes of an evidence-based intervention, 45 CFR 170.315(b)(11), each with what is said of it where
there is nothing else to say."""
WINDOWS = ("days_without_status", "days_of_visit", "days_in_any_status")
"""How long a record of a problem may count: fields of ``ProblemConcept``."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language: ``label["limits"]``, and families such as ``need``, asked for by name."""

    label: Mapping[str, str]
    families: Mapping[str, Mapping[str, str]]

    def get(self, family: str, name: str) -> str:
        """One word of a family; its own name where there is none, so that a new one is seen and not lost."""
        return self.families[family].get(name, name)


@cache
def words(language: str) -> Words:
    """The words of "en" or "id"."""
    path = resources.files(__package__).joinpath("templates", "recommendations", f"{language}.toml")
    read: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return Words(read.pop("label"), read)
