"""A supplement of what is high already: warned of before any excuse, while ordering and on opening the chart."""

from dataclasses import replace
from typing import Any

import pytest

from cds_service.catalogue import wording
from cds_service.decision.phrases import Phrase
from cds_service.decision.recommendation import Advise, CannotTell, Decision, Indicator, NotAdvised, ProposedOrder
from cds_service.guidelines.leg_cramps.electrolytes.rule import ORDER_RULE
from cds_service.guidelines.leg_cramps.stretching.rule import RULE as STRETCHING
from cds_service.patient.facts import LabResult, Medication, Problem, Route
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt
from tests.builders.electrolytes import ALS, CRAMPS, FUROSEMIDE, MAGNESIUM_OXIDE, advise, chart, decide, supplement
from tests.builders.facts import born, days_ago, instant, lab, problem, without
from tests.builders.said import advised, keys, sayable

CRITICAL, WARNING, INFO = Indicator.CRITICAL, Indicator.WARNING, Indicator.INFO
CHLORIDE = supplement("potassium_supplement", "potassium chloride")
HIGH = lab("potassium", "7.0 mmol/L")


def draft(of: Medication = CHLORIDE, *reasons: str, **more: Any) -> Medication:
    made = supplement(of.ingredients[0].concept, of.ingredients[0].name, *reasons, draft=True, selected=True)
    return replace(made, **{"status": "draft", **more})


def order(*results: LabResult, drafts: tuple[Medication, ...] = (draft(),), **more: Any) -> Decision:
    return sayable(ORDER_RULE.decide(chart(*results, drafts=drafts, **more)))


def said(decision: Decision) -> tuple[str, list[str], list[str]]:
    advice, words = advised(decision), wording("en")
    return words.say(advice.summary), [words.value(a) for a in advice.act], [words.say(f.phrase) for f in advice.why]


def test_a_draft_against_a_high_potassium() -> None:
    summary, act, why = said(order(HIGH))
    assert summary == "Potassium is HIGH, 7.0 mmol/L (9 Mar 2026): consider not giving potassium; ECG."
    assert act == [
        "**Consider not giving potassium chloride**; ECG; repeat potassium; exclude a haemolysed sample.",
        "**High value:** assess in its own right, not as a cause of cramps.",
        "**No supplement treats cramps by itself.**",
    ]
    assert why == [
        "potassium 7.0 mmol/L, 9 Mar 2026 (laboratory; high ≥ 5.5, critical ≥ 6.5)",
        "potassium chloride (draft order)",
        "nocturnal leg cramps (problem list)",
    ]


def test_it_offers_the_repeat_and_deletes_nothing() -> None:
    actions = [suggestion.action for suggestion in advised(order(HIGH)).suggestions]
    assert [one.codings[0][1] for one in actions if isinstance(one, ProposedOrder)] == ["2823-3"]
    assert len(actions) == 1


@pytest.mark.parametrize(
    ("value", "days", "indicator"),
    [
        ("5.4 mmol/L", 1, None),
        ("5.5 mmol/L", 1, WARNING),  # info by itself
        ("6.0 mmol/L", 1, WARNING),
        ("6.5 mmol/L", 1, CRITICAL),
        ("6.5 mmol/L", 7, CRITICAL),
        ("6.5 mmol/L", 8, WARNING),
        ("5.5 mmol/L", 30, WARNING),
        ("6.5 mmol/L", 31, INFO),
        ("6.5 mmol/L", 180, INFO),
        ("6.5 mmol/L", 181, None),
    ],
)
def test_how_urgent_it_is(value: str, days: float, indicator: Indicator | None) -> None:
    result = lab("potassium", value, days)
    for decision in (order(result), decide(result, medications=(CHLORIDE,))):
        assert (decision.indicator if isinstance(decision, Advise) else None) is indicator


@pytest.mark.parametrize(
    "result",
    [
        lab("potassium", "5.2 mmol/L", own="3.5-5.1 mmol/L"),
        lab("potassium", "5.4 mmol/L", flags=["H"]),
        lab("potassium", ">5.5 mmol/L"),
    ],
    ids=["own range", "flag", "bound"],
)
def test_high_in_any_way(result: LabResult) -> None:
    assert advised(order(result)).indicator is WARNING


