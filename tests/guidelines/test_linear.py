"""What the rules decide, and the cards they give, take work that grows with the chart: counted operations at n and 2n."""

from collections.abc import Callable
from typing import Any

import pytest

from cds_service import pipeline
from cds_service.catalogue import CATALOGUE, wording
from cds_service.settings import Settings
from tests.builders.fhir import (
    CRAMP,
    LOINC,
    MALARIA,
    QUININE,
    TODAY,
    allergy,
    bundle,
    call,
    concept,
    condition,
    patient,
    potassium,
    quinine,
)
from tests.operations import grows_linearly

N = 40
Many = Callable[[int], list[dict[str, Any]]]


def ordered(**more: Any) -> Many:
    return lambda n: [quinine(f"m{one}", **more) for one in range(n)]


def of(text: str) -> dict[str, Any]:
    return {"medicationCodeableConcept": {"text": text}}


def differently(one: int) -> dict[str, Any]:
    """An order unlike any other."""
    return of(f"quinine {one} mg") | {"authoredOn": f"2026-02-{one % 28 + 1:02d}", "reasonCode": [{"text": f"{one}"}]}


MEDICINES: dict[str, Many] = {
    "quinine": ordered(),
    "quinine, each order another": lambda n: [quinine(f"m{one}", **differently(one)) for one in range(n)],
    "quinine for malaria": ordered(reasonCode=[MALARIA]),
    "quinine for cramps": ordered(reasonCode=[CRAMP]),
    "an artemisinin": ordered(**of("artemether lumefantrine")),
    "gabapentin and morphine": lambda n: [
        quinine(f"m{one}", **of("morphine" if one % 2 else "gabapentin")) for one in range(n)
    ],
    "amiodarone and quinine": lambda n: [
        quinine(f"m{one}", **of("amiodarone" if one % 2 else "quinine")) for one in range(n)
    ],
    "potassium": ordered(**of("potassium chloride 600 mg tablet")),
    "magnesium": ordered(**of("magnesium oxide tablet")),
    "vitamin E": ordered(**of("vitamin E")),
    "what nobody knows": ordered(medicationCodeableConcept={"coding": [{"system": "https://x.example", "code": "1"}]}),
}
RECORDS: dict[str, Many] = {
    "cramps": lambda n: [condition(f"p{one}") for one in range(n)],
    "cramps of as many days": lambda n: [
        condition(f"p{one}", onsetDateTime=f"20{one % 20 + 10}-01-01", code={"text": f"leg cramps ({one})"})
        for one in range(n)
    ],
    "malaria": lambda n: [condition(f"p{one}", MALARIA, recordedDate="2026-02-20") for one in range(n)],
    "words of malaria": lambda n: [condition(f"p{one}", {"text": f"dd malaria {one}"}) for one in range(n)],
    "ALS and weakness": lambda n: [
        condition(f"p{one}", {"text": "amyotrophic lateral sclerosis" if one % 2 else "muscle weakness"})
        for one in range(n)
    ],
    "long QT": lambda n: [condition(f"p{one}", {"text": "Long QT syndrome"}) for one in range(n)],
    "potassium": lambda n: [potassium(f"o{one}", 2.5 + one / 100) for one in range(n)],
    "potassium that can't be read": lambda n: [
        potassium(f"o{one}", valueQuantity={"value": 3, "unit": f"x{one}"}) for one in range(n)
    ],
    "magnesium and calcium": lambda n: [
        potassium(f"o{one}", 0.5, code=concept(LOINC, "2601-3" if one % 2 else "2000-8")) for one in range(n)
    ],
    "allergies": lambda n: [allergy(f"a{one}") for one in range(n)],
    "allergies that can't be read": lambda n: [allergy(f"a{one}", {}) for one in range(n)],
}
CHART = (patient(), condition("c0"), quinine("q0"), potassium("k0"))


def answering(hook: str, chart: list[dict[str, Any]], drafts: list[dict[str, Any]]) -> Callable[[], object]:
    service = next(one for one in CATALOGUE if one.hook == hook)
    given = bundle(*({**one, "status": "draft"} for one in drafts)) if hook != "patient-view" else None
    request = call({"everything": bundle(*CHART, *chart)}, hook=hook, drafts=given)
    words = wording("en")
    return lambda: pipeline.answer(request, service, fetch=None, today=TODAY, words=words, settings=Settings())


@pytest.mark.parametrize("many", [*MEDICINES.values(), *RECORDS.values()], ids=[*MEDICINES, *RECORDS])
def test_a_chart_of_twice_the_size_is_twice_the_work(many: Many) -> None:
    assert grows_linearly(lambda n: answering("patient-view", many(n), []), N)


@pytest.mark.parametrize("many", MEDICINES.values(), ids=MEDICINES)
def test_twice_as_many_drafts_are_twice_the_work(many: Many) -> None:
    assert grows_linearly(lambda n: answering("order-sign", [], many(n)), N)


@pytest.mark.parametrize("many", [*MEDICINES.values(), *RECORDS.values()], ids=[*MEDICINES, *RECORDS])
def test_a_draft_beside_a_chart_of_twice_the_size_is_twice_the_work(many: Many) -> None:
    drafts = [quinine("d1", medicationCodeableConcept=QUININE), quinine("d2", **of("potassium chloride"))]
    assert grows_linearly(lambda n: answering("order-sign", many(n), drafts), N)


@pytest.mark.parametrize("many", [MEDICINES["quinine, each order another"], MEDICINES["gabapentin and morphine"]])
def test_drafts_beside_as_many_orders_and_problems_are_no_product(many: Many) -> None:
    assert grows_linearly(lambda n: answering("order-sign", [*many(n), *RECORDS["words of malaria"](n)], many(n)), N)
