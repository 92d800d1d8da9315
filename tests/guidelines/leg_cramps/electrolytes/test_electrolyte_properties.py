"""What holds for any chart: never raises, order never matters, what can't be read changes no advice."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cds_service.decision.recommendation import Advise, CannotTell, Decision, NotAdvised
from cds_service.guidelines.leg_cramps.concepts import ALS as ALS_CONCEPTS
from cds_service.guidelines.leg_cramps.concepts import CRAMPS as CRAMP_CONCEPTS
from cds_service.guidelines.leg_cramps.electrolytes import against
from cds_service.guidelines.leg_cramps.electrolytes.findings import findings, levels
from cds_service.guidelines.leg_cramps.electrolytes.limits import State
from cds_service.guidelines.leg_cramps.electrolytes.rule import ORDER_RULE, RULE
from cds_service.patient.facts import Facts, LabResult
from cds_service.patient.received import Receipt
from tests.builders.electrolytes import ALS, CRAMPS, FUROSEMIDE, MAGNESIUM_OXIDE, chart, supplement
from tests.builders.facts import instant, lab, problem, without
from tests.builders.said import keys

CRAMP_OR_ALS = (*CRAMP_CONCEPTS, *ALS_CONCEPTS)

ANALYTES = (
    "sodium",
    "potassium",
    "magnesium",
    "magnesium_ionized",
    "calcium_total",
    "calcium_albumin_corrected",
    "calcium_ionized",
    "phosphate",
    "albumin",
)
TEXTS = (
    "4.0",
    "haemolysed",
    "0.4 mmol/L",
    "0.9 mmol/L",
    "1.1 mmol/L",
    "2.15 mmol/L",
    "<2.5 mmol/L",
    "3.4 mEq/L",
    ">6 mmol/L",
)
MORE_TEXTS = ("8.0 mg/dL", "1.2 mg/dL", "118 mmol/L", "156 mmol/L", "31 g/L", "3.0 g/dL", "15 mg/dL")
UNREADABLE = ("4.0", "0.016 g/dL", "4000 mmol/L", "haemolysed", "3.1 furlongs")

results = st.builds(
    lab,
    st.sampled_from(ANALYTES),
    st.sampled_from(TEXTS + MORE_TEXTS),
    st.sampled_from([0, 0.5, 1, 8, 31, 181, 300]),
    st.sets(st.sampled_from(["H", "L", "LL", "HH", "AA", "A", "N"]), max_size=2),
    st.sampled_from([None, "3.7-5.0 mmol/L", "2.10-2.60 mmol/L", "0.75-1.05 mmol/L"]),
    status=st.sampled_from(["final", "preliminary", "unknown", "cancelled"]),
)
unreadable = st.builds(lab, st.sampled_from(ANALYTES), st.sampled_from(UNREADABLE), st.sampled_from([0, 1, 5, 40]))
problems = st.sets(
    st.sampled_from(["cramp_leg", "als", "pregnancy", "cirrhosis", "hypomagnesaemia", "eskd_dialysis"]), max_size=3
).map(lambda concepts: tuple(problem(concept, recorded=instant(20)) for concept in sorted(concepts)))
medications = st.sets(st.sampled_from([0, 1, 2])).map(
    lambda places: tuple(
        (FUROSEMIDE, MAGNESIUM_OXIDE, supplement("potassium_supplement", "potassium citrate", "cramp_leg"))[place]
        for place in sorted(places)
    )
)
receipts = st.sampled_from([without(), without("observations"), without("medicationRequests", receipt=Receipt.PARTIAL)])
charts = st.builds(
    lambda found, has, taken, got: chart(
        *found,
        problems=has,
        medications=taken,
        drafts=tuple(replace(one, draft=True, selected=True, status="draft") for one in taken),
        receipts=got,
    ),
    st.lists(results, max_size=6),
    problems,
    medications,
    receipts,
)


def with_results(facts: Facts, found: list[LabResult]) -> Facts:
    return chart(
        *found, problems=facts.problems, medications=facts.medications, drafts=facts.drafts, receipts=facts.receipts
    )


def weight(decision: Decision) -> int:
    return int(decision.indicator) if isinstance(decision, Advise) else 0


@given(charts)
def test_never_raises_and_always_answers(facts: Facts) -> None:
    for rule in (RULE, ORDER_RULE):
        assert isinstance(rule.decide(facts), Advise | NotAdvised | CannotTell)
    assert not {level.result.source for level in levels(facts) if level.normal} & {
        f.result.source for f in findings(facts)
    }


@given(charts, st.randoms(use_true_random=False))
def test_the_order_of_results_never_matters(facts: Facts, chance: random.Random) -> None:
    shuffled = list(facts.results)
    chance.shuffle(shuffled)
    other = with_results(facts, shuffled)
    assert RULE.decide(other) == RULE.decide(facts)
    assert ORDER_RULE.decide(other) == ORDER_RULE.decide(facts)


@given(charts, unreadable)
def test_an_unreadable_result_never_makes_or_removes_advice(facts: Facts, extra: LabResult) -> None:
    before, after = RULE.decide(facts), RULE.decide(with_results(facts, [*facts.results, extra]))
    assert weight(after) == weight(before)
    if isinstance(before, Advise) and isinstance(after, Advise):
        assert (after.indicator, after.why) == (before.indicator, before.why)


@given(charts)
def test_a_card_needs_cramps_or_als_and_a_reason(facts: Facts) -> None:
    decision = RULE.decide(facts)
    if isinstance(decision, Advise):
        assert {CRAMPS.source, "Condition/cramp_leg", ALS.source} & {because.source for because in decision.why}
        assert decision.act
        assert decision.evidence


@given(charts)
def test_what_is_high_is_never_called_not_low_nor_normal_and_never_without_a_deficit(facts: Facts) -> None:
    high = {finding.analyte for finding in findings(facts) if finding.direction is State.HIGH}
    for rule in (RULE, ORDER_RULE):
        decision = rule.decide(facts)
        if isinstance(decision, Advise):
            said = {fact.source for fact in decision.why if "electrolytes.fact.not_low" in keys(fact)}
            assert not said & {level.result.source for level in levels(facts) if level.analyte in high}


@given(charts)
def test_a_supplement_of_what_is_high_is_always_spoken_of(facts: Facts) -> None:
    """Whatever else is on record: dialysis, a diuretic, cirrhosis, pregnancy, a deficit of last year."""
    if not any(problem.is_a(*CRAMP_OR_ALS) for problem in facts.problems):
        return
    supplied = against.active_against_high(facts)
    if supplied:
        decision = RULE.decide(facts)
        assert isinstance(decision, Advise)
        assert decision.indicator >= max(one.finding.indicator for one in supplied)
        assert {m.source for one in supplied for m in one.medications} <= {fact.source for fact in decision.why}
        assert isinstance(ORDER_RULE.decide(facts), Advise)
