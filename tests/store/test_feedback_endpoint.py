import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, select, text
from werkzeug.test import TestResponse

from cds_service import pipeline
from cds_service.app import create_app
from cds_service.catalogue import wording
from cds_service.decision.phrases import Text, say
from cds_service.decision.recommendation import Advise, Decided, Indicator, NotAdvised
from cds_service.errors import InvalidRequestError
from cds_service.guidelines.leg_cramps.quinine import rule as avoid_quinine
from cds_service.guidelines.leg_cramps.stretching import rule as stretching_first
from cds_service.patient.facts import Facts
from cds_service.pipeline import Answer
from cds_service.protocol.cards import Card, CardSource, Coding
from cds_service.protocol.schemas import load_feedback
from cds_service.settings import Settings
from cds_service.store import feedback as feedback_store
from cds_service.store.issued import IssuedCall
from cds_service.store.store import Store
from cds_service.store.tables import accepted_suggestion, feedback
from cds_service.trust.jwt import Caller
from cds_service.web import feedback as endpoint
from cds_service.web.parts import Parts

URL = "/cds-services/leg-cramps-patient-view/feedback"
CARD = "4e0a3a1e-3283-4575-ab82-028d55fe2719"
SUGGESTION = "e56e1945-20b3-4393-8503-a1a20fd73152"
OVERRIDDEN = {"card": CARD, "outcome": "overridden", "outcomeTimestamp": "2026-03-02T08:05:31.25Z"}
ACCEPTED = OVERRIDDEN | {"outcome": "accepted", "acceptedSuggestions": [{"id": SUGGESTION}]}
ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CALLER = Caller("https://ehr.example", "site-1")


@pytest.fixture
def client(store: Store) -> FlaskClient:
    settings = Settings(max_body_bytes=50_000, override_reasons=frozenset({"45"}))
    parts = Parts(
        admit=lambda _: CALLER,
        issued=endpoint.recorder(store),
        blueprints=(endpoint.feedback(settings, store),),
    )
    return create_app(settings, parts).test_client()


@pytest.fixture
def send(client: FlaskClient) -> Callable[..., TestResponse]:
    return lambda *items: client.post(URL, json={"feedback": list(items)})


Send = Callable[..., TestResponse]


def kept(store: Store) -> list[Any]:
    with store.database.read() as connection:
        return list(connection.execute(select(feedback).order_by(feedback.c.outcome_at)))


def message(response: TestResponse) -> str:
    assert response.mimetype == "application/fhir+json"
    assert response.json is not None
    assert response.json["resourceType"] == "OperationOutcome"
    return str(response.json["issue"][0]["details"]["text"])


