"""Observation in all the shapes clients send, to what ``patient.labs`` interprets."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cds_service.chart.read import results as reader_results
from cds_service.chart.read.results import REACH_DAYS
from cds_service.patient.facts import LabResult
from cds_service.patient.labs.raw import RawResult
from tests.builders.fhir import (
    LOINC,
    MINE,
    SNOMED,
    TODAY,
    bundle,
    concept,
    condition,
    facts_from,
    facts_of,
    patient,
    potassium,
    quinine,
)


@pytest.fixture
def raws(monkeypatch: Any) -> list[RawResult]:
    """What is handed to ``read_result``."""
    handed = []
    real = reader_results.read_result

    def listening(raw: Any, person: Any, today: Any) -> LabResult:
        handed.append(raw)
        return real(raw, person, today)

    monkeypatch.setattr(reader_results, "read_result", listening)
    return handed


def raw_of(raws: Any, **more: Any) -> RawResult:
    facts = facts_from(potassium(**more))
    assert facts.unread == ()
    (one,) = raws
    return one


def result_of(**more: Any) -> LabResult:
    facts = facts_from(potassium(**more))
    assert facts.unread == ()
    (one,) = facts.results
    return one


def test_a_plain_r4_observation() -> None:
    one = result_of()
    assert (one.source, one.analyte, one.loinc, one.status) == ("Observation/o1", "potassium", "2823-3", "final")
    assert (one.value, one.unit, one.unusable) == (Decimal("2.9"), "mmol/L", None)
    assert one.moment.day.isoformat() == "2026-03-01"


def test_the_person_is_handed_on(monkeypatch: Any) -> None:
    seen, read_result = [], reader_results.read_result
    monkeypatch.setattr(reader_results, "read_result", lambda raw, *who: seen.append(who) or read_result(raw, *who))
    facts_from(patient(), potassium())
    assert seen[0][0].birth.day.year == 1960
    assert seen[0][1].isoformat() == "2026-03-02"


@pytest.mark.parametrize(
    ("element", "value", "unit", "words"),
    [
        ({}, Decimal("2.9"), "mmol/L", None),
        ({"valueQuantity": {"value": 4, "unit": "mmol/L"}}, Decimal(4), "mmol/L", None),
        ({"valueQuantity": {"value": 0, "unit": "mmol/L"}}, Decimal(0), "mmol/L", None),
        ({"valueQuantity": {"value": "4.10", "unit": "mmol/L"}}, Decimal("4.10"), "mmol/L", None),
        ({"valueQuantity": 4.1}, Decimal("4.1"), None, None),
        ({"valueQuantity": 0}, Decimal(0), None, None),
        ({"valueQuantity": {"unit": "mmol/L"}}, None, None, None),
        ({"valueQuantity": ..., "valueInteger": 4}, Decimal(4), None, None),
        ({"valueQuantity": ..., "valueDecimal": 4.5}, Decimal("4.5"), None, None),
        ({"valueQuantity": ..., "valueString": "4.0"}, None, None, "4.0"),
        ({"valueQuantity": ..., "valueString": 4.0}, None, None, "4.0"),
        ({"valueQuantity": "4.0 mmol/L"}, None, None, "4.0 mmol/L"),
        ({"valueQuantity": ..., "valueCodeableConcept": {"text": "haemolysed"}}, None, None, "haemolysed"),
        ({"valueQuantity": ..., "valueCodeableConcept": concept(SNOMED, "1", "low")}, None, None, "low"),
        ({"valueQuantity": ..., "valueRange": {"low": {"value": 3}}}, None, None, None),
        ({"valueQuantity": ...}, None, None, None),
    ],
)
def test_the_value_in_every_form(raws: Any, element: Any, value: Any, unit: Any, words: Any) -> None:
    one = raw_of(raws, **element)
    assert (one.quantity and one.quantity.value, one.quantity and one.quantity.unit) == (value, unit)
    assert one.text_value == words


@pytest.mark.parametrize(("written", "meant"), [("<", "<"), (">=", ">="), ("≤", "<="), ("=>", ">="), (None, None)])
def test_comparators(raws: Any, written: Any, meant: Any) -> None:
    assert (
        raw_of(raws, valueQuantity={"value": 2, "unit": "mmol/L", "comparator": written}).quantity.comparator == meant
    )


@pytest.mark.parametrize(
    ("element", "why", "received", "dated"),
    [
        ({"valueQuantity": {"value": "many", "unit": "mmol/L"}}, "not-a-number", "many mmol/L", None),
        ({"valueQuantity": {"value": "1,000.0", "unit": "mmol/L"}}, "not-a-number", "1,000.0 mmol/L", None),
        ({"valueQuantity": {"value": {"x": 1}}}, "not-a-number", "", None),
        ({"valueQuantity": {"value": 1e300, "unit": "mmol/L"}}, "unit-unknown", "1e+300 mmol/L", None),
        ({"valueQuantity": ["4"]}, "not-a-number", "", None),
        ({"valueQuantity": {"value": 4, "unit": "mmol/L", "comparator": ["<"]}}, "not-a-number", "", None),
        ({"valueQuantity": {"value": 4, "unit": {"code": "mmol/L"}}}, "not-a-number", "", None),
        ({"effectiveDateTime": "last week"}, "time-not-readable", "2.9 mmol/L", "last week"),
        ({"effectiveDateTime": "28/02/2026"}, "time-not-readable", "2.9 mmol/L", "28/02/2026"),
        ({"effectiveDateTime": ..., "issued": "28.02.2026"}, "time-not-readable", "2.9 mmol/L", "28.02.2026"),
        (
            {"effectiveDateTime": ..., "effectivePeriod": {"start": "a", "end": "b"}},
            "time-not-readable",
            "2.9 mmol/L",
            "a",
        ),
    ],
)
def test_a_value_or_time_that_cannot_be_read_is_named_with_its_analyte(
    element: Any, why: Any, received: Any, dated: Any
) -> None:
    facts = facts_from(potassium(**element))
    (one,) = facts.results
    assert (one.analyte, one.value, one.unusable, one.received, one.dated) == ("potassium", None, why, received, dated)
    assert facts.unread == ()


@pytest.mark.parametrize(
    ("written", "value", "received"),
    [
        ("2,8", Decimal("2.8"), "2.8 mmol/L"),
        ("2.8", Decimal("2.8"), "2.8 mmol/L"),
        ("2,800", Decimal("2.800"), "2,800 mmol/L"),
        ("2.800", Decimal("2.800"), "2.800 mmol/L"),
    ],
)
def test_a_quantity_written_with_a_comma_is_read_as_in_a_text(written: Any, value: Any, received: Any) -> None:
    one = result_of(valueQuantity={"value": written, "unit": "mmol/L"})
    assert (one.value, one.received) == (value, received)


def test_a_quantity_that_is_no_number_is_still_a_bound_in_its_own_unit() -> None:
    ucum = {"system": "http://unitsofmeasure.org", "code": "mmol/L"}
    one = result_of(valueQuantity={"value": "2,800", "comparator": "<", "unit": "per litre, local", **ucum})
    assert (one.value, one.comparator, one.received) == (Decimal("2.800"), "<", "<2,800 mmol/L")


def test_a_unit_that_is_there_in_code_alone_counts_and_one_that_cannot_be_read_does_not() -> None:
    assert result_of(valueQuantity={"value": 2.8, "unit": {}, "code": "mmol/L"}).value == Decimal("2.8")
    lost = result_of(valueQuantity={"value": 2.8, "code": ["mmol/L", "x"]})
    assert (lost.value, lost.unreadable) == (None, ("valueQuantity",))


@pytest.mark.parametrize(
    ("code", "unit", "written", "value"),
    [
        ("777-3", "/uL", "150.000", Decimal(150)),
        ("777-3", "/uL", "150,000", Decimal(150)),
        ("777-3", "10*3/uL", "1.000", None),  # one, or a thousand
        ("2951-2", "mmol/L", "140,000", Decimal(140)),
    ],
)
def test_thousands_are_told_from_decimals_by_what_is_possible(code: Any, unit: Any, written: Any, value: Any) -> None:
    one = result_of(code=concept(LOINC, code), valueQuantity={"value": written, "unit": unit})
    assert (one.value, one.unusable) == (value, None if value else "ambiguous")


def test_what_is_nested_beyond_use_costs_itself(monkeypatch: Any) -> None:
    def too_deep(_: Any) -> Any:
        raise RecursionError

    monkeypatch.setattr("cds_service.chart.r4.results.concepts", too_deep)
    one = result_of(interpretation=[{"text": "L"}])
    assert (one.value, one.flags, one.unreadable) == (Decimal("2.9"), frozenset(), ("interpretation",))


@pytest.mark.parametrize("code", [concept(LOINC, "2823-3", "Potassium"), {"text": "Kalium"}])
def test_a_result_that_cannot_be_read_at_all_is_there_and_says_so(monkeypatch: Any, code: Any) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RecursionError

    monkeypatch.setattr(reader_results, "settled", broken)
    (one,) = facts_from(potassium(code=code)).results
    shown = code.get("text", "Potassium")
    assert (one.source, one.analyte, one.unusable, one.received) == (
        "Observation/o1",
        "potassium",
        "not-readable",
        shown,
    )
    assert (one.loinc, one.value, one.unit) == ("2823-3" if "coding" in code else None, None, "")
    assert [one.received for one in facts_from(potassium(code=concept(LOINC, "2823-3"))).results] == [""]


UP_TO = {"low": {"value": 3.7, "unit": "mmol/L"}, "high": {"value": 5.9, "unit": "mmol/L"}}
ADULTS = {"low": {"value": 3.4, "unit": "mmol/L"}, "high": {"value": 5.0, "unit": "mmol/L"}}


@pytest.mark.parametrize(
    "for_whom",
    [
        {"age": {"low": {"value": 0, "unit": "h"}, "high": {"value": 72, "unit": "h"}}},
        {"age": {"high": {"value": 600, "unit": "menit"}}},
        {"age": {"low": {"value": 3, "unit": "fortnights"}}},
        {"age": {"low": {"value": "tiga", "unit": "tahun"}}},
        {"age": {"low": {"value": 18, "unit": ["a"]}}},
        {"age": "adults"},
        {"appliesTo": [{"text": "laki-laki"}]},
        {"appliesTo": [{}]},
        {"low": {"value": "three"}},
        {"low": {"value": "3,400", "unit": "mmol/L"}},
    ],
)
def test_a_range_that_does_not_apply_or_cannot_be_read_is_left_out(for_whom: Any) -> None:
    for ranges in ([{**UP_TO, **for_whom}, ADULTS], [ADULTS, {**UP_TO, **for_whom}]):
        one = next(iter(facts_from(patient(), potassium(referenceRange=ranges)).results))
        assert (one.value, one.range.low) == (Decimal("2.9"), Decimal("3.4"))
    alone = next(iter(facts_from(patient(), potassium(referenceRange=[{**UP_TO, **for_whom}])).results))
    assert (alone.value, alone.range) == (Decimal("2.9"), None)


@pytest.mark.parametrize(
    ("element", "day"),
    [
        ({"effectiveDateTime": "2026-02-28"}, "2026-02-28"),
        ({"effectiveDateTime": "2026-02-28T20:00:00Z"}, "2026-03-01"),
        ({"effectiveDateTime": "2026-02-28T20:00:00"}, "2026-02-28"),
        ({"effectiveDateTime": ..., "effectiveInstant": "2026-02-28T10:00:00Z"}, "2026-02-28"),
        ({"effectiveDateTime": ..., "effectivePeriod": {"start": "2026-02-27", "end": "2026-02-28"}}, "2026-02-27"),
        ({"effectiveDateTime": ..., "effectivePeriod": {"end": "2026-02-28"}}, "2026-02-28"),
        ({"effectiveDateTime": ..., "effectiveTiming": {"event": ["2026-02-01", "2026-02-28"]}}, "2026-02-28"),
        ({"effectiveDateTime": ..., "issued": "2026-02-28T10:00:00Z"}, "2026-02-28"),
        ({"effectiveDateTime": ..., "issued": "2026-02-28"}, "2026-02-28"),
        ({"effectiveDateTime": "2026-02-28", "issued": "2026-03-01T10:00:00Z"}, "2026-02-28"),
        ({"effectiveDateTime": ...}, None),
    ],
)
def test_when_it_was_true(raws: Any, element: Any, day: Any) -> None:
    moment = raw_of(raws, **element).moment
    assert (moment and moment.day.isoformat()) == day


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("final", "final"),
        ("Final", "final"),
        ("PRELIMINARY", "preliminary"),
        ("unknown", "unknown"),
        (None, None),
        ("x y", "unknown"),
        ("F", "final"),
        ("C", "corrected"),
        ("P", "preliminary"),
        ("I", "registered"),
        ("N", "registered"),
    ],
)
def test_status_is_handed_on(raws: Any, written: Any, meant: Any) -> None:
    assert raw_of(raws, status=written).status == meant


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled", "Entered in error", "W", "D", "X", "dibatalkan"])
def test_what_was_cancelled_or_an_error_is_no_result(status: Any) -> None:
    facts = facts_from(potassium(status=status), potassium("o2", status=status, code={"text": "Potassium"}))
    assert (facts.results, [one.source for one in facts.unread]) == ((), [])


@pytest.mark.parametrize(
    ("written", "flags"),
    [
        ([concept("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "L")], {"L"}),
        (concept("http://hl7.org/fhir/v2/0078", "HH"), {"HH"}),  # DSTU2, STU3: an object
        ("L", {"L"}),
        ("l", {"L"}),
        ({"text": "High"}, {"H"}),
        ([{"text": "Low"}, concept("x", "A")], {"L", "A"}),
        ([concept("x", "hu", "whatever")], {"HU"}),
        ([{"text": "see comment"}], set()),
        ([], set()),
        (None, set()),
    ],
)
def test_interpretation(raws: Any, written: Any, flags: Any) -> None:
    assert raw_of(raws, interpretation=written).flags == flags


def test_reference_ranges(raws: Any) -> None:
    normal = {
        "low": {"value": 3.5, "unit": "mmol/L"},
        "high": {"value": 5.1, "unit": "mmol/L"},
        "type": concept("x", "normal"),
        "appliesTo": [concept("x", "248152002", "Female")],
        "age": {"low": {"value": 18, "unit": "a"}, "high": {"value": 720, "code": "mo"}},
    }
    old = {"low": 3.4, "meaning": {"text": "therapeutic"}}  # DSTU2, and a bare number
    first, second = raw_of(raws, referenceRange=[normal, old, {"text": "3.5-5.1"}, "junk", None]).ranges
    assert (first.low.value, first.low.unit, first.high.value, first.kind) == (
        Decimal("3.5"),
        "mmol/L",
        Decimal("5.1"),
        "normal",
    )
    assert first.applies == ("248152002", "Female")
    assert (first.age_low_years, first.age_high_years.quantize(Decimal("0.1"))) == (Decimal(18), Decimal(60))
    assert (second.low.value, second.high, second.kind) == (Decimal("3.4"), None, "therapeutic")


def test_data_absent_reason(raws: Any) -> None:
    assert raw_of(raws, valueQuantity=..., dataAbsentReason={"text": "haemolysed"}).absent_reason


@pytest.mark.parametrize(
    "code",
    [
        concept(LOINC, "2823-3"),
        concept("urn:oid:2.16.840.1.113883.6.1", "2823-3"),
        concept("https://loinc.org/", "2823-3"),
        {
            "coding": [
                {"system": "https://fhir.cerner.com/codeSet/72", "code": "312487"},
                {"system": LOINC, "code": "2823-3"},
            ]
        },
        {"coding": {"system": LOINC, "code": "2823-3"}},
        {"system": LOINC, "code": "2823-3"},
    ],
)
def test_the_code_in_every_odd_shape(code: Any) -> None:
    assert result_of(code=code).analyte == "potassium"


@pytest.mark.parametrize(
    ("code", "analyte"),
    [
        ({"text": "Potassium"}, "potassium"),
        ({"text": "POTASSIUM LVL"}, "potassium"),
        ({"text": "Kalium darah"}, "potassium"),
        ("Natrium", "sodium"),
        (concept("http://local", "K", "Kalium"), "potassium"),
        (concept(SNOMED, "271236005", "Serum potassium level"), "potassium"),
        ({"text": "Creatinine"}, "creatinine"),
        ({"text": "eGFR"}, "egfr"),
        ({"text": "Platelet count"}, "platelets"),
        ({"text": "Ionized Calcium"}, "calcium_ionized"),
    ],
)
def test_a_name_tells_the_analyte_where_no_code_does(code: Any, analyte: Any) -> None:
    facts = facts_from(potassium(code=code))
    (one,) = facts.results
    assert (one.analyte, one.loinc, one.received) == (analyte, None, "2.9 mmol/L")
    assert (one.moment.day.isoformat(), facts.unread) == ("2026-03-01", ())


def named(text: str, value: Any = 2.4, unit: str = "mmol/L", **more: Any) -> dict[str, Any]:
    return potassium(code={"text": text}, valueQuantity={"value": value, "unit": unit}, **more)


@pytest.mark.parametrize(
    ("text", "value", "unit", "analyte"),
    [
        ("Kalium", 2.4, "mmol/L", "potassium"),
        ("Kalium (K)", 2.4, "mEq/L", "potassium"),
        ("K", 12, "mmol/L", "potassium"),
        ("Potassium [Moles/volume] in Serum or Plasma", 1, "mmol/L", "potassium"),
        ("Potassium POC, whole blood", 2.4, "mmol/L", "potassium"),
        ("Elektrolit: Natrium", 90, "mmol/L", "sodium"),
        ("Magnesium serum", 0.1, "mmol/L", "magnesium"),
        ("Kalsium total", 7.9, "mg/dL", "calcium_total"),
        ("Trombosit", 3000, "ribu/uL", "platelets"),
        ("QTc Bazett", 470, "ms", "qtc"),
        ("LFG (CKD-EPI)", 25, "mL/menit/1,73m2", "egfr"),
    ],
)
def test_a_whole_name_is_used_and_said(text: str, value: Any, unit: str, analyte: str) -> None:
    (one,) = facts_from(named(text, value, unit)).results
    assert (one.analyte, one.unusable, one.notes) == (analyte, None, ("by-name",))
    assert one.value is not None


@pytest.mark.parametrize(
    ("text", "value", "unit", "why"),
    [
        ("Kalium", 12.1, "mmol/L", "value-impossible"),
        ("Kalium", 0.9, "mmol/L", "value-impossible"),
        ("Natrium", 89, "mmol/L", "value-impossible"),
        ("Natrium", 201, "mmol/L", "value-impossible"),
        ("Magnesium", 11, "mmol/L", "value-impossible"),
        ("Trombosit", 3001, "ribu/uL", "value-impossible"),
        ("Kalium", 2.4, "g/dL", "unit-impossible"),
        ("Kalium", 2.4, "", "no-unit"),
        ("Kalium hemolisis ringan", 5.9, "mmol/L", "by-name"),  # holds the name among other words
        ("Calcium, whole blood", 2.1, "mmol/L", "by-name"),  # may be ionised
        ("Ca++", 2.1, "mmol/L", "by-name"),
        ("Calcium POC", 2.1, "mmol/L", "by-name"),
        ("Kalsium", 0.8, "mmol/L", "total-or-ionised"),
        ("Kalsium", 1.5, "mmol/L", "total-or-ionised"),
    ],
)
def test_what_a_name_leaves_open_is_shown_and_not_used(text: str, value: Any, unit: str, why: str) -> None:
    (one,) = facts_from(named(text, value, unit)).results
    assert (one.value, one.unusable) == (None, why)


def test_of_several_names_one_that_is_whole_counts() -> None:
    for texts in (("Kalium", "Kalium hemolisis ringan"), ("Kalium hemolisis ringan", "Kalium")):
        coding = {"system": "http://local", "code": "K", "display": texts[1]}
        (one,) = facts_from(potassium(code={"coding": [coding], "text": texts[0]})).results
        assert (one.unusable, one.notes) == (None, ("by-name",))


def test_a_calcium_above_what_ionised_calcium_can_be_is_total() -> None:
    (one,) = facts_from(named("Kalsium", 1.51)).results
    assert (one.unusable, one.notes) == (None, ("by-name",))


SPECIMEN = {"resourceType": "Specimen", "id": "s1", "type": {"text": "Urin"}}
OF_URINE = [
    (named("Kalium urin"),),
    (named("Kalium (24 jam)"),),
    (named("Kalium post HD"),),
    (named("Kalium dialisat"),),
    (named("Kalium lain", unit="mg/L"),),  # holds the name, and its unit does not fit
    (named("Kalium", specimen={"display": "24 h urine"}),),
    (named("Kalium", contained=[SPECIMEN], specimen={"reference": "#s1"}),),
    (named("Kalium", specimen={"reference": "Specimen/s1"}), SPECIMEN),
    (named("Kalium", specimen={"reference": "urn:uuid:s1"}), SPECIMEN),
    (
        potassium(
            "panel",
            code={"text": "Urin lengkap"},
            valueQuantity=...,
            component=[{"code": {"text": "Kalium"}, "valueQuantity": {"value": 20, "unit": "mmol/L"}}],
        ),
    ),
    (
        potassium(
            "panel",
            code={"text": "Elektrolit"},
            valueQuantity=...,
            specimen={"display": "24 h urine"},
            component=[{"code": {"text": "Kalium"}, "valueQuantity": {"value": 20, "unit": "mmol/L"}}],
        ),
    ),
    (
        named("Kalium"),
        potassium(
            "panel", code={"text": "Elektrolit urin"}, valueQuantity=..., hasMember=[{"reference": "Observation/o1"}]
        ),
    ),
    (
        named("Kalium"),
        {
            "resourceType": "DiagnosticReport",
            "id": "r",
            "status": "final",
            "code": {"text": "Cairan pleura"},
            "result": [{"reference": "Observation/o1"}],
        },
    ),
    (
        {
            "resourceType": "DiagnosticReport",
            "id": "r",
            "status": "final",
            "code": {"text": "Urine chemistry"},
            "contained": [named("Kalium")],
        },
    ),
]


@pytest.mark.parametrize("resources", OF_URINE)
def test_what_is_said_to_be_of_no_blood_is_no_result(resources: Any) -> None:
    assert facts_from(*resources).results == ()


def test_of_two_results_by_name_the_newer_counts_and_an_old_one_is_not_read() -> None:
    old, new = named("Kalium", 4.1, day="2026-01-02", own="old"), named("Kalium", 2.4, day="2026-03-01", own="new")
    (one,) = facts_of({"all": bundle(old, new)}, history_for=()).results
    assert one.source == "Observation/new"


def test_a_unit_without_a_body_surface_is_read_and_said() -> None:
    (one,) = facts_from(
        potassium(code=concept(LOINC, "33914-3"), valueQuantity={"value": 25, "unit": "mL/min"})
    ).results
    assert (one.analyte, one.value, one.notes) == ("egfr", Decimal(25), ("not-indexed",))


@pytest.mark.parametrize(
    "code",
    [
        {"text": "Potassium, urine"},
        {"text": "Blood pressure"},
        {"text": "Kalium urin 24 jam"},
        {"coding": [{"system": "http://local", "code": "K", "display": "Kalium urin"}], "text": "Kalium"},
        {"coding": [{"system": "http://local", "code": "K", "display": " "}]},
        concept(LOINC, "2828-2", "Potassium"),  # urine
        concept(LOINC, "8480-6"),
        {"text": "potassium " * 20},
        {"text": ["Potassium"]},
        {"coding": [{"system": "http://local", "code": "1"}]},
        None,
        ...,
        {},
        "",
    ],
)
def test_other_observations_are_neither_result_nor_unread(code: Any) -> None:
    facts = facts_from(potassium(code=code))
    assert (facts.results, facts.unread) == ((), ())


PANEL = {"code": concept(LOINC, "24326-1", "Electrolytes"), "valueQuantity": ...}
SODIUM = {"code": concept(LOINC, "2951-2"), "valueQuantity": {"value": 128, "unit": "mmol/L"}}
NO_VALUE_ALONE = {"code": concept(LOINC, "2823-3")}


def test_components_are_results_with_the_status_and_time_of_the_whole() -> None:
    facts = facts_from(potassium(**PANEL, component=[SODIUM, {"code": {"text": "note"}}, None, "junk"]))
    (one,) = facts.results
    assert (one.source, one.analyte, one.value, one.status) == ("Observation/o1", "sodium", Decimal(128), "final")
    assert one.moment.day.isoformat() == "2026-03-01"
    assert facts.unread == ()


def test_a_component_as_an_object() -> None:
    assert len(facts_from(potassium(**PANEL, component=SODIUM)).results) == 1


def test_a_whole_with_a_value_of_its_own_and_components() -> None:
    assert {one.analyte for one in facts_from(potassium(component=[SODIUM])).results} == {"potassium", "sodium"}


@pytest.mark.parametrize(
    "inside",
    [
        {"component": [SODIUM]},
        {"hasMember": [{"reference": "Observation/x"}]},
        {"related": [{"type": "has-member", "target": {"reference": "Observation/x"}}]},  # DSTU2, STU3
    ],
)
def test_a_panel_coded_as_an_analyte_is_no_result_without_a_value(inside: dict[str, Any]) -> None:
    worded = potassium(valueQuantity=..., valueString="haemolysed", **inside)
    assert "potassium" in {one.analyte for one in facts_from(worded).results}
    facts = facts_from(potassium(valueQuantity=..., **inside))
    assert {one.analyte for one in facts.results} <= {"sodium"}
    missing = potassium(valueQuantity=..., dataAbsentReason={"text": "haemolysed"}, **inside)
    assert "potassium" in {one.analyte for one in facts_from(missing).results}


def test_a_whole_whose_own_value_cannot_be_read_is_no_mere_panel() -> None:
    found = facts_from(potassium(valueQuantity={"value": {"x": 1}}, component=[SODIUM])).results
    assert {one.analyte: one.unusable for one in found} == {"potassium": "not-a-number", "sodium": None}


def test_the_components_of_a_cancelled_whole_are_no_results() -> None:
    assert facts_from(potassium(**PANEL, component=[SODIUM], status="cancelled")).results == ()


def test_members_contained_in_their_panel_are_results() -> None:
    member = {"resourceType": "Observation", "id": "k", "status": "amended", **SODIUM}
    nested = {"resourceType": "Observation", "id": "n", "status": "final", "component": [SODIUM]}
    facts = facts_from(potassium(**PANEL, contained=[member, nested, condition(), "junk"]))
    assert sorted((one.source, one.status) for one in facts.results) == [
        ("Observation/o1#k", "amended"),
        ("Observation/o1#n", "final"),
    ]
    assert all(one.moment.day.isoformat() == "2026-03-01" for one in facts.results)


def test_what_is_odd_in_a_contained_member_costs_itself_and_an_order_is_no_result() -> None:
    member = {"resourceType": "Observation", "status": "final", "component": ["junk", SODIUM]}
    order = {"resourceType": "ServiceRequest", "id": "r", "status": "active", "code": concept(LOINC, "2823-3")}
    facts = facts_from(potassium(**PANEL, contained=[order, member]))
    assert [(one.source, one.analyte) for one in facts.results] == [("Observation/o1#", "sodium")]


def test_the_parts_of_a_panel_are_as_old_as_they_or_their_panel_say() -> None:
    old, new, odd = (
        potassium(own, day=day, **PANEL, component=[SODIUM])
        for own, day in (("old", "2026-01-05"), ("new", "2026-02-20"), ("odd", "soon"))
    )
    older = {"resourceType": "Observation", "id": "k", "effectiveDateTime": "2026-01-05", **SODIUM}
    newer = {**older, "effectiveDateTime": "2026-02-20"}
    assert [one.source for one in facts_from(old, new).results] == ["Observation/new"]
    assert [one.source for one in facts_from(new, potassium("o2", **PANEL, contained=[older])).results] == [
        "Observation/new"
    ]
    assert [
        one.source for one in facts_from(new, potassium("o2", day="2026-01-05", **PANEL, contained=[newer])).results
    ] == [
        "Observation/new",
        "Observation/o2#k",
    ]
    (one,) = facts_from(odd).results
    assert (one.unusable, one.dated) == ("time-not-readable", "soon")


def test_a_part_and_a_whole_of_one_day_are_both_read() -> None:
    whole = potassium("na", day="2026-02-20", **SODIUM)
    panel = potassium("panel", day="2026-02-20", **PANEL, component=[SODIUM])
    for resources in ((whole, panel), (panel, whole)):
        assert [one.source for one in facts_from(*resources).results] == ["Observation/na", "Observation/panel"]


def test_a_code_nested_beyond_all_use_costs_no_other_result() -> None:
    deep: Any = {}
    for _ in range(5000):
        deep = {"concept": deep}
    assert [one.source for one in facts_from(potassium("deep", code=deep), potassium()).results] == ["Observation/o1"]


def test_members_that_are_entries_of_their_own_are_read_as_such() -> None:
    panel = potassium("panel", **PANEL, hasMember=[{"reference": "Observation/o1"}])
    assert [one.source for one in facts_from(panel, potassium()).results] == ["Observation/o1"]


def test_results_inside_a_report() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "status": "final",
        "subject": MINE,
        "contained": [potassium("k")],
    }
    assert [one.source for one in facts_of({"reports": bundle(report)}).results] == ["Observation/k"]


MAGNESIUM_TABLETS = {"medicationCodeableConcept": {"text": "Magnesium oxide 400 mg tablet"}}


def days_read(*days: str, history: bool = False) -> list[str]:
    """The days of the potassium results that are read; ``history``: with a supplement on the list."""
    taking = [quinine(**MAGNESIUM_TABLETS)] if history else []
    facts = facts_from(*(potassium(day, day=day) for day in days), *taking)
    assert bool(facts.medications) is history
    return [one.source.removeprefix("Observation/") for one in facts.results]


def test_an_analyte_is_read_back_to_two_days_before_the_newest_that_can_be_used() -> None:
    days = ["2026-02-23", "2026-02-24", "2026-02-25", "2026-02-26"]
    assert days_read(*days) == ["2026-02-24", "2026-02-25", "2026-02-26"]


def test_what_is_newer_and_cannot_be_used_does_not_stop_the_reading() -> None:
    unusable = potassium("no-unit", day="2026-03-01", valueQuantity={"value": 4})
    unread = potassium("odd", day="2026-02-28", valueQuantity={"value": "x"})
    future = potassium("future", day="2026-04-01")
    facts = facts_from(
        unusable, unread, future, potassium("older", day="2026-01-01"), potassium("old", day="2025-01-01")
    )
    read = {"Observation/no-unit", "Observation/odd", "Observation/future", "Observation/older"}
    assert {one.source for one in facts.results} == read


def test_each_analyte_is_read_by_itself() -> None:
    facts = facts_from(potassium(), potassium("na", day="2020-01-01", **SODIUM))
    assert {one.source for one in facts.results} == {"Observation/o1", "Observation/na"}


def test_a_supplement_is_judged_by_more_than_the_newest() -> None:
    edge, beyond = ((TODAY - timedelta(days=days)).isoformat() for days in (REACH_DAYS, REACH_DAYS + 1))
    assert REACH_DAYS > 366
    assert days_read("2026-02-20", "2025-06-01", edge, beyond, history=True) == [edge, "2025-06-01", "2026-02-20"]
    assert days_read(beyond, "2019-01-01", history=True) == [beyond]
    assert days_read("2026-02-20", "2025-06-01", edge) == ["2026-02-20"]
    drafted = facts_from(potassium("old", day=edge), potassium("new"), drafts=bundle(quinine(**MAGNESIUM_TABLETS)))
    assert [one.source for one in drafted.results] == ["Observation/new", "Observation/old"]


@pytest.mark.parametrize(
    ("albumin_day", "read"), [("2026-03-01", True), ("2026-02-27", True), ("2026-03-03", True), ("2026-02-26", False)]
)
def test_albumin_is_read_beside_a_calcium_draw(albumin_day: str, read: bool) -> None:
    calcium = potassium("ca", code=concept(LOINC, "17861-6"), valueQuantity={"value": 8, "unit": "mg/dL"})
    albumin = potassium(
        "alb", day=albumin_day, code=concept(LOINC, "1751-7"), valueQuantity={"value": 3, "unit": "g/dL"}
    )
    newest = potassium("newest-alb", day="2026-01-01", code=concept(LOINC, "1751-7"))
    for resources in ((calcium, albumin, newest), (newest, albumin, calcium)):
        sources = {one.source for one in facts_from(*resources).results}
        assert ("Observation/alb" in sources) is read
        assert "Observation/newest-alb" not in sources
    sources = {one.source for one in facts_from(calcium, albumin, newest, quinine(**MAGNESIUM_TABLETS)).results}
    assert "Observation/newest-alb" in sources


@pytest.mark.parametrize("day", ["2026-02-30", "0001-01-01", "9999-12-31", "soon"])
def test_an_albumin_that_no_calendar_dates_is_read(day: str) -> None:
    calcium = potassium("ca", code=concept(LOINC, "17861-6"), valueQuantity={"value": 8, "unit": "mg/dL"})
    albumin = potassium("alb", day=day, code=concept(LOINC, "1751-7"), valueQuantity={"value": 3, "unit": "g/dL"})
    for resources in ((calcium, albumin), (albumin,)):
        assert "Observation/alb" in {one.source for one in facts_from(*resources).results}


@pytest.mark.parametrize("day", ["2019", "2019-01", "soon", ...])
def test_what_has_no_plain_day_is_read(day: Any) -> None:
    facts = facts_from(potassium("new"), potassium("odd", day=day), potassium("older", day="2019-05-05"))
    assert len(facts.results) + len(facts.unread) == 2


def test_a_name_without_a_code_that_is_plainly_old_is_nobodys_worry() -> None:
    old, new = potassium("old", day="2019-05-05", code="Kalium"), potassium("new", code="Kalium")
    assert [one.source for one in facts_from(old, new).results] == ["Observation/new"]


def test_nothing_of_a_chart_is_remembered_for_the_next() -> None:
    caches = [name for name, value in vars(reader_results).items() if hasattr(value, "cache_info")]
    assert caches == []


def test_a_bare_value_is_taken_for_the_quantity(raws: Any) -> None:
    raw = potassium(valueQuantity=...) | {"value": {"value": 4.2, "unit": "mmol/L"}}
    assert facts_from(raw).unread == ()
    assert raws[0].quantity.value == Decimal("4.2")
