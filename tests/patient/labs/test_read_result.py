from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.patient.labs.analytes import ANALYTES
from cds_service.patient.labs.raw import RawQuantity, RawResult
from cds_service.patient.labs.results import certainly_at_least, certainly_below, read_result
from cds_service.patient.moments import Moment
from cds_service.patient.person import Person
from tests.builders.facts import TODAY, days_ago, instant, part_of
from tests.builders.labs import UCUM, in_unit, quantity, read

POTASSIUM = quantity("4.0", "mmol/L")


@pytest.mark.parametrize(
    ("status", "why", "notes"),
    [
        ("final", None, ()),
        ("amended", None, ()),
        ("corrected", None, ()),
        ("preliminary", None, ("preliminary",)),
        ("unknown", None, ("status-unknown",)),
        ("registered", "status", ()),
        ("cancelled", "status", ()),
        ("entered-in-error", "status", ()),
        ("Final", "status", ()),
        ("bogus", "status", ()),
        (None, "status-absent", ()),
    ],
)
def test_status(status: str | None, why: str | None, notes: tuple[str, ...]) -> None:
    result = read("potassium", POTASSIUM, status=status)
    assert (result.unusable, result.notes) == (why, notes)
    assert (result.value is None) is (why is not None)


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (instant(0), None),
        (days_ago(0), None),
        (days_ago(-1), "future"),
        (instant(-1), "future"),
        (part_of(2026, 3), None),
        (part_of(2026), "time-imprecise"),
        (None, "no-time"),
    ],
)
def test_moment(moment: Moment | None, why: str | None) -> None:
    assert read("potassium", POTASSIUM, moment=moment).unusable == why


@pytest.mark.parametrize(
    ("text", "value", "comparator"),
    [
        ("4.0 mmol/L", "4.0", None),
        ("4.0mmol/L", "4.0", None),
        (" 4,0 mmol/L ", "4.0", None),
        ("3,45 mmol/L", "3.45", None),
        ("<2.5 mmol/L", "2.5", "<"),
        ("< 2,5 mmol/L", "2.5", "<"),
        ("<=2.5 mEq/L", "2.5", "<="),
        ("≤2.5 mmol/L", "2.5", "<="),
        (">6 mmol/L", "6", ">"),
        ("≥6.0 mmol/L", "6.0", ">="),
        ("3.400 mmol/L", "3.4", None),
        ("3,400 mmol/L", "3.4", None),  # three thousand four hundred is not possible
        ("3,4567 mmol/L", "3.4567", None),
        ("0,900 mmol/L", "0.9", None),
    ],
)
def test_text_value(text: str, value: str, comparator: str | None) -> None:
    result = read("potassium", text)
    assert (result.value, result.comparator, result.received) == (Decimal(value), comparator, text.strip())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("4.0", "no-unit"),  # as MEDITECH sends it
        ("3,4", "no-unit"),
        ("1.234,5 mmol/L", "not-a-number"),
        ("3 - 4 mmol/L", "not-a-number"),
        ("haemolysed", "not-a-number"),
        ("-4.0 mmol/L", "not-a-number"),
        ("4.0.1 mmol/L", "not-a-number"),
        ("4. mmol/L", "not-a-number"),
        ("4.0 mmol/L (H)", "unit-unknown"),
        ("~4.0 mmol/L", "not-a-number"),
        ("4.0 mmol/L" + " " * 60 + "x", "not-a-number"),
        ("", "no-value"),
        ("  ", "no-value"),
    ],
)
def test_text_that_is_no_value(text: str, why: str) -> None:
    result = read("potassium", text)
    assert (result.value, result.unusable) == (None, why)


@pytest.mark.parametrize(("length", "value"), [(60, Decimal("4.0")), (61, None)])
def test_a_text_is_read_up_to_sixty_characters(length: int, value: Decimal | None) -> None:
    assert read("potassium", "4.0 mmol/L".rjust(length)).value == value


def test_text_with_a_count() -> None:
    assert read("platelets", "150 10*3/uL").value == 150
    assert read("platelets", "150 10^9/L").value == 150


def test_quantity_goes_before_text() -> None:
    assert read("potassium", POTASSIUM, text_value="2.0 mmol/L").value == Decimal("4.0")


