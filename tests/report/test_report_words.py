"""The report in both languages: every text there, the same blanks in each, and HL7's words where a reason has some."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.cards.house import House, HouseReason
from cds_service.catalogue import OVERRIDE_REASONS
from cds_service.decision.nonadherence import BY_CODE, CATEGORIES, Category
from cds_service.report.words import texts, words
from cds_service.settings import LANGUAGES, Settings
from cds_service.store.store import Store
from cds_service.web.parts import Parts
from cds_service.web.report.page import report

PLACEHOLDER = re.compile(r"\{\w+\}")


def test_both_languages_have_the_same_texts_with_the_same_blanks() -> None:
    first, *others = ({key: set(PLACEHOLDER.findall(text)) for key, text in texts(one).items()} for one in LANGUAGES)
    assert len(first) > 50
    assert all(other == first for other in others)
    assert all(text.strip() for one in LANGUAGES for text in texts(one).values())


def test_every_reason_of_ours_has_its_code_of_hl7() -> None:
    """What each means: a changed one is a changed report."""
    assert {
        code: (reason.hl7.code, reason.hl7.category.value) for code, reason in OVERRIDE_REASONS.items() if reason.hl7
    } == {
        "malaria": ("indication-order-exists", "cds-not-applicable"),
        "specialist": ("expert-contradicts", "recipient-disagrees-evidence"),
        "benefit": ("risk-benefit-ratio", "recipient-concerns-outcomes"),
        "monitored": ("mitigate-risk-negative-outcome", "recipient-concerns-outcomes"),
        "dataWrong": ("cds-not-applicable", "cds-not-applicable"),
        "later": ("cds-suboptimal-context", "cds-suboptimal-context"),
        "comfort": ("action-not-priority", "cds-not-applicable"),
    }


def test_hl7s_own_codes_are_themselves_and_others_have_none() -> None:
    assert len(BY_CODE) == 35
    assert {reason.category for reason in BY_CODE.values()} == set(Category)
    assert set(CATEGORIES) == {category.value for category in Category} <= set(BY_CODE)
    assert words("en").non_adherence("patient-refuses") is BY_CODE["patient-refuses"]
    for language, said in (("en", "No HL7 category"), ("id", "Tanpa kategori HL7")):
        assert words("en").non_adherence("other") is None
        assert words(language).category("other") == words(language).category("none") == said


def test_a_reason_of_the_houses_has_its_own_words_and_category() -> None:
    ours = HouseReason(
        "committee", {"en": "Pharmacy committee", "id": "Komite farmasi"}, "recipient-disagrees-evidence"
    )
    for language, said in (("en", "Pharmacy committee"), ("id", "Komite farmasi")):
        house = words(language, House((ours,)))
        assert house.reason("committee") == said
        assert house.category("committee") == words(language).category("expert-contradicts")
        assert words(language).reason("committee") == "committee"


@pytest.fixture
def client(filled: Store) -> FlaskClient:
    return create_app(Settings(), Parts(blueprints=(report(Settings(), filled),))).test_client()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_one_language(client: FlaskClient, language: str) -> None:
    response = client.get(f"/report?lang={language}")
    said = texts(language)
    (other,) = (one for one in LANGUAGES if one != language)
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in response.text
    for key in ("title", "taken", "why", "over_time", "by_rule", "versions", "how_text"):
        assert said[key] in response.text.replace("&#39;", "'")
        assert texts(other)[key] not in response.text
    assert f'<a href="/?lang={language}">' in response.text


def test_numbers_are_in_the_languages_own_form() -> None:
    english, indonesian = words("en"), words("id")
    assert (english.number(1204), indonesian.number(1204)) == ("1,204", "1.204")
    assert (english.rate(12.55), indonesian.rate(12.55)) == ("12.6", "12,6")
    assert (english.count("card", 1), english.count("card", 2), indonesian.count("card", 2)) == (
        "1 card",
        "2 cards",
        "2 kartu",
    )
    assert english.share(0, 9) == "–"
    assert english.share(3, 0) == "3"


def test_what_the_form_asks_for(filled: Store, client: FlaskClient) -> None:
    assert filled.waiting == 0
    page = client.get("/report?hook=order-sign&split=indicator&split=nonsense&issuer=-").text
    assert '<option value="order-sign" selected>' in page
    assert '<option value="-" selected>not checked</option>' in page
    assert 'value="indicator" checked' in page
    assert "patient-view</td>" not in page


def test_production_has_no_demo_to_go_back_to(filled: Store) -> None:
    settings = Settings(env="production", report_page=True)
    page = create_app(settings, Parts(blueprints=(report(settings, filled),))).test_client().get("/report").text
    assert "/?lang=" not in page.replace("/report?lang=", "")


Count = Callable[[], int]


@pytest.mark.parametrize("cards", [1, 9])
def test_the_number_of_statements_does_not_depend_on_the_cards(store: Store, cards: int) -> None:
    """A month is read with as many statements whatever is in it."""
    from sqlalchemy import event  # noqa: PLC0415

    from tests.report.made_up_use import fill  # noqa: PLC0415

    fill(store, days=9, calls_a_day=cards * 3)
    said: list[str] = []
    event.listen(store.reports.engine, "before_cursor_execute", lambda *heard: said.append(heard[2]))
    client = create_app(Settings(), Parts(blueprints=(report(Settings(), store),))).test_client()
    assert client.get("/report").status_code == 200
    assert sum(one.startswith("SELECT") for one in said) == 12
