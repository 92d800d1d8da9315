"""What is already being ordered, in every version's words: which status is under way, which is over."""

from typing import Any

import pytest

from cds_service.chart.read.orders import orders
from tests.builders.fhir import LOINC, concept

ECG = concept(LOINC, "11524-6", "EKG study")
UNDER_WAY = (
    *("active", "draft", "on-hold", "unknown", "On Hold"),
    *("proposed", "planned", "requested", "received", "accepted", "in-progress"),  # DSTU2
)
OVER = (
    *("completed", "revoked", "cancelled", "entered-in-error", "stopped", "rejected", "failed", "ended"),
    "Entered in Error",
)


def order(**more: Any) -> dict[str, Any]:
    return {"resourceType": "ServiceRequest", "id": "s1", "code": ECG, **more}


def found(*requests: Any, drafts: Any = ()) -> list[str]:
    return [one.source for one in orders(requests, drafts)]


@pytest.mark.parametrize("status", UNDER_WAY)
def test_an_order_under_way_is_one_on_the_list_and_among_the_drafts(status: str) -> None:
    assert found(order(status=status)) == ["ServiceRequest/s1"]
    assert found(drafts=[order(status=status)]) == ["ServiceRequest/s1"]


@pytest.mark.parametrize("status", OVER)
def test_one_that_is_over_is_none_anywhere(status: str) -> None:
    assert found(order(status=status)) == []
    assert found(drafts=[order(status=status)]) == []


@pytest.mark.parametrize("status", [None, "made-up"])
def test_a_draft_need_not_say_so(status: Any) -> None:
    assert found(order(status=status)) == []
    assert found(drafts=[order(status=status)]) == ["ServiceRequest/s1"]


@pytest.mark.parametrize(("forbidden", "counts"), [(True, False), ("true", False), (False, True), (None, True)])
def test_what_is_not_to_be_done_is_no_order(forbidden: Any, counts: bool) -> None:
    assert bool(found(order(status="active", doNotPerform=forbidden))) is counts
    assert bool(found(drafts=[order(doNotPerform=forbidden)])) is counts


def test_an_order_without_an_id_is_named_by_its_place_and_one_unread_costs_no_other() -> None:
    odd = order(status={"x": [1]})
    unnamed = order(id=None, status="active")
    assert found(odd, unnamed, order(status="active")) == ["orders[1]", "ServiceRequest/s1"]
    assert found(drafts=[odd, unnamed]) == ["ServiceRequest/s1", "draftOrders[1]"]


@pytest.mark.parametrize(
    "more",
    [
        {"code": {"text": "EKG study"}},
        {"code": concept("http://local", "1", "EKG study") | {"text": "as discussed"}},
        {"code": concept("http://local", "1", "as discussed") | {"text": "EKG study"}},
        {"code": None, "diagnostic": ECG},
        {"code": None, "serviceRequested": ECG},
        {"code": None, "item": {"code": ECG}},
        {"code": None, "item": ["junk", {"code": {"text": "something"}}, {"code": ECG}]},
    ],
)
def test_what_is_ordered_wherever_it_stands(more: Any) -> None:
    (one,) = orders([order(status="active", **more)], [])
    assert one.concepts == {"ecg_order"}


def test_an_order_of_several_things_is_of_each() -> None:
    platelets = concept(LOINC, "777-3")
    (one,) = orders([order(status="active", item=[{"code": platelets}])], [])
    assert one.concepts == {"ecg_order", "platelets"}
