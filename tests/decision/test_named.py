"""What the code of a rule names, read from its functions."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, wraps
from typing import Any

from cds_service.decision import phrases
from cds_service.decision.named import named
from cds_service.decision.phrases import Phrase, Text
from cds_service.decision.recommendation import Decision, Limit, NotAdvised
from cds_service.patient.facts import Facts
from cds_service.patient.terminology.vocabulary import problem

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


def test_what_is_named_directly_in_data_in_classes_and_behind_a_wrapper_is_found() -> None:
    found = named(decide)
    assert set(found.concepts) == {MALARIA, GOUT_LIKE, PREGNANCY, TINNITUS}
    assert found.limits == (LOW,)
    assert {one.key for one in found.texts} == {"x.reason.none", "limit.low"}
    assert "birth" in found.attributes
