"""How often a day and for how long, in every structured shape; and that what can't be read of it costs nothing else."""

from decimal import Decimal
from typing import Any

import pytest

from cds_service.patient.facts import Dosing, Medication
from tests.builders.fhir import concept, facts_from, quinine


def medication(**more: Any) -> Medication:
    (one,) = facts_from(quinine(**more)).medications
    return one


def dosing(repeat: Any = None, **timing: Any) -> Dosing:
    said = {"repeat": repeat, **timing} if repeat is not None else timing
    (one,) = medication(dosageInstruction=[{"timing": said}]).dosings
    return one


@pytest.mark.parametrize(
    ("repeat", "per_day"),
    [
        ({"frequency": 3, "period": 1, "periodUnit": "d"}, 3),
        ({"frequency": 1, "period": 8, "periodUnit": "h"}, 3),
        ({"frequency": "3", "period": "1", "periodUnits": "d"}, 3),  # DSTU2
        ({"period": 6, "periodUnit": "h"}, 4),
        ({"frequency": 1, "period": 1, "periodUnit": "d"}, 1),
        ({"frequency": 21, "period": 1, "periodUnit": "wk"}, 3),
        ({"frequency": 1, "period": 480, "periodUnit": "min"}, 3),
        ({"frequency": 3}, None),
        ({"frequency": 3, "period": 1}, None),
        ({"frequency": 3, "period": 0, "periodUnit": "d"}, None),
        ({"frequency": 3, "period": 1, "periodUnit": "x"}, None),
        ({"frequency": 2.5, "period": 1, "periodUnit": "d"}, 1),  # not a number of times
        ({"frequency": 0, "period": 8, "periodUnit": "h"}, 3),
        ({"frequency": "often", "period": 8, "periodUnit": "h"}, 3),
        ({}, None),
    ],
)
def test_doses_a_day(repeat: dict[str, Any], per_day: int | None) -> None:
    assert dosing(repeat, code={"text": "x"}).per_day == per_day


@pytest.mark.parametrize(
    ("code", "per_day"),
    [
        (concept("http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation", "TID"), 3),
        (concept("http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation", "BID"), 2),
        ({"text": "qid"}, 4),
        ({"text": "Q8H"}, 3),
        ({"text": "three times a day"}, None),
    ],
)
def test_doses_a_day_by_a_code(code: Any, per_day: int | None) -> None:
    assert dosing(code=code).per_day == per_day
    assert dosing({"frequency": 1, "period": 1, "periodUnit": "d"}, code=code).per_day == 1


@pytest.mark.parametrize(
    ("code", "per_day"),
    [
        *(("QD", 1), ("BID", 2), ("TID", 3), ("QID", 4)),
        *(("Q12H", 2), ("Q8H", 3), ("Q6H", 4), ("Q4H", 6), ("Q3H", 8), ("Q2H", 12)),
    ],
)
def test_each_code_is_so_many_doses_a_day(code: str, per_day: int) -> None:
    coded = concept("http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation", code)
    several = {"coding": [{"display": "as told"}, {"code": "x"}, {"code": code.lower()}, {"code": "QD"}], "text": "QD"}
    assert [dosing(code=one).per_day for one in (coded, several, {"text": code})] == [per_day] * 3


TIMES = {  # hours in one
    1: ("h", "H", "hour", "hours", "hr", "hrs", "jam"),
    24: ("d", "D", " d ", "day", "Days", "hari"),
    24 * 7: ("wk", "wks", "week", "weeks", "Minggu"),
    24 * 30: ("mo", "mos", "month", "months", "bln", "bulan"),
    24 * 365: ("a", "yr.", "years", "thn", "Tahun"),
}