def test_an_old_value_is_repeated_first() -> None:
    summary, act, _ = said(order(lab("potassium", "6.6 mmol/L", 40)))
    assert summary == "Potassium was HIGH, 6.6 mmol/L, on 29 Jan 2026: repeat it before giving potassium."
    assert act[0] == "**Before giving potassium chloride:** repeat potassium; exclude a haemolysed sample."


@pytest.mark.parametrize(("days", "old"), [(30, False), (31, True)])
def test_a_value_is_old_after_30_days(days: int, *, old: bool) -> None:
    summary, act, _ = said(order(lab("potassium", "6.6 mmol/L", days)))
    assert ("repeat it before giving potassium" in summary) is old
    assert act[0].startswith("**Before giving" if old else "**Consider not giving")


@pytest.mark.parametrize(
    "excuse",
    [
        {"problems": (CRAMPS, problem("eskd_dialysis"))},
        {"problems": (CRAMPS, problem("cirrhosis"))},
        {"problems": (CRAMPS, problem("pregnancy", recorded=instant(30)))},
        {"problems": (CRAMPS, problem("hypokalaemia"))},
        {"medications": (FUROSEMIDE,)},
        {"medications": (supplement("other_diuretic", "acetazolamide"),)},
        {"person": born(2015)},
        {"person": Person()},
    ],
    ids=["dialysis", "cirrhosis", "pregnancy", "a deficit on the list", "diuretic", "acetazolamide", "child", "no age"],
)
def test_nothing_excuses_it(excuse: dict[str, Any]) -> None:
    low_last_year = lab("potassium", "3.0 mmol/L", 200)
    for one in (draft(), draft(CHLORIDE, "cramp_leg")):
        assert advised(order(HIGH, low_last_year, drafts=(one,), **excuse)).indicator is CRITICAL


@pytest.mark.parametrize(
    ("problems", "reasons", "told"),
    [
        ((), (), False),
        ((), ("restless_legs",), False),
        ((), ("cramp_leg",), True),
        ((CRAMPS,), (), True),
        ((CRAMPS,), ("restless_legs",), True),
        ((ALS,), ("restless_legs",), True),
    ],
)
def test_cramps_or_als_or_a_cramp_as_its_reason(
    problems: tuple[Problem, ...], reasons: tuple[str, ...], *, told: bool
) -> None:
    decision = order(HIGH, drafts=(draft(CHLORIDE, *reasons),), problems=problems)
    assert isinstance(decision, Advise) is told
    assert told or decision == NotAdvised(Phrase("electrolytes.reason.not_for_cramps"))


@pytest.mark.parametrize(("person", "reason"), [(born(1950), "nothing_high"), (born(2015), "minor")])
def test_one_draft_for_cramps_among_others_is_enough(person: Person, reason: str) -> None:
    drafts = (draft(CHLORIDE, "cramp_leg", other_reason=True), draft(MAGNESIUM_OXIDE))
    normal, more = lab("potassium", "4.0 mmol/L"), {"drafts": drafts, "problems": (), "person": person}
    assert order(normal, **more) == NotAdvised(Phrase(f"electrolytes.reason.{reason}"))
    assert isinstance(order(**more, receipts=without("observations")), CannotTell)
    assert isinstance(order(normal, **more, receipts=without("conditions")), NotAdvised)


MAGNESIUM, CALCIUM, SODIUM = (
    lab(*one) for one in (("magnesium", "2.2 mmol/L"), ("calcium_ionized", "1.9 mmol/L"), ("sodium", "161 mmol/L"))
)


