"""What only a house's own code or name tells is read once its site file maps it, and is unknown before."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.site.house import explained, write_site

Explained = dict[str, dict[str, Any]]
BY_MAP = "by the site's map"
READ = [
    "draft",
    "draft_by_map",
    "draft_by_name",
    "active",
    "several",
    "potassium",
    "loinc_without_unit",
    "potassium_by_name",
    "problem",
    "problem_by_name",
]


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("calls")


@pytest.fixture(scope="module")
def before(calls: Path) -> Explained:
    return explained(calls)


@pytest.fixture(scope="module")
def mapped(calls: Path, tmp_path_factory: pytest.TempPathFactory) -> Explained:
    return explained(calls, CDS_SITE=str(write_site(tmp_path_factory.mktemp("site"))))


def told(line: dict[str, Any]) -> str:
    return " ".join(card["summary"] + card["detail"] for card in line["cards"])


def test_a_draft_with_a_code_alone_warns_once_it_is_mapped(before: Explained, mapped: Explained) -> None:
    (rule,) = [one for one in before["draft"]["rules"] if one["rule"] == "avoid_quinine_order"]
    assert rule["decision"] == "cannot-tell"
    assert "its code is not known to the service" in rule["missing"][0]
    assert before["draft"]["cards"] == []
    (card,) = mapped["draft"]["cards"]
    assert (card["source"]["topic"]["code"], card["indicator"]) == ("AvoidQuinine", "warning")


@pytest.mark.parametrize("name", ["draft_by_map", "draft_by_name"])
def test_so_does_one_that_a_concept_map_or_a_name_tells(before: Explained, mapped: Explained, name: str) -> None:
    assert before[name]["cards"] == []
    assert [card["source"]["topic"]["code"] for card in mapped[name]["cards"]] == ["AvoidQuinine"]


def test_an_inexact_target_tells_nothing(before: Explained, mapped: Explained) -> None:
    assert mapped["draft_inexact"]["rules"] == before["draft_inexact"]["rules"]


def decided(line: dict[str, Any]) -> str:
    (found,) = [one["decision"] for one in line["rules"] if one["rule"] == "avoid_quinine_order"]
    return str(found)


def test_a_code_that_is_another_drug_s_is_judged_as_that_drug_and_no_longer_unread(
    before: Explained, mapped: Explained
) -> None:
    assert [decided(line["draft_of_another"]) for line in (before, mapped)] == ["cannot-tell", "not-advised"]
    assert [decided(line["draft_unmapped"]) for line in (before, mapped)] == ["cannot-tell", "cannot-tell"]
    assert mapped["draft_of_another"]["cards"] == []
    unread = [[one["why"] for one in line["draft_of_another"]["unread"]] for line in (before, mapped)]
    assert unread == [["code-unknown"], []]


@pytest.mark.parametrize("name", ["draft_of_another_by_name", "draft_of_another_and_quinine"])
def test_it_warns_all_the_same_where_anything_beside_it_says_quinine(mapped: Explained, name: str) -> None:
    assert [card["source"]["topic"]["code"] for card in mapped[name]["cards"]] == ["AvoidQuinine"]


@pytest.mark.parametrize("name", READ)
def test_the_card_says_that_the_site_s_map_says_so(before: Explained, mapped: Explained, name: str) -> None:
    assert BY_MAP in told(mapped[name])
    assert BY_MAP not in told(before[name])


@pytest.mark.parametrize("name", ["potassium", "loinc_without_unit", "potassium_by_name"])
def test_a_local_potassium_is_read(before: Explained, mapped: Explained, name: str) -> None:
    assert [one["unusable"] for one in before[name]["facts"]["results"]] in ([], ["no-unit"])
    (result,) = mapped[name]["facts"]["results"]
    assert (result["analyte"], result["value"], result["unit"]) == ("potassium", "2.9", "mmol/L")
    assert "CorrectElectrolytes" in [card["source"]["topic"]["code"] for card in mapped[name]["cards"]]


def test_the_unit_a_result_has_goes_before_the_map_s(mapped: Explained) -> None:
    (result,) = mapped["own_unit_first"]["facts"]["results"]
    assert result["stated_unit"] == "mg/dL"
    assert result["value"].startswith("2.89")


@pytest.mark.parametrize("name", ["another_code", "problem_folded"])
def test_a_code_counts_as_it_is_written(before: Explained, mapped: Explained, name: str) -> None:
    assert mapped[name]["facts"] == before[name]["facts"]


def test_one_code_may_be_several_drugs(mapped: Explained) -> None:
    (medication,) = mapped["several"]["facts"]["medications"]
    assert {one["name"] for one in medication["ingredients"]} == {"hydrochlorothiazide", "losartan"}


def test_what_is_ordered_under_a_local_code_is_not_offered(before: Explained, mapped: Explained) -> None:
    offered = [
        {one["label"] for card in line["ordered"]["cards"] for one in card["suggestions"]} for line in (before, mapped)
    ]
    assert offered[0] - offered[1] == {"Refer to physiotherapy"}


def test_an_allergy_under_a_local_code_is_one(before: Explained, mapped: Explained) -> None:
    assert before["allergy"]["facts"]["allergies"] == []
    (allergy,) = mapped["allergy"]["facts"]["allergies"]
    assert allergy["concepts"] == {"quinine": "the site's map"}


def test_the_explanation_names_the_site_file(before: Explained, mapped: Explained) -> None:
    assert before["draft"]["site"] is None
    assert len(mapped["draft"]["site"]) == 12


def test_codes_and_names_of_a_house_change_no_answer_that_needs_none(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    first, loinc, rest = site.read_text().partition('system = "http://loinc.org"')  # a unit where a result has none
    assert loinc
    site.write_text(first.rpartition("[[codes]]")[0] + "[[codes]]" + rest.partition("[[codes]]")[2])
    done = subprocess.run(
        [sys.executable, "-m", "tests.site.answers", str(site)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert json.loads(done.stdout) == []
