"""Cramps in ALS: the options and their conflict; a warning only where a gabapentinoid may depress breathing."""

from dataclasses import replace

import pytest

from cds_service.catalogue import wording
from cds_service.decision import overrides
from cds_service.decision.phrases import Phrase
from cds_service.decision.recommendation import CannotTell, Decided, Decision, Indicator, NotAdvised, leaflet
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.als_cramps.rule import RULE
from cds_service.patient.facts import Facts, Match, Medication, Problem
from cds_service.patient.moments import Moment
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt, Unread
from tests.builders.facts import born, lab, medicine, order, part_of, patient, problem, result
from tests.builders.labs import as_received
from tests.builders.said import advised, keys, shown

ALS = problem("als")
CRAMP = problem("cramp_leg")
GABAPENTIN = medicine("gabapentin", "gabapentin")
PREGABALIN = medicine("pregabalin", "pregabalin")
MORPHINE = medicine("morphine", "opioid")
DIAZEPAM = medicine("diazepam", "benzodiazepine")


def decide(facts: Facts) -> Decision:
    return RULE.decide(facts)


def a(key: str) -> str:
    return f"als_cramps.{key}"


def test_als_alone_is_info_and_says_all() -> None:
    advise = advised(decide(patient(ALS)))
    assert advise.indicator is Indicator.INFO
    assert advise.summary.key == a("summary.als")
    assert [line.key for line in advise.act] == [  # type: ignore[union-attr]
        a("act.stretch"),
        a("act.gabapentin"),
        a("act.specialist"),
        a("act.quinine"),
    ]


@pytest.mark.parametrize(
    ("problems", "name"),
    [((), "als"), ((problem("dvt"),), "when-to-call-a-doctor"), ((problem("pregnancy"),), "als")],
)
def test_the_leaflet_is_for_patient_and_carer_unless_its_stretches_would_harm(
    problems: tuple[Problem, ...], name: str
) -> None:
    assert advised(decide(patient(ALS, *problems))).leaflet == leaflet(name)


def test_the_quinine_line_is_the_reminder_with_cramps_too() -> None:
    assert a("act.quinine") in shown(advised(decide(patient(ALS, CRAMP))))


def test_both_sides_of_the_quinine_conflict_are_cited() -> None:
    cited = Decided(RULE, decide(patient(ALS))).cited
    assert {citations.NICE_NG42, citations.AAN_2010, citations.FDA_BOXED_WARNING} <= set(cited)


@pytest.mark.parametrize(
    ("medications", "indicator"),
    [
        ((), Indicator.INFO),
        ((GABAPENTIN,), Indicator.INFO),
        ((PREGABALIN,), Indicator.INFO),
        ((MORPHINE, DIAZEPAM), Indicator.INFO),
        ((GABAPENTIN, MORPHINE), Indicator.WARNING),
        ((GABAPENTIN, DIAZEPAM), Indicator.WARNING),
        ((PREGABALIN, MORPHINE), Indicator.WARNING),
        ((PREGABALIN, DIAZEPAM), Indicator.WARNING),
        ((GABAPENTIN, medicine("morphine", "opioid", status="stopped")), Indicator.INFO),
        ((medicine("gabapentin", "gabapentin", status="stopped"), MORPHINE), Indicator.INFO),
        ((GABAPENTIN, medicine("baclofen", "baclofen")), Indicator.INFO),
    ],
)
def test_warns_on_a_gabapentinoid_with_a_depressant(medications: tuple[Medication, ...], indicator: Indicator) -> None:
    assert advised(decide(patient(ALS, medications=medications))).indicator is indicator


@pytest.mark.parametrize(
    ("value", "comparator", "days", "indicator"),
    [
        ("29.9", None, 10, Indicator.WARNING),
        ("30", None, 10, Indicator.INFO),
        ("30.1", None, 10, Indicator.INFO),
        ("30", "<", 10, Indicator.WARNING),
        ("30", "<=", 10, Indicator.INFO),
        ("60", "<", 10, Indicator.INFO),
        ("15", ">", 10, Indicator.INFO),
        ("29", None, 365, Indicator.WARNING),
        ("29", None, 366, Indicator.INFO),
    ],
)
def test_warns_on_a_gabapentinoid_with_an_egfr_below_30_within_12_months(
    value: str, comparator: str | None, days: int, indicator: Indicator
) -> None:
    facts = patient(ALS, medications=(GABAPENTIN,), results=(result("egfr", value, comparator=comparator, ago=days),))
    assert advised(decide(facts)).indicator is indicator


