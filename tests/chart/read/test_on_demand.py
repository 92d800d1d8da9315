"""Reading only what the rules ask for changes nothing they decide, and spares the rest."""

import random
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cds_service.catalogue import CATALOGUE
from cds_service.chart.read import medications as reader_medications
from cds_service.chart.read import problems as reader_conditions
from cds_service.chart.read import results as reader_results
from cds_service.chart.read.facts import read
from cds_service.decision.recommendation import Advise
from cds_service.patient.facts import Facts
from cds_service.patient.terminology.vocabulary import DrugConcept, drug, problem
from tests.builders.fhir import (
    HISTORY_FOR,
    LOINC,
    RXNORM,
    SNOMED,
    TODAY,
    ZONE,
    allergy,
    bundle,
    chart_of,
    concept,
    condition,
    potassium,
    quinine,
)

RULES = [rule for service in CATALOGUE for rule in service.rules]
ALS = concept(SNOMED, "86044005", "Amyotrophic lateral sclerosis")
DVT = concept(SNOMED, "128053003", "Deep venous thrombosis")
RESTLESS_LEGS = concept(SNOMED, "32914008", "Restless legs")
POOL = (
    condition(),
    condition("named", "leg cramps"),
    condition("als", ALS),
    condition("dvt", DVT),
    condition("restless", RESTLESS_LEGS),
    condition("both", {"coding": [*DVT["coding"], *RESTLESS_LEGS["coding"]]}),
    condition("refuted", DVT, verificationStatus="refuted"),
    condition("bad-dvt", DVT, clinicalStatus="made-up"),
    condition("bad", clinicalStatus="made-up"),
    condition("blank", {"coding": [{"system": SNOMED, "code": " "}, {"system": "local", "code": "449918009"}]}),
    condition("nothing", ...),
    potassium("k-low", 2.4),
    potassium("k-old", 3.9, "2026-01-02"),
    potassium("k-odd", day="soon"),
    potassium("k-named", code="Kalium"),
    potassium("k-text", valueQuantity=..., valueString="high"),
    potassium("mg", 0.4, code=concept(LOINC, "2601-3")),
    potassium("ca", 1.8, code=concept(LOINC, "2000-8")),
    potassium("alb", code=concept(LOINC, "1751-7"), valueQuantity={"value": 22, "unit": "g/L"}),
    quinine(),
    quinine("ref", medicationCodeableConcept=..., medicationReference={"reference": "Medication/404"}),
    quinine("mg-oxide", medicationCodeableConcept={"text": "magnesium oxide 400 mg"}),
    quinine("statin", medicationCodeableConcept={"text": "atorvastatin"}),
    quinine(
        "two", medicationCodeableConcept={"coding": [{"system": RXNORM, "code": one} for one in ("83367", "9071")]}
    ),
    {**quinine("taken"), "resourceType": "MedicationStatement"},
    {
        **quinine("taken-odd", medicationCodeableConcept={"coding": [{"code": "17"}]}),
        "resourceType": "MedicationStatement",
    },
    quinine("bad-statin", medicationCodeableConcept={"text": "atorvastatin"}, doNotPerform={"odd": 1}),
    quinine("bad-quinine", doNotPerform={"odd": 1}),
    quinine("unknown", medicationCodeableConcept={"coding": [{"system": "http://local.example", "code": "17"}]}),
    quinine("another", medicationCodeableConcept={"text": "metformin"}),
    quinine("ended", status="stopped"),
    quinine("why", reasonReference=[{"reference": "Condition/404"}]),
    allergy(),
    allergy("bad-allergy", clinicalStatus="made-up"),
    condition("theirs", subject={"reference": "Patient/p2"}),
    {"resourceType": "ServiceRequest", "id": "r1", "status": "active", "code": {"text": "ECG"}},
)


def whole(facts: Facts) -> Facts:
    """The same facts, every one of them read beforehand."""
    return Facts(**{field.name: getattr(facts, field.name) for field in fields(Facts)})


@settings(max_examples=150, deadline=None)
@given(st.sets(st.sampled_from(range(len(POOL)))), st.booleans(), st.randoms(use_true_random=False))
def test_the_rules_decide_as_if_everything_had_been_read(chosen: set[int], draft: Any, rng: random.Random) -> None:
    chart = chart_of({"all": bundle(*(POOL[place] for place in chosen))}, drafts=bundle(quinine()) if draft else None)
    expected = whole(read(chart, TODAY, ZONE, HISTORY_FOR))
    asked = read(chart, TODAY, ZONE, HISTORY_FOR)
    order = rng.sample(RULES, len(RULES))
    assert [rule.decide(asked) for rule in order] == [rule.decide(expected) for rule in order]


DRUGS = tuple(map(drug, ("quinine", "cramp_causing_statin", "magnesium_supplement", "gabapentin")))


