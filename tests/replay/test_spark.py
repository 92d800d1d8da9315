"""The same replay on Apache Spark, two threads of this machine: the very files the embedded engine writes."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cds_service.replay.results.outputs import CALLS, CARDS, SUMMARY, UNREAD
from cds_service.replay.results.review import REVIEW_CSV
from tests.replay.conftest import DAY, KEY, Export

INSTALLED = Path(__file__).parents[2] / ".spark"
"""Where ``make spark`` puts PySpark: apart, since nothing else needs it."""


def _path() -> str:
    if shutil.which("java") is None:
        pytest.skip("no Java here")
    if importlib.util.find_spec("pyspark") is None and not (INSTALLED / "pyspark").is_dir():
        pytest.skip("no PySpark here; `make spark` installs it")
    return os.pathsep.join(filter(None, (str(INSTALLED), os.environ.get("PYTHONPATH"))))


@pytest.mark.spark
def test_spark_writes_the_same_files(large_export: Export, tmp_path: Path) -> None:
    """Also the review of a sample, whose charts Spark is asked for again."""
    environment = os.environ | {
        "PYTHONPATH": _path(),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=2"
        " pyspark-shell",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    key = tmp_path / "key"
    key.write_text(KEY.hex())
    key.chmod(0o600)
    for engine in ("duckdb", "spark"):
        command = [
            sys.executable,
            "-m",
            "cds_service",
            "replay",
            str(large_export.folder),
            "--output",
            str(tmp_path / engine),
        ]
        options = ["--engine", engine, "--review", "8", "--as-of", DAY.isoformat(), "--key", str(key), "--workers", "1"]
        done = subprocess.run([*command, *options], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    for file in (CALLS, CARDS, SUMMARY, UNREAD, REVIEW_CSV):
        assert (tmp_path / "spark" / file).read_bytes() == (tmp_path / "duckdb" / file).read_bytes()
