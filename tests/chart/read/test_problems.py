"""Condition in all the shapes clients send, to a Problem."""

from typing import Any

import msgspec
import orjson
import pytest

from cds_service.patient.facts import BodySite, Match, Problem
from cds_service.patient.received import Unread
from cds_service.patient.terminology import vocabulary
from cds_service.protocol.prefetch import Bundle, Prefetch
from tests.builders.fhir import CRAMP, MALARIA, SNOMED, UNRELATED, bundle, concept, condition, facts_from, facts_of

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"


def problem(**more: Any) -> Problem:
    facts = facts_from(condition(**more))
    assert facts.unread == ()
    (one,) = facts.problems
    return one


def nothing_of(**more: Any) -> bool:
    facts = facts_from(condition(**more))
    return facts.problems == () and facts.unread == ()


def unread(**more: Any) -> Unread:
    facts = facts_from(condition(**more))
    assert facts.problems == ()
    (one,) = facts.unread
    return one


def test_a_plain_r4_condition() -> None:
    one = problem(
        clinicalStatus=concept(CLINICAL, "active"),
        verificationStatus=concept("http://terminology.hl7.org/CodeSystem/condition-ver-status", "provisional"),
        onsetDateTime="2026-02-20",
        recordedDate="2026-03-01T08:00:00+07:00",
        code=CRAMP | {"text": "Kram betis kiri"},
    )
    assert one.source == "Condition/c1"
    assert one.concepts == {"cramp_leg": Match.CODE}
    assert (one.text, one.clinical, one.verification) == ("Kram betis kiri", "active", "provisional")
    assert (one.onset.day.isoformat(), one.recorded.day.isoformat()) == ("2026-02-20", "2026-03-01")
    assert (one.abated, one.ended) == (None, False)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (concept(CLINICAL, "active"), "active"),
        (concept(CLINICAL, "Active"), "active"),
        ({"coding": concept(CLINICAL, "resolved")["coding"][0]}, "resolved"),
        ({"coding": [{"system": "http://local", "code": "A1"}, {"system": CLINICAL, "code": "relapse"}]}, "relapse"),
        ({"text": "Inactive"}, "inactive"),
        ({"coding": [{"system": CLINICAL, "display": "Remission"}]}, "remission"),
        ({"system": CLINICAL, "code": "recurrence"}, "recurrence"),
        ([concept(CLINICAL, "active")], "active"),
        ("active", "active"),  # STU3
        ("relapse", "relapse"),  # DSTU2
        ("remission", "remission"),
        ("resolved", "resolved"),
        (" ACTIVE ", "active"),
        ("unknown", None),  # R5
        (None, None),
        ("", None),
        ({}, None),
        ({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "unknown"}]}, None),
        ({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "masked"}]}, None),
    ],
)
def test_clinical_status_of_every_version_and_odd_shape(written: Any, meant: Any) -> None:
    assert problem(clinicalStatus=written).clinical == meant


@pytest.mark.parametrize("written", ["sort-of", {"text": "chronic"}, 7, concept(CLINICAL, "this_is_invalid"), True])
def test_a_made_up_status_is_absent_and_named(written: Any) -> None:
    one = problem(clinicalStatus=written)
    assert (one.clinical, one.unreadable) == (None, ("clinicalStatus",))
    one = problem(verificationStatus=written)
    assert (one.verification, one.unreadable) == (None, ("verificationStatus",))


@pytest.mark.parametrize("written", ["refuted", "entered-in-error", "Entered in Error", "entered_in_error"])
def test_what_was_never_true_is_no_problem(written: Any) -> None:
    assert nothing_of(verificationStatus=written)
    assert nothing_of(verificationStatus=concept("http://terminology.hl7.org/CodeSystem/condition-ver-status", written))


@pytest.mark.parametrize("written", ["unconfirmed", "provisional", "differential", "confirmed"])
def test_what_is_not_sure_is_a_problem_still(written: Any) -> None:
    assert problem(verificationStatus=written).verification == written


