"""What is asked of the EHR's FHIR server, and what becomes of it."""

from typing import Any

import pytest

from cds_service.chart import queries
from cds_service.chart.gather.gather import gather
from cds_service.chart.model import Fetched, Gathered, Want
from cds_service.errors import MissingDataError
from cds_service.patient.received import Receipt
from tests.builders.fhir import MINE, bundle, call, chart_of, condition, facts_of, outcome, patient, quinine

NEXT = "https://ehr.example/fhir?page=2"
PAGED = {"link": [{"relation": "next", "url": NEXT}]}
WHOLE = Want("conditions", "Condition?patient=p1")
THEIRS = condition("c9", subject={"reference": "Patient/p2"})
NOT_CONDITIONS = dict.fromkeys(("patient", "observations", "medicationRequests", "medicationStatements", "allergies"))


class Server:
    """A fetch that answers from a table and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.rounds = []

    def __call__(self, wants: Any) -> dict[Want, Fetched]:
        self.rounds.append(list(wants))
        nothing = Fetched((), Receipt.FAILED)
        return {want: self.answers.get(want.key, nothing) for want in wants}


def came(*resources: Any, receipt: Any = Receipt.RECEIVED) -> Fetched:
    return Fetched(tuple(resources), receipt)


def conditions_after(member: Any, answer: Any) -> tuple[Gathered, list[list[Want]]]:
    prefetch = dict(NOT_CONDITIONS) if member is ... else {**NOT_CONDITIONS, "conditions": member}
    server = Server(conditions=answer)
    return chart_of(prefetch, server).answers["conditions"], server.rounds


@pytest.mark.parametrize(
    ("member", "asked"),
    [
        (..., [WHOLE]),
        (outcome("error"), [WHOLE]),
        (bundle(condition(), outcome()), [WHOLE]),
        (bundle(condition(), total=3), [WHOLE]),
        (bundle(condition(), **PAGED), [Want("conditions", NEXT)]),
        (bundle(condition(), total=9, **PAGED), [Want("conditions", NEXT)]),
        (bundle(condition(), outcome(), **PAGED), [WHOLE]),
        (bundle(condition(), link=[{"relation": "next", "url": "?page=2"}]), [WHOLE]),
        (bundle(THEIRS), [WHOLE]),
        (bundle(THEIRS, **PAGED), [WHOLE]),
        (bundle(**PAGED), [WHOLE]),
        (bundle(condition(), link={"relation": "next", "url": NEXT}), [Want("conditions", NEXT)]),
        (bundle(condition()), None),
        (None, None),
    ],
)
def test_what_is_asked(member: Any, asked: Any) -> None:
    _, rounds = conditions_after(member, came())
    assert rounds == ([] if asked is None else [asked])


@pytest.mark.parametrize(
    ("member", "answer", "receipt", "held"),
    [
        (..., came(condition()), "received", 1),
        (..., came(receipt=Receipt.EMPTY), "empty", 0),
        (..., came(condition(), receipt=Receipt.PARTIAL), "partial", 1),
        (..., came(receipt=Receipt.FAILED), "failed", 0),
        (..., came(THEIRS), "absent", 0),
        (..., came(THEIRS, receipt=Receipt.PARTIAL), "absent", 0),
        (..., came(condition(), THEIRS), "received", 1),
        (outcome("error"), came(condition()), "received", 1),
        (outcome("error"), came(receipt=Receipt.FAILED), "failed", 0),
        (bundle(condition(), **PAGED), came(condition("c2")), "received", 2),
        (bundle(condition(), **PAGED), came(receipt=Receipt.EMPTY), "received", 1),
        (bundle(condition(), **PAGED), came(receipt=Receipt.FAILED), "partial", 1),
        (bundle(condition(), **PAGED), came(condition("c2"), receipt=Receipt.PARTIAL), "partial", 2),
        (bundle(condition(), outcome()), came(condition(), condition("c2")), "received", 2),
        (bundle(condition(), outcome()), came(receipt=Receipt.EMPTY), "partial", 1),
        (bundle(condition(), outcome()), came(receipt=Receipt.FAILED), "partial", 1),
        (bundle(total=3), came(receipt=Receipt.EMPTY), "empty", 0),
        (bundle(THEIRS), came(receipt=Receipt.EMPTY), "empty", 0),
        (bundle(THEIRS), came(condition()), "received", 1),
        (bundle(THEIRS), came(THEIRS), "absent", 0),
        (bundle(THEIRS), came(receipt=Receipt.FAILED), "failed", 0),
        (bundle(THEIRS, **PAGED), came(receipt=Receipt.FAILED), "failed", 0),
    ],
)
def test_what_comes_is_merged_and_what_stays_unknown_stays_so(
    member: Any, answer: Any, receipt: Any, held: Any
) -> None:
    found, _ = conditions_after(member, answer)
    assert (found.receipt.value, len(found.resources)) == (receipt, held)


def test_all_that_lacks_is_asked_in_one_round_and_only_of_the_queries_wanted() -> None:
    server = Server()
    chart = gather(call({"patient": patient()}), [queries.PATIENT, queries.CONDITIONS, queries.ALLERGIES], server)
    assert [[want.key for want in wants] for wants in server.rounds] == [["conditions", "allergies"]]
    assert chart.answers["observations"].receipt is Receipt.ABSENT


def test_a_stranger_is_counted_once_though_merged_twice() -> None:
    chart = chart_of({**NOT_CONDITIONS, "conditions": bundle(THEIRS, condition(), **PAGED)}, Server(conditions=came()))
    assert chart.strangers == 1


def test_an_answer_the_fetch_forgot_is_a_failure() -> None:
    assert chart_of({}, lambda _: {}).answers["conditions"].receipt is Receipt.UNANSWERED


@pytest.mark.parametrize("prefetch", [{}, {"conditions": outcome("error")}, {"dx": bundle()}])
@pytest.mark.parametrize("fetch", [None, Server()])
def test_patient_view_without_any_conditions_is_refused(prefetch: Any, fetch: Any) -> None:
    with pytest.raises(MissingDataError):
        gather(call(prefetch, hook="patient-view"), queries.ALL, fetch)


@pytest.mark.parametrize("member", [None, bundle(), bundle(condition(), outcome()), bundle(total=1)])
def test_patient_view_goes_on_with_conditions_empty_or_partial(member: Any) -> None:
    chart = gather(call({"conditions": member}, hook="patient-view"), queries.ALL, None)
    assert chart.answers["conditions"].receipt in {Receipt.EMPTY, Receipt.PARTIAL}


def test_patient_view_goes_on_when_the_conditions_could_be_fetched() -> None:
    server = Server(conditions=came(condition()))
    chart = gather(call({}, hook="patient-view"), queries.ALL, server)
    assert len(chart.answers["conditions"].resources) == 1


def test_order_hooks_never_require_conditions() -> None:
    for hook in ("order-select", "order-sign"):
        assert gather(call({}, hook=hook), queries.ALL, None).answers["conditions"].receipt is Receipt.ABSENT


def test_patient_view_whose_rules_need_no_conditions_is_not_refused() -> None:
    assert gather(call({}, hook="patient-view"), [queries.PATIENT], None).drafts is None


def test_the_services_hook_outweighs_the_requests() -> None:
    with pytest.raises(MissingDataError):
        gather(call({}, hook="order-sign"), queries.ALL, None, hook="patient-view")
    assert gather(call({}, hook="patient-view"), queries.ALL, None, hook="order-sign").strangers == 0


def refers(reference: Any, **more: Any) -> dict[str, Any]:
    return quinine(medicationCodeableConcept=..., medicationReference={"reference": reference}, **more)


MEDICATION = {"resourceType": "Medication", "id": "7", "code": {"text": "quinine"}}


def full(*orders: Any, **members: Any) -> dict[str, Any]:
    return {**NOT_CONDITIONS, "conditions": None, "medicationRequests": bundle(*orders), **members}


def test_a_medication_not_in_hand_is_asked_for_in_a_second_round() -> None:
    server = Server(medication=came(MEDICATION))
    chart = chart_of(full(refers("Medication/7"), refers("Medication/7", own="m2")), server)
    assert server.rounds == [[Want("medication", "Medication/7")]]
    assert chart.siblings == {"Medication/7": MEDICATION}


@pytest.mark.parametrize(
    "order",
    [
        refers("#inside"),
        refers("urn:uuid:11111111-2222-3333-4444-555555555555"),
        refers("Medication/7", status="completed"),
        refers("Medication/7", status="stopped"),
        refers("Medication/7", status="Entered-in-error"),
        quinine(),
    ],
)
def test_a_medication_that_cannot_be_had_or_cannot_matter_is_not_asked_for(order: Any) -> None:
    server = Server()
    chart_of(full(order), server)
    assert server.rounds == []


@pytest.mark.parametrize(
    ("reference", "entry"),
    [
        ("Medication/7", {"resource": MEDICATION}),
        ("Medication/7", {"fullUrl": "https://ehr.example/fhir/Medication/7", "resource": MEDICATION}),
        ("https://ehr.example/fhir/Medication/7", {"resource": MEDICATION}),
        ("Medication/7/_history/2", {"resource": MEDICATION}),
        ("urn:uuid:abc", {"fullUrl": "urn:uuid:abc", "resource": MEDICATION}),
        ("urn:uuid:7", {"resource": MEDICATION}),
        ("Medication/7", MEDICATION),
    ],
)
def test_a_sibling_is_found_by_its_id_or_full_url(reference: Any, entry: Any) -> None:
    server = Server()
    chart = chart_of(full(refers(reference), extra={"resourceType": "Bundle", "entry": [entry]}), server)
    assert server.rounds == []
    assert list(chart.siblings.values()) == [MEDICATION]


EHR = "https://ehr.example/fhir"
ELSEWHERE = "https://elsewhere.example/fhir/Medication/7"


@pytest.mark.parametrize("reference", ["Medication/7", f"{EHR}/Medication/7", f"{EHR}/Medication/7/_history/2"])
def test_a_medication_of_the_calls_own_server_is_asked_for_there(reference: Any) -> None:
    server = Server(medication=came(MEDICATION))
    chart = chart_of(full(refers(reference)), server, server=EHR)
    assert server.rounds == [[Want("medication", "Medication/7")]]
    assert list(chart.siblings.values()) == [MEDICATION]


@pytest.mark.parametrize(
    "reference",
    [
        ELSEWHERE,
        "https://ehr.example.evil/fhir/Medication/7",
        "https://ehr.example/fhirx/Medication/7",
        "https://ehr.example/Medication/7",
        "http://ehr.example/fhir/Medication/7",
        f"{EHR}/Medication/7/8",
        f"{EHR}/x/Medication/7",
        f"{EHR}/Medication/7?x=1",
        f"{EHR}/Patient/7",
        "ftp://ehr.example/fhir/Medication/7",
        "//elsewhere.example/fhir/Medication/7",
        "fhir/Medication/7",
        "Medication/..",
        "Medication/7 8",
        "Medication/7%2F8",
    ],
)
def test_a_medication_of_another_server_is_never_asked_for_and_named_as_unread(reference: Any) -> None:
    server = Server(medication=came(MEDICATION))
    prefetch = full(refers(reference), refers("Medication/7", own="m2"))
    facts = facts_of(prefetch, server, server=EHR)
    assert server.rounds == [[Want("medication", "Medication/7")]]
    assert [medicine.source for medicine in facts.medications] == ["MedicationRequest/m2"]
    assert [(one.source, one.why) for one in facts.unread] == [("MedicationRequest/m1", "reference-unresolved")]


def test_without_a_server_an_address_is_not_asked_for() -> None:
    server = Server(medication=came(MEDICATION))
    chart_of(full(refers(ELSEWHERE)), server)
    assert server.rounds == []


@pytest.mark.parametrize(
    ("reference", "url", "server", "found"),
    [
        (ELSEWHERE, ELSEWHERE, EHR, True),
        (ELSEWHERE, f"{EHR}/Medication/7", EHR, False),
        (ELSEWHERE, f"{EHR}/Medication/7", None, False),
        (ELSEWHERE, None, EHR, False),
        (ELSEWHERE, None, None, True),
        (f"{EHR}/Medication/7", None, EHR, True),
        (f"{EHR}/Medication/7", "urn:uuid:abc", EHR, True),
        (f"{EHR}/Medication/7", ELSEWHERE, EHR, False),
        ("Medication/7", f"{EHR}/Medication/7", EHR, True),
    ],
)
def test_the_same_id_on_another_server_is_another_medication(
    reference: Any, url: Any, server: Any, *, found: bool
) -> None:
    entry = {"resource": MEDICATION} | ({} if url is None else {"fullUrl": url})
    prefetch = full(refers(reference), extra={"resourceType": "Bundle", "entry": [entry]})
    assert bool(chart_of(prefetch, server=server).siblings) is found


def test_a_sibling_among_the_draft_orders_is_found() -> None:
    chart = chart_of({}, drafts=bundle(refers("Medication/7", status="draft"), MEDICATION))
    assert chart.siblings == {"Medication/7": MEDICATION}


def test_an_ingredients_substance_and_a_reasons_condition_are_siblings_too() -> None:
    mixture = {"resourceType": "Medication", "id": "8", "ingredient": [{"itemReference": {"reference": "Substance/s"}}]}
    substance = {"resourceType": "Substance", "id": "s", "code": {"text": "quinine"}}
    order = refers("Medication/8", reasonReference=[{"reference": "Condition/c1"}])
    chart = chart_of({"all": bundle(order, mixture, substance, condition(subject=MINE))})
    assert set(chart.siblings) == {"Medication/8", "Substance/s", "Condition/c1"}


def test_no_more_than_forty_medications_are_asked_for() -> None:
    server = Server()
    chart_of(full(*(refers(f"Medication/{n}", own=f"m{n}") for n in range(60))), server)
    assert len(server.rounds[0]) == 40
