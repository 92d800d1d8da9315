"""Stretching first: fires on a cramp problem or ALS, and leaves out what would harm this patient."""

from dataclasses import replace

import pytest

from cds_service.catalogue import wording
from cds_service.decision.recommendation import (
    Advise,
    CannotTell,
    Cited,
    Decision,
    Evidence,
    Indicator,
    NotAdvised,
    leaflet,
)
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.stretching.plan import case_of
from cds_service.guidelines.leg_cramps.stretching.rule import MOST_WORDS, MOST_WORDS_ORDINARY, RULE
from cds_service.patient.facts import Facts, LabResult, Match, Medication, Problem, Route
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt, Unread
from tests.builders.facts import born, days_ago, medicine, order, patient, problem, result
from tests.builders.said import advised, keys, shown

CRAMP = problem("cramp_leg")
NIGHT = problem("cramp_leg_nocturnal")
HEAT_CRAMP = problem("cramp_exercise_heat")
ALS = problem("als")
PREGNANT = problem("pregnancy")


def decide(facts: Facts) -> Decision:
    return RULE.decide(facts)


def s(key: str) -> str:
    return f"stretching_first.{key}"


@pytest.mark.parametrize("concept", ["cramp_leg", "cramp_leg_nocturnal", "cramp_exercise_heat", "cramp_any", "als"])
def test_fires_on_every_cramp_problem_and_on_als(concept: str) -> None:
    advise = advised(decide(patient(problem(concept))))
    assert advise.indicator is Indicator.INFO
    assert advise.why[0].source == f"Condition/{concept}"


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
@pytest.mark.parametrize(
    "concept", ["cramp_leg", "cramp_leg_nocturnal", "cramp_exercise_heat", "cramp_any", "nocturnal_muscle_spasm"]
)
def test_a_cramp_without_status_counts_for_180_days(concept: str, days: int, *, fires: bool) -> None:
    decision = decide(patient(problem(concept, clinical=None, onset=days_ago(days), body_site="calf")))
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


def test_als_without_cramps_is_worded_if_cramps_occur() -> None:
    advise = advised(decide(patient(ALS)))
    assert advise.summary.key == s("summary.als")
    assert shown(advise) >= {
        s("now.assisted"),
        s("prevention.assisted"),
        s("prevention.strengthening_als"),
        s("drugs.adjunct"),
    }
    assert not shown(advise) & {s("now.stretch"), s("prevention.calf_raises"), s("prevention.bedtime")}
    assert advise.leaflet == leaflet("als")


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
    assert not shown(advise) & {s("now.massage_heat"), s("prevention.splint")}
    assert f"Condition/{concept}" in {fact.source for fact in advise.why}


def test_of_several_reasons_against_heat_one_of_each_kind_is_named() -> None:
    impaired = ("diabetic_neuropathy", "peripheral_neuropathy", "critical_limb_ischaemia", "chronic_pad")
    found = case_of(patient(CRAMP, *map(problem, impaired))).impaired
    assert list(found) == [impaired[0], impaired[2]]


@pytest.mark.parametrize("medications", [(), (medicine("apixaban", "anticoagulant"),)])
def test_active_dvt_no_massage_heat_or_calf_raises_anticoagulated_or_not(medications: tuple[()]) -> None:
    advise = advised(decide(patient(CRAMP, problem("dvt"), medications=medications)))
    assert s("hold.dvt") in shown(advise)
    assert not shown(advise) & {
        s("now.massage"),
        s("now.massage_heat"),
        s("prevention.calf_raises"),
        s("prevention.splint"),
    }
    assert shown(advise) >= {s("now.gentle"), s("prevention.bedtime")}
    assert advise.summary.key == s("summary.dvt")
    assert advise.leaflet == leaflet("when-to-call-a-doctor")


@pytest.mark.parametrize("also", [(), (problem("diabetic_neuropathy"),)])
def test_beside_a_dvt_nothing_is_asked_that_would_only_forbid_what_is_not_advised(also: tuple[Problem, ...]) -> None:
    said = shown(advised(decide(patient(CRAMP, problem("dvt"), *also))))
    assert {key for key in said if key.startswith(s("ask"))} == {s("ask.examine")}


def test_a_dvt_that_is_over_changes_nothing() -> None:
    advise = advised(decide(patient(CRAMP, problem("dvt", clinical="resolved"))))
    assert s("now.massage_heat") in shown(advise)


