"""What became of a query: the difference between "nothing there" and "not known"."""

from typing import Any

import pytest

from cds_service.chart import queries
from cds_service.patient.received import Receipt
from tests.builders.fhir import MINE, bundle, chart_of, condition, outcome, patient, potassium, quinine

NEXT = {"link": [{"relation": "next", "url": "https://ehr.example/fhir?page=2"}]}
OTHERS = condition("c9", subject={"reference": "Patient/other"})
WITH_INCLUDED = {
    "resourceType": "Bundle",
    "entry": [
        {"resource": condition(), "search": {"mode": "match"}},
        {"resource": patient(), "search": {"mode": "include"}},
    ],
}
SELF = "https://ehr.example/fhir/Condition?patient=p1"


def searched(url: Any) -> dict[str, Any]:
    return {"link": [{"relation": "self", "url": url}], "total": 0}


@pytest.mark.parametrize(
    ("prefetch", "receipt", "held"),
    [
        # received
        ({"conditions": bundle(condition())}, "received", 1),
        ({"conditions": bundle(condition(), total=1)}, "received", 1),
        ({"conditions": bundle(condition(), total=True)}, "received", 1),
        ({"conditions": condition()}, "received", 1),
        ({"conditions": [condition("c1"), condition("c2")]}, "received", 2),
        ({"problems": bundle(condition())}, "received", 1),
        ({"patient": bundle(patient(), condition())}, "received", 1),
        ({"conditions": {"response": {"status": "200 OK"}, "resource": bundle(condition())}}, "received", 1),
        ({"conditions": {"resource": condition()}}, "received", 1),
        ({"conditions": {"one": condition("c1"), "two": bundle(condition("c2"))}}, "received", 2),
        ({"conditions": {"entry": [{"resource": condition()}]}}, "received", 1),
        ({"conditions": {"resourceType": "Bundle", "entry": {"resource": condition()}}}, "received", 1),
        ({"conditions": {"resourceType": "Bundle", "entry": [condition()]}}, "received", 1),
        ({"conditions": bundle(bundle(condition("c1")), bundle(condition("c2")))}, "received", 2),
        ({"conditions": bundle({"resource": condition()})}, "received", 1),
        ({"conditions": bundle(condition()), "dx": bundle(condition("c2"), **NEXT)}, "received", 2),
        ({"conditions": None, "dx": bundle(condition())}, "received", 1),
        ({"conditions": bundle(condition(), OTHERS)}, "received", 1),
        ({"conditions": bundle(condition(), patient(), total=1)}, "received", 1),
        ({"conditions": WITH_INCLUDED | {"total": 1}}, "received", 1),
        # known empty
        ({"conditions": None}, "empty", 0),
        ({"conditions": {}}, "empty", 0),
        ({"conditions": []}, "empty", 0),
        ({"conditions": {"resourceType": "Bundle"}}, "empty", 0),
        ({"conditions": {"resourceType": "Bundle", "entry": None}}, "empty", 0),
        ({"conditions": bundle(total=0)}, "empty", 0),
        ({"conditions": bundle(total=True)}, "empty", 0),
        ({"conditions": bundle(outcome(), total=0)}, "empty", 0),
        ({"conditions": {"resource": None, "response": {"status": "200"}}}, "empty", 0),
        ({"conditions": bundle(bundle())}, "empty", 0),
        ({"dx": bundle(**searched(SELF))}, "empty", 0),
        # partial
        ({"conditions": bundle(condition(), **NEXT)}, "partial", 1),
        ({"conditions": bundle(condition(), outcome())}, "partial", 1),
        ({"conditions": bundle(condition(), total=2)}, "partial", 1),
        ({"conditions": bundle(condition(), patient(), total=2)}, "received", 1),
        ({"conditions": bundle(total=1)}, "partial", 0),
        ({"conditions": WITH_INCLUDED | {"total": 2}}, "partial", 1),
        ({"conditions": bundle(**NEXT)}, "partial", 0),
        ({"dx": bundle(condition(), **NEXT)}, "partial", 1),
        ({"conditions": outcome("error"), "dx": bundle(condition())}, "partial", 1),
        ({"conditions": {"resourceType": "Bundle", "entry": [None]}}, "partial", 0),
        ({"conditions": {"entry": [{"resource": condition()}, {"response": {"status": "403"}}]}}, "partial", 1),
        # failed
        ({"conditions": outcome("error")}, "failed", 0),
        ({"conditions": bundle(outcome("error"))}, "failed", 0),
        ({"conditions": bundle(outcome("error"), total=0)}, "failed", 0),
        ({"conditions": bundle(outcome())}, "failed", 0),
        ({"conditions": {"response": {"status": "404 Not Found"}}}, "failed", 0),
        ({"conditions": {"response": {"status": 500}, "resource": bundle(condition())}}, "failed", 0),
        ({"conditions": "none"}, "unanswered", 0),
        ({"conditions": {"note": "n/a"}}, "unanswered", 0),
        # absent
        ({}, "absent", 0),
        ({"dx": None}, "absent", 0),
        ({"dx": bundle()}, "absent", 0),
        ({"dx": outcome("error")}, "absent", 0),
        ({"conditions": bundle(potassium())}, "absent", 0),
        ({"conditions": bundle(OTHERS)}, "absent", 0),
        ({"conditions": bundle(OTHERS, **NEXT)}, "absent", 0),
        ({"conditions": bundle(OTHERS, outcome())}, "absent", 0),
        ({"conditions": bundle(OTHERS), "dx": bundle(OTHERS, total=2)}, "absent", 0),
        ({"dx": bundle(**searched(SELF + "&category=encounter-diagnosis"))}, "absent", 0),
        ({"dx": bundle(**searched("https://ehr.example/fhir/Observation?patient=p1"))}, "absent", 0),
        ({"dx": bundle(**searched(SELF + "&code=http://snomed.info/sct|1"))}, "absent", 0),
    ],
)
def test_the_state_of_the_conditions_query(prefetch: Any, receipt: Any, held: Any) -> None:
    answer = chart_of(prefetch).answers["conditions"]
    assert (answer.receipt.value, len(answer.resources)) == (receipt, held)


