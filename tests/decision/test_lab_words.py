"""Laboratory values in words: rounded so that they can be read, and never onto or across a limit."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cds_service.catalogue import wording
from cds_service.decision.lab_words import LabWords, unusable
from cds_service.patient.facts import LabResult
from tests.builders.facts import lab, result

LAB = LabWords([Decimal("2.5"), Decimal(3)])


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        ("2.1", "2.1"),
        ("2.123", "2.12"),
        ("2.4996", "2.4996"),  # below the limit, which 2.50 is not
        ("2.49951", "2.4995"),
        ("2.5", "2.5"),
        ("2.5004", "2.5004"),  # above it
        ("2.50049", "2.5005"),
        ("2.99999", "2.99999"),
        ("7.99999", "8.00"),
    ],
)
def test_a_number_stays_on_its_side_of_every_limit(number: str, rounded: str) -> None:
    assert str(LAB.rounded(Decimal(number))) == rounded


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        ("2", "mmol/L", "2.00 mmol/L"),
        ("2.4996", "mmol/L", "2.4996 mmol/L"),
        ("2.4951", "mmol/L", "2.495 mmol/L"),
        ("2.4", "g/L", "2.4 g/L"),
        ("2.0", "g/L", "2 g/L"),
    ],
)
def test_a_calculated_number_has_two_decimals_or_what_keeps_it_on_its_side(number: str, unit: str, words: str) -> None:
    assert wording("en").say(LAB.calculated(Decimal(number), unit)) == words


POTASSIUM = result("potassium", "2.4")


@pytest.mark.parametrize(
    ("measured", "limit", "said"),
    [
        (POTASSIUM, None, "potassium 2.4 mmol/L, 7 Mar 2026"),
        (POTASSIUM, Decimal("2.5"), "potassium 2.4 mmol/L, 7 Mar 2026 (limit 2.5)"),
        (lab("potassium", "2.4 mmol/L", status="preliminary"), None, "potassium 2.4 mmol/L, 9 Mar 2026 (preliminary)"),
        (
            lab("potassium", "2.4 mmol/L", status="preliminary"),
            Decimal("2.5"),
            "potassium 2.4 mmol/L, 9 Mar 2026 (limit 2.5; preliminary)",
        ),
        (replace(POTASSIUM, moment=None), None, "potassium 2.4 mmol/L, date not known"),
        (replace(POTASSIUM, value=Decimal(0), stated=None), None, "potassium 2.4 mmol/L = 0.00 mmol/L, 7 Mar 2026"),
        (replace(POTASSIUM, stated_unit=None), None, "potassium 2.4 mmol/L = 2.40 mmol/L, 7 Mar 2026"),
        (
            replace(POTASSIUM, value=Decimal("2.3"), received="2.4 of it"),  # not the value used: in its own words
            None,
            "potassium 2.4 of it = 2.30 mmol/L, 7 Mar 2026",
        ),
    ],
)
def test_a_result_as_a_fact(measured: LabResult, limit: Decimal | None, said: str) -> None:
    fact = LAB.fact(measured, limit)
    assert wording("en").say(fact.phrase) == said
    assert fact.source == measured.source


NOT_USABLE = replace(POTASSIUM, value=None, unusable="time-not-readable")


@pytest.mark.parametrize(
    ("of_it", "when"),
    [
        ({"moment": None, "dated": "30/02/2026"}, ", dated 30/02/2026"),
        ({"moment": None}, ", date not known"),
        ({"dated": "2026-03-07T08:00:00Z"}, ", 7 Mar 2026"),
    ],
)
def test_a_date_that_could_not_be_read_is_shown_as_it_came(of_it: dict[str, Any], when: str) -> None:
    line = wording("en").say(unusable(replace(NOT_USABLE, **of_it)))
    assert line == f"Potassium 2.4 mmol/L{when}: not used (date not readable)"
