"""When quinine is questioned, on which hook, how loudly, and why it is silent otherwise."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.catalogue import wording
from cds_service.decision.recommendation import (
    Advise,
    CannotTell,
    Decision,
    DeleteDraft,
    Indicator,
    NotAdvised,
    ProposedOrder,
    StopMedication,
)
from cds_service.guidelines.leg_cramps.quinine.malaria import indication
from cds_service.guidelines.leg_cramps.quinine.rule import ORDER_RULE, RULE, decide, decide_order
from cds_service.guidelines.leg_cramps.words import LEAFLET_QUININE
from cds_service.patient.facts import Facts, Ingredient, LabResult, Match, Medication, Order
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt, Unread
from cds_service.settings import LANGUAGES
from tests.builders.facts import (
    QUERIES,
    allergy,
    born,
    draft,
    instant,
    lab,
    medicine,
    patient,
    problem,
    reason,
    result,
)
from tests.builders.said import keys, shown, unsayable

CRAMPS = problem("cramp_leg", ago=10)
QUININE = medicine("quinine")
OUTDATED = medicine("quinine", ago=400)
MALARIA = problem("malaria")
MYASTHENIA = problem("myasthenia_gravis", clinical="inactive")


def advised(decision: Decision) -> Advise:
    assert isinstance(decision, Advise), decision
    assert unsayable(decision) == set()
    return decision


def reason_of(decision: Decision) -> str:
    assert isinstance(decision, NotAdvised), decision
    assert unsayable(decision) == set()
    return decision.reason.key


def summary(decision: Decision) -> str:
    return wording("en").say(advised(decision).summary)


def actions(decision: Decision) -> list[str]:
    found = []
    for suggestion in advised(decision).suggestions:
        match suggestion.action:
            case ProposedOrder() as order:
                found.append(order.codings[0][1])
            case StopMedication():
                found.append("stop")
            case DeleteDraft(reference):
                found.append(f"delete {reference}")
    return found


# --- patient-view


def test_active_quinine_without_malaria_is_a_warning_even_without_cramps() -> None:
    for chart in (patient(QUININE), patient(QUININE, CRAMPS)):
        decision = advised(decide(chart))
        assert decision.indicator is Indicator.WARNING
        assert summary(decision).startswith("Quinine: is it for malaria? Then record it.")


def test_hydroquinine_counts_as_quinine() -> None:
    assert advised(decide(patient(medicine("hydroquinine")))).indicator is Indicator.WARNING


@pytest.mark.parametrize("change", [{"status": "stopped"}, {"do_not_perform": True}, {"intent": "option"}])
def test_quinine_that_is_not_active_is_not_questioned(change: dict[str, Any]) -> None:
    assert reason_of(decide(patient(replace(QUININE, **change)))) == "avoid_quinine.reason.nothing"


def test_a_hazard_makes_it_critical_and_names_the_first_two() -> None:
    one = decide(patient(QUININE, MYASTHENIA))
    assert advised(one).indicator is Indicator.CRITICAL
    assert (
        summary(one) == "Quinine contraindicated here: past myasthenia gravis. Not for malaria? Consider stopping it."
    )
    several = (MYASTHENIA, allergy("quinine"), result("potassium", "2.5"), result("platelets", "40"))
    for number, more in ((2, ""), (3, ", +1"), (4, ", +2")):
        said = summary(decide(patient(QUININE, *several[:number])))
        assert said.split(": ")[1].startswith(f"quinine allergy; past myasthenia gravis{more}. ")


@pytest.mark.parametrize(
    ("hazard", "said"),
    [
        (result("potassium", "2.9"), "Quinine high risk here: potassium 2.9 mmol/L. Not for malaria?"),
        (medicine("amiodarone", "qt_interacting"), "Quinine high risk here: amiodarone. Not for malaria?"),
        (problem("long_qt"), "Quinine contraindicated here: long QT. Not for malaria?"),
    ],
)
def test_contraindicated_is_only_said_of_what_the_label_forbids(hazard: object, said: str) -> None:
    assert summary(decide(patient(QUININE, hazard))).startswith(said)


def test_warning_lines_never_make_it_critical() -> None:
    chart = patient(
        QUININE, problem("tinnitus"), medicine("warfarin"), result("potassium", "3.2"), problem("g6pd_deficiency")
    )
    assert advised(decide(chart)).indicator is Indicator.WARNING


def test_an_outdated_quinine_order_is_never_critical() -> None:
    decision = advised(decide(patient(medicine("quinine", ago=400), MYASTHENIA)))
    assert decision.indicator is Indicator.WARNING
    assert "may be outdated" in wording("en").say(decision.why[0].phrase)


def test_beside_a_current_order_an_outdated_one_takes_nothing_from_the_warning() -> None:
    old = replace(OUTDATED, source="MedicationRequest/old")
    for orders in ((QUININE, old), (old, QUININE)):
        assert advised(decide(patient(*orders, MYASTHENIA))).indicator is Indicator.CRITICAL


def test_a_draft_is_being_written_today_whatever_date_it_has() -> None:
    decision = advised(decide_order(patient(draft(ago=400), MYASTHENIA)))
    assert decision.indicator is Indicator.CRITICAL
    assert "Still taken?" not in summary(decision)


def test_an_interacting_drug_in_the_same_draft_as_quinine_counts() -> None:
    mixture = replace(
        draft(), ingredients=(*draft().ingredients, Ingredient("qt_interacting", "amiodarone", Match.CODE))
    )
    assert advised(decide_order(patient(mixture))).indicator is Indicator.CRITICAL


def test_the_card_comes_with_the_leaflet_on_quinine_and_may_be_longer_with_more_reasons() -> None:
    few = ("tinnitus", "haemoglobinuria", "cirrhosis", "av_block")
    for concepts, words in ((few, 160), ((*few, "atrial_fibrillation"), 210)):
        decision = advised(decide(patient(QUININE, *map(problem, concepts))))
        assert decision.most_words == words
        assert decision.leaflet is LEAFLET_QUININE


def test_in_als_both_guidelines_are_named() -> None:
    decision = decide(patient(QUININE, problem("als")))
    assert "guidelines conflict" in summary(decision)
    assert "avoid_quinine.cited.nice" in keys(advised(decision).evidence)
    assert "contraindicated" in summary(decide(patient(QUININE, problem("als"), MYASTHENIA)))


def test_malaria_is_a_reason_for_silence() -> None:
    assert reason_of(decide(patient(QUININE, MALARIA, result("platelets", "20")))) == "avoid_quinine.reason.malaria"
    assert (
        reason_of(decide(patient(replace(QUININE, reasons=(reason("babesiosis"),))))) == "avoid_quinine.reason.malaria"
    )


def test_malaria_with_a_label_contraindication_is_a_warning_without_stop() -> None:
    decision = decide(patient(QUININE, MALARIA, MYASTHENIA))
    assert advised(decision).indicator is Indicator.WARNING
    assert "Malaria may outweigh" in summary(decision)
    assert "stop" not in actions(decision)
    assert {fact.source for fact in advised(decision).why} == {QUININE.source, MALARIA.source, MYASTHENIA.source}


def test_quinine_for_malaria_over_thirty_days_gets_a_line() -> None:
    def says_seven_days(ago: int, **more: Any) -> bool:
        chart = patient(medicine("quinine", ago=ago, **more), MALARIA, MYASTHENIA)
        return "avoid_quinine.act.seven_days" in shown(advised(decide(chart)))

    assert [says_seven_days(30), says_seven_days(31)] == [False, True]
    assert not says_seven_days(31, reasons=(reason("malaria"),))


def test_of_two_orders_for_malaria_the_one_that_lasts_too_long_is_spoken_of() -> None:
    long = medicine("quinine", ago=31, source="MedicationRequest/long")
    for orders in ((QUININE, long), (long, QUININE)):
        assert reason_of(decide(patient(*orders, MALARIA))) == "avoid_quinine.reason.malaria_long_course"
        assert "avoid_quinine.act.seven_days" in shown(advised(decide(patient(*orders, MALARIA, MYASTHENIA))))


@pytest.mark.parametrize(
    ("clinical", "ago", "indicated"),
    [
        ("active", 180, True),
        ("active", 181, False),
        ("active", None, True),
        ("recurrence", 10, True),
        (None, 60, True),
        (None, 61, False),
        (None, None, False),
        ("resolved", 5, False),
        ("inactive", 5, False),
    ],
)
def test_which_malaria_is_an_indication(clinical: str | None, ago: int | None, indicated: bool) -> None:
    chart = patient(QUININE, problem("malaria", clinical=clinical, ago=ago))
    assert (indication(chart, QUININE) is not None) is indicated
    assert isinstance(decide(chart), NotAdvised) is indicated
    found = indication(chart, QUININE)
    assert found is None or (found.because.source, found.own) == ("Condition/malaria", False)


def test_malaria_too_old_to_be_an_indication_is_named_with_its_date() -> None:
    decision = advised(decide(patient(QUININE, problem("malaria", ago=200))))
    assert "malaria recorded 22 Aug 2025" in " ".join(
        wording("en").say(b.phrase).lower() for b in decision.why
    ).replace("aug", "Aug")


@pytest.mark.parametrize(
    ("more", "key"),
    [({"ago": 200}, "recorded"), ({"ago": None, "clinical": None}, "recorded_undated")],
)
def test_malaria_that_is_no_indication_is_named_with_its_record(more: dict[str, Any], key: str) -> None:
    because = advised(decide(patient(QUININE, problem("malaria", **more)))).why
    (named,) = [fact for fact in because if fact.source == "Condition/malaria"]
    assert named.phrase.key == f"avoid_quinine.malaria.{key}"


@pytest.mark.parametrize("concept", ["malaria", "babesiosis"])
def test_an_old_record_is_named_by_what_it_is(concept: str) -> None:
    why = [wording("en").say(fact.phrase) for fact in advised(decide(patient(QUININE, problem(concept, ago=200)))).why]
    assert f"{concept} recorded 22 Aug 2025" in why


@pytest.mark.parametrize(("abated", "indicated"), [(1, False), (0, True), (-1, True)])
def test_malaria_that_ended_is_no_indication(abated: int, indicated: bool) -> None:
    ended = problem("malaria", abated=instant(abated))
    assert isinstance(decide(patient(QUININE, ended)), NotAdvised) is indicated


def test_stopping_offers_the_whole_resource_and_what_the_hazards_call_for() -> None:
    assert actions(decide(patient(QUININE, CRAMPS))) == ["stop"]
    chart = patient(QUININE, CRAMPS, medicine("amiodarone", "qt_interacting"), result("platelets", "120", ago=8))
    assert actions(decide(chart)) == ["stop", "11524-6", "58410-2"]


@pytest.mark.parametrize(("ago", "offered"), [(7, False), (8, True)])
def test_a_test_with_a_value_of_the_last_seven_days_is_not_offered(ago: int, offered: bool) -> None:
    wanted = {"platelets": "58410-2", "qtc": "11524-6", "potassium": "2823-3", "magnesium": "2601-3"}
    hazards = (problem("immune_thrombocytopenia"), problem("long_qt"), medicine("digoxin"))
    low = result("potassium", "2.9", ago=9)
    everything = [action for action in actions(decide(patient(QUININE, low, *hazards))) if action != "stop"]
    assert everything == ["11524-6", "58410-2", "2601-3", "2823-3"]  # ECG, blood count, magnesium, potassium
    for analyte, test in wanted.items():
        chart = patient(QUININE, low, *hazards, result(analyte, "2.9" if analyte == "potassium" else "400", ago=ago))
        assert (test in actions(decide(chart))) is offered


def test_nothing_is_offered_that_is_already_ordered() -> None:
    ordered = (Order("ServiceRequest/1", frozenset({"ecg_order"})),)
    chart = patient(QUININE, medicine("amiodarone", "qt_interacting"), orders=ordered)
    assert actions(decide(chart)) == ["stop"]


@pytest.mark.parametrize("more", [{"may_be_stopped": False}, {"reference": None}])
def test_stop_is_not_offered_where_an_update_would_be_wrong(more: dict[str, Any]) -> None:
    assert actions(decide(patient(replace(QUININE, **more)))) == []


def test_under_18_active_quinine_is_questioned_all_the_same() -> None:
    assert advised(decide(patient(QUININE, person=born(2010)))).indicator is Indicator.WARNING


def receipts(**changed: Receipt) -> dict[str, Receipt]:
    return {**dict.fromkeys(QUERIES, Receipt.RECEIVED), **changed}


@pytest.mark.parametrize("receipt", [Receipt.ABSENT, Receipt.FAILED, Receipt.PARTIAL])
def test_without_the_whole_medication_list_it_cannot_tell(receipt: Receipt) -> None:
    for chart in (patient(CRAMPS, medicationRequests=receipt), patient(medicationRequests=receipt, person=born(2015))):
        decision = decide(chart)
        assert isinstance(decision, CannotTell)
        assert [phrase.key for phrase in decision.missing] == [f"unknown.medicationRequests.{receipt.value}"]


def test_without_quinine_the_problem_list_does_not_matter() -> None:
    assert reason_of(decide(patient(conditions=Receipt.PARTIAL))) == "avoid_quinine.reason.nothing"


@pytest.mark.parametrize(
    ("query", "concept", "told"),
    [
        ("conditions", "cramp_leg", True),
        ("medicationRequests", "quinine", False),
        ("medicationStatements", "hydroquinine", False),
        ("medicationStatements", "opioid", True),
        ("observations", "potassium", True),
    ],
)
def test_an_unread_entry_that_may_be_quinine_leaves_it_open(query: str, concept: str, told: bool) -> None:
    decision = decide(patient(unread=(Unread("Something/9", query, "not-readable", frozenset({concept})),)))
    assert isinstance(decision, NotAdvised) is told


@pytest.mark.parametrize(
    ("query", "concept", "named"),
    [
        ("conditions", "myasthenia_gravis", True),
        ("conditions", "ttp_tma", True),
        ("conditions", "g6pd_deficiency", True),
        ("conditions", "pregnancy", True),
        ("conditions", "tinnitus", True),
        ("conditions", "malaria", True),
        ("conditions", "restless_legs", False),
        ("allergies", "quinine", True),
        ("allergies", "quinine_allergy", True),
        ("allergies", "warfarin", False),
        ("observations", "qtc", True),
        ("observations", "calcium_ionized", True),
        ("observations", "albumin", True),
        ("observations", "phosphate", False),
        ("medicationRequests", "quinine", True),
        ("medicationStatements", "qt_interacting", True),
        ("medicationStatements", "cyp3a4_modifiers", True),
        ("medicationStatements", "antiplatelet", False),
        ("prefetch", None, True),
        ("allergies", None, True),
    ],
)
def test_an_unread_entry_is_named_where_it_may_matter(query: str, concept: str | None, named: bool) -> None:
    unread = (Unread("Something/9", query, "not-readable", frozenset() if concept is None else frozenset({concept})),)
    for decision in (decide(patient(QUININE, unread=unread)), decide_order(patient(draft(), unread=unread))):
        assert ("unknown.unread_count" in {line.key for line in advised(decision).unknown}) is named


@pytest.mark.parametrize("concept", ["quinine", "hydroquinine"])
def test_a_reason_that_is_not_in_hand_may_be_malaria_and_is_counted(concept: str) -> None:
    unread = ("Condition/1", "Condition/2", "Condition/2", "Condition/3", "Condition/4")
    taken, drafted = medicine(concept, unread_reasons=unread), draft(concept, unread_reasons=unread)
    despite_label = patient(replace(taken, reasons=(reason("malaria"),)), problem("long_qt"))
    for decision in (decide(patient(taken)), decide_order(patient(drafted)), decide(despite_label)):
        said = [wording("en").say(line) for line in advised(decision).unknown]
        assert "stated reasons not received: 4" in said


def test_a_reason_of_another_drug_or_order_that_is_not_in_hand_is_not_named() -> None:
    other = medicine("digoxin", unread_reasons=("Condition/1",))
    over = medicine("quinine", status="completed", source="MedicationRequest/over", unread_reasons=("Condition/2",))
    assert "unknown.reasons_unread" not in {line.key for line in advised(decide(patient(QUININE, other, over))).unknown}


def test_an_unreadable_medicine_is_named() -> None:
    unread = (Unread("MedicationRequest/x", "medicationRequests", "not-readable"),)
    assert isinstance(decide(patient(unread=unread)), CannotTell)
    assert isinstance(decide(patient(CRAMPS, unread=unread)), CannotTell)


UNJUDGED = Unread("MedicationRequest/x", "draftOrders", "code-unknown")
WORDS_ONLY = Unread("MedicationRequest/y", "draftOrders", "words-only", shown="Vitamin C")


def test_a_draft_that_cannot_be_judged_is_no_reason_for_silence() -> None:
    for unread in (UNJUDGED, WORDS_ONLY):
        decision = decide_order(patient(unread=(unread,), drafts_sent=1))
        assert isinstance(decision, CannotTell)
        assert [line.key for line in decision.missing] == ["unknown.not_usable"]
    many = decide_order(patient(unread=(UNJUDGED,) * 5, drafts_sent=5))
    assert isinstance(many, CannotTell)
    assert [line.key for line in many.missing] == ["unknown.not_usable"] * 3 + ["unknown.more_drafts"]


def test_no_draft_orders_is_only_said_where_none_were_sent() -> None:
    assert reason_of(decide_order(patient(drafts_sent=0))) == "avoid_quinine.reason.no_draft"
    assert reason_of(decide_order(patient(drafts_sent=1))) == "avoid_quinine.reason.no_quinine_draft"
    elsewhere = Unread("conditions[1]", "conditions", "no-code")
    assert (
        reason_of(decide_order(patient(drafts_sent=1, unread=(elsewhere,)))) == "avoid_quinine.reason.no_quinine_draft"
    )


def test_a_draft_that_cannot_be_judged_is_named_on_the_card_of_another() -> None:
    unknown = advised(decide_order(patient(draft(), unread=(UNJUDGED, WORDS_ONLY)))).unknown
    assert "draft orders that could not be judged: 1" in [wording("en").say(line) for line in unknown]


def test_of_drafts_that_cannot_be_judged_the_first_with_words_is_named() -> None:
    worded = replace(UNJUDGED, why="not-readable", shown="Racikan 7", times=2)
    unknown = advised(decide_order(patient(draft(), unread=(UNJUDGED, worded, WORDS_ONLY)))).unknown
    assert "draft orders that could not be judged: 3 (“Racikan 7”)" in [wording("en").say(line) for line in unknown]


def test_quinine_recognised_by_name_says_so() -> None:
    by_name = replace(QUININE, ingredients=(Ingredient("quinine", "quinine", Match.NAME),), text="kina 200 mg")
    because = advised(decide(patient(by_name))).why[0]
    assert wording("en").say(because.phrase).startswith("quinine (medication order, 18 Feb 2026; by name)")
    assert wording("id").say(because.phrase).startswith("kina (kuinin) (resep, 18 Feb 2026; menurut nama)")


# --- order-select and order-sign


def test_draft_quinine_is_questioned_with_cancelling_and_stretching() -> None:
    decision = decide_order(patient(draft(), CRAMPS))
    assert advised(decision).indicator is Indicator.WARNING
    assert actions(decision) == ["delete MedicationRequest/quinine", "311401005"]


def test_a_child_is_not_offered_stretching() -> None:
    assert actions(decide_order(patient(draft(), person=born(2015)))) == ["delete MedicationRequest/quinine"]


def test_a_draft_that_cannot_be_named_cannot_be_deleted_but_is_questioned() -> None:
    assert actions(decide_order(patient(draft(reference=None)))) == ["311401005"]


@pytest.mark.parametrize("status", ["stopped", "cancelled", "completed", "entered-in-error"])
def test_a_draft_that_has_ended_is_not_judged(status: str) -> None:
    assert reason_of(decide_order(patient(draft(status=status)))) == "avoid_quinine.reason.no_quinine_draft"


@pytest.mark.parametrize("status", ["draft", "active", "on-hold", "unknown", None])
def test_any_other_status_is(status: str | None) -> None:
    assert isinstance(decide_order(patient(draft(status=status))), Advise)


def test_what_is_not_selected_or_not_to_be_performed_is_not_judged() -> None:
    assert isinstance(decide_order(patient(draft(selected=False))), NotAdvised)
    assert isinstance(decide_order(patient(draft(do_not_perform=True))), NotAdvised)
    assert reason_of(decide_order(patient())) == "avoid_quinine.reason.no_draft"


def test_interacting_drugs_are_sought_among_the_other_drafts_too() -> None:
    other = draft("ondansetron", "qt_interacting", selected=False)
    assert "ondansetron" in summary(decide_order(patient(draft(), other)))
    cancelled = draft("ondansetron", "qt_interacting", status="cancelled")
    assert advised(decide_order(patient(draft(), cancelled))).indicator is Indicator.WARNING


def test_a_draft_for_malaria_is_silent_unless_the_label_speaks_against_it() -> None:
    for_malaria = draft(reasons=(reason("malaria"),))
    others = (result("platelets", "20"), result("potassium", "2.0"), medicine("amiodarone", "qt_interacting"))
    assert reason_of(decide_order(patient(for_malaria, *others))) == "avoid_quinine.reason.malaria"
    decision = decide_order(patient(for_malaria, MYASTHENIA))
    assert advised(decision).indicator is Indicator.WARNING
    assert not any(action.startswith("delete") for action in actions(decision))


def test_without_a_chart_the_warning_comes_and_says_what_could_not_be_checked() -> None:
    decision = advised(decide_order(patient(draft(), person=Person(), receipts={})))
    assert decision.indicator is Indicator.WARNING
    keys = {phrase.key for phrase in decision.unknown}
    assert keys >= {f"unknown.{query}.absent" for query in ("conditions", "observations", "medications", "allergies")}
    assert "common.age_not_known" in keys


# --- words


LONGEST = (
    problem("immune_thrombocytopenia"),
    problem("drug_induced_haemolysis"),
    allergy("quinine_allergy"),
    problem("ttp_tma"),
    result("qtc", "480"),
    result("platelets", "40"),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "decision",
    [
        decide(patient(QUININE)),
        decide(patient(QUININE, problem("als"))),
        decide(patient(QUININE, *LONGEST)),
        decide(patient(QUININE, LONGEST[1], LONGEST[3], problem("myasthenia_gravis"))),
        decide(patient(QUININE, MALARIA, *LONGEST)),
        decide(patient(OUTDATED, *LONGEST)),
        decide_order(patient(draft(), *LONGEST)),
    ],
)
def test_every_summary_is_under_140_characters(decision: Decision, language: str) -> None:
    said = wording(language).say(advised(decision).summary)
    assert len(said) < 140, said


def test_every_avoid_quinine_card_names_tinnitus_or_its_contraindication() -> None:
    decisions = (
        decide(patient(QUININE)),
        decide_order(patient(draft())),
        decide(patient(QUININE, MALARIA, MYASTHENIA)),
    )
    for decision in decisions:
        for language, word in (("en", "tinnitus"), ("id", "tinitus")):
            assert word in " ".join(wording(language).value(line) for line in advised(decision).act)


def _said(decision: Decision) -> str:
    return " ".join(wording("en").value(line) for line in advised(decision).act)


def test_a_child_is_not_told_to_stretch() -> None:
    assert "Stretching first." in _said(decide(patient(QUININE)))
    assert "tretching" not in _said(decide(patient(QUININE, person=born(2015))))


def test_quinine_for_a_listed_malaria_over_thirty_days_is_silent_with_its_reason() -> None:
    assert (
        reason_of(decide(patient(medicine("quinine", ago=31), MALARIA))) == "avoid_quinine.reason.malaria_long_course"
    )
    assert reason_of(decide(patient(medicine("quinine", ago=30), MALARIA))) == "avoid_quinine.reason.malaria"


def test_a_list_searched_and_empty_is_not_worth_a_word() -> None:
    chart = patient(QUININE, receipts=receipts(allergies=Receipt.EMPTY, medicationStatements=Receipt.EMPTY))
    assert not any(phrase.key.endswith(".empty") for phrase in advised(decide(chart)).unknown)


def test_the_rules_serve_s9() -> None:
    for rule in (RULE, ORDER_RULE):
        assert "S9" in {statement for evidence in rule.evidence for statement in evidence.serves}


# --- properties


POOL: tuple[object, ...] = (
    CRAMPS,
    QUININE,
    MALARIA,
    *LONGEST,
    draft(),
    draft(reasons=(reason("malaria"),)),
    problem("als"),
    problem("pregnancy"),
    medicine("amiodarone", "qt_interacting"),
    medicine("digoxin"),
    result("potassium", "2.9"),
    result("potassium", "4.0", ago=1),
    replace(result("magnesium", "1"), value=None, unusable="no-unit"),
    medicine("quinine", ago=None, status="unknown"),
    problem("malaria", ago=None, clinical=None),
)
items = st.lists(st.sampled_from(POOL), max_size=12, unique_by=id)


@pytest.mark.parametrize("rule", [decide, decide_order])
@given(chosen=items, year=st.sampled_from([None, 1950, 2012]))
def test_never_raises_and_the_order_of_entries_never_matters(
    rule: Callable[[Facts], Decision], chosen: list[object], year: int | None
) -> None:
    person = Person() if year is None else born(year)
    first = rule(patient(*chosen, person=person))
    second = rule(patient(*reversed(chosen), person=person))
    assert type(first) is type(second)
    if isinstance(first, Advise) and isinstance(second, Advise):
        assert first.indicator is second.indicator
        assert sorted(map(repr, first.why)) == sorted(map(repr, second.why))


@given(chosen=items)
def test_unreadable_entries_never_create_advice_nor_remove_a_warning(chosen: list[object]) -> None:
    unread = tuple(Unread(f"x/{query}", query, "not-readable") for query in QUERIES)
    plain, disturbed = decide(patient(*chosen)), decide(patient(*chosen, unread=unread))
    if isinstance(plain, Advise):
        assert isinstance(disturbed, Advise)
        assert disturbed.indicator is plain.indicator
    else:
        assert not isinstance(disturbed, Advise)


def test_a_medication_authored_in_the_future_is_not_outdated() -> None:
    ahead: Medication = replace(QUININE, authored=instant(-5))
    assert advised(decide(patient(ahead, MYASTHENIA))).indicator is Indicator.CRITICAL


# --- what is said once, and what is left unsaid


def test_every_active_quinine_order_can_be_stopped() -> None:
    chart = patient(
        *(replace(QUININE, source=one, reference=one) for one in ("MedicationRequest/a", "MedicationRequest/b"))
    )
    assert len(set(advised(decide(chart)).suggestions)) == 2


def test_an_allergy_recorded_twice_is_one_reason() -> None:
    twice = (allergy("quinidine"), allergy("quinidine", source="AllergyIntolerance/again"))
    critical = wording("en").say(advised(decide(patient(QUININE, *twice, MYASTHENIA))).summary)
    assert critical.count("quinidine") == 1
    assert "myasthenia" in critical


def test_one_reason_is_named_where_two_are_too_long() -> None:
    decision = advised(decide(patient(QUININE, MYASTHENIA, problem("long_qt"), problem("optic_neuritis"))))
    assert decision.shorter is not None
    assert wording("en").say(decision.shorter) == (
        "Quinine contraindicated here: past myasthenia gravis, +2. Not for malaria? Consider stopping it."
    )


def test_one_reason_against_quinine_for_malaria_is_named_where_two_are_too_long() -> None:
    decision = advised(decide(patient(QUININE, MALARIA, MYASTHENIA, problem("long_qt"), problem("optic_neuritis"))))
    assert decision.shorter is not None
    assert "label contraindication: past myasthenia gravis, +2." in wording("en").say(decision.shorter)


@pytest.mark.parametrize("receipt", list(Receipt))
def test_that_no_malaria_was_found_is_only_said_of_a_problem_list_that_came(receipt: Receipt) -> None:
    chart = replace(patient(QUININE), receipts={**dict.fromkeys(QUERIES, Receipt.RECEIVED), "conditions": receipt})
    assert ("avoid_quinine.why.no_malaria" in keys(advised(decide(chart)).why)) is receipt.complete
    recorded = replace(chart, problems=(problem("malaria", ago=200),))
    assert "avoid_quinine.why.no_malaria" not in keys(advised(decide(recorded)).why)


@pytest.mark.parametrize(
    ("chart", "described"),
    [
        (patient(QUININE), True),
        (patient(QUININE, problem("av_block")), True),
        (patient(QUININE, MYASTHENIA), False),
        (patient(QUININE, result("potassium", "2.9")), False),
        (patient(QUININE, problem("als")), False),
        (patient(QUININE, problem("tinnitus")), False),
        (patient(QUININE, problem("haemoglobinuria")), False),
        (patient(QUININE, problem("severe_liver_disease")), False),
        (patient(QUININE, problem("pregnancy")), False),
        (patient(QUININE, person=born(2015)), False),
        (patient(QUININE, problem("cramp_exercise_heat")), False),
        (patient(QUININE, problem("cramp_exercise_heat"), problem("cramp_leg_nocturnal")), True),
        (
            patient(QUININE, unread=(Unread("Condition/9", "conditions", "not-readable", frozenset({"tinnitus"})),)),
            False,
        ),
        (patient(QUININE, person=Person()), False),
        *(
            (patient(QUININE, receipts={**dict.fromkeys(QUERIES, Receipt.RECEIVED), query: Receipt.PARTIAL}), False)
            for query in ("conditions", "allergies", "medicationRequests", "medicationStatements")
        ),
        (patient(QUININE, receipts={**dict.fromkeys(QUERIES, Receipt.RECEIVED), "observations": Receipt.ABSENT}), True),
    ],
)
def test_the_british_exception_is_only_described_where_nothing_speaks_against_it(chart: Facts, described: bool) -> None:
    assert ("avoid_quinine.act.united_kingdom" in shown(advised(decide(chart)))) is described


@pytest.mark.parametrize(
    ("unusable", "described"),
    [
        (lab("potassium", "3.9 mmol/L", moment=None), False),  # the date could not be read
        (lab("magnesium", "0.8 g/dL"), False),
        (lab("calcium_total", "two"), False),
        (lab("platelets", "250"), False),
        (lab("qtc", "420"), False),
        (lab("potassium", "4.1 g/dL", days_ago=30), False),
        (lab("potassium", "4.1 g/dL", days_ago=32), True),  # older than what counts
        (lab("sodium", "140"), True),  # says nothing of quinine
    ],
)
def test_the_british_exception_is_withheld_where_a_value_is_there_and_cannot_be_used(
    unusable: LabResult, described: bool
) -> None:
    """Unknown is never normal: it may be the potassium that makes quinine critical."""
    assert unusable.unusable is not None
    assert ("avoid_quinine.act.united_kingdom" in shown(advised(decide(patient(QUININE, unusable))))) is described


# --- an order that may be outdated


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Quinine (order may be outdated) contraindicated here: long QT. Still taken?"),
        ("id", "Kina (kuinin), resep mungkin tidak mutakhir, dikontraindikasikan: QT memanjang. Masih dipakai?"),
    ],
)
def test_an_outdated_order_names_its_reason(language: str, said: str) -> None:
    for chart in (patient(OUTDATED, problem("long_qt")), patient(OUTDATED, problem("long_qt"), problem("als"))):
        decision = advised(decide(chart))
        assert decision.indicator is Indicator.WARNING
        assert wording(language).say(decision.summary) == said


def labels(language: str, decision: Decision) -> list[str]:
    return [wording(language).say(suggestion.label) for suggestion in advised(decision).suggestions]


def test_each_stop_says_which_order_it_stops() -> None:
    orders = (
        replace(QUININE, source="MedicationRequest/a", text="quinine 300 mg [tab]"),
        replace(QUININE, source="MedicationRequest/b", text="quinine 200 mg", authored=instant(40)),
        replace(QUININE, source="MedicationRequest/c", text=None, authored=None),
    )
    assert labels("en", decide(patient(*orders))) == [
        "Stop quinine: quinine 300 mg [tab] (18 Feb 2026)",
        "Stop quinine: quinine 200 mg (29 Jan 2026)",
        "Stop quinine",
    ]
    assert labels("id", decide(patient(*orders)))[0] == "Hentikan kina (kuinin): quinine 300 mg [tab] (18 Feb 2026)"


def test_each_cancel_says_which_draft_it_deletes() -> None:
    drafts = (
        draft(source="MedicationRequest/a", text="quinine 300 mg", authored=None),
        draft(source="MedicationRequest/b", text="x" * 300),
    )
    said = labels("en", decide_order(patient(*drafts)))
    assert said[0] == "Cancel quinine order: quinine 300 mg"
    assert said[1].startswith("Cancel quinine order: xxx")
    assert len(said[1]) < 90
    assert labels("id", decide_order(patient(*drafts)))[0] == "Batalkan resep kina (kuinin): quinine 300 mg"


@pytest.mark.parametrize("more", [(), (result("potassium", "2.8"),)])
def test_in_als_the_card_says_where_als_is_recorded(more: tuple[object, ...]) -> None:
    als = problem("als", ago=10)
    for decision in (decide(patient(als, QUININE, *more)), decide_order(patient(als, draft(), *more))):
        why = [wording("en").say(fact.phrase) for fact in advised(decision).why]
        assert why[1] == "ALS (problem list, 28 Feb 2026)"
    assert not any("ALS" in wording("en").say(fact.phrase) for fact in advised(decide(patient(QUININE, *more))).why)