def test_a_batch_is_kept(store: Store, send: Send) -> None:
    later = OVERRIDDEN | {"card": str(uuid4()), "outcomeTimestamp": "2026-03-02T09:00:00+07:00"}
    response = send(ACCEPTED, later)
    assert (response.status_code, response.json, response.mimetype) == (200, {}, "application/json")
    second, first = kept(store)
    assert (first.card, first.outcome, first.reason) == (UUID(CARD), "accepted", None)
    assert first.outcome_at == datetime(2026, 3, 2, 8, 5, 31, 250_000, tzinfo=UTC)
    assert (first.issuer, first.tenant, first.service) == (CALLER.issuer, CALLER.tenant, "leg-cramps-patient-view")
    assert (second.outcome, second.outcome_at) == ("overridden", datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    with store.database.read() as connection:
        assert list(connection.execute(select(accepted_suggestion.c.suggestion)).scalars()) == [UUID(SUGGESTION)]


def test_sent_again_it_is_the_same(store: Store, send: Send) -> None:
    assert [send(ACCEPTED, OVERRIDDEN).status_code for _ in range(3)] == [200, 200, 200]
    assert len(kept(store)) == 2


def test_an_empty_batch_is_fine(store: Store, send: Send) -> None:
    assert send().status_code == 200
    assert kept(store) == []


REASON = {"reason": {"code": "malaria", "system": "https://cds.example/override-reasons", "display": "Malaria"}}
EPIC = {
    "extension": {
        "com.epic.cdshooks.feedback.overrideReason.reasonCategory": "45",
        "com.epic.cdshooks.feedback.overrideReason.reasonDisplay": "Does not meet criteria",
    }
}


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"overrideReason": REASON}, "malaria"),
        ({"overrideReasons": REASON}, "malaria"),
        ({"overrideReasons": [REASON, {"userComment": "x"}]}, "malaria"),
        ({"overrideReasons": [{"userComment": "x"}, REASON]}, "malaria"),
        ({"overrideReason": None, "overrideReasons": REASON}, "malaria"),
        ({"overrideReasons": EPIC}, "45"),
        ({"overrideReason": {"userComment": "only words"}}, None),
        ({"overrideReason": {"reason": {"display": "no code"}}}, None),
        ({"overrideReason": {"reason": {"code": "Siti Aminah, 62, refuses"}}}, "other"),
        ({"overrideReason": {"reason": {"code": "MRN-0012345"}}}, "other"),
        ({"overrideReason": {"reason": {"code": "Malaria"}}}, "other"),
        ({"overrideReason": {"reason": {"code": ""}}}, None),
        ({"overrideReasons": {"extension": dict.fromkeys(EPIC["extension"], "46")}}, "other"),
        ({"overrideReason": None}, None),
        ({"overrideReasons": []}, None),
        ({"acceptedSuggestions": None, "extension": {"x": 1}, "unknown": [None]}, None),
    ],
)
def test_reasons_in_every_spelling(store: Store, send: Send, members: dict[str, Any], reason: str | None) -> None:
    assert send(OVERRIDDEN | members).status_code == 200
    (row,) = kept(store)
    assert (row.reason, row.reason_system, row.comment) == (reason, None, None)


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("item", "said"),
    [
        (
            OVERRIDDEN | {"outcome": "ignored"},
            "feedback[1].outcome: cds-fb-1: outcome must be 'accepted' or 'overridden'",
        ),
        (OVERRIDDEN | {"outcome": None}, "feedback[1].outcome: cds-fb-1"),
        ({"card": CARD, "outcomeTimestamp": "2026-03-02T08:05:31Z"}, "feedback[1].outcome: cds-fb-1"),
        (OVERRIDDEN | {"outcome": ["accepted"]}, "feedback[1].outcome: cds-fb-1"),
        (OVERRIDDEN | {"outcome": "accepted"}, "feedback[1].acceptedSuggestions: cds-fb-2: if outcome is 'accepted'"),
        (ACCEPTED | {"acceptedSuggestions": []}, "feedback[1].acceptedSuggestions: cds-fb-2"),
        (
            OVERRIDDEN | {"overrideReason": {}},
            "cds-fb-3: an overrideReason must contain a reason, a userComment, or both",
        ),
        (OVERRIDDEN | {"overrideReasons": {"userComment": ""}}, "feedback[1].overrideReason[0]: cds-fb-3"),
        (OVERRIDDEN | {"overrideReason": {"reason": {}}}, "cds-fb-3"),
        (OVERRIDDEN | {"overrideReason": "malaria"}, "feedback[1].overrideReason[0]"),
        (OVERRIDDEN | {"card": "123456"}, "feedback[1].card: must be a UUID"),
        (OVERRIDDEN | {"card": 7}, "feedback[1].card: must be a UUID"),
        (OVERRIDDEN | {"card": CARD + "0"}, "feedback[1].card: must be a UUID"),
        (ACCEPTED | {"acceptedSuggestions": [{}]}, "feedback[1].acceptedSuggestions[0].id"),
        (OVERRIDDEN | {"outcomeTimestamp": "yesterday"}, "feedback[1].outcomeTimestamp: must be a date and time"),
        (OVERRIDDEN | {"outcomeTimestamp": "2026-03-02"}, "feedback[1].outcomeTimestamp"),
        (OVERRIDDEN | {"outcomeTimestamp": "2026-02-30T00:00:00Z"}, "feedback[1].outcomeTimestamp"),
        (OVERRIDDEN | {"outcomeTimestamp": "0001-01-01T00:00:00+14:00"}, "feedback[1].outcomeTimestamp"),
        (OVERRIDDEN | {"outcomeTimestamp": "٢٠26-03-02T00:00:00Z"}, "feedback[1].outcomeTimestamp"),
        (None, "feedback[1]"),
        ([], "feedback[1]"),
    ],
)
def test_a_bad_item_is_named_and_the_good_ones_of_the_batch_are_kept(
    store: Store, send: Send, item: object, said: str
) -> None:
    good = [OVERRIDDEN | {"card": str(uuid4())} for _ in range(2)]
    response = send(good[0], item, good[1])
    assert response.status_code == 200
    assert said in message(response)
    assert response.json is not None
    assert len(response.json["issue"]) == 1
    assert {str(row.card) for row in kept(store)} == {one["card"] for one in good}
    alone = send(item)
    assert alone.status_code == 400
    assert said.replace("feedback[1]", "feedback[0]") in message(alone)
    assert len(kept(store)) == 2


