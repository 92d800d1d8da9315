from datetime import date
from itertools import permutations

import pytest

from cds_service.patient.facts import LabResult
from cds_service.patient.labs.results import newer_unusable, newest, same_time, usable
from cds_service.patient.moments import Moment
from cds_service.patient.terminology.vocabulary import analyte
from tests.builders.facts import TODAY, days_ago, instant, part_of, patient
from tests.builders.labs import in_unit, quantity, read


def potassium(
    value: str,
    moment: Moment | None,
    source: str = "Observation/1",
    *,
    unit: str | None = "mmol/L",
    status: str = "final",
) -> LabResult:
    return read("potassium", quantity(value, unit), moment=moment, source=source, status=status)


def values(*results: LabResult) -> list[str]:
    orders = {
        tuple(str(r.value) for r in usable(patient(*order), analyte("potassium"))) for order in permutations(results)
    }
    assert len(orders) == 1  # the order they came in never matters
    return list(orders.pop())


def test_none() -> None:
    assert newest(patient(), analyte("potassium")) is None


def test_newest_by_the_instant() -> None:
    assert values(
        potassium("4.0", instant(1)), potassium("3.1", instant(1, hours=1)), potassium("3.9", instant(0))
    ) == [
        "3.9",
        "4.0",
        "3.1",
    ]


def test_of_the_same_moment_the_worse_comes_first() -> None:
    assert values(potassium("4.0", instant(1)), potassium("3.4", instant(1)), potassium("4.6", instant(1)))[0] == "3.4"
    assert values(potassium("4.0", instant(1)), potassium("5.6", instant(1)))[0] == "5.6"
    assert values(potassium("3.6", instant(1)), potassium("4.5", instant(1)))[0] == "3.6"  # nearer to a limit


def test_of_an_older_moment_too_and_more_is_more_by_number() -> None:
    assert values(potassium("4.0", instant(0)), potassium("4.1", instant(2)), potassium("3.0", instant(2))) == [
        "4.0",
        "3.0",
        "4.1",
    ]
    without_limits = (read("magnesium_ionized", quantity(value, "mmol/L")) for value in ("9.5", "10"))
    assert newest(patient(*without_limits), analyte("magnesium_ionized")).value == 10


def test_results_that_tell_the_same_have_one_order() -> None:
    twins = (potassium("4.0", instant(1), "a"), potassium("4.0", instant(1), "b"), potassium("4.00", instant(1), "a"))
    assert len({usable(patient(*order), analyte("potassium")) for order in permutations(twins)}) == 1
    unread = (potassium("4", instant(1), "a", unit=None), potassium("4", instant(1), "b", unit=None))
    assert len({newer_unusable(patient(*order), analyte("potassium")) for order in permutations(unread)}) == 1


def test_own_range_counts_among_equals() -> None:
    nearer_to_usual = potassium("3.55", instant(1), "a")
    outside_its_own = read("potassium", quantity("3.6", "mmol/L"), ranges=(in_unit("3.7", "5.0"),), source="b")
    assert newest(patient(nearer_to_usual, outside_its_own), analyte("potassium")) == outside_its_own
    assert newest(patient(outside_its_own, nearer_to_usual), analyte("potassium")) == outside_its_own


def test_of_equal_values_the_flagged_one() -> None:
    plain = read("potassium", quantity("4.4", "mmol/L"), flags=frozenset({"N"}), source="b")
    flagged = read("potassium", quantity("4.4", "mmol/L"), flags=frozenset({"H"}), source="a")
    assert (
        newest(patient(plain, flagged), analyte("potassium"))
        == newest(patient(flagged, plain), analyte("potassium"))
        == flagged
    )


def test_day_precision_ties_with_that_day() -> None:
    assert values(potassium("4.0", instant(1)), potassium("3.0", days_ago(1)))[0] == "3.0"
    assert values(potassium("3.0", instant(1)), potassium("4.0", days_ago(1)))[0] == "3.0"
    assert values(potassium("3.0", instant(2)), potassium("4.0", days_ago(1)))[0] == "4.0"
    assert values(potassium("3.0", part_of(2026, 2)), potassium("4.0", instant(1)))[0] == "4.0"


def test_unusable_results_are_not_usable() -> None:
    assert values(potassium("4.0", instant(3)), potassium("3.0", instant(1), unit="g/dL")) == ["4.0"]