def test_one_sided_swelling_waits_until_dvt_is_excluded() -> None:
    swelling = problem("limb_swelling", "limb_swelling_one_sided")
    advise = advised(decide(patient(CRAMP, swelling)))
    assert s("hold.limb_swelling") in shown(advise)
    assert s("now.massage_heat") not in shown(advise)
    both = advised(decide(patient(CRAMP, problem("limb_swelling"))))
    assert s("now.massage_heat") in shown(both)


@pytest.mark.parametrize(
    ("cramps", "summary"), [((), "summary.als_gentle"), ((CRAMP,), "summary.dvt")], ids=["ALS alone", "with cramps"]
)
def test_als_with_a_dvt_is_stretched_gently_and_not_strengthened(cramps: tuple[Problem, ...], summary: str) -> None:
    advise = advised(decide(patient(ALS, *cramps, problem("dvt"))))
    assert s("now.gentle_assisted") in shown(advise)
    assert not shown(advise) & {s("now.assisted"), s("now.stretch"), s("prevention.strengthening_als")}
    assert advise.summary.key == s(summary)


@pytest.mark.parametrize("concept", ["dvt", "limb_swelling_one_sided"])
def test_with_a_thrombosis_only_teaching_is_offered(concept: str) -> None:
    advise = advised(decide(patient(CRAMP, problem(concept))))
    assert [one.action.codings[0][1] for one in advise.suggestions] == ["311401005"]  # type: ignore[union-attr]


def test_one_sided_swelling_has_its_own_summary() -> None:
    swelling = problem("limb_swelling", "limb_swelling_one_sided")
    assert advised(decide(patient(CRAMP, swelling))).summary.key == s("summary.limb_swelling")


def test_als_with_an_exercise_cramp_is_not_only_exercise() -> None:
    advise = advised(decide(patient(HEAT_CRAMP, ALS)))
    assert s("prevention.assisted") in shown(advise)


def test_results_not_received_are_said() -> None:
    advise = advised(decide(patient(CRAMP, observations=Receipt.FAILED)))
    assert "unknown.observations.failed" in keys(advise.unknown)


def test_uncertainties_of_the_problem_are_said() -> None:
    vague = problem(
        "cramp_any",
        clinical=None,
        verification="provisional",
        match=Match.NAME,
        recorded=days_ago(10),
    )
    advise = advised(decide(patient(vague)))
    assert keys(advise.why) == {
        "recorded.fact",
        "concept.cramp_any",
        "recorded.where.problem_list",
        "recorded.suspected",
        "recorded.status_not_recorded",
        "recorded.site_not_recorded",
        "recorded.by_name",
    }


def test_a_certain_problem_is_said_plainly() -> None:
    assert keys(advised(decide(patient(CRAMP))).why) == {
        "concept.cramp_leg",
        "recorded.fact",
        "recorded.where.problem_list",
    }


def test_site_is_not_missed_when_it_is_recorded() -> None:
    why = advised(decide(patient(problem("cramp_any", body_site="calf")))).why
    assert keys(why) == {"concept.cramp_any", "recorded.fact", "recorded.where.problem_list"}


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


