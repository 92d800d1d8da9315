"""Every limit the rules on electrolytes compare with is declared, and every analyte whose results they judge."""

from cds_service.catalogue import wording
from cds_service.guidelines.leg_cramps.electrolytes import criteria
from cds_service.guidelines.leg_cramps.electrolytes.limits import LIMITS
from cds_service.guidelines.leg_cramps.electrolytes.rule import ORDER_RULE, RULE
from cds_service.settings import LANGUAGES


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
    assert {one.unit for one in named if isinstance(one.unit, str)} == {"mmol/L"}
    for language in LANGUAGES:
        assert all(wording(language).say(one.said) for one in RULE.limits)


def test_the_results_of_every_electrolyte_are_asked_for_with_albumin_and_egfr() -> None:
    calcium = {"calcium_total", "calcium_albumin_corrected", "calcium_ionized"}
    others = {"sodium", "potassium", "magnesium", "magnesium_ionized", "phosphate", "albumin", "egfr"}
    for rule in (RULE, ORDER_RULE):
        assert set(rule.analytes) == calcium | others
