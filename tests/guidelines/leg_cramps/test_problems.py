"""Which cramps, ALS, thromboses and pregnancies count, and until when."""

from typing import Any

import pytest

from cds_service.decision.phrases import Text
from cds_service.decision.recorded import problem_name
from cds_service.guidelines.leg_cramps.concepts import CIRRHOSIS, CRAMP_LEG, CRAMPS, DVT
from cds_service.guidelines.leg_cramps.problems import (
    als_problems,
    cramp_problems,
    cramp_reasons,
    pregnant,
    reason_is_cramp,
)
from cds_service.patient.facts import BodySite, Match, Reason
from cds_service.patient.problems import active
from cds_service.patient.terminology.vocabulary import ProblemConcept
from tests.builders.facts import days_ago, draft, patient, reason, recorded


@pytest.mark.parametrize(
    ("concept", "days", "counts"),
    [
        *((cramp, days, days <= 180) for cramp in CRAMPS for days in (179, 180, 181)),
        (DVT, 89, True),
        (DVT, 90, True),
        (DVT, 91, False),
        (CIRRHOSIS, 4000, True),
    ],
)
def test_without_a_status_time_runs_out(concept: ProblemConcept, days: int, counts: bool) -> None:
    for field in ("onset", "recorded"):
        found = recorded(concept, **{field: days_ago(days)})
        assert active(patient(found), concept) == ((found,) if counts else ())
    with_status = recorded(concept, clinical="active", onset=days_ago(days))
    assert active(patient(with_status), concept) == (with_status,)


def test_undated_and_statusless_counts() -> None:
    cramps, dvt = recorded("cramp_any"), recorded("dvt")
    facts = patient(cramps, dvt)
    assert cramp_problems(facts) == (cramps,)
    assert active(facts, DVT) == (dvt,)


@pytest.mark.parametrize(
    ("concepts", "body_site", "counts"),
    [
        (("cramp_any",), "calf", True),
        (("cramp_any",), "somewhere", True),
        (("cramp_any",), "hand", False),
        (("cramp_leg",), "hand", True),  # the code itself says leg
        (("cramp_any", "cramp_leg"), "hand", True),
        (("cramp_exercise_heat",), "hand", True),
        (("cramp_leg_nocturnal",), "somewhere", True),
        (("restless_legs",), "calf", False),
    ],
)
def test_where_the_cramp_is(concepts: tuple[str, ...], body_site: str, counts: bool) -> None:
    found = recorded(*concepts, clinical="active", body_sites=(BodySite((), (body_site,)),))
    assert cramp_problems(patient(found)) == ((found,) if counts else ())


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"clinical": "active", "onset": days_ago(299)}, True),
        ({"clinical": "active", "onset": days_ago(300)}, True),
        ({"clinical": "active", "onset": days_ago(301)}, False),
        ({"clinical": "resolved", "recorded": days_ago(300)}, True),
        ({"clinical": "inactive", "onset": days_ago(10)}, True),
        ({"onset": days_ago(300)}, True),
        ({"onset": days_ago(301)}, False),
        ({"clinical": "active"}, True),
        ({}, True),
        ({"clinical": "resolved"}, False),
        ({"clinical": "resolved", "onset": days_ago(200), "abated": days_ago(1)}, False),
        ({"clinical": "active", "onset": days_ago(10), "verification": "refuted"}, False),
        ({"clinical": "active", "onset": days_ago(10), "verification": "entered-in-error"}, False),
    ],
)
def test_pregnancy(fields: dict[str, object], counts: bool) -> None:
    found = recorded("pregnancy", **fields)
    assert pregnant(patient(found)) == ((found,) if counts else ())


def test_als_is_the_family_of_motor_neuron_disease() -> None:
    als, mnd = recorded("als"), recorded("motor_neuron_disease", clinical="active")
    over = recorded("als", clinical="inactive")
    assert als_problems(patient(als, mnd, over, recorded("muscle_wasting"))) == (als, mnd)


def test_of_an_orders_reasons_only_the_cramps_of_a_leg_are_named() -> None:
    reasons = (reason("restless_legs"), reason("cramp_leg"), Reason({"cramp_any": Match.CODE}, "x", ("Kram tangan",)))
    (named,) = cramp_reasons(Text("any"), (draft("magnesium oxide", reasons=reasons),))
    assert named.phrase.values["reason"] == problem_name(CRAMP_LEG)


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({}, False),
        ({"texts": ("Nocturnal muscle spasm",)}, False),
        ({"texts": ("Nocturnal spasm of calf",)}, True),
        ({"texts": ("Spasme betis malam hari",)}, True),
        ({"texts": ("Nocturnal spasm of neck",)}, False),
        ({"body_sites": (BodySite(("53840002",)),)}, True),
        ({"body_sites": (BodySite((), ("neck",)),)}, False),
        ({"body_sites": (BodySite(("53840002",)),), "visit": True, "recorded": days_ago(181)}, False),
    ],
)
def test_a_spasm_at_night_is_a_cramp_only_where_the_record_says_leg(fields: dict[str, Any], counts: bool) -> None:
    found = recorded("nocturnal_muscle_spasm", **{"clinical": "active"} | fields)
    assert cramp_problems(patient(found)) == ((found,) if counts else ())


def test_upper_motor_neuron_disease_counts_only_beside_another_of_its_family() -> None:
    upper = recorded("upper_motor_neuron_disease", clinical="active")
    assert als_problems(patient(upper)) == ()
    for family in ("als", "motor_neuron_disease"):
        told = recorded(family, clinical="active")
        assert als_problems(patient(upper, told)) == (upper, told)
        assert als_problems(patient(upper, recorded(family, clinical="resolved"))) == (upper,)
        assert als_problems(patient(upper, recorded(family, verification="refuted"))) == ()


@pytest.mark.parametrize(
    ("concept", "text", "body_site", "cramp"),
    [
        ("cramp_any", "Kram", None, True),
        ("cramp_any", "Kram betis", None, True),
        ("cramp_any", "Kram tangan", None, False),
        ("cramp_any", "Kram perut", None, False),
        ("cramp_any", "Kram", "hand", False),
        ("cramp_any", "Kram", "calf", True),
        ("cramp_leg", "Kram tangan", None, True),  # the code itself says leg
        ("nocturnal_muscle_spasm", "Nocturnal leg muscle spasm", None, True),
        ("nocturnal_muscle_spasm", "Nocturnal muscle spasm", None, False),
        ("nocturnal_muscle_spasm", "Nocturnal muscle spasm", "calf", True),
        ("malaria", "leg", None, False),
    ],
)
def test_a_reason_is_a_cramp_where_a_problem_would_be(
    concept: str, text: str, body_site: str | None, *, cramp: bool
) -> None:
    sites = () if body_site is None else (BodySite((), (body_site,)),)
    assert reason_is_cramp(Reason({concept: Match.CODE}, "the order itself", (text,), sites)) is cramp
    listed = recorded(concept, clinical="active", texts=(text,), body_sites=sites)
    assert bool(cramp_problems(patient(listed))) is cramp
