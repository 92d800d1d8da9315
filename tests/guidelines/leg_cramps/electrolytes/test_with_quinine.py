"""A low potassium, calcium or magnesium beside quinine for cramps nobody recorded; never where malaria may be the reason."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cds_service.catalogue import wording
from cds_service.decision.phrases import Phrase
from cds_service.decision.recommendation import Advise, CannotTell, Cited, Decision, Indicator, NotAdvised
from cds_service.patient.facts import Dosing, LabResult, Medication
from cds_service.patient.received import Receipt
from tests.builders.electrolytes import CRAMPS, decide
from tests.builders.facts import days_ago, lab, medicine, problem, reason, without
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
        (lab("calcium_ionized", "0.99 mmol/L"), True),
        (lab("sodium", "119 mmol/L"), False),
        (lab("phosphate", "0.2 mmol/L"), False),
        (lab("potassium", "7.0 mmol/L"), False),
    ],
)
def test_only_what_adds_to_quinine_from_warning_on(result: LabResult, *, told: bool) -> None:
    decision = beside(QUININE, result)
    assert isinstance(decision, Advise) is told
    assert told or decision == NO_CRAMPS


def test_beside_it_other_values_are_not_spoken_of() -> None:
    advice = advised(beside(QUININE, LOW, lab("sodium", "119 mmol/L")))
    assert len(advice.why) == 2


MALARIA_DOSES = (Dosing(per_day=Decimal(3)),), (Dosing(days=Decimal(10)),)


@pytest.mark.parametrize(
    "quinine",
    [
        replace(QUININE, reasons=(reason("malaria"),)),
        replace(QUININE, reasons=(reason("babesiosis"),)),
        replace(QUININE, reasons=(reason("malaria_mentioned"),)),
        replace(QUININE, dosings=MALARIA_DOSES[0]),
        replace(QUININE, dosings=MALARIA_DOSES[1]),
        replace(QUININE, status="stopped"),
        replace(QUININE, authored=days_ago(400)),
    ],
    ids=["malaria", "babesiosis", "mentioned", "three a day", "ten days", "stopped", "outdated"],
)
def test_never_where_it_may_be_for_malaria_or_is_over(quinine: Medication) -> None:
    assert beside(quinine, LOW) == NO_CRAMPS


@pytest.mark.parametrize("clinical", ["active", "resolved", None])
@pytest.mark.parametrize("concept", ["malaria", "babesiosis", "malaria_mentioned"])
def test_never_with_malaria_anywhere_on_the_list(concept: str, clinical: str | None) -> None:
    assert beside(QUININE, LOW, problems=(problem(concept, clinical=clinical),)) == NO_CRAMPS


def test_never_with_another_drug_of_its_regimens() -> None:
    assert beside(QUININE, LOW, also=(medicine("artesunate", "malaria_regimen"),)) == NO_CRAMPS


@pytest.mark.parametrize("dosings", [(), (Dosing(per_day=Decimal(2), days=Decimal(11)),), (Dosing(),)])
def test_other_doses_tell_nothing_of_malaria(dosings: tuple[Dosing, ...]) -> None:
    assert isinstance(beside(replace(QUININE, dosings=dosings), LOW), Advise)


@pytest.mark.parametrize("problems", [(), (problem("malaria"),)])
def test_its_own_cramp_reason_settles_it(problems: tuple[Any, ...]) -> None:
    quinine = replace(QUININE, reasons=(reason("cramp_leg"),), dosings=MALARIA_DOSES[0])
    assert isinstance(beside(quinine, LOW, problems=problems), Advise)


def test_with_cramps_on_record_the_card_is_the_ordinary_one() -> None:
    advice = advised(beside(QUININE, LOW, problems=(CRAMPS,)))
    assert "electrolytes.part.contributes" in keys(advice)
    assert "electrolytes.part.quinine" not in keys(advice)


def test_without_the_problem_list_it_still_speaks_and_cannot_tell_otherwise() -> None:
    missing = without("conditions", receipt=Receipt.FAILED)
    assert isinstance(beside(QUININE, LOW, receipts=missing), Advise)
    assert isinstance(beside(QUININE, receipts=missing), CannotTell)
