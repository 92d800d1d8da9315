"""Headers: languages, caching, browsers of other origins, paths with too many slashes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.settings import Settings
from cds_service.store.store import Store
from cds_service.web.metrics.metrics import Metrics
from cds_service.web.pages import pages
from cds_service.web.parts import Parts
from cds_service.web.paths import plain_paths
from cds_service.web.report.page import report
from tests.web.edge.edge_calls import CALL, Asked, Start, issue_of

ORIGIN = "https://sandbox.cds-hooks.org"
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}


@pytest.mark.parametrize(
    ("header", "default", "expected"),
    [
        (None, "en", "en"),
        (None, "id", "id"),
        ("", "id", "id"),
        ("id", "en", "id"),
        ("ID", "en", "id"),
        ("id-ID", "en", "id"),
        ("in", "en", "id"),
        ("in-ID,en;q=0.5", "en", "id"),
        ("en-US,en;q=0.9", "id", "en"),
        ("id;q=0.8,en;q=0.9", "id", "en"),
        ("en;q=0.8,id;q=0.9", "en", "id"),
        ("en;q=0.8,id;q=0.8", "id", "en"),
        ("id,en", "en", "id"),
        ("fr,de;q=0.5", "id", "id"),
        ("fr,id;q=0.1", "en", "id"),
        ("*", "id", "id"),
        ("fr,*;q=0.1", "en", "en"),
        ("en;q=0.5,*", "id", "id"),
        ("id;q=0.2,*;q=0.1", "en", "id"),
        ("id;q=0,*", "id", "en"),
        ("id;q=0", "id", "en"),
        ("en;q=0, id;q=0", "en", "en"),
        ("en;q=0,id;q=0.001", "en", "id"),
        ("id;q=nonsense", "en", "en"),
        (";;;,,q=", "en", "en"),
        ("idx, ind", "en", "id"),
    ],
)
@pytest.mark.usefixtures("asked")
def test_the_language_of_the_answer(
    start: Start, asked: Asked, body: dict[str, Any], *, header: str | None, default: str, expected: str
) -> None:
    client = start(default_language=default)
    response = client.post(CALL, json=body, headers={"Accept-Language": header} if header is not None else {})
    assert response.headers["Content-Language"] == expected
    assert asked.calls[0]["language"] == expected
    assert "Accept-Language" in response.vary


@pytest.mark.usefixtures("asked")
def test_nothing_is_cached_or_sniffed(client: FlaskClient, body: dict[str, Any]) -> None:
    for response in (client.post(CALL, json=body), client.post(CALL, data=b"{"), client.get("/nowhere")):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", [CALL, "/cds-services//leg-cramps-patient-view", CALL + "/", "/cds-services/x/feedback", "/nowhere", "/"]
)
def test_a_preflight_never_redirects_and_is_allowed_everywhere(client: FlaskClient, path: str) -> None:
    response = client.options(path, headers=PREFLIGHT)
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"].lower() == "authorization, content-type"


def test_a_page_may_not_send_other_headers(client: FlaskClient) -> None:
    response = client.options(CALL, headers={**PREFLIGHT, "Access-Control-Request-Headers": "x-other"})
    assert "Access-Control-Allow-Headers" not in response.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/cds-services", 200),
        ("POST", CALL, 200),
        ("POST", CALL + "x", 404),
        ("GET", "/nowhere", 404),
        ("GET", CALL, 405),
        ("POST", "/cds-services/leg-cramps-order-sign", 500),
    ],
)
def test_a_page_can_read_every_answer(
    client: FlaskClient, asked: Asked, body: dict[str, Any], *, method: str, path: str, status: int
) -> None:
    asked.error = KeyError() if status == 500 else None
    response = client.open(path, method=method, json=body if method == "POST" else None, headers={"Origin": ORIGIN})
    assert response.status_code == status
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Content-Language" in response.headers["Access-Control-Expose-Headers"]
    assert "Origin" in response.vary


@pytest.mark.parametrize(
    ("origins", "origin", "allowed"),
    [
        (("*",), ORIGIN, True),
        (("*",), "https://evil.example", True),
        (("local",), ORIGIN, True),
        (("local",), "http://localhost:4434", True),
        (("local",), "http://127.0.0.1", True),
        (("local",), "https://[::1]:8443", True),
        (("local",), "http://localhost.evil.example", False),
        (("local",), "http://127.0.0.1.evil.example", False),
        (("local",), "https://evil.example", False),
        (("local",), "null", False),
        (("local", "https://ehr.example.org"), "https://ehr.example.org", True),
        (("https://ehr.example.org",), "https://ehr.example.org", True),
        (("https://ehr.example.org",), "https://ehrxexample.org", False),
        (("https://ehr.example.org",), "https://ehr.example.org.evil.test", False),
        (("https://ehr.example.org",), ORIGIN, False),
        ((), ORIGIN, False),
    ],
)
def test_only_listed_origins_are_allowed(start: Start, origins: tuple[str, ...], origin: str, *, allowed: bool) -> None:
    client = start(cors_origins=origins)
    response = client.options(CALL, headers={**PREFLIGHT, "Origin": origin})
    assert response.status_code == (204 if allowed else 403)
    assert allowed or "CDS_CORS_ORIGINS" in issue_of(response)["details"]["text"]
    assert ("Access-Control-Allow-Origin" in response.headers) is allowed
    quiet = start(env="production", cors_origins=origins).options(CALL, headers={**PREFLIGHT, "Origin": origin})
    assert quiet.status_code == 204
    answer = client.get("/cds-services", headers={"Origin": origin})
    assert ("Access-Control-Allow-Origin" in answer.headers) is allowed


def test_a_refused_page_is_told_of_in_the_log(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    for origin, times in (("https://evil.example", 1), ("http://localhost:3000", 0), ("http://box:8080", 0)):
        assert client.get("/cds-services", headers={"Origin": origin, "Host": "box:8080"}).status_code == 200
        assert "".join(capsys.readouterr()).count("CDS_CORS_ORIGINS") == times


@pytest.mark.parametrize("path", ["/report", "/metrics", "/", "/leaflets"])
def test_our_own_pages_are_read_by_no_page_of_others(store: Store, path: str) -> None:
    settings = Settings(cors_origins=("*",))
    blueprints = (report(settings, store), Metrics().blueprint(), *pages(settings))
    client = create_app(settings, Parts(blueprints=blueprints)).test_client()
    answer = client.get(path, headers={"Origin": ORIGIN})
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
    shared = client.get("/fhir/metadata", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" in shared.headers


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(Settings(database_url=f"sqlite:///{tmp_path}/store.db"))
    made.prepare()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost", True),
        ("localhost:8080", True),
        ("127.0.0.1:8080", True),
        ("192.168.1.7", True),
        ("[::1]:8080", True),
        ("service-1:8080", True),
        ("cds.hospital.example", True),
        ("CDS.hospital.example:443", True),
        ("", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example:8080", False),
        ("cds.hospital.example.evil.example", False),
        ("evil.example.", False),
        ("[::1", False),
        ("localhost:8080@evil.example", False),
    ],
)
def test_development_answers_to_its_own_names(start: Start, host: str, *, ours: bool) -> None:
    """Else a page could have a name of its own lead here, and read whatever it likes."""
    client = start(public_base_url="https://cds.hospital.example")
    for path in ("/cds-services", "/livez", "/nowhere"):
        response = client.get(path, headers={"Host": host})
        assert (response.status_code == 421) is not ours
    assert ours or "CDS_PUBLIC_BASE_URL" in issue_of(response)["details"]["text"]
    elsewhere = start(env="production", cors_origins=(), public_base_url="https://cds.hospital.example")
    assert elsewhere.get("/cds-services", headers={"Host": host}).status_code == 200


def test_only_development_lets_a_public_page_call_this_machine(start: Start) -> None:
    headers = {**PREFLIGHT, "Access-Control-Request-Private-Network": "true"}
    for env, expected in (("development", "true"), ("production", "false")):
        response = start(env=env, cors_origins=(ORIGIN,)).options(CALL, headers=headers)
        assert response.headers["Access-Control-Allow-Private-Network"] == expected


@pytest.mark.parametrize(
    "path",
    ["/cds-services//leg-cramps-patient-view", "/cds-services///leg-cramps-patient-view/", CALL + "/", CALL + "//"],
)
@pytest.mark.usefixtures("asked")
def test_slashes_too_many_are_no_redirect(client: FlaskClient, body: dict[str, Any], path: str) -> None:
    assert client.post(path, json=body).status_code == 200


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/", "/"),
        ("//", "/"),
        ("/a", "/a"),
        ("/a/", "/a"),
        ("/a//", "/a"),
        ("//a///b/", "/a/b"),
        ("", ""),
    ],
)
def test_plain_paths(path: str, plain: str) -> None:
    seen = []
    application = plain_paths(lambda environ, _: seen.append(environ["PATH_INFO"]) or [])
    application({"PATH_INFO": path}, None)
    assert seen == [plain]


def test_a_page_whose_own_address_ends_in_a_slash(start: Start) -> None:
    page = Blueprint("page", __name__)
    page.add_url_rule("/page/", view_func=lambda: "here", endpoint="page")
    client = start(Parts(blueprints=(page,)))
    for path in ("/page", "/page/"):
        assert client.get(path).text == "here"


def test_discovery_with_slashes(client: FlaskClient) -> None:
    for path in ("/cds-services/", "/cds-services//"):
        assert client.get(path).status_code == 200


def test_the_log_has_one_line_a_call_and_nothing_of_the_patient(
    client: FlaskClient, asked: Asked, body: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    canary = "CANARY7F3A"
    told = json.loads(json.dumps(body).replace("1288992", canary))
    told["hook"] = canary
    told["fhirServer"] = f"https://{canary}.example/fhir"
    told["fhirAuthorization"] = {"access_token": canary, "scope": "patient/*.read"}
    headers = {"Authorization": f"Bearer {canary}", "Accept-Language": f"id, {canary}", "X-Request-ID": f"{canary} 7"}
    client.post(f"{CALL}?patient={canary}", json=told, headers=headers)
    client.post(f"{CALL}{canary}?patient={canary}", json=told, headers=headers)
    client.post(CALL, data=b"{" + canary.encode(), headers=headers | {"Content-Type": "application/json"})
    client.post(CALL, json={**told, "hookInstance": canary}, headers=headers)
    asked.error = ValueError(canary)
    client.post(CALL, json=told, headers=headers)
    log = "".join(capsys.readouterr())
    assert canary not in log
    calls = [line for line in log.splitlines() if "hooks.call" in line]
    assert len(calls) == 5
    for word in ("leg-cramps-patient-view", "patient-view", "status=200", "language=id", "StretchingFirst", "cds-r-2"):
        assert word in calls[0]


def test_errors_name_the_path_and_the_rule_but_no_value(client: FlaskClient, body: dict[str, Any]) -> None:
    canary = "CANARY7F3A"
    broken = {**body, "hookInstance": canary * 30, "fhirServer": canary, canary: 1}
    broken["context"] = {"userId": canary, "patientId": f"{canary} x", canary: canary}
    response = client.post(CALL, json=broken)
    assert response.status_code == 400
    text = issue_of(response)["details"]["text"]
    assert canary not in response.text
    for path in ("hookInstance", "context.userId: ord-1", "context.patientId", "fhirServer"):
        assert path in text
