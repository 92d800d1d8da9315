"""The patient, service requests, receipts, where facts come from, and the facts as a whole."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.chart.model import Chart
from cds_service.chart.read.facts import read, read_drafts
from cds_service.chart.read.sources import codings_of, displays_of, source_of, words_of
from cds_service.patient.moments import Precision
from cds_service.patient.person import Person, Sex
from cds_service.patient.received import Receipt
from tests.builders.fhir import (
    LOINC,
    MINE,
    TODAY,
    ZONE,
    allergy,
    bundle,
    concept,
    condition,
    facts_from,
    facts_of,
    outcome,
    patient,
    potassium,
    quinine,
)

ECG = concept(LOINC, "11524-6", "EKG study")
BIRTH_TIME = {
    "url": "http://hl7.org/fhir/StructureDefinition/patient-birthTime",
    "valueDateTime": "1960-05-04T10:00:00+07:00",
}


@pytest.mark.parametrize(
    ("element", "day", "precision"),
    [
        ({"birthDate": "1960-05-04"}, "1960-05-04", Precision.DAY),
        ({"birthDate": "1960"}, "1960-01-01", Precision.YEAR),
        ({"birthDate": 1960}, "1960-01-01", Precision.YEAR),
        ({"birthDate": "1960-05"}, "1960-05-01", Precision.MONTH),
        ({"birthDate": "1960-05-04T00:00:00Z"}, "1960-05-04", Precision.DAY),
        ({"birthDate": None, "_birthDate": {"extension": [BIRTH_TIME]}}, "1960-05-04", Precision.DAY),
        (
            {"_birthDate": {"extension": ["junk", {"url": "x", "valueDateTime": "1961"}, BIRTH_TIME]}, "birthDate": ""},
            "1960-05-04",
            Precision.DAY,
        ),
    ],
)
def test_birth(element: Any, day: Any, precision: Any) -> None:
    person = facts_from(patient(**element)).person
    assert (person.birth.day.isoformat(), person.birth.precision) == (day, precision)
    assert person.source == "Patient/p1"


@pytest.mark.parametrize(
    "element",
    [{"birthDate": None}, {"birthDate": ""}, {"birthDate": None, "_birthDate": {"extension": [{"url": "x"}]}}],
)
def test_birth_not_recorded(element: Any) -> None:
    facts = facts_from(patient(**element))
    assert (facts.person.birth, facts.unread) == (None, ())


@pytest.mark.parametrize("written", ["04/05/1960", "soon", ["1960"], {"a": 1}])
def test_a_birth_date_that_cannot_be_read_is_unknown_and_named(written: Any) -> None:
    facts = facts_from(patient(birthDate=written))
    assert facts.person.birth is None
    assert facts.person.sex is Sex.FEMALE
    assert [(one.query, one.why) for one in facts.unread] == [("patient", "not-readable")]


@given(st.dates().map(str) | st.sampled_from(["1960-02-30", "0000-01-01", "1960-5-4", "abcd-ef-gh"]))
def test_a_plain_birth_date_is_what_it_is_with_space_around_it(written: str) -> None:
    plain, spaced = (facts_from(patient(birthDate=one)) for one in (written, f" {written} "))
    assert (plain.person, plain.unread) == (spaced.person, spaced.unread)


@pytest.mark.parametrize(
    ("written", "sex"),
    [
        ("male", Sex.MALE),
        ("Female", Sex.FEMALE),
        ("F", Sex.FEMALE),
        ("other", Sex.OTHER),
        ("o", Sex.OTHER),
        ("m", Sex.MALE),
        ({"coding": [{"code": "x"}, {"code": "male"}]}, Sex.MALE),
        ("unknown", Sex.UNKNOWN),
        (None, Sex.UNKNOWN),
        ("indeterminate", Sex.UNKNOWN),
        (7, Sex.UNKNOWN),
        (concept("x", "M"), Sex.MALE),
    ],
)
def test_sex(written: Any, sex: Any) -> None:
    assert facts_from(patient(gender=written)).person.sex is sex


def test_no_patient() -> None:
    assert facts_of({}).person == Person()


@pytest.mark.parametrize(
    "raw",
    [
        {"resourceType": "ServiceRequest", "status": "active", "code": ECG},
        {"resourceType": "ServiceRequest", "status": "draft", "code": ECG},
        {"resourceType": "ServiceRequest", "status": "on-hold", "code": ECG},
        {"resourceType": "ServiceRequest", "status": "Active", "code": {"concept": ECG}},  # R5
        {"resourceType": "ProcedureRequest", "status": "active", "code": ECG},  # STU3
        {"resourceType": "DiagnosticOrder", "status": "requested", "item": [{"code": ECG}]},  # DSTU2
        {"resourceType": "ReferralRequest", "status": "active", "serviceRequested": [ECG]},
    ],
)
def test_an_order_under_way(raw: Any) -> None:
    (one,) = facts_from(raw | {"id": "s1", "subject": MINE}).orders
    assert (one.source, one.concepts) == (f"{raw['resourceType']}/s1", {"ecg_order"})


@pytest.mark.parametrize(
    "more",
    [
        {"status": "completed"},
        {"status": "revoked"},
        {"status": "entered-in-error"},
        {"status": None},
        {"doNotPerform": True},
        {"code": concept(LOINC, "1-8", "Acyclovir")},
        {"code": None},
        {"status": {"x": [1]}},
        {"subject": {"reference": "Patient/p2"}},
    ],
)
def test_what_is_no_order_under_way(more: Any) -> None:
    raw = {"resourceType": "ServiceRequest", "id": "s1", "status": "active", "code": ECG, "subject": MINE, **more}
    assert facts_from(raw).orders == ()


@pytest.mark.parametrize(("status", "counts"), [("draft", True), (None, True), ("active", True), ("revoked", False)])
def test_a_draft_order_counts_unless_it_is_over(status: Any, counts: Any) -> None:
    draft = {"resourceType": "ServiceRequest", "id": "s1", "status": status, "code": ECG}
    assert bool(facts_of({}, drafts=bundle(draft)).orders) is counts


def test_a_receipt_for_every_query() -> None:
    prefetch = {"conditions": bundle(condition(), outcome()), "allergies": None, "observations": outcome("error")}
    assert facts_of(prefetch).receipts == {
        "patient": Receipt.ABSENT,
        "conditions": Receipt.PARTIAL,
        "observations": Receipt.FAILED,
        "medicationRequests": Receipt.ABSENT,
        "medicationStatements": Receipt.ABSENT,
        "allergies": Receipt.EMPTY,
    }


def test_several_facts_of_a_kind_come_in_the_order_of_their_sources() -> None:
    requests = [{"resourceType": "ServiceRequest", "id": own, "status": "active", "code": ECG} for own in ("b", "a")]
    asked = [one | {"subject": MINE} for one in requests]
    facts = facts_from(condition("b"), condition("a"), quinine("b"), quinine("a"), allergy("b"), allergy("a"), *asked)
    for found in (facts.problems, facts.medications, facts.allergies, facts.orders):
        assert [one.source.partition("/")[2] for one in found] == ["a", "b"]


def test_the_facts_know_which_rules_are_switched_off() -> None:
    off = frozenset(("a-rule",))
    assert read(Chart("p1", {}), TODAY, ZONE, switched_off=off).switched_off == off
    assert read_drafts(Chart("p1", {}), TODAY, ZONE, switched_off=off).switched_off == off


def test_an_empty_chart_is_a_chart() -> None:
    facts = read(Chart("p1", {}), TODAY, ZONE)
    assert facts.today == TODAY
    assert set(facts.receipts.values()) == {Receipt.ABSENT}
    assert facts.problems == facts.results == facts.unread == ()


def test_what_could_not_be_opened_is_unread_under_its_query() -> None:
    facts = facts_of({"conditions": bundle(condition(), "junk"), "drafts?": "junk"}, drafts=bundle(None))
    assert [(one.query, one.source, one.why) for one in facts.unread] == [
        ("conditions", "conditions[1]", "no-type"),
        ("draftOrders", "draftOrders[0]", "no-resource"),
        ("prefetch", "prefetch", "not-a-resource"),
    ]


def test_of_many_that_are_no_resource_the_first_of_each_query_are_named_and_the_rest_counted() -> None:
    prefetch = {"conditions": bundle(*["junk"] * 24, None, condition()), "allergies": bundle(*["junk"] * 20)}
    unread = facts_of(prefetch).unread
    of_conditions = [one for one in unread if one.query == "conditions"]
    assert {one.source for one in of_conditions if one.times == 1} == {
        *(f"conditions[{place}]" for place in range(20)),
        "conditions[…]",
    }
    assert sorted((one.why, one.times) for one in of_conditions if one.source == "conditions[…]") == [
        ("no-resource", 1),
        ("no-type", 4),
    ]
    assert [one.times for one in unread if one.query == "allergies"] == [1] * 20


def test_of_those_that_are_counted_each_reason_comes_in_one_order() -> None:
    first, last = (bundle(*["junk"] * 20, *rest) for rest in (("junk", None), (None, "junk")))
    assert facts_of({"conditions": first}).unread == facts_of({"conditions": last}).unread


def test_what_is_unread_comes_in_one_order_whatever_order_it_came_in() -> None:
    nothing = [condition(own, ...) for own in ("b", "a")]
    orders = [quinine(own, medicationCodeableConcept=...) for own in ("d", "c")]
    for resources in ((*nothing, *orders), (*reversed(orders), *reversed(nothing))):
        assert [one.source for one in facts_from(*resources).unread] == [
            "Condition/a",
            "Condition/b",
            "MedicationRequest/c",
            "MedicationRequest/d",
        ]
    drafts = bundle(quinine("z", medicationCodeableConcept=...))
    assert [one.source for one in facts_from(*orders, drafts=drafts).unread] == [
        "MedicationRequest/z",  # the queries one after another
        "MedicationRequest/c",
        "MedicationRequest/d",
    ]


def test_strangers_are_reported() -> None:
    facts = facts_from(condition(), condition("c2", subject={"reference": "Patient/p2"}))
    assert [(one.source, one.query, one.why, one.shown) for one in facts.unread] == [
        ("prefetch", "prefetch", "other-patient", "1")
    ]


BAD = (
    condition("bad", clinicalStatus="x"),
    quinine("bad", status="x"),
    potassium("bad", day="x"),
    allergy("bad", status="x"),
)


def test_one_bad_entry_never_spoils_the_rest() -> None:
    facts = facts_from(*BAD, patient(), condition(), quinine(), potassium(), allergy())
    for found in (facts.problems, facts.medications, facts.results, facts.allergies):
        assert [bool(one.unreadable) for one in found] == [one.source.endswith("/bad") for one in found]
        assert len(found) == 2
    assert facts.unread == ()


PLACE = "conditions[3]"


@pytest.mark.parametrize(
    ("kind", "own", "source"),
    [
        ("Condition", "c1", "Condition/c1"),
        ("Condition", "", PLACE),
        ("Condition", 7, PLACE),
        ("Condition", None, PLACE),
        (None, "c1", PLACE),
        (7, "c1", PLACE),
    ],
)
def test_a_source_is_a_reference_or_a_place(kind: Any, own: Any, source: str) -> None:
    assert source_of({"resourceType": kind, "id": own}, PLACE) == source


def test_the_words_and_codes_of_a_concept() -> None:
    made = {"coding": [{"display": "One"}, {"code": "2", "system": "urn:x", "display": "Two"}, {"code": "3"}]}
    assert codings_of(made) == (("urn:x", "2"), (None, "3"))
    assert (words_of(made), displays_of(made)) == ("One", ("One", "Two"))
    assert (words_of(made | {"text": "All"}), displays_of(made | {"text": "All"})) == ("All", ("All", "One", "Two"))
    assert (codings_of(None), words_of(None), displays_of(None)) == ((), None, ())
    assert (codings_of({}), words_of({}), displays_of({})) == ((), None, ())
