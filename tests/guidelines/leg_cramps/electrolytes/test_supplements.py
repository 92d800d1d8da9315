"""A supplement without a documented deficit: when it is questioned, and every reason not to."""

from dataclasses import replace
from typing import Any

import pytest

from cds_service.catalogue import wording
from cds_service.decision.phrases import Phrase
from cds_service.decision.recommendation import Advise, CannotTell, Cited, Decision, Indicator, NotAdvised
from cds_service.guidelines.leg_cramps.electrolytes.rule import ORDER_RULE
from cds_service.patient.facts import LabResult, Medication, Problem, Route
from cds_service.patient.person import Person
from cds_service.patient.received import DRAFT_ORDERS, Receipt, Unread
from cds_service.patient.terminology.drugs import ingredients
from cds_service.settings import LANGUAGES
from tests.builders.electrolytes import ALS, CRAMPS, FUROSEMIDE, MAGNESIUM_OXIDE, chart, decide, supplement
from tests.builders.facts import RECEIVED, born, instant, lab, problem, without
from tests.builders.said import advised, keys, unsayable

MAGNESIUM = lab("magnesium", "0.80 mmol/L")
POTASSIUM = lab("potassium", "4.0 mmol/L")
CALCIUM = lab("calcium_ionized", "1.20 mmol/L")
SODIUM = lab("sodium", "140 mmol/L")

QUESTIONED, NOT_QUESTIONED, UNKNOWN = Advise, NotAdvised, CannotTell
AGAINST_A_HIGH_VALUE = Advise


def outcome(
    *results: LabResult, taken: Medication | tuple[Medication, ...] = MAGNESIUM_OXIDE, **more: Any
) -> type[Decision]:
    medications = taken if isinstance(taken, tuple) else (taken,)
    return type(decide(*results, medications=medications, **more))


def test_magnesium_without_a_deficit_is_questioned() -> None:
    decision = decide(MAGNESIUM, medications=(MAGNESIUM_OXIDE,))
    assert isinstance(decision, Advise)
    assert decision.indicator is Indicator.INFO
    assert decision.suggestions == ()
    said = wording("en").say(decision.summary)
    assert said == "Magnesium with no documented deficit: unlikely to prevent cramps in older adults (Cochrane 2020)."
    assert [wording("en").value(line) for line in decision.act] == [
        "**Review whether magnesium oxide is needed.** Stretching stays first.",
        "**Trials in older adults:** −0.18 cramps a week (−0.84 to 0.49); in younger adults not known.",
        "A normal value on treatment may be its effect.",
    ]
    assert [wording("en").say(fact.phrase) for fact in decision.why] == [
        "magnesium oxide (medication order)",
        "magnesium 0.80 mmol/L, 9 Mar 2026 (laboratory; not low)",
        "nocturnal leg cramps (problem list)",
    ]
    assert [fact.source for fact in decision.why] == [MAGNESIUM_OXIDE.source, MAGNESIUM.source, CRAMPS.source]


def test_what_it_cites_and_how_long_it_may_be() -> None:
    calcium = supplement("calcium_supplement", "calcium carbonate", "cramp_leg")
    one = advised(decide(MAGNESIUM, medications=(MAGNESIUM_OXIDE,)))
    two = advised(decide(MAGNESIUM, CALCIUM, medications=(MAGNESIUM_OXIDE, calcium)))
    for advice in (one, two):
        sources = [source.citation for cited in advice.evidence if isinstance(cited, Cited) for source in cited.sources]
        assert sources == ["Garrison, Cochrane 2020", "Alomedika 2025"]
    assert (one.most_words, two.most_words) == (120, 145)


def test_als_beside_the_cramps_is_named() -> None:
    decision = decide(MAGNESIUM, medications=(MAGNESIUM_OXIDE,), problems=(CRAMPS, ALS))
    assert {CRAMPS.source, ALS.source} <= {fact.source for fact in advised(decision).why}


def test_a_level_that_is_not_final_says_so() -> None:
    preliminary = lab("magnesium", "0.80 mmol/L", status="preliminary")
    facts = [
        wording("en").say(fact.phrase) for fact in advised(decide(preliminary, medications=(MAGNESIUM_OXIDE,))).why
    ]
    assert "magnesium 0.80 mmol/L, 9 Mar 2026 (laboratory; not low; preliminary)" in facts


