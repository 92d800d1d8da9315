"""A situation happens today, whatever day it was written for."""

from datetime import date
from typing import Any

import pytest

from cds_service.web.fhir_server.charts import serve
from cds_service.web.fhir_server.clock import Charts
from cds_service.web.fhir_server.dates import shifted


@pytest.mark.parametrize(
    ("written", "days", "moved"),
    [
        ({"onsetDateTime": "2024-02-28"}, 1, {"onsetDateTime": "2024-02-29"}),
        ({"onsetDateTime": "2024-02-28"}, 2, {"onsetDateTime": "2024-03-01"}),
        ({"birthDate": "1960-02-29"}, 366, {"birthDate": "1961-03-01"}),
        ({"issued": "2024-12-31T23:30:00+07:00"}, 1, {"issued": "2025-01-01T23:30:00+07:00"}),
        ({"authoredOn": "2024-03"}, 20, {"authoredOn": "2024-04"}),
        ({"authoredOn": "2024-03"}, 10, {"authoredOn": "2024-03"}),
        ({"recordedDate": "2024"}, 365, {"recordedDate": "2025"}),
        (
            {"period": {"start": "2024-01-01", "end": "2024-01-02"}},
            -1,
            {"period": {"start": "2023-12-31", "end": "2024-01-01"}},
        ),
        ({"timing": {"event": ["2024-01-01"]}}, 1, {"timing": {"event": ["2024-01-02"]}}),
        (
            {"extension": {"org.cds-service.today": "2024-01-01"}},
            1,
            {"extension": {"org.cds-service.today": "2024-01-01"}},
        ),
        ({"code": "2024"}, 1, {"code": "2024"}),
        ({"text": "seen on 2024-01-01"}, 1, {"text": "seen on 2024-01-01"}),
        ({"onsetDateTime": "2024-02-30"}, 1, {"onsetDateTime": "2024-02-30"}),
        ({"onsetDateTime": "last spring"}, 1, {"onsetDateTime": "last spring"}),
        ({"onsetDateTime": "9999-12-31"}, 1, {"onsetDateTime": "9999-12-31"}),
        ({"onsetDateTime": None}, 1, {"onsetDateTime": None}),
        ({"effectivePeriod": {"start": "2024-01-01"}}, 1, {"effectivePeriod": {"start": "2024-01-02"}}),
    ],
)
def test_dates_move_and_nothing_else_does(written: Any, days: int, moved: Any) -> None:
    assert shifted(written, days) == moved


def test_a_chart_moves_by_the_days_since_its_situation(charts: Charts) -> None:
    situation = charts.situations[0]
    served = serve(situation, date(2026, 3, 2))
    assert served.days == (date(2026, 3, 2) - date(2024, 2, 29)).days
    newest = next(one for one in served.resources if one.get("id") == "cramps-here.k2")
    assert newest["effectiveDateTime"] == "2026-02-28T08:00:00Z"  # two days before, as on the day it was written for
    assert situation.resources[3]["effectiveDateTime"] == "2024-02-27T08:00:00Z"


def test_on_its_own_day_nothing_moves(charts: Charts) -> None:
    served = serve(charts.situations[0], date(2024, 2, 29))
    assert served.resources[1]["recordedDate"] == "2024-02-28T23:30:00+07:00"


def test_ids_are_unique_among_situations(charts: Charts) -> None:
    ids = [f"{one['resourceType']}/{one['id']}" for chart in charts.today() for one in chart.resources]
    assert len(ids) == len(set(ids))
    assert {chart.patient_id for chart in charts.today()} == {"cramps-here", "quinine-there"}


def test_a_call_is_moved_and_renamed_with_its_chart(charts: Charts) -> None:
    call = serve(charts.situations[0], date(2024, 3, 31)).call("patient-view")
    condition = call["prefetch"]["conditions"]["entry"][0]["resource"]
    assert call["context"]["patientId"] == call["prefetch"]["patient"]["id"] == "cramps-here"
    assert condition["id"] == "cramps-here.c1"
    assert condition["subject"] == {"reference": "Patient/cramps-here"}
    assert condition["onsetDateTime"] == "2024-02"
    assert "extension" not in call  # it happens today, by the clock
