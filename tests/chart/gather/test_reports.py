"""What a DiagnosticReport says for its results: contained in it, or named by it."""

from typing import Any

import pytest

from tests.builders.fhir import MINE, bundle, facts_of, potassium


def report(**more: Any) -> dict[str, Any]:
    made = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "status": "final",
        "subject": MINE,
        "effectiveDateTime": "2026-02-27",
        **more,
    }
    return {name: value for name, value in made.items() if value is not ...}


def holding(inner: Any, reference: Any = "#k", **more: Any) -> tuple[Any, ...]:
    return (report(contained=[inner], result=[{"reference": reference}], **more),)


def naming(result: Any, **more: Any) -> tuple[Any, ...]:
    return (
        result,
        report(result=[{"reference": "Observation/x"}, {"reference": f"Observation/{result['id']}"}], **more),
    )


BOTH = pytest.mark.parametrize("with_result", [holding, naming])


def results_of(*resources: Any) -> Any:
    return facts_of({"all": bundle(*resources)}).results


@BOTH
@pytest.mark.parametrize("status", ["entered-in-error", "cancelled", "Entered In Error", "dibatalkan"])
def test_the_results_of_a_report_that_never_was_are_none(with_result: Any, status: Any) -> None:
    assert results_of(*with_result(potassium("k"), status=status)) == ()


@BOTH
def test_the_results_of_a_report_that_is_only_registered_are_not_used(with_result: Any) -> None:
    assert [one.unusable for one in results_of(*with_result(potassium("k"), status="registered"))] == ["status"]


@BOTH
@pytest.mark.parametrize("status", ["final", "partial", "made-up", ..., None, ["final"]])
def test_any_other_status_of_a_report_leaves_the_results_own(with_result: Any, status: Any) -> None:
    (one,) = results_of(*with_result(potassium("k", status="amended"), status=status))
    assert (one.status, one.unusable) == ("amended", None)


@BOTH
@pytest.mark.parametrize(
    ("own", "day", "unusable"),
    [
        ({"day": "2026-03-01"}, "2026-03-01", None),
        ({"day": ...}, "2026-02-27", None),
        ({"day": "28/02/2026"}, "2026-02-27", None),
        ({"day": ..., "issued": "2026-02-28"}, "2026-02-28", None),
        ({"day": "28/02/2026", "issued": "2026-02-28"}, "2026-02-28", None),
    ],
)
def test_a_report_lends_its_date(with_result: Any, own: Any, day: Any, unusable: Any) -> None:
    (one,) = results_of(*with_result(potassium("k", **own)))
    assert (one.moment.day.isoformat(), one.unusable) == (day, unusable)


@BOTH
def test_a_report_lends_its_issued_time_and_its_period(with_result: Any) -> None:
    bare = potassium("k", day=...)
    issued = {"effectiveDateTime": ..., "issued": "2026-02-26T10:00:00Z"}
    (one,) = results_of(*with_result(bare, **issued))
    assert one.moment.day.isoformat() == "2026-02-26"
    period = {"effectiveDateTime": ..., "effectivePeriod": {"start": "2026-02-25", "end": "2026-02-25"}}
    (one,) = results_of(*with_result(bare, **period))
    assert one.moment.day.isoformat() == "2026-02-25"


@BOTH
def test_a_report_lends_its_subject(with_result: Any) -> None:
    nobodys = potassium("k", subject=...)
    assert len(results_of(*with_result(nobodys))) == 1
    assert results_of(*with_result(nobodys, subject={"reference": "Patient/p2"})) == ()


def test_a_result_that_says_whose_it_is_is_not_its_reports_subjects() -> None:
    assert len(results_of(*naming(potassium("k"), subject={"reference": "Patient/p2"}))) == 1


@pytest.mark.parametrize(
    "reference", ["Observation/k", "https://ehr.example/fhir/Observation/k", "Observation/k/_history/2", "urn:uuid:k"]
)
def test_a_result_is_named_in_any_form(reference: Any) -> None:
    lost = report(status="entered-in-error", result=[{"reference": reference}])
    assert results_of(potassium("k"), lost) == ()
    assert [one.source for one in results_of(potassium("other"), lost)] == ["Observation/other"]


def test_an_odd_report_costs_nothing() -> None:
    odd = report(result=["x", None, 7, {"reference": ["Observation/k"]}], contained="junk", status={"a": 1})
    assert len(results_of(potassium("k"), odd)) == 1
