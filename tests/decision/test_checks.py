"""The check at start: every text and leaflet in every language, and an error that says what and where."""

import re
from dataclasses import replace

import pytest
from click.testing import CliRunner

from cds_service import catalogue
from cds_service.app import create_app
from cds_service.catalogue import GUIDELINES, check_texts
from cds_service.cli import cli
from cds_service.decision.checks import leaflet_problems, text_problems
from cds_service.decision.phrases import Text
from cds_service.decision.recommendation import PatientLeaflet
from cds_service.errors import ConfigurationError
from cds_service.settings import LANGUAGES, Settings

TEXTS = {
    "en": {"rule.title": "Title", "rule.line": "{drug} since {date}", "override.malaria": "Malaria", "leaflet.a": "A"},
    "id": {"rule.title": "Judul", "rule.line": "{drug} sejak {date}", "override.malaria": "Malaria", "leaflet.a": "A"},
}
FILES = {
    "en": {"rule": "rule/en.toml", "override": "en.toml", "leaflet": "en.toml"},
    "id": {"rule": "rule/id.toml", "override": "id.toml", "leaflet": "id.toml"},
}


def without(language: str, key: str) -> dict[str, dict[str, str]]:
    return TEXTS | {language: {one: text for one, text in TEXTS[language].items() if one != key}}


def test_of_the_service_nothing_is_missing() -> None:
    check_texts()


def test_what_is_said_and_there_in_both_languages_is_no_problem() -> None:
    assert list(text_problems([Text("rule.title"), Text("rule.line")], TEXTS, FILES)) == []


@pytest.mark.parametrize(
    ("key", "near", "place"),
    [
        ("rule.titel", "rule.title", "rule/{}.toml"),
        ("rulé.line", "rule.line", "rule/{}.toml"),  # of a part no file has, the nearest key's
        ("override.malaira", "override.malaria", "{}.toml"),
        ("leaflet.rule.title", "rule.title", "{}.toml"),  # its own file, wherever the nearest is
    ],
)
def test_a_key_without_a_text_is_named_with_its_file_and_the_nearest_key(key: str, near: str, place: str) -> None:
    assert list(text_problems([Text(key)], TEXTS, FILES)) == [
        f'{key} has no text in "{language}": it belongs in {place.format(language)}; the nearest known key is "{near}"'
        for language in LANGUAGES
    ]


def test_a_key_that_is_like_none_is_named_with_one_all_the_same_and_belongs_where_that_is() -> None:
    for problem in text_problems([Text("§")], TEXTS, FILES):
        assert re.search(r'it belongs in \S+\.toml; the nearest known key is "\w+\.\w+"', problem)


def test_where_there_is_no_file_and_no_key_that_is_said() -> None:
    nothing: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    assert list(text_problems([Text("rule.title")], nothing, nothing)) == [
        f'rule.title has no text in "{language}": it belongs in no file; the nearest known key is ""'
        for language in LANGUAGES
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("said", [True, False])
def test_a_text_of_one_language_only_is_missed_in_the_other(language: str, said: bool) -> None:
    texts = without(language, "rule.title")
    (problem,) = text_problems([Text("rule.title")] if said else [], texts, FILES)
    assert problem.startswith(f'rule.title has no text in "{language}": it belongs in rule/{language}.toml; ')


def test_placeholders_that_differ_are_named() -> None:
    texts = TEXTS | {"id": TEXTS["id"] | {"rule.line": "{drug} sejak {tanggal}"}}
    assert list(text_problems([], texts, FILES)) == [
        'rule.line has {date, drug} in "en" but {drug, tanggal} in "id" (rule/id.toml)'
    ]


def test_a_brace_without_its_partner_is_named() -> None:
    texts = TEXTS | {"id": TEXTS["id"] | {"rule.line": "{drug} sejak {date"}}
    assert list(text_problems([], texts, FILES)) == [
        "rule.line cannot be filled in in \"id\": expected '}' before end of string (rule/id.toml)"
    ]


def test_a_key_is_looked_at_in_the_second_language_whatever_is_wrong_in_the_first() -> None:
    broken = {language: texts | {"rule.line": "{drug"} for language, texts in TEXTS.items()}
    assert [problem.partition(":")[0] for problem in text_problems([], broken, FILES)] == [
        f'rule.line cannot be filled in in "{language}"' for language in LANGUAGES
    ]
    missing = without("en", "rule.line") | {"id": broken["id"]}
    assert [problem.partition(":")[0] for problem in text_problems([], missing, FILES)] == [
        'rule.line has no text in "en"',
        'rule.line cannot be filled in in "id"',
    ]


def test_a_leaflet_no_guideline_has_is_named_with_the_nearest() -> None:
    linked = PatientLeaflet("calf-strech", Text("leaflet.calf-strech"))
    assert list(leaflet_problems([linked], GUIDELINES, LANGUAGES)) == [
        'no guideline has a leaflet "calf-strech"; the nearest is "calf-stretch"'
    ]


def test_a_leaflet_that_is_not_written_is_named_with_its_file() -> None:
    declaring = replace(GUIDELINES[0], leaflets=(PatientLeaflet("unwritten", Text("leaflet.unwritten")),))
    english, indonesian = leaflet_problems([], [declaring], LANGUAGES)
    assert english.startswith('the leaflet "unwritten" is not written in "en": ')
    assert indonesian.endswith("leaflets/id/unwritten.toml is missing")


@pytest.fixture
def misspelt(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(catalogue, "declared", lambda: (Text("card.standnig"),))
    return 'card.standnig has no text in "en": .*the nearest known key is "card.standing"'


def test_the_service_does_not_start_with_a_text_missing(misspelt: str) -> None:
    with pytest.raises(ConfigurationError, match=misspelt):
        create_app(Settings())


def test_nor_does_the_command_line(misspelt: str) -> None:
    with pytest.raises(ConfigurationError, match=misspelt):
        CliRunner().invoke(cli, ["rules"], catch_exceptions=False)