@pytest.mark.parametrize(
    ("element", "day"),
    [
        ({"recordedDate": "2026-01-05"}, "2026-01-05"),
        ({"assertedDate": "2026-01-05"}, "2026-01-05"),  # STU3
        ({"dateRecorded": "2026-01-05"}, "2026-01-05"),  # DSTU2
        ({"recordedDate": "2026-01-05T23:30:00Z"}, "2026-01-06"),  # the next day in Jakarta
        ({"recordedDate": "2026-01-05T23:30:00"}, "2026-01-05"),
        ({"recordedDate": "2026"}, "2026-01-01"),
    ],
)
def test_recorded_date(element: Any, day: Any) -> None:
    assert problem(**element).recorded.day.isoformat() == day


@pytest.mark.parametrize(
    ("element", "day"),
    [
        ({"onsetDateTime": "2026-01"}, "2026-01-01"),
        ({"onsetPeriod": {"start": "2026-01-05", "end": "2026-02-01"}}, "2026-01-05"),
        ({"onsetAge": {"value": 52, "unit": "a"}}, None),
        ({"onsetString": "as a child"}, None),
    ],
)
def test_onset(element: Any, day: Any) -> None:
    onset = problem(**element).onset
    assert (onset and onset.day.isoformat()) == day


@pytest.mark.parametrize(
    ("element", "day", "ended"),
    [
        ({"abatementDateTime": "2026-01-05"}, "2026-01-05", False),
        ({"abatementPeriod": {"start": "2026-01-01", "end": "2026-01-05"}}, "2026-01-05", False),
        ({"abatementPeriod": {"start": "2026-01-01"}}, "2026-01-01", False),
        ({"abatementString": "around April"}, None, True),
        ({"abatementAge": {"value": 54, "unit": "a"}}, None, True),
        ({"abatementRange": {"low": {"value": 54}}}, None, True),
        ({"abatementBoolean": True}, None, True),  # DSTU2
        ({"abatementBoolean": "true"}, None, True),
        ({"abatementBoolean": False}, None, False),
    ],
)
def test_abatement_in_every_form(element: Any, day: Any, ended: Any) -> None:
    one = problem(**element)
    assert ((one.abated and one.abated.day.isoformat()), one.ended) == (day, ended)


@pytest.mark.parametrize(
    "element", [{"onsetDateTime": "soon"}, {"recordedDate": {"value": 1}}, {"abatementDateTime": "x"}]
)
def test_a_date_that_is_none_costs_itself(element: Any) -> None:
    one = problem(**element, clinicalStatus="active")
    assert (one.onset, one.recorded, one.abated, one.ended) == (None, None, None, False)
    assert one.unreadable == tuple(element)


@pytest.mark.parametrize("end", [{"abatementDateTime": "30/11/2026"}, {"abatementPeriod": {"start": "x", "end": "y"}}])
@pytest.mark.parametrize(
    ("clinical", "ended"),
    [("active", False), ("recurrence", False), (None, True), ("made-up", True), ("inactive", True)],
)
def test_an_end_that_cannot_be_read_is_one_unless_the_problem_is_said_to_be_there(
    end: Any, clinical: Any, ended: Any
) -> None:
    assert problem(clinicalStatus=clinical, **end).ended is ended


def test_the_older_names_of_dates_are_read_where_the_newer_cannot() -> None:
    one = problem(abatementDateTime="x", abatementDate="2026-02-20", recordedDate="x", assertedDate="2026-02-01")
    assert (one.abated.day.isoformat(), one.recorded.day.isoformat()) == ("2026-02-20", "2026-02-01")
    assert one.unreadable == ()


@pytest.mark.parametrize("system", ["SNOMED CT", "http://snomed.info/sct ", "\u00a0http://snomed.info/sct"])
def test_a_system_by_its_name_or_in_white_space_is_known(system: Any) -> None:
    one = problem(code=concept(system, "449918009"))
    assert (one.concepts, one.unreadable) == ({"cramp_leg": Match.CODE}, ())


