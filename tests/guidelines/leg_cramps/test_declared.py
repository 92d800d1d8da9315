"""What a rule declares is what it does: its outcomes those of any trace, its limits those of its folder, its needs those of its code."""

import sys
from importlib import import_module
from pathlib import Path

import orjson
import pytest

from cds_service import pipeline, situations
from cds_service.catalogue import CATALOGUE, GUIDELINES, wording
from cds_service.decision.named import named
from cds_service.decision.recommendation import Advise, Decided, Limit, NotAdvised, Rule
from cds_service.patient.terminology.vocabulary import AnalyteConcept, DrugConcept, ProblemConcept
from cds_service.protocol.schemas import load_request
from cds_service.settings import Settings

ALL_RULES = [rule for guideline in GUIDELINES for rule in guideline.rules]
RULES = [rule for rule in ALL_RULES if rule.outcomes]
GOLDENS = [(situation, hook) for situation in situations.load_all() for hook in situation.hooks]


def decided(situation: situations.Situation, hook: str) -> tuple[Decided, ...]:
    request = load_request(orjson.dumps(situations.request(situation, hook)))
    (service,) = (one for one in CATALOGUE if one.hook == hook)
    return pipeline.answer(
        request, service, fetch=None, today=situation.day, words=wording("en"), settings=Settings()
    ).decisions


@pytest.mark.parametrize(("situation", "hook"), GOLDENS, ids=lambda one: getattr(one, "name", one))
def test_every_outcome_of_a_trace_is_declared(situation: situations.Situation, hook: str) -> None:
    for one in decided(situation, hook):
        if one.rule.outcomes and isinstance(one.decision, Advise | NotAdvised):
            given = one.decision.summary if isinstance(one.decision, Advise) else one.decision.reason
            assert given.key in {outcome.key for outcome in one.rule.outcomes}, one.rule.name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_an_outcome_is_declared_once_and_has_words(rule: Rule) -> None:
    assert len(set(rule.outcomes)) == len(rule.outcomes)
    assert all(outcome in wording(language) for outcome in rule.outcomes for language in ("en", "id"))


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_every_summary_and_reason_of_its_code_is_declared(rule: Rule) -> None:
    declared = {outcome.key for outcome in rule.outcomes}
    assert declared
    if not rule.judges:  # the code of another hook's rule says more
        given = {one.key for one in named(rule.decide).texts if ".summary." in one.key or ".reason." in one.key}
        assert given <= declared


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_a_rule_needs_the_queries_that_its_code_asks_of(rule: Rule) -> None:
    code = named(rule.decide)
    kinds = {type(one) for one in code.concepts}
    asked = {
        "patient": "under_18" in code.attributes,
        "conditions": ProblemConcept in kinds,
        "observations": AnalyteConcept in kinds,
        "medicationRequests": DrugConcept in kinds,
        "medicationStatements": DrugConcept in kinds,
        "allergies": "allergies" in code.attributes,
    }
    assert {query for query, needed in asked.items() if needed} == {*rule.needs}


def modules(rule: Rule) -> list[Path]:
    """The modules of the rule's folder."""
    return sorted(Path(str(sys.modules[rule.decide.__module__].__file__)).parent.glob("*.py"))


@pytest.mark.parametrize("rule", [rule for rule in ALL_RULES if rule.judges], ids=lambda rule: rule.name)
def test_every_limit_that_a_draft_is_judged_by_is_declared(rule: Rule) -> None:
    assert {*named(rule.decide).limits} <= {*rule.limits}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_limit_of_its_folder_is_declared(rule: Rule) -> None:
    package = rule.decide.__module__.rpartition(".")[0]
    for path in modules(rule):
        held = vars(import_module(f"{package}.{path.stem}"))
        limits = {name for name, one in held.items() if isinstance(one, Limit) and one not in rule.limits}
        assert limits == set(), path.name
