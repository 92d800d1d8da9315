from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cds_service.patient.facts import ReferenceRange
from cds_service.patient.labs.raw import RawRange
from cds_service.patient.moments import Moment, Precision
from cds_service.patient.person import Person, Sex
from tests.builders.labs import UCUM, in_unit, quantity, read

TABLE = None  # no own range: the table's limits stand


def born(year: int, sex: Sex = Sex.FEMALE) -> Person:
    start = datetime(year, 1, 1, tzinfo=UTC)
    return Person(Moment(start, start, Precision.DAY), sex)  # by TODAY, 10 March 2026, the birthday has passed


def chosen(*ranges: RawRange, person: Person | None = None, analyte: str = "potassium") -> ReferenceRange | None:
    return read(analyte, quantity("4.0", "mmol/L"), ranges=ranges, person=person or born(1950)).range


def limits(low: str | None, high: str | None) -> ReferenceRange:
    return ReferenceRange(None if low is None else Decimal(low), None if high is None else Decimal(high))


@pytest.mark.parametrize(
    ("kind", "used"),
    [(None, True), ("normal", True), ("Normal", True), ("", True), ("treatment", False), ("therapeutic", False)],
)
def test_only_normal_ranges(kind: str | None, used: bool) -> None:
    assert (chosen(in_unit("3.6", "5.1", kind=kind)) is not None) is used


def test_each_side_is_converted_by_its_own_unit() -> None:
    found = read(
        "calcium_total",
        quantity("9.0", "mg/dL"),
        ranges=(RawRange(low=quantity("8.41638", "mg/dL"), high=quantity("5.2", "mEq/L")),),
    ).range
    assert found == limits("2.1", "2.6")


def test_of_its_unit_texts_the_first_that_is_known_counts() -> None:
    side = quantity("3.6", "mq/L", "mmol/L")
    assert chosen(RawRange(low=side, high=None)) == limits("3.6", None)


def test_a_range_for_one_age_limit_is_more_specific_than_one_for_all() -> None:
    for age in ({"age_low_years": Decimal(18)}, {"age_high_years": Decimal(120)}):
        assert chosen(in_unit("3.6", "5.1"), in_unit("3.4", "5.0", **age)) == limits("3.4", "5.0")


def test_code_goes_before_text_in_a_range_too() -> None:
    side = quantity("8.41638", "mL/min/{1.73_m2}", "mg/dL", UCUM)
    assert chosen(RawRange(low=side, high=None), analyte="calcium_total") == limits("2.1", None)


@pytest.mark.parametrize(
    "raw",
    [
        in_unit("3.6", "5.1", None),  # no unit is assumed
        in_unit("3.6", "5.1", "g/dL"),
        in_unit("0", "5.1"),  # nonsense on one side spoils the other
        in_unit("0", "0"),
        in_unit("5.1", "3.6"),
        in_unit("4.0", "4.0"),
        in_unit("3.6", "5100"),
        in_unit(None, None),
        in_unit("13.7", "20", "mmol/L"),  # mg/dL under another name
        in_unit("5.5", "9"),  # entirely above what is usual
        in_unit("1.0", "3.5"),  # entirely below
    ],
)
def test_a_range_that_cannot_be_is_not_used(raw: RawRange) -> None:
    assert chosen(raw) is TABLE


def test_magnesium_range_in_mass_numbers_is_not_taken_for_moles() -> None:
    assert chosen(in_unit("1.6", "2.6"), analyte="magnesium") is TABLE
    assert chosen(in_unit("0.6", "1.1"), analyte="magnesium") == limits("0.6", "1.1")


@pytest.mark.parametrize(("low", "high"), [("3.6", None), (None, "5.1"), ("3.6", "5.1")])
def test_open_ranges(low: str | None, high: str | None) -> None:
    assert chosen(in_unit(low, high)) == limits(low, high)


@pytest.mark.parametrize(
    ("applies", "sex", "used"),
    [
        ((), Sex.MALE, True),
        (("248153007", "Male"), Sex.MALE, True),
        (("248152002", "Female"), Sex.MALE, False),
        (("248152002",), Sex.FEMALE, True),
        (("perempuan",), Sex.FEMALE, True),
        (("laki-laki",), Sex.FEMALE, False),
        (("Female",), Sex.UNKNOWN, False),
        (("Male",), Sex.OTHER, False),
        (("All",), Sex.UNKNOWN, True),
        (("Adult",), Sex.FEMALE, True),
        (("77386006", "Pregnant"), Sex.FEMALE, False),
        (("non-black/african-american",), Sex.FEMALE, False),
        (("Treatment Range", "treatment"), Sex.FEMALE, False),
        (("Female", "Pregnant"), Sex.FEMALE, False),
    ],
)
def test_applies_to(applies: tuple[str, ...], sex: Sex, used: bool) -> None:
    assert (chosen(in_unit("3.6", "5.1", applies=applies), person=born(1950, sex)) is not None) is used


