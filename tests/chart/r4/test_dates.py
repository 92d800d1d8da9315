"""FHIR dates, the odd ones too."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cds_service.chart.r4.dates import canonical, moment, span, written_plainly
from cds_service.patient.moments import Precision

ZONE = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026", "2026"),
        (2026, "2026"),
        ("2026-03", "2026-03"),
        ("2026-03-02", "2026-03-02"),
        (" 2026-03-02 ", "2026-03-02"),
        ("2026-03-02T10:30:00Z", "2026-03-02T10:30:00+00:00"),
        ("2026-03-02T10:30:00+07:00", "2026-03-02T10:30:00+07:00"),
        ("2026-03-02T10:30:00.123456789+07:00", "2026-03-02T10:30:00.123456+07:00"),
        ("2026-03-02T10:30:00", "2026-03-02T10:30:00+07:00"),
        ("2026-03-02T10:30Z", "2026-03-02T10:30:00+00:00"),
        ("2026-03-02 10:30:00", "2026-03-02T10:30:00+07:00"),
        ("2026-03-02T10:30:00+0700", "2026-03-02T10:30:00+07:00"),
        ("2026-03-02T23:59:60Z", "2026-03-02T23:59:59+00:00"),
        ("2026-3-2", "2026-03-02"),
        ("2026-11-1", "2026-11-01"),
        ("2026-1", "2026-01"),
        ("20260302", "2026-03-02"),
        (20260302, "2026-03-02"),
        ("2026-03-02 03:00:00+07", "2026-03-02T03:00:00+07:00"),
        ("2026-03-02t03:00:00z", "2026-03-02T03:00:00+00:00"),
        ("2026-03-02 03:00:00 UTC", "2026-03-02T03:00:00+00:00"),
        ("2026-3-2T03:00:00Z", "2026-03-02T03:00:00+00:00"),
        ("2026-03-02T03:00:00,5Z", "2026-03-02T03:00:00.500000+00:00"),
        ("2026-03-02T24:00", "2026-03-03T00:00:00+07:00"),
        ("2026-12-31T24:00:00Z", "2027-01-01T00:00:00+00:00"),
        ("202603021030", "2026-03-02T10:30:00+07:00"),
        ("20260302103000+0000", "2026-03-02T10:30:00+00:00"),
        ("20260302T103000Z", "2026-03-02T10:30:00+00:00"),
        ("20260302103000.1234Z", "2026-03-02T10:30:00.123400+00:00"),
        (1764460800000, "2025-11-30T07:00:00+07:00"),
        ("1764460800000", "2025-11-30T07:00:00+07:00"),
        (-119923200000, "1966-03-15T07:00:00+07:00"),
        # where a number begins and ends to be a year, a day, or milliseconds
        *((1000, "1000"), (9999, "9999"), (1000_01_01, "1000-01-01"), (9999_12_31, "9999-12-31")),
        (10**11, "1973-03-03T16:46:40+07:00"),
        (-(10**11), "1966-10-31T21:13:20+07:00"),
        (10**13 - 1, "2286-11-21T00:46:39.999000+07:00"),
        ("-1199232000000", "1932-01-01T07:20:00+07:20"),
        ("2026-03-02T10:30:00UTC", "2026-03-02T10:30:00+00:00"),
        ("2026-03-02T10:30:00 GMT", "2026-03-02T10:30:00+00:00"),
        ("2026-03-02T10:30:00-05", "2026-03-02T10:30:00-05:00"),
        ("2026-03-02T24:00:00.000Z", "2026-03-03T00:00:00+00:00"),
        ("2026-03-02T24:00:00,000Z", "2026-03-03T00:00:00+00:00"),
        ("2026-03-02T23:59:60", "2026-03-02T23:59:59+07:00"),
        ("20260302T1030", "2026-03-02T10:30:00+07:00"),
        ("20260302103000.5-0500", "2026-03-02T10:30:00.500000-05:00"),
    ],
)
def test_a_date_becomes_what_r4_writes(written: Any, meant: Any) -> None:
    assert canonical(written, ZONE) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "02/03/2026",
        "2026-13",
        "2026-02-30",
        "02.03.2026",
        "2026/03/02",
        "2026.03.02",
        "31/12/2026",
        "02-03-2026",
        "202603",
        "2026030210",
        "2026-03-02T24:00:01",
        "2026-03-02T24:30",
        "9999-12-31T24:00:00",
        99_999_999_999,
        10**13,
        99999999,
        "0000",
        "2026-03-02T25:00:00Z",
        "2026-W10-1",
        *("2026-03-02T10:30:00 gmt", "2026-03-02T24:00:00.001Z"),
        *(999, 10_000, 1000_01_00, 9999_12_32, 10**11 - 1, 2026_02_30),
        True,
        2026.0,
        None,
        [],
        {},
        "2026-03-02T10",
        "٢٠٢٦",
    ],
)
def test_what_is_no_date_is_none(written: Any) -> None:
    assert canonical(written, ZONE) is None


def test_a_time_of_before_there_were_whole_minute_zones_is_written_in_utc() -> None:
    assert canonical("1860-01-01T00:00:00", ZONE) == "1859-12-31T16:52:48+00:00"


@pytest.mark.parametrize(
    ("written", "first", "last", "precision"),
    [
        ("2026", (2026, 1, 1), (2026, 12, 31), Precision.YEAR),
        ("2024-02", (2024, 2, 1), (2024, 2, 29), Precision.MONTH),
        ("2026-02", (2026, 2, 1), (2026, 2, 28), Precision.MONTH),
        ("2026-12", (2026, 12, 1), (2026, 12, 31), Precision.MONTH),
        ("2026-03-02", (2026, 3, 2), (2026, 3, 2), Precision.DAY),
    ],
)
def test_a_partial_date_spans_all_it_can_mean(written: Any, first: Any, last: Any, precision: Any) -> None:
    made = moment(written, ZONE)
    assert (made.day.timetuple()[:3], made.last_day.timetuple()[:3]) == (first, last)
    assert made.precision is precision
    assert made.start.utcoffset() == timedelta(hours=7)
    assert made.end - made.start > timedelta(hours=23, minutes=59, seconds=59)


def test_an_instant_is_told_in_the_services_zone() -> None:
    made = moment("2026-03-01T17:30:00+00:00", ZONE)
    assert made.start == made.end == datetime(2026, 3, 2, 0, 30, tzinfo=ZONE)
    assert made.day.day == 2
    assert made.precision is Precision.INSTANT


@pytest.mark.parametrize("written", [None, "2026-02-30", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"])
def test_no_moment_for_none_or_for_what_no_calendar_holds(written: Any) -> None:
    assert moment(written, ZoneInfo("Pacific/Kiritimati") if written and written[0] == "9" else ZONE) is None


def test_a_period_is_bounded_by_its_sides() -> None:
    first, last = moment("2026-03-01", ZONE), moment("2026-03-02T10:00:00+07:00", ZONE)
    made = span(first, last)
    assert (made.start, made.end, made.precision) == (first.start, last.end, Precision.DAY)
    assert span(first, None) == span(None, first) == first
    assert span(None, None) is None
    assert span(last, last) == last
    assert span(last, moment("2026-02-01", ZONE)) is None


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        *(("2026", True), ("2026-03", True), ("2026-03-02", True), ("2026-02-30", False), ("2026-W10-1", False)),
        *(("2026-03-02T10:30:00+07:00", True), ("2026-03-02T23:59:59.5Z", True), ("2026-03-02T10:30:00", False)),
        *(("2026-02-30T10:30:00Z", False), ("2026-03-02T24:00:00Z", False), ("20260302T103000Z", False), ("", False)),
    ],
)
def test_what_is_written_plainly_is_the_moment_of_the_canonical_date(written: str, plain: bool) -> None:
    made = moment(canonical(written, ZONE), ZONE)
    assert written_plainly(written, ZONE) == (made if plain else None)
    assert (made is not None) or not plain
