"""The words for what could not be known, and only those that are true."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest

from cds_service.catalogue import wording
from cds_service.decision.phrases import Phrase
from cds_service.decision.unknown import (
    age_unknown,
    drafts_unjudged,
    drafts_unread,
    may_be_said,
    not_known,
    reasons_missing,
    unread,
)
from cds_service.patient.facts import Facts
from cds_service.patient.moments import Moment, Precision
from cds_service.patient.person import Person
from cds_service.patient.received import DRAFT_ORDERS, Receipt, Unread
from tests.builders.facts import medicine, patient

TODAY = date(2026, 3, 2)
UNREADABLE = Unread("Patient/1", "patient", "not-readable")


@pytest.mark.parametrize(
    ("receipt", "unread", "line"),
    [
        (Receipt.RECEIVED, (), "age not recorded (treated as an adult)"),
        (Receipt.EMPTY, (), "age not recorded (treated as an adult)"),
        (Receipt.RECEIVED, (UNREADABLE,), "birth date not readable (treated as an adult)"),
        (Receipt.ABSENT, (), "age and sex not received, treated as an adult"),
        (
            Receipt.FAILED,
            (),
            "age and sex: server error, treated as an adult",
        ),
        (
            Receipt.UNANSWERED,
            (),
            "age and sex: no answer, treated as an adult",
        ),
    ],
)
def test_an_age_is_not_recorded_only_where_the_record_says_so(
    receipt: Receipt, unread: tuple[Unread, ...], line: str
) -> None:
    facts = Facts(TODAY, receipts={"patient": receipt}, unread=unread)
    assert [wording("en").say(one) for one in age_unknown(facts)] == [line]


def test_a_known_age_is_not_unknown() -> None:
    born = datetime(1960, 5, 4, tzinfo=UTC)
    assert age_unknown(Facts(TODAY, Person(Moment(born, born, Precision.DAY)))) == ()


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("receipt", [one for one in Receipt if not one.complete])
def test_every_query_has_words_for_every_state(receipt: Receipt, language: str) -> None:
    queries = ("patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies")
    facts = Facts(TODAY, receipts=dict.fromkeys(queries, receipt))
    lines = [wording(language).say(one) for one in not_known(facts, *queries)]
    assert len(set(lines)) == len(queries) - 1  # the two of the medication list are one line
    error = "server error" if language == "en" else "galat server"
    assert all((error in line) is (receipt is Receipt.FAILED) for line in lines)


def english(lines: Iterable[Phrase]) -> list[str]:
    return [wording("en").say(one) for one in lines]


OF_ANY = {f"unknown.{one}" for one in ("unread", "unread_more", "unread_count", "strangers")}
OF_AGE = {f"common.{one}" for one in ("age_unknown", "age_not_known", "age_unreadable")}
OF_RESULTS = {f"lab.{one}" for one in ("not_used", "not_used_dated", "not_used_undated")}
OF_DRAFTS = {
    f"unknown.{one}" for one in ("not_usable", "more_drafts", "drafts_unread", "drafts_unread_named", "reasons_unread")
}


def of(*queries: str) -> set[str]:
    return {f"unknown.{query}.{state}" for query in queries for state in ("partial", "failed", "unanswered", "absent")}


@pytest.mark.parametrize(
    ("needs", "drafts", "texts"),
    [
        ((), False, set[str]()),
        (("conditions",), False, of("conditions")),
        (("medicationRequests",), False, of("medicationRequests")),
        (
            ("medicationRequests", "medicationStatements"),
            False,
            of("medicationRequests", "medicationStatements", "medications"),
        ),
        (("observations",), False, of("observations") | OF_RESULTS),
        (("patient",), False, of("patient") | OF_AGE),
        (("allergies",), True, of("allergies") | OF_DRAFTS),
    ],
)
def test_what_a_rule_can_say_of_what_it_could_not_know(needs: tuple[str, ...], drafts: bool, texts: set[str]) -> None:
    assert {one.key for one in may_be_said(needs, drafts=drafts)} == texts | OF_ANY


def unjudged(why: str = "no-code", shown: str | None = None, times: int = 1) -> Unread:
    return Unread("MedicationRequest/1", DRAFT_ORDERS, why, shown=shown, times=times)


@pytest.mark.parametrize(
    ("times", "lines"),
    [(0, []), (1, ["x"]), (3, ["x"] * 3), (4, ["x", "x", "x", "1 more entries could not be used"])],
)
def test_the_first_three_drafts_no_one_can_judge_are_named_and_the_rest_counted(times: int, lines: list[str]) -> None:
    facts = patient(unread=(unjudged(shown="x", times=times),))
    said = "x: could not be used (it has no code the service knows, and its name leaves open what it is)"
    assert english(drafts_unjudged(facts)) == [said if line == "x" else line for line in lines]


def test_a_draft_without_words_is_named_by_its_place() -> None:
    (line,) = english(drafts_unjudged(patient(unread=(unjudged("no-type"),))))
    assert line == "MedicationRequest/1: could not be used (it has no resource type)"


@pytest.mark.parametrize(
    ("entries", "lines"),
    [
        ((), []),
        ((unjudged("words-only", "Jamu"),), []),
        ((unjudged(), unjudged("no-type", times=2)), ["draft orders that could not be judged: 3"]),
        (
            (unjudged(), unjudged("words-only", "Jamu"), unjudged(shown="Racikan")),
            ["draft orders that could not be judged: 2 (“Racikan”)"],
        ),
    ],
)
def test_other_drafts_are_counted_but_those_whose_words_name_no_drug(
    entries: tuple[Unread, ...], lines: list[str]
) -> None:
    assert english(drafts_unread(patient(unread=entries))) == lines


def test_each_reason_that_did_not_come_is_counted_once() -> None:
    two, one = ("Condition/1", "Condition/2"), ("Condition/2",)
    taken = (medicine("quinine", unread_reasons=two), medicine("gabapentin", unread_reasons=one))
    assert english(reasons_missing(taken)) == ["stated reasons not received: 2"]
    assert reasons_missing([medicine("quinine")]) == ()


def test_what_is_another_patients_is_a_line_of_its_own() -> None:
    strangers = Unread("prefetch", "prefetch", "other-patient", shown="3")
    own = Unread("Condition/1", "conditions", "no-code", shown="Kram", times=2)
    assert english(unread([strangers])) == ["resources of another patient, not used: 3"]
    assert english(unread([strangers, own])) == [
        "“Kram” and 1 more entries not usable",
        "resources of another patient, not used: 3",
    ]