def test_of_a_period_that_is_half_readable_the_other_half_is_kept() -> None:
    one = problem(onsetPeriod={"start": "2026-02-01", "end": "x"}, abatementPeriod={"start": "x", "end": "2026-02-20"})
    assert (one.onset.day.isoformat(), one.abated.day.isoformat()) == ("2026-02-01", "2026-02-20")
    assert set(one.unreadable) == {"onsetPeriod.end", "abatementPeriod.start"}


@pytest.mark.parametrize(
    ("code", "match"),
    [
        (CRAMP, Match.CODE),
        (concept("urn:oid:2.16.840.1.113883.6.96", "449918009"), Match.CODE),
        (concept("http://snomed.info/sct/", "449918009"), Match.CODE),
        (concept(SNOMED, 449918009), Match.CODE),
        (concept(SNOMED, " 449918009 "), Match.CODE),
        ({"coding": CRAMP["coding"][0]}, Match.CODE),
        (CRAMP["coding"][0], Match.CODE),
        ([CRAMP], Match.CODE),
        ({"concept": CRAMP}, Match.CODE),
        ({"coding": [{"system": "http://local", "code": "1"}, *CRAMP["coding"]]}, Match.CODE),
        ({"coding": ["junk", None, *CRAMP["coding"]]}, Match.CODE),
        ({"text": "Leg cramps"}, Match.NAME),
        ({"text": "KRAM  KAKI."}, Match.NAME),
        ("kram betis", Match.NAME),
        ({"coding": [{"system": "http://local", "code": "1", "display": "Leg cramps"}]}, Match.NAME),
        ({"coding": [{"display": "Leg cramps"}]}, Match.NAME),
        ({"coding": [{"system": "http://local", "code": "1", "display": "Leg cramps"}], "text": "keluhan"}, Match.NAME),
        ({"coding": [{"system": "http://local", "code": "1", "display": "Keluhan"}], "text": "Leg cramps"}, Match.NAME),
    ],
)
def test_code_and_name_in_every_odd_shape(code: Any, match: Any) -> None:
    assert set(problem(code=code).concepts.values()) == {match}


@pytest.mark.parametrize(
    "code",
    [
        UNRELATED,
        {"text": "Asthma"},
        {"text": "no leg cramps"},
        concept(SNOMED, "195967001", "Family history of asthma") | {"text": "Leg cramps"},  # about someone else
        concept("http://local", "449918009", "Asthma"),
        concept(SNOMED, "G12.21"),
        concept("http://terminology.kemkes.go.id/CodeSystem/clinical-term", "CT000002"),  # a discharge state
        {"coding": {"system": SNOMED, "code": "195967001"}},  # an object for the list
        {"coding": [{"system": SNOMED, "code": "195967001"}, {"code": "A1"}]},
        *(concept(f"http://hl7.org/fhir/sid/{edition}", "J45") for edition in ("icd-10", "icd-10-cm", "icd-10-de")),
    ],
)
def test_what_is_no_problem_of_ours_is_neither_fact_nor_unread(code: Any) -> None:
    assert nothing_of(code=code)


LOCAL = {"system": "http://local", "code": "1"}


@pytest.mark.parametrize(
    "code",
    [
        *(..., None, {}, "", {"coding": []}, {"coding": [{}]}, {"coding": "x"}, {"text": ["a"]}),
        {"coding": [LOCAL]},
        {"coding": [LOCAL | {"display": ""}]},
        {"coding": [LOCAL | {"display": " "}], "text": ""},
        concept(SNOMED, " "),
        concept(SNOMED, ""),
    ],
)
def test_a_condition_that_does_not_say_what_it_is_may_be_anything(code: Any) -> None:
    one = unread(code=code)
    assert (one.why, one.concepts) == ("no-code", frozenset())


