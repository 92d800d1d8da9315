"""Which result is used, its age, pregnancy, calcium, and what else must be said."""

import pytest

from cds_service.decision.phrases import Joined
from cds_service.guidelines.leg_cramps.concepts import POTASSIUM
from cds_service.guidelines.leg_cramps.electrolytes.findings import (
    Finding,
    findings,
    levels,
    unused,
)
from cds_service.patient.facts import Facts, LabResult, Problem
from cds_service.patient.moments import Moment, Precision
from tests.builders.electrolytes import CRAMPS, chart
from tests.builders.facts import instant, lab, problem
from tests.builders.said import unsayable

PREGNANCY = problem("pregnancy", recorded=instant(60))


def normal(facts: Facts) -> tuple[LabResult, ...]:
    """The results that may be called normal on their date."""
    return tuple(level.result for level in levels(facts) if level.normal)


def found(*results: LabResult, problems: tuple[Problem, ...] = (CRAMPS,)) -> list[str]:
    return [_short(finding) for finding in findings(chart(*results, problems=problems))]


def _short(finding: Finding) -> str:
    return f"{finding.analyte} {finding.direction} {finding.indicator.code}{'' if finding.card else ' line'}"


def notes(*results: LabResult, problems: tuple[Problem, ...] = (CRAMPS,)) -> list[str]:
    said = [note for f in findings(chart(*results, problems=problems)) for note in f.notes]
    assert unsayable(tuple(said)) == set()
    return [note.key.removeprefix("electrolytes.") for note in said]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, ["potassium low critical"]),
        (7, ["potassium low critical"]),
        (8, ["potassium low warning"]),
        (30, ["potassium low warning"]),
        (31, ["potassium low info"]),
        (180, ["potassium low info"]),
        (181, []),
    ],
)
def test_age_caps_the_urgency(days: int, expected: list[str]) -> None:
    assert found(lab("potassium", "2.4 mmol/L", days)) == expected


@pytest.mark.parametrize(("days", "expected"), [(30, "high warning"), (31, "high info line")])
def test_age_also_decides_whether_a_high_value_is_a_card(days: int, expected: str) -> None:
    assert found(lab("potassium", "6.2 mmol/L", days)) == [f"potassium {expected}"]


def test_the_cap_is_said() -> None:
    assert notes(lab("potassium", "2.4 mmol/L", 8)) == ["note.days_old"]
    assert notes(lab("potassium", "2.4 mmol/L", 7)) == []
    assert notes(lab("potassium", "3.4 mmol/L", 100)) == []


@pytest.mark.parametrize(("days", "said"), [(1, False), (7, False), (8, True)])
def test_an_unadjusted_calcium_is_capped_by_its_form_and_only_then_by_its_age(days: int, said: bool) -> None:
    assert found(lab("calcium_total", "1.5 mmol/L", days)) == ["calcium low warning"]
    assert ("note.days_old" in notes(lab("calcium_total", "1.5 mmol/L", days))) is said


@pytest.mark.parametrize(("text", "expected"), [("<2.20 mmol/L", ["calcium low info"]), ("2.20 mmol/L", [])])
def test_an_adjusted_calcium_keeps_its_bound(text: str, expected: list[str]) -> None:
    assert found(lab("calcium_total", text), lab("albumin", "40 g/L")) == expected


@pytest.mark.parametrize(("days", "named"), [(180, 1), (181, 0)])
def test_an_unused_result_is_named_for_180_days(days: int, named: int) -> None:
    assert len(unused(chart(lab("potassium", "3.9", days)), POTASSIUM)) == named


def test_an_unused_result_without_a_date_is_named() -> None:
    undated = lab("potassium", "3.9 mmol/L", moment=None)
    assert unused(chart(undated), POTASSIUM) == (undated,)


def test_age_is_of_the_earliest_day_an_imprecise_date_can_mean() -> None:
    march = Moment(instant(9).start, instant(0).end, Precision.MONTH)
    assert found(lab("potassium", "2.4 mmol/L", moment=march)) == ["potassium low warning"]


