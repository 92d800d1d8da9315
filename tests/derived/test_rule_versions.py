"""What a rule says and shows changes only with its version, and the file that keeps both is fresh."""

from dataclasses import replace

import generate
import pytest
import rule_versions
from rule_versions import Kept, Known, changed

from cds_service import situations
from cds_service.catalogue import wording
from cds_service.guidelines.leg_cramps import GUIDELINE
from cds_service.settings import LANGUAGES

BEFORE = Known({"a patient-view": "1", "b patient-view": "2"}, {"walks": Kept("7", "says", {"a patient-view": "card"})})


def after(version: str = "7", says: str = "says", **cards: str) -> Known:
    shown = {f"{name} patient-view": card for name, card in cards.items()}
    return Known(BEFORE.requests, {"walks": Kept(version, says, shown)})


def test_no_rule_changed_under_the_version_it_had() -> None:
    refused = changed(rule_versions.written(), rule_versions.current())
    assert refused == [], rule_versions.refusal(refused)


def test_the_file_is_fresh() -> None:
    assert rule_versions.FILE.read_text() == rule_versions.file_content(rule_versions.current()), "run: make goldens"


def test_every_rule_and_every_situation_is_kept() -> None:
    now = rule_versions.current()
    assert {rule.name: rule.version for rule in GUIDELINE.rules} == {name: k.version for name, k in now.rules.items()}
    hooks = {f"{situation.name} {hook}" for situation in situations.load_all() for hook in situation.hooks}
    assert set(now.requests) == hooks
    assert all(kept.cards and set(kept.cards) <= hooks for kept in now.rules.values())


def test_the_same_is_no_change() -> None:
    assert changed(BEFORE, after(a="card")) == []
    assert changed(Known({}, {}), after(a="card")) == []


@pytest.mark.parametrize(
    ("now", "what"),
    [
        (after(says="else", a="card"), "its texts, evidence or limits changed"),
        (after(a="other"), "its card in a patient-view changed"),
        (after(), "its card in a patient-view changed"),
        (after(a="card", b="new"), "its card in b patient-view changed"),
        (
            after(says="else", a="x", b="y"),
            "its texts, evidence or limits, its card in a patient-view; b patient-view changed",
        ),
    ],
    ids=["texts", "card", "silent now", "speaks now", "all"],
)
def test_a_change_under_the_same_version_is_named(now: Known, what: str) -> None:
    assert changed(BEFORE, now) == [f"walks (version 7): {what}"]


def test_a_version_that_went_up_may_bring_anything() -> None:
    assert changed(BEFORE, after("8", "else", b="new")) == []
    assert changed(BEFORE, after("10", "else")) == []


def test_a_version_does_not_go_down() -> None:
    assert changed(BEFORE, after("6", a="card")) == ["walks (version 6): the version, 7 before, changed"]


def test_a_new_or_another_chart_is_no_change_of_the_rule() -> None:
    requests = {"a patient-view": "another", "b patient-view": "2", "c patient-view": "new"}
    assert changed(BEFORE, replace(after(a="other", c="card"), requests=requests)) == []


def test_many_cards_are_counted() -> None:
    requests = {f"s{n} patient-view": "1" for n in range(5)}
    before, now = (Known(requests, {"walks": Kept("7", "", dict.fromkeys(requests, card))}) for card in "ab")
    assert changed(before, now) == [
        "walks (version 7): its card in s0 patient-view; s1 patient-view; s2 patient-view; 2 more changed"
    ]


def test_a_changed_text_is_seen_wherever_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word of the red flags changes theirs; a word of all cards changes every card."""
    before = rule_versions.current()
    words = {language: wording(language) for language in LANGUAGES}

    def now(key: str) -> set[str]:
        texts = {lang: {**one.texts, key: "Quite another thing."} for lang, one in words.items()}
        other = {lang: type(one)(lang, texts[lang], one.files) for lang, one in words.items()}
        monkeypatch.setattr(rule_versions, "wording", other.__getitem__)
        return {line.partition(" ")[0] for line in changed(before, rule_versions.current.__wrapped__())}

    assert now("red_flags.reason.no_cramps") == {"red_flags"}
    assert now("red_flags.summary") == {"red_flags"}
    assert now("override.later") > {"red_flags", "als_cramps"}


def test_nothing_is_written_while_a_rule_changed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["generate"])
    monkeypatch.setattr(rule_versions, "written", lambda: BEFORE)
    monkeypatch.setattr(rule_versions, "current", lambda: after(a="other"))
    monkeypatch.setattr(generate, "stale", lambda: pytest.fail("looked at what to write"))
    assert generate.main() == 1
    said = capsys.readouterr().err
    assert "walks (version 7): its card in a patient-view changed" in said
    assert "put `version` of each of these rules up by one" in said
    assert "git restore --source HEAD tests/rule_versions.json" in said
