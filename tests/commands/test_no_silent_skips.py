"""Where all tests must run, a browser, PostgreSQL or Spark test that is skipped fails; elsewhere it skips."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import NEEDS

ROOT = Path(__file__).parent.parent.parent
TESTS = """
import pytest

@pytest.mark.browser
def test_a_browser():
    pytest.skip("no Chromium here")

@pytest.mark.postgresql
@pytest.mark.skipif(True, reason="no PostgreSQL here")
def test_a_server():
    raise AssertionError

@pytest.mark.spark
def test_a_cluster():
    pytest.skip("no Java here")

def test_another():
    pytest.skip("not on this system")
"""


@pytest.mark.parametrize("required", [False, True])
def test_a_skip_is_a_failure_where_all_is_required(tmp_path: Path, *, required: bool) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_skips.py").write_text(TESTS)
    environment = {name: value for name, value in os.environ.items() if name != "REQUIRE_ALL_TESTS"}
    environment |= {"REQUIRE_ALL_TESTS": "1"} if required else {}
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "-p", "no:cacheprovider", "-c", os.devnull]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, env=environment, check=False)
    closing = done.stdout.splitlines()[-1]
    assert done.returncode == int(required)
    assert ("2 failed" in closing and "1 error" in closing) is required  # skipped in the test; skipped before it
    assert ("1 skipped" if required else "4 skipped") in closing
    assert ("no Chromium here" in done.stdout) is required
    assert ("no PostgreSQL here" in done.stdout) is required
    assert ("no Java here" in done.stdout) is required


def test_every_marker_is_guarded_and_left_out_where_only_python_is_tested() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert tuple(marker.split(":")[0] for marker in options["markers"]) == NEEDS
    assert f"-m '{' and '.join(f'not {name}' for name in NEEDS)}'" in (ROOT / ".ci" / "run").read_text()
