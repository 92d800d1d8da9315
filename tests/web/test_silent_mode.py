"""Silent, live and mixed clients side by side: what each is shown, what is kept, counted and logged."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from cds_service.app import EXTENSION
from cds_service.errors import ConfigurationError
from cds_service.report.summary import summarise
from cds_service.store.database import Database
from cds_service.store.tables import call_count, issued_card, silent_count
from tests.running_service import ISS, SERVICE, Hospital, body, hospital
from tests.trust.hospital import Keys

Start = Callable[..., FlaskClient]
MIXED, SITES = "https://mixed.example", "https://sites.example"
CLIENTS = f"""
[[issuer]]
iss = "{MIXED}"
jwks_file = "keys.json"
silent = ["StretchingFirst"]

[[issuer]]
iss = "{SITES}"
jwks_file = "keys.json"
tenants = ["live", "silent"]
silent = true
silent_tenants = ["silent"]
"""


@pytest.fixture
def clients(tmp_path: Path, keys: Keys) -> Hospital:
    return hospital(tmp_path, keys, CLIENTS)


def topics(client: FlaskClient, clients: Hospital, **claims: str) -> list[str]:
    """The topics of the cards one client is shown."""
    answer = client.post(SERVICE, json=body(), headers=clients.bearer(**claims), buffered=True)
    assert answer.status_code == 200
    return [card["source"]["topic"]["code"] for card in answer.json["cards"]]


def counted(client: FlaskClient, name: str) -> dict[str, float]:
    """A counter by topic."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {one.labels["topic"]: one.value for family in families for one in family.samples if one.name == name}


def test_silent_live_and_mixed_clients(
    start: Start, clients: Hospital, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = start(issuers=str(clients.toml))
    everything = topics(client, clients)
    assert "StretchingFirst" in everything
    audible = [topic for topic in everything if topic != "StretchingFirst"]
    assert topics(client, clients, iss=MIXED) == audible
    assert topics(client, clients, iss=SITES, tenant="live") == everything
    for _ in range(2):
        assert topics(client, clients, iss=SITES, tenant="silent") == []

    assert counted(client, "cds_cards_total")["StretchingFirst"] == 2
    assert counted(client, "cds_withheld_cards_total")["StretchingFirst"] == 3
    logged = "".join(capsys.readouterr())
    assert f"silent_clients                 issuers=['{MIXED}', '{SITES}']" in logged
    assert logged.count("withheld=['StretchingFirst'") == 3
    for stopping in client.application.extensions[EXTENSION].worker_stopping:
        stopping()
    with closing(Database(f"sqlite:///{tmp_path}/cds.db")) as database:
        report = summarise(database, None, None, ZoneInfo("Asia/Jakarta"), split=("issuer", "tenant"))
        with database.read() as connection:
            cards = connection.execute(select(issued_card)).all()
            calls = {(row.issuer, row.tenant): row.calls for row in connection.execute(select(call_count))}
            silent = {
                (row.issuer, row.tenant, row.topic): row.calls for row in connection.execute(select(silent_count))
            }
    assert report is not None
    rows = {(row.silent, row.split): (row.cards, row.calls) for row in report.rows if row.topic == "StretchingFirst"}
    assert rows == {
        (False, (ISS, "")): (1, 1),
        (False, (SITES, "live")): (1, 1),
        (True, (MIXED, "")): (1, 1),
        (True, (SITES, "silent")): (2, 2),
    }
    assert (report.calls, report.silent_calls) == ({"patient-view": 5}, {"patient-view": 2})
    assert sorted((one.issuer, one.tenant) for one in cards if one.silent and one.topic == "StretchingFirst") == [
        (MIXED, ""),
        (SITES, "silent"),
        (SITES, "silent"),
    ]
    assert {(one.issuer, one.tenant) for one in cards if not one.silent} == {
        (ISS, ""),
        (SITES, "live"),
        *([(MIXED, "")] if audible else []),
    }
    assert calls == {(ISS, ""): 1, (MIXED, ""): 1, (SITES, "live"): 1, (SITES, "silent"): 2}
    assert silent == {(MIXED, "", "StretchingFirst"): 1, (SITES, "silent", "*"): 2}


def test_the_setting_of_development(start: Start) -> None:
    client = start(silent=frozenset({"*"}))
    assert client.post(SERVICE, json=body(), buffered=True).data == b'{"cards":[]}'


def test_a_silent_topic_there_is_none_of_is_refused(start: Start, tmp_path: Path, keys: Keys) -> None:
    unknown = hospital(tmp_path, keys, 'silent = ["StretchingFrist"]')
    with pytest.raises(
        ConfigurationError,
        match=r', line \d+: silent names no topic: "StretchingFrist"; the nearest is "StretchingFirst"',
    ):
        start(issuers=str(unknown.toml))
    with pytest.raises(
        ConfigurationError, match=r"^CDS_SILENT: no topic is called StretchingFrist; there are StretchingFirst, "
    ):
        start(silent=frozenset({"StretchingFrist"}))