def test_only_with_cramps() -> None:
    assert outcome(MAGNESIUM, problems=(ALS,)) is NOT_QUESTIONED
    assert outcome(MAGNESIUM, problems=()) is NOT_QUESTIONED


@pytest.mark.parametrize(
    ("name", "route", "expected"),
    [
        ("magnesium oxide", Route.ORAL, QUESTIONED),
        ("magnesium citrate", Route.ORAL, QUESTIONED),
        ("magnesium", Route.ORAL, QUESTIONED),
        ("magnesium oxide", Route.UNKNOWN, QUESTIONED),  # given by mouth only
        ("magnesium glycinate", Route.UNKNOWN, QUESTIONED),
        ("magnesium", Route.UNKNOWN, NOT_QUESTIONED),
        ("magnesium chloride", Route.UNKNOWN, NOT_QUESTIONED),
        ("magnesium chloride", Route.ORAL, QUESTIONED),
        ("magnesium oxide", Route.PARENTERAL, NOT_QUESTIONED),
        ("magnesium oxide", Route.LOCAL, NOT_QUESTIONED),
        ("magnesium sulfate", Route.PARENTERAL, NOT_QUESTIONED),
        ("magnesium sulfate", Route.UNKNOWN, NOT_QUESTIONED),
        ("magnesium sulfate", Route.ORAL, NOT_QUESTIONED),  # a laxative
        ("magnesium carbonate", Route.ORAL, NOT_QUESTIONED),  # an antacid
        ("magnesium hydroxide", Route.ORAL, NOT_QUESTIONED),
    ],
)
def test_oral_and_neither_hydroxide_laxative_nor_antacid(name: str, route: Route, expected: type[Decision]) -> None:
    assert outcome(MAGNESIUM, taken=supplement("magnesium_supplement", name, route=route)) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("magnesium carbonate", QUESTIONED), ("magnesium sulfate", QUESTIONED), ("magnesium hydroxide", NOT_QUESTIONED)],
)
def test_its_own_cramp_reason(name: str, expected: type[Decision]) -> None:
    assert outcome(MAGNESIUM, taken=supplement("magnesium_supplement", name, "cramp_leg")) is expected


@pytest.mark.parametrize(
    "text", ["Magnesium citrate laxative", "Antasida DOEN", "antacid tablet", "Pencahar", "aluminium + magnesium oxide"]
)
def test_a_text_that_says_laxative_or_antacid(text: str) -> None:
    assert outcome(MAGNESIUM, taken=supplement("magnesium_supplement", "magnesium oxide", text=text)) is NOT_QUESTIONED


def test_another_reason_is_another_purpose() -> None:
    assert (
        outcome(MAGNESIUM, taken=supplement("magnesium_supplement", "magnesium oxide", "restless_legs"))
        is NOT_QUESTIONED
    )
    both = supplement("magnesium_supplement", "magnesium oxide", "restless_legs", "cramp_any")
    assert outcome(MAGNESIUM, taken=both) is NOT_QUESTIONED


def test_a_reason_that_is_none_of_ours_is_another_purpose() -> None:
    unknown = supplement("magnesium_supplement", "magnesium oxide", other_reason=True)
    assert outcome(MAGNESIUM, taken=unknown) is NOT_QUESTIONED
    beside = supplement("magnesium_supplement", "magnesium oxide", "cramp_leg", other_reason=True)
    assert outcome(MAGNESIUM, taken=beside) is NOT_QUESTIONED
    salt = supplement("potassium_supplement", "potassium citrate", "cramp_leg", other_reason=True)
    assert outcome(POTASSIUM, taken=salt) is NOT_QUESTIONED


