"""The words for what could not be known, and only those that are true."""

from datetime import UTC, date, datetime

import pytest

from cds_service.catalogue import wording
from cds_service.decision.unknown import age_unknown, not_known
from cds_service.patient.facts import Facts
from cds_service.patient.moments import Moment, Precision
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt, Unread

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
