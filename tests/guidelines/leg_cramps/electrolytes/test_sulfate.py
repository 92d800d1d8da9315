"""A high magnesium on magnesium sulfate by vein or muscle: meant up to 3.5 mmol/L, critical above."""

from dataclasses import replace
from typing import Any

import pytest

from cds_service.catalogue import wording
from cds_service.decision.phrases import Phrase
from cds_service.decision.recommendation import Advise, Indicator, NotAdvised
from cds_service.guidelines.leg_cramps.stretching.rule import RULE as STRETCHING
from cds_service.patient.facts import LabResult, Medication, Route
from tests.builders.electrolytes import MAGNESIUM_OXIDE, advise, chart, decide, supplement
from tests.builders.facts import days_ago, lab, result
from tests.builders.said import advised

HIGH = lab("magnesium", "2.4 mmol/L")
CHLORIDE = supplement("potassium_supplement", "potassium chloride")
ONLY_MILD = NotAdvised(Phrase("electrolytes.reason.only_mild"))


def sulfate(ago: int | None = 2, **more: Any) -> Medication:
    authored = None if ago is None else days_ago(ago)
    values = {"route": Route.PARENTERAL, "authored": authored} | more
    return replace(supplement("magnesium_supplement", "magnesium sulfate"), **values)


def why(*results: LabResult, medication: Medication) -> str:
    return wording("en").say(advise(*results, medications=(medication,)).why[0].phrase)


@pytest.mark.parametrize("value", ["1.1", "2.4", "3.5"])
def test_up_to_three_and_a_half_it_is_a_line_and_no_card(value: str) -> None:
    assert decide(lab("magnesium", f"{value} mmol/L"), medications=(sulfate(),)) == ONLY_MILD


@pytest.mark.parametrize("value", ["3.51", ">2.4"])
def test_above_it_is_critical_as_ever(value: str) -> None:
    assert advise(lab("magnesium", f"{value} mmol/L"), medications=(sulfate(),)).indicator is Indicator.CRITICAL


def test_a_value_that_is_below_something_high_is_not_judged() -> None:
    decision = decide(lab("magnesium", "<3.6 mmol/L"), medications=(sulfate(),))
    assert isinstance(decision, NotAdvised)
    assert decision.reason.key == "electrolytes.reason.not_judged"


@pytest.mark.parametrize(
    ("medication", "meant"),
    [
        (sulfate(7), True),
        (sulfate(8), False),
        (sulfate(None), False),
        (sulfate(status="stopped"), False),
        (sulfate(status="on-hold"), True),
        (sulfate(route=Route.ORAL), False),
        (sulfate(route=Route.UNKNOWN), False),
        (sulfate(ingredients=supplement("magnesium_supplement", "magnesium chloride").ingredients), False),
        (sulfate(ingredients=(*sulfate().ingredients, *CHLORIDE.ingredients)), True),
    ],
)
def test_only_a_recent_sulfate_by_vein_or_muscle(medication: Medication, *, meant: bool) -> None:
    decision = decide(HIGH, medications=(medication,))
    assert (decision == ONLY_MILD) is meant
    assert isinstance(decision, Advise) is not meant


def test_a_low_magnesium_stays_low() -> None:
    assert why(lab("magnesium", "0.45 mmol/L"), medication=sulfate()).endswith("low below 0.70, warning below 0.50)")


@pytest.mark.parametrize(
    ("flag", "notes"),
    [
        ("H", "on magnesium sulfate"),
        ("HH", "on magnesium sulfate"),
        ("L", "contradictory flag not used; on magnesium sulfate"),
    ],
)
def test_the_line_on_the_stretching_card_says_so(flag: str, notes: str) -> None:
    high = lab("magnesium", "2.4 mmol/L", flags=[flag])
    advice = advised(STRETCHING.decide(chart(high, medications=(sulfate(),))))
    (line,) = (said for fact in advice.why if "magnesium 2" in (said := wording("en").say(fact.phrase)))
    assert line == f"magnesium 2.4 mmol/L, 9 Mar 2026 (high above 1.0; {notes})"


@pytest.mark.parametrize(("medications", "said"), [((sulfate(),), True), ((), True)])
def test_above_it_reflexes_and_breathing_are_looked_at(medications: tuple[Medication, ...], *, said: bool) -> None:
    advice = advise(lab("magnesium", "3.6 mmol/L"), medications=medications)
    words = wording("en")
    assert words.say(advice.summary) == (
        "High magnesium 3.6 mmol/L (9 Mar 2026): verify and assess; ECG; check reflexes and breathing."
    )
    assert ("check reflexes and breathing" in words.value(advice.act[0])) is said
    assert "check reflexes" not in words.value(advise(lab("magnesium", "3.5 mmol/L")).act[0])


@pytest.mark.parametrize("high", [lab("calcium_ionized", "1.6 mmol/L"), lab("potassium", "6.5 mmol/L", flags=["HH"])])
def test_it_explains_no_other_high_value(high: LabResult) -> None:
    assert advise(high, medications=(sulfate(),)).indicator is advise(high).indicator
    assert "on magnesium sulfate" not in why(high, medication=sulfate())


@pytest.mark.parametrize(("value", "said"), [("3.5", False), (">=3.5", False), (">3.5", True), ("3.51", True)])
def test_what_is_certainly_above_it_asks_for_reflexes_also_where_magnesium_is_given(value: str, *, said: bool) -> None:
    high, words = lab("magnesium", f"{value} mmol/L"), wording("en")
    for advice in (advise(high), advise(high, medications=(MAGNESIUM_OXIDE,))):
        for line in (words.say(advice.summary), words.value(advice.act[0])):
            assert ("check reflexes and breathing" in line) is said


def test_a_supplement_beside_it_is_warned_of() -> None:
    advice = advise(HIGH, medications=(sulfate(), MAGNESIUM_OXIDE))
    assert advice.indicator is Indicator.WARNING
    assert wording("en").say(advice.summary).startswith("Magnesium is HIGH, 2.4 mmol/L")


@pytest.mark.parametrize(
    ("egfr", "named"),
    [
        (result("egfr", "29", ago=10), True),
        (result("egfr", "30", ago=10), False),
        (result("egfr", "29", ago=365), True),
        (result("egfr", "29", ago=366), False),
        (result("egfr", "30", ago=10, comparator="<"), True),
    ],
)
def test_a_low_egfr_is_named_beside_a_high_magnesium(egfr: LabResult, *, named: bool) -> None:
    assert ("eGFR" in why(HIGH, egfr, medication=MAGNESIUM_OXIDE)) is named
    assert "eGFR" not in why(lab("magnesium", "0.45 mmol/L"), egfr, medication=sulfate())
    assert "eGFR" not in why(lab("potassium", "6.2 mmol/L"), egfr, medication=sulfate())
