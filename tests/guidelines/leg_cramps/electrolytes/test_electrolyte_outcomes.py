"""Every outcome the rules declare is one they give, and every limit they compare with is declared."""

from dataclasses import replace

import pytest

from cds_service.catalogue import wording
from cds_service.decision.recommendation import Advise, NotAdvised, Rule
from cds_service.guidelines.leg_cramps.electrolytes import criteria
from cds_service.guidelines.leg_cramps.electrolytes.limits import LIMITS
from cds_service.guidelines.leg_cramps.electrolytes.rule import ORDER_RULE, RULE
from cds_service.patient.facts import Facts, Medication
from cds_service.settings import LANGUAGES
from tests.builders.electrolytes import CRAMPS, FUROSEMIDE, MAGNESIUM_OXIDE, chart, supplement
from tests.builders.facts import born, instant, lab, problem
from tests.builders.said import sayable

EXERCISE = problem("cramp_exercise_heat")
CITRATE = supplement("potassium_supplement", "potassium citrate", "cramp_leg")
NORMAL = (lab("magnesium", "0.80 mmol/L"), lab("potassium", "4.0 mmol/L"))
LOW, HIGH, OLD = lab("sodium", "130 mmol/L"), lab("potassium", "6.2 mmol/L"), lab("potassium", "6.2 mmol/L", 60)
FLAGGED = (lab("sodium", "140 mmol/L", flags=["LL"]), lab("potassium", "4.0 mmol/L", flags=["HH"]))


def drafted(medication: Medication) -> Medication:
    return replace(medication, draft=True, selected=True, status="draft")


def ordered(*results: object, of: Medication = CITRATE, **more: object) -> Facts:
    return chart(*results, drafts=(drafted(of),), **more)


SHOWN: dict[str, Facts] = {
    "summary.low": chart(LOW),
    "summary.high": chart(HIGH),
    "summary.several": chart(LOW, HIGH),
    "summary.not_giving": chart(HIGH, medications=(CITRATE,)),
    "summary.repeat_first": chart(OLD, medications=(CITRATE,)),
    "summary.discordant": chart(FLAGGED[0]),
    "summary.discordant_and_more": chart(*FLAGGED),
    "summary.supplement_magnesium": chart(*NORMAL, medications=(MAGNESIUM_OXIDE,)),
    "summary.supplement_other": chart(*NORMAL, medications=(CITRATE,)),
    "summary.supplement_in_exercise": chart(*NORMAL, medications=(CITRATE,), problems=(EXERCISE,)),
    "reason.under_18": chart(LOW, person=born(2015)),
    "reason.no_cramps": chart(LOW, problems=()),
    "reason.supplement_excluded": chart(*NORMAL, medications=(MAGNESIUM_OXIDE, FUROSEMIDE)),
    "reason.only_mild": chart(lab("sodium", "146 mmol/L")),
    "reason.not_found": chart(),
    "reason.nothing_abnormal": chart(*NORMAL),
    "reason.not_judged": chart(lab("potassium", ">2.4 mmol/L")),
    "reason.nothing_abnormal_but_not_judged": chart(
        lab("sodium", "133 mmol/L"), *NORMAL, problems=(CRAMPS, problem("pregnancy", recorded=instant(30)))
    ),
}
SHOWN_ON_ORDERING: dict[str, Facts] = {
    "summary.not_giving": ordered(HIGH),
    "summary.repeat_first": ordered(OLD),
    "summary.supplement_magnesium": ordered(
        *NORMAL, of=supplement("magnesium_supplement", "magnesium oxide", "cramp_leg")
    ),
    "summary.supplement_other": ordered(*NORMAL),
    "summary.supplement_in_exercise": ordered(*NORMAL, problems=(EXERCISE,)),
    "reason.no_draft_supplement": chart(HIGH),
    "reason.not_for_cramps": ordered(HIGH, of=supplement("potassium_supplement", "potassium citrate"), problems=()),
    "reason.nothing_high": ordered(*NORMAL, of=supplement("potassium_supplement", "potassium citrate")),
    "reason.supplement_excluded": ordered(*NORMAL, medications=(FUROSEMIDE,)),
    "reason.minor": ordered(*NORMAL, person=born(2015)),
}
CASES = [(RULE, *item) for item in SHOWN.items()] + [(ORDER_RULE, *item) for item in SHOWN_ON_ORDERING.items()]


@pytest.mark.parametrize(("rule", "key", "facts"), CASES, ids=lambda one: one if isinstance(one, str) else "")
def test_the_outcome_is_given(rule: Rule, key: str, facts: Facts) -> None:
    decision = sayable(rule.decide(facts))
    assert isinstance(decision, Advise | NotAdvised)
    given = decision.summary if isinstance(decision, Advise) else decision.reason
    assert given.key == f"electrolytes.{key}"


@pytest.mark.parametrize(("rule", "shown"), [(RULE, SHOWN), (ORDER_RULE, SHOWN_ON_ORDERING)], ids=["view", "order"])
def test_no_other_outcome_is_declared(rule: Rule, shown: dict[str, Facts]) -> None:
    cannot_tell = "electrolytes.line.level_unknown"
    assert {one.key for one in rule.outcomes} == {*(f"electrolytes.{key}" for key in shown), cannot_tell}
    assert len(rule.outcomes) == len(shown) + 1


def test_every_limit_of_the_table_is_declared_with_its_sign() -> None:
    said = [(wording("en").say(one.said), str(one.value)) for one in RULE.limits]
    assert said[:6] == [
        ("sodium low, info: below", "135"),
        ("sodium low, warning: below", "130"),
        ("sodium low, critical: at or below", "120"),
        ("sodium high, info: above", "145"),
        ("sodium high, warning: from", "155"),
        ("sodium high, critical: from", "160"),
    ]
    sides = [side for row in LIMITS.values() for side in (row.low, row.high)]
    table = [limit for side in sides for limit in (side.info, side.warning, side.critical) if limit is not None]
    assert [one.value for one in RULE.limits[: len(table)]] == [limit.value for limit in table]
    assert len({wording("en").say(one.said) for one in RULE.limits}) == len(RULE.limits)


def test_every_criterion_is_declared_and_both_rules_have_the_same() -> None:
    named = [one for one in vars(criteria).values() if isinstance(one, criteria.Limit)]
    assert len(named) > 8
    assert set(map(id, named)) <= set(map(id, RULE.limits))
    assert RULE.limits == ORDER_RULE.limits
    for language in LANGUAGES:
        assert all(wording(language).say(one.said) for one in RULE.limits)