@ON_ONE_DATABASE
def test_each_bad_item_has_an_issue_of_its_own(store: Store, send: Send) -> None:
    bad: list[Any] = [OVERRIDDEN | {"card": number} for number in range(7)]
    response = send(*bad, OVERRIDDEN)
    assert response.json is not None
    texts = [issue["details"]["text"] for issue in response.json["issue"]]
    assert texts == [f"feedback[{place}].card: must be a UUID" for place in range(7)]
    assert len(kept(store)) == 1
    none_good = send(*bad)
    assert none_good.status_code == 400
    assert message(none_good).endswith("feedback[4].card: must be a UUID; and 2 more")


@ON_ONE_DATABASE
def test_a_time_more_than_a_day_ahead_is_refused(store: Store, send: Send) -> None:
    """The hour on either side is what the test itself may take."""
    day, hour = timedelta(days=1), timedelta(hours=1)
    now = datetime.now(UTC)
    assert send(OVERRIDDEN | {"outcomeTimestamp": (now + day - hour).isoformat()}).status_code == 200
    refused = send(OVERRIDDEN | {"outcomeTimestamp": (now + day + hour).isoformat()})
    assert refused.status_code == 400
    assert message(refused) == "feedback[0].outcomeTimestamp: must not be more than a day ahead"
    assert len(kept(store)) == 1


def test_exactly_a_day_ahead_is_not_more_than_a_day() -> None:
    now = datetime(2026, 3, 1, 8, 5, 31, 250_000, tzinfo=UTC)
    body = json.dumps({"feedback": [OVERRIDDEN]}).encode()
    assert len(load_feedback(body, (), now).items) == 1
    with pytest.raises(InvalidRequestError, match="a day ahead"):
        load_feedback(body, (), now - timedelta(microseconds=1))


def test_every_reason_a_card_offers_is_one_that_is_kept() -> None:
    """Of whatever rule: a rule that offers one without a text cannot be shown at all."""
    assert wording("en").below("override") == wording("id").below("override") >= {"malaria", "later", "dataWrong"}


@ON_ONE_DATABASE
@pytest.mark.parametrize("moment", ["2016-12-31T23:59:60Z", "2026-03-02t08:05:31z", "2026-03-02T08:05:31"])
def test_odd_but_valid_times(store: Store, send: Send, moment: str) -> None:
    assert send(OVERRIDDEN | {"outcomeTimestamp": moment}).status_code == 200
    (row,) = kept(store)
    assert row.outcome_at.second in (31, 59)


def test_no_value_of_the_body_is_said_or_kept(store: Store, send: Send, database_url: str) -> None:
    canary = "canary-Siti-1962"
    coding = {"code": canary, "system": f"https://{canary}.example", "display": canary}
    for outcome in ("accepted", "overridden"):
        reason = {"userComment": canary, "reason": coding}
        item = OVERRIDDEN | {"outcome": outcome, "overrideReason": reason, canary: canary}
        said = send(item)
        assert canary not in said.text
    assert said.status_code == 200
    with store.database.read() as connection:
        for table in ("feedback", "issued_card", "call_count", "accepted_suggestion"):
            assert canary not in str(connection.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608
    assert database_url not in said.text


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"feedback": {}}', 400),
        (b'{"feedback": null}', 400),
        (b'{"feedback": [' + b"[" * 2000, 400),
        (b'{"feedback": [{"card": "\\ud800"}]}', 400),
        (b'{"feedback": [], "x": "' + b"x" * 50_000 + b'"}', 413),
    ],
)
def test_bodies_that_are_no_feedback(client: FlaskClient, body: bytes, status: int) -> None:
    response = client.post(URL, data=body, content_type="application/json")
    assert response.status_code == status
    assert message(response)


