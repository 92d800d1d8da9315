"""``/recommendations``: public, in both languages, printable, and without what the code systems license."""

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from cds_service import situations
from cds_service.catalogue import RULES
from cds_service.settings import LANGUAGES
from cds_service.web.recommendations.document import names, page

Start = Callable[..., FlaskClient]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", names())
def test_a_rule_has_its_page(start: Start, name: str, language: str) -> None:
    response = start().get(f"/recommendations/{name}?lang={language}")
    assert response.status_code == 200
    assert response.headers["Content-Language"] == language
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in response.headers
    found = page(name, language)
    assert found is not None
    for rule in found.rules:
        assert f"<code>{rule.name}</code>" in response.text
    assert len(found.attributes) == 13
    assert [one for one, _ in found.attributes if f"<b>{one}:</b>" not in response.text] == []
    assert f'<html lang="{language}">' in response.text


def test_the_name_of_a_rule_leads_to_its_page(start: Start) -> None:
    client = start()
    for rule in RULES.values():
        for asked, kept in (("?lang=id", "?lang=id"), ("?name=x&_external=1", "")):
            response = client.get(f"/recommendations/{rule.name}{asked}")
            assert (response.status_code, response.location) == (302, f"/recommendations/{rule.page}{kept}")


def test_what_codes_are_called_is_not_public(start: Start) -> None:
    client = start()
    for name in names():
        text = client.get(f"/recommendations/{name}?lang=en").text
        found = page(name, "en")
        assert found is not None
        lists = text.partition('<section class="lists">')[2]
        for concept in found.concepts:
            for codes in concept.lists:
                assert all(f">{code.code}" in lists for code in codes.codes)
                displays = [code.display for code in codes.codes if code.display and len(code.display) > 30]
                assert [one for one in displays if one in lists] == []


def test_the_list_names_every_page_and_what_is_no_page_is_a_404_with_the_list(start: Start) -> None:
    client = start()
    for path, status in (("/recommendations", 200), ("/recommendations/homeopathy", 404)):
        response = client.get(f"{path}?lang=en")
        assert response.status_code == status
        assert {*re.findall(r'href="/recommendations/([\w-]+)\?lang=en"', response.text)} == {*names()}
    assert "no such recommendation" in response.text


def test_a_page_that_did_not_change_is_not_sent_again(start: Start) -> None:
    client = start()
    tag = client.get("/recommendations?lang=id").headers["ETag"]
    assert client.get("/recommendations?lang=id", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_basis_of_every_card_is_a_page(start: Start, language: str) -> None:
    client = start()
    found = set()
    for situation in situations.load_all():
        for hook in situation.hooks:
            cards = json.loads(situations.response_file(situation, hook).read_text())[language]["cards"]
            found |= {one for card in cards for one in re.findall(r"\]\(https?://[^/)]+(/rec[^)]+)\)", card["detail"])}
    assert found
    assert {client.get(path).status_code for path in found} == {200}
    assert {path.partition("?")[2] for path in found} == {f"lang={language}"}


def test_what_is_switched_off_is_on_the_page(start: Start) -> None:
    rule = next(iter(RULES.values()))
    text = start(disabled_topics=frozenset({rule.name})).get(f"/recommendations/{rule.page}?lang=en").text
    assert 'class="off"' in text
    assert "Switched off here" in text
    assert "Switched off here" not in start().get(f"/recommendations/{rule.page}?lang=en").text