@pytest.mark.parametrize(
    "words",
    [
        "Constipation",
        "oral for constipation",
        "chronically constipated",
        "as a laxative",
        "sembelit",
        "untuk konstipasi",
        "pencahar",
        "susah BAB",
        "antasida",
        "sakit maag",
        "asam lambung",
        "Heartburn",
        "dyspepsia",
        "dispepsia",
        "acid reflux",
        "GERD",
        "nyeri ulu hati",
    ],
)
@pytest.mark.parametrize("reasons", [(), ("cramp_leg",)])
def test_a_reason_or_dosage_that_says_laxative_or_antacid(words: str, reasons: tuple[str, ...]) -> None:
    taken = supplement("magnesium_supplement", "magnesium oxide", *reasons, words=("1 tablet", words))
    assert outcome(MAGNESIUM, taken=taken) is NOT_QUESTIONED


@pytest.mark.parametrize("words", ["1 tablet at night", "kram kaki", "2x1 sesudah makan"])
def test_other_words_are_no_other_purpose(words: str) -> None:
    assert outcome(MAGNESIUM, taken=supplement("magnesium_supplement", "magnesium oxide", words=(words,))) is QUESTIONED


@pytest.mark.parametrize(
    ("more", "active"),
    [
        ({"status": "on-hold"}, True),
        ({"status": "stopped"}, False),
        ({"intent": "option"}, False),
        ({"do_not_perform": True}, False),
    ],
)
def test_only_an_active_supplement(more: dict[str, Any], active: bool) -> None:
    taken = supplement("magnesium_supplement", "magnesium oxide", **more)
    assert (outcome(MAGNESIUM, taken=taken) is QUESTIONED) is active


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (lab("magnesium", "0.70 mmol/L"), QUESTIONED),
        (lab("magnesium", "0.80 mmol/L", 180), QUESTIONED),
        (lab("magnesium", "0.80 mmol/L", 181), UNKNOWN),
        (lab("magnesium", "0.80"), UNKNOWN),  # unread
        (lab("magnesium", ">0.75 mmol/L"), QUESTIONED),
        (lab("magnesium", ">0.65 mmol/L"), UNKNOWN),
        (lab("magnesium", "<0.9 mmol/L"), UNKNOWN),
        (lab("magnesium", "0.80 mmol/L", flags=["AA"]), UNKNOWN),
        (lab("magnesium", "1.10 mmol/L"), AGAINST_A_HIGH_VALUE),
        (lab("magnesium_ionized", "0.50 mmol/L", own="0.44-0.59 mmol/L"), QUESTIONED),
        (lab("magnesium_ionized", "0.50 mmol/L"), UNKNOWN),
        (POTASSIUM, UNKNOWN),
    ],
)
def test_a_usable_level_that_is_not_low(result: LabResult, expected: type[Decision]) -> None:
    assert outcome(result) is expected


def test_level_unknown_is_a_line_and_no_card() -> None:
    assert keys(decide(medications=(MAGNESIUM_OXIDE,))) >= {"electrolytes.line.level_unknown"}
    assert outcome() is UNKNOWN
    assert outcome(receipts=without("observations")) is UNKNOWN


@pytest.mark.parametrize(
    ("days", "expected"),
    [(365, NOT_QUESTIONED), (366, QUESTIONED)],
)
def test_a_low_level_in_12_months(days: int, expected: type[Decision]) -> None:
    assert outcome(MAGNESIUM, lab("magnesium", "0.69 mmol/L", days)) is expected


@pytest.mark.parametrize(
    "earlier",
    [
        lab("magnesium", "0.80 mmol/L", 90, flags=["L"]),
        lab("magnesium", "0.72 mmol/L", 90, own="0.75-1.05 mmol/L"),
        lab("magnesium", "<0.70 mmol/L", 90),
        lab("magnesium_ionized", "0.40 mmol/L", 200, own="0.44-0.59 mmol/L"),
    ],
)
def test_low_in_any_way(earlier: LabResult) -> None:
    assert outcome(MAGNESIUM, earlier) is NOT_QUESTIONED


def test_low_only_after_adjustment() -> None:
    total = lab("calcium_total", "2.15 mmol/L", own="2.10-2.60 mmol/L")
    draft = drafted("calcium carbonate", "cramp_leg", concept="calcium_supplement")
    assert isinstance(order(total, draft=draft), Advise)
    assert isinstance(order(total, lab("albumin", "45 g/L"), draft=draft), NotAdvised)