@pytest.mark.parametrize(
    ("month", "counts"),
    [(part_of(2025, 4), True), (part_of(2025, 3), False)],  # its first day is 343, 374 days ago
)
def test_an_egfr_known_to_the_month_counts_while_all_of_it_is_within_12_months(month: Moment, counts: bool) -> None:
    advise = advised(decide(patient(ALS, GABAPENTIN, lab("egfr", "20 mL/min/1.73m2", moment=month))))
    assert (advise.indicator is Indicator.WARNING) is counts
    assert (a("unknown.egfr") in keys(advise.unknown)) is not counts


def test_an_egfr_of_which_only_the_year_is_known_warns_of_nothing_and_is_named() -> None:
    advise = advised(decide(patient(ALS, GABAPENTIN, lab("egfr", "20 mL/min/1.73m2", moment=part_of(2026)))))
    assert advise.indicator is Indicator.INFO
    assert {a("unknown.egfr"), "lab.not_used"} <= keys(advise.unknown)


def test_the_newest_egfr_counts() -> None:
    results = (result("egfr", "20", ago=100), result("egfr", "45", ago=5))
    assert advised(decide(patient(ALS, medications=(GABAPENTIN,), results=results))).indicator is Indicator.INFO


@pytest.mark.parametrize(("value", "named"), [("29", True), ("30", False), ("60", False)])
def test_only_a_low_egfr_is_named_beside_a_gabapentinoid(value: str, *, named: bool) -> None:
    egfr = result("egfr", value)
    advise = advised(decide(patient(ALS, GABAPENTIN, MORPHINE, egfr)))
    assert (egfr.source in {fact.source for fact in advise.why}) is named


def test_without_a_gabapentinoid_neither_a_low_egfr_nor_an_opioid_is_on_the_card() -> None:
    advise = advised(decide(patient(ALS, MORPHINE, result("egfr", "12"))))
    assert advise.indicator is Indicator.INFO
    assert [fact.source for fact in advise.why] == [ALS.source]


def test_palliative_care_makes_it_info_again_and_says_why() -> None:
    palliative = problem("palliative_hospice")
    advise = advised(decide(patient(ALS, palliative, medications=(GABAPENTIN, MORPHINE))))
    assert advise.indicator is Indicator.INFO
    assert a("act.palliative") in shown(advise)
    assert keys(advise.summary) == {a("summary.palliative_als"), "drug.gabapentin", "drug.morphine"}
    assert "Condition/palliative_hospice" in {fact.source for fact in advise.why}
    assert overrides.COMFORT in advise.override_reasons


def test_in_palliative_care_several_risks_leave_room_for_the_relief_too() -> None:
    palliative = problem("palliative_hospice")
    advise = advised(decide(patient(ALS, palliative, GABAPENTIN, MORPHINE, result("egfr", "20"))))
    assert advise.summary.key == a("summary.palliative_als")


def test_palliative_care_that_ended_does_not() -> None:
    over = problem("palliative_hospice", clinical="inactive")
    advise = advised(decide(patient(ALS, over, medications=(GABAPENTIN, MORPHINE))))
    assert advise.indicator is Indicator.WARNING


