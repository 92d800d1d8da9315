"""Every status the edge can answer, each beside its limit; each error an OperationOutcome without a value of the request."""

import gzip
import json
import weakref
from io import BytesIO
from typing import Any

import pytest
from flask import Blueprint, Response, abort
from flask.testing import FlaskClient
from werkzeug.routing import RequestRedirect

from cds_service.errors import MissingDataError, UnauthenticatedError, UnavailableError
from cds_service.trust.jwt import Caller
from cds_service.web.parts import Issued, Parts
from tests.web.edge.edge_calls import CALL, Asked, Start, issue_of

CAP = 2000
JSON = {"Content-Type": "application/json"}


def padded(body: dict[str, Any], size: int) -> bytes:
    """The body as exactly ``size`` bytes of JSON."""
    bare = json.dumps({**body, "padding": ""}).encode()
    return json.dumps({**body, "padding": "x" * (size - len(bare))}).encode()


@pytest.mark.usefixtures("asked")
def test_a_call_is_answered_with_its_cards(client: FlaskClient, body: dict[str, Any]) -> None:
    response = client.post(CALL, json=body)
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    assert [card["summary"] for card in response.get_json()["cards"]] == ["Stretch first"]


def test_no_advice_is_an_empty_list_of_cards(client: FlaskClient, asked: Asked, body: dict[str, Any]) -> None:
    asked.cards = ()
    assert client.post(CALL, json=body).data == b'{"cards":[]}'


def test_the_hook_may_differ_from_the_service(client: FlaskClient, asked: Asked, body: dict[str, Any]) -> None:
    response = client.post("/cds-services/leg-cramps-order-sign", json={**body, "hook": "order-select"})
    assert response.status_code == 200
    assert asked.calls[0]["service"].hook == "order-sign"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (CALL, 200, None),
        (CALL + "x", 404, "not-found"),
        (CALL[:-1], 404, "not-found"),
        ("/cds-services/..%2fx", 404, "not-found"),
        ("/nowhere", 404, "not-found"),
        ("/", 404, "not-found"),
    ],
)
@pytest.mark.usefixtures("asked")
def test_an_unknown_service_is_not_found(
    client: FlaskClient, body: dict[str, Any], path: str, status: int, code: str | None
) -> None:
    response = client.post(path, json=body)
    assert response.status_code == status
    if code:
        assert issue_of(response)["code"] == code


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_a_service_is_only_posted_to(client: FlaskClient, method: str) -> None:
    response = client.open(CALL, method=method)
    assert response.status_code == 405
    assert {name.strip() for name in response.headers["Allow"].split(",")} == {"OPTIONS", "POST"}
    if method != "HEAD":
        assert issue_of(response)["code"] == "not-supported"


def test_discovery_is_only_got(client: FlaskClient) -> None:
    assert client.get("/cds-services").status_code == 200
    assert client.head("/cds-services").status_code == 200
    assert client.post("/cds-services", json={}).status_code == 405


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("application/json", 200),
        ("APPLICATION/JSON", 200),
        ("application/json; charset=utf-8", 200),
        ("application/json;charset=UTF-8;x=y", 200),
        ("application/fhir+json", 200),
        ("application/fhir+json; fhirVersion=4.0", 200),
        ("application/json+fhir", 415),
        ("text/json", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/xml", 415),
        ("", 415),
        (None, 415),
    ],
)
@pytest.mark.usefixtures("asked")
def test_media_types(client: FlaskClient, body: dict[str, Any], media_type: str | None, status: int) -> None:
    response = client.post(CALL, data=json.dumps(body), content_type=media_type)
    assert response.status_code == status
    if status == 415:
        assert "application/json" in issue_of(response)["details"]["text"]


@pytest.mark.parametrize(
    ("encoding", "status"),
    [(None, 200), ("identity", 200), ("gzip", 415), ("br", 415), ("deflate", 415), ("gzip, gzip", 415)],
)
@pytest.mark.usefixtures("asked")
def test_content_encodings(client: FlaskClient, body: dict[str, Any], encoding: str | None, status: int) -> None:
    headers = JSON | ({"Content-Encoding": encoding} if encoding else {})
    expected = 400 if encoding == "gzip" else status  # gzip is known, but this body is none
    assert client.post(CALL, data=json.dumps(body), headers=headers).status_code == expected


