"""What the guideline declares of itself, and what its cards may be answered with and link, in the order it is shown."""

import pytest

from cds_service.catalogue import CATALOGUE
from cds_service.decision.recommendation import Decided
from cds_service.guidelines.leg_cramps import GUIDELINE, citations
from cds_service.guidelines.leg_cramps.electrolytes.supplements import CONCEPTS as SUPPLEMENTS
from cds_service.patient.facts import Facts
from tests.builders.facts import draft, lab, medicine, patient, problem, reason
from tests.builders.said import advised

RULES = {rule.name: rule for rule in GUIDELINE.rules}
CRAMP, ALS = problem("cramp_leg"), problem("als")
FOR_CRAMPS = (reason("cramp_leg"),)
LOW, HIGH = lab("potassium", "2.9 mmol/L"), lab("potassium", "6.1 mmol/L")
MAGNESIUM = medicine("magnesium oxide", "magnesium_supplement")
QUININE = "malaria specialist benefit monitored dataWrong later comfort"
IN_ALS = "specialist benefit monitored comfort dataWrong later"
OF_VALUES = "monitored specialist dataWrong later comfort"

CARDS: tuple[tuple[str, Facts, str, tuple[str | None, ...]], ...] = (
    (
        *("stretching_first", patient(CRAMP), "specialist dataWrong later comfort"),
        (citations.ALOMEDIKA_2025.url, citations.HAWKE_2021.url),
    ),
    (
        *("stretching_first_order", patient(draft("gabapentin", reasons=FOR_CRAMPS))),
        *("specialist benefit dataWrong later comfort", ()),
    ),
    (
        *("avoid_quinine", patient(medicine("quinine")), QUININE),
        (citations.FDA_BOXED_WARNING.url, citations.EL_TAWIL_2015.url),
    ),
    (
        *("avoid_quinine_order", patient(draft("quinine")), QUININE),
        (citations.FDA_BOXED_WARNING.url, citations.EL_TAWIL_2015.url),
    ),
    (
        *("quinine_reminder", patient(CRAMP), "specialist benefit dataWrong later"),
        (citations.FDA_BOXED_WARNING.url, citations.EL_TAWIL_2015.url),
    ),
    ("electrolytes", patient(CRAMP, LOW), OF_VALUES, (citations.GARRISON_2020.url,)),
    (
        *("electrolytes", patient(CRAMP, MAGNESIUM, lab("magnesium", "0.9 mmol/L"))),
        *("benefit specialist dataWrong later", (citations.GARRISON_2020.url,)),
    ),
    (
        *("electrolytes_order", patient(draft("potassium chloride", "potassium_supplement", reasons=FOR_CRAMPS), HIGH)),
        *(OF_VALUES, (citations.GARRISON_2020.url,)),
    ),
    ("als_cramps", patient(ALS), IN_ALS, (citations.NICE_NG42.url, citations.BALDINGER_2012.url)),
    ("als_cramps_order", patient(ALS, draft("gabapentin"), medicine("morphine", "opioid")), IN_ALS, ()),
    (
        *("specialist_options", patient(CRAMP, problem("lumbar_spinal_stenosis"))),
        *("specialist dataWrong later comfort", (citations.PARK_2017.url,)),
    ),
    ("red_flags", patient(CRAMP, problem("dvt")), "specialist dataWrong later comfort", ()),
)


def test_only_stretching_is_never_folded_away() -> None:
    assert [rule.name for rule in GUIDELINE.rules if rule.never_folded] == ["stretching_first"]


def test_a_rule_that_speaks_of_supplements_asks_for_the_results_of_a_year_beside_one() -> None:
    asking = {name: rule.history_for for name, rule in RULES.items() if rule.history_for}
    assert asking == dict.fromkeys(("stretching_first", "electrolytes", "electrolytes_order"), frozenset(SUPPLEMENTS))


def test_cards_of_one_urgency_stand_in_this_order() -> None:
    told = ["StretchingFirst", "AvoidQuinine", "CorrectElectrolytes", "AlsCramps", "SpecialistOptions", "RedFlags"]
    assert [topic for topic in GUIDELINE.topics if topic in told] == told
    for service in CATALOGUE:
        places = [GUIDELINE.topics.index(rule.topic) for rule in service.rules if rule.topic in GUIDELINE.topics]
        assert places == sorted(places)


def test_the_usual_ranges_are_the_limits_of_the_table() -> None:
    potassium, calcium = GUIDELINE.usual_ranges["potassium"], GUIDELINE.usual_ranges["calcium_total"]
    assert (str(potassium.low), str(potassium.high)) == ("3.5", "5.5")
    assert (str(calcium.low), str(calcium.high)) == ("2.20", "2.60")
    assert GUIDELINE.usual_ranges["calcium_albumin_corrected"] == calcium
    assert "calcium" not in GUIDELINE.usual_ranges


@pytest.mark.parametrize(("name", "facts", "reasons", "links"), CARDS)
def test_a_card_may_be_answered_with_these_reasons_and_leads_to_these_sources(
    name: str, facts: Facts, reasons: str, links: tuple[str | None, ...]
) -> None:
    decided = Decided(RULES[name], RULES[name].decide(facts))
    advise = advised(decided.decision)
    assert [one.code for one in advise.override_reasons] == reasons.split()
    assert tuple(one.url for one in advise.links) == links
    assert decided.cited
