"""Where all tests must run, a browser or PostgreSQL test that is skipped fails; on a user's machine it skips."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

@pytest.mark.browser
def test_a_browser():
    pytest.skip("no Chromium here")

@pytest.mark.postgresql
@pytest.mark.skipif(True, reason="no PostgreSQL here")
def test_a_server():
    raise AssertionError

def test_another():
    pytest.skip("not on this system")
"""


@pytest.mark.parametrize("required", [False, True])
def test_a_skip_is_a_failure_where_all_is_required(tmp_path: Path, *, required: bool) -> None:
    here = Path(__file__).parent.parent
    shutil.copy(here / "conftest.py", tmp_path)
    (tmp_path / "test_skips.py").write_text(TESTS)
    environment = {name: value for name, value in os.environ.items() if name != "REQUIRE_ALL_TESTS"}
    environment |= {"REQUIRE_ALL_TESTS": "1"} if required else {}
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "-p", "no:cacheprovider", "-c", os.devnull]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, env=environment, check=False)
    closing = done.stdout.splitlines()[-1]
    assert done.returncode == int(required)
    assert ("1 failed" in closing and "1 error" in closing) is required  # skipped in the test; skipped before it
    assert ("1 skipped" if required else "3 skipped") in closing
    assert ("no Chromium here" in done.stdout) is required
    assert ("no PostgreSQL here" in done.stdout) is required
