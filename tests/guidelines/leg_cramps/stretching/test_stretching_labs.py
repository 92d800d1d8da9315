"""The electrolytes on the card about stretching: it gives way to their own card, and says the rest once."""

from dataclasses import replace

import pytest

from cds_service.catalogue import wording
from cds_service.guidelines.leg_cramps.stretching.rule import RULE
from cds_service.patient.facts import Facts, LabResult
from cds_service.patient.received import Receipt
from tests.builders.facts import days_ago, lab, medicine, patient, problem, result
from tests.builders.said import advised

CRAMP = problem("cramp_leg")
POTASSIUM, SODIUM, MAGNESIUM = result("potassium", "4.1"), result("sodium", "140"), result("magnesium", "0.80")
CALCIUM = (result("calcium_total", "2.40"), result("albumin", "40"))


def why(*items: object, **more: object) -> list[str]:
    """What is said beside the cramp."""
    advise = advised(RULE.decide(patient(CRAMP, *items, **more)))
    return [wording("en").say(fact.phrase) for fact in advise.why][1:]


def unknown(facts: Facts) -> list[str]:
    return [wording("en").say(line) for line in advised(RULE.decide(facts)).unknown]


def test_normal_ones_of_one_date_are_one_fact_without_values() -> None:
    assert why(POTASSIUM, SODIUM, MAGNESIUM) == ["potassium, magnesium and sodium normal, 7 Mar 2026"]
    assert why(POTASSIUM, *CALCIUM) == ["potassium and adjusted calcium normal, 7 Mar 2026"]


def test_normal_ones_of_several_dates_are_a_fact_a_date() -> None:
    assert why(POTASSIUM, result("sodium", "140", ago=40)) == [
        "potassium normal, 7 Mar 2026",
        "sodium normal, 29 Jan 2026",
    ]


def test_nothing_is_said_of_what_was_looked_for_and_not_found() -> None:
    assert why() == []
    assert why(result("potassium", "4.1", ago=181)) == []
    assert unknown(patient(CRAMP)) == []


@pytest.mark.parametrize("low", [result("potassium", "2.8"), result("magnesium", "0.5"), result("sodium", "120")])
def test_what_has_a_card_of_its_own_is_not_said_again(low: LabResult) -> None:
    assert why(low) == ["abnormal electrolytes: see the electrolyte card"]


def test_with_that_card_switched_off_the_value_stands_here() -> None:
    assert why(result("potassium", "2.8"), switched_off=frozenset({"electrolytes"})) == [
        "potassium 2.8 mmol/L, 7 Mar 2026 (low below 3.5, warning below 3.0)"
    ]


@pytest.mark.parametrize(
    ("mild", "said"),
    [
        (result("potassium", "5.6"), "potassium 5.6 mmol/L, 7 Mar 2026 (high ≥ 5.5)"),
        (result("phosphate", "0.7"), "phosphate 0.7 mmol/L, 7 Mar 2026 (low below 0.80)"),
        (lab("sodium", "146 mmol/L"), "sodium 146 mmol/L, 9 Mar 2026 (high above 145)"),
        (
            lab("sodium", "144 mmol/L", own="136-143 mmol/L"),
            "sodium 144 mmol/L, 9 Mar 2026 (high above 143 by its own range)",
        ),
        (
            lab("potassium", "4.0 mmol/L", flags=["AA"]),
            "potassium 4.0 mmol/L, 9 Mar 2026 (flagged critical, within limits)",
        ),
    ],
)
def test_what_is_mild_has_no_card_and_is_said_with_its_value(mild: LabResult, said: str) -> None:
    assert why(mild) == [said]


def test_what_may_not_be_called_normal_is_said_by_its_value() -> None:
    assert why(POTASSIUM, observations=Receipt.PARTIAL) == ["potassium 4.1 mmol/L, 7 Mar 2026"]
    newer = replace(result("potassium", "9", ago=1), value=None, unusable="no-unit", received="9")
    assert why(POTASSIUM, newer) == ["potassium 4.1 mmol/L, 7 Mar 2026"]
    assert unknown(patient(CRAMP, POTASSIUM, newer)) == ["Potassium 9, 9 Mar 2026: not used (no unit)"]


