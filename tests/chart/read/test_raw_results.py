"""A projected Observation in the words of ``patient.labs``: flags, ranges with their ages, quantity and moment."""

from decimal import Decimal
from typing import Any

import pytest

from cds_service.chart.read.raw_results import raw_result
from cds_service.patient.labs.raw import RawQuantity, RawRange, RawResult
from cds_service.patient.terminology.concepts import Measured
from tests.builders.fhir import ZONE


def raw(**made: Any) -> RawResult:
    return raw_result("Observation/1", made, Measured("potassium", "2823-3"), ZONE)


def test_what_its_code_tells_and_its_words_are_handed_on() -> None:
    found = Measured("potassium", "2823-3", "mmol/L", by_site=True)
    made = {"status": "final", "code": {"coding": [{"code": "2823-3", "display": "Potassium"}]}, "valueString": "low"}
    assert raw_result("Observation/1", made, found, ZONE, unreadable=("note",), dated="soon") == RawResult(
        source="Observation/1",
        analyte="potassium",
        loinc="2823-3",
        status="final",
        moment=None,
        quantity=None,
        text_value="low",
        code_text="Potassium",
        unreadable=("note",),
        dated="soon",
        site_unit="mmol/L",
        by_site=True,
    )


def flags(*interpretation: Any) -> set[str]:
    return set(raw(interpretation=interpretation).flags)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Normal", "N"),
        ("Low", "L"),
        ("High", "H"),
        ("Critical low", "LL"),
        ("Critically low", "LL"),
        ("Critical high", "HH"),
        ("Critically high", "HH"),
        ("Abnormal", "A"),
        ("Critically abnormal", "AA"),
        ("Rendah", "L"),
        ("Tinggi", "H"),
        *((one, one) for one in ("H", "HH", "L", "LL", "N", "A", "AA")),
    ],
)
def test_a_word_is_a_flag_where_there_is_no_code(text: str, flag: str) -> None:
    assert flags({"text": text}) == flags({"text": text.lower()}) == {flag}
    assert flags({"text": text, "coding": [{"code": "u", "display": "Low"}]}) == {"U"}


def test_words_that_are_no_flag_and_flags_of_several() -> None:
    assert flags({"text": "see comment"}, {}) == set()
    assert flags({"coding": [{"display": "Low"}]}) == {"L"}
    assert flags({"coding": [{"code": "h"}, {"code": "a"}]}, {"text": "n"}) == {"H", "A", "N"}


def range_of(**made: Any) -> RawRange | None:
    low = {"value": Decimal(3), "unit": "mmol/L", "code": "mmol/l", "system": "urn:x", "comparator": ">"}
    return next(iter(raw(referenceRange=[{"low": low, **made}]).ranges), None)


YEAR = Decimal("365.25")
AGES = [
    (("a", "y", "yr", "yr.", "yrs", "year", "years", "th", "thn", "thn.", "tahun", "Tahun"), 6, 6),
    (("mo", "mos", "month", "months", "bln", "bulan"), 6, Decimal("0.5")),
    (("wk", "wks", "week", "weeks", "minggu"), 6, 42 / YEAR),
    (("d", "day", "days", "hari"), 6, 6 / YEAR),
    (("h", "hrs", "hour", "hours", "jam"), 6, 6 / (24 * YEAR)),
    (("min", "mins", "minute", "minutes", "menit"), 6, 6 / (60 * 24 * YEAR)),
]


@pytest.mark.parametrize(
    ("unit", "value", "years"), [(unit, value, years) for units, value, years in AGES for unit in units]
)
def test_an_age_in_any_unit_of_time_is_in_years(unit: str, value: int, years: Any) -> None:
    for side in ("low", "high"):
        for written in ({"unit": unit}, {"code": unit}, {"unit": "who knows", "code": unit}):
            found = range_of(age={side: {"value": Decimal(value), **written}})
            assert found is not None
            of_side = {"low": found.age_low_years, "high": found.age_high_years}
            assert of_side.pop(side) == pytest.approx(Decimal(years), abs=Decimal("1e-20"))
            assert set(of_side.values()) == {None}


def test_an_age_without_a_unit_is_in_years_and_one_in_a_unit_of_two_meanings_is_nobodys() -> None:
    found = range_of(age={"low": {"value": Decimal(18)}})
    assert found is not None
    assert found.age_low_years == 18
    for unit in ("m", "hr", "fortnights"):
        assert range_of(age={"low": {"value": Decimal(18)}, "high": {"value": Decimal(3), "unit": unit}}) is None


def test_a_range_keeps_for_whom_it_is_and_its_units() -> None:
    kind = {"coding": [{"display": "no code"}, {"code": "normal"}, {"code": "x"}], "text": "words"}
    women = {"coding": [{"code": "248152002", "display": "Female"}], "text": "Female"}
    found = range_of(type=kind, appliesTo=[women, {"text": "Adult"}], high={"unit": "mmol/L"})
    assert found == RawRange(
        RawQuantity(Decimal(3), "mmol/L", "mmol/l", "urn:x", ">"), None, "normal", ("248152002", "Female", "Adult")
    )
    by_words = range_of(type={"text": "treatment"})
    assert by_words is not None
    assert by_words.kind == "treatment"
    assert range_of() == RawRange(RawQuantity(Decimal(3), "mmol/L", "mmol/l", "urn:x", ">"), None)


@pytest.mark.parametrize(
    ("made", "first", "last"),
    [
        ({"effectiveDateTime": "2026-02-28", "effectivePeriod": {"start": "2026-02-01"}}, "2026-02-28", "2026-02-28"),
        ({"effectivePeriod": {"start": "2026-02-27", "end": "2026-02-28"}}, "2026-02-27", "2026-02-28"),
        ({"effectivePeriod": {"start": "2026-02-27"}}, "2026-02-27", "2026-02-27"),
        ({"effectivePeriod": {"end": "2026-02-28"}}, "2026-02-28", "2026-02-28"),
    ],
)
def test_a_period_is_as_long_as_it_says(made: dict[str, Any], first: str, last: str) -> None:
    moment = raw(**made).moment
    assert moment is not None
    assert (moment.day.isoformat(), moment.last_day.isoformat()) == (first, last)


def test_without_a_time_there_is_none() -> None:
    assert raw().moment is None
    assert raw(effectivePeriod={}).moment is None