@pytest.mark.parametrize(
    ("analyte", "text", "expected"),
    [
        ("sodium", "134 mmol/L", "sodium low info"),
        ("potassium", "3.4 mmol/L", "potassium low info"),
        ("calcium_total", "2.15 mmol/L", "calcium low info"),
        ("calcium_ionized", "1.10 mmol/L", "calcium low info"),
        ("magnesium", "0.65 mmol/L", "magnesium low info"),
        ("phosphate", "0.70 mmol/L", "phosphate low info line"),
        ("phosphate", "0.59 mmol/L", "phosphate low warning"),
        ("phosphate", "0.60 mmol/L", "phosphate low info line"),
        ("phosphate", "1.60 mmol/L", "phosphate high info line"),
        ("sodium", "146 mmol/L", "sodium high info line"),
        ("sodium", "155 mmol/L", "sodium high warning"),
        ("potassium", "5.5 mmol/L", "potassium high info line"),
        ("potassium", "6.0 mmol/L", "potassium high warning"),
        ("calcium_ionized", "1.40 mmol/L", "calcium high info line"),
        ("magnesium", "1.6 mmol/L", "magnesium high warning"),
    ],
)
def test_low_is_a_card_high_and_phosphate_from_warning_on(analyte: str, text: str, expected: str) -> None:
    assert found(lab(analyte, text)) == [expected]


def test_flagged_findings() -> None:
    assert found(lab("potassium", "4.0 mmol/L", flags=["LL"])) == ["potassium unclear info"]
    assert found(lab("potassium", "5.0 mmol/L", flags=["HH"])) == ["potassium unclear info"]
    assert found(lab("phosphate", "1.0 mmol/L", flags=["LL"])) == ["phosphate unclear info line"]
    assert found(lab("potassium", "4.0 mmol/L", flags=["AA"])) == ["potassium unclear info line"]
    assert found(lab("phosphate", "1.6 mmol/L", flags=["HH"])) == ["phosphate high critical"]
    assert found(lab("potassium", "5.6 mmol/L", flags=["H"])) == ["potassium high info line"]


def test_ionised_magnesium_by_its_own_range_only() -> None:
    assert found(lab("magnesium_ionized", "0.30 mmol/L")) == []
    assert found(lab("magnesium_ionized", "0.30 mmol/L", own="0.44-0.59 mmol/L")) == ["magnesium_ionized low info"]


def test_only_the_newest_counts() -> None:
    assert found(lab("potassium", "2.4 mmol/L", 2), lab("potassium", "4.0 mmol/L", 1)) == []
    assert found(lab("potassium", "4.0 mmol/L", 2), lab("potassium", "2.4 mmol/L", 1)) == ["potassium low critical"]


def test_worst_first_low_before_high() -> None:
    results = (
        lab("sodium", "156 mmol/L"),
        lab("magnesium", "0.45 mmol/L"),
        lab("potassium", "2.4 mmol/L"),
        lab("calcium_ionized", "1.10 mmol/L"),
        lab("phosphate", "1.6 mmol/L"),
    )
    assert (
        found(*results)
        == found(*reversed(results))
        == [
            "potassium low critical",
            "magnesium low warning",
            "sodium high warning",
            "calcium low info",
            "phosphate high info line",
        ]
    )


def test_low_before_high_of_the_same_urgency() -> None:
    assert found(lab("potassium", "6.2 mmol/L"), lab("sodium", "129 mmol/L")) == [
        "sodium low warning",
        "potassium high warning",
    ]


# --- pregnancy


@pytest.mark.parametrize(
    ("analyte", "text", "expected"),
    [
        ("sodium", "133 mmol/L", []),
        ("sodium", "129 mmol/L", ["sodium low warning"]),
        ("calcium_total", "2.15 mmol/L", []),
        ("calcium_ionized", "1.10 mmol/L", []),
        ("magnesium", "0.65 mmol/L", []),
        ("magnesium", "0.45 mmol/L", ["magnesium low warning"]),
        ("potassium", "3.4 mmol/L", ["potassium low info"]),
        ("phosphate", "1.6 mmol/L", ["phosphate high info line"]),
    ],
)
def test_pregnancy_removes_the_tables_info_limits_of_three(analyte: str, text: str, expected: list[str]) -> None:
    assert found(lab(analyte, text), problems=(CRAMPS, PREGNANCY)) == expected


def test_in_pregnancy_own_range_and_flags_stay() -> None:
    with_range = lab("magnesium", "0.65 mmol/L", own="0.68-0.95 mmol/L")
    assert found(with_range, problems=(CRAMPS, PREGNANCY)) == ["magnesium low info"]
    assert found(lab("magnesium", "0.65 mmol/L", flags=["L"]), problems=(CRAMPS, PREGNANCY)) == ["magnesium low info"]


def test_in_pregnancy_an_adjusted_calcium_has_no_info_limit_either() -> None:
    adjusted = (lab("calcium_total", "2.00 mmol/L"), lab("albumin", "34 g/L"))  # 2.12
    assert found(*adjusted) == ["calcium low info"]
    assert found(*adjusted, problems=(CRAMPS, PREGNANCY)) == []


