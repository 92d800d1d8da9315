"""Concept constants: a name is looked up when its module is imported, and a misspelt one says what is nearest."""

from collections.abc import Callable

import pytest

from cds_service.patient.terminology.drug_names import CONCEPTS_OF
from cds_service.patient.terminology.mentions import CONCEPTS as MENTIONED
from cds_service.patient.terminology.valuesets import value_sets
from cds_service.patient.terminology.vocabulary import (
    Concept,
    UnknownWordError,
    analyte,
    analytes,
    drug,
    drug_classes,
    drugs_of,
    ingredient,
    ingredients,
    order,
    problem,
    problems,
)

KINDS: dict[str, tuple[Callable[[str], Concept | str], str]] = {
    "problem": (problem, "cramp_leg"),
    "drug": (drug, "warfarin"),
    "analyte": (analyte, "potassium"),
    "order": (order, "ecg_order"),
    "ingredient": (ingredient, "furosemide"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_known_name_is_a_constant_that_is_that_name(kind: str) -> None:
    make, name = KINDS[kind]
    assert make(name) == name
    assert {name: kind}[make(name)] == kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("misspelt", [lambda name: name + "n", lambda name: name[:-1], lambda name: name.upper()])
def test_a_misspelt_name_is_refused_with_its_kind_and_the_nearest_word(
    kind: str, misspelt: Callable[[str], str]
) -> None:
    make, name = KINDS[kind]
    wrong = misspelt(name)
    with pytest.raises(UnknownWordError, match=rf'^no {kind} is called "{wrong}"; the nearest is "\w+"$') as refused:
        make(wrong)
    if wrong != wrong.upper():
        assert f'"{name}"' in str(refused.value)


def test_a_name_of_another_kind_is_not_taken() -> None:
    with pytest.raises(UnknownWordError, match='no drug is called "potassium"'):
        drug("potassium")


def test_an_order_may_be_for_an_analyte() -> None:
    assert order("potassium") == "potassium"


def test_what_a_text_may_mention_is_a_problem() -> None:
    assert [problem(one) for one in MENTIONED] == list(MENTIONED)


def test_every_problem_and_analyte_in_alphabetical_order() -> None:
    assert list(problems()) == sorted({one.name for one in value_sets("problems")} | set(MENTIONED))
    assert list(analytes()) == sorted(one.name for one in value_sets("results"))


def test_the_drugs_of_a_class_are_told_without_its_own_name() -> None:
    assert drugs_of(drug("loop")) == ("furosemide", "torasemide", "bumetanide")
    assert drugs_of(drug("warfarin")) == ("warfarin",)
    assert "statin" in ingredients()
    assert "statin" not in drugs_of(drug("cramp_causing_statin"))
    concepts = {drug(one) for name in ingredients() for one in CONCEPTS_OF[name]}
    assert [one for one in concepts if not drugs_of(one)] == []


def test_a_class_is_a_concept_of_two_drugs_or_more() -> None:
    assert {drug("loop"), drug("quinidine")} < set(drug_classes())
    assert not {drug("warfarin"), drug("insulin")} & set(drug_classes())
    assert [len(drugs_of(one)) > 1 for one in drug_classes()] == [True] * len(drug_classes())
    assert list(drug_classes()) == sorted(drug_classes())


def test_one_name_of_two_kinds_is_of_two_types() -> None:
    assert type(order("potassium")) is not type(analyte("potassium"))


def test_a_problem_is_the_same_however_long_it_counts() -> None:
    counted = problem("pregnancy", days_without_status=1, days_of_visit=2, days_in_any_status=3)
    assert (counted.days_without_status, counted.days_of_visit, counted.days_in_any_status) == (1, 2, 3)
    assert counted == problem("pregnancy")
