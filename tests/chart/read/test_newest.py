"""Reading only the newest results changes nothing a clinician is told: held against reading them all."""

from datetime import date, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from cds_service.catalogue import CATALOGUE, find
from cds_service.decision.recommendation import Decision
from cds_service.patient.facts import Facts
from cds_service.patient.terminology.vocabulary import DrugConcept, drug
from tests.builders.fhir import LOINC, MINE, bundle, concept, condition, facts_of, patient, quinine

RULES = find("leg-cramps-patient-view").rules
TODAY = date(2026, 3, 2)
CODES = {
    "2823-3": ("mmol/L", ["2.4", "2.9", "3.2", "4.1", "6.1"]),
    "2601-3": ("mmol/L", ["0.35", "0.6", "0.8"]),
    "2000-8": ("mmol/L", ["1.8", "2.15", "2.4"]),
    "1994-3": ("mmol/L", ["0.85", "1.1", "1.2"]),
    "1751-7": ("g/L", ["22", "40"]),
    "777-3": ("10*9/L", ["60", "120", "220"]),
    "8636-3": ("ms", ["420", "455", "480"]),
}


def _result(place: int, code: str, value: str, when: str, status: str, unit: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": f"o{place}",
        "status": status,
        "subject": MINE,
        "code": concept(LOINC, code),
        "effectiveDateTime": when,
        "valueQuantity": {"value": float(value), "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }


@st.composite
def charts(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for place in range(draw(st.integers(0, 14))):
        code = draw(st.sampled_from(sorted(CODES)))
        unit, values = CODES[code]
        day = (
            TODAY - timedelta(days=draw(st.sampled_from([-1, 0, 1, 2, 3, 6, 29, 31, 179, 200, 366, 500])))
        ).isoformat()
        clock = draw(st.sampled_from(["", "T00:30:00Z", "T23:50:00-10:00", "T12:00:00+07:00"]))
        status = draw(st.sampled_from(["final", "final", "preliminary", "registered", "unknown"]))
        stated = draw(st.sampled_from([unit, unit, unit, "furlong"]))
        made.append(_result(place, code, draw(st.sampled_from(values)), day + clock, status, stated))
    return made


def _decide(results: list[dict[str, Any]], *, history_for: tuple[DrugConcept, ...] = ()) -> list[Decision]:
    return [rule.decide(_facts(results, history_for=history_for)) for rule in RULES]


def _facts(results: list[dict[str, Any]], *, history_for: tuple[DrugConcept, ...] = ()) -> Facts:
    prefetch = {
        "patient": patient(),
        "conditions": bundle(condition()),
        "observations": bundle(*results),
        "medicationRequests": bundle(quinine()),
        "medicationStatements": None,
        "allergies": None,
    }
    return facts_of(prefetch, history_for=history_for)


@given(results=charts())
@example(
    results=[
        _result(0, "1751-7", "22", "2026-03-03", "final", "g/L"),
        _result(1, "2000-8", "1.8", "2026-02-28", "final", "mmol/L"),
    ]
)
def test_the_newest_alone_decide_as_all_of_them_do(results: list[dict[str, Any]]) -> None:
    assert _decide(results) == _decide(results, history_for=(drug("quinine"),))


def test_and_they_are_fewer() -> None:
    weekly = [
        _result(n, "2823-3", "4.1", (TODAY - timedelta(weeks=n)).isoformat(), "final", "mmol/L") for n in range(20)
    ]
    assert len(_facts(weekly).results) == 1
    assert len(_facts(weekly, history_for=(drug("quinine"),)).results) == 20


def test_a_drug_that_a_rule_asks_history_for_brings_twelve_months() -> None:
    weekly = [
        _result(n, "2601-3", "0.8", (TODAY - timedelta(weeks=n)).isoformat(), "final", "mmol/L") for n in range(20)
    ]
    magnesium = quinine(medicationCodeableConcept={"text": "magnesium oxide 400 mg"})
    prefetch = {"observations": bundle(*weekly), "medicationRequests": bundle(magnesium)}
    for service in CATALOGUE:
        assert len(facts_of(prefetch, history_for=service.history_for).results) == 20
    assert len(facts_of(prefetch, history_for=()).results) == 1
