"""Security headers of answers, pages and refusals."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.running_service import SERVICE, Hospital, body

Start = Callable[..., FlaskClient]


@pytest.mark.parametrize("path", ["/cds-services", "/livez", "/metrics", "/nowhere"])
def test_answers_run_nothing_and_are_framed_nowhere(start: Start, path: str) -> None:
    headers = start().get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Strict-Transport-Security" not in headers


def test_pages_keep_their_own_policy(start: Start) -> None:
    headers = start().get("/leaflets").headers
    policy = headers["Content-Security-Policy"]
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_behind_tls_a_browser_is_told_to_stay_there(start: Start, rs: Hospital) -> None:
    secure = start(proxy_hops=1).get("/cds-services", headers={"X-Forwarded-Proto": "https"})
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert (
        "Strict-Transport-Security" not in start().get("/cds-services", headers={"X-Forwarded-Proto": "https"}).headers
    )
    production = start(env="production", single_host=True, cors_origins=(), issuers=str(rs.toml))
    for response in (production.get("/cds-services"), production.post(SERVICE, json=body())):
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert response.headers["Cache-Control"] == "no-store"
