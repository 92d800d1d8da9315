"""Numbers, dates and lists in the form each language has."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cds_service.cards.wording import Wording, wording
from cds_service.decision.phrases import Joined, Received, Value, say
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
    ],
)
def test_values(value: Value, english: str, indonesian: str) -> None:
    assert wording("en").value(value) == english
    assert wording("id").value(value) == indonesian


def test_a_phrase_fills_in_its_values_even_when_they_are_phrases() -> None:
    words = Wording("id", {"a.outer": "({inner})", "a.inner": "{n} mmol/L"})
    assert words.say(say("a.outer", inner=say("a.inner", n=Decimal("2.8")))) == "(2,8 mmol/L)"


def test_braces_in_a_clients_words_are_not_placeholders() -> None:
    words = Wording("en", {"a.b": "{x}"})
    assert words.say(say("a.b", x=Received("{x.__class__}"))) == "\\{x.\N{WORD JOINER}\\_\\_class\\_\\_\\}" or (
        "__class__" not in words.say(say("a.b", x=Received("{x.__class__}")))
    )


@pytest.mark.parametrize("language", ["en", "id"])
def test_an_unknown_key_is_an_error_that_names_the_key(language: str) -> None:
    expected = rf"evidence\.no_such has no text in '{language}'"
    with pytest.raises(KeyError, match=expected):
        wording(language).say(say("evidence.no_such"))
    with pytest.raises(KeyError, match=expected):
        wording(language).text("evidence.no_such")