@pytest.mark.parametrize(
    ("query", "concept", "named"),
    [
        *(("conditions", concept, True) for concept in ("cramp_leg", "als", "dvt", "limb_swelling", "chronic_pad")),
        *(("conditions", concept, True) for concept in ("rhabdomyolysis", "diabetic_neuropathy", "pregnancy")),
        *(("conditions", concept, True) for concept in ("hypothyroidism", "eskd_dialysis", "cirrhosis")),
        ("conditions", "restless_legs", False),
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


def test_only_the_swelling_of_one_leg_is_shown() -> None:
    one = replace(problem("limb_swelling", body_site="left leg"), source="Condition/one")
    both = replace(problem("limb_swelling", body_site="both legs"), source="Condition/both")
    sources = {fact.source for fact in advised(decide(patient(CRAMP, one, both))).why}
    assert sources == {CRAMP.source, one.source}


@pytest.mark.parametrize(
    "concept", ["cramp_leg", "als", "dvt", "rhabdomyolysis", "diabetic_neuropathy", "chronic_pad", "pregnancy"]
)
def test_a_record_is_shown_as_what_it_counts_for(concept: str) -> None:
    why = keys(advised(decide(patient(CRAMP, problem("tinnitus", concept, recorded=days_ago(9))))).why)
    assert f"concept.{concept}" in why
    assert "concept.tinnitus" not in why


@pytest.mark.parametrize(
    ("concept", "told"), [("cramp_leg", False), ("als", False), ("motor_neuron_disease", False), ("dvt", True)]
)
def test_without_cramps_an_unread_entry_leaves_it_open_where_it_may_matter(concept: str, *, told: bool) -> None:
    unread = Unread("Condition/9", "conditions", "not-readable", frozenset({concept}))
    assert isinstance(decide(patient(unread=(unread,))), NotAdvised) is told


def cited(advise: Advise) -> set[Evidence]:
    return {source for one in advise.evidence if isinstance(one, Cited) for source in one.sources}


def english(advise: Advise) -> list[str]:
    return [wording("en").value(bullet) for bullet in advise.act]


def why(advise: Advise) -> list[str]:
    return [wording("en").say(fact.phrase) for fact in advise.why]


ORDINARY = {
    s(key)
    for key in (
        *("now.stretch", "now.massage_heat", "prevention.bedtime", "prevention.calf_raises", "prevention.splint"),
        *("prevention.review", "ask.examine", "ask.dvt", "ask.numb"),
        *("drugs.not_first", "drugs.electrolytes", "drugs.vitamins"),
    )
}


def test_the_ordinary_case_says_every_part_in_order() -> None:
    advise = advised(decide(patient(NIGHT)))
    assert shown(advise) == ORDINARY
    assert [line.partition(":**")[0].strip("*") for line in english(advise)] == [
        "Now",
        "Bedtime, 6 weeks",
        "Ask, examine",
        "Not first-line",
    ]
    assert advise.summary.key == s("summary.cramp")
    assert advise.leaflet == leaflet("leg-cramps")
    assert cited(advise) == {
        citations.HAWKE_2021,
        citations.ALOMEDIKA_2025,
        citations.GARRISON_2020,
        citations.CHAN_1998,
        citations.CONNOLLY_1992,
    }


def test_the_strongest_evidence_stands_first() -> None:
    advise = advised(decide(patient(NIGHT)))
    assert [one.said.key for one in advise.evidence if isinstance(one, Cited)] == [
        s("cited.electrolytes"),
        s("cited.stretching"),
        s("cited.vitamins"),
        s("cited.measures"),
    ]


def test_five_citations_stand_on_the_card_and_the_weakest_gives_way() -> None:
    also = (medicine("salmeterol", "laba"), problem("eskd_dialysis"))
    fewer, more = (
        [next(iter(one.sources)) for one in advised(decide(patient(NIGHT, *also, switched_off=off))).evidence]  # type: ignore[union-attr]
        for off in (frozenset(), REMINDER_OFF)
    )
    assert len(fewer) == len(more) == 5
    assert citations.FDA_BOXED_WARNING in more
    assert [one for one in fewer if one not in more] == [citations.ALOMEDIKA_2025]


def test_one_speaks_for_the_card_and_nothing_retracted_stands_on_it() -> None:
    assert RULE.evidence[0] is citations.HAWKE_2021
    assert citations.TAN_2024 in RULE.evidence
    assert citations.TAN_2024 not in cited(advised(decide(patient(NIGHT))))


def test_why_there_is_no_heat_is_said() -> None:
    advise = advised(decide(patient(CRAMP, problem("diabetic_neuropathy"), problem("chronic_pad"))))
    (said,) = [line for line in english(advise) if "No heat or splint" in line]
    assert "**No heat or splint:** diabetic neuropathy and peripheral arterial disease (burns" in said


@pytest.mark.parametrize("concept", ["compartment_syndrome", "rhabdomyolysis", "critical_limb_ischaemia"])
def test_muscle_or_limb_at_risk_is_assessed_first(concept: str) -> None:
    advise = advised(decide(patient(CRAMP, problem(concept))))
    assert advise.summary.key == s("summary.at_risk")
    assert keys(advise.act[0]) == {s(f"hold.{concept}")}
    assert shown(advise) == {s(f"hold.{concept}"), s("drugs.not_first"), s("drugs.electrolytes")}
    assert cited(advise) == {citations.ALOMEDIKA_2025, citations.GARRISON_2020}
    assert advise.suggestions == ()


def test_of_three_that_come_first_two_are_said() -> None:
    three = map(problem, ("critical_limb_ischaemia", "rhabdomyolysis", "compartment_syndrome"))
    assert keys(advised(decide(patient(CRAMP, *three))).act[0]) == {
        s("hold.compartment_syndrome"),
        s("hold.rhabdomyolysis"),
    }


def test_two_that_come_first_are_both_said() -> None:
    both = advised(decide(patient(CRAMP, problem("compartment_syndrome"), problem("rhabdomyolysis"))))
    assert keys(both.act[0]) == {s("hold.compartment_syndrome"), s("hold.rhabdomyolysis")}


@pytest.mark.parametrize("concept", ["compartment_syndrome", "rhabdomyolysis", "critical_limb_ischaemia"])
@pytest.mark.parametrize("others", [(ALS,), (ALS, CRAMP), (HEAT_CRAMP,), (CRAMP, problem("dvt"))])
def test_nothing_tells_to_stretch_a_muscle_or_limb_at_risk(concept: str, others: tuple[Problem, ...]) -> None:
    advise = advised(decide(patient(problem(concept), *others)))
    assert advise.summary.key == s("summary.als_at_risk" if others == (ALS,) else "summary.at_risk")
    assert not [key for key in shown(advise) if key.startswith((s("now"), s("prevention"), s("ask")))]
    assert s("exercise.alone") not in shown(advise)
    assert (s("exercise.fluids") in shown(advise)) is (HEAT_CRAMP in others)
    assert advise.suggestions == ()


def test_exercise_or_heat_cramp_has_its_own_plan() -> None:
    advise = advised(decide(patient(HEAT_CRAMP)))
    assert advise.summary.key == s("summary.exercise")
    assert shown(advise) == {
        s(key)
        for key in (
            *("exercise.alone", "exercise.heat_stroke", "now.massage", "prevention.calf_raises", "prevention.review"),
            *("ask.examine", "ask.dvt", "drugs.not_first"),
        )
    }
    assert cited(advise) == {citations.MILLER_2022, citations.ALOMEDIKA_2025}
    assert advise.leaflet == leaflet("during-a-cramp")


@pytest.mark.parametrize(
    ("problems", "name"),
    [
        ((NIGHT, PREGNANT), "pregnancy"),
        ((HEAT_CRAMP, PREGNANT), "pregnancy"),
        ((ALS, NIGHT), "als"),
        ((ALS, PREGNANT), "als"),
        ((NIGHT, PREGNANT, problem("dvt")), "when-to-call-a-doctor"),
        ((ALS, problem("rhabdomyolysis")), "when-to-call-a-doctor"),
    ],
)
def test_the_leaflet_suits_the_patient_and_teaches_no_harm(problems: tuple[Problem, ...], name: str) -> None:
    assert advised(decide(patient(*problems))).leaflet == leaflet(name)


def test_heat_cramp_beside_night_cramps_keeps_the_whole_plan() -> None:
    advise = advised(decide(patient(HEAT_CRAMP, NIGHT)))
    assert advise.summary.key == s("summary.cramp")
    assert shown(advise) >= {s("exercise.fluids"), s("exercise.heat_stroke"), s("prevention.bedtime"), s("now.massage")}
    assert not shown(advise) & {s("now.massage_heat"), s("exercise.alone")}
    assert citations.MILLER_2022 not in cited(advise)


def test_a_heat_cramp_with_a_dvt_is_stretched_without_force() -> None:
    advise = advised(decide(patient(HEAT_CRAMP, problem("dvt"))))
    assert shown(advise) >= {s("now.gentle"), s("hold.dvt"), s("exercise.fluids")}
    assert not shown(advise) & {s("exercise.alone"), s("prevention.bedtime"), s("now.massage")}
    assert cited(advise) == {citations.HAWKE_2021, citations.MILLER_2022}


@pytest.mark.parametrize(
    ("value", "ago", "low"),
    [("134.9", 7, True), ("134", 0, True), ("134.9", 8, False), ("135", 1, False), ("128", 30, False)],
)
@pytest.mark.parametrize("others", [(), (NIGHT,)], ids=["alone", "and at night"])
def test_with_a_low_sodium_of_the_week_nobody_is_told_to_drink(
    value: str, ago: int, others: tuple[Problem, ...], *, low: bool
) -> None:
    advise = advised(decide(patient(HEAT_CRAMP, *others, result("sodium", value, ago=ago))))
    assert (advise.summary.key == s("summary.low_sodium")) is low
    assert (keys(advise.act[0]) == {s("exercise.low_sodium")}) is low
    assert (s("exercise.no_heat") in shown(advise)) is low
    assert bool(shown(advise) & {s("exercise.fluids"), s("exercise.alone")}) is not low


def test_with_a_low_sodium_an_exercise_cramp_is_stretched_by_its_own_evidence() -> None:
    advise = advised(decide(patient(HEAT_CRAMP, result("sodium", "132"))))
    assert s("now.stretch") in shown(advise)
    assert cited(advise) == {citations.MILLER_2022, citations.ALOMEDIKA_2025}


def test_a_low_sodium_without_an_exercise_cramp_changes_nothing() -> None:
    assert shown(advised(decide(patient(NIGHT, result("sodium", "132"))))) == ORDINARY - {s("drugs.electrolytes")}


@pytest.mark.parametrize("concept", ["eskd_dialysis", "cirrhosis"])
def test_no_salt_by_mouth_on_dialysis_and_in_cirrhosis(concept: str) -> None:
    advise = advised(decide(patient(HEAT_CRAMP, problem(concept), result("sodium", "130"))))
    assert keys(advise.act[0]) == {s("exercise.low_sodium_no_salt")}
    assert "salt by mouth" not in " ".join(english(advise))


WARFARIN = medicine("warfarin", "anticoagulant", "warfarin")
APIXABAN = medicine("apixaban", "anticoagulant")
WARFARIN_ASPIRIN = replace(
    WARFARIN, ingredients=(*WARFARIN.ingredients, *medicine("aspirin", "antiplatelet").ingredients)
)


@pytest.mark.parametrize(
    ("drugs", "said"),
    [
        ((WARFARIN,), "Vitamin E: unproven; with warfarin: bleeding risk; K2 opposes warfarin."),
        *(
            ((medicine(name, "anticoagulant"),), f"K2 opposes {name}.")
            for name in ("acenocoumarol", "phenprocoumon", "phenindione")
        ),
        ((medicine("clopidogrel", "antiplatelet"),), "Vitamin E: unproven; with clopidogrel: bleeding risk."),
        ((APIXABAN,), "Vitamin E: unproven; with apixaban: bleeding risk."),
        (
            (medicine("clopidogrel", "antiplatelet"), WARFARIN),
            "with clopidogrel and warfarin: bleeding risk; K2 opposes warfarin.",
        ),
        ((WARFARIN_ASPIRIN,), "with warfarin and aspirin: bleeding risk; K2 opposes warfarin."),
        ((medicine("heparin", "anticoagulant", route=Route.LOCAL),), "(helped in some studies), K2: unproven."),
        ((medicine("morphine", "opioid"),), "(helped in some studies), K2: unproven."),
    ],
)
def test_what_vitamins_e_and_k2_do_beside_a_drug_for_the_blood(drugs: tuple[Medication, ...], said: str) -> None:
    assert english(advised(decide(patient(CRAMP, *drugs))))[-1].endswith(said)


@pytest.mark.parametrize("drug", [WARFARIN, APIXABAN])
def test_beside_a_drug_for_the_blood_vitamin_e_alone_is_cited(drug: Medication) -> None:
    found = cited(advised(decide(patient(CRAMP, drug))))
    assert citations.CONNOLLY_1992 in found
    assert citations.CHAN_1998 not in found


@pytest.mark.parametrize("others", [(), (WARFARIN,)])
@pytest.mark.parametrize("concept", ["compartment_syndrome", "rhabdomyolysis"])
def test_no_vitamin_is_named_while_muscle_or_limb_is_at_risk(concept: str, others: tuple[Medication, ...]) -> None:
    """Also where the card that warns of it is switched off."""
    chart = patient(CRAMP, problem(concept), *others, switched_off=frozenset({"red_flags"}))
    assert not [key for key in shown(advised(decide(chart))) if key.startswith(s("drugs.vitamins"))]


@pytest.mark.parametrize("concept", ["pregnancy", "eskd_dialysis", "cirrhosis"])
def test_no_vitamin_is_named_in_pregnancy_on_dialysis_and_in_cirrhosis(concept: str) -> None:
    advise = advised(decide(patient(CRAMP, problem(concept, recorded=days_ago(30)))))
    beside_warfarin = advised(decide(patient(CRAMP, problem(concept, recorded=days_ago(30)), WARFARIN)))
    assert not [key for key in shown(advise) | shown(beside_warfarin) if key.startswith(s("drugs.vitamins"))]
    assert s(f"patient.{concept}") in shown(advise)
    source = {
        "pregnancy": citations.LUO_2020,
        "eskd_dialysis": citations.MANTILLA_MANOSALVA_2024,
        "cirrhosis": citations.TAPPER_2022,
    }[concept]
    assert source in cited(advise)
    assert f"Condition/{concept}" in {fact.source for fact in advise.why}


def test_a_pregnancy_that_is_over_changes_nothing() -> None:
    assert shown(advised(decide(patient(CRAMP, problem("pregnancy", recorded=days_ago(301)))))) == ORDINARY


def test_of_three_conditions_two_are_advised_on_and_beside_drugs_one() -> None:
    three = [problem(one, recorded=days_ago(30)) for one in ("cirrhosis", "eskd_dialysis", "pregnancy")]
    advice = {s(f"patient.{one}") for one in ("pregnancy", "eskd_dialysis", "cirrhosis")}
    two = shown(advised(decide(patient(CRAMP, *three[:2]))))
    assert two & advice == {s("patient.eskd_dialysis"), s("patient.cirrhosis")}
    assert shown(advised(decide(patient(CRAMP, *three)))) & advice == {s("patient.pregnancy")}
    statin = medicine("simvastatin", "cramp_causing_statin")
    assert shown(advised(decide(patient(CRAMP, *three[:2], statin)))) & advice == {s("patient.eskd_dialysis")}


@pytest.mark.parametrize("also", [medicine("simvastatin", "cramp_causing_statin"), problem("diabetic_neuropathy")])
@pytest.mark.parametrize(
    ("stays", "gives_way"),
    [("pregnancy", "eskd_dialysis"), ("pregnancy", "cirrhosis"), ("eskd_dialysis", "cirrhosis")],
)
def test_of_two_conditions_the_more_pressing_stays_in_whatever_order_they_are_recorded(
    stays: str, gives_way: str, also: Problem | Medication
) -> None:
    """Warnings in a pregnancy, then the cause a dialysis unit may find, then what only eases a cramp in cirrhosis."""
    both = [problem(one, recorded=days_ago(30)) for one in (stays, gives_way)]
    for recorded in (both, both[::-1]):
        said = shown(advised(decide(patient(CRAMP, *recorded, also))))
        assert s(f"patient.{stays}") in said
        assert s(f"patient.{gives_way}") not in said


def test_hypothyroidism_may_contribute() -> None:
    advise = advised(decide(patient(CRAMP, problem("hypothyroidism"))))
    assert s("patient.hypothyroidism") in shown(advise)
    assert "Condition/hypothyroidism" in {fact.source for fact in advise.why}
    assert s("patient.hypothyroidism") not in shown(advised(decide(patient(CRAMP))))


def test_restless_legs_are_left_to_the_red_flags() -> None:
    assert shown(advised(decide(patient(CRAMP, problem("restless_legs"))))) == ORDINARY


PILED = ("diabetic_neuropathy", "hypothyroidism")
STATIN = medicine("simvastatin", "cramp_causing_statin")
GIVE_WAY = (
    *("drugs.vitamins", "drugs.vitamins_bleeding", "drugs.vitamins_opposed"),
    *("prevention.splint", "now.massage", "now.massage_heat"),
)


@pytest.mark.parametrize(
    ("chart", "left"),
    [
        ((NIGHT,), {"drugs.vitamins", "prevention.splint", "now.massage_heat"}),
        ((NIGHT, STATIN), {"drugs.vitamins", "prevention.splint", "now.massage_heat"}),
        ((NIGHT, problem("hypothyroidism")), {"prevention.splint", "now.massage_heat"}),
        ((NIGHT, ALS), {"prevention.splint", "now.massage_heat"}),
        ((NIGHT, problem("hypothyroidism"), STATIN), set[str]()),
        ((NIGHT, WARFARIN, problem("hypothyroidism"), STATIN), {"drugs.vitamins_opposed"}),
        ((NIGHT, WARFARIN, problem("hypothyroidism"), ALS), set[str]()),
        ((NIGHT, ALS, problem("hypothyroidism")), set[str]()),
        ((NIGHT, ALS, HEAT_CRAMP, *map(problem, PILED)), set[str]()),
        ((NIGHT, HEAT_CRAMP), {"prevention.splint", "now.massage"}),
        ((NIGHT, HEAT_CRAMP, result("sodium", "134")), set[str]()),
        ((HEAT_CRAMP,), {"now.massage"}),
        ((HEAT_CRAMP, *map(problem, PILED)), set[str]()),
        ((NIGHT, problem("dvt")), set[str]()),
        ((NIGHT, problem("dvt"), APIXABAN), {"drugs.vitamins_bleeding"}),
        ((NIGHT, problem("dvt"), APIXABAN, problem("hypothyroidism")), set[str]()),
    ],
)
def test_what_gives_way_where_much_comes_together(
    chart: tuple[Problem | Medication | LabResult, ...], left: set[str]
) -> None:
    """Massage, heat and splint go with what forbids them."""
    said = shown(advised(decide(patient(*chart))))
    assert said & {s(one) for one in GIVE_WAY} == {s(one) for one in left}
    assert bool(said & {s("ask.dvt"), s("ask.numb")}) is bool(said & {s("now.massage"), s("now.massage_heat")})


@pytest.mark.parametrize(
    "graver",
    [
        (result("potassium", "2.9"),),
        (medicine("quinine"),),
        (problem("muscle_weakness"), problem("muscle_wasting")),
        (ALS, medicine("gabapentin", "gabapentin"), medicine("morphine", "opioid")),
    ],
    ids=["electrolytes", "avoid_quinine", "red_flags", "als_cramps"],
)
def test_beside_a_graver_card_the_rest_gives_way(
    graver: tuple[Problem | Medication | LabResult, ...], request: pytest.FixtureRequest
) -> None:
    chart = (NIGHT, STATIN, WARFARIN, *graver)
    beside = advised(decide(patient(*chart)))
    assert not shown(beside) & {s(one) for one in (*GIVE_WAY, "ask.dvt", "ask.numb")}
    assert len(beside.act) == 3
    rule = request.node.callspec.id
    alone = advised(decide(patient(*chart, switched_off=frozenset({rule}))))
    assert len(alone.act) == 4


@pytest.mark.parametrize(
    "milder",
    [
        (result("potassium", "3.2"),),
        (problem("chronic_pad"),),
        (medicine("quinine"), problem("malaria", recorded=days_ago(9))),
        (ALS, medicine("gabapentin", "gabapentin")),
        (medicine("gabapentin"), medicine("morphine", "opioid")),  # the card about ALS does not come
        (ALS, problem("palliative_hospice"), medicine("gabapentin"), medicine("morphine", "opioid")),
    ],
)
def test_a_card_for_information_takes_no_room(milder: tuple[Problem | Medication | LabResult, ...]) -> None:
    assert s("now.massage") in {key.removesuffix("_heat") for key in shown(advised(decide(patient(NIGHT, *milder))))}


@pytest.mark.parametrize(
    ("others", "ordinary"),
    [((), True), ((STATIN, WARFARIN), True), ((problem("hypothyroidism"),), False), ((ALS,), False)],
)
def test_an_ordinary_card_has_fewer_words_than_one_with_advice_of_its_own(
    others: tuple[Problem | Medication, ...], ordinary: bool
) -> None:
    most = advised(decide(patient(NIGHT, *others))).most_words
    assert (most or RULE.most_words) == (MOST_WORDS_ORDINARY if ordinary else MOST_WORDS)


def test_what_only_warns_with_cramps_takes_no_room_without_them() -> None:
    als = (ALS, problem("cauda_equina"))
    assert s("now.massage_heat") in shown(advised(decide(patient(*als))))
    assert s("now.massage_heat") not in shown(advised(decide(patient(*als, NIGHT))))


def test_what_the_card_about_electrolytes_says_is_not_said_again() -> None:
    """That no supplement treats cramps, and by what evidence."""
    for low, said in (("3.2", False), ("4.1", True)):
        for off in (frozenset[str](), frozenset({"electrolytes"})):
            advise = advised(decide(patient(NIGHT, result("potassium", low), switched_off=off)))
            assert (s("drugs.electrolytes") in shown(advise)) is (said or bool(off))
            assert (citations.GARRISON_2020 in cited(advise)) is (said or bool(off))


def test_never_more_than_four_bullets_the_first_by_itself() -> None:
    treated = (problem("dvt"), medicine("apixaban", "anticoagulant"))
    full = advised(decide(patient(HEAT_CRAMP, NIGHT, *treated, STATIN, result("sodium", "131"))))
    assert len(full.act) == 4
    assert keys(full.act[0]) == {s("exercise.low_sodium")}
    assert keys(full.act[1]) >= {s("now.gentle"), s("hold.dvt")}
    assert any(keys(one) >= {s("patient.contributors"), s("ask.examine")} for one in full.act)


@pytest.mark.parametrize(
    ("chart", "together"),
    [
        ((STATIN,), {"patient.contributors", "ask.examine"}),
        ((problem("eskd_dialysis"), problem("cirrhosis")), {"patient.cirrhosis", "ask.examine"}),
        ((problem("eskd_dialysis"), problem("hypothyroidism"), STATIN), {"ask.examine", "drugs.not_first"}),
    ],
    ids=["a short word on the drugs", "two conditions", "three lines on this patient"],
)
def test_a_fifth_bullet_joins_the_neighbour_that_leaves_the_shortest(
    chart: tuple[Problem | Medication, ...], together: set[str]
) -> None:
    """What to ask and examine stands with what this patient asks for; with the drugs, where that is long by itself."""
    bullets = advised(decide(patient(NIGHT, *chart))).act
    assert len(bullets) == 4
    (shared,) = [one for one in bullets if s("ask.examine") in keys(one)]
    parts = {"patient.contributors", "patient.cirrhosis", "ask.examine", "drugs.not_first", "prevention.review"}
    assert keys(shared) & {s(part) for part in parts} == {s(part) for part in together}


REMINDER_OFF = frozenset({"quinine_reminder"})


def test_with_the_reminder_switched_off_its_one_line_stands_here() -> None:
    advise = advised(decide(patient(CRAMP, switched_off=REMINDER_OFF)))
    assert s("drugs.quinine") in shown(advise)
    assert "tinnitus" in english(advise)[-1]
    assert citations.FDA_BOXED_WARNING in cited(advise)
    assert s("drugs.vitamins") not in shown(advise)


@pytest.mark.parametrize(
    "facts",
    [
        patient(CRAMP),
        patient(CRAMP, ALS, switched_off=REMINDER_OFF),
        patient(CRAMP, medicine("quinine"), switched_off=REMINDER_OFF),
        patient(CRAMP, problem("malaria"), switched_off=REMINDER_OFF),
        patient(CRAMP, problem("pregnancy", recorded=days_ago(9)), switched_off=REMINDER_OFF),
        patient(CRAMP, switched_off=frozenset({"avoid_quinine"})),
    ],
)
def test_where_the_reminder_would_not_have_come_there_is_no_line(facts: Facts) -> None:
    assert s("drugs.quinine") not in shown(advised(decide(facts)))


@pytest.mark.parametrize("query", ["medicationRequests", "medicationStatements"])
def test_medicines_not_received_are_said(query: str) -> None:
    advise = advised(decide(patient(CRAMP, **{query: Receipt.ABSENT})))  # type: ignore[arg-type]
    assert f"unknown.{query}.absent" in keys(advise.unknown)


def test_a_list_searched_and_empty_is_not_worth_a_word() -> None:
    empty = dict.fromkeys(("medicationRequests", "medicationStatements", "observations"), Receipt.EMPTY)
    assert advised(decide(patient(CRAMP, **empty))).unknown == ()  # type: ignore[arg-type]


def test_contributors_are_named_and_recorded_with_their_evidence() -> None:
    drugs = (medicine("furosemide", "cramp_causing_diuretic", "loop"), medicine("simvastatin", "cramp_causing_statin"))
    advise = advised(decide(patient(CRAMP, *drugs)))
    assert english(advise)[2].startswith(
        "**Review:** furosemide and simvastatin; do not stop abruptly. **Ask, examine:**"
    )
    assert why(advise)[1] == "these drugs (medication orders, 18 Feb 2026)"
    assert citations.GARRISON_2012 in cited(advise)


def test_what_no_study_looked_at_is_named_without_one() -> None:
    raloxifene = medicine("raloxifene", "cramp_causing_other")
    advise = advised(decide(patient(CRAMP, raloxifene)))
    assert s("patient.contributors") in shown(advise)
    assert citations.GARRISON_2012 not in cited(advise)
    assert citations.GARRISON_2012 in cited(advised(decide(patient(CRAMP, raloxifene, STATIN))))


def test_with_rhabdomyolysis_no_statin_is_called_not_to_be_stopped() -> None:
    statin = medicine("simvastatin", "cramp_causing_statin")
    for problems, told in (((), True), ((problem("rhabdomyolysis"),), False)):
        advise = advised(decide(patient(CRAMP, *problems, medications=(statin,))))
        assert (s("patient.contributors") in shown(advise)) is told


@pytest.mark.parametrize(("family", "called"), [("als", "ALS, "), ("motor_neuron_disease", "ALS/MND, ")])
@pytest.mark.parametrize("concept", ["compartment_syndrome", "rhabdomyolysis", "critical_limb_ischaemia"])
def test_in_als_without_a_cramp_no_cramp_is_spoken_of_while_muscle_or_limb_is_at_risk(
    concept: str, family: str, called: str
) -> None:
    for words in map(wording, ("en", "id")):
        summary = words.say(advised(decide(patient(problem(family), problem(concept)))).summary)
        assert summary.startswith(called)
        assert len(summary) < 140
    assert advised(decide(patient(CRAMP, ALS, problem(concept)))).summary.key == s("summary.at_risk")


def test_in_pregnancy_magnesium_is_cited_by_its_trials_in_pregnancy_alone() -> None:
    pregnant = cited(advised(decide(patient(CRAMP, problem("pregnancy", recorded=days_ago(90))))))
    assert citations.LUO_2020 in pregnant
    assert citations.GARRISON_2020 not in pregnant
    assert citations.GARRISON_2020 in cited(advised(decide(patient(CRAMP))))
