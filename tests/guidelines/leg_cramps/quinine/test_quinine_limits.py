"""Where the numbers of the rules on quinine are from."""

from cds_service.catalogue import wording
from cds_service.guidelines.leg_cramps.quinine import limits
from cds_service.guidelines.leg_cramps.quinine.rule import RULE


def test_the_limit_of_a_label_contraindication_has_a_source() -> None:
    """Only the QTc is a label hazard by a number; whatever makes another so must say where its number is from."""
    named = [one for one in limits.LIMITS if "label contraindication" in wording("en").say(one.said)]
    assert {one.value for one in named} == {450, 460}
    for limit in (*named, *limits.QTC_LONG.values()):
        assert limit.source in RULE.evidence
