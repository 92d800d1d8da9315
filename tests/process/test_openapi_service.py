"""The running service keeps to its OpenAPI document: schemathesis makes up requests for every endpoint."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig

from cds_service.catalogue import CATALOGUE
from tests.running_service import Running, running

CONFIG = Path(__file__).parents[2] / "schemathesis.toml"
EXAMPLES = 25
"""Requests made up for each endpoint."""


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:  # noqa: ARG001 - schemathesis' signature
    """No schema can say that what a clinician did lies in the past."""
    if isinstance(body, dict) and isinstance(body.get("feedback"), list):
        for item in body["feedback"]:
            if isinstance(item, dict) and "outcomeTimestamp" in item:
                item["outcomeTimestamp"] = "2026-03-02T08:05:31Z"
    return body


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("openapi"), CDS_FETCH_DEADLINE_SECONDS="0.1") as started:
        yield started


def test_every_endpoint_keeps_to_the_document_at_its_edges(service: Running, tmp_path: Path) -> None:
    """What is on either side of each limit in it: lengths, missing and doubled members, methods, headers."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "--no-color", "run"]
    done = subprocess.run(
        [*command, f"{service.url}/openapi.json", "--phases", "coverage"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    tested = re.search(r"Selected: (\d+)/(\d+)\n +Tested: (\d+)", done.stdout)
    assert tested is not None, done.stdout
    assert len(set(tested.groups())) == 1, done.stdout
    assert int(tested[1]) > 2 * len(CATALOGUE)


def test_whatever_is_posted_is_answered_as_the_document_says(service: Running) -> None:
    config = SchemathesisConfig.from_path(CONFIG)
    config.projects.default.update(base_url=service.url)
    api = schemathesis.openapi.from_url(f"{service.url}/openapi.json", config=config)
    tried = set()
    for found in api.get_all_operations():
        operation = found.ok()
        if operation.method == "post":
            tried.add(operation.label)
            _try(operation)
    assert tried == {f"POST /cds-services/{one.id}{more}" for one in CATALOGUE for more in ("", "/feedback")}


def _try(operation: Any) -> None:
    @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def keeps_to_it(case: schemathesis.Case) -> None:
        case.call_and_validate()

    keeps_to_it()
