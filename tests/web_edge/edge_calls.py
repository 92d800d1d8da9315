"""What the edge's tests share: the address of a call, and how an error must look."""

from typing import Any

from werkzeug.test import TestResponse

CALL = "/cds-services/leg-cramps-patient-view"


def issue_of(response: TestResponse) -> dict[str, Any]:
    """The one issue of an OperationOutcome, its envelope checked."""
    assert response.mimetype == "application/fhir+json"
    document = response.get_json(force=True)
    assert document["resourceType"] == "OperationOutcome"
    (issue,) = document["issue"]
    assert issue["severity"] == "error"
    assert issue["details"]["text"]
    return dict(issue)
