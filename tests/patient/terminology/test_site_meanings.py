"""What a site's own codes and names mean: told apart from ours, which go first."""

from collections.abc import Iterator

import pytest

from cds_service.patient.facts import Match
from cds_service.patient.terminology import additions, concepts, drug_names, drugs
from cds_service.patient.terminology.additions import Additions
from cds_service.patient.terminology.concepts import (
    Measured,
    allergy_concepts,
    analyte_of,
    order_concepts,
    problem_concepts,
    site_result_codes,
)
from cds_service.patient.terminology.drug_names import given_in, in_text
from cds_service.patient.terminology.drugs import ingredients, is_another
from cds_service.patient.terminology.names import names
from cds_service.patient.terminology.systems import LOINC, RXNORM, SNOMED_CT
from cds_service.patient.terminology.valuesets import Index

KFA = "http://sys-ids.kemkes.go.id/kfa"
HOUSE = "https://rs.example/codes"
ADDED = Additions(
    codes={
        "drugs": {(KFA, "93000999"): ("quinine",), (KFA, "93000998"): ("hydrochlorothiazide", "losartan")},
        "problems": {(HOUSE, "kram.1"): ("cramp_leg", "cramp_any")},
        "results": {(HOUSE, "K+"): ("potassium",), (HOUSE, "NA+"): ("sodium",)},
        "orders": {(HOUSE, "FISIO 1"): ("physiotherapy_referral",)},
    },
    names={
        "drugs": {"tablet ungu rs": ("quinine",)},
        "problems": {"kaki kencang rs": ("cramp_leg_nocturnal",)},
        "orders": {"latihan betis rs": ("stretching",)},
    },
    units={(HOUSE, "K+"): "mmol/L", (LOINC, "2823-3"): "meq/L"},
    other_drugs=frozenset({(KFA, "93000995")}),
)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The terminology as it is at the first look, with what the house adds. No other test has a text of these."""
    monkeypatch.setattr(additions, "_added", [ADDED])
    monkeypatch.setattr(additions, "_closed", [])
    for folder in ("problems", "results", "orders"):
        monkeypatch.setattr(concepts, f"_{folder.upper()}", concepts._index(folder))  # noqa: SLF001
    monkeypatch.setattr(drugs, "_DRUGS", Index(drugs.entries, lambda: additions.additions().codes_of("drugs")))
    looked_up = (names, drug_names._known)  # noqa: SLF001
    for one in looked_up:
        one.cache_clear()
    yield
    for one in looked_up:
        one.cache_clear()


pytestmark = pytest.mark.usefixtures("house")


def test_a_problem_by_its_code_or_name_is_one_by_the_site_s_map() -> None:
    site = {"cramp_leg": Match.SITE, "cramp_any": Match.SITE}
    assert problem_concepts([(HOUSE, "kram.1")], None) == site
    assert problem_concepts([(HOUSE, "kram.1"), (SNOMED_CT, "449918009")], None) == site | {"cramp_leg": Match.CODE}
    assert problem_concepts([], "Kaki kencang (RS)") == {"cramp_leg_nocturnal": Match.SITE}
    assert problem_concepts([(HOUSE, "kram.2")], "Kaki kram RS") == {}


def test_a_code_of_the_site_s_is_compared_as_it_is_written_also_where_it_looks_like_an_expression() -> None:
    assert concepts.plain(HOUSE, "4711 |kram|") == (HOUSE, "4711 |kram|")
    assert concepts.plain(SNOMED_CT, "4711 |cramp|") == (SNOMED_CT, "4711")


def test_a_result_has_no_loinc_code_of_its_own_and_the_unit_of_the_map() -> None:
    assert analyte_of([(HOUSE, "x"), (HOUSE, " K+")]) == Measured("potassium", None, "mmol/L", by_site=True)
    assert analyte_of([(HOUSE, "NA+")]) == Measured("sodium", by_site=True)
    assert analyte_of([(LOINC, "2823-3")]) == Measured("potassium", "2823-3", "meq/L")
    assert analyte_of([(LOINC, "2951-2")]) == Measured("sodium", "2951-2")


def test_the_codes_that_results_of_an_analyte_are_asked_for_by() -> None:
    assert site_result_codes({"potassium", "magnesium"}) == ((HOUSE, "K+"),)
    assert site_result_codes({"magnesium"}) == ()


def test_an_order_by_its_code_or_name() -> None:
    assert order_concepts([(HOUSE, "FISIO 1")], None) == {"physiotherapy_referral"}
    assert order_concepts([(HOUSE, "K+")], "Latihan betis, RS") == {"potassium", "stretching"}


def test_a_drug_by_its_code_each_that_it_holds() -> None:
    found = ingredients([(KFA, "93000998"), (KFA, "1")], [])
    assert {(one.name, one.match) for one in found} == {
        ("hydrochlorothiazide", Match.SITE),
        ("losartan", Match.SITE),
    }


def test_a_drug_s_name_is_the_site_s_only_where_no_name_of_ours_says_it_too() -> None:
    assert in_text("Tablet Ungu RS 300 mg") == {"quinine": True}
    assert in_text("Tablet Ungu RS (quinine)") == in_text("Quinine: Tablet Ungu RS") == {"quinine": False}
    assert in_text("Tablet Ungu") == {}
    (found,) = ingredients([], ["Tablet Ungu RS"])
    assert (found.name, found.match) == ("quinine", Match.SITE)
    (found,) = ingredients([(RXNORM, "9071")], ["Tablet Ungu RS"])
    assert found.match is Match.CODE


def test_an_allergy_by_its_code_or_name() -> None:
    assert allergy_concepts([(KFA, "93000999")], []) == {"quinine": Match.SITE}
    assert allergy_concepts([], ["Tablet Ungu RS: ruam"]) == {"quinine": Match.SITE}


def test_a_code_of_a_drug_that_is_none_of_ours_is_known_to_be_another() -> None:
    assert is_another([(KFA, "1"), (KFA, " 93000995")])
    assert not is_another([(KFA, "93000999"), (HOUSE, "93000995")])


def test_names_that_are_not_added_yet_are_read_beside_ours_alone() -> None:
    assert given_in("Tablet Ungu RS") == {}
    assert given_in("Tablet Jingga RS, warfarin", {"tablet jingga rs": "quinine"}) == {
        "quinine": True,
        "warfarin": False,
    }
