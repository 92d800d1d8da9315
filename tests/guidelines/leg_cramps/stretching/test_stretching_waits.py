"""While muscle or limb is at risk no card advises to stretch, nor offers to teach it, nor cites a study of it."""

from itertools import product

import pytest

from cds_service.catalogue import GUIDELINES, wording
from cds_service.decision.recommendation import Advise
from cds_service.guidelines.leg_cramps.offers import STRETCHING_EDUCATION
from cds_service.patient.facts import Facts
from tests.builders.facts import draft, lab, medicine, patient, problem

RULES = [rule for guideline in GUIDELINES for rule in guideline.rules]
AT_RISK = ("compartment_syndrome", "rhabdomyolysis", "critical_limb_ischaemia")
FOR_CRAMPS = ("cramp_leg",)
CHARTS = {
    "cramps": (problem("cramp_leg"),),
    "exercise": (problem("cramp_exercise_heat"),),
    "stenosis": (problem("cramp_leg"), problem("lumbar_spinal_stenosis")),
    "als": (problem("cramp_leg"), problem("als")),
    "low potassium": (problem("cramp_leg"), lab("potassium", "2.8 mmol/L")),
    "quinine": (problem("cramp_leg"), medicine("quinine", reasons=FOR_CRAMPS)),
    "quinine in ALS": (problem("als"), medicine("quinine")),
    "supplement": (problem("cramp_leg"), medicine("magnesium oxide", "magnesium_supplement")),
    "draft of quinine": (draft(reasons=FOR_CRAMPS),),
    "draft of quinine in ALS": (draft(), problem("als")),
    "draft of gabapentin": (draft("gabapentin", "gabapentin", reasons=FOR_CRAMPS),),
    "gabapentin beside an opioid": (
        draft("gabapentin", "gabapentin", reasons=FOR_CRAMPS),
        medicine("morphine", "opioid"),
    ),
    "draft of vitamin E": (draft("vitamin e", "vitamin_e", reasons=FOR_CRAMPS),),
    "draft of vitamins": (
        draft("vitamin e", "vitamin_e", reasons=FOR_CRAMPS),
        draft("vitamin b complex", "vitamin_b_complex", reasons=FOR_CRAMPS),
    ),
}
ADVICE = {"en": "tretch", "id": "eregangan"}
FORBIDS = {
    "en": ("no stretching", "do not stretch", "add to the muscle injury", "may injure an ischaemic limb"),
    "id": ("tunda peregangan", "jangan lanjutkan", "menambah cedera otot", "mencederai tungkai iskemik"),
}


def advised(facts: Facts) -> list[Advise]:
    return [decision for rule in RULES if isinstance(decision := rule.decide(facts), Advise)]


def said(advice: Advise, language: str) -> list[str]:
    words = wording(language)
    cited = [words.value(one.said) for one in advice.evidence]
    return [words.say(advice.summary), *map(words.value, advice.act), *cited]


@pytest.mark.parametrize(("chart", "finding", "language"), list(product(CHARTS, AT_RISK, ADVICE)))
def test_no_card_advises_to_stretch(chart: str, finding: str, language: str) -> None:
    found = advised(patient(*CHARTS[chart], problem(finding)))
    assert found
    for advice in found:
        for line in said(advice, language):
            assert ADVICE[language] not in line or any(one in line for one in FORBIDS[language]), line
        assert STRETCHING_EDUCATION.suggestion not in advice.suggestions


@pytest.mark.parametrize("chart", [name for name in CHARTS if "low potassium" not in name])
def test_without_it_some_card_does(chart: str) -> None:
    lines = [line for one in advised(patient(*CHARTS[chart])) for line in said(one, "en")]
    assert any("tretch" in line for line in lines) or chart == "gabapentin beside an opioid"
