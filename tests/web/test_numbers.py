"""By which numbers a call is found again: the caller's, where they are safe to write down; else ours."""

import re
import string
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from cds_service.web.numbers import MOST_CHARACTERS, kept_request_id, traced
from tests.running_service import SERVICE, body

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
OURS = re.compile(r"[0-9a-f]{16}")


@pytest.fixture
def client(start: Callable[..., FlaskClient]) -> FlaskClient:
    return start()


def called(client: FlaskClient, **headers: str) -> tuple[str, dict[str, Any]]:
    """The X-Request-ID that came back, and the call's line."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    with structlog.testing.capture_logs() as logged:
        answer = client.post(SERVICE, json=body(), headers=sent)
    return answer.headers["X-Request-ID"], dict(logged[-1])


@pytest.mark.parametrize(
    "kept", ["7f3a1c9e-4b52-4c1a-9d5e-2a6b8c0d1e2f", "4bf92f3577b34da6a3ce929d0e0e4736", "abc-1", "a" * MOST_CHARACTERS]
)
def test_the_callers_request_id_is_kept(client: FlaskClient, kept: str) -> None:
    returned, line = called(client, X_Request_ID=kept)
    assert (returned, line["request"]) == (kept, kept)
    error = client.post(SERVICE, data="{", content_type="application/json", headers={"X-Request-ID": kept})
    assert error.get_json(force=True)["issue"][0]["diagnostics"] == f"request {kept}"


@pytest.mark.parametrize(
    "other",
    ["", "3171234567890123", "a" * (MOST_CHARACTERS + 1), "a b", "a,b", "Siti Rahayu", "<b>", "-a1", "é1"],
)
def test_any_other_is_replaced_by_one_of_ours(client: FlaskClient, other: str) -> None:
    returned, line = called(client, X_Request_ID=other)
    assert OURS.fullmatch(returned)
    assert line["request"] == returned


def test_the_trace_stands_in_the_line(client: FlaskClient) -> None:
    _, line = called(client, traceparent=f"00-{TRACE}-{SPAN}-01")
    assert (line["trace_id"], line["span_id"]) == (TRACE, SPAN)
    assert "trace_id" not in called(client)[1]
    assert "trace_id" not in called(client, traceparent=f"00-{TRACE}-{SPAN}")[1]


def test_a_call_that_is_refused_has_its_trace_too(client: FlaskClient) -> None:
    with structlog.testing.capture_logs() as logged:
        client.post("/cds-services/none", json=body(), headers={"traceparent": f"00-{TRACE}-{SPAN}-00"})
    assert (logged[-1]["status"], logged[-1]["trace_id"]) == (404, TRACE)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"cc-{TRACE}-{SPAN}-01-what-the-future-will-be-like", True),
        (f"cc-{TRACE}-{SPAN}-01", True),
        (f"00-{TRACE}-{SPAN}-01-more", False),
        (f"cc-{TRACE}-{SPAN}-01.more", False),
        (f"ff-{TRACE}-{SPAN}-01", False),
        (f"00-{'0' * 32}-{SPAN}-01", False),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (f"00-{TRACE.upper()}-{SPAN}-01", False),
        (f"00-{TRACE[:-1]}-{SPAN}-01", False),
        ("", False),
        (None, False),
    ],
)
def test_traceparent_as_the_w3c_has_it(header: str | None, *, found: bool) -> None:
    assert traced(header) == ((TRACE, SPAN) if found else None)


@given(st.one_of(st.text(max_size=80), st.from_regex(r"\A[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}.*\Z")))
def test_whatever_is_sent_only_plain_short_words_are_kept(header: str) -> None:
    plain = set(string.ascii_letters + string.digits + "._-")
    for word in (kept_request_id(header), *(traced(header) or ())):
        assert word is None or (0 < len(word) <= MOST_CHARACTERS and set(word) <= plain)
