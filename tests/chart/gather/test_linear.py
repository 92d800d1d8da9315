"""Work grows with the size of the call, whatever its resources refer to: counted operations at n and 2n."""

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from cds_service.chart.gather import versions
from cds_service.chart.gather.versions import newest, once
from tests.builders.fhir import MALARIA, SNOMED, allergy, bundle, condition, facts_of, potassium, quinine
from tests.operations import grows_linearly

BY_REFERENCE = {"medicationCodeableConcept": ...}
N = 60
FRESH = count()  # words no chart had before


def medication(own: Any, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Medication", "id": own, **more}


def ingredients(n: int) -> list[dict[str, Any]]:
    return [{"itemCodeableConcept": {"text": f"herb number {one}"}} for one in range(n)]


def many_coded(n: int) -> dict[str, Any]:
    codings = [{"system": SNOMED, "code": f"{one}", "display": f"name {next(FRESH)}"} for one in range(n)]
    return {"coding": [*MALARIA["coding"], *codings]}


def by_references(n: int) -> list[dict[str, Any]]:
    """Orders of Medications, each of which has the one large Medication as an ingredient."""
    mixtures = [
        medication(f"x{one}", ingredient=[{"itemReference": {"reference": "Medication/7"}}]) for one in range(n)
    ]
    orders = [
        quinine(f"m{one}", **BY_REFERENCE, medicationReference={"reference": f"Medication/x{one}"}) for one in range(n)
    ]
    return [*orders, *mixtures, medication("7", ingredient=ingredients(n))]


CHARTS: dict[str, Callable[[int], list[dict[str, Any]]]] = {
    "references to nothing contained, beside what is": lambda n: [
        quinine(
            reasonReference=[{"reference": f"#nowhere{one}"} for one in range(n)],
            contained=[medication(f"inside{one}") for one in range(n)],
        )
    ],
    "contained ingredients that refer to each other": lambda n: [
        quinine(
            **BY_REFERENCE,
            medicationReference={"reference": "#i0"},
            contained=[
                medication(
                    f"i{one}", ingredient=[{"itemReference": {"reference": f"#i{(one + step) % n}"}} for step in (1, 2)]
                )
                for one in range(n)
            ],
        )
    ],
    "one reason with many codes, named by many orders": lambda n: [
        *(quinine(f"m{one}", reasonReference=[{"reference": "Condition/c1"}]) for one in range(n)),
        condition(code=many_coded(n)),
    ],
    "one reason with many codes, named many times by one order": lambda n: [
        quinine(reasonReference=[{"reference": "Condition/c1"} for _ in range(n)]),
        condition(code=many_coded(n)),
    ],
    "one Medication with many ingredients, ordered many times": lambda n: [
        *(quinine(f"m{one}", **BY_REFERENCE, medicationReference={"reference": "Medication/7"}) for one in range(n)),
        medication("7", code={"text": "quinine mixture"}, ingredient=ingredients(n)),
    ],
    "one Medication with many ingredients, in many mixtures": by_references,
    "one Medication with many references, ordered many times": lambda n: [
        *(quinine(f"m{one}", **BY_REFERENCE, medicationReference={"reference": "Medication/7"}) for one in range(n)),
        medication("7", ingredient=[{"itemReference": {"reference": f"Substance/{one}"}} for one in range(n)]),
    ],
    "a Condition with many codes": lambda n: [condition(code=many_coded(n))],
    "an allergy with many codes": lambda n: [allergy(code=many_coded(n))],
    "Conditions of as many texts": lambda n: [
        condition(f"c{one}", {"coding": [{"system": SNOMED, "code": "1"}], "text": f"words {next(FRESH)}"})
        for one in range(n)
    ],
    "results of as many names": lambda n: [
        potassium(f"o{one}", code={"coding": [{"system": "local", "code": "1"}], "text": f"words {next(FRESH)}"})
        for one in range(n)
    ],
    "members of one panel": lambda n: [
        potassium("p", valueQuantity=..., hasMember=[{"reference": f"Observation/o{one}"} for one in range(n)]),
        *(potassium(f"o{one}", code={"text": "Kalium"}) for one in range(n)),
    ],
    "diagnoses of visits": lambda n: [
        *(condition(f"c{one}", encounter={"reference": f"Encounter/{one}"}) for one in range(n)),
        *({"resourceType": "Encounter", "id": f"{one}"} for one in range(n)),
    ],
    "bundles in a bundle": lambda n: [bundle(condition(f"c{one}")) for one in range(n)],
    "resources of as many strangers": lambda n: [
        condition(f"c{one}", subject={"reference": f"Patient/x{one}"}) for one in range(n)
    ],
    "versions of one resource": lambda n: [condition(meta={"versionId": f"{one}"}) for one in range(n)],
    "Medications of one id without an address, wanted at many": lambda n: [
        *(
            quinine(
                f"m{one}", **BY_REFERENCE, medicationReference={"reference": f"https://s{one}.example/Medication/7"}
            )
            for one in range(n)
        ),
        *(medication("7", code={"text": f"quinine {one}"}) for one in range(n)),
    ],
}


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_chart_of_twice_the_size_is_twice_the_work(chart: Callable[[int], list[dict[str, Any]]]) -> None:
    def work(n: int) -> Callable[[], object]:
        prefetch = {"everything": bundle(*chart(n))}
        return lambda: facts_of(prefetch)

    assert grows_linearly(work, N)


def test_versions_of_one_resource_are_each_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large one among many small ones is not compared with each of them anew."""
    large = {"resourceType": "Condition", "id": "1", "note": ["x"] * 10_000}
    small = [{"resourceType": "Condition", "id": "1", "version": one} for one in range(500)]
    written: list[int] = []
    write = json.dumps

    def dumps(value: Any, **more: Any) -> str:
        text = write(value, **more)
        written.append(len(text))
        return text

    monkeypatch.setattr(versions.json, "dumps", dumps)
    (kept,) = once([large, *small])
    assert sum(written) < 2 * len(write([large, *small]))
    assert kept == newest([*reversed(small), large])
