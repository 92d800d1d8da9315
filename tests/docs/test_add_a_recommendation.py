"""The page on adding a recommendation is followed word for word, on a copy of the source tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "add-a-recommendation.md"
COPIED = (
    "cds_service",
    "tests",
    "tools",
    "fhir_fixtures",
    "docs",
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "pyproject.toml",
)
STEP = re.compile(r"<!-- (file|line): ([^\s,]+)(?:, after: (.*?))? -->\n```\w+\n(.*?)```\n", re.DOTALL)


def follow(tree: Path) -> set[str]:
    """Do what the page says; returns the files that were there before and are changed."""
    changed = set()
    for kind, name, after, content in STEP.findall(PAGE.read_text(encoding="utf-8")):
        path = tree / name
        if kind == "file":
            assert not path.exists()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        else:
            lines = path.read_text(encoding="utf-8").split("\n")
            (place,) = (number for number, line in enumerate(lines) if line.endswith(after))
            path.write_text("\n".join([*lines[: place + 1], content.removesuffix("\n"), *lines[place + 1 :]]))
            changed.add(name)
    return changed


def run(tree: Path, *arguments: str) -> str:
    """Run Python on the copy."""
    environment = os.environ | {"PYTHONPATH": str(tree)}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_a_recommendation_is_one_folder_one_line_one_situation_and_one_test_file(tmp_path: Path) -> None:
    for name in COPIED:
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, tmp_path / name, ignore=ignored) if source.is_dir() else shutil.copy(source, tmp_path)
    assert follow(tmp_path) == {"cds_service/guidelines/leg_cramps/__init__.py"}
    written = run(tmp_path, "tools/generate.py")
    assert "written: fhir_fixtures/restless-legs/response.json" in written
    answer = (tmp_path / "fhir_fixtures" / "restless-legs" / "response.json").read_text()
    assert "RestlessLegs" in answer
    own = tmp_path / "tests" / "guidelines" / "leg_cramps"
    tests = [*map(str, own.glob("test_*.py")), str(own / "restless_legs"), "tests/derived"]
    run(tmp_path, "-m", "pytest", "-q", "--no-cov", "-p", "no:cacheprovider", *tests)
    run(tmp_path, "-m", "mypy", "--no-error-summary", "cds_service/guidelines/leg_cramps/restless_legs")
    run(tmp_path, "-m", "ruff", "check", "cds_service/guidelines", "tests/guidelines", "fhir_fixtures")