def test_the_warning_names_its_reasons_with_their_sources() -> None:
    facts = patient(ALS, medications=(GABAPENTIN, MORPHINE, DIAZEPAM), results=(result("egfr", "20"),))
    advise = advised(decide(facts))
    assert keys(advise.summary) == {
        a("summary.breathing_short_als"),
        "drug.gabapentin",
        a("risk.opioid"),
        a("risk.benzodiazepine"),
        a("risk.kidney"),
    }
    assert {fact.source for fact in advise.why} == {
        "Condition/als",
        "MedicationRequest/gabapentin",
        "MedicationRequest/morphine",
        "MedicationRequest/diazepam",
        "Observation/egfr-20-3",
    }
    assert advise.act[0].key == a("act.breathing")  # type: ignore[union-attr]
    assert citations.FDA_GABAPENTIN_2019 in Decided(RULE, advise).cited


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ((GABAPENTIN, MORPHINE), "gabapentin with morphine, "),
        ((GABAPENTIN, MORPHINE, DIAZEPAM), "gabapentin with opioid and benzodiazepine, "),
        ((GABAPENTIN, MORPHINE, medicine("codeine", "opioid")), "gabapentin with opioid, "),
        ((GABAPENTIN, PREGABALIN, DIAZEPAM), "gabapentinoids with diazepam, "),
        ((PREGABALIN, MORPHINE, result("egfr", "29")), "pregabalin with morphine and eGFR below 30, "),
        ((PREGABALIN, result("egfr", "29")), "pregabalin with eGFR below 30, "),
    ],
)
def test_one_drug_is_named_and_several_by_their_class(records: tuple[object, ...], said: str) -> None:
    advise = advised(decide(patient(ALS, *records)))
    assert wording("en").say(advise.summary).startswith(f"ALS: {said}risk of respiratory depression")


def test_a_warning_has_a_shorter_summary_and_any_other_card_none() -> None:
    assert advised(decide(patient(ALS, GABAPENTIN))).shorter is None
    warned = advised(decide(patient(ALS, GABAPENTIN, MORPHINE)))
    assert warned.shorter is not None
    assert wording("en").say(warned.shorter) == (
        "ALS: gabapentin with morphine, risk of respiratory depression (FDA 2019). Check breathing."
    )


def test_the_trials_and_guidelines_are_cited_with_a_gabapentinoid_too() -> None:
    without, beside = (Decided(RULE, decide(patient(ALS, *more))).cited for more in ((), (GABAPENTIN,)))
    assert set(beside) == {citations.FDA_GABAPENTIN_2019, *without}
    assert set(without) == set(RULE.evidence) - {citations.FDA_GABAPENTIN_2019, citations.BORDONI_2020}


def test_gabapentinoid_alone_is_a_line() -> None:
    assert a("act.gabapentinoid_alone") in shown(advised(decide(patient(ALS, medications=(GABAPENTIN,)))))


def test_the_fda_warning_is_cited_only_with_a_gabapentinoid() -> None:
    assert citations.FDA_GABAPENTIN_2019 not in Decided(RULE, decide(patient(ALS))).cited


@pytest.mark.parametrize(("concepts", "family"), [(("als",), "als"), (("motor_neuron_disease",), "mnd")])
def test_the_who_code_is_worded_for_the_family(concepts: tuple[str, ...], family: str) -> None:
    assert advised(decide(patient(problem(*concepts)))).summary.key == a(f"summary.{family}")
    facts = patient(problem(*concepts), medications=(GABAPENTIN, MORPHINE))
    assert advised(decide(facts)).summary.key == a(f"summary.breathing_{family}")


def test_a_chart_that_names_als_and_the_family_is_of_als() -> None:
    assert advised(decide(patient(problem("motor_neuron_disease"), ALS))).summary.key == a("summary.als")


@pytest.mark.parametrize("receipt", [Receipt.ABSENT, Receipt.FAILED, Receipt.PARTIAL])
def test_medicines_unknown_is_said_and_does_not_escalate(receipt: Receipt) -> None:
    advise = advised(decide(patient(ALS, medications=(GABAPENTIN,), medicationStatements=receipt)))
    assert advise.indicator is Indicator.INFO
    assert f"unknown.medicationStatements.{receipt.value}" in keys(advise.unknown)


def test_of_a_warning_only_what_could_change_it_is_not_known() -> None:
    warned = (ALS, GABAPENTIN, MORPHINE, result("egfr", "50"))
    assert advised(decide(patient(*warned, medicationStatements=Receipt.ABSENT))).unknown == ()
    unknown = advised(decide(patient(*warned, conditions=Receipt.PARTIAL))).unknown
    assert keys(unknown) == {"unknown.conditions.partial"}