def test_newer_unusable_is_named() -> None:
    used = potassium("4.0", instant(3))
    newer = potassium("0.01", instant(1), unit="g/dL")
    older = potassium("0.01", instant(4), unit="g/dL")
    same = potassium("0.01", instant(3), unit="g/dL")
    undated = potassium("3.0", None)
    void = potassium("3.0", instant(1), status="entered-in-error")
    other = read("sodium", quantity("140"), moment=instant(0))
    facts = patient(used, older, undated, newer, same, void, other)
    assert newer_unusable(facts, analyte("potassium")) == (newer, undated)


def test_unusable_of_the_same_day_may_be_newer() -> None:
    unread = potassium("3.0", days_ago(1), unit=None)
    assert newer_unusable(patient(potassium("4.0", instant(1)), unread), analyte("potassium")) == (unread,)
    assert newer_unusable(patient(potassium("4.0", days_ago(1)), unread), analyte("potassium")) == (unread,)
    assert newer_unusable(patient(potassium("4.0", instant(0)), unread), analyte("potassium")) == ()


def test_all_unusable_are_named_when_none_is_usable() -> None:
    one, two = potassium("3.0", instant(9), unit=None), potassium("3.0", instant(2), unit=None)
    assert newer_unusable(patient(one, two), analyte("potassium")) == (two, one)


def test_newer_than_the_newest_of_several_analytes() -> None:
    total = read("calcium_total", quantity("2.3", "mmol/L"), moment=instant(3))
    ionised = read("calcium_ionized", quantity("1.2", "mmol/L"), moment=instant(1))
    unread = read("calcium_total", quantity("9.1"), moment=instant(2))
    assert newer_unusable(patient(total, ionised, unread), analyte("calcium_total"), analyte("calcium_ionized")) == ()
    assert newer_unusable(patient(total, unread), analyte("calcium_total"), analyte("calcium_ionized")) == (unread,)


def test_another_value_of_the_same_time() -> None:
    low, normal = potassium("3.4", instant(1), "a"), potassium("4.0", instant(1), "b")
    old, twin = potassium("5.0", instant(2), "c"), potassium("3.4", instant(1), "d")
    used = newest(patient(normal, old, low, twin), analyte("potassium"))
    assert used in (low, twin)
    assert used is not None
    assert same_time(patient(normal, old, low, twin), used) == (normal,)


def test_how_far_out_is_a_share_of_the_limit() -> None:
    assert values(potassium("3.0", instant(1)), potassium("5.8", instant(1)))[0] == "3.0"
    assert values(potassium("3.4", instant(1)), potassium("6.0", instant(1)))[0] == "6.0"


def test_without_any_interval_two_of_the_same_moment_are_ordered_all_the_same() -> None:
    one, two = (read("magnesium_ionized", quantity(value, "mmol/L")) for value in ("0.5", "0.6"))
    assert (
        newest(patient(one, two), analyte("magnesium_ionized"))
        == newest(patient(two, one), analyte("magnesium_ionized"))
        == two
    )


def test_unusable_results_have_an_order_of_their_own() -> None:
    undated = [potassium("3.0", None, source, unit=None) for source in ("a", "b")]
    parts = [potassium(value, instant(1), "c", unit=None) for value in ("3.0", "3.1")]  # of one Observation
    assert newer_unusable(patient(undated[1], *parts, undated[0]), analyte("potassium")) == (*parts, *undated)


def test_newer_than_the_one_used_not_than_another_of_its_time() -> None:
    used, other = potassium("3.0", days_ago(1), "a"), potassium("4.0", instant(1), "b")
    unread = potassium("2.0", instant(1, hours=2), "c", unit=None)
    assert newest(patient(other, used), analyte("potassium")) == used
    assert newer_unusable(patient(other, used, unread), analyte("potassium")) == (unread,)


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        (instant(0), 0),
        (instant(3), 3),
        (days_ago(3), 3),
        (part_of(2026), 0),  # goes on today
        (part_of(2026, 3), 0),
        (part_of(2026, 2), 10),
        (part_of(2025), 69),
        (instant(-2), -2),
        (part_of(2027), (TODAY - date(2027, 12, 31)).days),
    ],
)
def test_age_in_days_of_the_latest_day_it_can_mean(moment: Moment, days: int) -> None:
    assert moment.days_at_least(TODAY) == days


def test_a_month_that_begins_today_is_no_days_old() -> None:
    assert part_of(2026, 3).days_at_least(date(2026, 3, 1)) == 0