@pytest.mark.parametrize(("size", "status"), [(CAP - 1, 200), (CAP, 200), (CAP + 1, 413)])
@pytest.mark.parametrize("way", ["plain", "chunked", "gzip"])
@pytest.mark.usefixtures("asked")
def test_the_cap_holds_however_the_body_comes(
    start: Start, body: dict[str, Any], size: int, status: int, way: str
) -> None:
    client = start(max_body_bytes=CAP)
    content = padded(body, size)
    assert len(content) == size
    if way == "gzip":
        response = client.post(CALL, data=gzip.compress(content), headers=JSON | {"Content-Encoding": "gzip"})
    elif way == "chunked":
        terminated = {"wsgi.input_terminated": True, "wsgi.input": BytesIO(content), "CONTENT_LENGTH": None}
        response = client.post(CALL, headers=JSON, environ_overrides=terminated)
    else:
        response = client.post(CALL, data=content, headers=JSON)
    assert response.status_code == status
    if status == 413:
        assert issue_of(response)["code"] == "too-long"


def test_a_gzip_bomb_is_stopped_at_the_cap(client: FlaskClient) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 100_000
    assert client.post(CALL, data=bomb, headers=JSON | {"Content-Encoding": "gzip"}).status_code == 413


@pytest.mark.usefixtures("asked")
def test_damaged_gzip_is_refused(client: FlaskClient, body: dict[str, Any]) -> None:
    whole = gzip.compress(json.dumps(body).encode())
    checksum_off = whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:]
    two_members = whole + whole
    for damaged in (whole[:-1], whole[: len(whole) // 2], checksum_off, b"", b"x" + whole, two_members):
        response = client.post(CALL, data=damaged, headers=JSON | {"Content-Encoding": "gzip"})
        assert response.status_code == 400
        assert "gzip" in issue_of(response)["details"]["text"]
    assert client.post(CALL, data=whole, headers=JSON | {"Content-Encoding": "gzip"}).status_code == 200


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"{'hook': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 400 + b"}",
        b'{"a": "\\ud800"}',
        b'{"a": "\xff"}',
        b"\x00",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        '{"a": 1}'.encode("utf-16"),
    ],
    ids=lambda hostile: repr(hostile[:12]),
)
def test_a_hostile_body_is_a_bad_request(client: FlaskClient, hostile: bytes) -> None:
    response = client.post(CALL, data=hostile, headers=JSON)
    assert response.status_code == 400
    assert issue_of(response)["code"] == "invalid"


@pytest.mark.usefixtures("asked")
def test_a_byte_order_mark_is_allowed(client: FlaskClient, body: dict[str, Any]) -> None:
    content = json.dumps(body).encode("utf-8-sig")
    assert client.post(CALL, data=content, headers=JSON).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (MissingDataError("conditions were not received"), 412, "required"),
        (UnavailableError("the store is down"), 503, "transient"),
    ],
)
def test_errors_of_the_pipeline_keep_their_status(
    client: FlaskClient, asked: Asked, body: dict[str, Any], *, error: Exception, status: int, code: str
) -> None:
    asked.error = error
    response = client.post(CALL, json=body)
    assert response.status_code == status
    issue = issue_of(response)
    assert (issue["code"], issue["details"]["text"]) == (code, str(error))


