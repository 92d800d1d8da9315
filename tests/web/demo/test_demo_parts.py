"""The demo page without a browser: its words, its calls, its trace, its headers."""

import re
from datetime import date
from importlib import resources
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.catalogue import CATALOGUE
from cds_service.settings import Settings
from cds_service.site.site import Site
from cds_service.situations import names
from cds_service.web.demo.markdown import as_html
from cds_service.web.demo.orders import DRUGS, REASONS, order_context
from cds_service.web.demo.words import demo_words
from cds_service.web.pages import pages
from cds_service.web.parts import Parts

WEB = resources.files("cds_service.web")
TEMPLATE = WEB.joinpath("demo", "templates", "demo", "page.html").read_text("utf-8")
SCRIPTS = "".join(
    one.read_text("utf-8")
    for folder in ("", "demo", "leaflets")
    for one in WEB.joinpath(folder, "static").iterdir()
    if one.name.startswith("demo") and one.name.endswith(".js")
)

STATUSES = (
    *("active", "recurrence", "relapse", "inactive", "remission", "resolved"),  # of a problem
    *("unconfirmed", "provisional", "differential", "refuted", "entered-in-error", "unknown"),
    *("on-hold", "cancelled", "completed", "stopped", "ended", "draft", "intended", "not-taken", "recorded"),
    "do-not-perform",
)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    settings = Settings(public_base_url="https://cds.example.org/cramps")
    return create_app(settings, Parts(blueprints=pages(settings))).test_client()


def get(client: FlaskClient, address: str) -> Any:
    return client.get(address).get_json(force=True)


def test_production_has_leaflets_and_recommendations_and_nothing_else() -> None:
    public = ["leaflets", "recommendations"]
    assert [blueprint.name for blueprint in pages(Settings(env="production"))] == public
    assert [blueprint.name for blueprint in pages(Settings())] == [*public, "fhir_server", "demo"]


@pytest.mark.parametrize("situation", names())
@pytest.mark.parametrize("language", ["en", "id"])
def test_nothing_inline_and_nothing_from_elsewhere(client: FlaskClient, situation: str, language: str) -> None:
    response = client.get(f"/?situation={situation}&lang={language}")
    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"].startswith(
        "default-src 'none'; img-src 'self' data:; style-src 'self';"
    )
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", response.text)
    assert re.findall(r"(?:src|href|action)=\"((?:https?:)?//[^/\"]+)", response.text) == [
        "https://sandbox.cds-hooks.org"
    ]


def test_the_report_is_one_click_away(client: FlaskClient) -> None:
    for language, word in (("en", "Report"), ("id", "Laporan")):
        assert f'<a href="/report?lang={language}">{word}</a>' in client.get(f"/?lang={language}").text


def test_an_unknown_situation_shows_the_first(client: FlaskClient) -> None:
    response = client.get("/?situation=dragons")
    assert response.status_code == 200
    assert 'aria-current="page"' in response.text


def test_the_sandbox_address_encodes_the_public_base(client: FlaskClient) -> None:
    address = "https://sandbox.cds-hooks.org/?fhirServiceUrl=https%3A%2F%2Fcds.example.org%2Fcramps%2Ffhir&amp;patientId=order-quinine-for-cramps"
    page = client.get("/?situation=order-quinine-for-cramps").text
    assert address in page
    assert "hook=order-select&amp;screen=rx-view" in page


def test_both_languages_have_the_same_words_and_places() -> None:
    english, indonesian = demo_words("en"), demo_words("id")
    assert list(english) == list(indonesian)
    for key, text in english.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", indonesian[key])), key


def test_every_word_is_used_and_every_word_used_exists() -> None:
    used = set(re.findall(r"said\.(\w+)", TEMPLATE))
    used |= {"male", "female", "other", "unknown", "below", "above"}  # said[…]
    used |= {f"status_{status}" for status in STATUSES}
    assert used == set(demo_words("en"))
    handed_over = set(re.findall(r"data-(\w+)=\"\{\{ said", TEMPLATE))
    assert set(re.findall(r"words\.(\w+)", SCRIPTS)) <= handed_over


def test_a_call_is_what_an_ehr_would_send_each_time_a_new_one(client: FlaskClient) -> None:
    first, second = (get(client, "/demo/calls/cramps-at-night/patient-view") for _ in range(2))
    assert first["address"] == "/cds-services/leg-cramps-patient-view"
    assert first["body"]["context"]["patientId"] == "cramps-at-night"
    assert first["body"]["hookInstance"] != second["body"]["hookInstance"]
    assert {**first["body"], "hookInstance": ""} == {**second["body"], "hookInstance": ""}


@pytest.mark.parametrize("address", ["dragons/patient-view", "cramps-at-night/encounter-start"])
def test_no_call_of_what_is_not_there(client: FlaskClient, address: str) -> None:
    assert client.get(f"/demo/calls/{address}").status_code == 404


@pytest.mark.parametrize("query", ["drug=aspirin", "drug=quinine&reason=fun"])
def test_only_the_form_s_drugs_can_be_ordered(client: FlaskClient, query: str) -> None:
    assert client.get(f"/demo/calls/cramps-at-night/order-select?{query}").status_code == 400


