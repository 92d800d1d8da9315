"""Rates: per address before anything else, per authenticated client after; over them a 429 that says when."""

import socket
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from limits import storage as storages
from limits.storage import MemoryStorage

from cds_service.errors import ConfigurationError
from cds_service.settings import Settings
from cds_service.web.limits import Limits
from cds_service.web.metrics.metrics import Metrics
from tests.running_service import SERVICE, Hospital, body

Start = Callable[..., FlaskClient]


def statuses(client: FlaskClient, count: int, **more: object) -> list[int]:
    return [client.post(SERVICE, json=body(), **more).status_code for _ in range(count)]  # type: ignore[arg-type]


def test_no_limit_in_development(start: Start) -> None:
    assert Settings().rate_limit is None
    assert statuses(start(), 30) == [200] * 30


def test_the_limit_of_an_address(start: Start) -> None:
    client = start(rate_limit="3/hour")
    assert statuses(client, 4) == [200, 200, 200, 429]
    refused = client.post(SERVICE, json=body())
    assert refused.get_json(force=True)["issue"][0]["code"] == "throttled"
    assert 1 <= int(refused.headers["Retry-After"]) <= 7200
    assert statuses(client, 1, environ_base={"REMOTE_ADDR": "192.0.2.9"}) == [200]
    assert client.get("/livez").status_code == 200


def test_the_addresses_of_one_ipv6_network_count_as_one(start: Start) -> None:
    client = start(rate_limit="1/hour")
    assert statuses(client, 1, environ_base={"REMOTE_ADDR": "2001:db8:0:1::a"}) == [200]
    assert statuses(client, 1, environ_base={"REMOTE_ADDR": "2001:db8:0:1::b"}) == [429]
    assert statuses(client, 1, environ_base={"REMOTE_ADDR": "2001:db8:0:2::a"}) == [200]


def test_a_forwarded_address_is_believed_from_as_many_proxies_as_there_are(start: Start) -> None:
    def asked(client: FlaskClient, forwarded: str) -> int:
        return client.post(SERVICE, json=body(), headers={"X-Forwarded-For": forwarded}).status_code

    behind_one = start(rate_limit="1/hour", proxy_hops=1)
    assert [asked(behind_one, "198.51.100.1, 203.0.113.7"), asked(behind_one, "198.51.100.2, 203.0.113.7")] == [
        200,
        429,
    ]
    assert asked(behind_one, "203.0.113.7, 203.0.113.8") == 200
    behind_none = start(rate_limit="1/hour")
    assert [asked(behind_none, "203.0.113.1"), asked(behind_none, "203.0.113.2")] == [200, 429]


def test_attempts_to_get_in_count_before_the_token_is_looked_at(start: Start, rs: Hospital) -> None:
    client = start(issuers=str(rs.toml), rate_limit="2/hour")
    assert statuses(client, 3) == [401, 401, 429]
    assert client.post(SERVICE, json=body(), headers=rs.bearer()).status_code == 429


def test_the_limit_of_a_client_counts_its_tenants_apart(start: Start, rs: Hospital) -> None:
    client = start(issuers=str(rs.toml), rate_limit_caller="1/hour")

    def asked(tenant: str) -> int:
        return client.post(SERVICE, json=body(), headers=rs.bearer(tenant=tenant)).status_code

    assert [asked("a"), asked("a"), asked("b")] == [200, 429, 200]
    assert client.post(SERVICE, json=body()).status_code == 401


def test_a_storage_that_fails_limits_nobody(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    client = start(rate_limit="1/hour")

    def fail(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(MemoryStorage, "acquire_sliding_window_entry", fail)
    assert statuses(client, 3) == [200] * 3


PRODUCTION = Settings(env="production", rate_limit="600/minute")


@pytest.mark.parametrize(
    ("settings", "warned"),
    [
        (PRODUCTION, True),
        (replace(PRODUCTION, rate_limit=None, rate_limit_caller="9/minute"), True),
        (replace(PRODUCTION, rate_limit=None), False),
        (replace(PRODUCTION, rate_limit_storage="redis://redis.example"), False),
        (Settings(rate_limit="600/minute"), False),
    ],
)
def test_rates_counted_by_each_worker_for_itself_are_named_in_production(
    settings: Settings, capsys: pytest.CaptureFixture[str], *, warned: bool
) -> None:
    Limits(settings, Metrics())
    assert ("rate_limits_per_worker" in "".join(capsys.readouterr())) is warned


@pytest.mark.parametrize("hangs", [False, True])
def test_a_redis_that_is_down_or_hangs_limits_nobody_and_holds_no_call(start: Start, *, hangs: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as redis:
        port = redis.getsockname()[1]
        if not hangs:
            redis.close()
        client = start(rate_limit="1/hour", rate_limit_storage=f"redis://127.0.0.1:{port}")
        assert statuses(client, 2) == [200] * 2  # and it comes back: nobody else would end the wait


def test_the_patience_with_a_redis_is_a_fraction_of_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = storages.storage_from_string
    asked: dict[str, float] = {}

    def recorded(uri: str, **options: float) -> object:
        asked.update(options)
        return opened(uri, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("limits.storage.storage_from_string", recorded)
    Limits(Settings(rate_limit="1/hour", rate_limit_storage="redis://127.0.0.1:1"), Metrics())
    assert set(asked) == {"socket_connect_timeout", "socket_timeout"}
    assert sum(asked.values()) < 1


@pytest.mark.parametrize("storage", ["nonsense://", "memcached://localhost"])
def test_a_storage_that_cannot_be_used_is_named(storage: str) -> None:
    with pytest.raises(ConfigurationError, match="CDS_RATE_LIMIT_STORAGE"):
        Limits(Settings(rate_limit="1/hour", rate_limit_storage=storage), Metrics())
