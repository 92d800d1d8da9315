"""The house keeps its measure, and what the pages say of it is so."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MOST_LINES = 320
MOST_MODULES = 16
PLACES = (ROOT, ROOT / "cds_service", ROOT / "cds_service" / "guidelines" / "leg_cramps", ROOT / "deploy")


FOLLOWED = ROOT / "docs" / "add-a-recommendation.md"  # makes the files it names, and has a test of its own
PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
PAGES.remove(FOLLOWED)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_and_folder_a_page_names_is_there(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    for name in re.findall(r"`(?!build/)([\w.-]+/(?:[\w./-]*(?:/|\.[a-z]+))?)`", text):
        assert any((place / name).exists() for place in PLACES), name


def test_no_module_is_longer_than_one_can_take_in() -> None:
    modules = (ROOT / "cds_service").rglob("*.py")
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules}
    assert len(lengths) > 150
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


@pytest.mark.parametrize("top", ["cds_service", "tests"])
def test_no_folder_holds_more_modules_than_one_can_take_in(top: str) -> None:
    modules = Counter(str(path.parent.relative_to(ROOT)) for path in (ROOT / top).rglob("*.py"))
    assert len(modules) > 20
    assert {folder: count for folder, count in modules.items() if count > MOST_MODULES} == {}
