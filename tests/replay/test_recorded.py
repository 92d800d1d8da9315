"""A resource as it was at a moment: just before, at, just after each date that tells; and what no date tells."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cds_service.replay.recorded import Doubt, as_recorded

ZONE = ZoneInfo("Asia/Jakarta")
MOMENT = datetime(2025, 6, 10, 9, 0, tzinfo=ZONE)
ENDED = {"coding": [{"code": "resolved"}]}


def then(kind: str, **members: Any) -> tuple[Any, Doubt | None]:
    return as_recorded({"resourceType": kind, "id": "1", **members}, MOMENT, ZONE)


@pytest.mark.parametrize(
    ("kind", "member"),
    [
        ("Condition", "recordedDate"),
        ("Condition", "dateRecorded"),
        ("Condition", "assertedDate"),
        ("AllergyIntolerance", "recordedDate"),
        ("Observation", "issued"),
        ("MedicationRequest", "authoredOn"),
        ("MedicationOrder", "dateWritten"),
        ("MedicationStatement", "dateAsserted"),
        ("Condition", "onsetDateTime"),
        ("Observation", "effectiveDateTime"),
    ],
)
@pytest.mark.parametrize(
    ("told", "there"),
    [
        ("2025-06-10T08:59:59+07:00", True),
        ("2025-06-10T09:00:00+07:00", True),
        ("2025-06-10T02:00:01Z", False),
        ("2025-06-09", True),
        ("2025-06-10", False),  # the day of the visit: not known when it began
        ("2025-05", True),
        ("2025-06", False),
        ("2024", True),
    ],
)
def test_what_came_later_is_not_there(kind: str, member: str, told: str, there: bool) -> None:
    resource, doubt = then(kind, **{member: told})
    assert (resource is not None) is there
    assert doubt is None


def test_when_it_was_recorded_counts_before_when_it_happened() -> None:
    assert then("Condition", recordedDate="2025-07-01", onsetDateTime="2020-01-01") == (None, None)
    assert then("Observation", issued="2025-01-01", effectiveDateTime="2025-07-01")[0] is not None
    assert then("MedicationStatement", effectivePeriod={"start": "2025-07-01"}) == (None, None)


def test_what_ended_later_was_active_then() -> None:
    problem, doubt = then(
        "Condition",
        recordedDate="2025-01-01",
        clinicalStatus=ENDED,
        abatementDateTime="2025-06-10",
        abatementString="x",
    )
    assert doubt is None
    assert problem["clinicalStatus"]["coding"][0]["code"] == "active"
    assert not any(name.startswith("abatement") for name in problem)
    order, doubt = then(
        "MedicationRequest",
        authoredOn="2025-01-01",
        status="stopped",
        statusReason={"text": "x"},
        dispenseRequest={"validityPeriod": {"end": "2025-07-01"}},
    )
    assert (order["status"], "statusReason" in order, doubt) == ("active", False, None)
    statement, _ = then(
        "MedicationStatement", status="completed", effectivePeriod={"start": "2025-01-01", "end": "2025-06-11"}
    )
    assert statement["status"] == "active"


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("Condition", {"clinicalStatus": ENDED, "abatementDateTime": "2025-06-09", "recordedDate": "2025-01-01"}),
        ("MedicationStatement", {"status": "completed", "effectivePeriod": {"start": "2025-01", "end": "2025-06-09"}}),
        ("MedicationRequest", {"status": "active", "authoredOn": "2025-01-01"}),
        ("Patient", {"deceasedDateTime": "2026-01-01"}),
    ],
)
def test_what_had_ended_or_goes_on_stays_as_it_is(kind: str, members: dict[str, Any]) -> None:
    assert then(kind, **members) == ({"resourceType": kind, "id": "1", **members}, None)


@pytest.mark.parametrize(
    ("kind", "members", "doubt"),
    [
        ("Condition", {"clinicalStatus": ENDED, "recordedDate": "2025-01-01"}, Doubt.ENDED),
        ("Condition", {"clinicalStatus": "resolved", "recordedDate": "2025-01-01"}, Doubt.ENDED),
        ("MedicationRequest", {"status": "completed", "authoredOn": "2025-01-01"}, Doubt.ENDED),
        ("Condition", {}, Doubt.RECORDED),
        ("Condition", {"recordedDate": "yesterday"}, Doubt.RECORDED),
        ("AllergyIntolerance", {}, Doubt.RECORDED),
    ],
)
def test_what_no_date_tells_is_kept_and_said(kind: str, members: dict[str, Any], doubt: Doubt) -> None:
    resource, said = then(kind, **members)
    assert resource == {"resourceType": kind, "id": "1", **members}
    assert said is doubt
    for updated, still in (("2025-06-10T09:00:00+07:00", None), ("2025-06-10T09:00:01+07:00", doubt)):
        assert then(kind, meta={"lastUpdated": updated}, **members)[1] is still