def test_an_order_becomes_a_draft() -> None:
    context = order_context("p", DRUGS["quinine"], REASONS["cramps"], date(2026, 3, 2))
    draft = context["draftOrders"]["entry"][0]["resource"]
    assert context["selections"] == [f"MedicationRequest/{draft['id']}"]
    assert (draft["status"], draft["intent"], draft["authoredOn"]) == ("draft", "order", "2026-03-02")
    assert draft["subject"] == {"reference": "Patient/p"}
    assert draft["medicationCodeableConcept"]["coding"][0]["code"] == "997010"
    assert draft["reasonCode"][0]["coding"][0]["code"] == "449918009"
    by_name = order_context("p", DRUGS["kina"], None, date(2026, 3, 2))["draftOrders"]["entry"][0]["resource"]
    assert by_name["medicationCodeableConcept"] == {"text": "Kina sulfat 200 mg tablet"}
    assert "reasonCode" not in by_name


@pytest.mark.parametrize("service", CATALOGUE, ids=lambda one: one.id)
def test_every_rule_of_the_service_is_explained(client: FlaskClient, service: Any) -> None:
    call = get(client, f"/demo/calls/order-quinine-for-cramps/{service.hook}")
    answer = client.post(call["address"], json=call["body"]).get_json(force=True)
    trace = client.post(f"/demo/explain/{service.id}?lang=en", json=call["body"]).get_json(force=True)
    assert [one["rule"] for one in trace["decisions"]] == [rule.name for rule in service.rules]
    assert set(trace["details"]) == {card["uuid"] for card in answer["cards"]}
    for one in trace["decisions"]:
        assert one["outcome"] in ("advised", "not_advised", "cannot_tell")
        assert one.get("says") or one.get("missing")


def test_the_trace_shows_a_client_s_ids_as_the_cards_do(client: FlaskClient) -> None:
    call = get(client, "/demo/calls/order-quinine-for-cramps/patient-view")
    own = "\u202e<b>*x*</b>\x1b[31m" + "y" * 500
    for entry in call["body"]["prefetch"]["conditions"]["entry"]:
        entry["resource"]["id"] = own
    trace = client.post("/demo/explain/leg-cramps-patient-view?lang=en", json=call["body"]).get_json(force=True)
    lines = [line for one in trace["decisions"] for line in one.get("because", ()) if "Condition/" in line]
    assert lines
    for line in lines:
        assert "‹b›*x*‹/b›[31m" in line.replace("\N{WORD JOINER}", "")
        assert "y…]" in line
        assert len(line) < 250
        assert not re.search("[\u202e\x1b]", line)


def test_the_trace_speaks_the_page_s_language(client: FlaskClient) -> None:
    call = get(client, "/demo/calls/cramps-at-night/patient-view")
    english, indonesian = (
        client.post(f"/demo/explain/leg-cramps-patient-view?lang={one}", json=call["body"]).get_json(force=True)[
            "decisions"
        ]
        for one in ("en", "id")
    )
    assert all(a["title"] != b["title"] for a, b in zip(english, indonesian, strict=True))


@pytest.mark.parametrize("silent", [frozenset[str](), frozenset({"*"})])
def test_silence_is_said(silent: frozenset[str]) -> None:
    """A page without cards does not say that there is nothing to say."""
    settings = Settings(silent=silent)
    client = create_app(settings, Parts(blueprints=pages(settings))).test_client()
    call = get(client, "/demo/calls/cramps-at-night/patient-view")
    trace = client.post("/demo/explain/leg-cramps-patient-view", json=call["body"]).get_json(force=True)
    assert bool(trace["withheld"]) is bool(silent)
    assert bool(trace["details"]) is not bool(silent)


def test_the_trace_is_of_the_site_s_own_file() -> None:
    service = CATALOGUE[0]
    off = service.rules[0].name
    settings, site = Settings(), Site(rules_off={service.hook: frozenset({off})})
    client = create_app(settings, Parts(blueprints=pages(settings, site))).test_client()
    call = get(client, f"/demo/calls/{names()[0]}/{service.hook}")
    decided = client.post(f"/demo/explain/{service.id}?lang=en", json=call["body"]).get_json(force=True)["decisions"]
    assert [one["rule"] for one in decided] == [rule.name for rule in service.rules if rule.name != off]


def test_a_bad_body_cannot_be_explained(client: FlaskClient) -> None:
    assert client.post("/demo/explain/leg-cramps-patient-view", json={"hook": "patient-view"}).status_code == 400


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**low** potassium", "<p><strong>low</strong> potassium</p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        (
            "![x](https://example.org/x.png)",
            '<p>!<a href="https://example.org/x.png" rel="noopener noreferrer" target="_blank">x</a></p>\n',
        ),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](ftp://example.org)", "<p><a>x</a></p>\n"),
        ("[x](/leaflets)", "<p><a>x</a></p>\n"),
        ("see https://example.org", "<p>see https://example.org</p>\n"),
        (
            "[guide](https://example.org/g)",
            '<p><a href="https://example.org/g" rel="noopener noreferrer" target="_blank">guide</a></p>\n',
        ),
        ("a | b\n--|--\n1 | 2", "<p>a | b\n--|--\n1 | 2</p>\n"),
    ],
)
def test_markdown_becomes_only_what_a_card_may_hold(markdown: str, html: str) -> None:
    assert as_html(markdown) == html


def test_all_assets_together_are_light() -> None:
    weight = sum(
        len(one.read_bytes()) for folder in ("", "demo", "leaflets") for one in WEB.joinpath(folder, "static").iterdir()
    )
    assert weight < 60_000
