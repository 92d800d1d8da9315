"""When the card fires, what it says, what it proposes; and why it is silent."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from cds_service.catalogue import wording
from cds_service.decision.phrases import Phrase, Value
from cds_service.decision.recommendation import Advise, CannotTell, Cited, Indicator, NotAdvised, ProposedOrder
from cds_service.guidelines.leg_cramps.electrolytes.rule import RULE
from cds_service.guidelines.leg_cramps.electrolytes.supplement_advice import most_words
from cds_service.patient.facts import Facts, LabResult, Match, Order, Problem
from cds_service.patient.labs.raw import RawQuantity
from cds_service.patient.person import Person
from cds_service.patient.received import Receipt, Unread
from cds_service.patient.terminology.valuesets import value_sets
from cds_service.settings import LANGUAGES
from tests.builders.electrolytes import ALS, CRAMPS, FUROSEMIDE, advise, chart, decide, supplement
from tests.builders.facts import RECEIVED, born, instant, lab, problem, without
from tests.builders.labs import as_received
from tests.builders.said import keys

HARMONISED = "Harmonised reference intervals (Pathology Harmony, Australasia) 2016"
CALLED = {(one.system, one.code): one.display for found in value_sets("results") for one in found.include}
LOW_POTASSIUM = lab("potassium", "3.4 mmol/L")
ELECTROLYTES = (
    lab("sodium", "140 mmol/L"),
    lab("potassium", "4.2 mmol/L"),
    lab("calcium_ionized", "1.20 mmol/L"),
    lab("magnesium", "0.80 mmol/L"),
)


def english(value: Value) -> str:
    return wording("en").value(value)


def acts(advice: Advise) -> str:
    return "\n".join(map(english, advice.act))


def why(advice: Advise) -> list[str]:
    return [english(fact.phrase) for fact in advice.why]


def detail(advice: Advise) -> str:
    return "\n".join((acts(advice), *why(advice)))


def cited(advice: Advise) -> list[str]:
    return [source.citation for one in advice.evidence if isinstance(one, Cited) for source in one.sources]


def orders(advice: Advise) -> list[str]:
    actions = [suggestion.action for suggestion in advice.suggestions]
    assert all(isinstance(action, ProposedOrder) for action in actions)
    return [action.codings[0][1] for action in actions if isinstance(action, ProposedOrder)]


# --- when


@pytest.mark.parametrize("problems", [(CRAMPS,), (ALS,), (CRAMPS, ALS), (problem("cramp_any"),)])
def test_fires_with_cramps_or_als(problems: tuple[Problem, ...]) -> None:
    assert advise(LOW_POTASSIUM, problems=problems).indicator is Indicator.INFO


@pytest.mark.parametrize("problems", [(), (problem("restless_legs"),), (problem("cramp_leg", clinical="resolved"),)])
def test_silent_without_cramps(problems: tuple[Problem, ...]) -> None:
    assert decide(LOW_POTASSIUM, problems=problems) == NotAdvised(Phrase("electrolytes.reason.no_cramps"))


@pytest.mark.parametrize("receipt", [Receipt.ABSENT, Receipt.FAILED, Receipt.PARTIAL])
def test_cannot_tell_without_the_whole_problem_list(receipt: Receipt) -> None:
    assert isinstance(decide(LOW_POTASSIUM, problems=(), receipts=without("conditions", receipt=receipt)), CannotTell)


def test_cannot_tell_with_an_unread_problem() -> None:
    unread = Unread("Condition/9", "conditions", "not-readable", frozenset({"cramp_leg"}))
    assert isinstance(decide(LOW_POTASSIUM, problems=(), unread=(unread,)), CannotTell)


def test_under_18() -> None:
    assert decide(LOW_POTASSIUM, person=born(2009)) == NotAdvised(Phrase("electrolytes.reason.under_18"))
    assert isinstance(decide(LOW_POTASSIUM, person=born(2008)), Advise)


def test_unknown_age_is_an_adult_and_said() -> None:
    assert "age not recorded (treated as an adult)" in map(english, advise(LOW_POTASSIUM, person=Person()).unknown)


def test_the_worst_finding_sets_the_indicator() -> None:
    assert advise(LOW_POTASSIUM, lab("magnesium", "0.45 mmol/L")).indicator is Indicator.WARNING
    assert advise(LOW_POTASSIUM, lab("sodium", "119 mmol/L")).indicator is Indicator.CRITICAL


def test_medicines_that_were_not_received_do_not_stop_an_imbalance() -> None:
    advice = advise(LOW_POTASSIUM, receipts=without("medicationRequests", "medicationStatements"))
    assert "medication list not received" in map(english, advice.unknown)


# --- why it is silent


def test_nothing_abnormal() -> None:
    decision = decide(*ELECTROLYTES)
    assert isinstance(decision, NotAdvised)
    assert english(decision.reason).startswith("Nothing abnormal")


def test_only_mild() -> None:
    assert decide(*ELECTROLYTES[1:], lab("sodium", "146 mmol/L")) == NotAdvised(Phrase("electrolytes.reason.only_mild"))


@pytest.mark.parametrize("receipt", [Receipt.RECEIVED, Receipt.EMPTY])
def test_received_but_none(receipt: Receipt) -> None:
    decision = decide(receipts={**RECEIVED, "observations": receipt})
    assert decision == NotAdvised(Phrase("electrolytes.reason.not_found"))


@pytest.mark.parametrize("receipt", [Receipt.ABSENT, Receipt.FAILED, Receipt.PARTIAL])
@pytest.mark.parametrize("results", [(), ELECTROLYTES])
def test_not_received(receipt: Receipt, results: tuple[LabResult, ...]) -> None:
    assert isinstance(decide(*results, receipts=without("observations", receipt=receipt)), CannotTell)


@pytest.mark.parametrize("results", [(), ELECTROLYTES])
def test_unread_results_are_named_and_nothing_is_concluded(results: tuple[LabResult, ...]) -> None:
    decision = decide(*results, lab("potassium", "4.0", 0))
    assert isinstance(decision, CannotTell)
    assert "Potassium 4.0, 10 Mar 2026: not used (no unit)" in map(english, decision.missing)


def test_medicines_not_received_leave_supplements_open() -> None:
    assert isinstance(decide(*ELECTROLYTES, receipts=without("medicationStatements")), CannotTell)
    assert isinstance(decide(*ELECTROLYTES, problems=(ALS,), receipts=without("medicationStatements")), NotAdvised)


# --- what it says


@pytest.mark.parametrize(
    ("results", "more", "summary"),
    [
        (
            (lab("potassium", "3.4 mmol/L"),),
            {},
            "Low potassium 3.4 mmol/L (9 Mar 2026): may contribute; consider checking magnesium.",
        ),
        (
            (lab("potassium", "2.9 mEq/L"),),
            {},
            "Low potassium 2.9 mEq/L (9 Mar 2026): may contribute; consider checking magnesium; ECG.",
        ),
        (
            (lab("potassium", "2.9 mmol/L"), lab("magnesium", "0.80 mmol/L")),
            {"medications": (FUROSEMIDE,)},
            "Low potassium 2.9 mmol/L (9 Mar 2026): may contribute; ECG; review diuretics.",
        ),
        (
            (lab("magnesium", "1.5 mg/dL"),),
            {"medications": (FUROSEMIDE,)},
            "Low magnesium 1.5 mg/dL = 0.62 mmol/L (9 Mar 2026): may contribute; review diuretics.",
        ),
        (
            (lab("calcium_ionized", "1.10 mmol/L"),),
            {},
            "Low ionised calcium 1.10 mmol/L (9 Mar 2026): may contribute; consider checking magnesium.",
        ),
        ((lab("sodium", "129 mmol/L"),), {}, "Low sodium 129 mmol/L (9 Mar 2026): may contribute; find the cause."),
        ((lab("potassium", "6.2 mmol/L"),), {}, "High potassium 6.2 mmol/L (9 Mar 2026): verify and assess; ECG."),
        (
            (lab("potassium", "3.4 mmol/L"), lab("magnesium", "0.65 mmol/L")),
            {},
            "Low potassium 3.4 mmol/L (9 Mar 2026), also low magnesium: find the cause.",
        ),
        (
            (lab("potassium", "3.4 mmol/L"), lab("magnesium", "0.65 mmol/L"), lab("sodium", "134 mmol/L")),
            {},
            "Low potassium 3.4 mmol/L (9 Mar 2026), also low magnesium and low sodium: find the cause.",
        ),
        (
            (lab("potassium", "<2.5 mmol/L"),),
            {},
            "Low potassium below 2.5 mmol/L (9 Mar 2026): may contribute; consider checking magnesium; ECG.",
        ),
    ],
)
def test_summary(results: tuple[LabResult, ...], more: dict[str, object], summary: str) -> None:
    assert english(advise(*results, **more).summary) == summary


def test_a_summary_of_many() -> None:
    results = (LOW_POTASSIUM, *(lab(analyte, "0.5 mmol/L", 31) for analyte in ("magnesium", "phosphate")))
    several = (*results, lab("sodium", "133 mmol/L"), lab("calcium_ionized", "1.10 mmol/L"))
    said = english(advise(*several).summary)
    assert (
        said
        == "Low potassium 3.4 mmol/L (9 Mar 2026), also low ionised calcium, low magnesium and 1 more: find the cause."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_summary_is_short(language: str) -> None:
    low = {
        "potassium": "<9.654321 mg/dL",
        "sodium": "<=297.654321 mg/dL",
        "calcium_albumin_corrected": "<7.654321 mg/dL",
        "calcium_ionized": "<3.654321 mg/dL",
        "magnesium": "<1.154321 mg/dL",
        "magnesium_ionized": "<0.654321 mg/dL",
        "phosphate": "<1.654321 mg/dL",
    }
    high = {
        "potassium": ">25.654321 mg/dL",
        "sodium": ">=377.654321 mg/dL",
        "calcium_albumin_corrected": ">14.654321 mg/dL",
        "magnesium": ">5.154321 mg/dL",
    }
    ten_days = 10  # 28 February: no date is longer, and warnings still count
    for values in (low, high):
        for analyte, text in values.items():
            own = "0.70-1.50 mg/dL" if analyte == "magnesium_ionized" else None
            one = lab(analyte, text, ten_days, own=own)
            _is_short(language, chart(one, medications=(FUROSEMIDE,)))
            others = [lab(name, value, ten_days) for name, value in (low | high).items() if name != analyte]
            _is_short(language, chart(one, *others, medications=(FUROSEMIDE,)))
            _is_short(language, chart(one, *others, medications=(FUROSEMIDE,), problems=(ALS,)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_summary_in_the_clients_words_is_short_too(language: str) -> None:
    unreadable = RawQuantity(Decimal("9.654321"), "mq/dL", "mg/dL", "http://unitsofmeasure.org", "<")
    result = lab("potassium", "", 10, quantity=unreadable)
    assert result.received == "<9.654321 mq/dL"
    for received in (result.received, "<9.6543 mq/dL", "<9.6 " + 60 * "*"):
        one = as_received(result, received)
        _is_short(language, chart(one, medications=(FUROSEMIDE,)))


def test_a_misspelt_unit_is_shown_as_it_came() -> None:
    stated = RawQuantity(Decimal("11.9"), "mq/dL", "mg/dL", "http://unitsofmeasure.org")
    assert "11.9 mq/dL = 2.97 mmol/L" in detail(
        advise(lab("calcium_albumin_corrected", "", 1, ["HH"], quantity=stated))
    )


def test_long_numbers_are_shortened() -> None:
    said = detail(advise(lab("magnesium", "1.5123456789012345 mg/dL")))
    assert "1.51 mg/dL = 0.62 mmol/L" in said


def _is_short(language: str, facts: Facts) -> None:
    decision = RULE.decide(facts)
    if isinstance(decision, Advise):
        said = [wording(language).say(one) for one in (decision.summary, decision.shorter) if one is not None]
        assert min(map(len, said)) < 140, said


def test_low_magnesium_comes_first() -> None:
    sentence = "will not correct until magnesium is corrected"
    low_magnesium = lab("magnesium", "0.65 mmol/L")
    assert sentence in detail(advise(LOW_POTASSIUM, low_magnesium))
    assert sentence in detail(advise(lab("calcium_ionized", "1.10 mmol/L"), low_magnesium))
    assert sentence not in detail(advise(LOW_POTASSIUM, lab("magnesium", "0.80 mmol/L")))
    assert sentence not in detail(advise(lab("sodium", "133 mmol/L"), low_magnesium))


def test_a_high_value_is_not_called_a_cause() -> None:
    said = detail(advise(lab("potassium", "6.2 mmol/L")))
    assert "assess in its own right, not as a cause of cramps" in said
    assert "may contribute" not in said
    assert "haemolysed" in said


@pytest.mark.parametrize(
    ("text", "ecg"), [("3.4 mmol/L", False), ("3.0 mmol/L", False), ("2.9 mmol/L", True), ("6.0 mmol/L", True)]
)
def test_ecg_from_warning_on(text: str, ecg: bool) -> None:
    advice = advise(lab("potassium", text))
    assert ("ECG" in acts(advice)) is ("ECG" in english(advice.summary)) is ecg


def test_no_ecg_for_sodium() -> None:
    assert "ECG" not in detail(advise(lab("sodium", "119 mmol/L")))


def test_received_and_converted_stand_side_by_side() -> None:
    said = detail(advise(lab("magnesium", "1.2 mg/dL")))
    assert "magnesium 1.2 mg/dL = 0.49 mmol/L, 9 Mar 2026 (" in said
    assert "2.9 mEq/L" in detail(advise(lab("potassium", "2.9 mEq/L")))
    assert "=" not in detail(advise(lab("potassium", "2.9 mEq/L")))


@pytest.mark.parametrize(
    ("received", "shown"),
    [("0.974", "0.401"), ("1.215", "0.4999"), ("1.7", "0.699"), ("3.647", "1.501"), ("4.863", "2.001")],
)
def test_rounding_never_crosses_a_limit(received: str, shown: str) -> None:
    assert f"= {shown} mmol/L" in detail(advise(lab("magnesium", f"{received} mg/dL")))


def test_the_lists_of_other_lines() -> None:
    unread = lab("potassium", "3.9", 0)
    advice = advise(LOW_POTASSIUM, unread, lab("albumin", "3.1 mg/dL"), lab("calcium_total", "2.3 mmol/L"))
    unknown = [english(line) for line in advice.unknown]
    assert "Potassium 3.9, 10 Mar 2026: not used (no unit)" in unknown
    assert any(line.startswith("Albumin 3.1") for line in unknown)
    assert "magnesium, no result in 180 days" in unknown


@pytest.mark.parametrize(
    ("results", "receipt", "missed"),
    [
        ((LOW_POTASSIUM,), Receipt.RECEIVED, True),
        ((LOW_POTASSIUM,), Receipt.PARTIAL, False),  # it may be in what did not come, which is said
        ((LOW_POTASSIUM, lab("magnesium", "0.80 mmol/L")), Receipt.RECEIVED, False),
        ((LOW_POTASSIUM, lab("magnesium", "0.80")), Receipt.RECEIVED, False),  # named as not used
        ((LOW_POTASSIUM, lab("magnesium_ionized", "0.50")), Receipt.RECEIVED, False),
        ((lab("sodium", "133 mmol/L"),), Receipt.RECEIVED, False),
    ],
)
def test_a_magnesium_is_missed_where_it_matters_and_none_is_there(
    results: tuple[LabResult, ...], receipt: Receipt, *, missed: bool
) -> None:
    said = map(english, advise(*results, receipts={**RECEIVED, "observations": receipt}).unknown)
    assert ("magnesium, no result in 180 days" in said) is missed


@pytest.mark.parametrize(("days", "named"), [(0, True), (1, True), (2, True), (2.1, False), (30, False)])
def test_an_unusable_albumin_is_named_beside_the_unadjusted_calcium_of_its_draw(days: float, named: bool) -> None:
    advice = advise(LOW_POTASSIUM, lab("albumin", "3.1 mg/dL", days), lab("calcium_total", "2.3 mmol/L", 1))
    assert any(english(line).startswith("Albumin 3.1") for line in advice.unknown) is named


@pytest.mark.parametrize("analyte", ["calcium_ionized", "calcium_albumin_corrected"])
def test_an_unusable_albumin_is_not_missed_where_calcium_needs_no_adjustment(analyte: str) -> None:
    value = "1.20 mmol/L" if analyte == "calcium_ionized" else "2.3 mmol/L"
    advice = advise(LOW_POTASSIUM, lab("albumin", "3.1 mg/dL"), lab(analyte, value))
    assert not [line for line in advice.unknown if english(line).startswith("Albumin")]


def test_why_it_fires_carries_the_records() -> None:
    low = lab("potassium", "2.9 mmol/L")
    sources = {because.source for because in advise(low, medications=(FUROSEMIDE,)).why}
    assert sources == {low.source, CRAMPS.source, FUROSEMIDE.source}


def test_diuretics_only_where_listed() -> None:
    assert "furosemide" in detail(advise(LOW_POTASSIUM, medications=(FUROSEMIDE,)))
    assert "stop abruptly" not in detail(advise(LOW_POTASSIUM))


@pytest.mark.parametrize(
    ("low", "causes"),
    [
        (LOW_POTASSIUM, "diuretic (review; do not stop abruptly), vomiting, diarrhoea, laxatives."),
        (lab("sodium", "133 mmol/L"), "diuretic (review; do not stop abruptly)."),
    ],
)
def test_a_diuretic_is_a_cause_to_review_and_never_to_stop_abruptly(low: LabResult, causes: str) -> None:
    assert english(advise(low, medications=(FUROSEMIDE,)).act[1]) == f"**Find the cause:** {causes}"


@pytest.mark.parametrize(
    ("query", "concept", "named"),
    [
        ("observations", "sodium", True),
        ("observations", "potassium", True),
        ("observations", "calcium_total", True),
        ("observations", "calcium_albumin_corrected", True),
        ("observations", "calcium_ionized", True),
        ("observations", "phosphate", True),
        ("observations", "egfr", False),
        ("medicationRequests", "cramp_causing_diuretic", True),
        ("medicationRequests", "opioid", False),
    ],
)
def test_an_unread_entry_is_named_where_it_may_matter(query: str, concept: str, named: bool) -> None:
    unread = (Unread("Something/9", query, "not-readable", frozenset({concept})),)
    assert ("unknown.unread_count" in {line.key for line in advise(LOW_POTASSIUM, unread=unread).unknown}) is named


@pytest.mark.parametrize(
    ("query", "concept", "told"),
    [
        ("observations", "potassium", False),
        ("observations", "egfr", True),
        ("medicationRequests", "magnesium_supplement", False),
        ("medicationRequests", "opioid", True),
    ],
)
def test_with_nothing_abnormal_an_unread_entry_leaves_it_open_where_it_may_matter(
    query: str, concept: str, told: bool
) -> None:
    unread = (Unread("Something/9", query, "not-readable", frozenset({concept})),)
    assert isinstance(decide(*ELECTROLYTES, unread=unread), NotAdvised) is told


@pytest.mark.parametrize("concept", ["als", "motor_neuron_disease", "cramp_any"])
def test_cannot_tell_with_an_unread_problem_that_may_be_cramps_or_als(concept: str) -> None:
    unread = (Unread("Condition/9", "conditions", "not-readable", frozenset({concept})),)
    assert isinstance(decide(LOW_POTASSIUM, problems=(), unread=unread), CannotTell)


def test_a_record_is_shown_as_what_it_counts_for() -> None:
    also = [replace(one, concepts={"tinnitus": Match.CODE, **one.concepts}) for one in (CRAMPS, ALS)]
    assert not [line for line in why(advise(LOW_POTASSIUM, problems=also)) if "tinnitus" in line]


def test_low_ionised_magnesium_comes_first_too_and_is_known() -> None:
    low = lab("magnesium_ionized", "0.30 mmol/L", own="0.44-0.59 mmol/L")
    assert "will not correct until magnesium is corrected" in detail(advise(LOW_POTASSIUM, low))
    normal = lab("magnesium_ionized", "0.50 mmol/L", own="0.44-0.59 mmol/L")
    assert orders(advise(LOW_POTASSIUM, normal)) == ["2823-3"]
    ordered = Order("ServiceRequest/1", frozenset({"magnesium_ionized"}))
    assert orders(advise(LOW_POTASSIUM, orders=(ordered,))) == ["2823-3"]


def test_an_unadjusted_calcium_asks_for_its_adjustment() -> None:
    unadjusted = advise(lab("calcium_total", "2.0 mmol/L"))
    assert "albumin or ionised calcium" in acts(unadjusted)
    adjusted = advise(lab("calcium_total", "2.0 mmol/L"), lab("albumin", "40 g/L"))
    assert "albumin or ionised calcium" not in acts(adjusted)


@pytest.mark.parametrize("analyte", ["phosphate", "magnesium_ionized", "magnesium", "sodium", "calcium_total"])
def test_every_result_that_could_not_be_used_is_named(analyte: str) -> None:
    said = [english(line) for line in advise(LOW_POTASSIUM, lab(analyte, "0.9")).unknown]
    assert len([line for line in said if "not used" in line]) == 1


@pytest.mark.parametrize(
    ("results", "problems", "sources"),
    [
        ((LOW_POTASSIUM,), (CRAMPS,), ["Garrison, Cochrane 2020", "Alomedika 2025"]),
        (
            (lab("magnesium", "0.45 mmol/L"),),
            (CRAMPS, problem("pregnancy", recorded=instant(30))),
            ["Garrison, Cochrane 2020", "Luo, Cochrane 2020", "Alomedika 2025"],
        ),
        (
            (LOW_POTASSIUM,),
            (CRAMPS, problem("pregnancy", recorded=instant(30))),
            ["Garrison, Cochrane 2020", "Alomedika 2025"],
        ),
        (
            (lab("potassium", "6.2 mmol/L"),),
            (CRAMPS, problem("pregnancy", recorded=instant(30))),
            ["Garrison, Cochrane 2020", "Alomedika 2025"],
        ),
        ((lab("sodium", "129 mmol/L"),), (problem("cramp_exercise_heat"),), [HARMONISED]),
        ((lab("potassium", "3.8 mmol/L", flags=["LL"]),), (CRAMPS,), [HARMONISED]),
    ],
    ids=["low", "magnesium in pregnancy", "low in pregnancy", "high in pregnancy", "in exercise", "flagged only"],
)
def test_it_cites_what_stands_on_it(
    results: tuple[LabResult, ...], problems: tuple[Problem, ...], sources: list[str]
) -> None:
    advice = advise(*results, problems=problems)
    assert cited(advice) == sources
    assert [link.url for link in advice.links] == (
        ["https://doi.org/10.1002/14651858.CD009402.pub3"] * (len(sources) > 1)
    )


def test_the_facts_say_where_they_are_recorded_and_which_limits_they_crossed() -> None:
    assert why(advise(lab("potassium", "2.4 mmol/L"), medications=(FUROSEMIDE,))) == [
        "potassium 2.4 mmol/L, 9 Mar 2026 (laboratory; low below 3.5, critical ≤ 2.5)",
        "nocturnal leg cramps (problem list)",
        "furosemide (medication order)",
    ]


@pytest.mark.parametrize(
    ("result", "limits"),
    [
        (lab("potassium", "3.4 mmol/L"), "low below 3.5"),
        (lab("potassium", "2.9 mmol/L"), "low below 3.5, warning below 3.0"),
        (lab("potassium", "3.4 mmol/L", own="3.6-5.1 mmol/L"), "low below 3.6 by its own range"),
        (lab("potassium", "2.9 mmol/L", own="3.6-5.1 mmol/L"), "low below 3.6 by its own range, warning below 3.0"),
        (lab("potassium", "2.9 mmol/L", own="2.8-5.1 mmol/L"), "warning below 3.0"),
        (lab("potassium", "6.2 mmol/L"), "high ≥ 5.5, warning ≥ 6.0"),
        (lab("sodium", "160 mmol/L"), "high above 145, critical ≥ 160"),
        (lab("calcium_ionized", "1.9 mmol/L"), "high above 1.32, critical above 1.80"),
        (lab("sodium", "120 mmol/L", 20), "low below 135, critical ≤ 120; 20 days old"),
        (lab("potassium", "6.2 mmol/L", own="3.6-5.1 mmol/L"), "high above 5.1 by its own range, warning ≥ 6.0"),
        (lab("magnesium_ionized", "0.30 mmol/L", flags=["L"]), "flagged abnormal"),
    ],
)
def test_a_value_names_the_limit_that_finds_it_and_the_gravest_beyond(result: LabResult, limits: str) -> None:
    assert why(advise(result))[0].partition("(laboratory; ")[2] == f"{limits})"


def test_what_is_to_be_done_comes_in_one_order() -> None:
    keys = [
        english(line).split("**")[1] for line in advise(lab("potassium", "2.8 mmol/L"), medications=(FUROSEMIDE,)).act
    ]
    assert keys == ["Consider now:", "Find the cause:", "Correct potassium", "Supplements only for the deficit:"]


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ((LOW_POTASSIUM,), "**Correct potassium** by local protocol, kidney function and urine output first."),
        ((lab("magnesium", "0.65 mmol/L"),), "**Correct magnesium** by local protocol, kidney function"),
        ((lab("sodium", "133 mmol/L"),), "**Find the cause.** **Correct sodium** by local protocol."),
        ((lab("sodium", "133 mmol/L"), LOW_POTASSIUM), "**Correct potassium and sodium** by local protocol, kidney"),
    ],
)
def test_the_kidney_is_looked_at_before_potassium_and_magnesium(results: tuple[LabResult, ...], said: str) -> None:
    assert said in acts(advise(*results))


@pytest.mark.parametrize(("things", "most"), [(1, 120), (2, 145), (3, 170), (4, 190), (9, 190)])
def test_the_words_of_a_card_grow_with_what_is_on_it(things: int, most: int) -> None:
    assert most_words(things) == most


def test_each_analyte_and_each_kind_of_supplement_counts() -> None:
    chloride = supplement("potassium_supplement", "potassium chloride")
    magnesium = (supplement("magnesium_supplement", name) for name in ("magnesium oxide", "magnesium citrate"))
    normal, high, low = lab("magnesium", "0.80 mmol/L"), lab("potassium", "5.6 mmol/L"), lab("sodium", "133 mmol/L")
    assert advise(low).most_words == 120
    assert advise(low, normal, medications=tuple(magnesium)).most_words == 145
    assert advise(low, high, medications=(chloride,)).most_words == 170


@pytest.mark.parametrize(
    ("few", "said"),
    [(1, "repeat potassium."), (2, "repeat potassium and magnesium."), (3, "repeat all of them.")],
)
def test_two_results_to_repeat_are_named(few: int, said: str) -> None:
    results = (LOW_POTASSIUM, lab("magnesium", "0.65 mmol/L"), lab("sodium", "133 mmol/L"))
    assert english(advise(*results[:few]).act[0]).endswith(said)


def test_each_of_several_values_is_treated_as_what_it_is() -> None:
    flagged = lab("potassium", "4.0 mmol/L", flags=["LL"])
    advice = advise(lab("sodium", "130 mmol/L"), flagged, lab("calcium_total", "2.05 mmol/L"))
    assert english(advice.summary) == (
        "Low total calcium 2.05 mmol/L (9 Mar 2026), also low sodium and potassium flag discordant: "
        "consider checking magnesium; ECG."
    )
    consider, correct, supplements = map(english, advice.act)
    assert consider == (
        "**Consider now:** ECG; check magnesium; repeat all of them; ask the laboratory about the flag; "
        "albumin or ionised calcium."
    )
    assert correct == (
        "**Find the cause.** **Correct total calcium and sodium** by local protocol. If it stays low, suspect low "
        "magnesium: total calcium will not correct until magnesium is corrected."
    )
    assert supplements.startswith("**Supplements only for the deficit:**")


@pytest.mark.parametrize(
    ("low", "named"),
    [
        (2, "phosphate and potassium"),
        (3, "phosphate, potassium and ionised calcium"),
        (4, "phosphate, potassium, ionised calcium and 1 more"),
        (5, "phosphate, potassium, ionised calcium and 2 more"),
    ],
)
def test_three_are_named_to_be_corrected_and_the_rest_counted(low: int, named: str) -> None:
    calcium, sodium = lab("calcium_ionized", "1.10 mmol/L"), lab("sodium", "133 mmol/L")
    several = (lab("phosphate", "0.5 mmol/L"), LOW_POTASSIUM, calcium, lab("magnesium", "0.65 mmol/L"), sodium)
    assert f"**Correct {named}** by local protocol" in acts(advise(*several[:low]))


@pytest.mark.parametrize(
    ("results", "summary"),
    [
        ((lab("potassium", "2.9 mmol/L"),), "Low potassium 2.9 mmol/L (9 Mar 2026): consider checking magnesium; ECG."),
        ((lab("sodium", "129 mmol/L"),), "Low sodium 129 mmol/L (9 Mar 2026): find the cause."),
        ((lab("potassium", "6.2 mmol/L"),), "High potassium 6.2 mmol/L (9 Mar 2026): verify and assess; ECG."),
        (
            (lab("sodium", "129 mmol/L"), LOW_POTASSIUM, lab("magnesium", "0.65 mmol/L")),
            "Low sodium 129 mmol/L (9 Mar 2026), also 2 more: find the cause.",
        ),
    ],
)
def test_a_summary_that_is_too_long_keeps_the_worst_value_and_what_to_do(
    results: tuple[LabResult, ...], summary: str
) -> None:
    advice = advise(*results, medications=(FUROSEMIDE,))
    assert advice.shorter is not None
    assert english(advice.shorter) == summary


@pytest.mark.parametrize(
    ("results", "concerned"),
    [
        ((LOW_POTASSIUM,), True),
        ((lab("sodium", "129 mmol/L"),), True),
        ((lab("phosphate", "0.5 mmol/L"),), False),
        ((lab("magnesium_ionized", "0.30 mmol/L", own="0.44-0.59 mmol/L"),), False),
        ((lab("potassium", "6.2 mmol/L"),), False),
        ((lab("sodium", "156 mmol/L"),), True),
        ((lab("sodium", "129 mmol/L"), lab("potassium", "6.2 mmol/L")), True),
        ((lab("sodium", "129 mmol/L"), lab("phosphate", "0.5 mmol/L")), True),
    ],
    ids=["potassium", "sodium", "phosphate", "ionised Mg", "high potassium", "high sodium", "one of two", "of two"],
)
def test_a_diuretic_is_named_for_what_it_moves(results: tuple[LabResult, ...], *, concerned: bool) -> None:
    assert ("furosemide (medication order)" in why(advise(*results, medications=(FUROSEMIDE,)))) is concerned


@pytest.mark.parametrize(("potassium", "named"), [("6.2 mmol/L", True), ("2.9 mmol/L", False)])
def test_what_may_raise_potassium_is_missed_beside_a_high_one_only(potassium: str, *, named: bool) -> None:
    unread = (Unread("Something/9", "medicationRequests", "not-readable", frozenset({"raises_potassium"})),)
    said = {line.key for line in advise(lab("potassium", potassium), unread=unread).unknown}
    assert ("unknown.unread_count" in said) is named


def test_only_a_low_potassium_asks_for_losses_of_the_gut() -> None:
    assert "vomiting, diarrhoea, laxatives" in acts(advise(LOW_POTASSIUM))
    assert "vomiting" not in acts(advise(lab("sodium", "133 mmol/L")))
    assert "vomiting" not in acts(advise(lab("potassium", "6.2 mmol/L"), lab("sodium", "133 mmol/L")))


@pytest.mark.parametrize(
    ("problems", "stretch"),
    [((CRAMPS,), True), ((CRAMPS, problem("dvt")), False), ((CRAMPS, problem("rhabdomyolysis")), False)],
)
def test_stretching_is_named_where_it_does_no_harm(problems: tuple[Problem, ...], stretch: bool) -> None:
    said = acts(advise(LOW_POTASSIUM, problems=problems))
    assert ("Stretching stays first." in said) is stretch
    assert S10 in said


@pytest.mark.parametrize(
    ("low", "expecting", "said"),
    [
        (lab("magnesium", "0.45 mmol/L"), True, True),
        (lab("magnesium", "0.45 mmol/L"), False, False),
        (lab("potassium", "2.9 mmol/L"), True, False),
    ],
)
def test_in_pregnancy_a_low_magnesium_is_corrected_knowing_that_trials_conflict(
    low: LabResult, *, expecting: bool, said: bool
) -> None:
    problems = (CRAMPS, problem("pregnancy", recorded=instant(30))) if expecting else (CRAMPS,)
    assert ("Magnesium in pregnancy: trials conflict." in acts(advise(low, problems=problems))) is said


# --- what it proposes


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ((LOW_POTASSIUM,), ["2823-3", "2601-3"]),
        ((LOW_POTASSIUM, lab("magnesium", "0.80 mmol/L")), ["2823-3"]),
        ((LOW_POTASSIUM, lab("magnesium", "0.80 mmol/L", 181)), ["2823-3", "2601-3"]),
        ((LOW_POTASSIUM, lab("magnesium", "0.80", 1)), ["2823-3", "2601-3"]),
        ((LOW_POTASSIUM, lab("magnesium", "0.80 mmol/L", 3), lab("magnesium", "0.80", 1)), ["2823-3", "2601-3"]),
        ((LOW_POTASSIUM, lab("magnesium", "0.65 mmol/L")), ["2823-3", "2601-3"]),  # the low one is repeated
        ((LOW_POTASSIUM, lab("creatinine", "1.0 mg/dL")), ["2823-3", "19123-9"]),
        ((LOW_POTASSIUM, lab("creatinine", "88 umol/L")), ["2823-3", "2601-3"]),
        ((LOW_POTASSIUM, lab("creatinine", "88 umol/L"), lab("phosphate", "3.5 mg/dL")), ["2823-3", "2601-3"]),
        ((LOW_POTASSIUM, lab("creatinine", "1.0 mg/dL"), lab("phosphate", "1.1 mmol/L")), ["2823-3", "2601-3"]),
        ((lab("calcium_albumin_corrected", "8.2 mg/dL"),), ["46099-8", "19123-9"]),
        ((lab("calcium_albumin_corrected", "2.05 mmol/L"),), ["29265-6", "2601-3"]),
        ((lab("calcium_total", "2.05 mmol/L"),), ["2000-8", "2601-3"]),
        ((lab("calcium_total", "8.2 mg/dL"),), ["17861-6", "19123-9"]),
        ((lab("calcium_ionized", "1.10 mmol/L"),), ["1995-0", "2601-3"]),
        ((lab("calcium_ionized", "4.4 mg/dL"),), ["17863-2", "19123-9"]),
        ((lab("phosphate", "1.5 mg/dL"),), ["2777-1"]),
        ((LOW_POTASSIUM, lab("calcium_total", "9.5 mg/dL")), ["2823-3", "19123-9"]),
        ((LOW_POTASSIUM, lab("calcium_albumin_corrected", "9.5 mg/dL")), ["2823-3", "19123-9"]),
        ((LOW_POTASSIUM, lab("calcium_ionized", "4.8 mg/dL")), ["2823-3", "19123-9"]),
        ((LOW_POTASSIUM, lab("phosphate", "3.5 mg/dL")), ["2823-3", "19123-9"]),
        ((LOW_POTASSIUM, lab("magnesium", "1.9 mg/dL", 181)), ["2823-3", "19123-9"]),
        ((LOW_POTASSIUM, lab("sodium", "322 mg/dL")), ["2823-3", "2601-3"]),  # comes in moles everywhere
        ((lab("sodium", "129 mmol/L"),), ["2951-2"]),
        ((lab("potassium", "6.2 mmol/L"),), ["2823-3"]),
        ((lab("magnesium", "1.5 mg/dL"),), ["19123-9"]),
        ((lab("phosphate", "0.5 mmol/L"),), ["14879-1"]),
        ((lab("magnesium_ionized", "0.3 mmol/L", own="0.44-0.59 mmol/L"),), ["2600-5"]),
    ],
)
def test_orders(results: tuple[LabResult, ...], expected: list[str]) -> None:
    advice = advise(*results)
    assert orders(advice) == expected
    actions = [one.action for one in advice.suggestions if isinstance(one.action, ProposedOrder)]
    for system, code, display in (coding for action in actions for coding in action.codings):
        assert display == CALLED[system, code]


@pytest.mark.parametrize(
    ("concepts", "expected"),
    [
        ({"potassium"}, ["2601-3"]),
        ({"panels_orders", "sodium", "potassium"}, ["2601-3"]),
        ({"magnesium"}, ["2823-3"]),
        ({"potassium", "magnesium"}, []),
        ({"ecg_order"}, ["2823-3", "2601-3"]),
    ],
)
def test_what_is_already_ordered_is_not_proposed(concepts: set[str], expected: list[str]) -> None:
    order = Order("ServiceRequest/1", frozenset(concepts))
    assert orders(advise(LOW_POTASSIUM, orders=(order,))) == expected


def test_proposals_are_laboratory_orders_never_a_drug() -> None:
    for suggestion in advise(LOW_POTASSIUM, lab("sodium", "119 mmol/L")).suggestions:
        assert isinstance(suggestion.action, ProposedOrder)
        assert suggestion.action.category == ("http://snomed.info/sct", "108252007", "Laboratory procedure")


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_can_be_said(language: str) -> None:
    words = wording(language)
    texts = ["<2.4 mmol/L", "3.4 mmol/L", "4.0 mmol/L", "6.7 mmol/L", "4.0", "15 mg/dL"]
    for text, flags, own, status in product(
        texts, [(), ("LL",), ("H",), ("N",), ("AA",)], [None, "3.7-5.0 mmol/L"], ["final", "preliminary", "unknown"]
    ):
        result = lab("potassium", text, 9, flags, own, status=status, loinc="2823-3")
        facts = chart(result, lab("calcium_total", "1.8 mmol/L"), medications=(FUROSEMIDE,))
        decision = RULE.decide(facts)
        assert isinstance(decision, Advise)
        said = [words.say(decision.summary), *map(words.say, decision.unknown)]
        said += [words.value(line) for line in decision.act]
        said += [words.say(b.phrase) for b in decision.why]
        said += [words.say(s.label) + words.say(s.description) for s in decision.suggestions]
        assert all(said)


# --- flagged critical, but within limits


@pytest.mark.parametrize(("text", "flag"), [("3.8 mmol/L", "LL"), ("5.0 mmol/L", "HH")])
def test_a_discordant_flag_is_verified_and_no_deficit_is_treated(text: str, flag: str) -> None:
    advice = advise(lab("potassium", text, flags=[flag]), medications=(FUROSEMIDE,))
    assert advice.indicator is Indicator.INFO
    assert english(advice.summary) == (
        f"Potassium {text} (9 Mar 2026): flagged critical by the laboratory but within limits; verify."
    )
    said = detail(advice)
    assert said.count("flagged") == 1
    assert "ask the laboratory about the flag" in acts(advice)
    assert not [word for word in ("low", "deficit", "magnesium", "diuretic", "furosemide") if word in said.casefold()]
    assert orders(advice) == ["2823-3"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_of_a_discordant_flag_is_short(language: str) -> None:
    one = lab("calcium_albumin_corrected", "10.154321 mg/dL", 10, flags=["HH"])
    other = lab("potassium", "4.0 mmol/L", 10, flags=["LL"])
    for facts in (chart(one), chart(one, other)):
        _is_short(language, facts)
    assert isinstance(RULE.decide(chart(one, other)), Advise)


def test_of_two_discordant_flags_the_second_is_counted() -> None:
    two = (lab("potassium", "4.0 mmol/L", flags=["LL"]), lab("sodium", "140 mmol/L", flags=["HH"]))
    assert english(advise(*two).summary) == (
        "Potassium 4.0 mmol/L (9 Mar 2026): flagged critical by the laboratory but within limits; verify (+1)."
    )


def test_a_discordant_flag_beside_a_low_value_is_named_so() -> None:
    summary = english(advise(lab("sodium", "130 mmol/L"), lab("potassium", "4.0 mmol/L", flags=["LL"])).summary)
    assert summary == "Low sodium 130 mmol/L (9 Mar 2026), also potassium flag discordant: find the cause."


def test_a_critical_flag_that_nothing_can_confirm_is_not_called_within_limits() -> None:
    said = detail(advise(lab("magnesium_ionized", "0.30 mmol/L", flags=["LL"])))
    assert "no limit of ours confirms it" in said
    assert "within limits" not in said


# --- cramps of exercise or heat

IN_HEAT = problem("cramp_exercise_heat")
S10 = "Supplements only for the deficit:** none treats cramps by itself"
WATER = "no free drinking; confusion, vomiting or fits are an emergency"


@pytest.mark.parametrize(
    ("problems", "said", "water"),
    [
        ((IN_HEAT,), False, True),
        ((IN_HEAT, ALS), True, True),
        ((IN_HEAT, CRAMPS), True, True),
        ((CRAMPS,), True, False),
    ],
)
def test_sodium_is_the_treatment_of_an_exercise_cramp(problems: tuple[Problem, ...], said: bool, water: bool) -> None:
    lines_said = detail(advise(lab("sodium", "130 mmol/L"), problems=problems))
    assert (S10 in lines_said) is said
    assert (WATER in lines_said) is water
    assert WATER not in detail(advise(LOW_POTASSIUM, problems=problems))
    assert (WATER in acts(advise(lab("sodium", "130 mmol/L", 7), problems=problems))) is water
    assert WATER not in acts(advise(lab("sodium", "130 mmol/L", 8), problems=problems))


@pytest.mark.parametrize(("value", "said"), [("134.9 mmol/L", True), ("135 mmol/L", False)])
def test_of_drinking_it_warns_below_135(value: str, *, said: bool) -> None:
    advice = advise(lab("sodium", value, flags=["L"]), problems=(IN_HEAT,))
    assert (WATER in acts(advice)) is said


def test_of_drinking_it_speaks_only_beside_a_sodium_it_calls_low() -> None:
    normal_there = lab("sodium", "134 mmol/L", own="133-145 mmol/L")
    advice = advise(LOW_POTASSIUM, normal_there, problems=(IN_HEAT,))
    assert not {"electrolytes.act.exercise", "electrolytes.part.water"} & keys(advice)


def test_a_supplement_of_one_whose_cramps_are_of_exercise_is_questioned_by_its_trials() -> None:
    """The sodium is treated, and no sentence speaks against that; the magnesium is still unlikely to help."""
    oxide, normal = supplement("magnesium_supplement", "magnesium oxide"), lab("magnesium", "0.80 mmol/L")
    advice = advise(lab("sodium", "129 mmol/L"), normal, problems=(IN_HEAT,), medications=(oxide,))
    assert english(advice.act[-1]) == (
        "**Review magnesium oxide, no documented deficit:** unlikely to prevent cramps in older adults."
        " A normal value on treatment may be its effect."
    )
    assert cited(advice) == ["Garrison, Cochrane 2020", "Alomedika 2025"]
    assert [link.url for link in advice.links] == ["https://doi.org/10.1002/14651858.CD009402.pub3"]


# --- what is called normal


@pytest.mark.parametrize(
    ("results", "problems", "reason"),
    [
        ((lab("potassium", ">2.4 mmol/L"),), (CRAMPS,), "On record, not judged: potassium"),
        (
            (lab("sodium", "132 mmol/L"), lab("potassium", "4.0 mmol/L"), lab("magnesium_ionized", "0.50 mmol/L")),
            (CRAMPS, problem("pregnancy", recorded=instant(30))),
            "Nothing abnormal that calls for a card: potassium; on record, not judged: sodium and ionised magnesium",
        ),
    ],
)
def test_only_what_was_judged_is_called_not_abnormal(
    results: tuple[LabResult, ...], problems: tuple[Problem, ...], reason: str
) -> None:
    decision = decide(*results, problems=problems)
    assert isinstance(decision, NotAdvised)
    assert english(decision.reason) == reason


def test_our_adjusted_calcium_keeps_two_decimals() -> None:
    said = detail(advise(lab("calcium_total", "1.80 mmol/L"), lab("albumin", "30 g/L")))
    assert "adjusted calcium 2.00 mmol/L" in said
