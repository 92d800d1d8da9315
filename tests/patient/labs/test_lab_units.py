from decimal import Decimal

import pytest

from cds_service.patient.labs.analytes import ANALYTES
from cds_service.patient.labs.units import canonical, canonical_count, is_ucum, readings
from tests.builders.labs import UCUM, quantity, read


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("mmol/L", "mmol/L"),
        ("mmol/l", "mmol/L"),
        ("MMOL/L", "mmol/L"),
        (" mmol / L ", "mmol/L"),
        ("mEq/L", "meq/L"),
        ("meq/l", "meq/L"),
        ("mval/L", "meq/L"),
        ("mg/dl", "mg/dL"),
        ("mg%", "mg/dL"),
        ("µmol/L", "umol/L"),
        ("μmol/L", "umol/L"),
        ("micromol/L", "umol/L"),
        ("g/dl", "g/dL"),
        ("gm/dL", "g/dL"),
        ("g/l", "g/L"),
        ("mL/min/1.73m2", "mL/min/{1.73_m2}"),
        ("mL/min/1.73 m²", "mL/min/{1.73_m2}"),
        ("mL/menit/1,73 m2", "mL/min/{1.73_m2}"),
        ("mL/min", "mL/min"),
        ("msec", "ms"),
        ("detik", "s"),
        ("10*9/L", "10*9/L"),
        ("x10^9/L", "10*9/L"),
        ("10⁹/L", "10*9/L"),
        ("x10E9/L", "10*9/L"),
        ("10*3/uL", "10*3/uL"),
        ("10^3/µL", "10*3/uL"),
        ("10³/µL", "10*3/uL"),
        ("ribu/µL", "10*3/uL"),
        ("ribu/μL", "10*3/uL"),
        ("K/uL", "10*3/uL"),
        ("K/mm3", "10*3/uL"),
        ("thou/uL", "10*3/uL"),
        ("/mm3", "/uL"),
        ("/cmm", "/uL"),
        ("10*6/L", "/uL"),
        ("/nL", "10*9/L"),
        ("/nl", "10*9/L"),
        ("Gpt/l", "10*9/L"),
        ("Giga/l", "10*9/L"),
        ("Tsd./µl", "10*3/uL"),
        ("Tsd/µl", "10*3/uL"),
        ("1000/µl", "10*3/uL"),
        ("x1000/uL", "10*3/uL"),
        ("10*3/mm3", "10*3/uL"),
        ("rb/ul", "10*3/uL"),
        ("lakh/cumm", "10*5/uL"),
        ("Lakhs/cmm", "10*5/uL"),
        ("lac/uL", "10*5/uL"),
        ("mmole/L", "mmol/L"),
        ("mmol per litre", "mmol/L"),
        (" mM ", "mmol/L"),
        ("/µL", "/uL"),
    ],
)
def test_spelling(text: str, unit: str) -> None:
    assert canonical(text) == unit


SPELLINGS = {
    "mmol/L": ("mmol/litre", "mmol/liter", "millimol/L", "mmole/L", "mmol per litre", "mmol per liter"),
    "umol/L": ("micromol/L", "mcmol/L", "umol/litre", "umol/liter", "µmol/L"),
    "meq/L": ("mval/L", "mEq/litre", "mEq/liter"),
    "mg/dL": ("mg%", "mg/100mL", "mg/(100.mL)", "mgs/dL", "mg / 100 mL"),
    "g/dL": ("gm/dL", "g%", "gr/dL", "g/100mL"),
    "g/L": ("gm/L", "gr/L"),
    "mL/min/{1.73_m2}": (
        *(f"mL/{minute}/1{point}73m{two}" for minute in ("min", "menit") for point in ".," for two in ("2", "^2", "²")),
        *("mL/min/1.73_m2", "mL/min/1.73sqm", "mL/min/{1.73m2}", "mL/min/{1.73}m2", "mL/min/1.73.m2", "mL/min/1.73"),
        *("mL/min/{1.73}", "mL/min/BSA"),
    ),
    "mL/min": ("mL/menit",),
    "ms": ("msec", "msecs", "milliseconds", "millisecond", "milidetik", "mdet"),
    "s": ("sec", "secs", "seconds", "second", "detik"),
    "10*9/L": (
        *("10^9/L", "x10^9/L", "x10*9/L", "x10E9/L", "10e9/L", "10**9/L", "10E+9/L", "10(9)/L", "bil/L", "/nL"),
        *("Gpt/L", "Giga/L", "10⁹/L", "×10⁹/L"),
    ),
    "10*3/uL": tuple(
        f"{thousand}/{volume}"
        for thousand in (
            *("10*3", "10^3", "x10^3", "x10*3", "x10e3", "10e3", "10(3)", "10³", "×10³", "K", "thou", "thousand"),
            *("ribu", "rb", "Tsd", "Tsd.", "1000", "x1000"),
        )
        for volume in ("uL", "µL", "mcL", "mm3", "mm³", "mm^3", "cumm", "cmm", "mmk")
    ),
    "/uL": (
        *("10*6/L", "10^6/L", "10⁶/L"),
        *(
            f"{count}/{volume}"
            for count in ("", "cells", "sel", "{cells}", "[#]")
            for volume in ("uL", "µL", "mcL", "mm3", "mm^3", "mm³", "cumm", "cmm")
        ),
    ),
    "10*5/uL": tuple(
        f"{lakh}/{volume}"
        for lakh in ("lakh", "lakhs", "lac", "lacs")
        for volume in ("uL", "mcL", "mm3", "mm³", "cumm", "cmm")
    ),
}