def someone_elses(kind: str) -> dict[str, Any]:
    if kind == "Patient":
        return {"resourceType": kind, "id": "other"}
    return {"resourceType": kind, "id": "x", "subject": {"reference": "Patient/other"}}


@pytest.mark.parametrize("query", queries.ALL, ids=lambda query: query.key)
def test_a_query_that_brought_only_strangers_is_unknown_and_never_empty(query: Any) -> None:
    for member in (bundle(someone_elses(query.resource_types[0])), bundle(someone_elses(query.resource_types[-1]))):
        chart = chart_of({**dict.fromkeys(one.key for one in queries.ALL), query.key: member})
        assert chart.answers[query.key].receipt is Receipt.ABSENT
        assert chart.strangers == 1
        assert {answer.receipt for key, answer in chart.answers.items() if key != query.key} == {Receipt.EMPTY}


def test_strangers_under_names_of_the_sites_own_do_not_become_a_search_that_found_nothing() -> None:
    renamed = {f"x{one.key}": bundle() for one in queries.ALL} | {"xconditions": bundle(OTHERS)}
    receipts = {key: answer.receipt for key, answer in chart_of(renamed).answers.items()}
    assert receipts.pop("conditions") is Receipt.ABSENT
    assert set(receipts.values()) == {Receipt.EMPTY}


@pytest.mark.parametrize("key", ["medications", "xsnoitidnoc", "conditions"])
def test_resources_are_found_by_type_whatever_the_key(key: Any) -> None:
    chart = chart_of({key: bundle(patient(), condition(), potassium(), quinine())})
    held = {name: len(answer.resources) for name, answer in chart.answers.items()}
    assert held == {
        "patient": 1,
        "conditions": 1,
        "observations": 1,
        "medicationRequests": 1,
        "medicationStatements": 0,
        "allergies": 0,
    }
    assert chart.answers["allergies"].receipt is Receipt.ABSENT