def test_what_must_be_said_with_a_value_is_said() -> None:
    assert why(lab("potassium", "4.1 mmol/L", status="preliminary")) == [
        "potassium 4.1 mmol/L, 9 Mar 2026 (preliminary; normal)"
    ]
    assert why(lab("potassium", "4.1 mmol/L", flags=["L"], own="3.5-5.0 mmol/L")) == [
        "potassium 4.1 mmol/L, 9 Mar 2026 (contradictory flag not used; normal)"
    ]
    assert why(replace(result("calcium_total", "2.40"))) == [
        "total calcium 2.40 mmol/L, 7 Mar 2026 (not adjusted for albumin; normal)"
    ]


def test_results_that_did_not_come_are_said() -> None:
    assert unknown(patient(CRAMP, observations=Receipt.ABSENT)) == ["laboratory and ECG results not received"]


def test_a_supplement_whose_level_nothing_tells_is_said_with_cramps() -> None:
    oral = medicine("magnesium oxide", "magnesium_supplement")
    assert unknown(patient(CRAMP, oral)) == ["magnesium level, though its supplement is taken"]
    assert unknown(patient(CRAMP, oral, MAGNESIUM)) == []
    assert unknown(patient(problem("als"), oral)) == []


def test_in_pregnancy_the_usual_limits_make_nothing_normal() -> None:
    pregnant = problem("pregnancy", recorded=days_ago(50))
    assert why(pregnant, MAGNESIUM, POTASSIUM)[1:] == [
        "potassium normal, 7 Mar 2026",
        "not judged in pregnancy: magnesium 0.80 mmol/L, 7 Mar 2026",
    ]


def test_a_high_value_that_is_supplied_has_a_card_of_its_own_and_is_not_said_again() -> None:
    taken = medicine("potassium chloride", "potassium_supplement")
    assert why(result("potassium", "5.6"), taken) == ["abnormal electrolytes: see the electrolyte card"]
    assert why(result("potassium", "5.6"), taken, switched_off=frozenset({"electrolytes"}))[0].startswith(
        "potassium 5.6"
    )


def test_of_several_not_judged_in_pregnancy_the_first_says_so_for_all() -> None:
    pregnant = problem("pregnancy", recorded=days_ago(50))
    assert why(pregnant, result("magnesium", "0.65"), result("sodium", "133"))[1:] == [
        "not judged in pregnancy: magnesium 0.65 mmol/L, 7 Mar 2026",
        "sodium 133 mmol/L, 7 Mar 2026",
    ]


def test_in_pregnancy_what_is_within_the_limits_is_not_called_unjudged() -> None:
    pregnant = problem("pregnancy", recorded=days_ago(50))
    assert why(pregnant, POTASSIUM, observations=Receipt.PARTIAL)[1:] == ["potassium 4.1 mmol/L, 7 Mar 2026"]


def test_a_low_sodium_in_exercise_is_never_called_normal_though_within_the_laboratorys_own_range() -> None:
    sodium = lab("sodium", "134 mmol/L", own="130-145 mmol/L")
    heat = problem("cramp_exercise_heat")
    assert why(sodium) == ["sodium normal, 9 Mar 2026"]
    assert why(sodium, heat)[1:] == ["sodium 134 mmol/L, 9 Mar 2026 (limit 135)"]


def test_in_pregnancy_a_value_that_no_range_judges_says_so() -> None:
    pregnancy = problem("pregnancy", recorded=days_ago(90))
    assert (
        why(result("magnesium", "0.65"), pregnancy)[-1] == "not judged in pregnancy: magnesium 0.65 mmol/L, 7 Mar 2026"
    )
    assert why(result("potassium", "4.1"), pregnancy)[-1] == "potassium normal, 7 Mar 2026"
    assert "pregnancy" not in why(result("potassium", "3.2", comparator=">"))[-1]
