"""Every number the rules on quinine compare with is declared."""

from cds_service.catalogue import wording
from cds_service.decision.phrases import Text
from cds_service.guidelines.leg_cramps.quinine import limits
from cds_service.guidelines.leg_cramps.quinine.rule import ORDER_RULE, RULE
from cds_service.settings import LANGUAGES


def test_every_limit_is_declared_once_with_words_and_a_unit() -> None:
    declared = [value for value in vars(limits).values() if isinstance(value, limits.Limit)]
    assert RULE.limits == ORDER_RULE.limits == tuple(declared)
    assert len({limit.meaning for limit in declared}) == len(declared) > 25
    for language in LANGUAGES:
        for limit in declared:
            assert limit.meaning in wording(language)
            assert not isinstance(limit.unit, Text) or limit.unit in wording(language)