def test_why_it_is_not_questioned() -> None:
    decision = decide(MAGNESIUM, medications=(MAGNESIUM_OXIDE, FUROSEMIDE))
    assert isinstance(decision, NotAdvised)
    assert wording("en").say(decision.reason) == "Supplement (magnesium) not questioned: a diuretic is listed"


@pytest.mark.parametrize("clinical", ["active", "resolved", None])
def test_never_with_a_documented_deficit(clinical: str | None) -> None:
    assert outcome(MAGNESIUM, problems=(CRAMPS, problem("hypomagnesaemia", clinical=clinical))) is NOT_QUESTIONED
    refuted = problem("hypomagnesaemia", verification="refuted")
    assert outcome(MAGNESIUM, problems=(CRAMPS, refuted)) is QUESTIONED
    assert outcome(MAGNESIUM, problems=(CRAMPS, problem("hypokalaemia"))) is QUESTIONED


@pytest.mark.parametrize("concept", ["eskd_dialysis", "cirrhosis", "pregnancy"])
def test_never_with(concept: str) -> None:
    decision = decide(MAGNESIUM, medications=(MAGNESIUM_OXIDE,), problems=(CRAMPS, problem(concept)))
    assert isinstance(decision, NotAdvised)
    assert decision.reason.values["why"] == Phrase(f"electrolytes.excluded.{concept.removeprefix('eskd_')}")


@pytest.mark.parametrize("concept", ["eskd_dialysis", "cirrhosis"])
def test_what_is_over_excludes_no_more(concept: str) -> None:
    assert outcome(MAGNESIUM, problems=(CRAMPS, problem(concept, clinical="resolved"))) is QUESTIONED


def test_never_with_a_diuretic_also_a_draft_one() -> None:
    assert outcome(MAGNESIUM, taken=(MAGNESIUM_OXIDE, FUROSEMIDE)) is NOT_QUESTIONED
    stopped = supplement("cramp_causing_diuretic", "furosemide", status="stopped")
    assert outcome(MAGNESIUM, taken=(MAGNESIUM_OXIDE, stopped)) is QUESTIONED
    draft = supplement("cramp_causing_diuretic", "furosemide", status="draft", draft=True)
    assert outcome(MAGNESIUM, drafts=(draft,)) is NOT_QUESTIONED
    cancelled = supplement("cramp_causing_diuretic", "furosemide", status="cancelled", draft=True)
    assert outcome(MAGNESIUM, drafts=(cancelled,)) is QUESTIONED


@pytest.mark.parametrize(
    ("concept", "name", "level", "low", "deficit"),
    [
        ("potassium_supplement", "potassium chloride", POTASSIUM, lab("potassium", "3.4 mmol/L", 90), "hypokalaemia"),
        ("calcium_supplement", "calcium carbonate", CALCIUM, lab("calcium_total", "2.1 mmol/L", 90), "hypocalcaemia"),
        ("sodium_chloride", "sodium chloride", SODIUM, lab("sodium", "133 mmol/L", 90), "hyponatraemia"),
    ],
)
def test_the_others_only_for_cramps_and_on_the_same_terms(
    concept: str, name: str, level: LabResult, low: LabResult, deficit: str
) -> None:
    for_cramps = supplement(concept, name, "cramp_leg_nocturnal")
    assert outcome(level, taken=for_cramps) is QUESTIONED
    assert outcome(level, taken=supplement(concept, name)) is NOT_QUESTIONED
    assert outcome(level, taken=supplement(concept, name, "cirrhosis")) is NOT_QUESTIONED
    assert outcome(level, taken=supplement(concept, name, "cramp_leg", route=Route.PARENTERAL)) is NOT_QUESTIONED
    assert outcome(level, low, taken=for_cramps) is NOT_QUESTIONED
    assert outcome(level, taken=for_cramps, problems=(CRAMPS, problem(deficit))) is NOT_QUESTIONED
    assert outcome(level, taken=for_cramps, problems=(CRAMPS, problem("cirrhosis"))) is NOT_QUESTIONED
    assert outcome(level, taken=(for_cramps, FUROSEMIDE)) is NOT_QUESTIONED
    assert outcome(MAGNESIUM, taken=for_cramps) is UNKNOWN


