"""A further guideline is a folder and a line: the toy one beside ours, in a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cds_service.app import create_app
from cds_service.guidelines.leg_cramps.quinine.rule import RULE as AVOID_QUININE
from cds_service.settings import Settings
from cds_service.web.parts import Parts
from tests.running_service import SERVICE, Running, body, running

ROOT = Path(__file__).parents[2]
MODULE = "tests.toy_guideline.serve"
SITUATION = ROOT / "tests/toy_guideline/situations/hiccups-for-three-days"
TOY = "/cds-services/hiccups-patient-view"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("toy"), module=MODULE, PYTHONPATH=str(ROOT)) as started:
        yield started


def command(*words: str) -> str:
    """What the command line prints, with the toy guideline."""
    done = subprocess.run(
        [sys.executable, "-m", MODULE, *words],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def call(**changes: Any) -> dict[str, Any]:
    chart = json.loads((SITUATION / "chart.json").read_text())
    entries = [one["resource"] for one in chart["entry"]]
    prefetch = {
        "patient": entries[0],
        "conditions": {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": entries[1]}]},
    }
    context = {"userId": "Practitioner/1", "patientId": "toy"}
    return body(context=context, prefetch=prefetch, extension={"org.cds-service.today": "2026-03-02"}) | changes


def cards(service: Running, path: str, request: dict[str, Any], language: str = "en") -> list[dict[str, Any]]:
    answer = service.ask(path, request, {"Accept-Language": language})
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = json.loads(answer.body)["cards"]
    return found


def test_its_service_is_discovered_with_what_its_rules_need(service: Running) -> None:
    services = {one["id"]: one for one in json.loads(service.ask("/cds-services").body)["services"]}
    assert list(services)[-1] == "hiccups-patient-view"
    assert len(services) == 4
    assert list(services["hiccups-patient-view"]["prefetch"]) == ["patient", "conditions"]


@pytest.mark.parametrize(
    ("language", "summaries", "act"),
    [
        ("en", ["Hiccups for days: look for a cause.", "Hiccups: a glass of water first."], "- Drink a glass of water"),
        ("id", ["Cegukan berhari-hari: cari penyebabnya.", "Cegukan: segelas air dahulu."], "- Minum segelas air"),
    ],
)
def test_its_cards_speak_both_languages(service: Running, language: str, summaries: list[str], act: str) -> None:
    found = cards(service, TOY, call(), language)
    assert [card["summary"] for card in found] == summaries
    assert [card["indicator"] for card in found] == ["warning", "info"]
    assert found[1]["detail"].startswith(act)
    assert all(f"/recommendations/hiccups?lang={language})" in card["detail"] for card in found)
    assert all(card["source"]["label"] == "Made up 2026" for card in found)
    assert all(card["source"]["url"] == "https://example.org/hiccups" for card in found)
    assert [card["source"]["topic"]["code"] for card in found] == ["HiccupsLasting", "HiccupsWater"]


def test_a_name_of_its_own_is_known_too(service: Running) -> None:
    named = call()
    named["prefetch"]["conditions"]["entry"][0]["resource"]["code"] = {"text": "Cegukan"}
    assert len(cards(service, TOY, named)) == 2


def test_feedback_on_its_card_is_counted_in_the_report(service: Running) -> None:
    card = cards(service, TOY, call())[0]
    entry = {
        "card": card["uuid"],
        "outcome": "overridden",
        "outcomeTimestamp": "2026-03-02T08:00:00Z",
        "overrideReason": {"reason": {key: card["overrideReasons"][1][key] for key in ("code", "system")}},
    }
    assert service.ask(f"{TOY}/feedback", {"feedback": [entry]}).status == 200
    until = time.monotonic() + 20  # a shown card is recorded soon after its answer, not with it
    while "Already looked into" not in (report := service.ask("/report").body.decode()):
        assert time.monotonic() < until, report
        time.sleep(0.05)
    assert "HiccupsLasting" in report


def test_the_demo_shows_its_situation_and_calls_its_service(service: Running) -> None:
    page = service.ask("/?situation=hiccups-for-three-days").body.decode()
    assert "Leg cramps, Hiccups: CDS Hooks demo" in page
    assert "Hiccups for three days" in page
    asked = json.loads(service.ask("/demo/calls/hiccups-for-three-days/patient-view").body)
    assert asked["address"] == TOY
    assert len(cards(service, asked["address"], asked["body"])) == 2
    ours = json.loads(service.ask("/demo/calls/cramps-at-night/patient-view").body)
    assert ours["address"] == SERVICE


def test_its_leaflet_is_a_page_and_a_pdf_beside_ours(service: Running) -> None:
    link = next(link for card in cards(service, TOY, call()) for link in card.get("links", ()))
    assert link["label"] == "Patient leaflet: hiccups (printable)"
    page = service.ask("/leaflets/hiccups?lang=en").body.decode()
    assert "Drink a glass of water." in page
    assert "Made up for a test." in page
    assert "Alomedika" not in page
    assert service.ask("/leaflets/hiccups.pdf").body.startswith(b"%PDF")
    index = service.ask("/leaflets?lang=en").body.decode()
    assert "Made up for a test." in index
    assert "Alomedika 2025" in index


def test_it_does_not_change_our_answers(service: Running) -> None:
    alone = create_app(Settings(public_base_url=service.url), Parts()).test_client()
    for name in ("cramps-quinine-hypokalaemia", "cramps-at-night"):
        request = json.loads((ROOT / "fhir_fixtures" / name / "request.json").read_text())
        assert cards(service, SERVICE, request) == alone.post(SERVICE, json=request).get_json()["cards"] != []
    assert cards(service, SERVICE, call()) == []


def test_explain_and_rules_know_it(tmp_path: Path) -> None:
    (tmp_path / "call.json").write_text(json.dumps(call()))
    explained = command("explain", str(tmp_path / "call.json"), "--service", "hiccups-patient-view")
    assert "lasting" in explained
    assert "problem: hiccups (by code)" in explained
    rules = command("rules")
    assert "drinking 1, topic HiccupsWater, on patient-view" in rules
    assert f"avoid_quinine {AVOID_QUININE.version}, topic AvoidQuinine" in rules
