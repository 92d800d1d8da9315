"""The leaflets over HTTP: language, headers, links, PDF."""

import re

import pytest
import segno
from flask.testing import FlaskClient

from cds_service.web.leaflets.pdf import _BOTTOM, _Page
from cds_service.web.leaflets.texts import TOPICS, leaflet


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize(("language", "word"), [("en", "All leaflets"), ("id", "Semua lembar")])
def test_every_topic_in_both_languages(client: FlaskClient, topic: str, language: str, word: str) -> None:
    response = client.get(f"/leaflets/{topic}?lang={language}")
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text
    assert word in response.text
    assert response.headers["Content-Language"] == language


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("/leaflets", "id-ID,id;q=0.9,en;q=0.5", "id"),
        ("/leaflets", "en-GB,en;q=0.9,id;q=0.5", "en"),
        ("/leaflets?lang=en", "id-ID", "en"),
        ("/leaflets?lang=id", "en", "id"),
        ("/leaflets?lang=fr", "id", "id"),
        ("/leaflets", "fr", "en"),
    ],
)
def test_the_address_wins_over_the_browser(client: FlaskClient, address: str, accepted: str, language: str) -> None:
    response = client.get(address, headers={"Accept-Language": accepted})
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]


def test_the_index_links_every_page_and_pdf(client: FlaskClient) -> None:
    page = client.get("/leaflets?lang=id").text
    for topic in TOPICS:
        assert f'href="/leaflets/{topic}?lang=id"' in page
        assert f'href="/leaflets/{topic}.pdf?lang=id"' in page


@pytest.mark.parametrize("address", ["/leaflets/dragons", "/leaflets/dragons.pdf", "/leaflets/words"])
def test_an_unknown_topic_offers_the_others(client: FlaskClient, address: str) -> None:
    response = client.get(f"{address}?lang=en")
    assert response.status_code == 404
    assert "This leaflet does not exist" in response.text
    assert "/leaflets/quinine?lang=en" in response.text


@pytest.mark.parametrize("address", ["/leaflets", "/leaflets/quinine", "/leaflets/quinine.pdf", "/leaflets/x"])
def test_headers_let_nothing_in_from_elsewhere(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self';")
    assert "unsafe" not in policy


def test_nothing_inline_and_nothing_external(client: FlaskClient) -> None:
    for topic in TOPICS:
        page = client.get(f"/leaflets/{topic}").text
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", page)
        assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", page)


def test_a_page_is_kept_for_an_hour_and_known_again(client: FlaskClient) -> None:
    first = client.get("/leaflets/calf-raises?lang=id")
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    again = client.get("/leaflets/calf-raises?lang=id", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", ["en", "id"])
def test_the_pdf_is_one_page(client: FlaskClient, topic: str, language: str) -> None:
    response = client.get(f"/leaflets/{topic}.pdf?lang={language}")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'inline; filename="{topic}-{language}.pdf"'
    assert response.data.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", response.data)) == 1
    assert len(response.data) < 40_000


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", ["en", "id"])
def test_the_pdf_fits_before_its_type_gets_too_small_to_read(topic: str, language: str) -> None:
    found = leaflet(topic, language)
    assert found is not None
    smallest = 0.8  # 9.2 points
    assert _Page(found, smallest).draw() <= _BOTTOM


def test_the_qr_code_says_this_page_at_its_public_address(client: FlaskClient) -> None:
    address = "https://cds.example.org/cramps/leaflets/quinine?lang=id"
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=3, border=2, omitsize=True)
    assert drawn in client.get("/leaflets/quinine?lang=id").text