def test_the_unforeseen_is_a_500_that_says_nothing_of_the_patient(
    client: FlaskClient, asked: Asked, body: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    asked.error = KeyError("Siti Aminah 1288992")
    response = client.post(CALL, json=body)
    assert response.status_code == 500
    issue = issue_of(response)
    logged = capsys.readouterr()
    log = logged.out + logged.err
    assert "KeyError" in log
    assert "cds_service.web.hooks" in log
    assert response.headers["X-Request-ID"] in issue["diagnostics"]
    assert response.headers["X-Request-ID"] in log
    for said in (response.text, log):
        assert "Siti" not in said
        assert "1288992" not in said


def test_a_caller_that_is_not_admitted_gets_a_bare_401(start: Start, asked: Asked, body: dict[str, Any]) -> None:
    def refuse(_: object) -> Caller:
        message = "the token's issuer is unknown"
        raise UnauthenticatedError(message)

    client = start(Parts(admit=refuse))
    for response in (client.post(CALL, json=body), client.get("/cds-services"), client.post(CALL + "x", json=body)):
        assert response.status_code == 401
        assert response.data == b""
        assert response.headers["WWW-Authenticate"] == "Bearer"
    assert not asked.calls
    assert client.get("/livez").status_code == 200
    assert client.options(CALL).status_code == 204


def test_what_the_parts_are_given(start: Start, asked: Asked, body: dict[str, Any]) -> None:
    caller = Caller(issuer="https://ehr.example", tenant="t1", language="id")
    fetched, issued = [], []

    def fetch(request: Any, by: Caller) -> None:
        fetched.append((request.fhir_server, by))

    client = start(Parts(admit=lambda _: caller, fetch=fetch, issued=issued.append))
    with client.post(CALL, json=body) as response:
        assert response.headers["Content-Language"] == "id"
    assert fetched == []
    with client.post(CALL, json={**body, "fhirServer": "https://ehr.example/fhir"}):
        pass
    assert fetched == [("https://ehr.example/fhir", caller)]
    first: Issued = issued[0]
    assert (first.caller, first.service.hook, first.cards) == (caller, "patient-view", asked.cards)


def test_the_chart_is_let_go_before_the_answer_is_sent(start: Start, body: dict[str, Any]) -> None:
    seen: list[Any] = []
    client = start(Parts(answered=lambda answer: seen.append(weakref.ref(answer.facts))))
    body["prefetch"]["conditions"] = [{"resourceType": "Condition", "code": {"text": "Nocturnal leg cramps"}}]
    with client.post(CALL, json=body) as response:
        assert seen[0]() is None
        assert response.json is not None
        assert response.json["cards"]


@pytest.mark.usefixtures("asked")
def test_a_store_that_fails_does_not_fail_the_answer(
    start: Start, body: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Issued) -> None:
        message = "Siti Aminah"
        raise ZeroDivisionError(message)

    with start(Parts(issued=fail)).post(CALL, json=body) as response:
        assert response.status_code == 200
    log = "".join(capsys.readouterr())
    assert "ZeroDivisionError" in log
    assert "Siti" not in log


def test_readiness_follows_the_parts(start: Start) -> None:
    def down() -> None:
        message = "the store is down"
        raise UnavailableError(message)

    assert start().get("/readyz").status_code == 200
    client = start(Parts(ready=(down,)))
    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").status_code == 200


@pytest.mark.parametrize("missing", [1, 1000])
@pytest.mark.parametrize("terminated", [False, True])
@pytest.mark.usefixtures("asked")
def test_a_body_shorter_than_announced_is_a_bad_request_though_it_parses(
    client: FlaskClient, body: dict[str, Any], *, missing: int, terminated: bool
) -> None:
    """``terminated``: the server ends the stream itself, as gunicorn does."""
    content = json.dumps(body).encode()
    announced: dict[str, Any] = {"CONTENT_LENGTH": str(len(content) + missing)}
    if terminated:
        announced |= {"wsgi.input_terminated": True, "wsgi.input": BytesIO(content)}
    response = client.post(CALL, data=content, headers=JSON, environ_overrides=announced)
    assert response.status_code == 400
    assert issue_of(response)["details"]["text"] == "the body ended early"


def test_a_failure_is_logged_with_what_it_came_from(
    client: FlaskClient, asked: Asked, body: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    asked.error = ZeroDivisionError("Siti")
    asked.error.__cause__ = LookupError("Aminah")
    assert client.post(CALL, json=body).status_code == 500
    log = "".join(capsys.readouterr())
    assert "LookupError" in log
    assert "Aminah" not in log


@pytest.mark.parametrize(
    ("raised", "status"), [(RequestRedirect("/there"), 308), (Response("mine", 418), 418), (429, 429)]
)
def test_what_a_page_aborts_with(start: Start, raised: Any, status: int) -> None:
    page = Blueprint("page", __name__)

    def view() -> None:
        if isinstance(raised, RequestRedirect):
            raise raised
        abort(raised)

    page.add_url_rule("/page", view_func=view)
    response = start(Parts(blueprints=(page,))).get("/page")
    assert response.status_code == status
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if status == 429:
        assert issue_of(response)["code"] == "throttled"
