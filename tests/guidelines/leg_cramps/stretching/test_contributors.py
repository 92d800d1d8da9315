"""Possible contributors: the right class, the ratio as printed, long-acting beta-agonists only."""

from decimal import Decimal

import pytest

from cds_service.decision.phrases import Phrase
from cds_service.decision.recommendation import Because
from cds_service.guidelines.leg_cramps.stretching.contributors import contributor_lines
from cds_service.patient.facts import Match, Medication
from tests.builders.facts import days_ago, medicine, patient, problem
from tests.builders.said import keys, unsayable

CRAMP = problem("cramp_leg")


def lines(*medications: Medication) -> tuple[Phrase | Because, ...]:
    found = contributor_lines(patient(CRAMP, medications=medications))
    assert unsayable(found) == set()
    return found


@pytest.mark.parametrize(
    ("name", "concepts", "kind", "ratio"),
    [
        ("salmeterol", ("cramp_causing_beta_agonist", "laba"), "laba", "2.42"),
        ("spironolactone", ("cramp_causing_diuretic", "potassium_sparing"), "potassium_sparing", "2.12"),
        ("indapamide", ("cramp_causing_diuretic", "thiazide_like"), "thiazide", "1.48"),
        ("furosemide", ("cramp_causing_diuretic", "loop"), "loop", "1.20"),
        ("diuretic", ("cramp_causing_diuretic",), "diuretic", None),
        ("simvastatin", ("cramp_causing_statin",), "statin", "1.16"),
        ("raloxifene", ("cramp_causing_other",), "other", None),
    ],
)
def test_each_class(name: str, concepts: tuple[str, ...], kind: str, ratio: str | None) -> None:
    first, last = lines(medicine(name, *concepts))
    assert isinstance(first, Because)
    assert first.source == f"MedicationRequest/{name}"
    assert first.phrase.key == f"contributors.{kind}"
    assert first.phrase.values.get("ratio") == (None if ratio is None else Decimal(ratio))
    assert last == Phrase("contributors.review")


@pytest.mark.parametrize("name", ["salbutamol", "terbutaline", "levosalbutamol"])
def test_short_acting_beta_agonists_are_left_out(name: str) -> None:
    assert lines(medicine(name, "cramp_causing_beta_agonist")) == ()


def test_nothing_on_the_list_says_nothing() -> None:
    assert lines() == ()
    assert lines(medicine("simvastatin", "cramp_causing_statin", status="stopped")) == ()


def test_the_same_drug_is_listed_once() -> None:
    ordered = medicine("simvastatin", "cramp_causing_statin")
    reported = medicine("simvastatin", "cramp_causing_statin", kind="MedicationStatement")
    assert len(lines(ordered, reported)) == 2


def test_a_combination_lists_both() -> None:
    both = Medication(
        source="MedicationRequest/co-amilozide",
        kind="MedicationRequest",
        ingredients=(
            *medicine("hydrochlorothiazide", "cramp_causing_diuretic", "thiazide_like").ingredients,
            *medicine("amiloride", "cramp_causing_diuretic", "potassium_sparing").ingredients,
        ),
        status="active",
    )
    assert {line.phrase.key for line in lines(both) if isinstance(line, Because)} == {
        "contributors.thiazide",
        "contributors.potassium_sparing",
    }


def test_uncertainty_is_said() -> None:
    old = medicine("simvastatin", "cramp_causing_statin", match=Match.NAME, authored=days_ago(400), status="on-hold")
    assert keys(lines(old)) >= {"recorded.by_name", "recorded.may_be_outdated", "recorded.on_hold"}
