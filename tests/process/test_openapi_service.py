"""The running service keeps to its OpenAPI document: schemathesis makes up requests for every endpoint."""

from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig

from cds_service.catalogue import CATALOGUE
from tests.running_service import running

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


def test_every_endpoint_answers_as_the_document_says(tmp_path: Path) -> None:
    with running(tmp_path, CDS_FETCH_DEADLINE_SECONDS="0.1") as service:
        config = SchemathesisConfig.from_path(CONFIG)
        config.projects.default.update(base_url=service.url)
        api = schemathesis.openapi.from_url(f"{service.url}/openapi.json", config=config)
        tried = []
        for found in api.get_all_operations():
            operation = found.ok()
            tried.append(operation.label)
            _try(operation)
    assert {f"POST /cds-services/{service.id}" for service in CATALOGUE} < set(tried)
    assert {"GET /cds-services", "GET /livez", "GET /readyz", "GET /metrics"} < set(tried)


def _try(operation: Any) -> None:
    @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def keeps_to_it(case: schemathesis.Case) -> None:
        case.call_and_validate()

    keeps_to_it()