@pytest.mark.parametrize(
    ("concept", "name", "route", "result", "told"),
    [
        ("potassium_supplement", "potassium chloride", Route.UNKNOWN, HIGH, True),
        ("potassium_supplement", "potassium chloride", Route.PARENTERAL, HIGH, False),
        ("magnesium_supplement", "magnesium oxide", Route.UNKNOWN, MAGNESIUM, True),
        ("magnesium_supplement", "magnesium hydroxide", Route.UNKNOWN, MAGNESIUM, True),
        ("magnesium_supplement", "magnesium hydroxide", Route.ORAL, MAGNESIUM, True),  # also as laxative or antacid
        ("magnesium_supplement", "magnesium sulfate", Route.UNKNOWN, MAGNESIUM, False),
        ("magnesium_supplement", "magnesium sulfate", Route.PARENTERAL, MAGNESIUM, False),
        ("calcium_supplement", "calcium carbonate", Route.UNKNOWN, CALCIUM, True),
        ("calcium_supplement", "calcium gluconate", Route.UNKNOWN, CALCIUM, False),
        ("sodium_chloride", "sodium chloride", Route.ORAL, SODIUM, True),
        ("sodium_chloride", "sodium chloride", Route.UNKNOWN, SODIUM, False),  # saline, perhaps
        ("sodium_chloride", "sodium chloride", Route.LOCAL, SODIUM, False),
        ("potassium_supplement", "potassium chloride", Route.ORAL, MAGNESIUM, False),
        ("magnesium_supplement", "magnesium oxide", Route.UNKNOWN, HIGH, False),
    ],
)
def test_by_mouth_and_of_what_is_high(concept: str, name: str, route: Route, result: LabResult, *, told: bool) -> None:
    given = supplement(concept, name, route=route)
    assert isinstance(order(result, drafts=(draft(given, route=route),)), Advise) is told
    others = {"electrolytes.act.not_giving"}
    assert bool(keys(decide(result, medications=(given,))) & others) is told


@pytest.mark.parametrize("more", [{"selected": False}, {"status": "cancelled"}, {"do_not_perform": True}])
def test_a_draft_that_is_not_judged(more: dict[str, Any]) -> None:
    assert order(HIGH, drafts=(draft(**more),)) == NotAdvised(Phrase("electrolytes.reason.no_draft_supplement"))


def test_an_active_one_turns_an_info_into_a_warning_and_is_named_with_what_raises_potassium() -> None:
    mild = lab("potassium", "5.6 mmol/L")
    assert isinstance(decide(mild), NotAdvised)
    losartan, other = supplement("raises_potassium", "losartan"), supplement("raises_potassium", "lisinopril")
    decision = decide(mild, medications=(CHLORIDE, losartan), drafts=(replace(other, draft=True, status="draft"),))
    _, act, why = said(decision)
    assert advised(decision).indicator is WARNING
    assert act[1] == (
        "**May raise potassium:** losartan and lisinopril (review; do not stop abruptly). **High value:** assess"
        " in its own right, not as a cause of cramps."
    )
    assert why[1:4] == [
        "potassium chloride (medication order)",
        "losartan (medication order)",
        "lisinopril (draft order)",
    ]


def test_what_raises_potassium_is_named_without_a_supplement_too_but_only_beside_a_high_one() -> None:
    losartan = supplement("raises_potassium", "losartan")
    assert "electrolytes.act.raising" in keys(advise(lab("potassium", "6.2 mmol/L"), medications=(losartan,)))
    assert "electrolytes.act.raising" not in keys(advise(lab("potassium", "2.9 mmol/L"), medications=(losartan,)))
    cancelled = replace(losartan, draft=True, status="cancelled")
    assert "electrolytes.act.raising" not in keys(advise(lab("potassium", "6.2 mmol/L"), drafts=(cancelled,)))


def test_a_stopped_supplement_is_none() -> None:
    stopped = replace(CHLORIDE, status="stopped")
    assert isinstance(decide(lab("potassium", "5.6 mmol/L"), medications=(stopped,)), NotAdvised)


def test_high_displaces_without_a_deficit() -> None:
    high = lab("magnesium", "1.1 mmol/L")
    decision = decide(high, medications=(MAGNESIUM_OXIDE,))
    assert said(decision)[0] == "Magnesium is HIGH, 1.1 mmol/L (9 Mar 2026): consider not giving magnesium."
    spoken = keys(decision) | keys(order(high, drafts=(draft(MAGNESIUM_OXIDE, "cramp_leg"),)))
    assert not spoken & {
        "electrolytes.fact.not_low",
        "electrolytes.act.on_treatment",
        "electrolytes.act.trials",
        "electrolytes.act.review",
        "electrolytes.act.unneeded_magnesium",
    }


@pytest.mark.parametrize(("value", "unknown"), [("1.1 mmol/L", False), (">0.65 mmol/L", True)])
def test_a_level_that_is_high_is_not_called_unknown_on_the_stretching_card(value: str, *, unknown: bool) -> None:
    facts = chart(lab("magnesium", value), medications=(MAGNESIUM_OXIDE,))
    assert ("stretching_first.labs.supplement" in keys(advised(STRETCHING.decide(facts)).unknown)) is unknown


