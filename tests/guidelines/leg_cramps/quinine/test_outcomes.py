"""Every way the rules on quinine can end is declared, and reached; every number they compare with is declared."""

from collections.abc import Callable
from functools import partial

import pytest

from cds_service.catalogue import wording
from cds_service.decision.phrases import Text
from cds_service.decision.recommendation import Advise, Decision, Rule
from cds_service.guidelines.leg_cramps.quinine import limits
from cds_service.guidelines.leg_cramps.quinine.rule import ORDER_RULE, RULE
from cds_service.patient.facts import Facts, Match, Reason
from cds_service.settings import LANGUAGES
from tests.builders.facts import draft, medicine, patient, problem, reason
from tests.builders.said import keys

MALARIA, LABEL, CRAMPS = problem("malaria"), problem("long_qt"), (reason("cramp_leg"),)
SAID = (Reason({"malaria_mentioned": Match.NAME}, "r", ("dd malaria",)),)
ENDINGS: dict[str, Callable[..., Facts]] = {
    "summary.no_indication": lambda q: patient(q()),
    "summary.for_cramps": lambda q: patient(q(reasons=CRAMPS)),
    "summary.malaria_or_cramps": lambda q: patient(q(reasons=CRAMPS), MALARIA),
    "summary.als": lambda q: patient(q(), problem("als")),
    "summary.critical": lambda q: patient(q(), LABEL),
    "summary.critical_for_cramps": lambda q: patient(q(reasons=CRAMPS), LABEL),
    "summary.mentioned": lambda q: patient(q(reasons=SAID)),
    "summary.mentioned_label": lambda q: patient(q(reasons=SAID), LABEL),
    "summary.malaria": lambda q: patient(q(), MALARIA, LABEL),
    "reason.malaria": lambda q: patient(q(), MALARIA),
    "reason.malaria_long_course": lambda q: patient(q(ago=31), MALARIA),
}
OPENING = {"summary.outdated": patient(medicine("quinine", ago=400), LABEL), "reason.nothing": patient()}
ORDERING = {"reason.no_draft": patient(), "reason.no_quinine_draft": patient(drafts_sent=1)}


def ending(decision: Decision) -> str:
    key = decision.summary.key if isinstance(decision, Advise) else next(iter(keys(decision)))
    return key.removeprefix("avoid_quinine.")


def reached(rule: Rule) -> dict[str, str]:
    quinine = partial(draft if rule is ORDER_RULE else medicine, "quinine")
    charts = {name: made(quinine) for name, made in ENDINGS.items()} | (ORDERING if rule is ORDER_RULE else OPENING)
    return {name: ending(rule.decide(chart)) for name, chart in charts.items()}


@pytest.mark.parametrize("rule", [RULE, ORDER_RULE], ids=lambda rule: rule.name)
def test_each_ending_that_is_declared_is_reached_and_no_other(rule: Rule) -> None:
    found = reached(rule)
    assert found == {name: name for name in found}
    assert {f"avoid_quinine.{name}" for name in found} == {said.key for said in rule.outcomes}


def test_every_limit_is_declared_once_with_words_and_a_unit() -> None:
    declared = [value for value in vars(limits).values() if isinstance(value, limits.Limit)]
    assert RULE.limits == ORDER_RULE.limits == tuple(declared)
    assert len({limit.meaning for limit in declared}) == len(declared) > 25
    for language in LANGUAGES:
        for limit in declared:
            assert limit.meaning in wording(language)
            assert not isinstance(limit.unit, Text) or limit.unit in wording(language)
