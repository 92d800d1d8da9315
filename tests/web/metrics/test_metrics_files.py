"""The folder of the workers' counters: fresh, our own, gone afterwards."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import values

from cds_service.web.metrics import files as metrics_files


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(metrics_files.VARIABLE, raising=False)
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)


def test_a_given_folder_is_emptied_of_an_earlier_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "counters"
    folder.mkdir()
    (folder / "counter_1.db").write_bytes(b"old")
    (folder / "notes.txt").write_text("not ours")
    monkeypatch.setenv(metrics_files.VARIABLE, str(folder))
    metrics_files.begin()
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]
    assert values.ValueClass.__name__ == "MmapedValue"


def test_a_folder_of_our_own_goes_with_the_process_that_made_it() -> None:
    program = """
import os
from cds_service.web.metrics import files as metrics_files
metrics_files.begin()
folder = os.environ[metrics_files.VARIABLE]
assert os.stat(folder).st_mode & 0o777 == 0o700
child = os.fork()
if child == 0:
    raise SystemExit
os.waitpid(child, 0)
assert os.path.isdir(folder)
print(folder)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ)
    assert "cds-service-metrics-" in done.stdout
    assert not Path(done.stdout.strip()).exists()
