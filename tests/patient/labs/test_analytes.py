"""The file of the analytes agrees with the value sets, and with itself."""

from decimal import Decimal

import pytest

from cds_service.patient.labs import units
from cds_service.patient.labs.analytes import ANALYTES, PANELS, Analyte, in_order
from cds_service.patient.labs.by_name import Named, analyte_in
from cds_service.patient.terminology.systems import LOINC
from cds_service.patient.terminology.valuesets import value_sets

CODES = {
    found.name: {entry.code for entry in found.include if entry.system == LOINC} for found in value_sets("results")
}
EVERY = pytest.mark.parametrize("analyte", ANALYTES.values(), ids=ANALYTES)


def test_every_value_set_of_results_is_an_analyte() -> None:
    assert set(ANALYTES) == set(CODES)


@EVERY
def test_every_code_of_the_file_is_of_its_value_set(analyte: Analyte) -> None:
    assert CODES[analyte.name] >= analyte.mass_codes | analyte.seldom_sent
    assert CODES[analyte.name] - analyte.seldom_sent


@EVERY
def test_the_unit_of_account_is_a_unit_it_comes_in(analyte: Analyte) -> None:
    assert analyte.ratios[analyte.canonical_unit(analyte.unit) or ""] == (1, 1)
    spelled = units.canonical_count if analyte.unit == "10*9/L" else units.canonical
    assert all(spelled(unit) == unit for unit in analyte.ratios)


@EVERY
def test_what_it_is_looked_for_beside_is_another_analyte(analyte: Analyte) -> None:
    assert analyte.beside is None or (analyte.beside in ANALYTES and ANALYTES[analyte.beside].beside is None)


def test_panels_hold_analytes() -> None:
    assert {name for held in PANELS.values() for name in held} <= set(ANALYTES)
    assert set(PANELS).isdisjoint(code for codes in CODES.values() for code in codes)


def test_no_name_is_two_analytes() -> None:
    names = [name for analyte in ANALYTES.values() for name in analyte.names]
    assert len(names) == len(set(names))


@EVERY
def test_every_name_is_recognised(analyte: Analyte) -> None:
    assert all(analyte_in(f"{name.upper()} (serum)") == Named(analyte.name, whole=True) for name in analyte.names)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Potassium Lvl", "potassium"),
        ("Kadar kalium darah", "potassium"),
        ("K", "potassium"),
        ("potassium, urine", None),
        ("serum", None),
        ("", None),
        ("potassium" + " serum" * 20, None),  # too long to be a name
    ],
)
def test_names(text: str, named: str | None) -> None:
    found = analyte_in(text)
    assert (found and found.analyte) == named


def test_analytes_have_an_order_of_their_own() -> None:
    assert [analyte.name for analyte in in_order(["egfr", "sodium", "potassium", "sodium"])] == [
        "potassium",
        "sodium",
        "egfr",
    ]
    with pytest.raises(KeyError):
        in_order(["potasium"])


@EVERY
def test_what_no_blood_can_have_is_not_possible_by_name_either(analyte: Analyte) -> None:
    low, high = analyte.possible
    assert low is not None
    assert high is not None
    assert [analyte.is_possible(value) for value in (low, high)] == [True, True]
    for value in (low * Decimal("0.9"), high * Decimal("1.1"), Decimal(0), Decimal("NaN"), Decimal("Infinity")):
        assert not analyte.is_possible(value)
        assert not analyte.is_possible_by_name(value)
