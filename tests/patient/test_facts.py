"""A question to the facts has what it asks for, and nothing else."""

from cds_service.patient.facts import Ingredient, Match
from cds_service.patient.received import DRAFT_ORDERS, Receipt, Unread
from cds_service.patient.terminology.vocabulary import analyte, drug, order, problem
from tests.builders.facts import allergy, medicine, patient, reason, result
from tests.builders.facts import order as placed
from tests.builders.facts import problem as recorded

ALS, DVT = recorded("als"), recorded("dvt", match=Match.NAME)
BOTH = recorded("dvt", "als")


def test_problems_are_asked_for_by_concept() -> None:
    facts = patient(ALS, DVT, BOTH)
    assert facts.problems_of([problem("als")]) == (ALS, BOTH)
    assert facts.problems_of([problem("dvt"), problem("als")]) == (ALS, DVT, BOTH)
    assert facts.problems_of([problem("malaria")]) == facts.problems_of([]) == ()


def test_results_are_asked_for_by_analyte() -> None:
    potassium, sodium = result("potassium", "3.4"), result("sodium", "140")
    facts = patient(potassium, sodium)
    assert facts.results_of([analyte("sodium")]) == (sodium,)
    assert facts.results_of([analyte("sodium"), analyte("potassium")]) == (potassium, sodium)
    assert sodium.measured == analyte("sodium")


def test_unread_entries_are_asked_for_by_query_and_by_what_they_may_be_about() -> None:
    anything = Unread("Condition/1", "conditions", "not-readable")
    of_als = Unread("Condition/2", "conditions", "not-readable", frozenset({"als"}))
    a_draft = Unread("MedicationRequest/1", DRAFT_ORDERS, "no-code")
    facts = patient(unread=(anything, of_als, a_draft))
    assert facts.unread_of("conditions", [problem("als")]) == (anything, of_als)
    assert facts.unread_of("conditions", [problem("dvt")]) == (anything,)
    assert facts.unjudged_drafts == (a_draft,)


def test_a_query_that_was_never_asked_is_absent() -> None:
    assert patient(receipts={"conditions": Receipt.EMPTY}).receipt("conditions") is Receipt.EMPTY
    assert patient(receipts={}).receipt("conditions") is Receipt.ABSENT


def test_a_medicine_holds_the_first_of_its_ingredients_that_is_meant() -> None:
    concepts = (
        ("quinine", "quinine"),
        ("cramp_causing_statin", "simvastatin"),
        ("cramp_causing_statin", "atorvastatin"),
    )
    ingredients = tuple(Ingredient(concept, name, Match.CODE) for concept, name in concepts)
    made = medicine("mixture", ingredients=ingredients)
    assert [made.holds(drug(name)) for name in ("cramp_causing_statin", "quinine", "digoxin")] == [
        ingredients[1],
        ingredients[0],
        None,
    ]
    assert ingredients[1].is_a(drug("quinine"), drug("cramp_causing_statin"))


def test_each_fact_is_what_its_concepts_say() -> None:
    assert DVT.is_a(problem("als"), problem("dvt"))
    assert not DVT.is_a(problem("als"))
    assert [DVT.matched(problem(name)) for name in ("dvt", "als")] == [Match.NAME, None]
    assert reason("als").is_a(problem("dvt"), problem("als"))
    assert not reason("als").is_a(problem("dvt"))
    to_quinine = allergy("quinine")
    assert to_quinine.is_to(problem("dvt"), drug("quinine"))
    assert not to_quinine.is_to(problem("dvt"))
    assert [to_quinine.matched(drug(name)) for name in ("quinine", "digoxin")] == [Match.CODE, None]
    assert placed("stretching").is_for(order("calcium_total"), order("stretching"))
    assert not placed("stretching").is_for(order("calcium_total"))
