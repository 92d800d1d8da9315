"""Both languages say the same things, in words a page and a PDF can show."""

import re
import tomllib
from importlib import resources
from typing import Any

import pytest

from cds_service.web.leaflets.texts import TOPICS, figure, leaflet

LEAFLETS = resources.files("cds_service.guidelines.leg_cramps").joinpath("leaflets")


def toml(language: str, name: str) -> dict[str, Any]:
    return tomllib.loads(LEAFLETS.joinpath(language, f"{name}.toml").read_text("utf-8"))


def shape(value: Any) -> Any:
    """The value without its words: keys, and how many items each list has; a figure's name stays."""
    if isinstance(value, dict):
        return {key: (one if key in ("figure", "layout") else shape(one)) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return str


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [found for one in value.values() for found in strings(one)]
    if isinstance(value, list):
        return [found for one in value for found in strings(one)]
    return [value]


@pytest.mark.parametrize("name", [*TOPICS, "words"])
def test_both_languages_have_the_same_shape(name: str) -> None:
    assert shape(toml("en", name)) == shape(toml("id", name))


def test_every_file_is_a_topic() -> None:
    for language in ("en", "id"):
        names = {path.name.removesuffix(".toml") for path in LEAFLETS.joinpath(language).iterdir()}
        assert names == {*TOPICS, "words"}


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("name", [*TOPICS, "words"])
def test_the_pdf_fonts_have_every_character(name: str, language: str) -> None:
    for text in strings(toml(language, name)):
        assert text.encode("cp1252").decode("cp1252") == text
        assert text == text.strip()


@pytest.mark.parametrize("topic", TOPICS)
def test_indonesian_says_kina_and_never_kinin(topic: str) -> None:
    text = " ".join(strings(toml("id", topic)))
    assert not re.search(r"\bkinin\b", text, re.IGNORECASE)
    assert text.count("kuinin") <= len(re.findall(r"\b[Kk]ina\b", text))


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("topic", TOPICS)
def test_sentences_are_short_enough_for_a_child(topic: str, language: str) -> None:
    found = leaflet(topic, language)
    assert found is not None
    boxes = [box for box in (found.emergency, found.note, found.care) if box is not None]
    texts = [found.lead, *(point for box in boxes for point in box.points)]
    texts += [line for part in found.parts for line in (*part.steps, *part.points)]
    for text in texts:
        for sentence in re.split(r"[.?!:;] ", text):
            assert len(sentence.split()) <= 28, sentence


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_figure_is_described_and_none_is_unused(language: str) -> None:
    drawn = {path.name.removesuffix(".svg") for path in LEAFLETS.joinpath("figures").iterdir()}
    used = set()
    for topic in TOPICS:
        found = leaflet(topic, language)
        assert found is not None
        for part in found.parts:
            assert (part.figure is None) == (part.alt is None)
            assert part.steps or part.points
            used |= {part.figure} - {None}
    assert used == drawn


def test_figures_hold_nothing_a_strict_page_refuses() -> None:
    for path in LEAFLETS.joinpath("figures").iterdir():
        svg = figure(TOPICS[0], path.name.removesuffix(".svg"))
        assert not re.search(r"style=|<style|<script|href|on\w+=|<text|<image", svg)


@pytest.mark.parametrize(
    ("topic", "fact"),
    [
        ("calf-stretch", "20 seconds"),
        ("during-a-cramp", "20 seconds"),
        ("hamstring-stretch", "20 seconds"),
        ("calf-raises", "8 times"),
        ("calf-raises", "2 or 3 days a week"),
        ("heat-and-massage", "from the ankle up to the knee"),
        ("heat-and-massage", "blood clot"),
        ("heat-and-massage", "feel little"),
        ("when-to-call-a-doctor", "Do not stop a medicine"),
        ("quinine", "ringing in the ears (tinnitus)"),
        ("quinine", "If you take it for cramps, stop taking it and get help at once"),
        ("quinine", "For malaria do not stop on your own, get help at once"),
        ("quinine", "suddenly lose sight or hearing"),
        ("quinine", "a fever"),
        ("during-a-cramp", "until the cramp lets go"),
        ("leg-cramps", "until the cramp lets go"),
        ("leg-cramps", "dialysis"),
        ("during-a-cramp", "dry weight"),
        ("pregnancy", "Take it only if your doctor or midwife tells you to"),
        ("pregnancy", "No quinine"),
        ("pregnancy", "No vitamin E in high doses"),
        ("als", "only with a physiotherapist"),
        ("als", "weaken breathing"),
        ("als", "guidelines disagree"),
        ("quinine", "urine is dark"),
        ("leg-cramps", "Do not massage or warm it"),
    ],
)
def test_the_facts_that_must_not_be_lost(topic: str, fact: str) -> None:
    assert fact in " ".join(strings(toml("en", topic)))


EMERGENCIES = {
    "en": ("cold, pale or blue", "injury", "chest pain", "short", "weak", "numb where you sit", "bladder", "jaw"),
    "id": ("dingin, pucat", "cedera", "nyeri dada", "sesak", "lemah", "bokong", "kencing", "rahang"),
}


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("topic", TOPICS)
def test_a_box_of_emergencies_names_all_five(topic: str, language: str) -> None:
    found = leaflet(topic, language)
    assert found is not None
    if found.emergency is not None:
        at_once = " ".join(found.emergency.points)
        assert [sign for sign in EMERGENCIES[language] if sign not in at_once] == []


def test_three_leaflets_have_a_box_of_emergencies() -> None:
    boxed = {topic for topic in TOPICS if (found := leaflet(topic, "en")) is not None and found.emergency is not None}
    assert boxed == {"when-to-call-a-doctor", "pregnancy", "als"}


def test_in_pregnancy_a_fit_is_an_emergency() -> None:
    for language in ("en", "id"):
        found = leaflet("pregnancy", language)
        assert found is not None
        assert found.emergency is not None
        assert "eclampsia" in " ".join(found.emergency.points).replace("eklampsia", "eclampsia")


@pytest.mark.parametrize("language", ["en", "id"])
def test_what_is_an_emergency_is_never_only_of_the_same_day(language: str) -> None:
    found = leaflet("when-to-call-a-doctor", language)
    assert found is not None
    assert found.emergency is not None
    at_once = " ".join(found.emergency.points)
    assert [sign for sign in EMERGENCIES[language] if sign not in at_once] == []
    same_day = " ".join(point for part in found.parts for point in part.points)
    assert EMERGENCIES[language][0] not in same_day
    sheet = leaflet("leg-cramps", language)
    assert sheet is not None
    (help_at_once, further, same) = sheet.parts[-1].points
    assert [sign for sign in EMERGENCIES[language] if sign not in f"{help_at_once} {further}"] == []
    assert EMERGENCIES[language][0] not in same


@pytest.mark.parametrize("topic", TOPICS)
def test_a_leg_that_may_hold_a_clot_is_told_by_its_pain_between_the_cramps(topic: str) -> None:
    for language, sign, whole in (
        ("en", "swollen, warm, red", "between the cramps"),
        ("id", "bengkak, hangat, merah", "nyeri terus"),
    ):
        for text in strings(toml(language, topic)):
            assert whole in text or sign not in text, text
