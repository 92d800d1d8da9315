"""The safety matrix: just below, at and just above each limit, each hazard, each exclusion."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from cds_service.catalogue import wording
from cds_service.guidelines.leg_cramps.quinine.hazards import Hazard, Monitor
from cds_service.guidelines.leg_cramps.quinine.safety import Safety, assess
from cds_service.patient.facts import Facts, LabResult, Match, Problem, Route
from cds_service.patient.labs.analytes import ANALYTES
from cds_service.patient.moments import Moment, Precision
from cds_service.patient.person import Person, Sex
from cds_service.patient.received import Receipt
from tests.builders.facts import TODAY, allergy, born, instant, medicine, patient, problem, result
from tests.builders.labs import as_received
from tests.builders.said import unsayable


def named(hazards: tuple[Hazard, ...]) -> list[str]:
    return [wording("en").say(hazard.name) for hazard in hazards]


def assessed(*items: object, **more: object) -> Safety:
    """The matrix, all of which has words."""
    safety = assess(patient(*items, **more))  # type: ignore[arg-type]
    assert unsayable(safety) == set()
    return safety


def critical(*items: object, **more: object) -> list[str]:
    return named(assessed(*items, **more).critical)


def warnings(*items: object, **more: object) -> list[str]:
    return named(assessed(*items, **more).warnings)


LIMITS = [
    # analyte, value, critical, warning
    ("potassium", "2.99", True, False),
    ("potassium", "3.0", False, True),
    ("potassium", "3.01", False, True),
    ("potassium", "3.49", False, True),
    ("potassium", "3.5", False, False),
    ("magnesium", "0.49", True, False),
    ("magnesium", "0.5", False, True),
    ("magnesium", "0.69", False, True),
    ("magnesium", "0.7", False, False),
    ("calcium_ionized", "0.89", True, False),
    ("calcium_ionized", "0.90", False, False),
    ("calcium_albumin_corrected", "1.89", True, False),
    ("calcium_albumin_corrected", "1.9", False, True),
    ("calcium_albumin_corrected", "2.19", False, True),
    ("calcium_albumin_corrected", "2.2", False, False),
    ("platelets", "99", True, False),
    ("platelets", "100", False, True),
    ("platelets", "149", False, True),
    ("platelets", "150", False, False),
    ("egfr", "29", False, True),
    ("egfr", "30", False, False),
]


@pytest.mark.parametrize(("analyte", "value", "is_critical", "is_warning"), LIMITS)
def test_limits(analyte: str, value: str, is_critical: bool, is_warning: bool) -> None:
    assert bool(critical(result(analyte, value))) is is_critical
    assert bool(warnings(result(analyte, value))) is is_warning


@pytest.mark.parametrize(
    ("value", "comparator", "is_critical", "is_warning"),
    [
        ("3.0", "<", True, False),
        ("3.0", "<=", False, True),
        ("3.5", "<", False, True),
        ("2.5", ">", False, False),
        ("2.5", ">=", False, False),
    ],
)
def test_a_bound_proves_only_what_lies_beyond_it(
    value: str,
    comparator: str,
    is_critical: bool,
    is_warning: bool,
) -> None:
    found = result("potassium", value, comparator=comparator)
    assert bool(critical(found)) is is_critical
    assert bool(warnings(found)) is is_warning


@pytest.mark.parametrize("analyte", ["potassium", "platelets"])
@pytest.mark.parametrize(("ago", "counts"), [(29, True), (30, True), (31, False)])
def test_results_count_for_thirty_days(analyte: str, ago: int, counts: bool) -> None:
    assert bool(critical(result(analyte, "2.0", ago=ago))) is counts


@pytest.mark.parametrize("analyte", ["calcium_ionized", "calcium_albumin_corrected"])
@pytest.mark.parametrize(("ago", "counts"), [(30, True), (31, False)])
def test_a_calcium_counts_for_thirty_days_too(analyte: str, ago: int, counts: bool) -> None:
    assert bool(critical(result(analyte, "0.8", ago=ago))) is counts


def test_the_newest_result_decides() -> None:
    assert critical(result("potassium", "2.0", ago=9), result("potassium", "4.0", ago=2)) == []
    assert critical(result("potassium", "4.0", ago=9), result("potassium", "2.1", ago=2)) == ["potassium 2.1 mmol/L"]


def test_an_unadjusted_total_calcium_does_not_count() -> None:
    assert critical(result("calcium_total", "1.5")) == []
    assert critical(result("calcium_total", "1.5"), result("albumin", "40")) == ["calcium 1.50 mmol/L"]
    assert critical(result("calcium_total", "1.5"), result("albumin", "15")) == []


@pytest.mark.parametrize(
    ("sex", "value", "fires"),
    [
        (Sex.MALE, "449", False),
        (Sex.MALE, "450", True),
        (Sex.FEMALE, "459", False),
        (Sex.FEMALE, "460", True),
        (Sex.OTHER, "459", False),
        (Sex.OTHER, "460", True),
        (Sex.UNKNOWN, "459", False),
        (Sex.UNKNOWN, "460", True),
    ],
)
def test_qtc_limits_by_sex(sex: Sex, value: str, fires: bool) -> None:
    safety = assess(patient(result("qtc", value), person=born(1970, sex=sex)))
    assert bool(safety.label) is fires


@pytest.mark.parametrize(("ago", "fires"), [(364, True), (365, True), (366, False)])
def test_qtc_counts_for_twelve_months(ago: int, fires: bool) -> None:
    assert bool(critical(result("qtc", "500", ago=ago))) is fires


def test_of_one_date_the_longest_qtc_counts_and_of_several_dates_the_newest() -> None:
    assert critical(result("qtc", "430"), result("qtc", "480")) == ["QTc 480 ms"]
    assert critical(result("qtc", "480", ago=40), result("qtc", "430", ago=2)) == []
    at_six = Moment(*[datetime(2026, 3, 7, 6, tzinfo=UTC)] * 2, Precision.INSTANT)
    assert critical(result("qtc", "430"), result("qtc", "480", moment=at_six)) == ["QTc 480 ms"]


LABEL = [
    problem("quinine_allergy", clinical="inactive"),
    problem("immune_thrombocytopenia", clinical="resolved"),
    problem("drug_induced_haemolysis", clinical="resolved"),
    problem("ttp_tma", clinical="resolved"),
    problem("hus", clinical="remission"),
    problem("blackwater_fever", clinical="resolved"),
    problem("myasthenia_gravis", clinical="inactive"),
    problem("optic_neuritis", clinical="resolved"),
    problem("long_qt", clinical="resolved"),
    allergy("quinine"),
    allergy("quinidine"),
    allergy("mefloquine", clinical="resolved"),
    allergy("quinine_allergy"),
    allergy("hydroquinine"),
]


@pytest.mark.parametrize("item", LABEL, ids=lambda item: item.source)
def test_a_label_contraindication_counts_for_life(item: object) -> None:
    safety = assessed(item)
    assert [hazard.because.source for hazard in safety.label] == [item.source]  # type: ignore[attr-defined]
    assert safety.critical == safety.label


@pytest.mark.parametrize("item", LABEL[:9], ids=lambda item: item.source)
def test_a_past_contraindication_is_shown_as_past(item: Problem) -> None:
    (hazard,) = assess(patient(replace(item, onset=instant(500), abated=instant(400)))).label
    said = wording("en").say(hazard.because.phrase)
    assert re.search(r", (resolved|in remission|ended) \d+ \w+ \d+ \(problem list\)", said)
    current = assess(patient(replace(item, clinical="active"))).label[0]
    assert "(problem list" in wording("en").say(current.because.phrase)


def test_a_past_g6pd_deficiency_is_shown_as_past() -> None:
    for past in ({"clinical": "resolved"}, {"abated": instant(9)}):
        (hazard,) = assess(patient(problem("g6pd_deficiency", **past))).warnings
        assert ", resolved" in wording("en").say(hazard.because.phrase)


@pytest.mark.parametrize("concept", ["quinine_allergy", "myasthenia_gravis", "ttp_tma"])
def test_of_two_records_the_active_one_is_shown(concept: str) -> None:
    past, current = problem(concept, clinical="resolved"), problem(concept, source="Condition/current")
    for records in ((past, current), (current, past), (current, problem(concept))):
        (hazard,) = assess(patient(*records)).label
        assert hazard.because.source == "Condition/current"


@pytest.mark.parametrize("verification", ["refuted", "entered-in-error"])
def test_but_not_when_refuted_or_entered_in_error(verification: str) -> None:
    assert critical(problem("myasthenia_gravis", verification=verification)) == []


def test_values_and_drugs_are_critical_but_no_label_contraindication() -> None:
    safety = assess(
        patient(result("potassium", "2.5"), result("platelets", "50"), medicine("amiodarone", "qt_interacting"))
    )
    assert len(safety.critical) == 3
    assert safety.label == ()


@pytest.mark.parametrize(
    ("concept", "name"),
    [("qt_interacting", "amiodarone"), ("quinidine", "quinidine"), ("neuromuscular_blocker", "rocuronium")],
)
def test_drugs_that_make_it_critical(concept: str, name: str) -> None:
    assert critical(medicine(name, concept)) == [name]
    assert critical(medicine(name, concept, status="stopped")) == []


def test_a_qt_drug_that_stays_in_the_eye_or_skin_does_not_count() -> None:
    assert critical(medicine("erythromycin", "qt_interacting", route=Route.LOCAL)) == []


@pytest.mark.parametrize("route", [route for route in Route if route is not Route.LOCAL])
def test_a_qt_drug_counts_by_every_way_into_the_blood(route: Route) -> None:
    assert critical(medicine("domperidone", "qt_interacting", route=route)) == ["domperidone"]  # a suppository, too


def test_a_drug_whose_order_may_be_outdated_is_only_a_warning() -> None:
    old = medicine("amiodarone", "qt_interacting", ago=400)
    assert critical(old) == []
    assert warnings(old) == ["amiodarone"]


@pytest.mark.parametrize(
    ("potassium", "is_critical"), [("3.49", True), ("3.5", False), (None, False)], ids=["low", "at-limit", "unknown"]
)
def test_digoxin_is_critical_only_with_low_potassium(potassium: str | None, is_critical: bool) -> None:
    results = () if potassium is None else (result("potassium", potassium),)
    assert any(name.startswith("digoxin") for name in critical(medicine("digoxin"), *results)) is is_critical
    assert ("digoxin" in warnings(medicine("digoxin"), *results)) is not is_critical


@pytest.mark.parametrize(
    ("concept", "name"),
    [
        ("warfarin", "warfarin"),
        ("insulin", "insulin"),
        ("sulfonylurea", "glibenclamide"),
        ("cyp3a4_modifiers", "ritonavir"),
        ("cyp3a4_modifiers", "carbamazepine"),
        ("cyp3a4_modifiers", "theophylline"),
        ("cyp3a4_modifiers", "metoprolol"),
        ("cyp3a4_modifiers", "ketoconazole"),
        ("cyp3a4_modifiers", "cimetidine"),
        ("qt_possible", "sertraline"),
    ],
)
def test_drugs_that_are_a_warning_line(concept: str, name: str) -> None:
    assert critical(medicine(name, concept)) == []
    assert warnings(medicine(name, concept)) == [name]


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("rifampicin", "lowers quinine, label: avoid together"),
        ("ritonavir", "raises quinine, label: avoid together"),
        *((azole, "toxicity") for azole in ("ketoconazole", "itraconazole", "voriconazole")),
        *((one, "its own level may rise") for one in ("carbamazepine", "phenytoin", "phenobarbital")),
        *((one, "CYP2D6") for one in ("metoprolol", "desipramine", "dextromethorphan")),
        ("theophylline", "theophylline"),
        ("tetracycline", "may raise quinine"),
    ],
)
def test_an_interaction_says_its_direction(name: str, direction: str) -> None:
    (hazard,) = assess(patient(medicine(name, "cyp3a4_modifiers"))).warnings
    assert direction in wording("en").say(hazard.because.phrase)


@pytest.mark.parametrize(
    "concept",
    [
        *("thrombocytopenia_other", "tinnitus", "atrial_fibrillation", "av_block", "cirrhosis"),
        *("haemoglobinuria", "severe_liver_disease"),
    ],
)
def test_problems_that_warn_while_active_only(concept: str) -> None:
    assert len(warnings(problem(concept))) == 1
    assert critical(problem(concept)) == []
    assert warnings(problem(concept, clinical="resolved")) == []


@pytest.mark.parametrize("concept", ["thrombocytopenia_other", "tinnitus", "av_block", "pregnancy", "g6pd_deficiency"])
def test_a_problem_that_warns_is_shown_once_and_as_what_it_warns_of(concept: str) -> None:
    also = problem(concept, concepts={"restless_legs": Match.CODE, concept: Match.CODE})
    (hazard,) = assessed(also, problem(concept, source="Condition/again")).warnings
    assert hazard.because.source == also.source
    assert wording("en").say(hazard.name) in wording("en").say(hazard.because.phrase)
    assert "restless" not in wording("en").say(hazard.because.phrase)


def test_a_pregnancy_that_is_over_does_not_count_for_life() -> None:
    (hazard,) = assessed(problem("pregnancy", ago=100, clinical="resolved")).warnings
    assert "counts for life" not in wording("en").say(hazard.because.phrase)


def test_g6pd_deficiency_warns_for_life_and_pregnancy_while_it_lasts() -> None:
    assert len(warnings(problem("g6pd_deficiency", clinical="inactive"))) == 1
    assert len(warnings(problem("pregnancy", ago=100))) == 1
    assert warnings(problem("pregnancy", ago=301, clinical="resolved")) == []


@pytest.mark.parametrize(("year", "line"), [(1962, False), (1961, True), (1960, True)])
def test_age_65_is_a_line(year: int, line: bool) -> None:
    assert bool(warnings(person=born(year))) is line


def test_age_65_must_be_certain() -> None:
    start, end = datetime(1960, 7, 1, tzinfo=UTC), datetime(1961, 7, 1, tzinfo=UTC)  # 64 or 65
    assert warnings(person=Person(Moment(start, end, Precision.YEAR), Sex.FEMALE)) == []
    older = Person(Moment(start.replace(year=1950), end.replace(year=1951), Precision.YEAR), Sex.FEMALE)
    assert warnings(person=older) == ["age 74, side effects likelier"]


def test_the_second_drug_of_a_combination_is_sought_too() -> None:
    both = medicine("nothing of ours", "antiplatelet")
    both = replace(both, ingredients=(*both.ingredients, *medicine("amiodarone", "qt_interacting").ingredients))
    assert critical(both) == ["amiodarone"]


def test_two_drugs_that_interact_are_two_hazards_in_one_medicine_too() -> None:
    dangerous = (medicine("amiodarone", "qt_interacting"), medicine("haloperidol", "qt_interacting"))
    assert critical(*dangerous) == ["amiodarone", "haloperidol"]
    only_lines = (medicine("warfarin"), medicine("insulin"))
    assert warnings(*only_lines) == ["warfarin", "insulin"]
    held = tuple(one for each in (*dangerous, *only_lines) for one in each.ingredients)
    mixture = replace(dangerous[0], ingredients=held)
    assert (critical(mixture), warnings(mixture)) == (["amiodarone", "haloperidol"], ["warfarin", "insulin"])


@pytest.mark.parametrize(("abated", "past"), [(1, True), (-1, False), (None, False)])
def test_an_active_contraindication_that_ended_is_named_as_past(abated: int | None, *, past: bool) -> None:
    found = problem("optic_neuritis", abated=None if abated is None else instant(abated))
    (name,) = critical(found)
    assert name.startswith("past ") is past


@pytest.mark.parametrize("route", Route)
def test_what_acts_in_the_blood_by_any_route_counts_by_any_route(route: Route) -> None:
    assert warnings(medicine("insulin", route=route)) == ["insulin"]
    assert critical(medicine("rocuronium", "neuromuscular_blocker", route=route)) == ["rocuronium"]


def test_low_potassium_is_named_with_digoxin_alone() -> None:
    assert "amiodarone" in critical(medicine("amiodarone", "qt_interacting"), result("potassium", "3.2"))


def test_each_drug_is_named_once() -> None:
    methadone = medicine("methadone", "qt_interacting", "opioid")
    again = replace(methadone, source="MedicationStatement/2")
    assert critical(methadone, again) == ["methadone"]


def test_what_was_looked_for_and_not_found_is_said_only_when_all_results_were_received() -> None:
    said = [wording("en").say(line) for line in assess(patient()).not_found]
    assert said == [
        "QTc: no result in 12 months",
        "potassium, magnesium, calcium and platelets: no result in 30 days",
    ]
    partial = patient(receipts={"observations": Receipt.PARTIAL})
    assert assess(partial).not_found == ()
    full = ("qtc", "400"), ("potassium", "4"), ("magnesium", "0.8"), ("platelets", "200"), ("egfr", "80")
    complete = patient(*(result(analyte, value) for analyte, value in full), result("calcium_ionized", "1.2"))
    assert assess(complete).not_found == ()


def _not_found(*items: object, **more: object) -> list[str]:
    return [wording("en").say(line) for line in assessed(*items, **more).not_found]


def test_an_unreadable_result_is_named_and_never_called_not_found() -> None:
    unread = replace(result("qtc", "480"), value=None, unusable="no-unit", received="480")
    said = _not_found(unread)
    assert said[0] == "QTc 480, 7 Mar 2026: not used (no unit)"
    assert not any("no result" in line and "QTc" in line for line in said)
    assert _not_found(unread, receipts={"observations": Receipt.PARTIAL}) == said[:1]
    potassium = replace(result("potassium", "2.4"), value=None, unusable="no-unit", received="2.4")
    assert _not_found(potassium) == [
        "Potassium 2.4, 7 Mar 2026: not used (no unit)",
        "QTc: no result in 12 months",
        "magnesium, calcium and platelets: no result in 30 days",
    ]


@pytest.mark.parametrize(
    ("analyte", "ago", "named"),
    [
        ("potassium", 30, True),
        ("potassium", 31, False),
        ("platelets", 31, False),
        ("qtc", 365, True),
        ("qtc", 366, False),
        ("potassium", None, True),
        ("qtc", None, True),
    ],
)
def test_an_unreadable_result_is_named_as_long_as_it_would_count(analyte: str, ago: int | None, named: bool) -> None:
    moment = None if ago is None else instant(ago)
    unread = replace(result(analyte, "2"), value=None, unusable="no-unit", moment=moment)
    assert any("not used" in line for line in _not_found(unread)) is named


def test_a_newer_unreadable_result_is_named_beside_the_one_used() -> None:
    newer = replace(result("potassium", "2.6", ago=1), value=None, unusable="no-unit", received="2.6")
    assert any(
        line.startswith("Potassium 2.6, 9 Mar 2026: not used") for line in _not_found(result("potassium", "4"), newer)
    )


def test_a_total_calcium_that_does_not_count_is_said() -> None:
    assert "total calcium 1.6 mmol/L, not adjusted for albumin" in _not_found(result("calcium_total", "1.6"))
    unread = replace(result("qtc", "480"), value=None, unusable="no-unit", received="480")
    assert _not_found(unread, result("calcium_total", "1.6"))[:2] == [
        "QTc 480, 7 Mar 2026: not used (no unit)",
        "total calcium 1.6 mmol/L, not adjusted for albumin",
    ]


@pytest.mark.parametrize(("note", "said"), [("preliminary", "preliminary"), ("status-unknown", "status unknown")])
def test_a_result_that_is_not_final_says_so(note: str, said: str) -> None:
    (hazard,) = assess(patient(result("platelets", "90", notes=(note,)))).critical
    assert wording("en").say(hazard.because.phrase) == f"platelets 90 ×10⁹/L, 7 Mar 2026 (limit 100; {said})"


def test_our_own_adjustment_of_calcium_is_said() -> None:
    (hazard,) = assess(patient(result("calcium_total", "1.80"), result("albumin", "45"))).critical
    said = wording("en").say(hazard.because.phrase)
    assert said == "adjusted calcium 1.70 mmol/L, 7 Mar 2026 (limit 1.9; adjusted for albumin 45 g/L)"
    (by_laboratory,) = assess(patient(result("calcium_albumin_corrected", "2.1", notes=("preliminary",)))).warnings
    assert wording("en").say(by_laboratory.because.phrase) == (
        "adjusted calcium 2.10 mmol/L, 7 Mar 2026 (limit 2.2; adjusted by the laboratory; preliminary)"
    )
    (potassium, _) = assessed(
        result("potassium", "2.5"), result("calcium_total", "1.80"), result("albumin", "45")
    ).critical
    assert wording("en").say(potassium.because.phrase) == "potassium 2.5 mmol/L, 7 Mar 2026 (limit 3.0)"


def test_a_bound_is_named_as_one() -> None:
    assert critical(result("potassium", "3.0", comparator="<")) == ["potassium below 3.0"]


def test_a_problem_matched_by_name_says_so() -> None:
    (hazard,) = assess(patient(problem("myasthenia_gravis", concepts={"myasthenia_gravis": Match.NAME}))).critical
    assert "by name" in wording("en").say(hazard.because.phrase)


def test_an_imprecise_date_never_makes_a_result_fresher() -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC)
    january = replace(result("potassium", "2.5"), moment=Moment(start, end, Precision.MONTH))
    assert critical(january) == []


def test_digoxin_with_low_potassium_names_both() -> None:
    assert critical(medicine("digoxin"), result("potassium", "3.4")) == ["digoxin at low potassium"]


@pytest.mark.parametrize(("potassium", "limit", "critical"), [("3.4", "3.5", False), ("2.9", "3.0", True)])
def test_digoxin_with_low_potassium_leaves_its_value_to_the_potassium(
    potassium: str, limit: str, critical: bool
) -> None:
    safety = assess(patient(medicine("digoxin"), result("potassium", potassium)))
    said = [wording("en").say(hazard.because.phrase) for hazard in safety.hazards]
    assert "digoxin (medication order, 18 Feb 2026), arrhythmia risk with low potassium, and its level rises" in said
    assert f"potassium {potassium} mmol/L, 7 Mar 2026 (limit {limit})" in said
    assert len(safety.critical) == 1 + critical
    assert all("potassium" not in said_of or "limit" in said_of or "digoxin" in said_of for said_of in said)


def _monitors(*items: object) -> set[Monitor]:
    safety = assess(patient(*items))  # type: ignore[arg-type]
    return {monitor for hazard in (*safety.critical, *safety.warnings) for monitor in hazard.monitors}


def test_each_hazard_calls_for_its_own_tests() -> None:
    assert _monitors(medicine("amiodarone", "qt_interacting")) == {Monitor.ECG}
    assert _monitors(problem("immune_thrombocytopenia")) == {Monitor.BLOOD_COUNT}
    assert _monitors(result("platelets", "120")) == {Monitor.BLOOD_COUNT}
    assert _monitors(medicine("digoxin")) == {Monitor.ECG, Monitor.POTASSIUM}
    assert _monitors(result("qtc", "480")) == {Monitor.ECG}
    assert _monitors(result("potassium", "3.2")) == {Monitor.ECG, Monitor.MAGNESIUM, Monitor.POTASSIUM}
    assert _monitors(result("magnesium", "0.6")) == {Monitor.ECG, Monitor.MAGNESIUM}
    assert _monitors(result("calcium_ionized", "0.8")) == {Monitor.ECG}
    assert (
        _monitors(problem("g6pd_deficiency")) == _monitors(problem("thrombocytopenia_other")) == {Monitor.BLOOD_COUNT}
    )
    assert _monitors(problem("atrial_fibrillation")) == _monitors(problem("av_block")) == {Monitor.ECG}
    assert _monitors(problem("tinnitus")) == _monitors(problem("cirrhosis")) == set()
    assert _monitors(problem("long_qt")) == {Monitor.ECG}
    assert _monitors(problem("myasthenia_gravis")) == set()


def _result_as_received(value: str, received: str) -> LabResult:
    return as_received(result("magnesium", value), received)


def test_a_hazard_shows_the_value_its_date_and_how_it_was_received() -> None:
    (hazard,) = assess(
        patient(_result_as_received(str(ANALYTES["magnesium"].convert(Decimal("1.0"), "mg/dL")), "1.0 mg/dL"))
    ).critical
    assert wording("en").say(hazard.because.phrase) == "magnesium 1.0 mg/dL = 0.41 mmol/L, 7 Mar 2026 (limit 0.5)"
    assert wording("id").say(hazard.because.phrase) == "magnesium 1,0 mg/dL = 0,41 mmol/L, 7 Mar 2026 (batas 0,5)"
    assert str(hazard.because.source).startswith("Observation/magnesium-0.41")


def test_a_hazard_matched_by_name_says_so() -> None:
    by_name = replace(allergy("quinine"), concepts={"quinine": Match.NAME}, text="kina")
    (hazard,) = assessed(by_name).critical
    assert wording("en").say(hazard.because.phrase) == "quinine allergy (allergy list; by name)"
    dated = replace(by_name, recorded=instant(30))
    assert wording("en").say(assess(patient(dated)).label[0].because.phrase) == (
        "quinine allergy (allergy list, 8 Feb 2026; by name)"
    )


def test_an_allergy_by_code_says_where_it_is_recorded() -> None:
    (hazard,) = assessed(replace(allergy("quinine"), text="kina")).critical
    assert wording("en").say(hazard.because.phrase) == "quinine allergy (allergy list)"


def test_another_allergy_is_no_hazard() -> None:
    assert critical(allergy("penicillin")) == []


def test_unreadable_results_never_make_a_hazard() -> None:
    unreadable = replace(result("potassium", "2"), value=None, unusable="unit-impossible")
    assert critical(unreadable) == []
    assert isinstance(assess(Facts(today=TODAY)).critical, tuple)


# --- the second edition: QT drugs, each drug once, names that fit a summary


@pytest.mark.parametrize("ago", [20, 31])
def test_a_drug_of_two_effects_is_named_once_by_the_graver(ago: int) -> None:
    """Fluconazole raises quinine's level and prolongs the QT interval; an old order of it makes nothing critical."""
    fluconazole = medicine("fluconazole", "cyp3a4_modifiers", "qt_interacting", ago=ago)
    safety = assessed(fluconazole)
    (hazard,) = safety.hazards
    assert (len(safety.critical), hazard.because.phrase.key) == (int(ago == 20), "avoid_quinine.drug.qt")