def test_pregnancy_long_past_changes_nothing() -> None:
    past = problem("pregnancy", recorded=instant(301))
    assert found(lab("magnesium", "0.65 mmol/L"), problems=(CRAMPS, past)) == ["magnesium low info"]


def test_in_pregnancy_what_has_no_limit_is_not_called_normal() -> None:
    facts = chart(lab("sodium", "133 mmol/L"), problems=(CRAMPS, PREGNANCY))
    assert normal(facts) == ()


# --- calcium


def test_unadjusted_total_is_capped_at_warning_and_said() -> None:
    assert found(lab("calcium_total", "1.70 mmol/L")) == ["calcium low warning"]
    assert notes(lab("calcium_total", "1.70 mmol/L")) == ["calcium.unadjusted"]
    assert found(lab("calcium_total", "1.70 mmol/L", flags=["LL"])) == ["calcium low warning"]


def test_adjusted_and_ionised_are_not_capped() -> None:
    assert found(lab("calcium_total", "1.70 mmol/L"), lab("albumin", "40 g/L")) == ["calcium low critical"]
    assert found(lab("calcium_albumin_corrected", "1.89 mmol/L")) == ["calcium low critical"]
    assert found(lab("calcium_ionized", "0.89 mmol/L")) == ["calcium low critical"]


def test_low_total_with_low_albumin_is_normal() -> None:
    total, albumin = lab("calcium_total", "2.00 mmol/L", flags=["L"], own="2.10-2.60 mmol/L"), lab("albumin", "30 g/L")
    assert found(total, albumin) == []
    assert normal(chart(total, albumin)) == (total,)
    assert found(total) == ["calcium low warning"]


def test_an_adjustment_is_said_ours_and_the_laboratorys() -> None:
    assert notes(lab("calcium_total", "2.00 mmol/L"), lab("albumin", "35 g/L")) == ["calcium.adjusted"]
    assert notes(lab("calcium_albumin_corrected", "2.00 mmol/L")) == ["calcium.lab-adjusted"]
    assert notes(lab("calcium_ionized", "1.10 mmol/L")) == []


def test_a_critical_flag_of_the_total_is_heeded_after_adjustment() -> None:
    low, albumin = lab("calcium_total", "1.70 mmol/L", flags=["LL"]), lab("albumin", "15 g/L")
    assert found(low, albumin) == ["calcium unclear info"]
    assert "note.discordant" in notes(low, albumin)


def test_the_ionised_value_is_never_held_against_the_total_range() -> None:
    assert found(lab("calcium_ionized", "1.20 mmol/L")) == []
    assert found(lab("calcium_total", "2.30 mmol/L")) == []


# --- what else is said


def test_a_newer_unread_result_is_kept_with_the_finding_and_stops_normal() -> None:
    unread = lab("potassium", "4.0")
    (finding,) = findings(chart(lab("potassium", "3.4 mmol/L", 3), unread))
    assert finding.newer == (unread,)
    assert normal(chart(lab("potassium", "4.0 mmol/L", 3), unread)) == ()
    older = lab("potassium", "4.0", 5)
    used = lab("potassium", "4.0 mmol/L", 3)
    assert normal(chart(used, older)) == (used,)


def test_an_old_unread_result_is_not_in_doubt() -> None:
    (level,) = levels(chart(lab("potassium", "4.0 mmol/L", 3), lab("potassium", "4.0", 400)))
    assert level.newer == ()


def test_preliminary_and_unknown_status_are_said() -> None:
    keys = [n.key for f in findings(chart(lab("potassium", "3.4 mmol/L", status="preliminary"))) for n in f.notes]
    assert keys == ["lab.note.preliminary"]


def test_another_value_of_the_same_time_is_said() -> None:
    assert notes(lab("potassium", "3.4 mmol/L"), lab("potassium", "4.1 mmol/L")) == ["note.same_time"]


def test_normal_results_are_the_newest_normal_ones() -> None:
    sodium, old = lab("sodium", "140 mmol/L"), lab("potassium", "4.0 mmol/L", 181)
    bound = lab("magnesium", "<0.9 mmol/L")
    assert normal(chart(sodium, old, bound)) == (sodium,)


def test_of_many_values_of_one_time_three_are_shown_beside_the_one_used() -> None:
    values = ("3.0", "4.0", "4.1", "4.2", "4.3")
    (finding,) = findings(chart(*(lab("potassium", f"{value} mmol/L") for value in values)))
    (note,) = [note for note in finding.notes if note.key == "electrolytes.note.same_time"]
    others = note.values["values"]
    assert isinstance(others, Joined)
    assert len(others.parts) == 3
