"""Numbers, dates and lists in the form each language has."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from cds_service.cards.wording import Wording, read_texts
from cds_service.catalogue import wording
from cds_service.decision.phrases import Joined, Label, Plain, Received, Text, Value, say
from cds_service.patient.moments import Moment, Precision


def _moment(precision: Precision) -> Moment:
    start = datetime(2024, 8, 3, tzinfo=UTC)
    return Moment(start, start, precision)


@pytest.mark.parametrize(
    ("value", "english", "indonesian"),
    [
        (Decimal("2.80"), "2.80", "2,80"),
        (Decimal("1234.5"), "1234.5", "1234,5"),
        (Decimal("1E+2"), "100", "100"),
        (7, "7", "7"),
        (Decimal("0.123456789012345678901234567890123"), "0.123456789012", "0,123456789012"),
        (Decimal("1E+60"), "1" + "0" * 60, "1" + "0" * 60),
        (Decimal("12345678901234567890.5"), "12345678901234567890.5", "12345678901234567890,5"),
        (date(2026, 8, 3), "3 Aug 2026", "3 Agu 2026"),
        (_moment(Precision.YEAR), "2024", "2024"),
        (_moment(Precision.MONTH), "Aug 2024", "Agu 2024"),
        (_moment(Precision.DAY), "3 Aug 2024", "3 Agu 2024"),
        (_moment(Precision.INSTANT), "3 Aug 2024", "3 Agu 2024"),
        (Joined(("a", "b", "c")), "a, b and c", "a, b, dan c"),
        (Joined((Decimal("1.5"), Received("x*y"))), "1.5 and x\\*y", "1,5 dan x\\*y"),
        ("our own *word*", "our own *word*", "our own *word*"),
        (Label("x*y <b>"), "x*y ‹b›", "x*y ‹b›"),
        (Plain("x*y <b>"), "xy ‹b›", "xy ‹b›"),
    ],
)
def test_values(value: Value, english: str, indonesian: str) -> None:
    assert wording("en").value(value) == english
    assert wording("id").value(value) == indonesian


def test_a_phrase_fills_in_its_values_even_when_they_are_phrases() -> None:
    words = Wording("id", {"a.outer": "({inner})", "a.inner": "{n} mmol/L"})
    assert words.say(say(Text("a.outer"), inner=say(Text("a.inner"), n=Decimal("2.8")))) == "(2,8 mmol/L)"


def test_braces_in_a_clients_words_are_not_placeholders() -> None:
    words = Wording("en", {"a.b": "{x}"})
    assert words.say(say(Text("a.b"), x=Received("{x.__class__}"))) == "\\{x.\N{WORD JOINER}\\_\\_class\\_\\_\\}" or (
        "__class__" not in words.say(say(Text("a.b"), x=Received("{x.__class__}")))
    )


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(
    ("key", "belongs"),
    [
        ("common.no_such", "it belongs in .*decision/texts/{}/common.toml"),
        ("evidence.no_such", "it belongs in .*guidelines/leg_cramps/{}.toml"),
        ("avoid_quinine.summary.no_such", "it belongs in .*guidelines/leg_cramps/quinine/{}.toml"),
        ("nowhere.at.no_such", r"no file has a \[nowhere\]"),
    ],
)
def test_an_unknown_key_is_an_error_that_names_the_key_and_its_file(language: str, key: str, belongs: str) -> None:
    expected = rf"{key} has no text in '{language}'; {belongs.format(language)}"
    with pytest.raises(KeyError, match=expected):
        wording(language).say(say(Text(key)))
    with pytest.raises(KeyError, match=expected):
        wording(language).text(Text(key))


def test_an_unknown_key_of_words_that_are_in_no_file_is_an_error_too() -> None:
    with pytest.raises(KeyError, match=r"a.b has no text in 'en'; no file has a \[a\]"):
        Wording("en", {}).text(Text("a.b"))


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"en.toml": '[card]\nstanding = "other"'}, "card.standing has two texts in 'en'"),
        ({"one/en.toml": '[mine]\na = "1"', "other/en.toml": '[mine]\na = "2"'}, "mine.a has two texts in 'en'"),
        ({"en.toml": "[mine]\na = 1"}, "text mine.a is not a string"),
    ],
)
def test_a_key_has_one_text_and_that_is_a_string(tmp_path: Path, texts: dict[str, str], said: str) -> None:
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=said):
        read_texts("en", [tmp_path])


def test_a_guidelines_texts_are_those_of_its_folder_and_of_each_folder_in_it(tmp_path: Path) -> None:
    (tmp_path / "rule").mkdir()
    (tmp_path / "en.toml").write_text('[mine]\na = "1"')
    (tmp_path / "rule" / "en.toml").write_text('[mine]\nb.c = "2"')
    words = read_texts("en", [tmp_path])
    assert (words.text(Text("mine.a")), words.text(Text("mine.b.c"))) == ("1", "2")
    assert words.files["mine"] == str(tmp_path / "en.toml")
    assert Wording("en", {}).files == {}
    assert words.text(Text("card.standing"))