@settings(max_examples=100, deadline=None)
@given(
    st.sets(st.sampled_from(range(len(POOL)))),
    st.lists(st.sets(st.sampled_from(DRUGS), min_size=1), min_size=1, max_size=4),
)
def test_medicines_of_a_drug_are_those_of_all_that_hold_it(chosen: set[int], asked: list[set[DrugConcept]]) -> None:
    chart = chart_of({"all": bundle(*(POOL[place] for place in chosen))})
    expected, facts = whole(read(chart, TODAY, ZONE)), read(chart, TODAY, ZONE)
    for drugs in asked:
        assert facts.medications_of(drugs) == expected.medications_of(drugs)
        for query in ("medicationRequests", "medicationStatements", "conditions", "patient", "prefetch"):
            assert facts.unread_of(query, drugs) == expected.unread_of(query, drugs)
    assert facts.medications == expected.medications
    assert facts.unread == expected.unread


@pytest.fixture
def read_entries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources of the Conditions and Observations that are looked into."""
    seen: list[str] = []
    entries, component = reader_conditions.entries, reader_results.component

    def looked_into(query: Any, resources: Any, places: Any) -> Any:
        seen.extend(f"Condition/{resources[place]['id']}" for place in places)
        return entries(query, resources, places)

    def projected(raw: Any, whole: Any, zone: Any) -> Any:
        seen.append(f"Observation/{raw['id']}")
        return component(raw, whole, zone)

    monkeypatch.setattr(reader_conditions, "entries", looked_into)
    monkeypatch.setattr(reader_results, "component", projected)
    return seen


def decided(*resources: Any) -> list[Any]:
    facts = read(chart_of({"all": bundle(*resources)}), TODAY, ZONE)
    return [rule.decide(facts) for rule in CATALOGUE[0].rules]


def test_without_cramps_no_result_is_read(read_entries: list[str]) -> None:
    assert not any(isinstance(one, Advise) for one in decided(condition("c", RESTLESS_LEGS), potassium("k", 2.1)))
    assert read_entries == []


def test_without_cramps_no_allergy_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Any] = []
    monkeypatch.setattr("cds_service.chart.read.facts.allergies", lambda *given: looked.append(given) or ())
    decided(condition("c", RESTLESS_LEGS), allergy())
    assert looked == []
    decided(condition("c"), allergy())
    assert len(looked) == 1


def test_of_a_medicine_no_rule_asks_for_only_the_drug_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    read_whole: list[str] = []
    request = reader_medications.request

    def projected(raw: Any, zone: Any, stated: Any) -> Any:
        read_whole.append(raw["id"])
        return request(raw, zone, stated)

    monkeypatch.setattr(reader_medications, "request", projected)
    statin = quinine("statin", medicationCodeableConcept={"text": "atorvastatin"})
    decided(condition("c", RESTLESS_LEGS), statin)
    assert read_whole == []
    decided(condition("c"), statin)  # it may be a cause
    assert read_whole == ["statin"]


def test_a_medicine_whose_drug_cannot_be_told_may_be_any(monkeypatch: pytest.MonkeyPatch) -> None:
    of = reader_medications.Drugs.of

    def odd(drugs: reader_medications.Drugs, order: Any) -> Any:
        if order["id"] == "odd":
            raise ValueError
        return of(drugs, order)

    monkeypatch.setattr(reader_medications.Drugs, "of", odd)
    facts = read(chart_of({"all": bundle(quinine("odd"), quinine("q"))}), TODAY, ZONE)
    for asked in DRUGS:
        assert [one.source for one in facts.unread_of("medicationRequests", {asked})] == ["MedicationRequest/odd"]
    assert [one.source for one in facts.medications] == ["MedicationRequest/q"]


def test_medicines_are_told_and_read_with_a_look_every_100_resources() -> None:
    looks: list[None] = []
    orders = bundle(*(quinine(f"q{place}") for place in range(250)))
    facts = read(chart_of({"all": orders}), TODAY, ZONE, still=lambda: looks.append(None))
    assert facts.medications_of({drug("gabapentin")}) == ()
    told = len(looks)
    assert told >= 2
    assert len(facts.medications_of({drug("quinine")})) == 250
    assert len(looks) - told >= 2


def test_what_is_asked_for_is_read_once(read_entries: list[str]) -> None:
    assert any(isinstance(one, Advise) for one in decided(condition("c"), potassium("k", 2.1)))
    assert sorted(read_entries) == ["Condition/c", "Observation/k"]


def test_a_condition_whose_codes_do_not_tell_is_always_read(read_entries: list[str]) -> None:
    decided(condition("c", "some words"), condition("d", {"coding": [{"code": "449918009"}]}))
    assert sorted(read_entries) == ["Condition/c", "Condition/d"]


def test_problems_of_several_concepts_come_once_and_in_the_order_of_their_sources() -> None:
    facts = read(chart_of({"all": bundle(*reversed(POOL))}), TODAY, ZONE)
    found = facts.problems_of((problem("dvt"), problem("restless_legs"), problem("cramp_leg")))
    assert [one.source.removeprefix("Condition/") for one in found] == sorted(
        ["bad", "bad-dvt", "both", "c1", "dvt", "named", "restless"]
    )
    assert found == whole(facts).problems_of((problem("dvt"), problem("restless_legs"), problem("cramp_leg")))