@pytest.mark.parametrize(
    ("query", "receipt"),
    [
        ("patient=p1&category=laboratory", "empty"),
        ("patient=p1&code=http://loinc.org|2823-3&_count=50", "empty"),
        ("subject=Patient/p1", "empty"),
        ("patient=p1&category=vital-signs", "absent"),
        ("patient=p1&date=gt2026-01-01", "absent"),
    ],
)
def test_a_foreign_key_is_empty_only_for_what_its_self_link_asked(query: Any, receipt: Any) -> None:
    chart = chart_of({"labs": bundle(**searched(f"https://ehr.example/fhir/Observation?{query}"))})
    assert chart.answers["observations"].receipt.value == receipt


def test_a_bundle_of_any_type_is_opened() -> None:
    for kind in ("searchset", "collection", "transaction", "document", "batch", "message", "history", None):
        held = bundle(condition()) | {"type": kind}
        assert len(chart_of({"conditions": held}).answers["conditions"].resources) == 1


def test_one_resource_under_several_keys_counts_once_and_the_newest_version_wins() -> None:
    older = condition(meta={"lastUpdated": "2026-01-01T00:00:00Z"}, clinicalStatus="resolved")
    newer = condition(meta={"lastUpdated": "2026-02-01T00:00:00Z"}, clinicalStatus="active")
    for first, second in ((older, newer), (newer, older)):
        held = chart_of({"conditions": bundle(first), "dx": bundle(second)}).answers["conditions"].resources
        assert held == (newer,)


def test_the_same_id_of_different_types_is_two_resources() -> None:
    chart = chart_of({"all": bundle(condition("x"), potassium("x"))})
    assert len(chart.answers["conditions"].resources) == len(chart.answers["observations"].resources) == 1


def test_resources_without_an_id_are_all_kept() -> None:
    assert len(chart_of({"all": bundle(condition(...), condition(...))}).answers["conditions"].resources) == 2


def test_observations_inside_a_report_are_found() -> None:
    report = {"resourceType": "DiagnosticReport", "subject": MINE, "contained": [potassium("r1"), "junk"]}
    other = report | {"contained": [potassium("r1", 5.0)]}
    assert len(chart_of({"reports": bundle(report, other)}).answers["observations"].resources) == 2


@pytest.mark.parametrize(
    ("member", "place", "why"),
    [
        (
            {"conditions": {"resourceType": "Bundle", "entry": [{"resource": condition()}, 7]}},
            "conditions[1]",
            "no-resource",
        ),
        (
            {"conditions": {"resourceType": "Bundle", "entry": [{"fullUrl": "urn:uuid:1"}]}},
            "conditions[0]",
            "no-resource",
        ),
        ({"conditions": {"resourceType": "Bundle", "entry": [{"resource": {"id": "1"}}]}}, "conditions[0]", "no-type"),
        ({"conditions": 5}, "conditions", "not-a-resource"),
        (
            {"dx": {"resourceType": "Bundle", "entry": [{"resource": condition()}, None]}},
            "conditions[1]",
            "no-resource",
        ),
        ({"dx": "text"}, "prefetch", "not-a-resource"),
    ],
)
def test_what_cannot_be_opened_is_named_with_its_place(member: Any, place: Any, why: Any) -> None:
    assert chart_of(member).unread == ((place, why),)


def test_batch_entries_that_bring_nothing_by_nature_are_not_named() -> None:
    entries = [{"request": {"method": method, "url": "Condition/1"}} for method in ("GET", "DELETE", "HEAD")]
    assert chart_of({"conditions": {"resourceType": "Bundle", "entry": entries}}).unread == ()


def test_nesting_beyond_reason_is_named_not_followed() -> None:
    deep = condition()
    for _ in range(40):
        deep = bundle(deep)
    chart = chart_of({"conditions": deep})
    assert [why for _, why in chart.unread] == ["too-deep"]
    assert chart.answers["conditions"].receipt is not Receipt.RECEIVED


def test_draft_orders_are_kept_apart_from_the_medication_list() -> None:
    chart = chart_of({}, drafts=bundle(quinine(status="draft")))
    assert [draft["id"] for draft in chart.drafts] == ["m1"]
    assert chart.answers["medicationRequests"].receipt is Receipt.ABSENT


@pytest.mark.parametrize(("drafts", "held"), [(None, None), ({}, ()), (bundle(), ()), ([], ())])
def test_no_draft_orders_sent_is_not_the_same_as_none_in_them(drafts: Any, held: Any) -> None:
    assert chart_of({}, drafts=drafts).drafts == held
