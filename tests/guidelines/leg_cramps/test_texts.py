"""Words: none that nobody says, no forbidden claim, one name for one thing. That none is missing is checked at start."""

import ast
import re
from pathlib import Path

import pytest

import cds_service
import cds_service.app  # with all that says something
from cds_service.catalogue import RULES, check_texts, wording
from cds_service.decision.phrases import declared
from cds_service.settings import LANGUAGES
from cds_service.situations import load_all

PACKAGE = Path(cds_service.__file__).parent
WORDS = sorted(PACKAGE.glob("guidelines/**/words.py"))
FILES = {
    language: sorted(path for path in PACKAGE.glob(f"**/{language}.toml") if "web" not in path.parts)
    for language in ("en", "id")
}
SHARED = {language: sorted(PACKAGE.glob(f"**/texts/{language}/*.toml")) for language in ("en", "id")}
check_texts()  # with the problems the guidelines brought
ALL = {language: wording(language).texts for language in LANGUAGES}


def test_both_languages_have_the_same_files() -> None:
    assert [path.parent for path in FILES["en"]] == [path.parent for path in FILES["id"]] != []
    assert [path.name for path in SHARED["en"]] == [path.name for path in SHARED["id"]] != []


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
    bare = re.compile(r"\bkina\b(?! \(kuinin\)| sulfat)", re.IGNORECASE)
    stories = {one.name: one.title["id"] + one.story["id"] for one in load_all()}
    assert len(stories) > 60
    assert [name for name, text in (ALL["id"] | stories).items() if bare.search(text)] == []


def test_decimals_are_the_languages_own() -> None:
    assert [key for key, text in ALL["en"].items() if re.search(r"\d,\d(?!\d\d)", text)] == []
    without_addresses = {key: re.sub(r"\b10\.\d{4,}/\S+", "", text) for key, text in ALL["id"].items()}
    assert [
        key for key, text in without_addresses.items() if key[:9] == "evidence." and re.search(r"\d\.\d", text)
    ] == []


def test_no_text_is_there_for_nobody() -> None:
    said = {one.key for one in (*declared(), *(rule.sentence for rule in RULES.values()))}
    assert [key for key in ALL["en"] if key not in said] == []


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.parts[-2])
def test_every_constant_of_words_is_said(path: Path) -> None:
    module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    assert constants(path) - used_in(module, path) == set()


def constants(path: Path) -> set[str]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def used_in(module: str, own: Path) -> set[str]:
    """What of a module of words its own lines, ``words.NAME`` beside it, or an import of the name elsewhere uses."""
    used = set()
    for path in PACKAGE.glob("guidelines/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Name(id=name, ctx=ast.Load()) if path == own:
                    used.add(name)
                case ast.Attribute(value=ast.Name(id="words"), attr=name) if path.parent == own.parent:
                    used.add(name)
                case ast.ImportFrom(module=source, names=names) if source == module:
                    used |= {one.name for one in names}
    return used


INDONESIAN = sorted({*PACKAGE.glob("**/id.toml"), *SHARED["id"], *PACKAGE.glob("guidelines/*/leaflets/id/*.toml")})
OTHER_NAMES = (
    r"\btinnitus\b",
    r"label Inggris",
    r"\brestless legs(?!\))",
    r"motor neuron\b",  # neuron motorik
    r"satu sisi|pada satu tungkai",  # bengkak satu tungkai
    r"kaki gelisah",  # tungkai gelisah
    r"\bpesanan\b|\bdipesan\b",  # resep, diresepkan
    r"minum (?:bebas|berlebihan)",  # batasi minum: what is drunk freely is asked of nobody
    r"\bterminum\b",  # swallowed by accident
    r"\b(?:dengan|berkas) (?:situs|lokasi)\b",  # berkas fasilitas
    r"lebih \w+ dari\b",  # daripada
    r"\bdaerah duduk\b",
    r"keadaan darurat|\bkegawatan\b",  # gawat darurat
    r"\bditunda\b",  # dihentikan sementara
)


@pytest.mark.parametrize("path", INDONESIAN, ids=lambda path: f"{path.parts[-2]}-{path.stem}")
@pytest.mark.parametrize("other", OTHER_NAMES)
def test_indonesian_has_one_name_for_one_thing(path: Path, other: str) -> None:
    said = " ".join(re.findall(r'"(.*)"', path.read_text(encoding="utf-8")))
    assert re.findall(other, said, re.IGNORECASE) == []


def test_no_indonesian_button_reads_as_giving_what_it_only_measures() -> None:
    """A dose is what "tambahkan magnesium" and "ulangi kalium" are said of."""
    for key in ("suggest.add.label", "suggest.repeat.label", "item.repeat", "item.repeat_all", "item.magnesium"):
        assert re.match("periksa", ALL["id"][f"electrolytes.{key}"], re.IGNORECASE), key


def test_indonesian_puts_a_drug_beside_a_value_with_dengan() -> None:
    for family in ("als", "mnd"):
        assert "{drugs} dengan {others}" in ALL["id"][f"als_cramps.summary.breathing_{family}"]
