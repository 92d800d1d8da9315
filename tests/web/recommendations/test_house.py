"""The list of pages says what the site file in force changes, in either language, and nothing where there is none."""

from datetime import date

import pytest
from flask import Flask
from markupsafe import escape

from cds_service.cards.house import House, HouseLink, HouseReason
from cds_service.catalogue import CATALOGUE, wording
from cds_service.decision.suggestion_kinds import declared_kinds
from cds_service.patient.terminology.additions import Additions
from cds_service.settings import LANGUAGES, Settings
from cds_service.site.site import NO_SITE, Review, Site
from cds_service.web.recommendations.house import changes
from cds_service.web.recommendations.pages import recommendations

SERVICE = CATALOGUE[0]
OFF = SERVICE.rules[-1]
PAGE = f"recommendations/{OFF.page}"
KIND = next(iter(declared_kinds()))
BOTH = {"en": "Not on our <formulary>", "id": "Tidak ada di formularium"}
SITE = Site(
    digest="0a1b2c",
    additions=Additions(
        codes={"drugs": {("urn:kfa", "1"): ("a",), ("urn:kfa", "2"): ("b",)}, "results": {("urn:lab", "K"): ("c",)}},
        names={"problems": {"kaki kencang": ("d",)}},
        other_drugs=frozenset({("urn:kfa", "3")}),
    ),
    rules_off={SERVICE.hook: frozenset({OFF.name})},
    house=House(
        reasons=(HouseReason("formulary", BOTH, "not-convenient-feasible"),),
        links=(HouseLink("https://guidelines.example.org/legs", {"en": "Our guideline", "id": "Panduan kami"}),),
        left_out=frozenset({"comfort"}),
        not_offered=frozenset({KIND}),
    ),
    reviewed={Review("apt. Sari", date(2026, 1, 20)): 4},
)


def test_every_change_is_a_line() -> None:
    en = wording("en")
    assert changes(SITE, "en") == (
        "Codes mapped: medicines 2, results 1",
        "Names mapped: problems 1",
        "Codes of medicines that are none of ours: 1",
        f"Rules off when opening a chart: {en.text(OFF.title)}",
        "Override reason added: Not on our <formulary>",
        "Override reason left out: Comfort care",
        f"Suggestion not offered: {en.say(declared_kinds()[KIND].text)}",
        "Link added: Our guideline (https://guidelines.example.org/legs)",
        "Mappings reviewed by apt. Sari, 20 Jan 2026 (4)",
    )


def test_both_languages_say_as_much() -> None:
    english, indonesian = (changes(SITE, language) for language in LANGUAGES)
    assert len(english) == len(indonesian) == 9
    assert not set(english) & set(indonesian)


def test_without_a_site_file_nothing_is_said() -> None:
    assert changes(NO_SITE, "en") == ()


@pytest.mark.parametrize("site", [SITE, NO_SITE], ids=["a site file", "none"])
def test_the_list_shows_them_and_its_pages_only_that_there_is_one(site: Site) -> None:
    app = Flask(__name__)
    app.register_blueprint(recommendations(Settings(), site))
    index, page = (app.test_client().get(f"{path}?lang=en").text for path in ("/recommendations", f"/{PAGE}"))
    for change in changes(SITE, "en"):
        assert (str(escape(change)) in index) is bool(site)
        assert str(escape(change)) not in page
    assert ("0a1b2c" in index) is ("0a1b2c" in page) is bool(site)