def test_nothing_is_said_to_be_unknown_when_all_was_received() -> None:
    assert advised(decide(patient(ALS))).unknown == ()


def test_searched_and_empty_is_not_unknown() -> None:
    facts = patient(ALS, medicationRequests=Receipt.EMPTY, medicationStatements=Receipt.EMPTY)
    assert advised(decide(facts)).unknown == ()


def test_breathing_comes_first_only_with_a_gabapentinoid() -> None:
    assert advised(decide(patient(ALS))).act[0].key == a("act.stretch")  # type: ignore[union-attr]
    with_gabapentin = advised(decide(patient(ALS, GABAPENTIN)))
    assert with_gabapentin.act[0].key == a("act.gabapentinoid_alone")  # type: ignore[union-attr]


@pytest.mark.parametrize("receipt", [Receipt.ABSENT, Receipt.PARTIAL])
def test_an_egfr_that_may_be_in_what_did_not_come_is_not_known_and_not_denied(receipt: Receipt) -> None:
    found = keys(advised(decide(patient(ALS, medications=(GABAPENTIN,), observations=receipt))).unknown)
    assert f"unknown.observations.{receipt.value}" in found
    assert a("unknown.egfr") not in found


def test_no_egfr_is_said_only_with_a_gabapentinoid() -> None:
    assert a("unknown.egfr") in keys(advised(decide(patient(ALS, medications=(GABAPENTIN,)))).unknown)
    assert a("unknown.egfr") not in keys(advised(decide(patient(ALS))).unknown)


def test_appears_to_be_and_on_hold_are_said() -> None:
    held = medicine("gabapentin", "gabapentin", status="on-hold", match=Match.NAME)
    because = keys(advised(decide(patient(ALS, medications=(held,)))).why)
    assert because >= {"recorded.on_hold", "recorded.by_name"}


def test_no_als_is_not_advised_and_unknown_is_not_told() -> None:
    assert decide(patient(CRAMP)) == NotAdvised(Phrase(a("reason.no_als")))
    assert isinstance(decide(patient(CRAMP, conditions=Receipt.PARTIAL)), CannotTell)
    unread = Unread("Condition/9", "conditions", "not-readable", frozenset({"als"}))
    assert isinstance(decide(patient(unread=(unread,))), CannotTell)


@pytest.mark.parametrize("clinical", ["resolved", "inactive", "remission"])
def test_als_must_be_active(clinical: str) -> None:
    assert isinstance(decide(patient(problem("als", clinical=clinical))), NotAdvised)


def test_under_18_is_not_advised() -> None:
    assert keys(decide(patient(ALS, person=born(2008, 3, 11)))) == {a("reason.under_18")}
    advised(decide(patient(ALS, person=born(2008, 3, 10))))


def test_age_unknown_is_said() -> None:
    assert "common.age_unknown" in keys(advised(decide(patient(ALS, person=Person()))).unknown)


def test_offers_neurology_once() -> None:
    advise = advised(decide(patient(ALS)))
    assert [one.action.codings[0][1] for one in advise.suggestions] == ["308474002"]  # type: ignore[union-attr]
    assert advised(decide(patient(ALS, orders=(order("neurology_referral"),)))).suggestions == ()


@pytest.mark.parametrize("concept", ["compartment_syndrome", "rhabdomyolysis", "critical_limb_ischaemia"])
def test_no_stretch_while_muscle_or_limb_is_at_risk(concept: str) -> None:
    advise = advised(RULE.decide(patient(problem("als"), problem(concept))))
    assert not [key for key in shown(advise) if key.startswith("als_cramps.act.stretch")]


def test_gentle_stretch_and_no_strengthening_with_a_dvt() -> None:
    advise = advised(RULE.decide(patient(problem("als"), problem("dvt"))))
    assert {key for key in shown(advise) if key.startswith("als_cramps.act.stretch")} == {
        "als_cramps.act.stretch_gentle"
    }


