from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from cds_service.patient.facts import LabResult
from cds_service.patient.labs.calcium import Calcium, CalciumForm, calcium, may_be_of_one_draw
from tests.builders.facts import days_ago, instant, part_of, patient
from tests.builders.labs import quantity, read


def total(value: str = "2.00", hours: int = 0, **more: Any) -> LabResult:
    return read("calcium_total", quantity(value, "mmol/L"), moment=more.pop("moment", instant(1, hours)), **more)


def lab_adjusted(value: str = "2.15", hours: int = 0) -> LabResult:
    return read("calcium_albumin_corrected", quantity(value, "mmol/L"), moment=instant(1, hours))


def ionised(value: str = "1.10", hours: int = 0) -> LabResult:
    return read("calcium_ionized", quantity(value, "mmol/L"), moment=instant(1, hours))


def albumin(value: str = "30", hours: int = 0, **more: Any) -> LabResult:
    return read("albumin", quantity(value, "g/L"), moment=more.pop("moment", instant(1, hours)), **more)


def choice(*results: LabResult) -> Calcium | None:
    chosen = {calcium(patient(*order)) for order in permutations(results)}
    assert len(chosen) == 1
    return chosen.pop()


def form(*results: LabResult) -> str | None:
    chosen = choice(*results)
    return None if chosen is None else chosen.form.value


def test_none() -> None:
    assert choice() is None
    assert choice(albumin()) is None
    assert choice(read("calcium_total", quantity("9.0"))) is None


def test_within_one_draw_the_most_telling_form() -> None:
    assert form(total(), albumin(), lab_adjusted(), ionised()) == "ionised"
    assert form(total(), albumin(), lab_adjusted()) == "lab-adjusted"
    assert form(total(), albumin()) == "adjusted"
    assert form(total()) == "unadjusted"


@pytest.mark.parametrize(("hours", "expected"), [(23, "ionised"), (24, "ionised"), (25, "unadjusted")])
def test_the_newest_draw_wins_beyond_24_hours(hours: int, expected: str) -> None:
    assert form(total(), ionised(hours=hours)) == expected


@pytest.mark.parametrize(("hours", "expected"), [(24, "lab-adjusted"), (25, "adjusted")])
def test_an_older_adjusted_value_does_not_outlive_its_draw(hours: int, expected: str) -> None:
    assert form(total(), albumin(), lab_adjusted(hours=hours)) == expected


def test_a_newer_ionised_beats_an_older_total() -> None:
    assert form(total(hours=200), albumin(hours=200), ionised()) == "ionised"


def test_the_value_of_our_adjustment() -> None:
    chosen = choice(total("2.00"), albumin("30"))
    assert chosen is not None
    assert (chosen.value, chosen.form) == (Decimal("2.20"), CalciumForm.ADJUSTED)
    assert chosen.albumin is not None
    high = choice(total("2.00"), albumin("45"))
    assert high is not None
    assert high.value == Decimal("1.90")


def test_adjusted_in_mass_units() -> None:
    chosen = choice(
        read("calcium_total", quantity("8.01560", "mg/dL"), moment=instant(1)),
        read("albumin", quantity("3.0", "g/dL"), moment=instant(1)),
    )
    assert chosen is not None
    assert chosen.value == Decimal("2.2")


def test_what_the_laboratory_adjusted_is_not_adjusted_again() -> None:
    chosen = choice(lab_adjusted("2.15"), albumin("30"))
    assert chosen is not None
    assert (chosen.value, chosen.albumin) == (Decimal("2.15"), None)


@pytest.mark.parametrize(
    ("hours", "expected"), [(-24, "adjusted"), (-25, "unadjusted"), (24, "adjusted"), (25, "unadjusted")]
)
def test_albumin_within_24_hours(hours: int, expected: str) -> None:
    assert form(total(hours=48), albumin(hours=48 + hours)) == expected


def test_the_nearest_albumin() -> None:
    chosen = choice(total(hours=10), albumin("20", hours=0), albumin("30", hours=14), albumin("35", hours=34))
    assert chosen is not None
    assert chosen.albumin is not None
    assert chosen.albumin.value == 30


def test_albumin_that_does_not_do() -> None:
    assert form(total(), read("albumin", quantity("30", "g/L", comparator="<"), moment=instant(1))) == "unadjusted"
    assert form(total(), read("albumin", quantity("3.1", "mg/dL"), moment=instant(1))) == "unadjusted"
    first_of_march = total(moment=instant(9))
    assert form(first_of_march, albumin(moment=instant(9, hours=8))) == "adjusted"
    assert form(first_of_march, albumin(moment=part_of(2026, 3))) == "unadjusted"


def test_same_day_without_a_time() -> None:
    assert form(total(moment=days_ago(1)), albumin(moment=days_ago(1))) == "adjusted"
    assert form(total(moment=days_ago(1)), albumin(moment=days_ago(3))) == "unadjusted"


def test_of_two_totals_the_newer_and_at_once_the_worse() -> None:
    newer = choice(total("2.4"), total("2.0", hours=2))
    worse = choice(total("2.4", source="a"), total("2.1", source="b"))
    assert newer is not None
    assert worse is not None
    assert (newer.value, worse.value) == (Decimal("2.4"), Decimal("2.1"))


@pytest.mark.parametrize(("hours", "one_draw"), [(0, True), (24, True), (25, False), (-24, True), (-25, False)])
def test_two_results_may_be_of_one_draw_within_24_hours(hours: int, *, one_draw: bool) -> None:
    assert may_be_of_one_draw(albumin(hours=48 + hours), total(hours=48)) is one_draw
    assert may_be_of_one_draw(total(hours=48), albumin(moment=part_of(2026, 3)))  # not known to the day
    assert may_be_of_one_draw(total(moment=None), albumin())
    assert may_be_of_one_draw(albumin(), total(moment=None))


def test_the_choice_names_the_result_it_was_measured_in() -> None:
    for result, others in ((ionised(), (total(), albumin())), (lab_adjusted(), (albumin(),)), (total(), ())):
        chosen = choice(result, *others)
        assert chosen is not None
        assert (chosen.result, chosen.value, chosen.moment) == (result, result.value, result.moment)
    of_both = choice(total(), albumin())
    assert of_both is not None
    assert of_both.result == total()


def test_a_bound_stays_a_bound() -> None:
    chosen = choice(read("calcium_total", quantity("2.00", "mmol/L", comparator="<"), moment=instant(1)), albumin())
    assert chosen is not None
    assert (chosen.comparator, chosen.value) == ("<", Decimal("2.20"))
