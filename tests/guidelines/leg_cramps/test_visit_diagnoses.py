"""How long the diagnosis of a visit counts that nobody closed."""

from typing import Any

import pytest

from cds_service.guidelines.leg_cramps import concepts
from cds_service.guidelines.leg_cramps.quinine.concepts import THROMBOCYTOPENIA_OTHER
from cds_service.guidelines.leg_cramps.quinine.malaria import current_problems
from cds_service.guidelines.leg_cramps.red_flags.words import FASCICULATION, WASTING, WEAKNESS
from cds_service.patient.problems import active
from cds_service.patient.terminology.vocabulary import ProblemConcept, problems
from tests.builders.facts import days_ago, patient, recorded

DAYS: dict[ProblemConcept, int] = {
    **dict.fromkeys((*concepts.CRAMPS, *concepts.SWELLING, WEAKNESS, WASTING, FASCICULATION), 180),
    THROMBOCYTOPENIA_OTHER: 180,
    **dict.fromkeys((concepts.DVT, concepts.RHABDOMYOLYSIS, concepts.COMPARTMENT_SYNDROME), 90),
    concepts.CRITICAL_LIMB_ISCHAEMIA: 90,
    concepts.CAUDA_EQUINA: 90,
    concepts.NOCTURNAL_MUSCLE_SPASM: 180,
    concepts.PREGNANCY: 300,
}


def seen(name: str, days: int, **fields: Any) -> Any:
    return recorded(name, **{"visit": True, "recorded": days_ago(days), "clinical": "active"} | fields)


@pytest.mark.parametrize(("concept", "days"), DAYS.items(), ids=lambda one: getattr(one, "name", one))
@pytest.mark.parametrize("clinical", ["active", None])
def test_it_counts_for_so_many_days(concept: ProblemConcept, days: int, clinical: str | None) -> None:
    inside, outside = (seen(concept, one, clinical=clinical) for one in (days, days + 1))
    assert active(patient(inside, outside), concept) == (inside,)


def test_nothing_else_ages() -> None:
    for one in (concepts.MYASTHENIA_GRAVIS, concepts.CHRONIC_PAD, concepts.CIRRHOSIS, *concepts.ALS):
        old = seen(one, 5000)
        assert active(patient(old), one) == (old,)
    assert len(problems()) > len(DAYS)


@pytest.mark.parametrize("name", ["malaria", "babesiosis"])
@pytest.mark.parametrize(
    ("days", "fields", "current"),
    [
        (60, {}, True),
        (61, {}, False),
        (60, {"clinical": None}, True),
        (61, {"clinical": None}, False),
        (5, {"recorded": None}, False),  # undated
        (61, {"visit": False}, True),
        (180, {"visit": False}, True),
        (181, {"visit": False}, False),
        (5, {"visit": False, "recorded": None}, True),
        (5, {"clinical": "resolved"}, False),
    ],
)
def test_malaria_of_a_visit_is_an_indication_for_60_days(
    name: str, days: int, fields: dict[str, Any], current: bool
) -> None:
    found = seen(name, days, **fields)
    assert current_problems(patient(found)) == ((found,) if current else ())