@pytest.mark.parametrize(
    ("code", "concepts", "words"),
    [
        (CRAMP, {"cramp_leg"}, "Cramp in lower leg"),
        ({"text": "Leg cramps"}, {"cramp_leg"}, "Leg cramps"),
        (..., {}, None),
    ],
)
def test_a_condition_that_cannot_be_read_is_named_with_what_it_is(
    monkeypatch: pytest.MonkeyPatch, code: Any, concepts: Any, words: str | None
) -> None:
    def broken(*_: Any) -> Any:
        raise RecursionError

    monkeypatch.setattr("cds_service.chart.read.problems.condition", broken)
    one = unread(code=code)
    assert (one.source, one.why, one.concepts, one.shown) == ("Condition/c1", "not-readable", set(concepts), words)


def test_nor_is_one_lost_whose_code_is_nested_beyond_all_use() -> None:
    deep: Any = "Leg cramps"
    for _ in range(5000):
        deep = [deep]
    written = orjson.dumps({"resource": condition(code="?")}).replace(b"?", b'"' + b"[" * 700 + b"]" * 700 + b'"')
    as_sent = Prefetch({"conditions": Bundle("Bundle", [msgspec.Raw(written.replace(b'""', b""))])})
    for facts in (facts_from(condition(code=deep)), facts_of(as_sent)):
        (one,) = facts.unread
        assert (one.source, one.concepts, one.shown) == ("Condition/c1", frozenset(), None)
        assert one.why in ("not-readable", "no-code")  # how deep Python reads differs from release to release


def test_the_problems_of_a_concept_are_those_that_are_asked_for() -> None:
    facts = facts_from(condition(), condition("c2", MALARIA))
    assert [one.source for one in facts.problems_of((vocabulary.problem("malaria"),))] == ["Condition/c2"]


def test_what_says_nothing_but_was_never_true_is_not_even_unread() -> None:
    assert nothing_of(code=..., verificationStatus="entered-in-error")


def test_a_condition_without_an_id_is_named_by_its_place() -> None:
    facts = facts_of({"conditions": bundle(condition("c0", UNRELATED), condition(...))})
    assert [one.source for one in facts.problems] == ["conditions[1]"]


def test_an_id_with_an_underscore_is_an_id() -> None:
    assert problem(own="a_b").source == "Condition/a_b"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ([], ()),
        ([concept(SNOMED, "30021000")], (BodySite(("30021000",)),)),
        (concept(SNOMED, "30021000", "Calf"), (BodySite(("30021000",), ("Calf",)),)),  # an object for the list
        (["betis kanan"], (BodySite((), ("betis kanan",)),)),
        ([{"text": "Left calf"}, concept("http://local", "x")], (BodySite((), ("Left calf",)), BodySite(("x",)))),
        (
            [{"coding": [{"code": "1", "display": "One"}, {"code": "2"}], "text": "Both"}],
            (BodySite(("1", "2"), ("Both", "One")),),
        ),
    ],
)
def test_body_sites_are_kept_as_received(written: Any, read: Any) -> None:
    assert problem(bodySite=written).body_sites == read


def test_all_the_words_of_a_code_are_kept() -> None:
    one = problem(code={**concept(SNOMED, "449918009", "Cramp in lower leg"), "text": "Kram betis"})
    assert (one.text, one.texts) == ("Kram betis", ("Kram betis", "Cramp in lower leg"))


CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
VISIT = [concept(CATEGORY, "encounter-diagnosis")]


@pytest.mark.parametrize(
    ("category", "visit"),
    [
        (VISIT, True),
        (concept(CATEGORY, "encounter-diagnosis"), True),
        ("Encounter Diagnosis", True),
        ([{"text": "Encounter diagnosis"}], True),
        ([concept("urn:local", "12", "Encounter Diagnosis")], True),
        ([concept(CATEGORY, "problem-list-item")], False),
        ([*VISIT, concept(CATEGORY, "problem-list-item")], False),
        ([*VISIT, {"text": "Problem List Item"}], False),
        ("diagnosis", False),
        ([], False),
        (7, False),
        (..., False),
    ],
)
def test_the_diagnosis_of_a_visit(category: Any, visit: bool) -> None:
    assert problem(category=category).visit is visit


