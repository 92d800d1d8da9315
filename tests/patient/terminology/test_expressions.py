"""Expressions of SNOMED CT: a focus, and where and on which side it is refined."""

import pytest

from cds_service.patient.terminology.expressions import Expression, expression


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("449918009", Expression("449918009")),
        (" 449918009 |Cramp in lower leg| ", Expression("449918009")),
        ("=== 449918009", Expression("449918009")),
        ("<<< 449918009", Expression("449918009")),
        ("61685007:272741003=7771000", Expression("61685007", ("7771000",))),
        (
            "55300003 : { 272741003 = 7771000 |Left|, 363698007 = 53840002 }",
            Expression("55300003", ("53840002", "7771000")),
        ),
        ("55300003:363698007=1,363698007=2", Expression("55300003", ("1", "2"))),
    ],
)
def test_a_focus_with_its_sites_before_its_sides(code: str, meant: Expression) -> None:
    assert expression(code) == meant


@pytest.mark.parametrize(
    "code",
    ["", "R25.2", "55300003:246112005=24484000", "55300003:363698007", "1:363698007=x", "55300003+1", "449918009:"],
)
def test_what_is_written_or_refined_otherwise_is_none(code: str) -> None:
    assert expression(code) is None


def test_nothing_longer_is_read() -> None:
    assert expression(f"1|{'x' * 397}|") == Expression("1")
    assert expression(f"1|{'x' * 398}|") is None
