"""What a house chooses of rules and cards: it holds on its hook and its topic alone, in both languages."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cds_service import situations
from cds_service.app import create_app
from cds_service.errors import ConfigurationError
from cds_service.settings import Settings
from cds_service.site.reading import load
from cds_service.store.database import Database
from cds_service.store.in_force import changes
from cds_service.store.tables import feedback
from cds_service.web.parts import Parts

CHOICES = """\
[rules_off]
patient-view = ["stretching_first"]
order-select = ["avoid_quinine_order"]

[[override_reasons]]
code = "formulary"
category = "not-convenient-feasible"
topics = ["AvoidQuinine"]
[override_reasons.display]
en = "Not on our formulary"
id = "Tidak ada di formularium kami"

[left_out]
override_reasons = ["comfort"]
suggestions = ["order_ecg"]

[[links]]
url = "https://rs.example/quinine"
topics = ["AvoidQuinine"]
[links.label]
en = "Our guideline"
id = "Panduan kami"
"""
SITUATION = "cramps-quinine-hypokalaemia"
Cards = Mapping[str, Mapping[str, Any]]
"""By topic."""


def answered(site: Path | None, name: str = SITUATION, hook: str = "patient-view", language: str = "en") -> Cards:
    settings = replace(Settings(), site=site and str(site))
    client = create_app(settings, Parts()).test_client()
    request = situations.request(situations.load(name), hook)
    response = client.post(f"/cds-services/leg-cramps-{hook}", json=request, headers={"Accept-Language": language})
    return {card["source"]["topic"]["code"]: card for card in response.get_json()["cards"]}


def reasons(card: Mapping[str, Any]) -> dict[str, str]:
    return {one["code"]: one["display"] for one in card["overrideReasons"]}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        file = tmp_path / "site.toml"
        file.write_text(text)
        return file

    return write


@pytest.fixture
def site(written: Callable[[str], Path]) -> Path:
    return written(CHOICES)


def test_a_rule_is_off_on_the_hooks_that_are_named_and_on_no_other(site: Path) -> None:
    order = "order-quinine-with-amiodarone"
    assert answered(None).keys() - answered(site).keys() == {"StretchingFirst"}
    assert answered(None, order, "order-select").keys() == {"AvoidQuinine"}
    assert answered(site, order, "order-select") == {}
    assert answered(site, order, "order-sign").keys() == {"AvoidQuinine"}


@pytest.mark.parametrize(
    ("language", "display", "label"),
    [("en", "Not on our formulary", "Our guideline"), ("id", "Tidak ada di formularium kami", "Panduan kami")],
)
def test_reasons_and_links_are_added_to_the_topics_they_name(
    site: Path, language: str, display: str, label: str
) -> None:
    cards = answered(site, language=language)
    assert reasons(cards["AvoidQuinine"])["formulary"] == display
    assert cards["AvoidQuinine"]["links"][-1] == {
        "label": label,
        "type": "absolute",
        "url": "https://rs.example/quinine",
    }
    assert "formulary" not in reasons(cards["CorrectElectrolytes"])
    assert label not in [link["label"] for link in cards["CorrectElectrolytes"]["links"]]


def test_without_topics_they_stand_on_every_card(written: Callable[[str], Path]) -> None:
    cards = answered(written(CHOICES.replace('topics = ["AvoidQuinine"]\n', "")))
    assert len(cards) > 1
    assert all(
        "formulary" in reasons(card) and card["links"][-1]["label"] == "Our guideline" for card in cards.values()
    )


def test_reasons_of_ours_and_suggestions_are_left_out(site: Path) -> None:
    before, after = answered(None)["AvoidQuinine"], answered(site)["AvoidQuinine"]
    assert reasons(before).keys() - reasons(after).keys() == {"comfort"}
    labels = [[one["label"] for one in card["suggestions"]] for card in (before, after)]
    assert [one for one in labels[0] if one not in labels[1]] == ["Order 12-lead ECG"]


def test_what_is_advised_stays_to_the_letter(site: Path) -> None:
    before, after = answered(None), answered(site)
    for topic, card in after.items():
        same = ("summary", "detail", "indicator", "source", "uuid")
        assert {name: card[name] for name in same} == {name: before[topic][name] for name in same}


def test_the_contents_name_every_choice(site: Path) -> None:
    assert load(site).contents == (
        "off on patient-view: stretching_first",
        "off on order-select: avoid_quinine_order",
        "override reason added: formulary",
        "override reason left out: comfort",
        "suggestion not offered: order_ecg",
        "link added: https://rs.example/quinine",
    )


MISTAKES = {
    "unknown hook": (
        "patient-view =",
        "patient-veiw =",
        'line 2: "patient-veiw" is not known here; the nearest is "patient-view"',
    ),
    "unknown rule": ('"stretching_first"', '"stretching"', 'line 2: no rule is called "stretching"; the nearest is'),
    "rule of another hook": (
        '["avoid_quinine_order"]',
        '["red_flags"]',
        'line 3: the rule "red_flags" is not asked on order-select',
    ),
    "no list": ('["stretching_first"]', '"stretching_first"', "line 2: patient-view must be a list of texts"),
    "code of ours": ('"formulary"', '"malaria"', 'line 6: "malaria" is a reason already; take another code'),
    "code with a space": ('"formulary"', '"our formulary"', "line 6: code must be a letter"),
    "unknown category": (
        "not-convenient-feasible",
        "not-feasible",
        'line 7: "not-feasible" is no code of HL7\'s for such reasons; the nearest is "not-convenient-feasible"',
    ),
    "unknown topic": (
        '"AvoidQuinine"',
        '"Quinine"',
        'line 8: no topic is called "Quinine"; the nearest is "AvoidQuinine"',
    ),
    "a language missing": ('id = "Tidak ada di formularium kami"\n', "", "line 9: id is missing"),
    "a language too many": ('id = "Panduan kami"', 'id = "Panduan kami"\nde = "x"', 'line 23: "de" is not known here'),
    "a display too long": ("Not on our formulary", "x" * 81, "line 10: en must be a text of at most 80 characters"),
    "unknown reason": (
        '"comfort"',
        '"confort"',
        'line 14: no override reason is called "confort"; the nearest is "comfort"',
    ),
    "unknown suggestion": (
        '"order_ecg"',
        '"ecg"',
        'line 15: no suggestion is called "ecg"; the nearest is "order_ecg"',
    ),
    "an open link": ("https://", "http://", "line 18: url must be an https address"),
    "a link with a user": ("rs.example", "me@rs.example", "line 18: url must be an https address"),
}
"""By kind: what is changed in the file, into what, and what is said."""


@pytest.mark.parametrize("kind", MISTAKES)
def test_each_mistake_is_one_line(kind: str, written: Callable[[str], Path]) -> None:
    old, new, said = MISTAKES[kind]
    assert old in CHOICES
    with pytest.raises(ConfigurationError) as refused:
        load(written(CHOICES.replace(old, new)))
    lines = str(refused.value).splitlines()
    assert lines[0].startswith(f"site.toml, {said}"), lines


def test_feedback_with_a_reason_of_the_house_is_kept_and_the_file_is_known_by_its_hash(
    start: Callable[..., FlaskClient], site: Path, tmp_path: Path
) -> None:
    client = start(site=str(site))
    request = situations.request(situations.load(SITUATION), "patient-view")
    cards = client.post("/cds-services/leg-cramps-patient-view", json=request).get_json()["cards"]
    entry = {"card": cards[0]["uuid"], "outcome": "overridden", "outcomeTimestamp": "2026-03-02T08:00:00Z"}
    entry |= {"overrideReason": {"reason": {"code": "formulary", "system": "x"}}}
    assert client.post("/cds-services/leg-cramps-patient-view/feedback", json={"feedback": [entry]}).status_code == 200
    with closing(Database(f"sqlite:///{tmp_path}/cds.db")) as database, database.read() as connection:
        assert connection.execute(select(feedback.c.reason)).scalars().all() == ["formulary"]
        since = {(one.kind, one.name): one.version for one in changes(connection)}
    metrics = client.get("/metrics").get_data(as_text=True)
    digest = load(site).digest
    assert since["site", ""] == digest
    assert f'cds_site_file{{digest="{digest}"}} 1.0' in metrics
