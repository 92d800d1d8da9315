"""A prefetch of another patient than the context's: refused by name, or used throughout where that is allowed."""

from typing import Any

import pytest

from cds_service.chart import queries
from cds_service.chart.gather.gather import gather
from cds_service.chart.model import Chart, Fetched
from cds_service.errors import MissingDataError
from cds_service.patient.received import Receipt
from cds_service.protocol.notes import Note
from tests.builders.fhir import MINE, bundle, call, condition, patient, potassium, quinine

THEIRS = {"subject": {"reference": "Patient/p2"}}
UUID = "11111111-2222-3333-4444-555555555555"


def gathered(prefetch: Any, *, allowed: bool = False, fetch: Any = None, **more: Any) -> Chart:
    return gather(call(prefetch, **more), queries.ALL, fetch, allow_other_patient=allowed)


def comes_to(receipt: Receipt, *resources: Any) -> Any:
    return lambda wants: dict.fromkeys(wants, Fetched(resources, receipt))


@pytest.mark.parametrize(
    "fetch",
    [
        None,
        comes_to(Receipt.FAILED),
        comes_to(Receipt.UNANSWERED),
        comes_to(Receipt.RECEIVED, condition(**THEIRS)),
        comes_to(Receipt.PARTIAL, condition(**THEIRS)),
    ],
)
@pytest.mark.parametrize(
    "conditions", [bundle(condition(**THEIRS)), [condition("a", **THEIRS), condition("b", **THEIRS)]]
)
def test_conditions_that_are_all_another_patients_are_refused_by_name(conditions: Any, fetch: Any) -> None:
    with pytest.raises(MissingDataError, match=r"another patient's than context\.patientId") as refused:
        gathered({"conditions": conditions}, hook="patient-view", fetch=fetch)
    assert refused.value.note == Note.OTHER_PATIENT_REFUSED


@pytest.mark.parametrize("fetch", [comes_to(Receipt.EMPTY), comes_to(Receipt.RECEIVED, condition())])
def test_where_the_patients_own_can_be_fetched_they_are_used(fetch: Any) -> None:
    chart = gathered({"conditions": bundle(condition("c9", **THEIRS))}, hook="patient-view", fetch=fetch)
    assert [one["id"] for one in chart.answers["conditions"].resources] in ([], ["c1"])
    assert chart.notes == (Note.OTHER_PATIENT_LEFT_OUT,)


def test_other_missing_conditions_are_not_called_another_patients() -> None:
    with pytest.raises(MissingDataError, match="neither prefetched nor fetchable") as refused:
        gathered({"observations": bundle(potassium(**THEIRS))}, hook="patient-view")
    assert refused.value.note is None


def test_an_order_hook_says_that_it_left_out_a_stranger() -> None:
    assert gathered({"conditions": bundle(condition(**THEIRS))}).notes == (Note.OTHER_PATIENT_LEFT_OUT,)
    assert gathered({"conditions": bundle(condition())}).notes == ()


ONE_OTHER: dict[str, dict[str, Any]] = {
    "by its keys": {
        "patient": patient(id="p2"),
        "conditions": bundle(condition(**THEIRS)),
        "observations": bundle(potassium(**THEIRS)),
    },
    "as one Bundle": bundle(patient(id="p2"), condition(**THEIRS), potassium(**THEIRS)),
    "by addresses": {
        "conditions": bundle(condition(subject={"reference": "https://ehr.example/Patient/p2/_history/1"})),
        "observations": bundle(potassium(subject={"reference": "p2"})),
    },
    "by a urn and its fullUrl": {
        "all": {
            "resourceType": "Bundle",
            "entry": [
                {"fullUrl": f"urn:uuid:{UUID}", "resource": patient(id="p2")},
                {"resource": condition(subject={"reference": f"urn:uuid:{UUID}"})},
                {"resource": potassium(subject={"reference": "Patient/p2"})},
            ],
        }
    },
    "beside what names nobody": {
        "conditions": bundle(condition(**THEIRS), condition("c2", subject={"display": "somebody"})),
        "observations": bundle(potassium(subject=...)),
    },
}


@pytest.mark.parametrize("prefetch", ONE_OTHER.values(), ids=ONE_OTHER)
def test_a_prefetch_that_is_one_other_patients_throughout_is_used_where_allowed(prefetch: Any) -> None:
    chart = gathered(prefetch, allowed=True, hook="patient-view")
    assert chart.answers["conditions"].resources
    assert chart.answers["observations"].resources
    assert (chart.patient_id, chart.strangers) == ("p2", 0)
    assert Note.OTHER_PATIENT_USED in chart.notes
    with pytest.raises(MissingDataError):
        gathered({"conditions": [condition(**THEIRS)]}, hook="patient-view")


def test_then_nothing_is_fetched_which_would_be_of_the_contexts_patient() -> None:
    def never(_: Any) -> Any:
        raise AssertionError

    chart = gathered({"conditions": bundle(condition(**THEIRS))}, allowed=True, fetch=never, hook="patient-view")
    assert chart.answers["observations"].receipt is Receipt.ABSENT


def test_then_drafts_of_either_are_the_patients() -> None:
    drafts = bundle(quinine("d1", status="draft"), quinine("d2", status="draft", **THEIRS))
    chart = gathered({"conditions": bundle(condition(**THEIRS))}, allowed=True, drafts=drafts)
    assert [draft["id"] for draft in chart.drafts or ()] == ["d1", "d2"]


@pytest.mark.parametrize(
    "others",
    [
        [condition("c2", subject={"reference": "Patient/p3"})],
        [condition("c2", subject=MINE)],
        [patient()],
        [patient(id="p3")],
    ],
)
def test_a_prefetch_of_several_patients_is_never_used_throughout(others: Any) -> None:
    chart = gathered({"conditions": bundle(condition(**THEIRS)), "more": bundle(*others)}, allowed=True)
    assert chart.patient_id == "p1"
    assert chart.strangers > 0
    assert Note.OTHER_PATIENT_USED not in chart.notes


def test_a_whole_prefetch_may_come_as_one_bundle() -> None:
    chart = gathered(bundle(patient(), condition(), potassium()), hook="patient-view")
    states = {key: answer.receipt.value for key, answer in chart.answers.items()}
    assert [key for key, state in states.items() if state == "received"] == ["patient", "conditions", "observations"]
    assert states["allergies"] == "absent"
    assert (chart.unread, chart.notes) == ((), (Note.PREFETCH_ONE_RESOURCE,))