@pytest.mark.parametrize(("unit", "spellings"), SPELLINGS.items())
def test_every_spelling_of_a_unit(unit: str, spellings: tuple[str, ...]) -> None:
    assert {text: canonical(text) for text in (unit, *spellings)} == dict.fromkeys((unit, *spellings), unit)
    assert {canonical(f" {text.upper()} ") for text in spellings if "µ" not in text} == {unit}


@pytest.mark.parametrize(
    "text", [None, "", "mq/dL", "109/L", "mmol", "mg", "L", "258813002", "mmol/L mg/dL", "mm", "MM"]
)
def test_unknown_spelling_is_no_unit(text: str | None) -> None:
    assert canonical(text) is None


@pytest.mark.parametrize(
    ("system", "ucum"),
    [
        (UCUM, True),
        (UCUM + "/", True),
        ("https://unitsofmeasure.org", True),
        ("http://UnitsOfMeasure.org", True),
        ("urn:oid:2.16.840.1.113883.6.8", True),
        ("http://www.unitsofmeasure.org", True),
        ("https://www.unitsofmeasure.org/", True),
        ("http://snomed.info/sct", False),
        (None, False),
    ],
)
def test_ucum_system(system: str | None, ucum: bool) -> None:
    assert is_ucum(system) is ucum


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "converted"),
    [
        ("potassium", "4.0", "mmol/L", "4.0"),
        ("potassium", "4.0", "mEq/L", "4.0"),
        ("potassium", "15.63932", "mg/dL", "4.0"),
        ("sodium", "140", "mEq/L", "140"),
        ("sodium", "321.85676992", "mg/dL", "140"),
        ("calcium_total", "8.41638", "mg/dL", "2.1"),
        ("calcium_total", "4.2", "mEq/L", "2.1"),
        ("calcium_albumin_corrected", "8.81716", "mg/dL", "2.2"),
        ("calcium_ionized", "4.649048", "mg/dL", "1.16"),
        ("calcium_ionized", "2.32", "meq/L", "1.16"),
        ("magnesium", "1.70135", "mg/dL", "0.7"),
        ("magnesium", "1.4", "mEq/L", "0.7"),
        ("magnesium_ionized", "1.21525", "mg/dL", "0.5"),
        ("phosphate", "2.47792", "mg/dL", "0.8"),
        ("albumin", "4.1", "g/dL", "41"),
        ("albumin", "41", "g/L", "41"),
        ("creatinine", "1.0", "mg/dL", "88.4"),
        ("creatinine", "88", "umol/L", "88"),
        ("egfr", "45", "mL/min/{1.73_m2}", "45"),
        ("qtc", "0.45", "s", "450"),
        ("qtc", "450", "ms", "450"),
        ("platelets", "150", "10*9/L", "150"),
        ("platelets", "150", "G/L", "150"),
        ("albumin", "41", "G/L", "41"),
        ("platelets", "150", "ribu/µL", "150"),
        ("platelets", "150000", "/uL", "150"),
        ("platelets", "150", "G/l", "150"),
        ("platelets", "1.5", "lakhs/cumm", "150"),
        ("platelets", "150000", "10*6/L", "150"),
        ("potassium", "4000", "umol/L", "4"),
        ("sodium", "140000", "umol/L", "140"),
        ("magnesium", "700", "umol/L", "0.7"),
        ("calcium_total", "2100", "umol/L", "2.1"),
        ("phosphate", "800", "umol/L", "0.8"),
    ],
)
def test_conversion_is_exact(analyte: str, value: str, unit: str, converted: str) -> None:
    result = read(analyte, quantity(value, unit))
    assert result.unusable is None
    assert result.value == Decimal(converted)
    assert result.unit == ANALYTES[analyte].unit


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "why"),
    [
        ("potassium", "0.016", "g/dL", "unit-impossible"),
        ("potassium", "4.0", "10*9/L", "unit-impossible"),
        ("albumin", "4.1", "mg/dL", "unit-impossible"),
        ("albumin", "600", "umol/L", "unit-impossible"),
        ("egfr", "45", "mL", "unit-unknown"),
        ("platelets", "150", "g/L", "unit-impossible"),
        ("phosphate", "1.6", "mEq/L", "unit-impossible"),
        ("potassium", "4.0", "mmol/kg", "unit-unknown"),
        ("potassium", "4.0", None, "no-unit"),
        ("potassium", "4.0", "  ", "no-unit"),
        ("potassium", "4000", "mmol/L", "value-impossible"),
        ("potassium", "0", "mmol/L", "value-impossible"),
        ("potassium", "-4", "mmol/L", "value-impossible"),
        ("potassium", "NaN", "mmol/L", "value-impossible"),
        ("potassium", "sNaN", "mmol/L", "value-impossible"),
        ("potassium", "Infinity", "mmol/L", "value-impossible"),
        ("potassium", "1E+999999", "mg/dL", "value-impossible"),
        ("sodium", "321", "mmol/L", "value-impossible"),
        ("calcium_total", "9.5", "mmol/L", "value-impossible"),
        ("calcium_total", "2.3", "mg/dL", "value-impossible"),
        ("calcium_ionized", "4.8", "mmol/L", "value-impossible"),
        ("albumin", "4.1", "g/L", "value-impossible"),
        ("albumin", "41", "g/dL", "value-impossible"),
        ("qtc", "0.45", "ms", "value-impossible"),
        ("qtc", "9.9", "ms", "value-impossible"),
        ("platelets", "150", "/uL", "value-impossible"),
        ("potassium", "4", "umol/L", "value-impossible"),
        ("platelets", "150", "lakh/uL", "value-impossible"),
        ("creatinine", "1.1", "umol/L", "value-impossible"),
    ],
)
def test_what_cannot_be_is_not_interpreted(analyte: str, value: str, unit: str | None, why: str) -> None:
    result = read(analyte, quantity(value, unit))
    assert (result.value, result.unusable) == (None, why)


