"""The day of a call: the configured zone's, or in development the one the request names."""

from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from cds_service.web import hooks
from tests.web.edge.edge_calls import CALL, Asked, Start, issue_of

NAME = "org.cds-service.today"


class Midnight(datetime):
    """17:30 UTC on 1 March: already 2 March in Jakarta, not yet in London."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Midnight":
        return cls.fromtimestamp(datetime(2026, 3, 1, 17, 30, tzinfo=UTC).timestamp(), tz)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Jakarta", date(2026, 3, 2)), ("Europe/London", date(2026, 3, 1)), ("UTC", date(2026, 3, 1))],
)
def test_today_is_the_configured_zones(
    start: Start, asked: Asked, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch, *, zone: str, day: date
) -> None:
    monkeypatch.setattr(hooks, "datetime", Midnight)
    start(timezone=ZoneInfo(zone)).post(CALL, json=body)
    assert asked.calls[0]["today"] == day


def test_development_takes_the_day_from_the_request(client: FlaskClient, asked: Asked, body: dict[str, Any]) -> None:
    client.post(CALL, json={**body, "extension": {NAME: "2024-02-29"}})
    assert asked.calls[0]["today"] == date(2024, 2, 29)


def test_production_does_not(production: FlaskClient, asked: Asked, body: dict[str, Any]) -> None:
    for named in ("2024-02-29", "nonsense"):
        assert production.post(CALL, json={**body, "extension": {NAME: named}}).status_code == 200
    assert all(call["today"] > date(2025, 1, 1) for call in asked.calls)


@pytest.mark.parametrize("named", ["2026-02-30", "02/03/2026", "2026-3", "20260302", "", 20260302, {}, []])
def test_a_malformed_day_is_refused_in_development(client: FlaskClient, body: dict[str, Any], named: Any) -> None:
    response = client.post(CALL, json={**body, "extension": {NAME: named}})
    assert response.status_code == 400
    assert NAME in issue_of(response)["details"]["text"]


@pytest.mark.parametrize("extension", [None, [], "text", {}, {NAME: None}, {"org.other": 1}])
@pytest.mark.usefixtures("asked")
def test_other_extensions_are_ignored(client: FlaskClient, body: dict[str, Any], extension: Any) -> None:
    assert client.post(CALL, json={**body, "extension": extension}).status_code == 200
