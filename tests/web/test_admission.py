"""Who is let in over HTTP, and what those who are not are told: nothing."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from tests.faulty_server import Asked, FhirServer, bundle, reply
from tests.running_service import BASE, ISS, SERVICE, Hospital, body, hospital
from tests.trust.hospital import Keys

Start = Callable[..., FlaskClient]


def test_development_without_issuers_checks_nobody(start: Start) -> None:
    assert start().post(SERVICE, json=body()).status_code == 200
    assert start().post(SERVICE, json=body(), headers={"Authorization": "Bearer x"}).status_code == 200


def test_with_issuers_a_good_token_is_admitted_and_no_token_is_not(checked: FlaskClient, rs: Hospital) -> None:
    assert checked.post(SERVICE, json=body(), headers=rs.bearer()).status_code == 200
    assert checked.post(SERVICE, json=body()).status_code == 401


@pytest.mark.parametrize("path", [SERVICE, f"{SERVICE}/feedback", "/cds-services/unknown", "/cds-services/a/b/c/d"])
@pytest.mark.parametrize("header", [None, "Basic dXNlcjpwYXNz", "Bearer x", "Bearer a.b.c"])
def test_a_refusal_is_bare(checked: FlaskClient, path: str, header: str | None) -> None:
    with structlog.testing.capture_logs() as logged:
        response = checked.post(path, json=body(), headers={"Authorization": header} if header else {})
    assert response.status_code == 401
    assert response.data == b""
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert logged[-1]["refused"] in {"no-token", "not-bearer", "malformed"}
    assert "refused" not in str(response.headers)


def line_of(client: FlaskClient, headers: dict[str, str]) -> dict[str, Any]:
    with structlog.testing.capture_logs() as logged:
        client.post(SERVICE, json=body(), headers=headers)
    return dict(logged[-1])


def test_the_calls_line_names_issuer_and_tenant(checked: FlaskClient, rs: Hospital) -> None:
    assert line_of(checked, rs.bearer(tenant="site-a")).items() >= {"issuer": ISS, "tenant": "site-a"}.items()
    line = line_of(checked, rs.bearer())
    assert (line["issuer"], line["service"]) == (ISS, SERVICE.removeprefix("/cds-services/"))
    assert "tenant" not in line


def test_feedbacks_line_names_issuer_and_tenant(checked: FlaskClient, rs: Hospital) -> None:
    with structlog.testing.capture_logs() as logged:
        checked.post(f"{SERVICE}/feedback", json={}, headers=rs.bearer(tenant="site-a"))
    assert logged[-1].items() >= {"status": 400, "issuer": ISS, "tenant": "site-a"}.items()


def test_the_line_of_a_refused_caller_says_who_it_claims_to_be_where_we_know_that_one(
    checked: FlaskClient, rs: Hospital
) -> None:
    line = line_of(checked, rs.bearer(iat=1, exp=2))
    assert (line["refused"], line["claimed_issuer"]) == ("expired", ISS)
    assert "issuer" not in line
    unknown = line_of(checked, rs.bearer(iss="https://evil.example"))
    assert unknown["refused"] == "unknown-issuer"
    assert "evil" not in str(unknown)
    assert "claimed_issuer" not in line_of(checked, {"Authorization": "Bearer x"})


def test_the_line_of_a_client_over_its_rate_names_it(start: Start, rs: Hospital) -> None:
    client = start(issuers=str(rs.toml), rate_limit_caller="1/hour")
    client.post(SERVICE, json=body(), headers=rs.bearer())
    assert line_of(client, rs.bearer()).items() >= {"status": 429, "issuer": ISS}.items()


def test_the_refusal_of_a_forged_and_of_an_expired_token_look_the_same(checked: FlaskClient, rs: Hospital) -> None:
    forged = checked.post(SERVICE, json=body(), headers=rs.bearer(iss="https://evil.example"))
    expired = checked.post(SERVICE, json=body(), headers=rs.bearer(iat=1, exp=2))
    forged.headers.remove("X-Request-ID")
    expired.headers.remove("X-Request-ID")
    assert (forged.status_code, forged.data, list(forged.headers)) == (
        expired.status_code,
        expired.data,
        list(expired.headers),
    )


def test_two_authorization_headers(checked: FlaskClient, rs: Hospital) -> None:
    headers = Headers()
    headers.add("Authorization", f"Bearer {rs.token()}")
    headers.add("Authorization", f"Bearer {rs.token()}")
    assert checked.post(SERVICE, json=body(), headers=headers).status_code == 401


def test_a_token_is_good_once_also_in_another_process_on_the_same_store(start: Start, rs: Hospital) -> None:
    first, second = start(issuers=str(rs.toml)), start(issuers=str(rs.toml))
    header = rs.bearer()
    assert first.post(SERVICE, json=body(), headers=header).status_code == 200
    assert second.post(SERVICE, json=body(), headers=header).status_code == 401
    assert first.post(SERVICE, json=body(), headers=header).status_code == 401


def test_a_body_that_is_wrong_is_only_looked_at_after_the_token(checked: FlaskClient, rs: Hospital) -> None:
    assert checked.post(SERVICE, data=b"{", content_type="application/json").status_code == 401
    assert checked.post(SERVICE, data=b"{", content_type="application/json", headers=rs.bearer()).status_code == 400


def test_the_host_header_has_no_say_in_the_audience(checked: FlaskClient, rs: Hospital) -> None:
    token = rs.bearer(aud=f"https://evil{SERVICE}")
    assert checked.post(SERVICE, json=body(), headers={**token, "Host": "evil"}).status_code == 401
    assert checked.post(SERVICE, json=body(), headers={**rs.bearer(), "Host": "evil"}).status_code == 200


@pytest.mark.parametrize(
    ("aud", "status"),
    [
        (BASE + SERVICE, 200),
        (BASE + SERVICE + "/", 200),
        (BASE + SERVICE + "/feedback", 200),
        (BASE + "/cds-services", 200),
        (BASE + "/cds-services/leg-cramps-order-sign", 401),
        (BASE, 401),
    ],
)
def test_audiences_of_a_call(checked: FlaskClient, rs: Hospital, aud: str, status: int) -> None:
    assert checked.post(SERVICE, json=body(), headers=rs.bearer(aud=aud)).status_code == status


def test_feedback_is_checked_too(checked: FlaskClient, rs: Hospital) -> None:
    item = {
        "card": "f4f9ad5f-1b5d-4b3f-8ab6-4a8a1a0d9b5a",
        "outcome": "overridden",
        "outcomeTimestamp": "2026-03-02T10:00:00Z",
    }
    path = f"{SERVICE}/feedback"
    assert checked.post(path, json={"feedback": [item]}).status_code == 401
    assert checked.post(path, json={"feedback": [item]}, headers=rs.bearer(aud=BASE + path)).status_code == 200
    assert checked.post(path, json={"feedback": [item]}, headers=rs.bearer()).status_code == 200


def test_discovery_and_health_are_open(checked: FlaskClient) -> None:
    assert checked.get("/cds-services").status_code == 200
    assert checked.get("/cds-services/").status_code == 200
    assert checked.get("/livez").status_code == 200
    assert checked.post("/cds-services").status_code == 401
    assert checked.get(SERVICE).status_code == 401


def test_a_preflight_needs_no_token(checked: FlaskClient) -> None:
    assert checked.options(SERVICE, headers={"Origin": "http://localhost:3000"}).status_code == 204


def test_an_unknown_issuer_costs_no_network_call(
    checked: FlaskClient, rs: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    def called(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "getaddrinfo", called)
    assert checked.post(SERVICE, json=body(), headers=rs.bearer(iss="https://evil.example")).status_code == 401


def test_the_issuers_language_is_the_cards_language(start: Start, tmp_path: Any, keys: Keys) -> None:
    rs = hospital(tmp_path, keys, 'language = "id"\n')
    client = start(issuers=str(rs.toml))
    assert client.post(SERVICE, json=body(), headers=rs.bearer()).headers["Content-Language"] == "id"
    english = {**rs.bearer(), "Accept-Language": "en"}
    assert client.post(SERVICE, json=body(), headers=english).headers["Content-Language"] == "en"


def test_a_store_that_is_down_lets_nobody_in(start: Start, rs: Hospital) -> None:
    client = start(issuers=str(rs.toml), database_url="sqlite:////nonexistent/folder/cds.db")
    response = client.post(SERVICE, json=body(), headers=rs.bearer())
    assert response.status_code == 503
    assert response.get_json(force=True)["resourceType"] == "OperationOutcome"
    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").status_code == 200


def test_unchecked_development_answers_without_a_store(start: Start) -> None:
    assert start(database_url="sqlite:////nonexistent/folder/cds.db").post(SERVICE, json=body()).status_code == 200


@pytest.fixture
def ehr() -> Any:
    """The EHR's FHIR server: it has the cramps."""

    def answer(asked: Asked) -> list[bytes]:
        kind = asked.target.removeprefix("/fhir/r4/").partition("?")[0]
        page = bundle()
        if kind == "Condition":
            page["entry"] = [{"resource": body()["prefetch"]["conditions"]["entry"][0]["resource"]}]
        return [reply({"resourceType": "Patient", "id": "1"} if kind == "Patient/1" else page)]

    server = FhirServer(answer)
    yield server
    server.close()


