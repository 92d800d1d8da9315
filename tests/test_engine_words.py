"""The engine names no medicine: a word of a guideline outside ``guidelines/`` and ``patient/`` is a leak."""

import re
from pathlib import Path

import pytest

import cds_service

PACKAGE = Path(cds_service.__file__).parent
ANYWHERE = re.compile(r"quinine|cramp|potassium|magnesium|malaria|stretching", re.IGNORECASE)  # also inside a word
WHOLE = re.compile(r"\b(?:(?i:kina)|ALS)\b")
KNOWS_MEDICINE = ("guidelines", "patient")
DESCRIPTION = Path("__init__.py")  # the package says what it is for
FILES = sorted(
    path.relative_to(PACKAGE)
    for kind in ("py", "html", "toml", "js")
    for path in PACKAGE.rglob(f"*.{kind}")
    if path.relative_to(PACKAGE).parts[0] not in KNOWS_MEDICINE and path.relative_to(PACKAGE) != DESCRIPTION
)


def words_in(text: str) -> list[str]:
    return ANYWHERE.findall(text) + WHOLE.findall(text)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_word_of_a_guideline_stands_in_the_engine(path: Path) -> None:
    assert words_in((PACKAGE / path).read_text(encoding="utf-8")) == []


def test_the_words_are_found() -> None:
    assert len(FILES) > 100
    assert words_in("class AvoidQuinine: ...  # leg_cramps, ALS") == ["Quinine", "cramp", "ALS"]
    assert words_in("also, kinase, signals") == []
    assert words_in("Kina sulfat") == ["Kina"]
