"""What a visitor does on the demo page, in a real browser against a running service."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from cds_service.catalogue import CATALOGUE
from tests.web.demo.visits import Service, Watched

pytestmark = pytest.mark.browser

Visit = Callable[..., Watched]
QUININE = "/?lang=en&situation=cramps-quinine-hypokalaemia"
NIGHT = "/?lang=en&situation=cramps-at-night"


def card(page: Page, topic: str) -> Any:
    return page.locator(f"article[data-topic={topic}]")


def rows(service: Service, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(service.database) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


def test_the_page_shows_who_what_and_why(visit: Visit) -> None:
    rules = next(service for service in CATALOGUE if service.hook == "patient-view").rules
    page = visit().open(QUININE)
    expect(page.locator("#status")).to_contain_text("3 cards in")
    expect(page.locator("article .badge")).to_have_text(["Critical", "Warning", "Info"])
    expect(card(page, "AvoidQuinine").locator(".summary")).to_contain_text("potassium 2.8 mmol/L")
    expect(page.locator(".chart")).to_contain_text("Sam Example")
    expect(page.locator(".chart .results .below")).to_contain_text("2.8 mmol/L low")
    expect(page.locator("#trace > li")).to_have_count(len(rules))
    expect(page.locator("#trace > li.not_advised").first).to_contain_text("Not advised")
    expect(page.locator("#request")).to_contain_text('"hook": "patient-view"')
    expect(page.locator("#answer")).to_contain_text('"indicator": "critical"')


def test_the_detail_is_rendered_markdown(visit: Visit) -> None:
    page = visit().open(QUININE)
    detail = card(page, "AvoidQuinine").locator(".detail")
    detail.locator("summary").click()
    expect(detail.locator("strong").first).to_be_visible()
    expect(detail.locator("li").first).to_be_visible()
    expect(detail).to_contain_text("missing data is not normal")
    assert "**" not in detail.inner_text()


def test_silence_is_shown_with_its_reasons(visit: Visit) -> None:
    page = visit().open("/?lang=en&situation=malaria-quinine")
    expect(page.locator("#status")).to_have_text("No cards: the service has nothing to say here.")
    expect(page.locator("article")).to_have_count(0)
    expect(page.locator("#trace > li.not_advised")).not_to_have_count(0)


def test_what_cannot_be_told_is_shown(visit: Visit) -> None:
    page = visit().open("/?lang=en&situation=conditions-only")
    expect(card(page, "StretchingFirst")).to_be_visible()
    detail = card(page, "StretchingFirst").locator(".detail")
    detail.locator("summary").click()
    expect(detail).to_contain_text("not received")


def test_an_accepted_suggestion_reaches_the_store(visit: Visit, service: Service) -> None:
    page = visit().open(NIGHT)
    stretching = card(page, "StretchingFirst")
    stretching.get_by_role("button", name="Patient education").click()
    expect(stretching.locator(".done")).to_contain_text("Accepted: Patient education")
    expect(stretching.get_by_role("button", name="Patient education")).to_be_disabled()
    stretching.locator(".taken summary").click()
    expect(stretching.locator(".taken pre")).to_contain_text('"resourceType": "ServiceRequest"')
    assert rows(service, "select count(*) from feedback where outcome = 'accepted'") == [(1,)]


def test_an_override_with_its_reason_reaches_the_store(visit: Visit, service: Service) -> None:
    page = visit().open(QUININE)
    quinine = card(page, "AvoidQuinine")
    quinine.get_by_role("button", name="Override").click()
    quinine.get_by_label("Risk discussed, benefit judged greater").check()
    quinine.get_by_role("button", name="Send").click()
    expect(quinine.locator(".done")).to_have_text("Overridden: Risk discussed, benefit judged greater")
    expect(quinine.get_by_role("button", name="Override")).to_have_count(0)
    assert rows(service, "select outcome, reason from feedback where outcome = 'overridden'") == [
        ("overridden", "benefit")
    ]


def test_quinine_ordered_for_cramps_is_questioned_and_for_malaria_not(visit: Visit) -> None:
    page = visit().open(NIGHT)
    expect(card(page, "StretchingFirst")).to_be_visible()
    page.get_by_text("Order a drug").click()
    page.get_by_role("button", name="Choose it").click()
    expect(page.locator("article .badge")).to_have_text(["Warning"])
    expect(card(page, "AvoidQuinine").locator(".summary")).to_contain_text("Quinine")
    expect(page.locator("#request")).to_contain_text('"hook": "order-select"')
    page.get_by_label("Drug", exact=True).select_option("kina")
    page.get_by_role("button", name="Sign it").click()
    expect(page.locator("#request")).to_contain_text('"hook": "order-sign"')
    expect(page.locator("#request")).to_contain_text("Kina sulfat 200 mg tablet")
    expect(card(page, "AvoidQuinine")).to_be_visible()
    page.get_by_label("Reason", exact=True).select_option("malaria")
    page.get_by_role("button", name="Sign it").click()
    expect(page.locator("#status")).to_have_text("No cards: the service has nothing to say here.")


def test_the_whole_page_changes_its_language(visit: Visit) -> None:
    page = visit().open(QUININE)
    expect(page.locator("#status")).to_contain_text("3 cards")
    page.get_by_role("link", name="Bahasa Indonesia").click()
    expect(page.locator("html")).to_have_attribute("lang", "id")
    expect(page.locator("#status")).to_contain_text("3 kartu dalam")
    expect(page.locator("h1")).to_have_text("Kram, kina (kuinin), dan kalium rendah dengan diuretik loop")
    expect(card(page, "AvoidQuinine").locator(".summary")).to_contain_text("kalium 2,8 mmol/L")
    expect(page.locator("#trace > li.not_advised .outcome").first).to_have_text("Tidak disarankan")
    expect(page.get_by_role("button", name="Tolak").first).to_be_visible()
    expect(page.locator(".chart .flag")).to_have_text("rendah")
    shown = page.locator("body").inner_text()
    for word in ("Override", "Cards", "Results", "Medicines", "Evidence"):
        assert word not in shown


def test_the_browser_s_language_is_taken_when_none_is_asked(visit: Visit) -> None:
    page = visit(locale="id-ID").open("/")
    expect(page.locator("html")).to_have_attribute("lang", "id")


def test_everything_can_be_done_from_the_keyboard(visit: Visit, service: Service) -> None:
    page = visit().open(QUININE)
    expect(page.locator("#status")).to_contain_text("3 cards")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the cards")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#cards-heading")).to_be_focused()
    page.keyboard.press("Tab")
    expect(card(page, "AvoidQuinine").locator(".detail summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page, "AvoidQuinine").locator(".prose")).to_be_visible()
    override = card(page, "AvoidQuinine").get_by_role("button", name="Override")
    for _ in range(12):
        if override.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(card(page, "AvoidQuinine").get_by_label("Malaria or babesiosis indication")).to_be_focused()
    page.keyboard.press("Escape")
    expect(override).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(card(page, "AvoidQuinine").locator(".done")).to_contain_text("Overridden:")
    assert rows(service, "select count(*) from feedback where reason = 'specialist'") == [(1,)]


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_runs_out_of_the_page_at_any_width(visit: Visit, width: int) -> None:
    page = visit(viewport={"width": width, "height": 800}).open(QUININE)
    expect(page.locator("#status")).to_contain_text("3 cards")
    for one in page.locator("details > summary").all():
        one.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_situation_is_picked_on_a_phone(visit: Visit) -> None:
    page = visit(viewport={"width": 390, "height": 800}).open(QUININE)
    page.get_by_label("Choose another situation").select_option("no-cramps")
    page.get_by_role("button", name="OK").click()
    expect(page.locator("h1")).to_have_text("Nothing to say")
    expect(page.locator("#status")).to_contain_text("No cards")


def test_the_sandbox_is_offered_with_this_service_and_patient(visit: Visit) -> None:
    page = visit().open(NIGHT)
    link = page.get_by_role("link", name="Open this patient in the CDS Hooks sandbox")
    address = link.get_attribute("href") or ""
    assert address.startswith("https://sandbox.cds-hooks.org/?fhirServiceUrl=http%3A%2F%2F127.0.0.1%3A")
    assert "%2Ffhir&patientId=cramps-at-night&serviceDiscoveryURL=http%3A%2F%2F" in address
    assert address.endswith("%2Fcds-services&hook=patient-view&screen=patient-view")
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_a_refusal_is_said(browser: Browser, service: Service) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route(
        "**/cds-services/*",
        lambda route: route.fulfill(status=412, json={"issue": [{"details": {"text": "no conditions"}}]}),
    )
    page.goto(f"{service.url}{NIGHT}")
    expect(page.locator("#status")).to_have_text("The service answered 412: no conditions")
    page.route("**/cds-services/*", lambda route: route.abort())
    page.get_by_role("button", name="Open the chart").click()
    expect(page.locator("#status")).to_have_text("The service could not be reached.")
    context.close()
