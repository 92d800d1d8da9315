"""Draft orders of which no one can tell whether they are for a drug of ours: known, named, counted."""

from typing import Any

import pytest

from cds_service.chart.gather.gather import gather_drafts
from cds_service.chart.read.facts import read, read_drafts
from tests.builders.fhir import (
    RXNORM,
    TODAY,
    ZONE,
    bundle,
    call,
    chart_of,
    concept,
    quinine,
)

KFA = "http://sys-ids.kemkes.go.id/kfa"
BY_NOTHING: dict[str, Any] = {"medicationCodeableConcept": ...}


def drafts_of(*orders: Any) -> Any:
    """The facts of the drafts alone; those of the whole chart say the same."""
    alone = read_drafts(gather_drafts(call(drafts=bundle(*orders)), "order-select"), TODAY, ZONE)
    whole = read(chart_of(drafts=bundle(*orders)), TODAY, ZONE)
    assert (whole.drafts, whole.unjudged_drafts, whole.drafts_sent) == (
        alone.drafts,
        alone.unjudged_drafts,
        alone.drafts_sent,
    )
    return alone


@pytest.mark.parametrize(
    ("element", "why", "shown"),
    [
        ({"medicationCodeableConcept": concept(KFA, "93000123")}, "code-unknown", None),
        ({"medicationCodeableConcept": concept("http://local", "Q  1")}, "code-unknown", None),
        ({"medicationCodeableConcept": {"text": "Obat racikan"}}, "words-only", "Obat racikan"),
        ({"medicationCodeableConcept": ..., "medicationReference": {"display": "Racikan"}}, "words-only", "Racikan"),
        ({"medicationCodeableConcept": ..., "medicationReference": {"reference": "Medication/9"}},
         "reference-unresolved", None),
        ({"medicationCodeableConcept": ..., "medicationReference": {"reference": "Medication/9", "display": "Racikan"}},
         "words-only", "Racikan"),
        (BY_NOTHING, "no-code", None),
        ({"medicationCodeableConcept": 7.5}, "words-only", "7.5"),
        ({"medicationCodeableConcept": True}, "no-code", None),
    ],
)  # fmt: skip
def test_what_cannot_be_judged(element: Any, why: Any, shown: Any) -> None:
    facts = drafts_of(quinine("d1", status="draft", **element))
    assert [(one.why, one.shown, one.concepts) for one in facts.unjudged_drafts] == [(why, shown, frozenset())]
    assert (facts.drafts, facts.drafts_sent) == ((), 1)


@pytest.mark.parametrize(
    "element",
    [
        {"medicationCodeableConcept": concept(RXNORM, "161")},
        {"medicationCodeableConcept": concept("http://www.whocc.no/atc", "N02BE01")},
        {"medicationCodeableConcept": concept("http://snomed.info/sct", "387517004")},
        {"medicationCodeableConcept": concept(KFA, "93000123", "Paracetamol 500 mg tablet")},
        {"medicationCodeableConcept": concept(KFA, "93000123") | {"text": "Parasetamol"}},
        {"medicationCodeableConcept": {"text": "Obat racikan"}, "status": "cancelled"},
        {"medicationCodeableConcept": concept(KFA, "93000123"), "status": "entered-in-error"},
    ],
)
def test_what_is_known_to_be_no_drug_of_ours_or_is_over(element: Any) -> None:
    facts = drafts_of(quinine("d1", **{"status": "draft", **element}))
    assert (facts.drafts, facts.unjudged_drafts, facts.drafts_sent) == ((), (), 1)


def test_what_is_no_order_is_named_too() -> None:
    facts = drafts_of("junk", {"resourceType": "ServiceRequest", "id": "s", "status": "draft"})
    of_a_chart = read(chart_of({"conditions": bundle("junk")}, drafts=bundle("junk")), TODAY, ZONE)
    assert of_a_chart.unjudged_drafts == facts.unjudged_drafts
    assert [(one.source, one.why) for one in facts.unjudged_drafts] == [("draftOrders[0]", "no-type")]
    assert facts.drafts_sent == 1


def test_the_drug_of_a_draft_may_stand_beside_it() -> None:
    beside = {"resourceType": "Medication", "id": "7", "code": {"text": "quinine"}}
    facts = drafts_of(quinine("d1", **BY_NOTHING, medicationReference={"reference": "Medication/7"}), beside)
    assert [one.text for one in facts.drafts] == ["quinine"]
    assert facts.unjudged_drafts == ()


def test_none_sent_is_none_sent() -> None:
    assert drafts_of().drafts_sent == 0
    assert read(chart_of(), TODAY, ZONE).drafts_sent == 0


def test_a_draft_that_cannot_be_read_is_named_unless_it_is_known_to_be_of_no_drug_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any) -> Any:
        raise RecursionError

    monkeypatch.setattr("cds_service.chart.read.medications.request", broken)
    by_words = quinine("d1", medicationCodeableConcept={"text": "Racikan"})
    of_another = quinine("d2", medicationCodeableConcept=concept(RXNORM, "161"))
    facts = drafts_of(by_words, of_another, quinine("d3", **BY_NOTHING))
    assert [(one.source, one.why, one.shown) for one in facts.unjudged_drafts] == [
        ("MedicationRequest/d1", "not-readable", "Racikan"),
        ("MedicationRequest/d3", "not-readable", None),
    ]
    assert facts.drafts == ()


def test_of_a_known_drug_whatever_else_there_is_is_no_reason_to_lose_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RecursionError

    monkeypatch.setattr("cds_service.chart.read.medications.request", broken)
    (one,) = read_drafts(gather_drafts(call(drafts=bundle(quinine("d1"))), "order-sign"), TODAY, ZONE).drafts
    assert ("quinine" in {i.name for i in one.ingredients}, one.status, one.draft, one.selected) == (
        True,
        "draft",
        True,
        True,
    )
    assert (one.source, one.reference, one.kind, one.text) == (
        *["MedicationRequest/d1"] * 2,
        "MedicationRequest",
        "quinine",
    )
    assert (one.unreadable, one.may_be_stopped) == (("MedicationRequest",), False)
    unnamed = gather_drafts(call(drafts=bundle(quinine(..., status="draft")), selections=["x"]), "order-select")
    (other,) = read_drafts(unnamed, TODAY, ZONE).drafts
    assert (other.reference, other.selected) == (None, True)