def test_a_supplement_without_a_deficit_beside_one_against_a_high_value() -> None:
    drafts = (draft(CHLORIDE, "cramp_leg"), draft(MAGNESIUM_OXIDE, "cramp_leg"))
    _, act, why = said(order(HIGH, lab("magnesium", "0.80 mmol/L"), drafts=drafts))
    assert act[0].startswith("**Consider not giving potassium chloride**")
    assert act[-1].startswith("**Review magnesium oxide, no documented deficit:**")
    assert "magnesium 0.80 mmol/L, 9 Mar 2026 (laboratory; not low)" in why


def test_what_else_a_combination_holds_is_judged_beside_what_is_high() -> None:
    calcium = supplement("calcium_supplement", "calcium carbonate")
    ingredients = (*MAGNESIUM_OXIDE.ingredients, *calcium.ingredients)
    both = draft(replace(MAGNESIUM_OXIDE, ingredients=ingredients), "cramp_leg", ingredients=ingredients)
    _, act, _ = said(order(MAGNESIUM, lab("calcium_ionized", "1.20 mmol/L"), drafts=(both,)))
    assert act[0].startswith("**Consider not giving magnesium oxide and calcium carbonate**")  # it is one order
    assert act[-1].startswith("**Review calcium carbonate, no documented deficit.**")


def test_two_at_once_the_worse_first() -> None:
    drafts = (draft(MAGNESIUM_OXIDE), draft())
    summary, act, _ = said(order(HIGH, lab("magnesium", "1.1 mmol/L"), drafts=drafts))
    assert summary.startswith("Potassium is HIGH, 7.0 mmol/L")
    assert act[0].startswith("**Consider not giving potassium chloride and magnesium oxide**")


def test_of_two_as_urgent_potassium_comes_first() -> None:
    drafts = (draft(MAGNESIUM_OXIDE), draft())
    summary, _, _ = said(order(lab("potassium", "5.6 mmol/L"), lab("magnesium", "1.1 mmol/L"), drafts=drafts))
    assert summary.startswith("Potassium is HIGH, 5.6 mmol/L")


def test_a_high_value_that_is_supplied_is_told_once() -> None:
    summary, act, why = said(decide(HIGH, medications=(CHLORIDE,)))
    assert summary == "Potassium is HIGH, 7.0 mmol/L (9 Mar 2026): consider not giving potassium; ECG."
    assert "; repeat potassium; exclude" in act[0]
    assert [line.partition(" ")[0] for line in why] == ["potassium", "potassium", "nocturnal"]  # value, order, cramps


def test_several_are_named_as_what_they_supply() -> None:
    names = ("potassium chloride", "potassium citrate", "potassium gluconate")
    drafts = tuple(draft(supplement("potassium_supplement", name)) for name in names)
    assert said(order(HIGH, drafts=drafts[:2]))[1][0].startswith(
        "**Consider not giving potassium chloride and potassium citrate**"
    )
    assert said(order(HIGH, drafts=drafts))[1][0].startswith("**Consider not giving potassium**; ECG")


def test_of_equals_what_is_supplied_comes_first() -> None:
    summary, _, _ = said(decide(lab("sodium", "119 mmol/L"), HIGH, medications=(CHLORIDE,)))
    assert summary.startswith("Potassium is HIGH, 7.0 mmol/L")


def test_an_old_and_a_new_high_value_are_both_not_to_be_given() -> None:
    drafts = (draft(MAGNESIUM_OXIDE), draft())
    _, act, _ = said(order(HIGH, lab("magnesium", "1.1 mmol/L", 60), drafts=drafts))
    assert act[0].startswith("**Consider not giving potassium chloride and magnesium oxide**")


def test_a_worse_deficit_comes_before_it() -> None:
    summary, act, _ = said(decide(lab("potassium", "5.6 mmol/L"), lab("sodium", "119 mmol/L"), medications=(CHLORIDE,)))
    assert summary == "Low sodium 119 mmol/L (9 Mar 2026), also high potassium: ECG."
    assert act[0].startswith("**Consider not giving potassium chloride**; ECG; repeat sodium and potassium")