LIMITS = {  # possible, credible, usual: written out again
    "sodium": ("70-250", "100-190", "135-145"),
    "potassium": ("0.8-13", "1.5-10", "3.5-5.5"),
    "magnesium": ("0.05-15", "0.2-5", "0.7-1.0"),
    "magnesium_ionized": ("0.05-10", "0.1-3", "-"),
    "calcium_total": ("0.7-6.5", "1.2-5", "2.20-2.60"),
    "calcium_albumin_corrected": ("0.7-6.5", "1.2-5", "2.20-2.60"),
    "calcium_ionized": ("0.35-4", "0.5-3", "1.16-1.32"),
    "phosphate": ("0.03-10", "0.1-5", "0.80-1.5"),
    "albumin": ("6-80", "6-80", "35-50"),
    "creatinine": ("8-5000", "20-3000", "60-110"),
    "egfr": ("1-250", "1-250", "90-"),
    "qtc": ("200-900", "200-900", "-449"),
    "platelets": ("1-5000", "1-5000", "150-400"),
}


def test_the_limits_of_every_analyte() -> None:
    def written(limits: tuple[Decimal | None, Decimal | None]) -> str:
        return "-".join("" if limit is None else str(limit) for limit in limits)

    assert {
        name: tuple(map(written, (analyte.possible, analyte.credible, analyte.usual)))
        for name, analyte in ANALYTES.items()
    } == LIMITS


@pytest.mark.parametrize("name", sorted(ANALYTES))
def test_possible_values_end_where_they_say(name: str) -> None:
    analyte = ANALYTES[name]
    low, high = analyte.possible
    tiny = Decimal("0.0001")
    assert [analyte.is_possible(v) for v in (low - tiny, low, high, high + tiny)] == [False, True, True, False]
    assert low <= analyte.credible[0] < analyte.credible[1] <= high
    assert all(limit is None or low < limit < high for limit in analyte.usual)