MEN = ("248153007", "Male", "males", "M", "man", "men", "Laki-laki", "pria")
WOMEN = ("248152002", "Female", "females", "F", "woman", "women", "Perempuan", "wanita")


@pytest.mark.parametrize(
    ("word", "sex"), [*((word, Sex.MALE) for word in MEN), *((word, Sex.FEMALE) for word in WOMEN)]
)
def test_every_word_for_a_sex_is_of_that_sex_alone(word: str, sex: Sex) -> None:
    raw = in_unit("3.6", "5.1", applies=(f" {word} ",))
    assert [one for one in Sex if chosen(raw, person=born(1950, one))] == [sex]


@pytest.mark.parametrize("word", ["All", "both", "semua"])
def test_every_word_for_everybody_is_of_all(word: str) -> None:
    raw = in_unit("3.6", "5.1", applies=(word,))
    assert all(chosen(raw, person=born(1950, one)) for one in Sex)


@pytest.mark.parametrize("word", ["Adult", "adults", "Dewasa"])
def test_every_word_for_adults_is_of_those_from_eighteen(word: str) -> None:
    raw = in_unit("3.6", "5.1", applies=(word,))
    assert [bool(chosen(raw, person=born(year))) for year in (2009, 2008, 1950)] == [False, True, True]
    assert chosen(raw, person=Person())
    older = in_unit("3.6", "5.1", applies=(word,), age_low_years=Decimal(65))
    assert [bool(chosen(older, person=born(year))) for year in (1962, 1961)] == [False, True]


@pytest.mark.parametrize(
    ("low", "high", "birth_year", "used"),
    [
        ("18", None, 2008, True),  # 18
        ("18", None, 2009, False),  # 17
        (None, "65", 1961, True),  # 65
        (None, "65", 1960, False),  # 66
        ("18", None, None, True),  # unknown: an adult
        ("19", None, None, False),
        ("18", "64", None, False),
        (None, "64", None, False),
    ],
)
def test_age(low: str | None, high: str | None, birth_year: int | None, used: bool) -> None:
    person = Person() if birth_year is None else born(birth_year)
    raw = in_unit(
        "3.6", "5.1", age_low_years=Decimal(low) if low else None, age_high_years=Decimal(high) if high else None
    )
    assert (chosen(raw, person=person) is not None) is used


def test_partial_birth_date_must_fit_at_both_ends() -> None:
    start, end = datetime(2008, 1, 1, tzinfo=UTC), datetime(2008, 12, 31, tzinfo=UTC)
    person = Person(Moment(start, end, Precision.YEAR))
    assert person.age_bounds(date(2026, 3, 10)) == (17, 18)
    assert chosen(in_unit("3.6", "5.1", age_low_years=Decimal(18)), person=person) is TABLE
    assert chosen(in_unit("3.6", "5.1", age_high_years=Decimal(17)), person=person) is TABLE
    assert chosen(in_unit("3.6", "5.1", age_low_years=Decimal(17), age_high_years=Decimal(18)), person=person)


def test_adult_word_needs_an_adult() -> None:
    assert chosen(in_unit("3.6", "5.1", applies=("Adult",)), person=born(2009)) is TABLE


def test_the_more_specific_range_wins() -> None:
    general, own, typed = (
        in_unit("3.4", "5.3"),
        in_unit("3.7", "5.2", applies=("Female",)),
        in_unit("3.6", "5.1", kind="normal"),
    )
    assert chosen(general, own, typed) == chosen(own, typed, general) == limits("3.7", "5.2")
    assert chosen(general, typed) == chosen(typed, general) == limits("3.6", "5.1")


def test_of_two_as_specific_the_first_stands() -> None:
    first, second = in_unit("3.4", "5.3"), in_unit("3.6", "5.1")
    assert chosen(first, second) == limits("3.4", "5.3")
    assert chosen(second, first) == limits("3.6", "5.1")


def test_an_unreadable_range_leaves_the_other() -> None:
    assert chosen(in_unit("3.7", "5.2", "?", applies=("Female",)), in_unit("3.4", "5.3")) == limits("3.4", "5.3")
