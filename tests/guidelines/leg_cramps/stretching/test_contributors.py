"""Possible contributors: the right class, the ratio as printed, long-acting beta-agonists only."""

import re

import pytest

from cds_service.catalogue import wording
from cds_service.guidelines.leg_cramps.stretching.contributors import (
    STUDIED,
    contributor_facts,
    contributors,
    named,
)
from cds_service.patient.facts import Facts, Match, Medication
from cds_service.settings import LANGUAGES
from cds_service.web.recommendations.document import page
from tests.builders.facts import days_ago, medicine, patient, problem
from tests.builders.said import unsayable

CRAMP = problem("cramp_leg")


def facts(*medications: Medication) -> Facts:
    return patient(CRAMP, *medications)


def names(*medications: Medication) -> str:
    found = contributors(facts(*medications))
    return wording("en").value(named(found)) if found else ""


def recorded(*medications: Medication) -> list[str]:
    because = contributor_facts(facts(*medications))
    assert unsayable(because) == set()
    return [wording("en").say(one.phrase) for one in because]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_the_ratios_as_printed(language: str) -> None:
    shown = page("stretching-first", language)
    assert shown is not None
    (finding,) = (one.finding for one in shown.sources if one.citation == "Garrison 2012")
    assert re.findall(r"\d[.,]\d\d", finding) == [
        one if language == "en" else one.replace(".", ",") for one in ("2.42", "2.12", "1.48", "1.20", "1.16")
    ]
    assert len(STUDIED) == 5


@pytest.mark.parametrize(
    ("name", "concepts"),
    [
        ("salmeterol", ("cramp_causing_beta_agonist", "laba")),
        ("spironolactone", ("cramp_causing_diuretic", "potassium_sparing")),
        ("indapamide", ("cramp_causing_diuretic", "thiazide_like")),
        ("furosemide", ("cramp_causing_diuretic", "loop")),
        ("diuretic", ("cramp_causing_diuretic",)),
        ("simvastatin", ("cramp_causing_statin",)),
        ("raloxifene", ("cramp_causing_other",)),
    ],
)
def test_each_class(name: str, concepts: tuple[str, ...]) -> None:
    assert names(medicine(name, *concepts)) == name
    assert recorded(medicine(name, *concepts)) == [f"{name} (medication order, 18 Feb 2026)"]


@pytest.mark.parametrize("name", ["salbutamol", "terbutaline", "levosalbutamol"])
def test_short_acting_beta_agonists_are_left_out(name: str) -> None:
    assert names(medicine(name, "cramp_causing_beta_agonist")) == ""


def test_nothing_on_the_list_says_nothing() -> None:
    assert (names(), recorded()) == ("", [])
    assert names(medicine("simvastatin", "cramp_causing_statin", status="stopped")) == ""


STATIN = medicine("simvastatin", "cramp_causing_statin")
LOOP = medicine("furosemide", "cramp_causing_diuretic", "loop")
LABA = medicine("salmeterol", "laba")
SPARING = medicine("spironolactone", "cramp_causing_diuretic", "potassium_sparing")


def test_the_more_telling_come_first_three_are_named_and_the_rest_counted() -> None:
    assert names(STATIN, LOOP, SPARING, LABA) == "salmeterol, spironolactone, furosemide and 1 more"


def test_the_same_drug_is_named_once_and_recorded_in_both_places() -> None:
    reported = medicine("simvastatin", "cramp_causing_statin", kind="MedicationStatement")
    assert names(STATIN, reported) == "simvastatin"
    assert recorded(STATIN, reported) == [
        "simvastatin (medication order, 18 Feb 2026)",
        "simvastatin (reported medicine, 18 Feb 2026)",
    ]


def test_drugs_recorded_alike_are_one_fact_without_a_date_they_do_not_share() -> None:
    assert recorded(STATIN, LOOP) == ["these drugs (medication orders, 18 Feb 2026)"]
    assert recorded(STATIN, medicine("furosemide", "loop", ago=40)) == ["these drugs (medication orders)"]
    reported = medicine("salmeterol", "laba", kind="MedicationStatement")
    assert recorded(STATIN, LOOP, reported) == [
        "salmeterol (reported medicine, 18 Feb 2026)",
        "furosemide and simvastatin (medication orders, 18 Feb 2026)",
    ]


def test_one_drug_ordered_twice_is_shown_with_its_newest_order() -> None:
    assert recorded(STATIN, medicine("simvastatin", "cramp_causing_statin", ago=2, source="MedicationRequest/b")) == [
        "simvastatin (medication order, 8 Mar 2026)"
    ]


def test_a_combination_names_both() -> None:
    both = Medication(
        source="MedicationRequest/co-amilozide",
        kind="MedicationRequest",
        ingredients=(
            *medicine("hydrochlorothiazide", "cramp_causing_diuretic", "thiazide_like").ingredients,
            *medicine("amiloride", "cramp_causing_diuretic", "potassium_sparing").ingredients,
        ),
        status="active",
    )
    assert names(both) == "hydrochlorothiazide and amiloride"


def test_a_drug_ordered_for_a_reason_is_named_too() -> None:
    assert names(medicine("simvastatin", "cramp_causing_statin", reasons=("restless_legs",))) == "simvastatin"


def test_uncertainty_is_said() -> None:
    old = medicine("simvastatin", "cramp_causing_statin", match=Match.NAME, authored=days_ago(400), status="on-hold")
    (said,) = recorded(old)
    assert said.endswith("; on hold, may be outdated, by name)")
    assert recorded(old, LOOP) == ["furosemide (medication order, 18 Feb 2026)", said]
