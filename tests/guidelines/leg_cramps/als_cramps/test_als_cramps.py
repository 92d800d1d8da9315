"""Cramps in ALS: the options and their conflict; a warning only where a gabapentinoid may depress breathing."""

from dataclasses import replace

import pytest

from cds_service.catalogue import wording
from cds_service.decision import overrides
from cds_service.decision.phrases import Phrase
from cds_service.decision.recommendation import CannotTell, Decision, Indicator, NotAdvised
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.als_cramps.rule import RULE
from cds_service.patient.facts import Facts, Match, Medication
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt, Unread
from cds_service.settings import LANGUAGES
from tests.builders.facts import born, medicine, order, patient, problem, result
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
    assert shown(advise) == {
        a("first.stretch"),
        a("first.strengthening"),
        a("drugs.gabapentin"),
        a("drugs.mexiletine"),
        a("drugs.nice"),
        a("drugs.quinine"),
        a("drugs.quinine_reminder"),
        a("safety.creatinine"),
    }


def test_the_quinine_reminder_is_left_to_its_own_card_when_there_are_cramps() -> None:
    advise = advised(decide(patient(ALS, CRAMP)))
    assert a("drugs.quinine_reminder") not in shown(advise)
    assert a("drugs.quinine") in shown(advise)


def test_both_sides_of_the_quinine_conflict_are_cited() -> None:
    evidence = advised(decide(patient(ALS))).evidence
    assert {citations.NICE_NG42, citations.AAN_2010, citations.FDA_BOXED_WARNING} <= set(evidence)


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


def test_the_newest_egfr_counts() -> None:
    results = (result("egfr", "20", ago=100), result("egfr", "45", ago=5))
    assert advised(decide(patient(ALS, medications=(GABAPENTIN,), results=results))).indicator is Indicator.INFO


def test_a_low_egfr_without_a_gabapentinoid_is_info() -> None:
    assert advised(decide(patient(ALS, results=(result("egfr", "12"),)))).indicator is Indicator.INFO


def test_palliative_care_makes_it_info_again_and_says_why() -> None:
    palliative = problem("palliative_hospice")
    advise = advised(decide(patient(ALS, palliative, medications=(GABAPENTIN, MORPHINE))))
    assert advise.indicator is Indicator.INFO
    assert shown(advise) >= {a("safety.depressants"), a("safety.palliative")}
    assert advise.summary.key == a("summary.als")
    assert "Condition/palliative_hospice" in {fact.source for fact in advise.because}
    assert overrides.COMFORT in advise.override_reasons


def test_palliative_care_that_ended_does_not() -> None:
    over = problem("palliative_hospice", clinical="inactive")
    advise = advised(decide(patient(ALS, over, medications=(GABAPENTIN, MORPHINE))))
    assert advise.indicator is Indicator.WARNING


def test_the_warning_names_its_reasons_with_their_sources() -> None:
    facts = patient(ALS, medications=(GABAPENTIN, MORPHINE, DIAZEPAM), results=(result("egfr", "20"),))
    advise = advised(decide(facts))
    assert keys(advise.summary) == {
        a("summary.breathing_als"),
        "drug.gabapentin",
        a("risk.opioid"),
        a("risk.benzodiazepine"),
        a("risk.kidney"),
    }
    assert {fact.source for fact in advise.because} == {
        "Condition/als",
        "MedicationRequest/gabapentin",
        "MedicationRequest/morphine",
        "MedicationRequest/diazepam",
        "Observation/egfr-20-3",
    }
    assert shown(advise) >= {a("safety.depressants"), a("safety.kidney")}
    assert citations.FDA_GABAPENTIN_2019 in advise.evidence


def test_gabapentinoid_alone_is_a_line() -> None:
    assert a("safety.alone") in shown(advised(decide(patient(ALS, medications=(GABAPENTIN,)))))


def test_the_fda_warning_is_cited_only_with_a_gabapentinoid() -> None:
    assert citations.FDA_GABAPENTIN_2019 not in advised(decide(patient(ALS))).evidence


@pytest.mark.parametrize(("concepts", "family"), [(("als",), "als"), (("motor_neuron_disease",), "mnd")])
def test_the_who_code_is_worded_for_the_family(concepts: tuple[str, ...], family: str) -> None:
    assert advised(decide(patient(problem(*concepts)))).summary.key == a(f"summary.{family}")
    facts = patient(problem(*concepts), medications=(GABAPENTIN, MORPHINE))
    assert advised(decide(facts)).summary.key == a(f"summary.breathing_{family}")


@pytest.mark.parametrize("receipt", [Receipt.ABSENT, Receipt.FAILED, Receipt.PARTIAL])
def test_medicines_unknown_is_said_and_does_not_escalate(receipt: Receipt) -> None:
    advise = advised(decide(patient(ALS, medications=(GABAPENTIN,), medicationStatements=receipt)))
    assert advise.indicator is Indicator.INFO
    assert {a("unknown.medicines"), f"unknown.medicationStatements.{receipt.value}"} <= keys(advise.unknown)


def test_nothing_is_said_to_be_unknown_when_all_was_received() -> None:
    assert advised(decide(patient(ALS))).unknown == ()


