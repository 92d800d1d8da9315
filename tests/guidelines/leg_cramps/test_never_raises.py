"""Properties of every rule for every patient: it decides, with words it has, in both languages."""

from collections.abc import Callable, Mapping

from hypothesis import given, settings

from cds_service.catalogue import check_texts, wording
from cds_service.decision.phrases import declared
from cds_service.decision.recommendation import Advise, CannotTell, Decided, Indicator, NotAdvised, Rule
from cds_service.guidelines.leg_cramps import GUIDELINE
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_problems, is_for_cramps
from cds_service.guidelines.leg_cramps.quinine.concepts import QUININE
from cds_service.guidelines.leg_cramps.stretching import rule as stretching_first
from cds_service.patient.facts import Facts
from cds_service.patient.medications import active_medications
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


NEEDS: Mapping[str, Callable[[Facts], object]] = {
    "stretching_first": lambda facts: cramp_problems(facts) or als_problems(facts),
    "stretching_first_order": lambda facts: any(map(is_for_cramps, facts.drafts)),
    "avoid_quinine": lambda facts: active_medications(facts, *QUININE),
    "avoid_quinine_order": lambda facts: facts.drafts,
    "quinine_reminder": cramp_problems,
    "electrolytes": lambda facts: cramp_problems(facts) or als_problems(facts) or active_medications(facts, *QUININE),
    "electrolytes_order": lambda facts: facts.drafts,
    "als_cramps": als_problems,
    "als_cramps_order": lambda facts: als_problems(facts) and facts.drafts,
    "specialist_options": cramp_problems,
    "red_flags": cramp_problems,
}
"""Without which a rule never speaks."""


@settings(max_examples=120)
@given(facts=facts())
def test_no_rule_speaks_without_what_it_is_about(facts: Facts) -> None:
    rules = {rule.name: rule for rule in GUIDELINE.rules}
    for name, needed in NEEDS.items():
        assert not isinstance(rules[name].decide(facts), Advise) or needed(facts), name


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
