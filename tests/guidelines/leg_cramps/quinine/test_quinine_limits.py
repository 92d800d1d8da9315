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


def test_the_limit_of_a_label_contraindication_has_a_source() -> None:
    """Only the QTc is a label hazard by a number; whatever makes another so must say where its number is from."""
    named = [one for one in limits.LIMITS if "label contraindication" in wording("en").say(one.said)]
    assert {one.value for one in named} == {450, 460}
    for limit in (*named, *limits.QTC_LONG.values()):
        assert limit.source in RULE.evidence
