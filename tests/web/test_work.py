"""What one call may cost: its entries, what it inflates to, its work."""

import gzip
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import pipeline
from cds_service.app import create_app
from cds_service.catalogue import CATALOGUE, Service, find, wording
from cds_service.chart import queries
from cds_service.chart.gather.entries import insist_on_a_measure
from cds_service.chart.gather.gather import gather, gather_drafts
from cds_service.chart.model import OFTEN, Fetch, Fetched, Watched
from cds_service.commands.explain import explain
from cds_service.errors import BodyTooLargeError, OvertimeError
from cds_service.patient.received import Receipt
from cds_service.protocol.request import HookContext, HookRequest
from cds_service.settings import Settings
from cds_service.web import hooks
from cds_service.web.parts import Parts
from cds_service.web.work import still

CALL = "/cds-services/leg-cramps-patient-view"
TODAY = date(2026, 3, 2)


def condition(number: int) -> dict[str, Any]:
    coding = {"system": "http://snomed.info/sct", "code": "449917004"}
    return {
        "resourceType": "Condition",
        "id": str(number),
        "code": {"coding": [coding]},
        "subject": {"reference": "Patient/1"},
    }


def bundle(*resources: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


def body(prefetch: dict[str, Any]) -> dict[str, Any]:
    context = {"userId": "Practitioner/1", "patientId": "1"}
    instance = "4e0a3a1e-3283-4575-ab82-028d55fe2719"
    return {"hook": "patient-view", "hookInstance": instance, "context": context, "prefetch": prefetch}


def request(number: int) -> HookRequest:
    context = HookContext("1")
    conditions = bundle(*(condition(place) for place in range(number)))
    return HookRequest("patient-view", "4e0a3a1e-3283-4575-ab82-028d55fe2719", context, {"conditions": conditions})


def answered(number: int, may_go_on: Callable[[], None]) -> pipeline.Answer:
    service = find("leg-cramps-patient-view")
    return pipeline.answer(
        request(number), service, fetch=None, today=TODAY, words=wording("en"), settings=Settings(), still=may_go_on
    )


def looks(number: int) -> int:
    """How often a call of this many resources asks whether it may go on."""
    times = 0

    def look() -> None:
        nonlocal times
        times += 1

    answered(number, look)
    return times


def test_a_call_asks_between_its_stages_and_every_100_resources() -> None:
    few, more = looks(1), looks(2001)
    assert few >= 2 + len(find("leg-cramps-patient-view").rules)
    assert more >= few + 2000 // OFTEN


def told_apart(number: int) -> Sequence[dict[str, Any]]:
    """Conditions of which none tells by itself, or all together, whose it is."""
    return [condition(place) | {"subject": {"reference": f"Patient/{(place + 1) % 2}"}} for place in range(number)]


def referring(number: int) -> Sequence[dict[str, Any]]:
    """Orders that refer to nothing that came."""
    order = {"resourceType": "MedicationRequest", "medicationReference": {"reference": "Medication/9"}}
    return [order | {"id": str(place), "subject": {"reference": "Patient/1"}} for place in range(number)]


def looks_while_gathering(prefetch: dict[str, Any], fetch: Fetch | None = None, drafts: Any = None) -> int:
    """How often it is asked before anything is read."""
    asked: list[None] = []
    context = HookContext("1", draft_orders=drafts)
    call = HookRequest("patient-view", "4e0a3a1e-3283-4575-ab82-028d55fe2719", context, prefetch)
    if drafts is not None:
        gather_drafts(call, "order-sign", lambda: asked.append(None))
    else:
        gather(call, queries.ALL, fetch, still=lambda: asked.append(None))
    return len(asked)


@pytest.mark.parametrize("build", [told_apart, referring])
def test_a_chart_is_gathered_with_a_look_every_100_resources(build: Callable[[int], Any]) -> None:
    def prefetch(number: int) -> dict[str, Any]:
        return {"conditions": bundle(condition(1)), "others": bundle(*build(number))}

    assert looks_while_gathering(prefetch(1)) >= len(queries.ALL)
    assert looks_while_gathering(prefetch(2001)) >= looks_while_gathering(prefetch(1)) + 2000 // OFTEN


def test_drafts_are_gathered_with_a_look_every_100_resources() -> None:
    few, more = (looks_while_gathering({}, drafts=bundle(*referring(number))) for number in (1, 2001))
    assert more >= few + 2000 // OFTEN


def test_what_was_fetched_is_sorted_with_a_look_every_100_resources() -> None:
    def serving(number: int) -> Fetch:
        pages = tuple(told_apart(number))
        return lambda wants: {
            want: Fetched(pages if want.key == "conditions" else (), Receipt.RECEIVED) for want in wants
        }

    few, more = (looks_while_gathering({}, serving(number)) for number in (1, 2001))
    assert more >= few + 2000 // OFTEN


@pytest.mark.parametrize("after", range(0, 40, 3))
def test_wherever_a_call_is_stopped_it_is_stopped(after: int) -> None:
    """No part of it takes the end for something it could not read."""
    times = 0

    def look() -> None:
        nonlocal times
        times += 1
        if times > after:
            raise OvertimeError

    with pytest.raises(OvertimeError):
        answered(2001, look)


def test_watched_resources_are_the_same_resources() -> None:
    asked: list[None] = []
    resources = tuple(condition(number) for number in range(2 * OFTEN))
    watched = Watched(resources, lambda: asked.append(None))
    assert list(watched) == list(resources)
    assert len(asked) == 2
    assert [watched[place] for place in range(OFTEN)] == list(resources[:OFTEN])
    assert len(asked) == 3
    assert len(watched) == len(resources)


def test_the_time_is_the_calls_own() -> None:
    now = 100.0
    look = still(5.0, lambda: now)
    look()
    now = 105.0
    look()
    now = 105.1
    with pytest.raises(OvertimeError, match="more than 5 seconds of work"):
        look()


def test_a_call_that_takes_too_much_work_is_a_503_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []

    def count(service: Service) -> None:
        counted.append(service.id)

    client = create_app(Settings(work_seconds=7.0), Parts(overtime=count)).test_client()
    given: list[float] = []

    def nothing_left(seconds: float) -> Callable[[], None]:
        given.append(seconds)
        return still(0.0, iter((0.0, 1.0)).__next__)

    monkeypatch.setattr(hooks, "still", nothing_left)
    response = client.post(CALL, json=body({"conditions": bundle(condition(1))}))
    assert response.status_code == 503
    assert response.json is not None
    assert response.json["issue"][0]["code"] == "too-costly"
    assert counted == ["leg-cramps-patient-view"]
    assert given == [7.0]


JUNK: tuple[tuple[str, Callable[[int], Any]], ...] = (
    ("bundle", lambda n: bundle(*(condition(place) for place in range(n)))),
    ("empty entries", lambda n: {"resourceType": "Bundle", "entry": [{}] * n}),
    ("list", lambda n: [0] * n),
    ("lists", lambda n: [[]] * n),
    ("bundle in bundle", lambda n: bundle(bundle(*([0] * (n - 1))))),
    (
        "bundle as entry",
        lambda n: {"resourceType": "Bundle", "entry": [{"resourceType": "Bundle", "entry": [0] * (n - 1)}]},
    ),
    ("list as resource", lambda n: bundle([0] * (n - 1))),
    ("wrapper", lambda n: {"response": {"status": "200"}, "resource": bundle(*([0] * n))}),
    ("object of bundles", lambda n: {"a": bundle(*([0] * (n // 2))), "b": bundle(*([0] * (n - n // 2)))}),
    ("untyped bundle", lambda n: {"entry": [{"resource": None}] * n}),
)


@pytest.mark.parametrize(("_name", "build"), JUNK, ids=[name for name, _ in JUNK])
def test_entries_are_counted_in_whatever_they_come(_name: str, build: Callable[[int], Any]) -> None:
    insist_on_a_measure([build(100)], 100)
    with pytest.raises(BodyTooLargeError, match="more than 100 entries"):
        insist_on_a_measure([build(101)], 100)


def test_the_entries_of_all_members_count_together() -> None:
    insist_on_a_measure([[0] * 50, None, "x", 7, [0] * 50], 100)
    with pytest.raises(BodyTooLargeError):
        insist_on_a_measure([[0] * 50, None, "x", 7, [0] * 51], 100)


def test_what_a_resource_holds_is_no_entry() -> None:
    whole = condition(1) | {"contained": [{}] * 500, "entry": [1]}
    insist_on_a_measure([bundle(whole), [whole]], 100)


@pytest.fixture
def client() -> FlaskClient:
    return create_app(Settings(max_entries=100, max_body_bytes=50_000_000), Parts()).test_client()


@pytest.mark.parametrize("service", [service.id for service in CATALOGUE])
@pytest.mark.parametrize("where", ["prefetch", "draftOrders"])
def test_too_many_entries_are_a_413(client: FlaskClient, service: str, where: str) -> None:
    many = bundle(*(condition(place) for place in range(101)))
    call = body({"conditions": many} if where == "prefetch" else {"conditions": bundle(condition(1))})
    drafts = bundle({"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "quinine"}})
    call["context"] |= {"draftOrders": many if where == "draftOrders" else drafts}
    response = client.post(f"/cds-services/{service}", json=call)
    assert response.status_code == 413
    assert response.json is not None
    assert response.json["issue"][0]["details"]["text"] == "the request holds more than 100 entries"


def compressed(client: FlaskClient, content: bytes) -> int:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    return client.post(CALL, data=gzip.compress(content), headers=headers).status_code


def test_a_body_that_was_made_to_grow_is_refused(client: FlaskClient) -> None:
    """Beyond 1 MB only; and no chart grows a hundred times."""
    plain = json.dumps(body({"conditions": bundle(condition(1))})).encode()
    assert compressed(client, plain + b" " * (1_000_000 - len(plain))) == 200
    assert compressed(client, plain + b" " * (1_000_001 - len(plain))) == 413
    assert compressed(client, plain + bytes(range(32, 127)) * 30 + b"\n" * 100) == 400
    noise = json.dumps({"x": [f"{number * 2654435761 % 2**32:x}" for number in range(200_000)]}).encode()
    assert compressed(client, plain[:-1] + b', "extension": ' + noise + b"}") == 200


def unreadable(number: int) -> pipeline.Answer:
    """A call of a patient with cramps, of which this many members of the problem list are no resources."""
    entries = [{"resource": condition(1)}, *({"resource": {"a": 1}} if place % 2 else {} for place in range(number))]
    prefetch = {"conditions": {"resourceType": "Bundle", "entry": entries}}
    call = HookRequest("patient-view", "4e0a3a1e-3283-4575-ab82-028d55fe2719", HookContext("1"), prefetch)
    service = find("leg-cramps-patient-view")
    return pipeline.answer(call, service, fetch=None, today=TODAY, words=wording("en"), settings=Settings())


@pytest.mark.parametrize("number", [20, 21, 3000])
def test_of_what_can_not_be_read_the_first_20_are_named_and_all_are_counted(number: int) -> None:
    answer = unreadable(number)
    unread = [one for one in answer.facts.unread if one.query == "conditions"]
    assert sum(one.times for one in unread) == number
    assert len([one for one in unread if one.times == 1 and "[…]" not in one.source]) == 20
    assert len(unread) <= 22
    said = explain(answer, wording("en"))
    assert said.count("conditions[") == len(unread)
    assert number < 3000 or ", 1,490 times" in said
    told = " ".join(card.detail for card in answer.cards)
    assert f"{number} unnamed entries not usable" in told
    assert told.count("[…]") == 0