@pytest.mark.parametrize(
    ("result", "ecg"),
    [
        (lab("potassium", "5.5 mmol/L"), True),
        (lab("potassium", "6.6 mmol/L", 31), False),
        (lab("magnesium", "1.1 mmol/L"), False),
        (lab("magnesium", "1.6 mmol/L"), True),
        (lab("sodium", "161 mmol/L"), False),
    ],
)
def test_an_ecg_for_potassium_and_from_warning_on(result: LabResult, *, ecg: bool) -> None:
    drafts = (draft(), draft(MAGNESIUM_OXIDE), draft(supplement("sodium_chloride", "sodium chloride")))
    summary, act, _ = said(order(result, drafts=drafts))
    assert ("ECG" in summary) is ("ECG" in act[0]) is ecg


def test_a_total_calcium_is_named_as_what_it_is() -> None:
    carbonate = draft(supplement("calcium_supplement", "calcium carbonate"))
    summary, _, _ = said(order(lab("calcium_total", "2.9 mmol/L"), drafts=(carbonate,)))
    assert summary == "Total calcium is HIGH, 2.9 mmol/L (9 Mar 2026): consider not giving calcium."


# --- what it cannot tell


@pytest.mark.parametrize(
    ("missing", "problems", "reasons", "told"),
    [
        ("observations", (CRAMPS,), (), True),
        ("observations", (), (), False),  # nobody is concerned
        ("observations", (), ("cramp_leg",), True),
        ("conditions", (), (), True),
    ],
)
def test_what_was_not_received_leaves_it_open(
    missing: str, problems: tuple[Problem, ...], reasons: tuple[str, ...], *, told: bool
) -> None:
    one = draft(CHLORIDE, *reasons, other_reason=not reasons)
    for receipt in (Receipt.ABSENT, Receipt.FAILED, Receipt.PARTIAL):
        decision = order(drafts=(one,), problems=problems, receipts=without(missing, receipt=receipt))
        assert isinstance(decision, CannotTell) is told
        assert isinstance(decision, CannotTell | NotAdvised)


def test_a_newer_result_that_could_not_be_read_leaves_it_open() -> None:
    decision = order(lab("potassium", "4.0 mmol/L", 3), lab("potassium", "7.0", 1))
    assert isinstance(decision, CannotTell)
    assert [line.key for line in decision.missing] == ["lab.not_used"]


@pytest.mark.parametrize(
    ("result", "minor"), [(lab("potassium", "4.0 mmol/L"), True), (lab("potassium", "4.0 mmol/L"), False)]
)
def test_nothing_high(result: LabResult, *, minor: bool) -> None:
    reason = "minor" if minor else "nothing_high"
    decision = order(result, person=born(2015 if minor else 1950))
    assert decision == NotAdvised(Phrase(f"electrolytes.reason.{reason}"))


def test_under_18_the_chart_says_nothing() -> None:
    assert decide(HIGH, medications=(CHLORIDE,), person=born(2015)) == NotAdvised(
        Phrase("electrolytes.reason.under_18")
    )


def test_sixty_equal_orders_make_the_card_of_one() -> None:
    many = tuple(replace(CHLORIDE, source=f"MedicationRequest/{n}", authored=days_ago(20)) for n in range(60))
    assert said(decide(HIGH, medications=many)) == said(decide(HIGH, medications=many[:1]))
    assert said(
        order(HIGH, drafts=tuple(replace(draft(), source=f"MedicationRequest/{n}") for n in range(60)))
    ) == said(order(HIGH))


@pytest.mark.parametrize("value", ["7.0 mmol/L", "4.2 mmol/L"])
def test_where_no_cramps_are_on_record_the_reason_of_the_order_is_named(value: str) -> None:
    level, drafts = lab("potassium", value), (draft(CHLORIDE, "cramp_leg"), draft(CHLORIDE, "cramp_leg"))
    assert said(order(level, drafts=drafts, problems=()))[2][-1] == "reason for the order: leg cramps"
    assert "reason for the order" not in " ".join(said(order(level, drafts=drafts))[2])


def test_the_reasons_of_all_orders_on_the_card_are_named() -> None:
    drafts = (draft(CHLORIDE, "cramp_leg"), draft(MAGNESIUM_OXIDE, "cramp_leg_nocturnal"))
    _, _, why = said(order(HIGH, lab("magnesium", "0.80 mmol/L"), drafts=drafts, problems=()))
    assert [line for line in why if "reason for the order" in line] == [
        "reason for the order: leg cramps",
        "reason for the order: nocturnal leg cramps",
    ]
