"""The service as it runs: several workers, one scrape, one replay store, and an end that loses nothing."""

import http.client
import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from cds_service.app import create_app
from cds_service.errors import ConfigurationError
from cds_service.settings import Settings
from cds_service.store.store import Store
from tests.faulty_server import FhirServer, bundle, reply
from tests.postgres import Server
from tests.running_service import SERVICE, Answered, Running, body, hospital, running
from tests.trust.hospital import Keys
from tests.web.metrics.test_metrics import samples, value


@pytest.fixture
def slow_ehr() -> Any:
    """Answers after a second."""
    server = FhirServer(lambda _: [1.0, reply(bundle(total=0))])
    yield server
    server.close()


def test_one_scrape_shows_all_workers_and_calls_under_way_are_finished(tmp_path: Path, slow_ehr: FhirServer) -> None:
    counters = tmp_path / "counters"
    with running(tmp_path, workers=2, PROMETHEUS_MULTIPROC_DIR=str(counters)) as service:
        assert len(list(counters.glob("counter_*.db"))) > 0
        assert {service.ask(SERVICE, body()).status for _ in range(20)} == {200}
        found = samples(service.ask("/metrics").body.decode())
        labels = {"endpoint": "hooks.call", "service": "leg-cramps-patient-view", "status": "200"}
        assert value(found, "cds_requests_total", **labels) == 20
        assert value(found, "cds_stage_seconds_count", stage="call") == 20

        under_way: list[Answered] = []
        call = threading.Thread(target=lambda: under_way.append(service.ask(SERVICE, body(fhirServer=slow_ehr.base))))
        call.start()
        _wait_for(lambda: slow_ehr.asked)
        assert service.stop() == 0
        call.join(60)
        assert [answer.status for answer in under_way] == [200]
        with pytest.raises(OSError, match="refused"):
            service.ask("/readyz")


def _wait_for(condition: Any) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.01)


@pytest.mark.postgresql
def test_a_token_used_in_one_process_is_refused_in_every_other(tmp_path: Path, keys: Keys, postgresql: Server) -> None:
    """Two services, one of them with two workers, one PostgreSQL."""
    rs = hospital(tmp_path, keys)
    database = postgresql.new_database()
    Store(Settings(database_url=database)).prepare()
    environment = {
        "CDS_ISSUERS": str(rs.toml),
        "CDS_DATABASE_URL": database,
        "CDS_PUBLIC_BASE_URL": "https://cds.example.org",
    }
    with running(tmp_path, 2, **environment) as first, running(tmp_path, 1, **environment) as second:
        for service, other in ((first, second), (second, first)):
            header = rs.bearer()
            assert service.ask(SERVICE, body(), header).status == 200
            assert [other.ask(SERVICE, body(), header).status for _ in range(8)] == [401] * 8
            assert [service.ask(SERVICE, body(), header).status for _ in range(8)] == [401] * 8
        assert _race(rs.bearer(), first, second) == [200] + [401] * 15
        assert _status(first, rs.token(), rs.token()) == 401
        assert _status(first, rs.token()) == 200


def _status(service: Running, *tokens: str) -> int:
    """The answer to a call with as many Authorization headers as tokens, as no client library would send them."""
    content = json.dumps(body()).encode()
    connection = http.client.HTTPConnection(service.url.removeprefix("http://"), timeout=60)
    connection.putrequest("POST", SERVICE)
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(len(content)))
    for token in tokens:
        connection.putheader("Authorization", f"Bearer {token}")
    connection.endheaders(content)
    status = connection.getresponse().status
    connection.close()
    return status


def _race(header: dict[str, str], *services: Any) -> list[int]:
    """The same token sixteen times at once."""
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda one=services[n % 2]: found.append(one.ask(SERVICE, body(), header).status))
        for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(found)


def test_production_refuses_to_start_and_says_why() -> None:
    with pytest.raises(ConfigurationError) as caught:
        create_app(Settings(env="production"))
    for name in ("CDS_ISSUERS", "CDS_PUBLIC_BASE_URL", "CDS_DATABASE_URL", "CDS_CORS_ORIGINS"):
        assert name in str(caught.value)
