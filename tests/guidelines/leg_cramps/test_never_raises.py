"""Properties of every rule for every patient: it decides, with words it has, in both languages."""

from hypothesis import given, settings

from cds_service.catalogue import check_texts, wording
from cds_service.decision.phrases import declared
from cds_service.decision.recommendation import Advise, CannotTell, Decided, Indicator, NotAdvised, Rule
from cds_service.guidelines.leg_cramps import GUIDELINE
from cds_service.guidelines.leg_cramps.problems import cramp_problems
from cds_service.guidelines.leg_cramps.red_flags import rule as red_flags
from cds_service.guidelines.leg_cramps.specialist_options import rule as specialist_options
from cds_service.guidelines.leg_cramps.stretching import rule as stretching_first
from cds_service.patient.facts import Facts
from tests.builders.said import keys, unsayable
from tests.builders.strategies import facts

CRITICAL_TOPICS = ("AvoidQuinine", "CorrectElectrolytes")  # no other topic has a critical card


@settings(max_examples=120)
@given(facts=facts())
def test_every_rule_decides_with_words_it_has(facts: Facts) -> None:
    check_texts()
    checked_at_start = declared()
    for rule in GUIDELINE.rules:
        _decides_with_words_it_has(rule, facts)
    assert declared() == checked_at_start


def _decides_with_words_it_has(rule: Rule, facts: Facts) -> None:
    decision = rule.decide(facts)
    assert isinstance(decision, (Advise, NotAdvised, CannotTell))
    assert unsayable(decision) == set()
    if isinstance(decision, CannotTell):
        assert decision.missing
    if isinstance(decision, Advise):
        assert decision.why
        assert decision.act
        assert decision.evidence
        assert decision.indicator < Indicator.CRITICAL or rule.topic in CRITICAL_TOPICS
        assert set(Decided(rule, decision).cited) <= set(rule.evidence)
        for language in ("en", "id"):
            assert len(wording(language).say(decision.summary)) < 140


@settings(max_examples=60)
@given(facts=facts())
def test_no_rule_on_cramps_fires_without_one(facts: Facts) -> None:
    if not cramp_problems(facts):
        assert not isinstance(red_flags.RULE.decide(facts), Advise)
        assert not isinstance(specialist_options.RULE.decide(facts), Advise)


@settings(max_examples=60)
@given(facts=facts())
def test_no_heat_or_massage_in_a_leg_with_a_clot(facts: Facts) -> None:
    decision = stretching_first.RULE.decide(facts)
    used = keys(decision)
    if "stretching_first.hold.dvt" in used:
        assert not used & {
            "stretching_first.now.massage",
            "stretching_first.now.massage_heat",
            "stretching_first.prevention.calf_raises",
        }
