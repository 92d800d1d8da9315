"""Accessible in light and dark, printable on one page: checked in a real browser."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from cds_service.web.leaflets.texts import TOPICS
from cds_service.web.recommendations.document import names
from cds_service.web.recommendations.document import page as page_of
from tests.web.demo.visits import Watched

pytestmark = pytest.mark.browser

Visit = Callable[..., Watched]


def barriers(page: Page) -> list[str]:
    """What axe finds in light, and, of the rules that colours can break, in dark."""
    found = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    found += Axe().run(page, options={"runOnly": ["color-contrast", "link-in-text-block"]}).response["violations"]
    page.emulate_media(color_scheme="light")
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(
    ("situation", "width"),
    [("cramps-quinine-hypokalaemia", 1440), ("order-quinine-for-cramps", 390), ("conditions-only", 900)],
)
def test_the_demo_has_no_barrier(visit: Visit, situation: str, width: int) -> None:
    watched = visit(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = watched.open(f"/?lang=id&situation={situation}")
    expect(page.locator("#status")).to_contain_text("kartu dalam")
    page.get_by_role("button", name="Tolak").first.click()
    page.locator(".accept").first.click()
    expect(page.locator(".done").first).not_to_be_empty()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert barriers(page) == []


def test_the_leaflets_have_no_barrier(visit: Visit) -> None:
    watched = visit(viewport={"width": 800, "height": 900})
    for path in ("", *(f"/{topic}" for topic in TOPICS)):
        assert barriers(watched.open(f"/leaflets{path}?lang=en")) == []


def right_edge(page: Page, selector: str) -> int:
    """How light the lightest of the box's last pixels is: 255 is the bare page."""
    box = page.locator(selector).first
    box.scroll_into_view_if_needed()
    picture = Image.open(BytesIO(box.screenshot(animations="disabled"))).convert("L")
    return max(picture.crop((picture.width - 3, 4, picture.width - 2, picture.height - 4)).tobytes())


@pytest.mark.parametrize("selector", ["figure", ".scroll"])
def test_what_of_the_report_goes_on_to_the_right_on_a_phone_shows_it(visit: Visit, selector: str) -> None:
    watched = visit(viewport={"width": 390, "height": 800})
    expect(watched.open("/?situation=cramps-quinine-hypokalaemia").locator("#status")).to_contain_text("cards in")
    page = watched.open("/report")
    for _ in range(50):  # the call is recorded soon, not at once
        if page.locator(selector).count():
            break
        page.wait_for_timeout(100)
        page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert right_edge(page, selector) < 240
    page.locator(selector).first.evaluate("box => { box.scrollLeft = box.scrollWidth; }")
    assert right_edge(page, selector) > 250


def test_a_leaflet_prints_on_one_page_of_a4(visit: Visit) -> None:
    watched = visit()
    for topic in TOPICS:
        for language in ("en", "id"):
            page = watched.open(f"/leaflets/{topic}?lang={language}")
            printed = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, (topic, language)
            assert re.search(rb"/MediaBox\s*\[0 0 59[45]\.\d+ 84[12]\.\d+\]", printed)


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_rules_page_prints_on_few_sheets_of_a4(visit: Visit, language: str) -> None:
    """Of one rule on two at most, of several on four: a rule is approved from paper."""
    watched = visit()
    for name in names():
        found = page_of(name, language)
        assert found is not None
        printed = watched.open(f"/recommendations/{name}?lang={language}").pdf(prefer_css_page_size=True)
        sheets = len(re.findall(rb"/Type\s*/Page\b", printed))
        assert sheets <= (2 if len(found.rules) == 1 else 4), name


def test_a_rules_page_has_no_barrier_and_fits_a_phone(visit: Visit) -> None:
    watched = visit(viewport={"width": 390, "height": 800})
    for path in ("", *(f"/{name}" for name in names())):
        page = watched.open(f"/recommendations{path}?lang=id")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert barriers(page) == []


def test_print_leaves_out_what_paper_cannot_do(visit: Visit) -> None:
    page = visit().open("/leaflets/calf-stretch?lang=en")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".qr")).to_be_visible()
