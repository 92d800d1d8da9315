"""Stretching first: fires on a cramp problem or ALS, and leaves out what would harm this patient."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cds_service.decision.recommendation import CannotTell, Decision, Indicator, NotAdvised, leaflet
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.stretching.plan import case_of
from cds_service.guidelines.leg_cramps.stretching.rule import RULE
from cds_service.patient.facts import Facts, Match, Problem
from cds_service.patient.moments import Moment, Precision
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt, Unread
from tests.builders.facts import ADULT, born, days_ago, medicine, order, patient, problem
from tests.builders.said import advised, keys, shown, values_of

CRAMP = problem("cramp_leg")
NIGHT = problem("cramp_leg_nocturnal")
HEAT_CRAMP = problem("cramp_exercise_heat")
ALS = problem("als")


def decide(facts: Facts) -> Decision:
    return RULE.decide(facts)


def s(key: str) -> str:
    return f"stretching_first.{key}"


@pytest.mark.parametrize("concept", ["cramp_leg", "cramp_leg_nocturnal", "cramp_exercise_heat", "cramp_any", "als"])
def test_fires_on_every_cramp_problem_and_on_als(concept: str) -> None:
    advise = advised(decide(patient(problem(concept))))
    assert advise.indicator is Indicator.INFO
    assert advise.because[0].source == f"Condition/{concept}"


@pytest.mark.parametrize("clinical", ["inactive", "remission", "resolved"])
def test_is_silent_on_a_cramp_that_is_over(clinical: str) -> None:
    decision = decide(patient(problem("cramp_leg", clinical=clinical)))
    assert decision == NotAdvised(decision.reason)  # type: ignore[union-attr]
    assert keys(decision) == {s("reason.no_cramps")}


@pytest.mark.parametrize("verification", ["refuted", "entered-in-error"])
def test_is_silent_on_a_cramp_that_is_not_true(verification: str) -> None:
    assert keys(decide(patient(problem("cramp_leg", verification=verification)))) == {s("reason.no_cramps")}


def test_a_cramp_elsewhere_is_no_leg_cramp() -> None:
    assert keys(decide(patient(problem("cramp_any", body_site="hand")))) == {s("reason.no_cramps")}


@pytest.mark.parametrize(("days", "fires"), [(179, True), (180, True), (181, False)])
def test_a_cramp_without_status_counts_for_180_days(days: int, *, fires: bool) -> None:
    decision = decide(patient(problem("cramp_leg", clinical=None, onset=days_ago(days))))
    assert isinstance(decision, NotAdvised) is not fires


@pytest.mark.parametrize("receipt", [Receipt.PARTIAL, Receipt.FAILED, Receipt.ABSENT])
def test_cannot_tell_without_the_whole_problem_list(receipt: Receipt) -> None:
    decision = decide(patient(conditions=receipt))
    assert isinstance(decision, CannotTell)
    assert keys(decision) == {f"unknown.conditions.{receipt.value}"}


def test_known_empty_is_not_unknown() -> None:
    assert isinstance(decide(patient(conditions=Receipt.EMPTY)), NotAdvised)


def test_cannot_tell_when_an_entry_that_may_be_a_cramp_was_unreadable() -> None:
    unread = Unread("conditions[3]", "conditions", "not-readable", frozenset({"cramp_leg"}))
    assert isinstance(decide(patient(unread=(unread,))), CannotTell)


def test_an_unreadable_entry_of_something_else_does_not_matter() -> None:
    unread = Unread("conditions[3]", "conditions", "not-readable", frozenset({"tinnitus"}))
    assert isinstance(decide(patient(unread=(unread,))), NotAdvised)


def test_part_of_the_problem_list_with_a_cramp_still_advises_and_says_so() -> None:
    advise = advised(decide(patient(CRAMP, conditions=Receipt.PARTIAL)))
    assert "unknown.conditions.partial" in keys(advise.unknown)


@pytest.mark.parametrize(
    ("person", "advised_at_all"),
    [
        (born(2008, 3, 11), False),  # 17, eighteen tomorrow
        (born(2008, 3, 10), True),  # 18 today
        (born(2008, 3, 9), True),
        (Person(), True),
    ],
)
def test_under_18_is_not_advised(person: Person, *, advised_at_all: bool) -> None:
    decision = decide(patient(CRAMP, person=person))
    if advised_at_all:
        advised(decision)
    else:
        assert keys(decision) == {s("reason.under_18")}


def test_age_not_known_is_said() -> None:
    assert "common.age_unknown" in keys(advised(decide(patient(CRAMP, person=Person()))).unknown)
    assert "common.age_unknown" not in keys(advised(decide(patient(CRAMP))).unknown)


@pytest.mark.parametrize(("year", "asks"), [(1962, False), (1961, True), (1960, True)])
def test_falls_are_asked_about_from_65(year: int, *, asks: bool) -> None:
    advise = advised(decide(patient(CRAMP, person=born(year, 3, 10))))  # 64, 65 and 66 today
    assert (s("prevention.seated_older") in shown(advise)) is asks
    assert (s("prevention.seated") in shown(advise)) is not asks


def test_falls_are_asked_about_only_when_certainly_65() -> None:
    start, end = datetime(1960, 7, 1, tzinfo=UTC), datetime(1961, 7, 31, tzinfo=UTC)  # 64 or 65 today
    advise = advised(decide(patient(CRAMP, person=Person(Moment(start, end, Precision.YEAR)))))
    assert s("prevention.seated") in shown(advise)


def test_ordinary_case_says_every_part_in_order() -> None:
    advise = advised(decide(patient(NIGHT)))
    assert [section.heading.key for section in advise.sections] == [
        s("heading.now"),
        s("heading.prevention"),
        s("heading.drugs"),
    ]
    assert shown(advise) >= {
        s("now.stretch"),
        s("now.massage"),
        s("now.heat"),
        s("prevention.bedtime"),
        s("prevention.splint"),
        s("prevention.calf_raises"),
        s("drugs.not_first"),
        s("drugs.electrolytes"),
        s("drugs.vitamins"),
    }
    assert advise.summary.key == s("summary.cramp")
    assert advise.leaflet == leaflet("leg-cramps")
    assert citations.GARRISON_2012 not in advise.evidence
    assert citations.LUO_2020 not in advise.evidence
    assert citations.HAWKE_2021 in advise.evidence


def test_als_without_cramps_is_worded_if_cramps_occur() -> None:
    advise = advised(decide(patient(ALS)))
    assert advise.summary.key == s("summary.als")
    assert shown(advise) >= {
        s("now.stretch_assisted"),
        s("prevention.bedtime_assisted"),
        s("prevention.strengthening_als"),
        s("drugs.not_first_als"),
    }
    assert not shown(advise) & {s("now.stretch"), s("prevention.calf_raises"), s("prevention.bedtime")}
    assert advise.leaflet is None


def test_the_who_code_is_worded_for_the_family() -> None:
    assert advised(decide(patient(problem("motor_neuron_disease")))).summary.key == s("summary.mnd")
    both = problem("als", "motor_neuron_disease")
    assert advised(decide(patient(both))).summary.key == s("summary.als")


def test_als_with_cramps_keeps_the_cramp_summary() -> None:
    advise = advised(decide(patient(ALS, CRAMP)))
    assert advise.summary.key == s("summary.cramp")
    assert s("prevention.calf_raises") not in shown(advise)


@pytest.mark.parametrize(
    "concept", ["peripheral_neuropathy", "diabetic_neuropathy", "chronic_pad", "critical_limb_ischaemia"]
)
def test_no_heat_and_no_splint_where_sensation_or_perfusion_is_impaired(concept: str) -> None:
    advise = advised(decide(patient(CRAMP, problem(concept))))
    assert not shown(advise) & {s("now.heat"), s("prevention.splint")}
    assert f"Condition/{concept}" in {fact.source for fact in advise.because}


def test_of_several_reasons_against_heat_one_of_each_kind_is_named() -> None:
    impaired = ("diabetic_neuropathy", "peripheral_neuropathy", "critical_limb_ischaemia", "chronic_pad")
    found = case_of(patient(CRAMP, *map(problem, impaired))).impaired
    assert [concept.name for concept in found] == [impaired[0], impaired[2]]


def test_why_there_is_no_heat_is_said() -> None:
    advise = advised(decide(patient(CRAMP, problem("diabetic_neuropathy"), problem("chronic_pad"))))
    assert shown(advise) >= {s("now.no_heat"), s("prevention.no_splint")}
    assert keys(values_of(advise, s("now.no_heat"))["why"]) == {"concept.diabetic_neuropathy", "concept.chronic_pad"}


@pytest.mark.parametrize("concept", ["diabetes", "ckd", "hypokalaemia"])
def test_diabetes_without_neuropathy_leaves_heat_and_splint(concept: str) -> None:
    advise = advised(decide(patient(CRAMP, problem(concept))))
    assert shown(advise) >= {s("now.heat"), s("prevention.splint")}


@pytest.mark.parametrize("medications", [(), (medicine("apixaban", "anticoagulant"),)])
def test_active_dvt_no_massage_heat_or_calf_raises_anticoagulated_or_not(medications: tuple[()]) -> None:
    advise = advised(decide(patient(CRAMP, problem("dvt"), medications=medications)))
    assert s("hold.dvt") in shown(advise)
    assert not shown(advise) & {
        s("now.massage"),
        s("now.heat"),
        s("prevention.calf_raises"),
        s("prevention.splint"),
    }
    assert shown(advise) >= {s("now.stretch_alone"), s("prevention.bedtime")}
    assert advise.summary.key == s("summary.dvt")
    assert advise.leaflet == leaflet("when-to-call-a-doctor")


def test_a_dvt_that_is_over_changes_nothing() -> None:
    advise = advised(decide(patient(CRAMP, problem("dvt", clinical="resolved"))))
    assert s("now.massage") in shown(advise)


def test_one_sided_swelling_waits_until_dvt_is_excluded() -> None:
    swelling = problem("limb_swelling", "limb_swelling_one_sided")
    advise = advised(decide(patient(CRAMP, swelling)))
    assert s("hold.limb_swelling") in shown(advise)
    assert s("now.massage") not in shown(advise)
    both = advised(decide(patient(CRAMP, problem("limb_swelling"))))
    assert s("now.massage") in shown(both)


@pytest.mark.parametrize("concept", ["compartment_syndrome", "rhabdomyolysis", "critical_limb_ischaemia"])
def test_muscle_or_limb_at_risk_is_assessed_first(concept: str) -> None:
    advise = advised(decide(patient(CRAMP, problem(concept))))
    assert advise.sections[0].lines[0].key == s(f"hold.{concept}")  # type: ignore[union-attr]
    assert s("heading.prevention") not in {section.heading.key for section in advise.sections}
    assert advise.summary.key == s("summary.at_risk")
    assert not [key for key in shown(advise) if key.startswith((s("now.stretch"), s("prevention")))]
    assert advise.suggestions == ()


@pytest.mark.parametrize("concept", ["compartment_syndrome", "rhabdomyolysis", "critical_limb_ischaemia"])
@pytest.mark.parametrize("others", [(ALS,), (ALS, CRAMP), (HEAT_CRAMP,), (CRAMP, problem("dvt"))])
def test_nothing_tells_to_stretch_a_muscle_or_limb_at_risk(concept: str, others: tuple[Problem, ...]) -> None:
    advise = advised(decide(patient(problem(concept), *others)))
    assert advise.summary.key == s("summary.at_risk")
    assert not [key for key in shown(advise) if key.startswith((s("now.stretch"), s("prevention")))]
    assert s("now.exercise") not in shown(advise)
    assert (s("now.exercise_at_risk") in shown(advise)) is (HEAT_CRAMP in others)
    assert advise.suggestions == ()


@pytest.mark.parametrize(
    ("cramps", "summary"), [((), "summary.als_gentle"), ((CRAMP,), "summary.dvt")], ids=["ALS alone", "with cramps"]
)
def test_als_with_a_dvt_is_stretched_gently_and_not_strengthened(cramps: tuple[Problem, ...], summary: str) -> None:
    advise = advised(decide(patient(ALS, *cramps, problem("dvt"))))
    assert s("now.stretch_assisted_gentle") in shown(advise)
    assert not shown(advise) & {s("now.stretch_assisted"), s("now.stretch"), s("prevention.strengthening_als")}
    assert advise.summary.key == s(summary)


@pytest.mark.parametrize("concept", ["dvt", "limb_swelling_one_sided"])
def test_with_a_thrombosis_only_teaching_is_offered(concept: str) -> None:
    advise = advised(decide(patient(CRAMP, problem(concept))))
    assert [one.action.codings[0][1] for one in advise.suggestions] == ["311401005"]  # type: ignore[union-attr]


def test_one_sided_swelling_has_its_own_summary() -> None:
    swelling = problem("limb_swelling", "limb_swelling_one_sided")
    assert advised(decide(patient(CRAMP, swelling))).summary.key == s("summary.limb_swelling")


def test_exercise_or_heat_cramp_has_its_own_plan() -> None:
    advise = advised(decide(patient(HEAT_CRAMP)))
    assert advise.summary.key == s("summary.exercise")
    assert shown(advise) >= {
        s("now.exercise"),
        s("now.heat_illness"),
        s("now.stretch"),
        s("now.massage"),
        s("now.no_heat_in_exercise"),
        s("prevention.calf_raises"),
    }
    assert not shown(advise) & {
        s("now.heat"),
        s("prevention.bedtime"),
        s("prevention.splint"),
        s("drugs.electrolytes"),
        s("drugs.vitamins"),
    }
    assert advise.leaflet == leaflet("during-a-cramp")


def test_heat_cramp_beside_night_cramps_keeps_the_whole_plan() -> None:
    advise = advised(decide(patient(HEAT_CRAMP, NIGHT)))
    assert advise.summary.key == s("summary.cramp")
    assert shown(advise) >= {s("now.exercise"), s("now.heat_but_exercise"), s("prevention.bedtime")}
    assert s("now.heat") not in shown(advise)


def test_als_with_an_exercise_cramp_is_not_only_exercise() -> None:
    advise = advised(decide(patient(HEAT_CRAMP, ALS)))
    assert s("prevention.bedtime_assisted") in shown(advise)


@pytest.mark.parametrize(
    ("name", "concepts"), [("warfarin", ("anticoagulant", "warfarin")), ("clopidogrel", ("antiplatelet",))]
)
def test_vitamin_e_bleeding_is_said_with_warfarin_or_an_antiplatelet(name: str, concepts: tuple[str, ...]) -> None:
    advise = advised(decide(patient(CRAMP, medications=(medicine(name, *concepts),))))
    assert keys(values_of(advise, s("drugs.bleeding"))["drugs"]) == {f"drug.{name}"}


def test_vitamin_e_bleeding_is_not_said_without_them() -> None:
    advise = advised(decide(patient(CRAMP, medications=(medicine("apixaban", "anticoagulant"),))))
    assert not shown(advise) & {s("drugs.bleeding"), s("drugs.bleeding_unknown")}


@pytest.mark.parametrize("query", ["medicationRequests", "medicationStatements"])
def test_medicines_not_received_are_said(query: str) -> None:
    advise = advised(decide(patient(CRAMP, **{query: Receipt.ABSENT})))  # type: ignore[arg-type]
    assert s("drugs.bleeding_unknown") in shown(advise)
    assert f"unknown.{query}.absent" in keys(advise.unknown)


def test_results_not_received_are_said() -> None:
    advise = advised(decide(patient(CRAMP, observations=Receipt.FAILED)))
    assert "unknown.observations.failed" in keys(advise.unknown)


def test_contributors_are_listed_with_their_evidence() -> None:
    advise = advised(decide(patient(CRAMP, medications=(medicine("simvastatin", "cramp_causing_statin"),))))
    assert shown(advise) >= {"contributors.statin", "contributors.review"}
    assert citations.GARRISON_2012 in advise.evidence


def test_pregnancy_line() -> None:
    advise = advised(decide(patient(CRAMP, problem("pregnancy", recorded=days_ago(100)))))
    assert s("also.pregnancy") in shown(advise)
    assert citations.LUO_2020 in advise.evidence
    over = advised(decide(patient(CRAMP, problem("pregnancy", recorded=days_ago(301)))))
    assert s("also.pregnancy") not in shown(over)


def test_restless_legs_line() -> None:
    advise = advised(decide(patient(CRAMP, problem("restless_legs"))))
    assert s("also.restless_legs") in shown(advise)


def test_uncertainties_of_the_problem_are_said() -> None:
    vague = problem(
        "cramp_any",
        clinical=None,
        verification="provisional",
        match=Match.NAME,
        recorded=days_ago(10),
        codes=frozenset({("http://hl7.org/fhir/sid/icd-10", "R25.2")}),
    )
    advise = advised(decide(patient(vague)))
    assert keys(advise.because) == {
        "recorded.fact",
        "concept.cramp_any",
        "recorded.where.problem_list",
        "recorded.suspected",
        "recorded.status_not_recorded",
        "recorded.site_not_recorded",
        "recorded.by_name",
    }


def test_a_certain_problem_is_said_plainly() -> None:
    assert keys(advised(decide(patient(CRAMP))).because) == {
        "concept.cramp_leg",
        "recorded.fact",
        "recorded.where.problem_list",
    }


def test_site_is_not_missed_when_it_is_recorded() -> None:
    because = advised(decide(patient(problem("cramp_any", body_site="calf")))).because
    assert keys(because) == {"concept.cramp_any", "recorded.fact", "recorded.where.problem_list"}


def test_offers_education_and_physiotherapy() -> None:
    advise = advised(decide(patient(CRAMP)))
    codes = [suggestion.action.codings[0][1] for suggestion in advise.suggestions]  # type: ignore[union-attr]
    assert codes == ["311401005", "308447003"]
    assert advise.suggestions[0].action.category[1] == "409073007"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("ordered", "left"),
    [
        ("stretching", ["308447003"]),
        ("patient_education", ["308447003"]),
        ("physiotherapy_referral", ["311401005"]),
        ("neurology_referral", ["311401005", "308447003"]),
    ],
)
def test_does_not_offer_what_is_ordered(ordered: str, left: list[str]) -> None:
    advise = advised(decide(patient(CRAMP, orders=(order(ordered),))))
    assert [one.action.codings[0][1] for one in advise.suggestions] == left  # type: ignore[union-attr]


def test_many_unreadable_entries_are_counted() -> None:
    unread = tuple(Unread(f"conditions[{n}]", "conditions", "not-readable") for n in range(5))
    advise = advised(decide(patient(CRAMP, unread=unread)))
    lines = [line for line in advise.unknown if line.key == "unknown.unread_count"]
    assert [line.values for line in lines] == [{"n": 5}]


def test_evidence_is_the_rules_own() -> None:
    busy = patient(
        NIGHT,
        problem("pregnancy", recorded=days_ago(9)),
        medications=(medicine("simvastatin", "cramp_causing_statin"),),
        person=ADULT,
    )
    assert set(advised(decide(busy)).evidence) <= set(RULE.evidence)


def test_each_line_brings_the_evidence_it_rests_on() -> None:
    no_heat = advised(decide(patient(ALS, CRAMP, problem("diabetic_neuropathy"))))  # of Jahic's, massage alone
    assert citations.JAHIC_2018 in no_heat.evidence
    no_stretch = advised(decide(patient(HEAT_CRAMP, problem("rhabdomyolysis"))))  # of Miller's, rest alone
    assert s("now.exercise_at_risk") in shown(no_stretch)
    assert citations.MILLER_2022 in no_stretch.evidence


@pytest.mark.parametrize(
    ("query", "concept", "named"),
    [
        *(("conditions", concept, True) for concept in ("cramp_leg", "als", "dvt", "limb_swelling", "chronic_pad")),
        *(("conditions", concept, True) for concept in ("rhabdomyolysis", "diabetic_neuropathy", "pregnancy")),
        ("conditions", "restless_legs", True),
        ("conditions", "tinnitus", False),
        ("medicationRequests", "cramp_causing_statin", True),
        ("medicationRequests", "laba", True),
        ("medicationStatements", "warfarin", True),
        ("medicationStatements", "antiplatelet", True),
        ("medicationStatements", "opioid", False),
        ("observations", "potassium", True),
        ("observations", "egfr", False),
    ],
)
def test_an_unread_entry_is_named_where_it_may_matter(query: str, concept: str, *, named: bool) -> None:
    unread = Unread("Something/9", query, "not-readable", frozenset({concept}))
    advise = advised(decide(patient(CRAMP, unread=(unread,))))
    assert ("unknown.unread_count" in keys(advise.unknown)) is named
    assert "unknown.unread_count" not in shown(advise)  # said among what is not known, and there only


@pytest.mark.parametrize(("concept", "said"), [("warfarin", True), ("antiplatelet", True), ("opioid", False)])
def test_an_unread_medicine_that_may_make_bleed_is_said(concept: str, *, said: bool) -> None:
    unread = Unread("MedicationRequest/9", "medicationRequests", "not-readable", frozenset({concept}))
    assert (s("drugs.bleeding_unknown") in shown(advised(decide(patient(CRAMP, unread=(unread,)))))) is said


def test_only_the_swelling_of_one_leg_is_shown() -> None:
    one = replace(problem("limb_swelling", body_site="left leg"), source="Condition/one")
    both = replace(problem("limb_swelling", body_site="both legs"), source="Condition/both")
    sources = {fact.source for fact in advised(decide(patient(CRAMP, one, both))).because}
    assert sources == {CRAMP.source, one.source}


@pytest.mark.parametrize(
    "concept", ["cramp_leg", "als", "dvt", "rhabdomyolysis", "diabetic_neuropathy", "chronic_pad", "pregnancy"]
)
def test_a_record_is_shown_as_what_it_counts_for(concept: str) -> None:
    because = keys(advised(decide(patient(CRAMP, problem("tinnitus", concept, recorded=days_ago(9))))).because)
    assert f"concept.{concept}" in because
    assert "concept.tinnitus" not in because


@pytest.mark.parametrize(
    ("concept", "told"), [("cramp_leg", False), ("als", False), ("motor_neuron_disease", False), ("dvt", True)]
)
def test_without_cramps_an_unread_entry_leaves_it_open_where_it_may_matter(concept: str, *, told: bool) -> None:
    unread = Unread("Condition/9", "conditions", "not-readable", frozenset({concept}))
    assert isinstance(decide(patient(unread=(unread,))), NotAdvised) is told


def test_with_rhabdomyolysis_no_statin_is_called_not_to_be_stopped() -> None:
    statin = medicine("simvastatin", "cramp_causing_statin")
    for problems, told in (((), True), ((problem("rhabdomyolysis"),), False)):
        advise = advised(decide(patient(CRAMP, *problems, medications=(statin,))))
        assert ("contributors.review" in shown(advise)) is told
