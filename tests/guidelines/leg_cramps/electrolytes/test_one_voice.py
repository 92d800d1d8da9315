"""No two cards of one patient say opposite things: about drinking, and about what is low and what is normal."""

from itertools import product

import pytest

from cds_service.catalogue import wording
from cds_service.decision.recommendation import Advise
from cds_service.guidelines.leg_cramps import GUIDELINE, RULES
from cds_service.patient.facts import Facts, LabResult
from tests.builders.facts import lab, medicine, part_of, patient, problem
from tests.builders.said import keys, shown

DRINK = {"stretching_first.exercise.fluids", "stretching_first.exercise.alone", "stretching_first.summary.exercise"}
DO_NOT_DRINK = {
    "stretching_first.exercise.low_sodium",
    "stretching_first.exercise.low_sodium_no_salt",
    "stretching_first.summary.low_sodium",
    "electrolytes.act.exercise",
    "electrolytes.part.water",
}
EXERCISE, NIGHT = problem("cramp_exercise_heat"), problem("cramp_leg_nocturnal")
SODIUMS = [
    lab("sodium", f"{value} mmol/L", ago, flags, own)
    for value, ago, flags, own in product(
        (119, 129, 134, 135, 136, 140),
        (1, 7, 8, 31),
        ((), ("L",), ("N",)),
        (None, "133-145 mmol/L", "138-146 mmol/L"),
    )
] + [lab("sodium", "130 mmol/L", moment=part_of(2026, 3)), lab("sodium", "<136 mmol/L"), lab("sodium", "<135 mmol/L")]
CHARTS = [
    (EXERCISE,),
    (EXERCISE, NIGHT),
    (EXERCISE, problem("als")),
    (EXERCISE, problem("pregnancy")),
    (EXERCISE, problem("cirrhosis")),
    (NIGHT,),
    (EXERCISE, medicine("sodium chloride", "sodium_chloride", reasons=("cramp_leg",))),
]


def cards(facts: Facts) -> list[Advise]:
    return [decision for rule in RULES if isinstance(decision := rule.decide(facts), Advise)]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: "-".join(one.source for one in chart))
def test_all_cards_of_a_patient_say_one_thing_about_drinking_and_about_sodium(chart: tuple[object, ...]) -> None:
    for sodium in SODIUMS:
        advised = cards(patient(*chart, sodium))
        said = set().union(*(shown(one) | keys(one.summary) for one in advised))
        assert not (said & DRINK and said & DO_NOT_DRINK), told(sodium)
        assert not (calls_low(advised) and calls_normal(advised)), told(sodium)


def told(sodium: LabResult) -> str:
    return f"{sodium.received}, {sodium.flags}, {sodium.range}, {sodium.moment}"


def words(advised: list[Advise]) -> str:
    english = wording("en")
    return " ".join(
        english.value(phrase).lower()
        for one in advised
        for phrase in (one.summary, *one.act, *(fact.phrase for fact in one.why), *one.unknown)
    )


def calls_low(advised: list[Advise]) -> bool:
    said = words(advised)
    return "low sodium" in said or "(low below" in said or "correct sodium" in said


def calls_normal(advised: list[Advise]) -> bool:
    said = words(advised)
    return any(one in said for one in ("sodium normal", "not low", "no deficit")) or ("; normal" in said)


def test_both_ways_of_drinking_are_advised_to_somebody() -> None:
    """The keys above are those of the cards."""
    said = set()
    for low in (lab("sodium", "130 mmol/L"), lab("sodium", "140 mmol/L")):
        for chart in CHARTS:
            for one in cards(patient(*chart, low)):
                said |= shown(one) | keys(one.summary)
    assert said >= DRINK | DO_NOT_DRINK
    assert GUIDELINE.rules[: len(RULES)] == RULES
