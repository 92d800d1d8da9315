"""What came of a query, and what an entry that could not be used may be about."""

import pytest

from cds_service.patient.received import Receipt, Unread
from cds_service.patient.terminology.vocabulary import drug, problem

COMPLETE = {Receipt.RECEIVED, Receipt.EMPTY}
NOTHING = {Receipt.FAILED, Receipt.UNANSWERED, Receipt.ABSENT}


@pytest.mark.parametrize("receipt", Receipt)
def test_complete_is_what_can_hold_no_more_and_nothing_what_is_not_known(receipt: Receipt) -> None:
    assert receipt.complete is (receipt in COMPLETE)
    assert receipt.nothing is (receipt in NOTHING)
    assert (receipt is Receipt.PARTIAL) is not (receipt.complete or receipt.nothing)


@pytest.mark.parametrize(
    ("concepts", "may", "certainly"),
    [(set(), True, False), ({"dvt"}, True, True), ({"dvt", "als"}, True, True), ({"als"}, False, False)],
)
def test_an_unread_entry_may_be_about_anything_it_is_not_known_not_to_be(
    concepts: set[str], may: bool, certainly: bool
) -> None:
    unread = Unread("Condition/1", "conditions", "not-readable", frozenset(concepts))
    asked = (problem("dvt"), drug("quinine"))
    assert (unread.may_be_about(asked), unread.is_about(asked)) == (may, certainly)
    assert (unread.may_be_about(()), unread.is_about(())) == (not concepts, False)