@pytest.mark.parametrize(("hours", "unit"), [(hours, unit) for hours, units in TIMES.items() for unit in units])
def test_each_unit_of_time_is_as_long_as_it_is(hours: int, unit: str) -> None:
    often = dosing({"frequency": hours, "period": 1, "periodUnit": unit}, code={"text": "x"})
    assert often.per_day == 24
    twice = dosing({"frequency": hours, "period": 2, "periodUnit": unit}, code={"text": "x"})
    assert twice.per_day == 12
    for bounds in ({"unit": unit}, {"code": unit, "unit": "who knows"}):
        course = dosing({"boundsDuration": {"value": 48, **bounds}}, code={"text": "x"})
        assert course.days == 2 * hours


def test_a_course_of_minutes_is_as_long_as_it_is() -> None:
    for unit in ("min", "mins", "minute", "minutes", "menit"):
        assert dosing({"boundsDuration": {"value": 1440, "unit": unit}}, code={"text": "x"}).days == 1
    assert dosing({"boundsDuration": {"value": 1440, "unit": "moons"}}, code={"text": "x"}).days is None


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        ({"boundsDuration": {"value": 7, "unit": "d", "code": "d", "system": "http://unitsofmeasure.org"}}, 7),
        ({"boundsDuration": {"value": 1, "unit": "minggu"}}, 7),
        ({"boundsDuration": {"value": 7, "unit": "Days"}}, 7),
        ({"boundsQuantity": {"value": 7, "code": "d"}}, 7),  # DSTU2
        ({"boundsDuration": {"value": 7}}, None),
        ({"boundsRange": {"low": {"value": 5, "unit": "d"}, "high": {"value": 7, "unit": "d"}}}, 7),
        ({"boundsRange": {"low": {"value": 5, "unit": "d"}}}, None),
        ({"boundsPeriod": {"start": "2026-03-01", "end": "2026-03-07"}}, 7),
        ({"boundsPeriod": {"end": "2026-03-07"}}, None),
        ({"boundsPeriod": {"start": "2026-03-07"}, "boundsDuration": {"value": 7, "unit": "d"}}, 7),
        (
            {"boundsPeriod": {"start": "2026-03-01", "end": "2026-03-03"}, "boundsDuration": {"value": 7, "unit": "d"}},
            3,
        ),
        ({"boundsPeriod": {"start": "2026-03-07"}}, None),
        ({"boundsPeriod": "soon", "boundsDuration": "x"}, None),
        ({"count": 21, "frequency": 3, "period": 1, "periodUnit": "d"}, 7),
        ({"count": 21}, None),
        ({"count": "x", "frequency": 3, "period": 1, "periodUnit": "d"}, None),
        ({"boundsDuration": {"value": 7, "unit": "d"}, "count": 9, "frequency": 3, "period": 1, "periodUnit": "d"}, 7),
    ],
)
def test_days_of_the_course(repeat: dict[str, Any], days: int | None) -> None:
    found = dosing(repeat, code={"text": "x"}).days
    assert found == days


@pytest.mark.parametrize("timing", [None, "TID", [], {}, {"repeat": "x"}, {"repeat": []}, {"code": 7}])
def test_odd_timings_are_none(timing: Any) -> None:
    found = medication(dosageInstruction=[{"text": "300 mg", "timing": timing}])
    assert found.words == ("300 mg",)
    assert [one for one in found.dosings if one != Dosing()] == []


def test_what_cannot_be_read_of_a_timing_costs_itself() -> None:
    repeat = {
        "frequency": [],
        "period": {},
        "periodUnit": 7,
        "boundsPeriod": {"start": "soon", "end": "2026-03-20"},
        "boundsDuration": {"value": "x"},
        "count": -1,
    }
    found = medication(dosageInstruction=[{"text": "300 mg", "timing": {"repeat": repeat}}])
    assert (found.words, str(found.ended.last_day) if found.ended else None) == (("300 mg",), "2026-03-20")


def test_each_dosage_has_its_own() -> None:
    loading = {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}
    then = {"timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d", "count": 21}}}
    found = medication(dosageInstruction=[loading, {"text": "x"}, then]).dosings
    assert found == (Dosing(Decimal(1)), Dosing(Decimal(3), Decimal(7)))