@pytest.mark.parametrize(
    ("concept", "name", "level", "expected"),
    [
        ("potassium_supplement", "potassium citrate", POTASSIUM, QUESTIONED),
        ("potassium_supplement", "potassium chloride", POTASSIUM, NOT_QUESTIONED),
        ("calcium_supplement", "calcium carbonate", CALCIUM, QUESTIONED),
        ("calcium_supplement", "calcium gluconate", CALCIUM, NOT_QUESTIONED),
        ("sodium_chloride", "sodium chloride", SODIUM, NOT_QUESTIONED),
    ],
)
def test_without_a_route_only_salts_given_by_mouth(
    concept: str, name: str, level: LabResult, expected: type[Decision]
) -> None:
    assert outcome(level, taken=supplement(concept, name, "cramp_leg", route=Route.UNKNOWN)) is expected


@pytest.mark.parametrize(
    ("of", "salts", "level"),
    [
        ("magnesium", "oxide citrate gluconate lactate carbonate glycinate aspartate", MAGNESIUM),
        ("potassium", "citrate gluconate aspartate", POTASSIUM),
        ("calcium", "carbonate citrate lactate", CALCIUM),
    ],
)
def test_each_salt_given_by_mouth_only_counts_without_a_route(of: str, salts: str, level: LabResult) -> None:
    each = [supplement(f"{of}_supplement", f"{of} {salt}", "cramp_leg", route=Route.UNKNOWN) for salt in salts.split()]
    together = replace(each[0], ingredients=tuple(one.ingredients[0] for one in each))
    for taken in (*each, together):
        assert outcome(level, taken=taken) is QUESTIONED


def test_sodium_for_exercise_cramps_is_treatment() -> None:
    salt = supplement("sodium_chloride", "sodium chloride", "cramp_exercise_heat")
    assert outcome(SODIUM, taken=salt) is NOT_QUESTIONED
    potassium = supplement("potassium_supplement", "potassium citrate", "cramp_exercise_heat")
    assert outcome(POTASSIUM, taken=potassium) is QUESTIONED
    for_both = supplement("sodium_chloride", "sodium chloride", "cramp_exercise_heat", "cramp_leg")
    assert outcome(SODIUM, taken=for_both) is NOT_QUESTIONED


def test_only_magnesium_is_said_to_have_been_tried() -> None:
    decision = decide(POTASSIUM, medications=(supplement("potassium_supplement", "potassium citrate", "cramp_leg"),))
    assert isinstance(decision, Advise)
    assert "Cochrane" not in wording("en").say(decision.summary)
    assert "electrolytes.act.trials" not in keys(decision.act)


def test_an_imbalance_and_supplements_share_the_card() -> None:
    calcium = supplement("calcium_supplement", "calcium carbonate", "cramp_leg")
    both = (MAGNESIUM_OXIDE, supplement("magnesium_supplement", "magnesium citrate"), calcium)
    decision = decide(lab("sodium", "133 mmol/L"), MAGNESIUM, CALCIUM, medications=both)
    assert isinstance(decision, Advise)
    assert wording("en").value(decision.act[-1]) == (
        "**Review magnesium oxide and magnesium citrate, no documented deficit:** unlikely to prevent cramps in older"
        " adults. **Review calcium carbonate, no documented deficit.** A normal value on treatment may be its effect."
        " **Supplements only for the deficit:** none treats cramps by itself. Stretching stays first."
    )
    assert [fact.source for fact in decision.why[2:]] == [
        MAGNESIUM_OXIDE.source,
        both[1].source,
        MAGNESIUM.source,
        calcium.source,
        CALCIUM.source,
    ]


@pytest.mark.parametrize("low", [lab("potassium", "3.4 mmol/L"), lab("calcium_ionized", "1.1 mmol/L")])
def test_magnesium_alone_is_not_questioned_beside_a_low_potassium_or_calcium(low: LabResult) -> None:
    decision = decide(low, MAGNESIUM, medications=(MAGNESIUM_OXIDE,))
    assert isinstance(decision, Advise)
    assert not {"electrolytes.act.unneeded_magnesium", "electrolytes.act.on_treatment"} & keys(decision)
    salt = supplement("sodium_chloride", "sodium chloride", "cramp_leg")
    assert "electrolytes.act.unneeded" in keys(decide(low, SODIUM, medications=(salt,)))