def without_prefetch(server: str) -> dict[str, Any]:
    authorization = {
        "access_token": "canary",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "patient/*.read",
        "subject": "cds",
    }
    return body(prefetch={}, fhirServer=server, fhirAuthorization=authorization)


def test_what_lacks_is_fetched_in_development(start: Start, ehr: FhirServer) -> None:
    response = start().post(SERVICE, json=without_prefetch(ehr.base))
    assert response.status_code == 200
    assert response.get_json()["cards"]
    assert {asked.headers["authorization"] for asked in ehr.asked} == {"Bearer canary"}


def test_a_checked_caller_may_name_its_own_fhir_server_and_no_other(
    start: Start, tmp_path: Any, keys: Keys, ehr: FhirServer
) -> None:
    rs = hospital(tmp_path, keys, f'fhir_prefixes = ["{ehr.base}"]\n')
    client = start(issuers=str(rs.toml))
    assert client.post(SERVICE, json=without_prefetch(ehr.base), headers=rs.bearer()).status_code == 200
    asked = len(ehr.asked)
    assert asked > 0
    elsewhere = ehr.base.replace("/r4", "/r5")
    assert client.post(SERVICE, json=without_prefetch(elsewhere), headers=rs.bearer()).status_code == 412
    assert len(ehr.asked) == asked


def test_a_caller_without_prefixes_gets_nothing_fetched(start: Start, rs: Hospital, ehr: FhirServer) -> None:
    client = start(issuers=str(rs.toml))
    assert client.post(SERVICE, json=without_prefetch(ehr.base), headers=rs.bearer()).status_code == 412
    assert ehr.asked == []


def test_production_fetches_by_https_only(start: Start, tmp_path: Any, keys: Keys, ehr: FhirServer) -> None:
    prefix = ehr.base.replace("http:", "https:")
    rs = hospital(tmp_path, keys, f'fhir_prefixes = ["{prefix}"]\nprivate_hosts = ["127.0.0.1"]\n')
    client = start(env="production", single_host=True, cors_origins=(), issuers=str(rs.toml))
    assert client.post(SERVICE, json=without_prefetch(ehr.base), headers=rs.bearer()).status_code == 412
    assert ehr.asked == []
    assert ehr.connections == 0