@pytest.mark.parametrize("unit", ["mL/min/1.73m2", "mL/min/{1.73_m2}", "mL/min/1.73m^2"])
@pytest.mark.parametrize(("language", "shown_as"), [("en", "mL/min/1.73 m²"), ("id", "mL/menit/1,73 m²")])
def test_the_egfr_is_in_our_unit_words(unit: str, language: str, shown_as: str) -> None:
    low = as_received(result("egfr", "25"), f"25 {unit}")
    gabapentin = medicine("gabapentin", "gabapentin")
    advise = advised(RULE.decide(patient(problem("als"), medications=(gabapentin,), results=(low,))))
    said = [wording(language).say(fact.phrase) for fact in advise.why]
    assert any(one.startswith(f"eGFR 25 {shown_as}, ") for one in said), said


def test_a_record_is_shown_as_what_it_counts_for() -> None:
    also = "restless_legs"
    said = keys(advised(decide(patient(problem(also, "als"), problem(also, "palliative_hospice")))).why)
    assert {key for key in said if key.startswith("concept.")} == {"concept.als", "concept.palliative_hospice"}


def test_breathing_is_no_matter_of_safety_without_a_gabapentinoid() -> None:
    facts = patient(ALS, medications=(MORPHINE,), results=(result("egfr", "12"),))
    assert not shown(advised(decide(facts))) & {a("act.breathing"), a("act.gabapentinoid_alone")}


@pytest.mark.parametrize(
    ("query", "concept", "named"),
    [
        ("conditions", "palliative_hospice", False),
        ("medicationRequests", "gabapentin", True),
        ("medicationRequests", "pregabalin", True),
        ("medicationStatements", "opioid", True),
        ("medicationStatements", "benzodiazepine", True),
        ("medicationStatements", "anticoagulant", False),
        ("observations", "egfr", False),
    ],
)
def test_an_unread_entry_is_named_where_it_may_matter(query: str, concept: str, *, named: bool) -> None:
    unread = Unread("Something/9", query, "not-readable", frozenset({concept}))
    advise = advised(decide(patient(ALS, unread=(unread,))))
    assert ("unknown.unread_count" in keys(advise.unknown)) is named


def test_a_newer_egfr_that_could_not_be_used_is_named_once_and_only_with_a_gabapentinoid() -> None:
    unusable = replace(result("egfr", "20", ago=1), value=None, unusable="no-unit", received="20")
    older = replace(unusable, source="Observation/2", moment=result("egfr", "20", ago=2).moment)
    potassium = replace(unusable, source="Observation/3", analyte="potassium")
    results = (result("egfr", "45"), unusable, older, potassium)
    advise = advised(decide(patient(ALS, medications=(GABAPENTIN,), results=results)))
    said = [wording("en").say(line) for line in advise.unknown]
    assert said == ["eGFR 20, 9 Mar 2026: not used (no unit)"]
    assert advised(decide(patient(ALS, results=results))).unknown == ()


def test_a_medicine_of_two_opioids_is_one_fact() -> None:
    both = replace(MORPHINE, ingredients=(*MORPHINE.ingredients, *medicine("codeine", "opioid").ingredients))
    because = advised(decide(patient(ALS, medications=(GABAPENTIN, both)))).why
    assert [fact.source for fact in because].count(MORPHINE.source) == 1


@pytest.mark.parametrize("drug", [GABAPENTIN, PREGABALIN])
def test_beside_a_gabapentinoid_the_kidney_is_spoken_of_once(drug: Medication) -> None:
    act = [wording("en").value(one) for one in advised(decide(patient(ALS, drug))).act]
    assert act[0].startswith(f"**With {drug.text}:**")
    assert sum("renal" in line for line in act) == 1


def test_two_risks_to_breathing_are_the_whole_summary() -> None:
    both = advised(decide(patient(ALS, GABAPENTIN, MORPHINE, result("egfr", "24"))))
    assert wording("en").say(both.summary) == (
        "ALS: gabapentin with morphine and eGFR below 30, risk of respiratory depression (FDA 2019). Check breathing."
    )
    for one in (MORPHINE, result("egfr", "24")):
        assert wording("en").say(advised(decide(patient(ALS, GABAPENTIN, one))).summary).endswith("only an adjunct.")