def test_a_newer_unread_level_is_named_beside() -> None:
    decision = decide(lab("magnesium", "0.80 mmol/L", 3), lab("magnesium", "0.80"), medications=(MAGNESIUM_OXIDE,))
    assert isinstance(decision, Advise)
    assert "lab.not_used" in [line.key for line in decision.unknown]


# --- the order hooks


def order(*results: LabResult, draft: Medication | None = None, **more: Any) -> Decision:
    facts = chart(*results, drafts=() if draft is None else (draft,), **({"problems": ()} | more))
    decision = ORDER_RULE.decide(facts)
    assert unsayable(decision) == set()
    return decision


def drafted(
    name: str = "magnesium oxide", *reasons: str, concept: str = "magnesium_supplement", **more: Any
) -> Medication:
    values = {"status": "draft", "draft": True, "selected": True}
    return supplement(concept, name, *reasons, **(values | more))


def test_a_draft_for_cramps_without_a_deficit() -> None:
    decision = order(MAGNESIUM, draft=drafted("magnesium oxide", "cramp_leg"))
    assert isinstance(decision, Advise)
    assert decision.indicator is Indicator.INFO
    assert decision.suggestions == ()


@pytest.mark.parametrize(("person", "told"), [(Person(), True), (born(2008), True), (born(2009), False)])
def test_a_minor_is_not_questioned(person: Person, *, told: bool) -> None:
    decision = order(MAGNESIUM, draft=drafted("magnesium oxide", "cramp_leg"), person=person)
    assert isinstance(decision, Advise) is told
    assert told or decision == NotAdvised(Phrase("electrolytes.reason.minor"))


@pytest.mark.parametrize(
    "draft",
    [
        drafted("magnesium oxide"),  # no reason of its own
        drafted("magnesium oxide", "restless_legs"),
        drafted("magnesium oxide", "cramp_leg", other_reason=True),
        drafted("magnesium oxide", "cramp_leg", words=("for constipation",)),
        drafted("magnesium hydroxide", "cramp_leg"),
    ],
)
def test_drafts_that_are_not_for_cramps(draft: Medication) -> None:
    decision = order(MAGNESIUM, draft=draft, problems=(CRAMPS,))
    assert decision == NotAdvised(Phrase("electrolytes.reason.nothing_high"))


def test_a_draft_for_another_reason_of_one_without_cramps() -> None:
    decision = order(lab("magnesium", "2.2 mmol/L"), draft=drafted("magnesium oxide"))
    assert decision == NotAdvised(Phrase("electrolytes.reason.not_for_cramps"))


@pytest.mark.parametrize(
    "draft",
    [
        None,
        drafted("magnesium oxide", "cramp_leg", selected=False),
        drafted("magnesium oxide", "cramp_leg", route=Route.PARENTERAL),
        drafted("magnesium oxide", "cramp_leg", status="cancelled"),
        drafted("magnesium oxide", "cramp_leg", status="stopped"),
        drafted("magnesium oxide", "cramp_leg", status="completed"),
        drafted("magnesium oxide", "cramp_leg", status="entered-in-error"),
        drafted("magnesium oxide", "cramp_leg", do_not_perform=True),
        drafted("furosemide", "cramp_leg", concept="cramp_causing_diuretic"),
    ],
)
def test_drafts_that_are_not_judged(draft: Medication | None) -> None:
    decision = order(MAGNESIUM, draft=draft, problems=(CRAMPS,))
    assert decision == NotAdvised(Phrase("electrolytes.reason.no_draft_supplement"))


def test_an_absent_status_is_a_draft() -> None:
    assert isinstance(order(MAGNESIUM, draft=drafted("magnesium oxide", "cramp_leg", status=None)), Advise)