@pytest.mark.parametrize(
    ("unit", "code", "system", "value", "why"),
    [
        ("mq/dL", "mg/dL", UCUM, "2.1", None),  # the code is believed, the slip in the text ignored
        ("mg/dL", "mg/dL", UCUM + "/", "2.1", None),
        ("mg/dL", None, UCUM, "2.1", None),
        ("mg/dL", "258797006", "http://snomed.info/sct", "2.1", None),  # a unit coded elsewhere: its text
        (None, "mg/dL", None, "2.1", None),
        ("mg/dL", "mystery", UCUM, "2.1", None),
        ("mmol/L", "mg/dL", UCUM, None, "unit-conflict"),
        ("g/dL", "mg/dL", UCUM, None, "unit-conflict"),
        (None, "258797006", "http://snomed.info/sct", None, "unit-unknown"),
    ],
)
def test_code_before_text(
    unit: str | None, code: str | None, system: str | None, value: str | None, why: str | None
) -> None:
    result = read("calcium_total", quantity("8.41638", unit, code, system))
    assert result.unusable == why
    assert result.value == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("unit", "code", "system", "ordered"),
    [
        ("a", "b", UCUM, ("b", "a")),
        ("a", "b", None, ("a", "b")),
        ("a", "b", "http://snomed.info/sct", ("a", "b")),
        (None, "b", None, ("b",)),
        (" ", "", UCUM, ()),
    ],
)
def test_the_words_of_a_unit_in_the_order_they_are_believed(
    unit: str | None, code: str | None, system: str | None, ordered: tuple[str, ...]
) -> None:
    assert readings(unit, code, system) == ordered


def test_two_spellings_of_one_amount_do_not_conflict() -> None:
    assert read("potassium", quantity("4.0", "mEq/L", "mmol/L", UCUM)).value == Decimal("4.0")


@pytest.mark.parametrize(
    ("analyte", "loinc", "value", "unit", "note"),
    [
        ("potassium", "2823-3", "15", "mg/dL", True),
        ("potassium", "2823-3", "4", "mEq/L", False),
        ("potassium", "22760-3", "15", "mg/dL", False),
        ("potassium", "22760-3", "4", "mmol/L", True),
        ("magnesium", "19123-9", "0.8", "mmol/L", True),
        ("magnesium", "2601-3", "2.0", "mg/dL", True),
        ("calcium_total", "17861-6", "9.5", "mg/dL", False),
        ("calcium_total", "17861-6", "2.3", "mmol/L", True),
        ("creatinine", "14682-9", "1.1", "mg/dL", True),
        ("albumin", "1751-7", "41", "g/L", False),
        ("albumin", "1751-7", "4.1", "g/dL", False),
    ],
)
def test_unit_that_contradicts_the_code_is_believed_and_said(
    analyte: str,
    loinc: str,
    value: str,
    unit: str,
    note: bool,
) -> None:
    result = read(analyte, quantity(value, unit), loinc=loinc)
    assert result.value is not None
    assert ("unit-contradicts-code" in result.notes) is note


@pytest.mark.parametrize(("loinc", "why"), [("2823-3", "unit-doubtful"), ("22760-3", None), (None, None)])
def test_extreme_value_by_a_contradicting_unit_is_doubted(loinc: str | None, why: str | None) -> None:
    assert read("potassium", quantity("4.0", "mg/dL"), loinc=loinc).unusable == why


@pytest.mark.parametrize("name", sorted(ANALYTES))
def test_credible_values_end_where_they_say(name: str) -> None:
    analyte = ANALYTES[name]
    low, high = analyte.credible
    tiny = Decimal("0.0001")
    assert [analyte.is_credible(v) for v in (low - tiny, low, high, high + tiny)] == [False, True, True, False]


def test_contradicting_unit_is_credible_from_its_limit() -> None:
    values = [read("potassium", quantity(v, "mg/dL"), loinc="2823-3").unusable for v in ("5.864", "5.865")]
    assert values == ["unit-doubtful", None]


@pytest.mark.parametrize(
    ("text", "unit"), [("mmol/L", "mmol/L"), ("mmol/L".rjust(64), "mmol/L"), ("mmol/L".rjust(65), None)]
)
def test_nothing_longer_than_64_characters_is_a_unit(text: str, unit: str | None) -> None:
    assert canonical(text) == unit


@pytest.mark.parametrize(
    ("text", "unit"), [("G/L", "10*9/L"), ("G/L".rjust(64), "10*9/L"), ("G/L".rjust(65), None), (None, None)]
)
def test_nor_a_count(text: str | None, unit: str | None) -> None:
    assert canonical_count(text) == unit