@pytest.mark.parametrize(("absent", "why"), [(True, "data-absent"), (False, "no-value")])
def test_nothing_stated(absent: bool, why: str) -> None:
    assert read("potassium", None, absent_reason=absent).unusable == why


@pytest.mark.parametrize(("comparator", "why"), [("<", None), (">=", None), ("ad", "comparator"), ("~", "comparator")])
def test_comparator(comparator: str, why: str | None) -> None:
    result = read("potassium", quantity("2.5", "mmol/L", comparator=comparator))
    assert result.unusable == why
    assert result.comparator == (comparator if why is None else None)


@pytest.mark.parametrize("loinc", ["29349-8", "74688-3", "55937-7"])
def test_post_dialysis_code(loinc: str) -> None:
    assert read("potassium", POTASSIUM, loinc=loinc).unusable == "post-dialysis"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Potassium --post dialysis", "post-dialysis"),
        ("Potassium post-dialysis", "post-dialysis"),
        ("K POSTDIALYSIS", "post-dialysis"),
        ("Potassium after haemodialysis", "post-dialysis"),
        ("post HD potassium", "post-dialysis"),
        ("Kalium pasca hemodialisis", "post-dialysis"),
        ("Kalium setelah dialisis", "post-dialysis"),
        ("Potassium --pre dialysis", None),
        ("Potassium, dialysis fluid", None),
        ("Potassium", None),
        (None, None),
    ],
)
def test_post_dialysis_text(text: str | None, why: str | None) -> None:
    assert read("potassium", POTASSIUM, code_text=text).unusable == why


@pytest.mark.parametrize(
    ("stated", "received"),
    [
        (quantity("3.4", "mEq/L"), "3.4 mEq/L"),
        (quantity("3.4", None, "mmol/L"), "3.4 mmol/L"),
        (quantity("3.4", " ", "mmol/L"), "3.4 mmol/L"),
        (quantity("2.5", "mmol/L", comparator="<"), "<2.5 mmol/L"),
        (quantity("4.0"), "4.0"),
        (quantity("1E+3", "/uL"), "1000 /uL"),
        (quantity("1E+14", "/uL"), "100000000000000 /uL"),
        (quantity("1E+15", "/uL"), "1E+15 /uL"),
        (quantity("1E+900", "/uL"), "1E+900 /uL"),
        (None, ""),
    ],
)
def test_received_as_written(stated: RawQuantity | None, received: str) -> None:
    assert read("potassium", stated).received == received


def test_flags_are_folded() -> None:
    assert read("potassium", POTASSIUM, flags=frozenset({" ll", "A"})).flags == {"LL", "A"}


def test_unknown_analyte_is_not_interpreted() -> None:
    result = read("lactate", POTASSIUM, ranges=(in_unit("1", "2"),))
    assert (result.unusable, result.unit, result.range) == ("unit-unknown", "", None)


def test_an_unusable_result_carries_no_notes() -> None:
    assert read("potassium", quantity("4.0"), status="preliminary").notes == ()
    assert read("potassium", quantity("15", "mg/dL"), loinc="2823-3", status="cancelled").notes == ()


@pytest.mark.parametrize(
    ("comparator", "limit", "proven"),
    [
        (None, "4.1", "below"),
        (None, "4.0", "at least"),
        (None, "3.9", "at least"),
        ("<", "4.1", "below"),
        ("<", "4.0", "below"),
        ("<", "3.9", ""),
        ("<=", "4.0", ""),
        ("<=", "4.1", "below"),
        (">", "4.0", "at least"),
        (">", "4.1", ""),
        (">=", "4.1", ""),
        (">=", "4.0", "at least"),
        (">=", "3.9", "at least"),
    ],
)
def test_what_a_bound_proves(comparator: str | None, limit: str, proven: str) -> None:
    result = read("potassium", quantity("4.0", "mmol/L", comparator=comparator))
    questions = {"below": certainly_below, "at least": certainly_at_least}
    assert ", ".join(name for name, proves in questions.items() if proves(result, Decimal(limit))) == proven


def test_an_unusable_result_proves_nothing() -> None:
    result = read("potassium", quantity("2.0"))
    compared = (certainly_below, certainly_at_least)
    assert not any(proves(result, Decimal(limit)) for proves in compared for limit in (0, 3, 9))


words = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(["mmol/L", "mg/dL", "ms", "10*9/L", "g/dL", "mL/min"])
)
quantities = st.builds(
    RawQuantity,
    value=st.decimals(),
    unit=words,
    code=words,
    system=st.one_of(st.none(), st.just("http://unitsofmeasure.org/"), st.text(max_size=5)),
    comparator=st.one_of(st.none(), st.sampled_from(["<", "<=", ">=", ">", "ad", ""])),
)


@given(
    analyte=st.sampled_from([*sorted(ANALYTES), "nothing we know"]),
    stated=st.one_of(st.none(), quantities),
    text=st.one_of(st.none(), st.text(max_size=20)),
    status=words,
    flags=st.frozensets(st.text(max_size=3), max_size=3),
)
def test_reading_never_raises_and_never_invents(
    analyte: str, stated: RawQuantity | None, text: str | None, status: str | None, flags: frozenset[str]
) -> None:
    raw = RawResult("Observation/1", analyte, None, status, instant(), stated, text, flags=flags)
    result = read_result(raw, Person(), TODAY)
    assert (result.value is None) is (result.unusable is not None)
    assert result.value is None or ANALYTES[analyte].is_possible(result.value)


@pytest.mark.parametrize(
    ("stated", "number", "unit"),
    [
        (quantity("3.40", "mEq/L"), "3.40", "meq/L"),
        (quantity("3.4", None, "mmol/L", UCUM), "3.4", "mmol/L"),
        (quantity("3.4", " ", "mmol/L", UCUM), "3.4", "mmol/L"),
        (quantity("3.4", "millimoles", "mmol/L", UCUM), "3.4", None),  # shown in the client's own words
        (quantity("3.4"), "3.4", None),
        (quantity("3.4", "mg/mL"), "3.4", None),
        (quantity("1E+2", "mmol/L"), "1E+2", "mmol/L"),  # impossible, and stated all the same
        ("<2.5 mmol/l", "2.5", "mmol/L"),
        ("3,400 mmol/L", "3.400", "mmol/L"),  # not three thousand four hundred
        ("150,000 mmol/L", None, "mmol/L"),  # neither
        ("high", None, None),
        (None, None, None),
    ],
)
def test_number_and_unit_are_kept_as_stated(stated: Any, number: str | None, unit: str | None) -> None:
    result = read("potassium", stated)
    assert (None if result.stated is None else str(result.stated), result.stated_unit) == (number, unit)


def test_of_two_numbers_the_one_that_gives_the_value_was_stated() -> None:
    result = read("platelets", "150,000 /uL")
    assert (result.value, result.stated, result.stated_unit) == (Decimal(150), Decimal(150000), "/uL")


@pytest.mark.parametrize(
    ("analyte", "unit", "loinc", "note"),
    [("potassium", "mmol/L", "22760-3", "unit-contradicts-code"), ("egfr", "mL/min", None, "not-indexed")],
)
def test_whatever_must_be_said_with_a_result_is_said(analyte: str, unit: str, loinc: str | None, note: str) -> None:
    made = read(analyte, quantity("4.5", unit), loinc=loinc, status="preliminary", by_site=True)
    assert made.notes == ("preliminary", note, "by-site")


@pytest.mark.parametrize(
    ("stated", "site_unit", "value", "notes", "unusable"),
    [
        (quantity("4.0"), "mmol/L", Decimal("4.0"), ("by-site",), None),
        ("4.0", "mmol/L", Decimal("4.0"), ("by-site",), None),
        (quantity("4.0", "mmol/L"), "mmol/L", Decimal("4.0"), (), None),  # its own unit
        (quantity("15.63932", "mg/dL"), "mmol/L", Decimal(4), (), None),
        (quantity("4.0"), None, None, (), "no-unit"),
        (None, "mmol/L", None, (), "no-value"),
    ],
)
def test_the_unit_of_the_sites_map_is_for_a_result_that_states_none(
    stated: Any, site_unit: str | None, value: Decimal | None, notes: tuple[str, ...], unusable: str | None
) -> None:
    made = read("potassium", stated, site_unit=site_unit)
    assert (made.value, made.notes, made.unusable) == (value, notes, unusable)
