"""Words: every key in both languages with the same placeholders, every key a rule uses, no forbidden claim."""

import ast
import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

import cds_service

PACKAGE = Path(cds_service.__file__).parent
SOURCES = sorted([*PACKAGE.glob("guidelines/**/*.py"), *PACKAGE.glob("decision/*.py")])
FILES = {
    language: sorted(path for path in PACKAGE.glob(f"**/{language}.toml") if "web" not in path.parts)
    for language in ("en", "id")
}
SHARED = {language: sorted(PACKAGE.glob(f"**/texts/{language}/*.toml")) for language in ("en", "id")}
NAMES = [*range(len(FILES["en"])), *(path.name for path in SHARED["en"])]
LITERAL_KEY = re.compile(r"[a-z_]+(\.[a-z0-9_-]+)+")


def flat(tree: object, path: str) -> dict[str, str]:
    if isinstance(tree, dict):
        return {key: text for name, child in tree.items() for key, text in flat(child, f"{path}.{name}").items()}
    assert isinstance(tree, str), path
    return {path: tree}


def texts(language: str, name: int | str) -> dict[str, str]:
    """Of a rule's file by its number, or of a shared file by its name."""
    if isinstance(name, int):
        tree = tomllib.loads(FILES[language][name].read_text(encoding="utf-8"))
        return {key: text for prefix, child in tree.items() for key, text in flat(child, prefix).items()}
    path = next(path for path in SHARED[language] if path.name == name)
    return flat(tomllib.loads(path.read_text(encoding="utf-8")), path.stem)


ALL = {language: {key: t for name in NAMES for key, t in texts(language, name).items()} for language in ("en", "id")}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_files() -> None:
    assert [path.parent for path in FILES["en"]] == [path.parent for path in FILES["id"]] != []
    assert [path.name for path in SHARED["en"]] == [path.name for path in SHARED["id"]] != []


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_keys_and_placeholders(name: int | str) -> None:
    english, indonesian = texts("en", name), texts("id", name)
    assert english.keys() == indonesian.keys()
    differing = [key for key in english if placeholders(english[key]) != placeholders(indonesian[key])]
    assert differing == []


@pytest.mark.parametrize("language", ["en", "id"])
def test_no_text_is_empty_or_has_what_a_card_may_not(language: str) -> None:
    for key, text in ALL[language].items():
        assert text.strip(), key
        assert not re.search(r"</?[a-zA-Z]|https?:|\]\(|\n", text), key
        assert text.count("**") % 2 == 0, key


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(
    "forbidden",
    [r"67\s?%", r"60\s?mg\b", r"\bkinin\b", r"\bOndo\b"],
)
def test_what_is_never_printed(language: str, forbidden: str) -> None:
    found = [key for key, text in ALL[language].items() if re.search(forbidden, text, re.IGNORECASE)]
    assert found == []


def test_indonesian_names_quinine_by_both_names() -> None:
    mine = ("stretching_first", "als_cramps", "specialist_options", "red_flags", "contributors", "evidence", "drug")
    texts_of_mine = {key: text for key, text in ALL["id"].items() if key.split(".")[0] in mine}
    short = [key for key, text in texts_of_mine.items() if re.search(r"\bkina\b(?! \(kuinin\))", text, re.IGNORECASE)]
    assert short == []


def test_decimals_are_the_languages_own() -> None:
    assert [key for key, text in ALL["en"].items() if re.search(r"\d,\d(?!\d\d)", text)] == []
    assert [key for key, text in ALL["id"].items() if key.startswith("evidence.") and re.search(r"\d\.\d", text)] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_key_written_in_a_rule_exists(source: Path) -> None:
    used = {
        node.args[0].value
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("say", "Section")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }
    assert {key for key in used if LITERAL_KEY.fullmatch(key)} - ALL["en"].keys() == set()


INDONESIAN = [*FILES["id"], *SHARED["id"], *PACKAGE.glob("guidelines/*/leaflets/id/*.toml")]


@pytest.mark.parametrize("path", INDONESIAN, ids=lambda path: f"{path.parts[-2]}-{path.stem}")
@pytest.mark.parametrize("other", [r"\btinnitus\b", r"label Inggris", r"\brestless legs(?!\))"])
def test_indonesian_has_one_name_for_one_thing(path: Path, other: str) -> None:
    said = " ".join(re.findall(r'"(.*)"', path.read_text(encoding="utf-8")))
    assert re.findall(other, said, re.IGNORECASE) == []


def test_indonesian_puts_a_drug_beside_a_value_with_dengan() -> None:
    for family in ("als", "mnd"):
        assert "{drugs} dengan {others}" in ALL["id"][f"als_cramps.summary.breathing_{family}"]
