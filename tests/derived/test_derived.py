"""What is derived is fresh; every golden answer is sound, and its proposals are valid FHIR R4."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import generate
import orjson
import pytest
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.servicerequest import ServiceRequest
from markdown_it import MarkdownIt

from cds_service import situations
from cds_service.settings import LANGUAGES
from tests.protocol.wire_rules import broken_rules

MODELS = {"ServiceRequest": ServiceRequest, "MedicationRequest": MedicationRequest}
GOLDENS = [(situation.name, hook) for situation in situations.load_all() for hook in situation.hooks]
PLAIN_TAGS = {"a", "p", "ul", "li", "strong", "em"}


@pytest.mark.parametrize(
    ("path", "make"), list(generate.derived()), ids=lambda value: value.name if isinstance(value, Path) else ""
)
def test_nothing_derived_is_stale(path: Path, make: Callable[[], bytes]) -> None:
    assert path.read_bytes().decode() == make().decode(), "run: make goldens"


def _golden(name: str, hook: str) -> dict[str, Any]:
    written: dict[str, Any] = orjson.loads(situations.response_file(situations.load(name), hook).read_bytes())
    return written


@pytest.mark.parametrize(("name", "hook"), GOLDENS)
def test_every_golden_answer_is_sound_in_both_languages(name: str, hook: str) -> None:
    golden = _golden(name, hook)
    assert tuple(golden) == LANGUAGES
    for language in LANGUAGES:
        assert broken_rules(orjson.dumps(golden[language])) == []
        for card in golden[language]["cards"]:
            assert len(card["summary"]) < 140
            assert not card["summary"].endswith("…")
            tags = set(re.findall(r"<(\w+)", MarkdownIt("gfm-like").render(card["detail"])))
            assert tags <= PLAIN_TAGS


@pytest.mark.parametrize(("name", "hook"), GOLDENS)
def test_both_languages_have_the_same_cards_and_proposals(name: str, hook: str) -> None:
    english, indonesian = (_golden(name, hook)[language]["cards"] for language in LANGUAGES)

    def skeleton(card: dict[str, Any]) -> tuple[Any, ...]:
        suggestions = [(s["uuid"], s["actions"][0]["type"]) for s in card.get("suggestions", [])]
        return card["uuid"], card["indicator"], card["source"]["topic"]["code"], suggestions

    assert [skeleton(card) for card in english] == [skeleton(card) for card in indonesian]
    assert all(e["summary"] != i["summary"] for e, i in zip(english, indonesian, strict=True))


@pytest.mark.parametrize(("name", "hook"), GOLDENS)
def test_every_proposal_is_valid_fhir_r4_with_one_action(name: str, hook: str) -> None:
    for language in LANGUAGES:
        for card in _golden(name, hook)[language]["cards"]:
            for suggestion in card.get("suggestions", []):
                (action,) = suggestion["actions"]
                if action["type"] == "delete":
                    assert re.fullmatch(r"Medication(Request|Order)/\S+", action["resourceId"])
                else:
                    MODELS[action["resource"]["resourceType"]].model_validate(action["resource"])


def test_a_stale_file_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "derived", lambda: iter([(generate.ROOT / "LICENSE", lambda: b"other")]))
    assert [path.name for path, _ in generate.stale()] == ["LICENSE"]


def test_there_are_enough_situations_of_each_kind() -> None:
    hooks = [hook for _, hook in GOLDENS]
    assert hooks.count("patient-view") >= 16
    assert hooks.count("order-select") >= 10
    assert hooks.count("order-sign") >= 10


def test_the_stories_expectation_and_the_cards_agree_on_silence() -> None:
    silent = {name for name, hook in GOLDENS if not _golden(name, hook)["en"]["cards"]}
    assert silent == {
        "child-with-cramps",
        "malaria-quinine",
        "no-cramps",
        "order-gabapentin-no-reason",
        "order-morphine-without-als",
        "order-nothing-drafted",
        "order-our-own-stop",
        "order-quinine-for-malaria",
        "order-several-drafts",
        "order-without-a-drug",
    }
