"""AllergyIntolerance in all the shapes clients send, to an Allergy."""

from typing import Any

import pytest

from cds_service.patient.facts import Match
from tests.builders.fhir import QUININE, RXNORM, SNOMED, allergy, concept, facts_from

NUTS = concept(SNOMED, "91935009", "Allergy to peanuts")


@pytest.mark.parametrize(
    ("element", "clinical", "verification"),
    [
        (
            {"clinicalStatus": concept("x", "active"), "verificationStatus": concept("x", "confirmed")},
            "active",
            "confirmed",
        ),
        ({"clinicalStatus": "inactive", "verificationStatus": "unconfirmed"}, "inactive", "unconfirmed"),  # STU3
        ({"verificationStatus": concept("x", "presumed")}, None, "unconfirmed"),  # R5
        ({"status": "confirmed"}, "active", "confirmed"),  # DSTU2
        ({"status": "resolved"}, "resolved", None),
        ({}, None, None),
    ],
)
def test_statuses_of_every_version(element: Any, clinical: Any, verification: Any) -> None:
    (one,) = facts_from(allergy(**element)).allergies
    assert (one.clinical, one.verification, one.source) == (clinical, verification, "AllergyIntolerance/a1")
    assert one.concepts == {"quinine": Match.CODE}


@pytest.mark.parametrize(
    "element", [{"verificationStatus": "refuted"}, {"verificationStatus": "entered-in-error"}, {"status": "refuted"}]
)
def test_what_was_never_true_is_no_allergy(element: Any) -> None:
    facts = facts_from(allergy(**element))
    assert (facts.allergies, facts.unread) == ((), ())


@pytest.mark.parametrize(
    "element",
    [
        {"code": {"text": "quinine"}},
        {"code": "Quinine"},
        {"code": ..., "substance": {"text": "quinine"}},  # DSTU2
        {"code": NUTS, "reaction": [{"substance": {"text": "quinine"}}]},
        {"code": NUTS, "reaction": {"substance": [{"text": "quinine"}]}},
        {"code": concept("http://local", "1", "quinine")},
    ],
)
def test_the_substance_wherever_it_is_and_by_name(element: Any) -> None:
    (one,) = facts_from(allergy(**element)).allergies
    assert one.concepts == {"quinine": Match.NAME}


def test_an_allergy_to_any_drug_we_know_is_a_fact() -> None:
    (one,) = facts_from(allergy(code=concept(RXNORM, "11289"))).allergies
    assert one.concepts == {"warfarin": Match.CODE, "anticoagulant": Match.CODE}


@pytest.mark.parametrize(
    "code", [NUTS, {"text": "No known allergies"}, concept(SNOMED, "716186003", "No known allergy")]
)
def test_other_allergies_are_neither_fact_nor_unread(code: Any) -> None:
    facts = facts_from(allergy(code=code))
    assert (facts.allergies, facts.unread) == ((), ())


@pytest.mark.parametrize(
    ("element", "why", "concepts"),
    [
        ({"code": ...}, "no-code", set()),
        ({"code": {}}, "no-code", set()),
    ],
)
def test_what_cannot_be_read_is_named(element: Any, why: Any, concepts: Any) -> None:
    facts = facts_from(allergy(**element))
    assert facts.allergies == ()
    assert [(one.query, one.why, set(one.concepts)) for one in facts.unread] == [("allergies", why, concepts)]


@pytest.mark.parametrize(
    ("element", "name"),
    [
        ({"clinicalStatus": "sometimes"}, "clinicalStatus"),
        ({"verificationStatus": "perhaps"}, "verificationStatus"),
        ({"recordedDate": "long ago"}, "recordedDate"),
        ({"recordedDate": "202510"}, "recordedDate"),
        ({"status": "x"}, "clinicalStatus"),
    ],
)
def test_what_decides_nothing_costs_itself(element: Any, name: Any) -> None:
    facts = facts_from(allergy(**element))
    (one,) = facts.allergies
    assert (one.concepts, one.clinical, one.verification, one.recorded) == ({"quinine": Match.CODE}, None, None, None)
    assert (one.unreadable, facts.unread) == ((name,), ())


@pytest.mark.parametrize(
    "untrue", ["refuted", "Ruled out", "disingkirkan", "TIDAK TERBUKTI", "entered-in-error", "nullified"]
)
def test_what_is_untrue_is_no_allergy_in_whatever_word(untrue: Any) -> None:
    for status in ("verificationStatus", "clinicalStatus"):
        facts = facts_from(allergy(**{status: untrue}))
        assert (facts.allergies, facts.unread) == ((), ())


@pytest.mark.parametrize("name", ["recordedDate", "assertedDate"])
def test_when_it_was_recorded(name: Any) -> None:
    (one,) = facts_from(allergy(**{name: "2026-01-05"})).allergies
    assert one.recorded.day.isoformat() == "2026-01-05"


def test_a_code_outweighs_a_name() -> None:
    code = {"coding": [{"system": RXNORM, "code": "9071"}], "text": "quinine"}
    assert facts_from(allergy(code=code)).allergies[0].concepts == {"quinine": Match.CODE}
    by_both = allergy(reaction=[{"substance": {"text": "quinine"}}])
    assert facts_from(by_both).allergies[0].concepts == {"quinine": Match.CODE}
    assert QUININE["coding"][0]["code"] == "9071"


@pytest.mark.parametrize(
    ("code", "unread"),
    [
        (QUININE, [("AllergyIntolerance/a1", "not-readable", {"quinine"}, "quinine")]),
        (NUTS, []),  # plainly none of ours, whatever else there is
        (..., [("AllergyIntolerance/a1", "not-readable", set(), None)]),
    ],
)
def test_an_allergy_that_cannot_be_read_is_named_with_what_it_is_to(monkeypatch: Any, code: Any, unread: Any) -> None:
    def broken(*_: Any) -> Any:
        raise RecursionError

    monkeypatch.setattr("cds_service.chart.read.allergies.allergy", broken)
    facts = facts_from(allergy(code=code))
    assert facts.allergies == ()
    assert [(one.source, one.why, set(one.concepts), one.shown) for one in facts.unread] == unread


def test_the_words_are_the_substances_own_and_the_first_ones() -> None:
    (one,) = facts_from(allergy(code={**QUININE, "text": "Kina"}, reaction=[{"substance": "warfarin"}])).allergies
    assert (one.text, one.concepts["quinine"]) == ("Kina", Match.CODE)
    assert one.concepts["warfarin"] is Match.NAME
