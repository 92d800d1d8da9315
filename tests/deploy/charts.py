"""The chart as Helm itself renders it."""

import copy
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm"
RELEASE = "leg-cramps"

Objects = dict[str, dict[str, Any]]
"""By the name of the template; where that makes several, each by its kind."""


def helm() -> str:
    """The program: what ``make helm`` brought, else the system's; skips where there is none."""
    ours = ROOT / ".helm" / "helm"
    found = str(ours) if ours.is_file() else shutil.which("helm")
    if found is None:
        pytest.skip("no Helm here: make helm, or install it")
    return found


def template(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run ``helm template``."""
    command = [helm(), "template", RELEASE, str(CHART), "--namespace", "cds", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Helm's way: tables are merged, everything else is replaced."""
    found = copy.deepcopy(first)
    for name, value in second.items():
        both = isinstance(value, dict) and isinstance(found.get(name), dict)
        found[name] = merged(found[name], value) if both else value
    return found


def example() -> dict[str, Any]:
    """The example's values."""
    found: dict[str, Any] = yaml.safe_load((CHART / "example-values.yaml").read_text())
    return found


def refused(values: dict[str, Any]) -> str:
    """What Helm says when it does not take the values; "" when it does."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(values, file)
        file.flush()
        ran = template("--values", file.name)
    return ran.stderr if ran.returncode else ""


def rendered(values: dict[str, Any], *arguments: str) -> Objects:
    """The chart's objects."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(values, file)
        file.flush()
        ran = template("--values", file.name, *arguments)
    assert ran.returncode == 0, ran.stderr
    found: Objects = {}
    for part in re.split(r"(?m)^---$", ran.stdout):
        made = yaml.safe_load(part)
        source = re.search(r"# Source: \S+/templates/(\S+)\.yaml", part)
        if made is not None and source is not None:
            found[made["kind"] if source[1] == "monitoring" else source[1]] = made
    return found