@pytest.mark.parametrize("receipt", [Receipt.ABSENT, Receipt.FAILED, Receipt.EMPTY])
def test_a_draft_without_a_level(receipt: Receipt) -> None:
    decision = order(draft=drafted("magnesium oxide", "cramp_leg"), receipts={**RECEIVED, "observations": receipt})
    assert isinstance(decision, CannotTell)
    not_received = () if receipt is Receipt.EMPTY else (f"unknown.observations.{receipt.value}",)
    assert tuple(line.key for line in decision.missing) == ("electrolytes.line.level_unknown", *not_received)


@pytest.mark.parametrize(("analyte", "named"), [("magnesium", True), ("egfr", False)])
def test_an_unread_result_beside_a_draft_is_named(analyte: str, *, named: bool) -> None:
    unread = (Unread("Observation/9", "observations", "not-readable", frozenset({analyte})),)
    decision = order(draft=drafted("magnesium oxide", "cramp_leg"), unread=unread)
    assert isinstance(decision, CannotTell)
    assert ("unknown.unread_count" in [line.key for line in decision.missing]) is named


def test_a_draft_with_a_deficit_or_a_diuretic() -> None:
    draft = drafted("magnesium oxide", "cramp_leg")
    decision = order(lab("magnesium", "0.65 mmol/L"), draft=draft)
    assert isinstance(decision, NotAdvised)
    assert wording("en").say(decision.reason) == (
        "Supplement (magnesium) not questioned: a low result in the last 12 months"
    )
    assert isinstance(order(MAGNESIUM, draft=draft, problems=(problem("pregnancy", recorded=instant(9)),)), NotAdvised)
    assert isinstance(order(MAGNESIUM, draft=draft, medications=(FUROSEMIDE,)), NotAdvised)


def test_other_drafts_on_the_same_terms() -> None:
    salt = drafted("potassium chloride", "cramp_leg", concept="potassium_supplement")
    assert isinstance(order(POTASSIUM, draft=salt), Advise)
    assert isinstance(order(lab("potassium", "3.4 mmol/L"), draft=salt), NotAdvised)


def test_active_supplements_are_not_the_order_hooks_business() -> None:
    assert isinstance(order(MAGNESIUM, medications=(MAGNESIUM_OXIDE,), problems=(CRAMPS,)), NotAdvised)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_summary_is_short_and_can_be_said(language: str) -> None:
    words = wording(language)
    for concept, name, level in (
        ("magnesium_supplement", "magnesium oxide", MAGNESIUM),
        ("potassium_supplement", "potassium citrate", POTASSIUM),
        ("calcium_supplement", "calcium carbonate", CALCIUM),
        ("sodium_chloride", "sodium chloride", SODIUM),
    ):
        decision = decide(level, medications=(supplement(concept, name, "cramp_leg"),))
        assert isinstance(decision, Advise)
        assert len(words.say(decision.summary)) < 140


@pytest.mark.parametrize("name", ["acetazolamide", "mannitol"])
def test_beside_acetazolamide_or_mannitol_no_supplement_is_questioned(name: str) -> None:
    wasting = supplement("other_diuretic", name)
    assert outcome(MAGNESIUM, taken=(MAGNESIUM_OXIDE, wasting)) is NOT_QUESTIONED
    assert (
        outcome(MAGNESIUM, taken=(MAGNESIUM_OXIDE, supplement("other_diuretic", name, status="stopped"))) is QUESTIONED
    )
    for status, expected in (("draft", NOT_QUESTIONED), ("cancelled", QUESTIONED)):
        draft = supplement("other_diuretic", name, status=status)
        assert type(decide(MAGNESIUM, medications=(MAGNESIUM_OXIDE,), drafts=(draft,))) is expected


def test_why_no_supplement_is_questioned_beside_acetazolamide() -> None:
    wasting = supplement("other_diuretic", "acetazolamide")
    decision = decide(MAGNESIUM, medications=(MAGNESIUM_OXIDE, wasting))
    assert isinstance(decision, NotAdvised)
    assert decision.reason.values["why"] == Phrase("electrolytes.excluded.diuretic")


