"""What a card about quinine says to do, line by line, in which order, and what it cites."""

from dataclasses import replace
from typing import Any

import pytest

from cds_service.catalogue import wording
from cds_service.decision.recommendation import Advise
from cds_service.guidelines.leg_cramps.quinine.rule import decide, decide_order
from cds_service.patient.facts import Match, Reason
from cds_service.patient.received import Receipt, Unread
from tests.builders.facts import born, draft, medicine, patient, problem, reason, result
from tests.builders.said import advised, keys

QUININE = medicine("quinine")
CRAMPS = (reason("cramp_leg"),)
ITP = problem("immune_thrombocytopenia")
AMIODARONE = medicine("amiodarone", "qt_interacting")


def acts(made: Advise) -> list[str]:
    return [wording("en").value(line) for line in made.act]


def of(*items: Any, **more: Any) -> list[str]:
    return acts(advised(decide(patient(QUININE, *items, **more))))


def quinine_or_not(*items: Any) -> str | None:
    lines = [line for line in of(*items) if line.startswith("**Quinine or not:**")]
    assert len(lines) <= 1
    return lines[0].removeprefix("**Quinine or not:** ") if lines else None


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ((result("potassium", "2.9"),), "low potassium: ECG, check magnesium; correction now."),
        ((result("magnesium", "0.4"),), "low magnesium: ECG, check magnesium; correction now."),
        ((result("calcium_ionized", "0.8"),), "low calcium: ECG, check magnesium; correction now."),
        ((result("calcium_albumin_corrected", "1.8"),), "low calcium: ECG, check magnesium; correction now."),
        ((result("qtc", "470"),), "long QTc: repeat ECG; check potassium, magnesium."),
        ((problem("long_qt"),), "long QT: repeat ECG; check potassium, magnesium."),
        (
            (result("qtc", "470"), result("potassium", "2.9"), AMIODARONE),
            "long QTc, low potassium and amiodarone together: ECG, check magnesium; correction now.",
        ),
        (
            (problem("long_qt"), AMIODARONE, medicine("haloperidol", "qt_interacting")),
            "long QT, amiodarone and haloperidol together: repeat ECG; check potassium, magnesium.",
        ),
        (
            (problem("long_qt"), result("qtc", "470"), result("potassium", "2.9"), AMIODARONE),
            "long QT, long QTc and low potassium together: ECG, check magnesium; correction now.",
        ),
        (
            (medicine("digoxin"), result("potassium", "2.9")),
            "low potassium and digoxin together: ECG, check magnesium; correction now.",
        ),
        ((AMIODARONE,), None),
        ((medicine("digoxin"), result("potassium", "3.4")), None),
        ((result("potassium", "3.0"),), None),
        ((result("platelets", "40"),), None),
        ((problem("myasthenia_gravis"),), None),
        (
            (medicine("rocuronium", "neuromuscular_blocker"), result("potassium", "2.9")),
            "low potassium: ECG, check magnesium; correction now.",
        ),
    ],
)
def test_a_rhythm_in_danger_without_quinine_too_is_spoken_of(items: tuple[Any, ...], said: str | None) -> None:
    assert quinine_or_not(*items) == said


@pytest.mark.parametrize(
    ("items", "what"),
    [
        ((ITP,), "ITP"),
        ((ITP, problem("hus")), "ITP and HUS"),
        ((problem("blackwater_fever"),), "blackwater fever"),
        ((problem("optic_neuritis"),), None),
        ((result("platelets", "40"),), None),
    ],
)
def test_what_quinine_may_have_caused_is_asked_before_any_dose(items: tuple[Any, ...], what: str | None) -> None:
    lines = [line for line in of(*items) if line.startswith("**Before any dose:**")]
    expected = f"**Before any dose:** platelets; ask whether quinine or tonic water caused the {what}."
    assert lines == ([expected] if what else [])


IF_TAKEN = "**If taken for cramps:** stop at once for bruising, bleeding, fever, fainting, tinnitus or visual change."
EXCEPTION = (
    "**Exception (UK):** sleep regularly disturbed, stretching failed: discuss; 4-week trial, review every 3 months."
)
IS_IT_MALARIA = "**Is it for malaria?** Record it; malaria may outweigh these risks; monitor ECG."


