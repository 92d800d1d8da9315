"""A result that is written plainly is read as it would be the long way, or not at all."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cds_service import situations
from cds_service.chart.r4.essentials import settled
from cds_service.chart.r4.results import observation
from cds_service.chart.read import results as reader
from cds_service.chart.read.plain_results import plain_result
from cds_service.chart.read.raw_results import raw_result
from cds_service.patient.labs.raw import RawResult
from cds_service.patient.person import Person
from cds_service.patient.terminology.concepts import Measured
from cds_service.protocol.schemas import load_request
from tests.builders.fhir import TODAY, ZONE, bundle, chart_of, concept, potassium
from tests.spoiling import changed, spoilings

SOURCE, FOUND = "Observation/o1", Measured("potassium", "2823-3", "mmol/L", by_site=True)
WORDS = st.sampled_from(["", "mmol/L", "a b", "a  b", " a", "a ", "é", "\u00a0", "a\u200bb", "\n", "mEq/L"])
ODD: Any = st.sampled_from(
    [None, True, 7, [], {}, [None], "x", ["x"], {"code": "x"}, [{"coding": [{}]}], [{"text": "H"}]]
)
NUMBERS = st.sampled_from([0, -0.0, 4, 4.0, 4.20, 1e-7, 1e300, 10**15, 10**40, -1.5, "4.2", True, None, 0.1 + 0.2])


def some(**members: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: one | ODD for name, one in members.items()})


CODINGS = st.lists(
    some(system=WORDS | st.just("http://loinc.org"), code=WORDS | st.just("h"), display=WORDS) | ODD, max_size=2
)
CONCEPTS = some(coding=CODINGS, text=WORDS)
COMPARATORS = st.sampled_from(["", "<", ">=", "≤", "ad"])
QUANTITIES = some(value=NUMBERS, unit=WORDS, system=WORDS, code=WORDS, comparator=COMPARATORS)
SOUND = st.fixed_dictionaries({"value": st.floats(0.1, 9), "unit": st.just("mmol/L")})
RANGES = some(low=QUANTITIES | SOUND, high=QUANTITIES | SOUND, type=CONCEPTS, appliesTo=st.lists(CONCEPTS, max_size=1))
SOUND_RANGES = st.fixed_dictionaries({}, optional={"low": SOUND, "high": SOUND, "text": WORDS})
DATES = st.sampled_from(
    [
        *("2026", "2026-02", "2026-02-28", "2026-02-30", "2026-2-3", "20260228", "", " 2026-02-28", "0001-01-01"),
        *("2026-02-28T10:00:00Z", "2026-02-28T10:00:00.1234567Z", "2026-02-28T10:00:00+07:00", "2026-02-28T10:00:00"),
        *("2026-02-28T24:00:00Z", "2026-02-28T10:00:60Z", "2026-02-28T10:00:00+14:00", "2026-02-28T10:00:00-00:00"),
        *("2026-02-28 10:00:00Z", "9999-12-31T23:59:59-12:00", "28/02/2026"),
    ]
)
MEMBERS = some(
    status=st.sampled_from(["final", "preliminary", "unknown", "cancelled", "Final", "made-up"]),
    code=CONCEPTS,
    effectiveDateTime=DATES,
    effectiveInstant=DATES,
    valueQuantity=QUANTITIES | SOUND,
    valueString=WORDS,
    interpretation=st.lists(CONCEPTS, max_size=2),
    referenceRange=st.lists(RANGES | SOUND_RANGES, max_size=2),
    dataAbsentReason=CONCEPTS,
    component=st.lists(CONCEPTS, max_size=1),
)


def the_long_way(raw: dict[str, Any]) -> RawResult:
    made, unreadable = settled("Observation", observation(raw, ZONE))
    return raw_result(SOURCE, made, FOUND, ZONE, unreadable=unreadable)


def plainly(raw: Any) -> RawResult | None:
    return plain_result(msgspec.Raw(orjson.dumps({"resource": raw})), SOURCE, FOUND, ZONE)


@given(MEMBERS)
@example({"effectiveDateTime": "2026-02-28T10:00:00+07:00", "valueQuantity": {"value": 4, "comparator": "<"}})
@example({"interpretation": [{"coding": [{"code": "h"}], "text": "H"}]})
def test_what_is_read_plainly_is_read_the_same_the_long_way(members: dict[str, Any]) -> None:
    raw = potassium(**members) if "effectiveDateTime" not in members else {**potassium(), **members}
    plain = plainly(raw)
    assert plain is None or plain == the_long_way(raw)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}], "text": "Kalium"}},
        {"interpretation": [{"coding": [{"code": "L"}]}]},
        {"code": {"coding": [{"code": "2823-3"}, {"code": "K", "display": "Kalium"}]}},
        {"referenceRange": [{"low": {"value": 3.5, "unit": "mmol/L"}, "text": "from 3.5"}]},
        {"referenceRange": [{"high": {"value": 5, "unit": "mmol/L"}}, {"text": "see above"}]},
        {"valueQuantity": {"value": 3, "comparator": "<", "unit": "mmol/L"}},
        {"note": [{"text": "x"}], "category": [None]},
    ],
)
def test_what_most_laboratories_send_is_plain(members: dict[str, Any]) -> None:
    raw = {**potassium(), **members}
    assert plainly(raw) == the_long_way(raw)


@pytest.mark.parametrize(
    "members",
    [
        {"status": "unknown"},
        {"status": "entered-in-error"},
        {"effectiveDateTime": "2026-02-28T10:00:00"},
        {"valueQuantity": {"value": "3,4", "unit": "mmol/L"}},
        {"valueQuantity": {"value": 0, "unit": "mmol/L"}},
        {"valueQuantity": {"value": 3, "unit": "mmol/L", "comparator": "ad"}},
        {"interpretation": [{"text": "low"}]},
        {"interpretation": [{"coding": [], "text": "low"}]},
        {"interpretation": [{"coding": [{"code": "", "display": "low"}]}]},
        {"referenceRange": [{"low": {"value": 3.5}, "age": {"low": {"value": 65}}}]},
        {"referenceRange": [{"low": {"value": 0}, "high": {"value": 5}}]},
        {"referenceRange": [{"low": {"value": 3}, "high": {"value": 5, "comparator": "ad"}}]},
        {"valueQuantity": {"value": 0, "unit": "mmol/L"}, "referenceRange": [{"low": {"value": 3}}]},
        {"dataAbsentReason": {"text": "unknown"}},
        {"code": {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "K\u200b"}]}},
    ],
)
def test_what_is_odd_is_not(members: dict[str, Any]) -> None:
    assert plainly({**potassium(), **members}) is None


KALIUM = {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}], "text": "Kalium"}
LOW = {"coding": [{"system": "http://local", "code": "L", "display": "Low"}], "text": "Rendah"}
MEASURED = {"value": 3, "unit": "mEq/L", "system": "http://unitsofmeasure.org", "code": "meq/L", "comparator": "<"}
WORDED = {"code": KALIUM, "interpretation": [LOW], "valueQuantity": MEASURED, "referenceRange": [{"low": MEASURED}]}


def worded_otherwise(value: Any, word: str) -> Iterator[Any]:
    """The value with one of its texts after another changed into the word."""
    if isinstance(value, str):
        yield word
    for place in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        for other in worded_otherwise(value[place], word):
            copy = value.copy()
            copy[place] = other
            yield copy


@pytest.mark.parametrize("word", ["a b", "a  b", " a", "a ", "a\nb", "a\x01b", "a\u200bb", "\u00a0a"])
def test_a_word_that_r4_would_write_otherwise_is_left_to_the_long_way(word: str) -> None:
    assert plainly({**potassium(), **WORDED}) is not None
    for members in worded_otherwise(WORDED, word):
        raw = {**potassium(), **members}
        plain = plainly(raw)
        assert plain is None or plain == the_long_way(raw)


def results(prefetch: dict[str, Any]) -> Any:
    context = {"userId": "Practitioner/1", "patientId": "p1"}
    body = {"hook": "patient-view", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "context": context}
    loaded = load_request(orjson.dumps({**body, "prefetch": prefetch})).prefetch
    chart = chart_of(loaded)
    return reader.Results(chart.answers["observations"], Person(), TODAY, ZONE).all()


OBSERVATIONS = [
    {**entry["resource"], "subject": {"reference": "Patient/p1"}}
    for situation in situations.load_all()
    for member in situations.request(situation, situation.hooks[0])["prefetch"].values()
    if isinstance(member, dict)
    for entry in member.get("entry", ())
    if entry.get("resource", {}).get("resourceType") == "Observation"
]


def test_every_result_of_every_situation_is_the_same_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sound, and spoiled in every way that decides nothing; most are plain."""
    numbered = [{**one, "id": f"o{place}"} for place, one in enumerate(OBSERVATIONS)]
    request: Any = {"prefetch": {"observations": bundle(*numbered)}, "context": {"patientId": "p1"}}
    spoiled = [changed(request, way.change)["prefetch"] for way in islice(spoilings(request), 0, None, 40)]
    plain: list[bool] = []
    monkeypatch.setattr(reader, "plain_result", lambda *given: plain.append(bool(made := plain_result(*given))) or made)
    found = [results(one) for one in (request["prefetch"], *spoiled)]
    assert sum(plain) > len(plain) / 2
    monkeypatch.setattr(reader, "plain_result", lambda *_: None)
    assert found == [results(one) for one in (request["prefetch"], *spoiled)]


def test_what_is_known_by_its_name_alone_is_read_the_long_way() -> None:
    of_urine = potassium(code=concept("http://local", "K", "Kalium"), specimen={"display": "24 h urine"})
    assert results({"observations": bundle(of_urine)}) == []
    (one,) = results({"observations": bundle(potassium(code=concept("http://local", "K", "Kalium")))})
    assert one.notes == ("by-name",)


def test_beside_what_is_read_plainly_nothing_is_refused() -> None:
    """A number beyond a double in a member that no one looks into, as in any resource that is not read."""
    entry = orjson.dumps({"resource": {**potassium(), "note": "?"}}).replace(b'"?"', b"1e999")
    assert plain_result(msgspec.Raw(entry), SOURCE, FOUND, ZONE) == the_long_way(potassium())