def test_each_supplement_of_a_combination_is_judged_by_itself() -> None:
    both = supplement("magnesium_supplement", "magnesium oxide", "cramp_leg")
    calcium = supplement("calcium_supplement", "calcium carbonate", "cramp_leg")
    both = replace(both, ingredients=(*both.ingredients, *calcium.ingredients))
    deficit = (CRAMPS, problem("hypomagnesaemia"))
    assert outcome(CALCIUM, taken=both, problems=deficit) is QUESTIONED
    by_mouth_only = replace(both, route=Route.UNKNOWN)
    assert outcome(CALCIUM, taken=by_mouth_only, problems=deficit) is QUESTIONED


def test_of_a_combination_only_what_is_questioned_is_named() -> None:
    calcium = supplement("calcium_supplement", "calcium carbonate", "cramp_leg")
    hydroxide = supplement("magnesium_supplement", "magnesium hydroxide").ingredients
    antacid = replace(calcium, ingredients=(*calcium.ingredients, *hydroxide))
    decision = decide(lab("sodium", "133 mmol/L"), MAGNESIUM, CALCIUM, medications=(MAGNESIUM_OXIDE, antacid))
    assert (
        wording("en")
        .value(advised(decision).act[-1])
        .startswith(
            "**Review magnesium oxide, no documented deficit:** unlikely to prevent cramps in older adults."
            " **Review calcium carbonate, no documented deficit.**"
        )
    )


@pytest.mark.parametrize(
    "text", ["Acetazolamide 250 mg tablet", "asetazolamid tablet", "Manitol 20% infus", "mannitol"]
)
def test_acetazolamide_and_mannitol_are_known_by_name_for_that_only(text: str) -> None:
    assert {ingredient.concept for ingredient in ingredients((), [text])} == {"other_diuretic"}


def test_no_sentence_on_supplements_where_every_cramp_is_of_exercise() -> None:
    chloride = supplement("potassium_supplement", "potassium citrate", "cramp_leg")
    for cramp, key in (("cramp_exercise_heat", "supplement_in_exercise"), ("cramp_leg", "supplement_other")):
        decision = decide(POTASSIUM, medications=(chloride,), problems=(problem(cramp),))
        assert isinstance(decision, Advise)
        assert decision.summary.key == f"electrolytes.summary.{key}"


@pytest.mark.parametrize(
    ("problems", "stretch"),
    [((CRAMPS,), True), ((CRAMPS, problem("dvt")), False), ((CRAMPS, problem("rhabdomyolysis")), False)],
)
def test_stretching_is_named_where_it_does_no_harm(problems: tuple[Problem, ...], *, stretch: bool) -> None:
    decision = decide(MAGNESIUM, medications=(MAGNESIUM_OXIDE,), problems=problems)
    assert ("electrolytes.act.stretch" in keys(decision)) is stretch


@pytest.mark.parametrize(
    ("query", "concept", "named"),
    [
        ("observations", "magnesium", True),
        ("observations", "calcium_total", True),
        ("observations", "egfr", False),
        ("conditions", "eskd_dialysis", True),
        ("conditions", "cirrhosis", True),
        ("conditions", "pregnancy", True),
        ("conditions", "hypomagnesaemia", True),
        ("conditions", "hypokalaemia", False),
        ("medicationRequests", "cramp_causing_diuretic", True),
        ("medicationRequests", "opioid", False),
    ],
)
def test_an_unread_entry_is_named_where_it_may_matter(query: str, concept: str, *, named: bool) -> None:
    unread = (Unread("Something/9", query, "not-readable", frozenset({concept})),)
    decision = decide(MAGNESIUM, medications=(MAGNESIUM_OXIDE,), unread=unread)
    assert isinstance(decision, Advise)
    assert ("unknown.unread_count" in [line.key for line in decision.unknown]) is named


def test_an_unknown_age_and_a_draft_that_could_not_be_judged_are_named() -> None:
    unread = (Unread("MedicationRequest/9", DRAFT_ORDERS, "not-readable"),)
    draft = drafted("magnesium oxide", "cramp_leg")
    unknown = [line.key for line in advised(order(MAGNESIUM, draft=draft, unread=unread, person=Person())).unknown]
    assert unknown == ["unknown.drafts_unread", "common.age_unknown"]
