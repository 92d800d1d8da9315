"""What the code of a rule names, read from its functions."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, wraps
from typing import Any

import pytest

from cds_service.decision import phrases
from cds_service.decision.named import named
from cds_service.decision.phrases import Phrase, Text
from cds_service.decision.recommendation import Decision, Limit, NotAdvised
from cds_service.guidelines.leg_cramps import concepts
from cds_service.guidelines.leg_cramps.problems import pregnant
from cds_service.guidelines.leg_cramps.red_flags.rule import RULE as RED_FLAGS
from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts
from cds_service.patient.terminology.vocabulary import ProblemConcept, problem

MALARIA, GOUT_LIKE, PREGNANCY, TINNITUS = (problem(one) for one in ("malaria", "dvt", "pregnancy", "tinnitus"))
UNASKED = problem("hus")
LOW = Limit(Text("limit.low"), Decimal(3), "mmol/L")
REASON = Phrase("x.reason.none", {"limit": LOW.value})
TABLE = {"row": (GOUT_LIKE, LOW)}


def kept(function: Any) -> Any:
    @wraps(function)
    def keeping(facts: Facts) -> Any:
        return function(facts)

    return keeping


@kept
def _inner(facts: Facts) -> bool:
    return any(facts.problems_of((concept,)) for concept in (MALARIA,))


@dataclass(frozen=True)
class Case:
    """One case."""

    @cached_property
    def pregnant(self) -> Any:
        return PREGNANCY

    @property
    def ringing(self) -> Any:
        return TINNITUS


CHECKS = (_inner,)


def decide(facts: Facts) -> Decision:
    """Names what it names."""
    if any(check(facts) for check in CHECKS) or TABLE or Case().ringing or facts.person.birth:
        return NotAdvised(REASON)
    return NotAdvised(phrases.say(Text("made.here")))


def names(*looked_at: Any) -> set[str]:
    """The concepts named by a rule that looks at these."""

    def deciding(_: Facts) -> Decision:
        return NotAdvised(Phrase(str(looked_at)))

    return {str(one) for one in named(deciding).concepts}


def _asking(concept: ProblemConcept) -> Any:
    return lambda facts: facts.problems_of((concept,))


def _inside(facts: Facts) -> Any:
    return [one for one in facts.problems if one.is_a(MALARIA)]


def _of_a_module(facts: Facts) -> Any:
    return facts.problems_of((concepts.CIRRHOSIS,))


def _elsewhere(facts: Facts) -> Any:
    return facts.problems_of((UNASKED,))


_elsewhere.__module__ = "tests.another_module_of_the_same_package"


def _of_an_engine(facts: Facts) -> Any:
    return facts.problems_of((TINNITUS,))


_of_an_engine.__module__ = "cds_service.decision.unknown"


class Plain:
    """Functions of every kind."""

    def method(self) -> Any:
        return MALARIA

    @staticmethod
    def static() -> Any:
        return PREGNANCY

    @classmethod
    def of_the_class(cls) -> Any:
        return TINNITUS


@pytest.mark.parametrize(
    ("one", "found"),
    [
        ({MALARIA: "as a key"}, {"malaria"}),
        (_asking(PREGNANCY), {"pregnancy"}),
        (_inside, {"malaria"}),
        (_of_a_module, {"cirrhosis"}),
        (_elsewhere, {"hus"}),
        (pregnant, {"pregnancy"}),
        (_of_an_engine, set[str]()),
        (Plain, {"malaria", "pregnancy", "tinnitus"}),
        (RED_FLAGS, set[str]()),
        (asked_once(_elsewhere), {"hus"}),
    ],
    ids=[
        "key",
        "closure",
        "inner code",
        "module",
        "same package",
        "of this service",
        "engine",
        "class",
        "another rule",
        "asked once",
    ],
)
def test_where_a_rule_is_looked_into_and_where_not(one: Any, found: set[str]) -> None:
    assert names(one) == found


def test_what_is_named_directly_in_data_in_classes_and_behind_a_wrapper_is_found() -> None:
    found = named(decide)
    assert set(found.concepts) == {MALARIA, GOUT_LIKE, PREGNANCY, TINNITUS}
    assert found.limits == (LOW,)
    assert {one.key for one in found.texts} == {"x.reason.none", "limit.low"}
    assert "birth" in found.attributes
