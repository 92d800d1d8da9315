"""Which analyte a test's name tells, and how far a result that only its name tells may count."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cds_service.patient.facts import LabResult
from cds_service.patient.labs.analytes import BY_NAME
from cds_service.patient.labs.by_name import LONGEST, Named, analyte_in, is_not_blood, judged, name_words
from tests.builders.labs import quantity, read


@pytest.mark.parametrize(
    ("text", "analyte", "whole"),
    [
        ("Kalium", "potassium", True),
        ("Kalium (K)", "potassium", True),  # each word by itself
        ("Kalium, serum, hasil", "potassium", True),
        ("Calcium ionized", "calcium_ionized", True),
        ("Calcium ionized, pH 7.4", "calcium_ionized", False),  # the longest name it holds
        ("Adjusted calcium by formula", "calcium_albumin_corrected", False),
        ("QTc at stress", "qtc", False),
        ("Na at stress", None, None),  # too short to be looked for among other words
        ("Mg at stress", None, None),
        ("Natriumklorida", None, None),  # a word, not letters within one
        ("Potassium [Moles/volume] in Serum or Plasma", "potassium", True),
        ("Platelets [#/volume] in Blood", "platelets", True),
        ("Calcium [Mass/volume] in Plasma", "calcium_total", True),
        ("Potassium in hair", "potassium", False),
    ],
)
def test_the_name_of_a_test(text: str, analyte: str | None, whole: bool | None) -> None:
    expected = None if analyte is None or whole is None else Named(analyte, whole=whole)
    assert analyte_in(text) == expected


def test_a_name_that_a_site_added_says_so_where_it_is_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {**BY_NAME, "kalium ekstra": "potassium"}
    monkeypatch.setattr("cds_service.patient.labs.by_name._names", lambda: known)
    assert analyte_in.__wrapped__("Serum kalium ekstra") == Named("potassium", whole=True, by_site=True)
    assert analyte_in.__wrapped__("Kalium ekstra besar") == Named("potassium", whole=False)
    assert analyte_in.__wrapped__("Kalium") == Named("potassium", whole=True)


def test_a_name_is_so_long_at_most() -> None:
    assert LONGEST == 120
    assert analyte_in("kalium".ljust(120)) == Named("potassium", whole=True)
    assert analyte_in("kalium".ljust(121)) is None


def test_words_of_specimen_and_method_are_no_part_of_a_name() -> None:
    assert name_words("Serum Potassium level, random (LAB)") == ["potassium"]
    assert name_words("eGFR (CKD-EPI 2021)") == ["egfr"]


@pytest.mark.parametrize(
    "text",
    [
        *("Kalium urin", "potassium, urine", "Urinary calcium", "Kalium 24 jam", "Calcium 24h", "Calcium 24 hours"),
        *("Kalium dialisat", "dialysate K", "K drain", "drainage K", "CSF sodium", "cerebrospinal sodium"),
        *("Natrium LCS", "Natrium liquor", "pleural fluid K", "Kalium cairan", "stool K", "Natrium feses", "tinja"),
        *("faeces", "feces", "sweat sodium", "keringat", "saliva", "liur", "calcium oxalate crystals", "kristal"),
        *("K post dialysis", "K after haemodialysis", "Kalium pasca hemodialisis", "Kalium setelah HD"),
        *("Kalium sesudah dialisis", "K post-HD"),
    ],
)
def test_what_is_not_of_blood(text: str) -> None:
    assert is_not_blood(text)
    assert analyte_in(text) is None


@pytest.mark.parametrize("text", ["Kalium", "Kalium darah 24", "K pre dialysis", "fluids", "Kalium HD"])
def test_what_may_be(text: str) -> None:
    assert not is_not_blood(text)


def result(analyte: str, value: str, unit: str | None = "mmol/L", **more: Any) -> LabResult:
    return read(analyte, quantity(value, unit), **more)


def by_name(analyte: str, value: str, *, whole: bool = True, texts: tuple[str, ...] = (), **more: Any) -> Any:
    made = judged(result(analyte, value, **more), Named(analyte, whole=whole), texts)
    return None if made is None else (made.unusable, made.notes)


@pytest.mark.parametrize(
    ("analyte", "value", "whole", "texts", "judgement"),
    [
        ("potassium", "4.0", True, ("Kalium",), (None, ("by-name",))),
        ("potassium", "4.0", False, ("Kalium lain",), ("by-name", ())),
        ("potassium", "1", True, (), (None, ("by-name",))),
        ("potassium", "0.99", True, (), ("value-impossible", ())),
        ("potassium", "12", True, (), (None, ("by-name",))),
        ("potassium", "12.01", True, (), ("value-impossible", ())),
        ("calcium_total", "0.79", True, (), ("value-impossible", ())),
        ("calcium_total", "0.8", True, (), ("total-or-ionised", ())),
        ("calcium_total", "1.5", True, (), ("total-or-ionised", ())),
        ("calcium_total", "1.51", True, (), (None, ("by-name",))),
        ("calcium_total", "2.1", True, ("Calcium", "Ca, blood gas"), ("by-name", ())),
        ("calcium_ionized", "1.1", True, ("Ca++",), (None, ("by-name",))),  # said to be ionised
    ],
)
def test_a_result_by_name_counts_where_blood_can_have_it(
    analyte: str, value: str, whole: bool, texts: tuple[str, ...], judgement: Any
) -> None:
    assert by_name(analyte, value, whole=whole, texts=texts) == judgement


@pytest.mark.parametrize(
    "text", ["POC", "whole blood", "gas", "gases", "ion", "ions", "ionised", "ionized", "ionisasi", "Ca++", "ca 2+"]
)
def test_a_calcium_that_may_be_ionised_is_shown_and_not_used(text: str) -> None:
    assert by_name("calcium_total", "2.1", texts=(f"Kalsium {text}",)) == ("by-name", ())


def test_notes_are_kept_where_it_is_used_and_a_name_of_the_sites_says_so() -> None:
    one = result("potassium", "4.0", status="preliminary")
    used = judged(one, Named("potassium", whole=True), ())
    assert used == replace(one, notes=("preliminary", "by-name"))
    of_site = judged(one, Named("potassium", whole=True, by_site=True), ())
    assert of_site is not None
    assert of_site.notes == ("preliminary", "by-site")
    shown = judged(one, Named("potassium", whole=False), ())
    assert shown is not None
    assert (shown.value, shown.notes) == (None, ())


@pytest.mark.parametrize(
    ("unit", "why"),
    [(None, "no-unit"), ("furlong", "unit-unknown"), ("g/dL", "unit-impossible")],
)
def test_a_unit_that_does_not_fit_makes_a_doubtful_name_another_test(unit: str | None, why: str) -> None:
    one = result("potassium", "4.0", unit)
    assert judged(one, Named("potassium", whole=True), ()) == one
    assert one.unusable == why
    assert judged(one, Named("potassium", whole=False), ()) is None


def test_and_so_does_a_conflict_of_units_but_nothing_else() -> None:
    conflict = read("calcium_total", quantity("8.4", "g/dL", "mg/dL", "http://unitsofmeasure.org"))
    assert conflict.unusable == "unit-conflict"
    assert judged(conflict, Named("calcium_total", whole=False), ()) is None
    future = result("potassium", "4.0", status="registered")
    assert judged(future, Named("potassium", whole=False), ()) == future
    assert future.value is None


def test_the_value_zero_is_no_value_blood_can_have() -> None:
    nothing = replace(result("potassium", "4.0"), value=Decimal(0))
    made = judged(nothing, Named("potassium", whole=True), ())
    assert made is not None
    assert made.unusable == "value-impossible"