def test_the_lines_of_each_kind_of_card_in_their_order() -> None:
    harms = "it risks severe blood reactions, QT prolongation, tinnitus"
    assert of() == [f"**For leg cramps: consider stopping**; {harms}. Stretching first.", EXCEPTION, IF_TAKEN]
    assert of(person=born(2015)) == [f"**For leg cramps: consider stopping**; {harms}.", IF_TAKEN]
    assert of(problem("myasthenia_gravis")) == [
        IS_IT_MALARIA,
        "**For leg cramps: consider stopping.** Stretching first.",
        IF_TAKEN,
    ]
    assert of(problem("als")) == [
        IS_IT_MALARIA,
        "**A specialist decides:** if none directs it, consider stopping; assisted stretching first.",
        IF_TAKEN,
    ]
    als = of(problem("als"), problem("myasthenia_gravis"))
    assert als[1].endswith("In ALS/MND guidelines conflict: NICE considers quinine first-line, FDA and AAN avoid it.")
    drafted = acts(advised(decide_order(patient(draft(reasons=CRAMPS), problem("long_qt")))))
    assert drafted[0] == "**For leg cramps: consider cancelling.** Stretching first."
    which = acts(advised(decide_order(patient(draft(reasons=CRAMPS), problem("malaria")))))
    assert which[0] == "**Clarify the indication first**, before anything is stopped."
    assert EXCEPTION not in which
    in_als = acts(advised(decide_order(patient(draft(), problem("als")))))
    assert "consider cancelling; assisted stretching first." in in_als[1]


def cited(made: Advise) -> list[str]:
    return [key.removeprefix("avoid_quinine.cited.") for one in made.evidence for key in keys(one) if "cited" in key]


def test_cited_is_what_stands_on_the_card_the_strongest_first() -> None:
    assert cited(advised(decide(patient(QUININE)))) == ["fda", "stopping", "benefit", "guidelines"]
    assert cited(advised(decide_order(patient(draft())))) == ["fda", "benefit", "guidelines"]
    assert cited(advised(decide(patient(QUININE, problem("als"))))) == ["fda", "benefit", "guidelines", "nice"]
    said = Reason({"malaria_mentioned": Match.NAME}, "r", ("dd malaria",))
    for chart in (patient(QUININE, problem("malaria"), ITP), patient(medicine("quinine", reasons=(said,)))):
        assert cited(advised(decide(chart))) == ["fda"]


def test_the_facts_begin_with_the_order_and_come_in_groups_each_named_once() -> None:
    items = (ITP, problem("hus"), result("potassium", "2.9"), AMIODARONE, problem("tinnitus"), problem("av_block"))
    facts = [wording("en").say(one.phrase) for one in advised(decide(patient(QUININE, *items))).why]
    assert [fact.split(": ")[0] if ": " in fact else fact.split(" (")[0] for fact in facts] == [
        "quinine",
        "no malaria on the order or problem list",
        "label contraindications",
        "haemolytic uraemic syndrome",
        "high risk",
        "amiodarone",
        "also weigh",
        "second- or third-degree AV block",
    ]


def test_three_warning_lines_are_named_and_the_rest_counted() -> None:
    lines = ("tinnitus", "haemoglobinuria", "severe_liver_disease", "cirrhosis", "av_block")
    why = advised(decide(patient(QUININE, *map(problem, lines)))).why
    assert [wording("en").say(one.phrase) for one in why][-1] == "and 2 more"
    assert len(why) == 2 + 3 + 1


def test_what_is_not_known_is_at_most_six_lines_the_lists_first() -> None:
    unread = tuple(Unread(f"{q}/1", q, "not-readable") for q in ("conditions", "observations", "prefetch"))
    received = {"conditions": Receipt.PARTIAL, "allergies": Receipt.FAILED, "medicationRequests": Receipt.ABSENT}
    everything = dict.fromkeys(("patient", "observations", "medicationStatements"), Receipt.RECEIVED) | received
    unusable = replace(result("qtc", "480"), value=None, unusable="no-unit")
    order = medicine("quinine", unread_reasons=("Condition/1",))
    unknown = advised(decide(patient(order, unusable, unread=unread, receipts=everything))).unknown
    assert [line.key for line in unknown] == [
        "unknown.conditions.partial",
        "unknown.medicationRequests.absent",
        "unknown.allergies.failed",
        "unknown.reasons_unread",
        "lab.not_used",
        "avoid_quinine.not_found.results",
        "recorded.more",
    ]
    assert unknown[-1].values["n"] == 2
    for left_out, more in (("allergies", 1), ("conditions", None)):
        received[left_out] = Receipt.RECEIVED
        facts = patient(order, unusable, unread=unread, receipts=everything | received)
        last = advised(decide(facts)).unknown[6:]
        assert [line.values["n"] for line in last] == ([more] if more else [])
    assert [line.key for line in advised(decide(patient(QUININE))).unknown][-1] == "avoid_quinine.not_found.other_drugs"
