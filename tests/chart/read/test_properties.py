"""Whatever JSON comes, the chart is read; its order does not matter; what is bad takes nothing good with it."""

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds_service.chart import queries
from cds_service.chart.gather.gather import gather
from cds_service.chart.read.facts import read
from cds_service.patient.facts import Facts
from tests.builders.fhir import ZONE, allergy, bundle, call, condition, facts_of, outcome, patient, potassium, quinine

NAMES = st.sampled_from(
    [
        "resourceType",
        "entry",
        "resource",
        "id",
        "subject",
        "patient",
        "reference",
        "code",
        "coding",
        "system",
        "text",
        "status",
        "clinicalStatus",
        "link",
        "relation",
        "url",
        "total",
        "response",
        "request",
        "method",
        "fullUrl",
        "valueQuantity",
        "value",
        "effectiveDateTime",
        "referenceRange",
        "component",
        "contained",
        "interpretation",
        "medicationCodeableConcept",
        "medicationReference",
        "medication",
        "reasonCode",
        "reasonReference",
        "dosage",
        "dosageInstruction",
        "timing",
        "repeat",
        "boundsPeriod",
        "ingredient",
        "birthDate",
        "gender",
        "reaction",
        "meta",
    ]
)
WORDS = st.sampled_from(
    [
        "Bundle",
        "Patient",
        "Condition",
        "Observation",
        "MedicationRequest",
        "MedicationStatement",
        "AllergyIntolerance",
        "ServiceRequest",
        "OperationOutcome",
        "Medication",
        "DiagnosticReport",
        "p1",
        "Patient/p1",
        "Patient/p2",
        "#x",
        "http://snomed.info/sct",
        "http://loinc.org",
        "449918009",
        "2823-3",
        "quinine",
        "leg cramps",
        "active",
        "next",
        "2026-03-01",
        "soon",
        "",
        "Medication/1",
        "urn:uuid:1",
        "final",
        "Potassium",
        "http://a b",
        "\x00\u202e",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
    | st.text(max_size=5)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=6),
    max_leaves=12,
)
KEYS = st.sampled_from([query.key for query in queries.ALL] + ["other", ""])
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TYPES = ["Patient", "Condition", "Observation", "MedicationRequest", "MedicationOrder", "MedicationStatement"]
RESOURCES = st.builds(
    lambda kind, members: {"resourceType": kind, **members},
    st.sampled_from([*TYPES, "AllergyIntolerance", "ServiceRequest", "DiagnosticReport", "Medication"]),
    st.dictionaries(NAMES, JSON, max_size=6),
)
GOOD = (
    patient(),
    condition(),
    condition("c2", "kram kaki"),
    condition("c3", verificationStatus="refuted"),
    potassium(),
    potassium("o2", 3.9, "2026-02-01"),
    potassium("o3", 3.9, "2020-02-01"),
    potassium("o4", 3.9, "2020-02-01"),
    quinine(reasonReference=[{"reference": "Condition/c2"}]),
    quinine("m2", medicationCodeableConcept=..., medicationReference={"reference": "Medication/7"}),
    {"resourceType": "Medication", "id": "7", "code": {"text": "quinine"}},
    quinine("s1", intent=...) | {"resourceType": "MedicationStatement"},
    allergy(),
    condition("bad", clinicalStatus="made-up"),
    potassium("bad", day="soon"),
    condition("theirs", subject={"reference": "Patient/p2"}),
    {"resourceType": "ServiceRequest", "id": "r1", "status": "active", "code": {"text": "ECG"}},
    condition(meta={"lastUpdated": "2026-01-01"}, clinicalStatus="inactive"),
)


@QUICK
@given(st.dictionaries(KEYS, JSON, max_size=4), JSON, st.none() | st.lists(WORDS, max_size=2).map(tuple))
def test_any_json_is_read(prefetch: Any, drafts: Any, selections: Any) -> None:
    assert isinstance(facts_of(prefetch, drafts=drafts, selections=selections), Facts)


@QUICK
@given(st.lists(RESOURCES, max_size=5), st.lists(RESOURCES, max_size=3))
def test_any_resources_are_read(resources: Any, drafts: Any) -> None:
    assert isinstance(facts_of({"all": bundle(*resources)}, drafts=bundle(*drafts)), Facts)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_order_of_entries_and_keys_does_not_matter(rng: random.Random, keys: Any) -> None:
    expected = facts_of({"all": bundle(*GOOD)})
    shuffled = rng.sample(GOOD, len(GOOD))
    names = rng.sample(["conditions", "all", "zz", "meds"], keys)
    prefetch = {name: bundle(*shuffled[start::keys]) for start, name in enumerate(names)}
    assert facts_of(prefetch) == expected


@QUICK
@given(RESOURCES | JSON, st.integers(0, len(GOOD)))
def test_an_extra_entry_that_is_odd_never_removes_a_fact(extra: Any, place: Any) -> None:
    extra = {**extra, "id": "extra"} if isinstance(extra, dict) and "resourceType" in extra else extra
    if isinstance(extra, dict) and extra.get("resourceType") in ("Patient", "Bundle"):
        return
    before = facts_of({"all": bundle(*GOOD)})
    after = facts_of({"all": bundle(*GOOD[:place], extra, *GOOD[place:])})
    for kind in ("problems", "medications", "allergies", "orders"):
        assert {one.source for one in getattr(before, kind)} <= {one.source for one in getattr(after, kind)}
    in_reach = {one.source for one in before.results if one.moment is None or one.moment.day.year == 2026}
    assert in_reach <= {one.source for one in after.results}
    assert after.person == before.person


@QUICK
@given(JSON)
def test_what_one_key_holds_never_makes_another_query_empty(member: Any) -> None:
    receipts = facts_of({"observations": member}).receipts
    assert "empty" not in {receipts[key].value for key in receipts if key != "observations"}


def test_json_nested_to_the_parsers_limit_is_read() -> None:
    deep = {"coding": []}
    for _ in range(900):
        deep = {"concept": deep}
    lists = "x"
    for _ in range(900):
        lists = [lists]
    entries = [
        condition("c1", deep),
        condition("c1", lists),
        potassium("o1", code=deep, interpretation=lists, referenceRange=[{"low": {"value": 1}, "type": deep}]),
        potassium("o2", interpretation=deep),
        quinine("m1", medicationCodeableConcept=..., medication=deep, reasonCode=deep),
        quinine("m2", reasonCode=lists),
        allergy("a1", deep, clinicalStatus=deep),
        patient(gender=deep, birthDate=lists),
        {"resourceType": "ServiceRequest", "status": deep, "code": deep},
        {"resourceType": "Medication", "id": "1", "code": deep, "ingredient": lists},
    ]
    facts = facts_of({"all": bundle(*entries), "conditions": deep, "allergies": lists}, drafts=bundle(*entries))
    assert isinstance(facts, Facts)


def test_reading_never_asks_the_network() -> None:
    """After gather, everything is in the chart."""
    chart = gather(call({"all": bundle(*GOOD)}), queries.ALL, None)
    assert read(chart, facts_of({}).today, ZONE) == facts_of({"all": bundle(*GOOD)})
    assert outcome()["resourceType"] == "OperationOutcome"
