"""A laboratory value in words: our spelling of the unit, and what was received only where it says something else."""

from decimal import Decimal
from typing import Any

import pytest

from cds_service.catalogue import wording
from cds_service.decision import lab_words
from cds_service.guidelines.leg_cramps.electrolytes.limits import LAB
from tests.builders.facts import lab
from tests.builders.labs import as_received


@pytest.mark.parametrize(
    ("analyte", "text", "words"),
    [
        ("potassium", "3.4 mmol/L", "3.4 mmol/L"),
        ("potassium", "3.0 mmol/l", "3.0 mmol/L"),
        ("potassium", "3.4 mEq/L", "3.4 mmol/L (as received: 3.4 mEq/L)"),
        ("potassium", "<2.5 mmol/L", "below 2.5 mmol/L"),
        ("magnesium", "1.2 mg/dL", "0.49 mmol/L (as received: 1.2 mg/dL)"),
        ("magnesium", "2 mEq/L", "1.00 mmol/L (as received: 2 mEq/L)"),
        ("calcium_total", "<8.0156 mg/dL", "below 2.00 mmol/L (as received: below 8.02 mg/dL)"),
        ("egfr", "58.0 mL/min/{1.73_m2}", "58 mL/min/1.73 m²"),
        ("egfr", "58.5 mL/min/1.73m^2", "58.5 mL/min/1.73 m²"),
        ("platelets", "65.0 10*9/L", "65 ×10⁹/L"),
        ("platelets", "65 x10^9/L", "65 ×10⁹/L"),
        ("platelets", "65 ribu/uL", "65 ×10⁹/L (as received: 65 ×10³/µL)"),
        ("platelets", "65000 /uL", "65 ×10⁹/L (as received: 65000 /µL)"),
        ("qtc", "450.0 ms", "450 ms"),
        ("qtc", "450.5 ms", "450.5 ms"),
        ("qtc", "0.455 s", "455 ms (as received: 0.455 s)"),
        ("creatinine", "1 mg/dL", "88.4 µmol/L (as received: 1 mg/dL)"),
        ("potassium", "high", "high"),
    ],
)
def test_shown_in_the_unit_of_account(analyte: str, text: str, words: str) -> None:
    assert wording("en").say(LAB.shown(lab(analyte, text))) == words


@pytest.mark.parametrize(
    ("analyte", "text", "words"),
    [
        ("magnesium", "1.2 mg/dL", "0,49 mmol/L (diterima: 1,2 mg/dL)"),
        ("egfr", "58.5 mL/min/{1.73_m2}", "58,5 mL/menit/1,73 m²"),
        ("egfr", "58 mL/min/1.73m2", "58 mL/menit/1,73 m²"),
    ],
)
def test_shown_in_indonesian(analyte: str, text: str, words: str) -> None:
    """A unit that holds a word or a decimal is the language's own, too."""
    assert wording("id").say(LAB.shown(lab(analyte, text))) == words


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [("2.00", "mmol/L", "2.00 mmol/L"), ("2", "mmol/L", "2.00 mmol/L"), ("2.2", "mmol/L", "2.20 mmol/L")],
)
def test_a_calculated_value_keeps_two_decimals(number: str, unit: str, words: str) -> None:
    assert wording("en").say(LAB.calculated(Decimal(number), unit)) == words


@pytest.mark.parametrize(
    ("analyte", "text", "received", "words"),
    [
        ("egfr", "25 mL/min/1.73m2", "25 mls", "25 mL/min/1.73 m² (as received: 25 mls)"),
        ("egfr", "<25 mL/min/1.73m2", "<25 mls", "below 25 mL/min/1.73 m² (as received: ‹25 mls)"),
        ("magnesium", "1 mmol/L", "one", "1.00 mmol/L (as received: one)"),
        ("platelets", "65.0 ribu/uL", "65.0 ribu/uL", "65 ×10⁹/L (as received: 65 ×10³/µL)"),
        ("potassium", "<2.5 mEq/L", "<2.5 mEq/L", "below 2.5 mmol/L (as received: below 2.5 mEq/L)"),
        ("potassium", "3.4 mmol/L", "3.5 mmol/L", "3.40 mmol/L (as received: 3.5 mmol/L)"),  # not the value used
    ],
)
def test_shown_with_what_was_received(analyte: str, text: str, received: str, words: str) -> None:
    assert wording("en").say(LAB.shown(as_received(lab(analyte, text), received))) == words


@pytest.mark.parametrize(
    ("analyte", "text", "received", "words"),
    [
        ("potassium", "<2.5 mmol/L", "<2.5 mmol/L", "below 2.5 mmol/L"),
        ("magnesium", "<1.2 mg/dL", "<1.2 mg/dL", "below 1.2 mg/dL = 0.49 mmol/L"),
        ("platelets", "65.0 10*9/L", "65.0 10*9/L", "65 ×10⁹/L"),
        ("potassium", "3.4 mmol/L", "?", "? = 3.40 mmol/L"),
        ("potassium", "3.4 mmol/L", "3.4 millimoles", "3.4 millimoles = 3.40 mmol/L"),  # 14 characters
        ("potassium", "3.4 mmol/L", "3.4 millimoles.", "3.40 mmol/L"),
        ("potassium", "<3.4 mmol/L", "<3.4 millimoles.", "below 3.40 mmol/L"),
        ("potassium", "3.4 mmol/L", "", "3.40 mmol/L"),
        ("potassium", "high", "high", "high"),
    ],
)
def test_a_value_in_a_line(analyte: str, text: str, received: str, words: str) -> None:
    assert wording("en").say(LAB.value(as_received(lab(analyte, text), received))) == words


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        ("4.0", {}, "Potassium 4.0, 9 Mar 2026: not used (no unit)"),
        ("4.0", {"moment": None}, "Potassium 4.0, date not known: not used (no unit)"),
        ("", {}, "Potassium no value, 9 Mar 2026: not used (no value)"),
    ],
)
def test_a_result_that_could_not_be_used(text: str, more: dict[str, Any], words: str) -> None:
    assert wording("en").say(lab_words.unusable(lab("potassium", text, **more))) == words