ENCOUNTER = {"resourceType": "Encounter", "id": "e1", "period": {"start": "2026-02-20T09:00:00+07:00"}}
OF_IT = {"encounter": {"reference": "Encounter/e1"}}


@pytest.mark.parametrize(
    ("fields", "recorded"),
    [
        ({"category": VISIT, **OF_IT}, "2026-02-20"),
        ({"category": VISIT, "context": {"reference": "https://ehr.example/fhir/Encounter/e1"}}, "2026-02-20"),
        ({"category": VISIT, "encounter": {"reference": "urn:uuid:e1"}}, "2026-02-20"),
        ({"category": VISIT, **OF_IT, "recordedDate": "2026-02-21"}, "2026-02-21"),
        ({"category": VISIT, **OF_IT, "assertedDate": "2026-02-21"}, "2026-02-21"),
        ({"category": VISIT, **OF_IT, "onsetDateTime": "2026-01-01"}, "2026-02-20"),
        ({"category": VISIT, "encounter": {"reference": "Encounter/e2"}}, None),
        ({"category": VISIT}, None),
        ({"category": VISIT, "encounter": 7}, None),
        ({**OF_IT}, None),  # of the problem list
    ],
)
def test_an_encounter_in_hand_dates_its_diagnosis(fields: Any, recorded: str | None) -> None:
    (one,) = facts_from(condition(**fields), ENCOUNTER).problems
    assert (one.recorded and one.recorded.day.isoformat()) == recorded


@pytest.mark.parametrize("period", [{"end": "2026-02-20"}, {"start": None, "end": "2026-02-20"}])
def test_an_encounter_may_only_have_an_end(period: Any) -> None:
    (one,) = facts_from(condition(category=VISIT, **OF_IT), {**ENCOUNTER, "period": period}).problems
    assert one.recorded is not None


@pytest.mark.parametrize("period", [{}, None, "2026-02-20", 7])
def test_an_encounter_without_a_period_dates_nothing(period: Any) -> None:
    (one,) = facts_from(condition(category=VISIT, **OF_IT), {**ENCOUNTER, "period": period}).problems
    assert one.recorded is None


@pytest.mark.parametrize(
    ("verification", "text", "meant"),
    [
        (..., "Malaria?", "unconfirmed"),
        (..., "Malaria", None),
        (..., "Asthma?", None),
        ("confirmed", "Malaria?", "confirmed"),
    ],
)
def test_a_question_mark_makes_it_suspected(verification: Any, text: str, meant: str | None) -> None:
    code = {"coding": concept(SNOMED, "61462000")["coding"], "text": text}
    assert problem(code=code, verificationStatus=verification).verification == meant


def test_an_expression_says_where_and_on_which_side() -> None:
    one = problem(code=concept(SNOMED, "55300003:363698007=53840002,272741003=7771000"))
    assert one.body_sites == (BodySite(("53840002", "7771000")),)


@pytest.mark.parametrize(
    "code",
    [
        concept(SNOMED, "449918009 |Cramp in lower leg|"),
        {"coding": [*CRAMP["coding"], {"system": "http://local", "code": "55300003:363698007=53840002"}]},
    ],
)
def test_only_a_refined_expression_of_snomed_ct_says_where(code: Any) -> None:
    assert problem(code=code).body_sites == ()


def test_a_body_site_may_be_an_expression() -> None:
    one = problem(bodySite=[concept(SNOMED, "61685007 |Lower limb| : 272741003 = 7771000")])
    assert one.body_sites == (BodySite(("61685007", "7771000")),)