def test_of_two_orders_of_one_drug_the_current_one_decides() -> None:
    old = medicine("amiodarone", "qt_interacting", ago=400, source="MedicationRequest/old")
    current = medicine("amiodarone", "qt_interacting")
    for orders in ((old, current), (current, old)):
        safety = assessed(*orders)
        assert ([h.because.source for h in safety.critical], safety.warnings) == (["MedicationRequest/amiodarone"], ())


@pytest.mark.parametrize("name", ["sertraline", "lithium"])
def test_a_drug_that_may_prolong_qt_is_a_line_but_not_on_the_skin(name: str) -> None:
    (hazard,) = assessed(medicine(name, "qt_possible")).warnings
    assert "may prolong QT too" in wording("en").say(hazard.because.phrase)
    assert hazard.monitors == (Monitor.ECG,)
    assert assessed(medicine(name, "qt_possible", route=Route.LOCAL)).warnings == ()


def test_primaquine_is_no_hazard() -> None:
    assert assessed(medicine("primaquine", "malaria_regimen")).hazards == ()


@pytest.mark.parametrize(
    ("concept", "said"),
    [
        ("haemoglobinuria", "UK contraindication"),
        ("tinnitus", "UK contraindication"),
        ("severe_liver_disease", "label: do not give"),
        ("g6pd_deficiency", "haemolysis (label warning)"),
        ("cirrhosis", "quinine levels rise"),
    ],
)
def test_a_warning_says_what_it_is(concept: str, said: str) -> None:
    (hazard,) = assessed(problem(concept)).warnings
    assert wording("en").say(hazard.because.phrase).endswith(f", {said}")


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_critical_reason_fits_a_summary(language: str) -> None:
    over = [replace(one, clinical="resolved") for one in LABEL if isinstance(one, Problem)]
    low = (result("potassium", "2.85"), result("magnesium", "0.45"), result("platelets", "9"), result("qtc", "480"))
    calcium = (result("calcium_ionized", "0.85"), result("calcium_albumin_corrected", "1.85"))
    bounds = [replace(one, comparator="<") for one in (*low[:3], *calcium)]
    drugs = [
        medicine("digoxin"),
        *(medicine(name, "qt_interacting") for name in ("hydroxychloroquine", "artemether-lumefantrine")),
    ]
    names = [
        wording(language).say(hazard.name)
        for items in ([LABEL[0]], LABEL[1:], over, low, *([one] for one in (*calcium, *bounds)), [*drugs, low[0]])
        for hazard in assess(patient(*items)).critical
    ]
    assert len(names) > 30
    assert [name for name in names if len(name) > 25] == []


@pytest.mark.parametrize("concept", ["hus", "long_qt"])
def test_a_record_of_malaria_and_of_another_contraindication_is_a_contraindication(concept: str) -> None:
    """Only blackwater fever is itself malaria."""
    assert len(assessed(problem("malaria", concept, ago=10)).label) == 1


def test_one_code_is_malaria_while_it_is_treated_and_blackwater_fever_afterwards() -> None:
    def both(**more: Any) -> Problem:
        return problem("malaria", "blackwater_fever", **more)

    assert assessed(both(ago=10)).label == ()
    assert assessed(both(clinical=None, ago=60)).label == ()
    for past in (both(clinical="resolved"), both(ago=181), both(clinical=None, ago=61)):
        assert named(assessed(past).label)[0].endswith("blackwater fever")
    assert named(assessed(both(ago=10), problem("blackwater_fever", clinical="resolved")).label) == [
        "past blackwater fever"
    ]
