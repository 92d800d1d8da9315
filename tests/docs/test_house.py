"""What the pages say of the house is so."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PLACES = (ROOT, ROOT / "cds_service", ROOT / "cds_service" / "guidelines" / "leg_cramps", ROOT / "deploy")


FOLLOWED = ROOT / "docs" / "add-a-recommendation.md"  # makes the files it names, and has a test of its own
PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
PAGES.remove(FOLLOWED)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_and_folder_a_page_names_is_there(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    for name in re.findall(r"`(?!build/)([\w.-]+/(?:[\w./-]*(?:/|\.[a-z]+))?)`", text):
        assert any((place / name).exists() for place in PLACES), name