@ON_ONE_DATABASE
def test_other_media_types_services_and_methods(client: FlaskClient) -> None:
    body = json.dumps({"feedback": [OVERRIDDEN]})
    assert client.post(URL, data=body, content_type="text/plain").status_code == 415
    assert client.post(URL, data=body, content_type="application/fhir+json; charset=utf-8").status_code == 200
    assert client.post("/cds-services/none/feedback", data=body, content_type="application/json").status_code == 404
    assert client.post(f"/cds-services/{URL[13:]}/", data=body, content_type="application/json").status_code == 200
    assert client.get(URL).status_code == 405


def test_a_store_that_is_down_is_503_and_may_be_asked_again(
    store: Store, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("cds_service.store.feedback._add_suggestions", _fail_after_the_rows)
        response = send(ACCEPTED)
    assert response.status_code == 503
    assert message(response) == "the store is not available"
    assert kept(store) == []
    assert send(ACCEPTED).status_code == 200
    assert len(kept(store)) == 1


@ON_ONE_DATABASE
def test_feedback_is_on_the_disk_before_it_is_acknowledged(
    store: Store, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FULL: a commit waits for the disk, so that even a power cut loses nothing acknowledged."""
    levels: list[int] = []
    real = feedback_store.write

    def write(connection: Connection, *arguments: Any, **named: Any) -> int:
        levels.append(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
        return real(connection, *arguments, **named)

    monkeypatch.setattr(feedback_store, "write", write)
    assert send(OVERRIDDEN).status_code == 200
    assert levels == [2]
    assert len(kept(store)) == 1


def _fail_after_the_rows(connection: Any, _pairs: object) -> None:
    connection.execute(text("SELECT * FROM no_such_table"))


def test_many_at_once_are_all_kept_once(store: Store, client: FlaskClient) -> None:
    items = [OVERRIDDEN | {"card": str(uuid4())} for _ in range(400)]
    statuses: list[int] = []

    def post(start: int) -> None:
        body = {"feedback": (items + items)[start : start + 100]}
        statuses.append(client.application.test_client().post(URL, json=body).status_code)

    threads = [threading.Thread(target=post, args=(start,)) for start in range(0, 400, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses == [200] * 8
    assert len(kept(store)) == 400


@pytest.fixture
def recorded(store: Store) -> Iterator[list[IssuedCall]]:
    calls: list[IssuedCall] = []
    store.issued = calls.append  # type: ignore[method-assign]
    yield calls
    del store.issued  # type: ignore[method-assign]


def test_an_answer_is_recorded_without_its_words(
    client: FlaskClient, recorded: list[IssuedCall], monkeypatch: pytest.MonkeyPatch
) -> None:
    advise = Advise(Indicator.WARNING, say(Text("x")), (), ())
    decisions = (
        Decided(stretching_first.RULE, NotAdvised(say(Text("x")))),
        Decided(avoid_quinine.RULE, advise),
        Decided(avoid_quinine.ORDER_RULE, NotAdvised(say(Text("x")))),
    )
    card = Card(CARD, "canary summary", "canary detail", "warning", CardSource("x", Coding("AvoidQuinine")))
    monkeypatch.setattr(pipeline, "answer", lambda *_, **__: Answer((card,), decisions, Facts(date(2026, 3, 2)), "id"))
    body = {
        "hook": "patient-view",
        "hookInstance": str(uuid4()),
        "context": {"userId": "Practitioner/1", "patientId": "canary-patient"},
    }
    with client.post("/cds-services/leg-cramps-patient-view", json=body) as response:
        assert response.status_code == 200, response.text
    (call,) = recorded
    assert (call.service, call.hook, call.language) == ("leg-cramps-patient-view", "patient-view", "id")
    assert (call.issuer, call.tenant) == ("https://ehr.example", "site-1")
    (issued,) = call.cards
    rule = avoid_quinine.RULE
    assert (issued.uuid, issued.topic, issued.indicator) == (CARD, "AvoidQuinine", "warning")
    assert issued.rules == ((rule.name, rule.version),)
    assert "canary" not in repr(call)
