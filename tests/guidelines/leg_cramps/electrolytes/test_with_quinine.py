"""A low potassium, calcium or magnesium beside quinine for cramps nobody recorded; never where malaria may be the reason."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cds_service.catalogue import wording
from cds_service.decision.phrases import Phrase
from cds_service.decision.recommendation import Advise, CannotTell, Cited, Decision, Indicator, NotAdvised
from cds_service.guidelines.leg_cramps.quinine.rule import RULE
from cds_service.patient.facts import Dosing, LabResult, Match, Medication, Problem, Reason
from cds_service.patient.received import Receipt
from tests.builders.electrolytes import CRAMPS, decide
from tests.builders.facts import days_ago, instant, lab, medicine, patient, problem, reason, without
from tests.builders.said import advised, keys

QUININE = medicine("quinine")
LOW = lab("potassium", "2.4 mmol/L")
NO_CRAMPS = NotAdvised(Phrase("electrolytes.reason.no_cramps"))


def beside(quinine: Medication, *results: LabResult, **more: Any) -> Decision:
    medications = (quinine, *more.pop("also", ()))
    return decide(*results, medications=medications, **({"problems": ()} | more))


def test_it_is_critical_and_says_why_it_speaks() -> None:
    advice, words = advised(beside(QUININE, LOW)), wording("en")
    assert advice.indicator is Indicator.CRITICAL
    assert words.say(advice.summary) == (
        "Low potassium 2.4 mmol/L (9 Mar 2026): adds to quinine's QT risk; consider checking magnesium; ECG."
    )
    assert [words.say(fact.phrase) for fact in advice.why] == [
        "potassium 2.4 mmol/L, 9 Mar 2026 (laboratory; low below 3.5, critical ≤ 2.5)",
        "quinine (medication order, 18 Feb 2026)",
    ]
    assert [s.citation for one in advice.evidence if isinstance(one, Cited) for s in one.sources] == [
        "FDA boxed warning, quinine label 2019"
    ]
    assert not {"electrolytes.act.source", "electrolytes.act.stretch", "electrolytes.part.contributes"} & keys(advice)


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (lab("potassium", "3.0 mmol/L"), False),
        (lab("potassium", "2.9 mmol/L"), True),
        (lab("magnesium", "0.49 mmol/L"), True),
        (lab("calcium_ionized", "0.89 mmol/L"), True),
        (lab("calcium_ionized", "0.95 mmol/L"), False),  # a warning by itself, but no hazard with quinine
        (lab("calcium_total", "1.7 mmol/L"), False),  # not adjusted: it may be the albumin
        (lab("calcium_albumin_corrected", "2.09 mmol/L"), True),
        (lab("potassium", "3.6 mmol/L", flags=("LL",), own="3.7-5.1 mmol/L"), False),
        (lab("sodium", "119 mmol/L"), False),
        (lab("phosphate", "0.2 mmol/L"), False),
        (lab("potassium", "7.0 mmol/L"), False),
    ],
)
def test_only_what_adds_to_quinine_from_warning_on(result: LabResult, *, told: bool) -> None:
    decision = beside(QUININE, result)
    assert isinstance(decision, Advise) is told
    assert told or decision == NO_CRAMPS


@pytest.mark.parametrize(
    ("analyte", "values"),
    [
        ("potassium", ("2.5", "2.9", "3.0", "3.4", "3.6")),
        ("magnesium", ("0.39", "0.49", "0.50", "0.69", "0.71")),
        ("calcium_ionized", ("0.89", "0.91", "0.99", "1.10")),
        ("calcium_albumin_corrected", ("1.89", "1.90", "2.09", "2.19")),
        ("calcium_total", ("1.70", "1.95", "2.15")),
    ],
)
def test_it_calls_nothing_dangerous_that_the_rule_on_quinine_does_not(analyte: str, values: tuple[str, ...]) -> None:
    for value in values:
        low = lab(analyte, f"{value} mmol/L")
        hazards = {fact.source for fact in advised(RULE.decide(patient(QUININE, low))).why}
        assert low.source in hazards or beside(QUININE, low) == NO_CRAMPS


def test_beside_it_other_values_are_not_spoken_of() -> None:
    advice = advised(beside(QUININE, LOW, lab("sodium", "119 mmol/L")))
    assert len(advice.why) == 2


def test_each_low_value_that_adds_to_it_is_told() -> None:
    advice = advised(beside(QUININE, LOW, lab("magnesium", "0.45 mmol/L")))
    told = [wording("en").say(fact.phrase).partition(",")[0] for fact in advice.why]
    assert told[:2] == ["potassium 2.4 mmol/L", "magnesium 0.45 mmol/L"]


MALARIA_DOSES = (Dosing(per_day=Decimal(3), days=Decimal(10)),)
MENTIONED = Reason({"malaria_mentioned": Match.NAME}, "the order itself", ("dd malaria",))


@pytest.mark.parametrize(
    "quinine",
    [
        replace(QUININE, reasons=(reason("malaria"),)),
        replace(QUININE, reasons=(reason("babesiosis"),)),
        replace(QUININE, reasons=(MENTIONED,)),
        replace(QUININE, dosings=MALARIA_DOSES),
        replace(QUININE, status="stopped"),
        replace(QUININE, authored=days_ago(400)),
    ],
    ids=["malaria", "babesiosis", "mentioned", "dosed as for it", "stopped", "outdated"],
)
def test_never_where_it_may_be_for_malaria_or_is_over(quinine: Medication) -> None:
    assert beside(quinine, LOW) == NO_CRAMPS


LISTED = (problem("malaria"), problem("babesiosis"), problem("malaria_mentioned", texts=("dd malaria",)))


@pytest.mark.parametrize("listed", LISTED, ids=lambda one: one.source)
def test_never_with_malaria_on_the_list_that_may_be_treated_now(listed: Problem) -> None:
    assert beside(QUININE, LOW, problems=(listed,)) == NO_CRAMPS
    for over in ({"clinical": "resolved"}, {"clinical": None}, {"onset": instant(181)}):
        assert isinstance(beside(QUININE, LOW, problems=(replace(listed, **over),)), Advise)


@pytest.mark.parametrize(("ago", "told"), [(30, False), (31, True), (None, True)])
def test_never_with_another_drug_of_its_regimens_of_these_days(ago: int | None, *, told: bool) -> None:
    assert isinstance(beside(QUININE, LOW, also=(medicine("artesunate", "malaria_regimen", ago=ago),)), Advise) is told


def test_it_speaks_where_the_rule_on_quinine_questions_an_order_and_only_there() -> None:
    """One sense of what quinine is for, on both cards."""
    for quinine in (QUININE, *(replace(QUININE, reasons=(one,)) for one in (MENTIONED, reason("malaria")))):
        for listed in ((), *((one,) for one in LISTED), (replace(LISTED[0], clinical="resolved"),)):
            asked = RULE.decide(patient(quinine, *listed))
            questioned = isinstance(asked, Advise) and asked.indicator is not Indicator.INFO
            assert isinstance(beside(quinine, LOW, problems=listed), Advise) is questioned


@pytest.mark.parametrize(
    "dosings",
    [
        (),
        (Dosing(),),
        (Dosing(per_day=Decimal(3)),),
        (Dosing(days=Decimal(10)),),
        (Dosing(per_day=Decimal(3), days=Decimal(11)),),
    ],
)
def test_other_doses_tell_nothing_of_malaria(dosings: tuple[Dosing, ...]) -> None:
    assert isinstance(beside(replace(QUININE, dosings=dosings), LOW), Advise)


@pytest.mark.parametrize("problems", [(), (problem("malaria"),)])
def test_its_own_cramp_reason_settles_it(problems: tuple[Any, ...]) -> None:
    quinine = replace(QUININE, reasons=(reason("cramp_leg"),), dosings=MALARIA_DOSES)
    assert isinstance(beside(quinine, LOW, problems=problems), Advise)


def test_with_cramps_on_record_the_card_is_the_ordinary_one() -> None:
    advice = advised(beside(QUININE, LOW, problems=(CRAMPS,)))
    assert "electrolytes.part.contributes" in keys(advice)
    assert "electrolytes.part.quinine" not in keys(advice)


def test_without_the_problem_list_it_still_speaks_and_cannot_tell_otherwise() -> None:
    missing = without("conditions", receipt=Receipt.FAILED)
    assert isinstance(beside(QUININE, LOW, receipts=missing), Advise)
    assert isinstance(beside(QUININE, receipts=missing), CannotTell)
