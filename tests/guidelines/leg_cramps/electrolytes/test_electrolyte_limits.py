"""Every cell of the table, just below its limit, at it, just above it; every flag rule; every bound."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cds_service.decision.recommendation import Indicator
from cds_service.guidelines.leg_cramps.electrolytes.limits import LIMITS, Grade, Limit, Measured, State, crossed, grade
from cds_service.patient.facts import ReferenceRange

INFO, WARNING, CRITICAL = "info", "warning", "critical"
NORMAL = "normal"


def graded(
    row: str,
    value: str,
    *flags: str,
    own: tuple[str | None, str | None] | None = None,
    comparator: str | None = None,
    table_info: bool = True,
) -> Grade:
    low_high = None if own is None else ReferenceRange(*(None if side is None else Decimal(side) for side in own))
    return grade(Measured(row, Decimal(value), comparator, low_high, frozenset(flags), table_info))


def short(outcome: Grade) -> str:
    return outcome.state.value if outcome.indicator is None else f"{outcome.state.value} {outcome.indicator.code}"


# row, limit, what just below it is, at it, just above it: written out again from the clinical page
LOW = [
    ("sodium", "135", INFO, NORMAL, NORMAL),
    ("sodium", "130", WARNING, INFO, INFO),
    ("sodium", "120", CRITICAL, CRITICAL, WARNING),
    ("potassium", "3.5", INFO, NORMAL, NORMAL),
    ("potassium", "3.0", WARNING, INFO, INFO),
    ("potassium", "2.5", CRITICAL, CRITICAL, WARNING),
    ("calcium", "2.20", INFO, NORMAL, NORMAL),
    ("calcium", "2.10", WARNING, INFO, INFO),
    ("calcium", "1.90", CRITICAL, WARNING, WARNING),
    ("calcium_ionized", "1.16", INFO, NORMAL, NORMAL),
    ("calcium_ionized", "1.00", WARNING, INFO, INFO),
    ("calcium_ionized", "0.90", CRITICAL, WARNING, WARNING),
    ("magnesium", "0.70", INFO, NORMAL, NORMAL),
    ("magnesium", "0.50", WARNING, INFO, INFO),
    ("magnesium", "0.40", CRITICAL, CRITICAL, WARNING),
    ("phosphate", "0.80", INFO, NORMAL, NORMAL),
    ("phosphate", "0.60", WARNING, INFO, INFO),
    ("phosphate", "0.30", CRITICAL, CRITICAL, WARNING),
]
HIGH = [
    ("sodium", "145", NORMAL, NORMAL, INFO),
    ("sodium", "155", INFO, WARNING, WARNING),
    ("sodium", "160", WARNING, CRITICAL, CRITICAL),
    ("potassium", "5.5", NORMAL, INFO, INFO),
    ("potassium", "6.0", INFO, WARNING, WARNING),
    ("potassium", "6.5", WARNING, CRITICAL, CRITICAL),
    ("calcium", "2.60", NORMAL, NORMAL, INFO),
    ("calcium", "3.0", INFO, WARNING, WARNING),
    ("calcium", "3.5", WARNING, WARNING, CRITICAL),
    ("calcium_ionized", "1.32", NORMAL, NORMAL, INFO),
    ("calcium_ionized", "1.50", INFO, INFO, WARNING),
    ("calcium_ionized", "1.80", WARNING, WARNING, CRITICAL),
    ("magnesium", "1.0", NORMAL, NORMAL, INFO),
    ("magnesium", "1.5", INFO, INFO, WARNING),
    ("magnesium", "2.0", WARNING, WARNING, CRITICAL),
    ("phosphate", "1.5", NORMAL, NORMAL, INFO),
    ("phosphate", "9.9", INFO, INFO, INFO),
]


@pytest.mark.parametrize("direction", ["low", "high"])
@pytest.mark.parametrize("step", ["0.01", "0.0000001"])
def test_every_cell(direction: str, step: str) -> None:
    for row, limit, *expected in LOW if direction == "low" else HIGH:
        values = [str(Decimal(limit) + Decimal(step) * sign) for sign in (-1, 0, 1)]
        wanted = [level if level == NORMAL else f"{direction} {level}" for level in expected]
        assert [short(graded(row, value)) for value in values] == wanted, (row, limit)


def test_the_table_has_no_cell_that_is_not_tested() -> None:
    cells = {
        (row, limit.value)
        for row, limits in LIMITS.items()
        for side in (limits.low, limits.high)
        for limit in (side.info, side.warning, side.critical)
        if limit is not None
    }
    tested = {(row, Decimal(limit)) for row, limit, *_ in (*LOW, *HIGH)}
    assert tested - cells == {("phosphate", Decimal("9.9"))}
    assert cells <= tested


def test_ionised_magnesium_has_no_table() -> None:
    assert short(graded("magnesium_ionized", "0.2")) == "not-judged"
    assert short(graded("magnesium_ionized", "0.43", own=("0.44", "0.59"))) == "low info"
    assert short(graded("magnesium_ionized", "0.44", own=("0.44", "0.59"))) == "normal"
    assert short(graded("magnesium_ionized", "0.60", own=("0.44", "0.59"))) == "high info"


# --- own range


@pytest.mark.parametrize(
    ("value", "own", "expected"),
    [
        ("3.6", ("3.7", "5.0"), "low info"),
        ("3.7", ("3.7", "5.0"), "normal"),
        ("5.0", ("3.7", "5.0"), "normal"),
        ("5.1", ("3.7", "5.0"), "high info"),
        ("3.3", ("3.2", "5.0"), "normal"),  # the table's info limit gives way
        ("5.6", ("3.2", "5.8"), "normal"),
        ("2.9", ("2.8", "5.0"), "low warning"),  # its warning limit does not
        ("2.5", ("2.4", "5.0"), "low critical"),
        ("6.0", ("3.2", "6.2"), "high warning"),
        ("5.6", ("3.2", None), "high info"),  # an open side is the table's
        ("3.3", (None, "5.0"), "low info"),
        ("3.3", (None, None), "low info"),
    ],
)
def test_own_range_replaces_the_info_limit_only(value: str, own: tuple[str | None, str | None], expected: str) -> None:
    assert short(graded("potassium", value, own=own)) == expected


@pytest.mark.parametrize(
    ("value", "own", "expected"),
    [
        ("3.5", None, []),
        ("3.4", None, ["low < 3.5"]),
        ("2.9", None, ["low < 3.5", "warning < 3.0"]),
        ("2.5", None, ["low < 3.5", "critical <= 2.5"]),
        ("3.6", ("3.7", "5.0"), ["own_low < 3.7"]),
        ("2.9", ("3.7", "5.0"), ["own_low < 3.7", "warning < 3.0"]),
        ("2.9", ("2.8", "5.0"), ["warning < 3.0"]),
        ("5.5", None, ["high >= 5.5"]),
        ("6.6", ("3.7", "5.0"), ["own_high > 5.0", "critical >= 6.5"]),
    ],
)
def test_the_limits_that_were_crossed(value: str, own: tuple[str, str] | None, expected: list[str]) -> None:
    range_ = None if own is None else ReferenceRange(*map(Decimal, own))
    measured = Measured("potassium", Decimal(value), None, range_)
    found = crossed(measured, grade(measured))
    assert [f"{one.by} {one.limit.sign} {one.limit.value}" for one in found] == expected


def test_in_pregnancy_no_limit_of_the_tables_info_is_crossed() -> None:
    measured = Measured("sodium", Decimal(129), table_info=False)
    assert [one.by for one in crossed(measured, grade(measured))] == ["warning"]


def test_what_is_neither_low_nor_high_crossed_nothing() -> None:
    discordant = Measured("potassium", Decimal(4), flags=frozenset({"LL"}))
    assert grade(discordant).state is State.UNCLEAR
    assert crossed(discordant, grade(discordant)) == ()


def test_what_counts_as_info_only_names_no_graver_limit() -> None:
    measured = Measured("magnesium", Decimal("2.4"))
    found = crossed(measured, replace(grade(measured), indicator=Indicator.INFO))
    assert [one.by for one in found] == ["high"]


# --- flags


@pytest.mark.parametrize("flag", ["L", "LU", "LX"])
def test_low_flags_make_at_least_info(flag: str) -> None:
    assert short(graded("potassium", "4.0", flag)) == "low info"
    assert graded("potassium", "4.0", flag).notes == ("flagged",)
    assert short(graded("potassium", "3.4", flag)) == "low info"
    assert short(graded("potassium", "2.9", flag)) == "low warning"


@pytest.mark.parametrize("flag", ["H", "HU", "HX"])
def test_high_flags_make_at_least_info(flag: str) -> None:
    assert short(graded("potassium", "5.2", flag)) == "high info"
    assert short(graded("potassium", "6.1", flag)) == "high warning"


@pytest.mark.parametrize(
    ("value", "flags", "own", "expected", "note"),
    [
        ("3.4", ("LL",), None, "low critical", "flag-critical"),
        ("3.4", ("AA",), None, "low critical", "flag-critical"),
        ("3.6", ("LL",), ("3.7", "5.0"), "low critical", "flag-critical"),  # by range
        ("3.4", ("LL",), ("3.2", "5.0"), "low critical", "flag-critical"),  # by table
        ("3.5", ("LL",), None, "unclear info", "discordant"),
        ("3.5", ("LL",), ("3.2", "5.0"), "unclear info", "discordant"),
        ("5.5", ("HH",), None, "high critical", "flag-critical"),
        ("5.4", ("HH",), None, "unclear info", "discordant"),
        ("5.5", ("AA",), None, "high critical", "flag-critical"),
        ("3.4", ("AA",), ("3.2", "5.0"), "low critical", "flag-critical"),
        ("5.6", ("AA",), ("3.2", "5.8"), "high critical", "flag-critical"),
        ("4.0", ("AA",), None, "unclear info", "discordant"),
        ("4.0", ("AA", "L"), None, "unclear info", "discordant"),
        ("3.4", ("HH",), None, "low info", "flag-ignored"),
        ("2.9", ("HH",), None, "low warning", "flag-ignored"),
        ("5.6", ("LL",), None, "high info", "flag-ignored"),
    ],
)
def test_critical_flags_need_an_abnormal_value(
    value: str, flags: tuple[str, ...], own: tuple[str, str] | None, expected: str, note: str
) -> None:
    outcome = graded("potassium", value, *flags, own=own)
    assert (short(outcome), outcome.notes) == (expected, (note,))


@pytest.mark.parametrize(
    ("value", "flags", "own", "expected"),
    [
        ("4.0", ("L",), ("3.7", "5.0"), "normal"),  # contradicts its own range
        ("3.7", ("L",), ("3.7", "5.0"), "normal"),
        ("4.0", ("H",), ("3.7", "5.0"), "normal"),
        ("3.3", ("L",), ("3.2", "5.0"), "normal"),
        ("3.4", ("H",), None, "low info"),  # points the wrong way
        ("5.6", ("L",), None, "high info"),
        ("4.0", ("L", "H"), None, "normal"),  # contradict each other
        ("3.6", ("N",), ("3.7", "5.0"), "low info"),
        ("2.9", ("N",), None, "low warning"),
    ],
)
def test_contradicting_flags_are_ignored_and_said(
    value: str, flags: tuple[str, ...], own: tuple[str, str] | None, expected: str
) -> None:
    outcome = graded("potassium", value, *flags, own=own)
    assert (short(outcome), outcome.notes[:1]) == (expected, ("flag-ignored",))


def test_a_flag_on_the_open_side_of_its_range_stands() -> None:
    assert short(graded("potassium", "4.0", "L", own=(None, "5.0"))) == "low info"
    assert short(graded("potassium", "4.0", "H", own=("3.5", None))) == "high info"


def test_of_two_contradicting_flags_the_one_that_fits_counts() -> None:
    outcome = graded("potassium", "3.4", "LL", "H")
    assert (short(outcome), set(outcome.notes)) == ("low critical", {"flag-ignored", "flag-critical"})


@pytest.mark.parametrize(
    ("value", "own", "expected"),
    [
        ("3.4", None, "normal"),
        ("5.6", None, "normal"),
        ("3.0", None, "normal"),
        ("2.99", None, "low warning"),
        ("2.5", None, "low critical"),
        ("6.0", None, "high warning"),
        ("3.6", ("3.7", "5.0"), "low info"),
        ("3.6", ("3.7", None), "low info"),
        ("3.4", (None, "5.0"), "normal"),  # without a limit of its own on that side
    ],
)
def test_n_without_a_range_removes_info_only(
    value: str, own: tuple[str | None, str | None] | None, expected: str
) -> None:
    assert short(graded("potassium", value, "N", own=own)) == expected


@pytest.mark.parametrize("value", ["2.5", "2.9", "3.4", "4.0", "5.5", "6.0"])
def test_a_alone_and_unknown_flags_change_nothing(value: str) -> None:
    assert graded("potassium", value, "A") == graded("potassium", value, "XYZ") == graded("potassium", value)


def test_a_flag_that_says_normal_is_named() -> None:
    assert graded("potassium", "3.4", "N") == Grade(State.NORMAL, None, ("flag-normal",))
    assert graded("magnesium_ionized", "0.4", "N") == Grade(State.NORMAL, None, ("flag-normal",))


def test_flags_that_contradict_each_other_are_named_where_nothing_can_be_judged() -> None:
    assert graded("potassium", "2.4", "L", "H", comparator=">") == Grade(State.NOT_JUDGED, None, ("flag-ignored",))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("4.0", Grade(State.UNCLEAR, Indicator.INFO, ("flag-ignored", "discordant"))),
        ("3.4", Grade(State.LOW, Indicator.CRITICAL, ("flag-ignored", "flag-critical"))),
    ],
)
def test_an_alarm_is_heeded_beside_flags_that_contradict_each_other(value: str, expected: Grade) -> None:
    assert graded("potassium", value, "AA", "L", "H", own=("3.2", "5.0")) == expected


def test_n_beside_a_directional_flag_is_not_heeded() -> None:
    assert short(graded("potassium", "3.4", "N", "L")) == "low info"


# --- pregnancy


@pytest.mark.parametrize("row", ["sodium", "calcium", "calcium_ionized", "magnesium"])
def test_without_the_tables_info_limits_warnings_stay(row: str) -> None:
    low, high = LIMITS[row].low, LIMITS[row].high
    assert low.info is not None
    assert low.warning is not None
    assert high.info is not None
    between = str((low.info.value + low.warning.value) / 2)
    above = str(high.info.value + Decimal("0.01"))
    assert short(graded(row, between)) == "low info"
    assert short(graded(row, between, table_info=False)) == "not-judged"
    assert short(graded(row, above, table_info=False)) == "not-judged"
    assert short(graded(row, str(low.warning.value - Decimal("0.01")), table_info=False)) == "low warning"
    assert short(graded(row, between, "L", table_info=False)) == "low info"
    assert short(graded(row, between, "LL", table_info=False)) == "low info"  # abnormal by neither: discordant
    assert short(graded(row, between, "N", table_info=False)) == "normal"
    own = (str(low.info.value), str(high.info.value))
    assert short(graded(row, between, own=own, table_info=False)) == "low info"
    assert short(graded(row, own[0], own=own, table_info=False)) == "normal"


# --- bounds


@pytest.mark.parametrize(
    ("comparator", "value", "expected"),
    [
        ("<", "2.4", "low critical"),
        ("<", "2.5", "low critical"),
        ("<", "2.6", "low warning"),
        ("<", "3.0", "low warning"),
        ("<", "3.1", "low info"),
        ("<", "3.5", "low info"),
        ("<", "3.6", "not-judged"),
        ("<=", "2.5", "low critical"),
        ("<=", "2.6", "low warning"),
        ("<=", "3.0", "low info"),
        ("<=", "3.4", "low info"),
        ("<=", "3.5", "not-judged"),
        ("<", "9.0", "not-judged"),  # below 9 is not high
        (">", "6.5", "high critical"),
        (">", "6.4", "high warning"),
        (">=", "6.5", "high critical"),
        (">=", "6.0", "high warning"),
        (">=", "5.5", "high info"),
        (">", "5.4", "not-judged"),
        (">", "2.0", "not-judged"),  # above 2 is not low
        (">=", "4.0", "not-judged"),  # never normal
    ],
)
def test_a_bound_proves_only_what_it_proves(comparator: str, value: str, expected: str) -> None:
    assert short(graded("potassium", value, comparator=comparator)) == expected


def test_a_bound_against_a_strict_high_limit() -> None:
    outcomes = [short(graded("sodium", "145", comparator=c)) for c in (">", ">=")]
    assert outcomes == ["high info", "not-judged"]


def test_a_flag_beside_a_bound() -> None:
    assert short(graded("potassium", "3.6", "L", comparator="<")) == "low info"
    assert short(graded("potassium", "3.6", "L", comparator="<", own=("3.5", "5.0"))) == "low info"
    assert short(graded("potassium", "3.6", "L", comparator=">", own=("3.5", "5.0"))) == "not-judged"
    assert short(graded("potassium", "3.6", "N", comparator="<")) == "not-judged"


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
@pytest.mark.parametrize("comparator", [None, "<", "<=", ">", ">="])
@pytest.mark.parametrize("value", ["2.9", "3.0", "3.1"])
def test_met_and_missed_agree_with_every_value_a_bound_allows(sign: str, comparator: str | None, value: str) -> None:
    limit = Limit(sign, Decimal("3.0"))
    grid = [Decimal(n) / 100 for n in range(250, 351)]
    meant = {
        None: lambda x: x == Decimal(value),
        "<": lambda x: x < Decimal(value),
        "<=": lambda x: x <= Decimal(value),
        ">": lambda x: x > Decimal(value),
        ">=": lambda x: x >= Decimal(value),
    }[comparator]
    meets = [limit.met(x, None) for x in grid if meant(x)]
    # the grid is finite: an open bound next to the limit is decided by the real numbers between its points
    open_ended = comparator in ("<", ">") and Decimal(value) == limit.value
    if not open_ended:
        assert limit.met(Decimal(value), comparator) is all(meets)
        assert limit.missed(Decimal(value), comparator) is (not any(meets))
    else:
        same_way = comparator is not None and comparator[0] == sign[0]
        assert limit.met(Decimal(value), comparator) is same_way
        assert limit.missed(Decimal(value), comparator) is not same_way


def test_indicators_are_those_of_the_cards() -> None:
    assert graded("potassium", "2.0") == Grade(State.LOW, Indicator.CRITICAL)