def test_searched_and_empty_is_not_unknown() -> None:
    facts = patient(ALS, medicationRequests=Receipt.EMPTY, medicationStatements=Receipt.EMPTY)
    assert keys(advised(decide(facts)).unknown) == {
        "unknown.medicationRequests.empty",
        "unknown.medicationStatements.empty",
    }


def test_safety_comes_first_only_with_a_gabapentinoid() -> None:
    assert advised(decide(patient(ALS))).sections[0].heading.key == a("heading.first")
    with_gabapentin = advised(decide(patient(ALS, medications=(GABAPENTIN,))))
    assert with_gabapentin.sections[0].heading.key == a("heading.safety")


@pytest.mark.parametrize("receipt", [Receipt.ABSENT, Receipt.PARTIAL])
def test_an_egfr_that_may_be_in_what_did_not_come_is_not_known_and_not_denied(receipt: Receipt) -> None:
    found = keys(advised(decide(patient(ALS, medications=(GABAPENTIN,), observations=receipt))).unknown)
    assert {a("unknown.egfr_not_known"), f"unknown.observations.{receipt.value}"} <= found
    assert a("unknown.egfr") not in found


def test_no_egfr_is_said_only_with_a_gabapentinoid() -> None:
    assert a("unknown.egfr") in keys(advised(decide(patient(ALS, medications=(GABAPENTIN,)))).unknown)
    assert a("unknown.egfr") not in keys(advised(decide(patient(ALS))).unknown)


def test_appears_to_be_and_on_hold_are_said() -> None:
    held = medicine("gabapentin", "gabapentin", status="on-hold", match=Match.NAME)
    because = keys(advised(decide(patient(ALS, medications=(held,)))).because)
    assert because >= {"recorded.on_hold", "recorded.appears_to_be"}


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
    assert not [key for key in shown(advise) if key.startswith("als_cramps.first.")]


def test_gentle_stretch_and_no_strengthening_with_a_dvt() -> None:
    advise = advised(RULE.decide(patient(problem("als"), problem("dvt"))))
    assert {key for key in shown(advise) if key.startswith("als_cramps.first.")} == {"als_cramps.first.stretch_gentle"}


@pytest.mark.parametrize("unit", ["mL/min/1.73m2", "mL/min/{1.73_m2}", "mL/min/1.73m^2"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_egfr_is_in_our_unit_words(unit: str, language: str) -> None:
    low = as_received(result("egfr", "25"), f"25 {unit}")
    gabapentin = medicine("gabapentin", "gabapentin")
    advise = advised(RULE.decide(patient(problem("als"), medications=(gabapentin,), results=(low,))))
    said = [wording(language).say(fact.phrase) for fact in advise.because]
    assert any("eGFR 25 mL/min/1.73 m² " in one for one in said), said


def test_a_record_is_shown_as_what_it_counts_for() -> None:
    also = "restless_legs"
    said = keys(advised(decide(patient(problem(also, "als"), problem(also, "palliative_hospice")))).because)
    assert said == {"concept.als", "concept.palliative_hospice"}


def test_breathing_is_no_matter_of_safety_without_a_gabapentinoid() -> None:
    facts = patient(ALS, medications=(MORPHINE,), results=(result("egfr", "12"),))
    assert not shown(advised(decide(facts))) & {a("safety.kidney"), a("safety.depressants"), a("safety.alone")}


@pytest.mark.parametrize(
    ("query", "concept", "named"),
    [
        ("conditions", "als", True),
        ("conditions", "motor_neuron_disease", True),
        ("conditions", "palliative_hospice", True),
        ("conditions", "tinnitus", False),
        ("medicationRequests", "gabapentin", True),
        ("medicationRequests", "pregabalin", True),
        ("medicationStatements", "opioid", True),
        ("medicationStatements", "benzodiazepine", True),
        ("medicationStatements", "anticoagulant", False),
        ("observations", "egfr", True),
        ("observations", "qtc", False),
    ],
)
def test_an_unread_entry_is_named_where_it_may_matter(query: str, concept: str, *, named: bool) -> None:
    unread = Unread("Something/9", query, "not-readable", frozenset({concept}))
    advise = advised(decide(patient(ALS, unread=(unread,))))
    assert ("unknown.unread" in keys(advise.unknown)) is named


def test_a_newer_egfr_that_could_not_be_used_is_named_once_and_only_with_a_gabapentinoid() -> None:
    unusable = replace(result("egfr", "20", ago=1), value=None, unusable="no-unit", received="20")
    older = replace(unusable, source="Observation/2", moment=result("egfr", "20", ago=2).moment)
    potassium = replace(unusable, source="Observation/3", analyte="potassium")
    results = (result("egfr", "45"), unusable, older, potassium)
    advise = advised(decide(patient(ALS, medications=(GABAPENTIN,), results=results)))
    said = [wording("en").say(line) for line in advise.unknown]
    assert said == ["A newer eGFR: eGFR 20, 9 Mar 2026: could not be used (no unit; none is assumed)"]
    assert advised(decide(patient(ALS, results=results))).unknown == ()


def test_a_medicine_of_two_opioids_is_one_fact() -> None:
    both = replace(MORPHINE, ingredients=(*MORPHINE.ingredients, *medicine("codeine", "opioid").ingredients))
    because = advised(decide(patient(ALS, medications=(GABAPENTIN, both)))).because
    assert [fact.source for fact in because].count(MORPHINE.source) == 1
