import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.settings import Settings
from cds_service.store.issued import IssuedCall
from cds_service.store.store import Store
from cds_service.web.parts import Parts
from cds_service.web.report.page import report

Start = Callable[..., FlaskClient]


@pytest.fixture
def start() -> Start:
    def start(store: Store, **changes: object) -> FlaskClient:
        settings = Settings(timezone=store._settings.timezone, **changes)  # type: ignore[arg-type]  # noqa: SLF001
        return create_app(settings, Parts(blueprints=(report(settings, store),))).test_client()

    return start


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"env": "production"}, 404),
        ({"env": "production", "report_page": True}, 200),
    ],
)
def test_who_is_shown_the_page(store: Store, start: Start, changes: dict[str, object], status: int) -> None:
    assert start(store, **changes).get("/report").status_code == status


def test_the_page_and_its_headers(filled: Store, start: Start) -> None:
    response = start(filled).get("/report")
    assert response.text.count("<svg") == 3
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    within = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', response.text)
    assert within is not None
    assert policy.startswith(within[1].replace("&#39;", "'"))


def test_a_range_of_days(filled: Store, start: Start) -> None:
    page = start(filled).get("/report?since=2026-01-06&until=2026-01-07").text
    assert "6 Jan 2026 to 7 Jan 2026 (Asia/Jakarta)" in page
    assert 'value="2026-01-06"' in page
    empty = start(filled).get("/report?since=2025-01-06&until=2025-01-07")
    assert (empty.status_code, "Nothing yet" in empty.text) == (200, True)


@pytest.mark.parametrize(
    "query", ["since=x", "until=2026-02-30", "since=2026-03-02&until=2026-03-01", "since=2999-01-01", "since=<script>"]
)
def test_a_bad_range_is_said(filled: Store, start: Start, query: str) -> None:
    response = start(filled).get(f"/report?{query}")
    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert "<script" not in response.text


def test_an_empty_store_says_so(store: Store, start: Start) -> None:
    assert "Nothing yet" in start(store).get("/report").text


def test_the_page_of_one_tenant(store: Store, start: Start) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    for tenant in ("site-1", "site-2"):
        store.issued(IssuedCall("s", "patient-view", (), "en", at, "https://ehr.example", tenant))
    assert store.flush()
    client = start(store)
    assert "0 cards in 2 calls" in client.get("/report?issuer=&tenant=").text
    page = client.get("/report?tenant=site-1").text
    assert ", tenant site-1: 0 cards in 1 call" in page
    assert '<option value="site-1" selected>site-1</option>' in page
    assert "of what is chosen" in client.get("/report?issuer=%3Cscript%3E").text
    assert "<script" not in client.get("/report?issuer=%3Cscript%3E").text
