"""Concept constants: a name is looked up when its module is imported, and a misspelt one says what is nearest."""

from collections.abc import Callable

import pytest

from cds_service.patient.terminology.vocabulary import (
    Concept,
    UnknownWordError,
    analyte,
    drug,
    order,
    problem,
)

KINDS: dict[str, tuple[Callable[[str], Concept], str]] = {
    "problem": (problem, "cramp_leg"),
    "drug": (drug, "warfarin"),
    "analyte": (analyte, "potassium"),
    "order": (order, "ecg_order"),
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


def test_one_name_of_two_kinds_is_of_two_types() -> None:
    assert type(order("potassium")) is not type(analyte("potassium"))


def test_a_problem_is_the_same_however_long_it_counts() -> None:
    counted = problem("pregnancy", days_without_status=1, days_of_visit=2, days_in_any_status=3)
    assert (counted.days_without_status, counted.days_of_visit, counted.days_in_any_status) == (1, 2, 3)
    assert counted == problem("pregnancy")
