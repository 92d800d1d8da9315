"""A rule that can't be right is refused when it is made."""

from dataclasses import replace
from typing import Any

import pytest

from cds_service.guidelines.leg_cramps.red_flags.rule import RULE
from cds_service.patient.terminology.vocabulary import analyte


def test_a_rule_carries_evidence() -> None:
    with pytest.raises(ValueError, match="red_flags carries no evidence"):
        replace(RULE, evidence=())


@pytest.mark.parametrize("more", [{"needs": ("observations",)}, {"analytes": (analyte("egfr"),)}])
def test_a_rule_says_whose_results_it_reads(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="red_flags must say whose results it reads"):
        replace(RULE, **more)
    assert replace(RULE, needs=("observations",), analytes=(analyte("egfr"),)).needs == ("observations",)
