"""Random but well-formed facts of one patient, for properties that must hold for every patient.

``facts()`` draws them around a fixed day.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from cds_service.patient.facts import (
    Allergy,
    BodySite,
    Facts,
    Ingredient,
    LabResult,
    Match,
    Medication,
    Order,
    Problem,
    Reason,
    ReferenceRange,
    Route,
)
from cds_service.patient.labs.units import canonical
from cds_service.patient.moments import Moment, Precision
from cds_service.patient.person import Person, Sex
from cds_service.patient.received import Receipt, Unread
from tests.builders.facts import QUERIES, TODAY

PROBLEMS = (
    "cramp_leg",
    "cramp_leg_nocturnal",
    "cramp_exercise_heat",
    "cramp_any",
    "als",
    "motor_neuron_disease",
    "lumbar_spinal_stenosis",
    "dvt",
    "limb_swelling",
    "limb_swelling_one_sided",
    "critical_limb_ischaemia",
    "compartment_syndrome",
    "rhabdomyolysis",
    "muscle_weakness",
    "muscle_wasting",
    "fasciculation",
    "chronic_pad",
    "restless_legs",
    "peripheral_neuropathy",
    "diabetic_neuropathy",
    "pregnancy",
    "palliative_hospice",
    "myasthenia_gravis",
    "long_qt",
    "malaria",
    "hypomagnesaemia",
    "cirrhosis",
)
_BODY_SITES = ((), (BodySite((), ("calf",)),), (BodySite((), ("hand",)),), (BodySite((), ("left leg",)),))
DRUGS = {  # each drug with the concepts it belongs to
    "gabapentin": ("gabapentin",),
    "pregabalin": ("pregabalin",),
    "morphine": ("opioid",),
    "diazepam": ("benzodiazepine",),
    "apixaban": ("anticoagulant",),
    "warfarin": ("anticoagulant", "warfarin"),
    "clopidogrel": ("antiplatelet",),
    "quinine": ("quinine",),
    "digoxin": ("digoxin",),
    "amiodarone": ("qt_interacting",),
    "salmeterol": ("cramp_causing_beta_agonist", "laba"),
    "salbutamol": ("cramp_causing_beta_agonist",),
    "furosemide": ("cramp_causing_diuretic", "loop"),
    "simvastatin": ("cramp_causing_statin",),
    "raloxifene": ("cramp_causing_other",),
    "magnesium oxide": ("magnesium_supplement",),
}
ANALYTES = {  # unit of account, and the span of values drawn
    "sodium": ("mmol/L", 110, 170),
    "potassium": ("mmol/L", 2, 7),
    "magnesium": ("mmol/L", 0, 2),
    "calcium_total": ("mmol/L", 1, 4),
    "albumin": ("g/L", 15, 50),
    "phosphate": ("mmol/L", 0, 3),
    "egfr": ("mL/min/1.73m2", 5, 120),
    "platelets": ("10*9/L", 20, 400),
    "qtc": ("ms", 380, 520),
}


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    """A day, or a whole year, between nine years ago and a month ahead."""
    day = TODAY - timedelta(days=draw(st.integers(-30, 3300)))
    if draw(st.booleans()):
        start = datetime(day.year, 1, 1, tzinfo=UTC)
        return Moment(start, datetime(day.year, 12, 31, 23, 59, tzinfo=UTC), Precision.YEAR)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Moment(start, start + timedelta(hours=23), Precision.DAY)


_MATCHES = st.sampled_from(Match)
_MAYBE = st.none() | moments()


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A problem of one or two concepts, in any state a record may show."""
    concepts = draw(st.lists(st.sampled_from(PROBLEMS), min_size=1, max_size=2, unique=True))
    return Problem(
        source=f"Condition/{draw(st.integers(1, 99))}",
        concepts={concept: draw(_MATCHES) for concept in concepts},
        text=draw(st.sampled_from((None, "swelling of left leg", "kram", "both legs"))),
        clinical=draw(st.sampled_from((None, "active", "recurrence", "inactive", "resolved", "unknown"))),
        verification=draw(st.sampled_from((None, "confirmed", "provisional", "unconfirmed", "refuted"))),
        onset=draw(_MAYBE),
        recorded=draw(_MAYBE),
        abated=draw(st.none() | moments()),
        ended=draw(st.booleans()),
        body_sites=draw(st.sampled_from(_BODY_SITES)),
    )


@st.composite
def medications(draw: st.DrawFn) -> Medication:
    """An order or a statement of one or two drugs."""
    names = draw(st.lists(st.sampled_from(tuple(DRUGS)), min_size=1, max_size=2, unique=True))
    matches = {name: draw(_MATCHES) for name in names}
    kind = draw(st.sampled_from(("MedicationRequest", "MedicationStatement")))
    identity = draw(st.integers(1, 99))
    reasons = draw(st.lists(st.sampled_from(("malaria", "cramp_leg")), max_size=1))
    return Medication(
        source=f"{kind}/{identity}",
        kind=kind,
        ingredients=tuple(Ingredient(concept, name, matches[name]) for name in names for concept in DRUGS[name]),
        text=draw(st.sampled_from((None, "tablet"))),
        status=draw(st.sampled_from((None, "active", "on-hold", "unknown", "stopped", "completed"))),
        intent=draw(st.sampled_from((None, "order", "plan", "option"))),
        do_not_perform=draw(st.booleans()),
        authored=draw(_MAYBE),
        ended=draw(st.none() | moments()),
        route=draw(st.sampled_from(Route)),
        reasons=tuple(Reason({reason: Match.CODE}, "Condition/1") for reason in reasons),
        selected=draw(st.booleans()),
        reference=f"{kind}/{identity}",
        may_be_stopped=kind == "MedicationRequest",
    )


@st.composite
def results(draw: st.DrawFn) -> LabResult:
    """A result, usable or not."""
    analyte = draw(st.sampled_from(tuple(ANALYTES)))
    unit, low, high = ANALYTES[analyte]
    value = draw(st.decimals(low, high, places=2))
    usable = draw(st.booleans())
    return LabResult(
        source=f"Observation/{draw(st.integers(1, 99))}",
        analyte=analyte,
        loinc=None,
        value=value if usable else None,
        unit=unit,
        received=f"{value} {unit}",
        stated=value,
        stated_unit=canonical(unit),
        comparator=draw(st.sampled_from((None, "<", ">", "<=", ">="))),
        moment=draw(moments() if usable else _MAYBE),
        status=draw(st.sampled_from(("final", "preliminary", "unknown"))),
        flags=frozenset(draw(st.lists(st.sampled_from(("H", "L", "HH", "LL", "N", "A")), max_size=1))),
        range=draw(st.sampled_from((None, ReferenceRange(Decimal(low), Decimal(high))))),
        unusable=None if usable else draw(st.sampled_from(("unit-impossible", "no-value"))),
    )


@st.composite
def people(draw: st.DrawFn) -> Person:
    """Of any age and sex, or not known."""
    born = draw(st.none() | st.integers(1930, 2020))
    birth = None
    if born is not None:
        birth = Moment(datetime(born, 1, 1, tzinfo=UTC), datetime(born, 12, 31, tzinfo=UTC), Precision.YEAR)
    return Person(birth=birth, sex=draw(st.sampled_from(Sex)), source="Patient/1")


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """All that is known of a patient, in any mixture of received, empty, partial, failed and absent."""
    orders = st.sampled_from(("patient_education", "physiotherapy_referral", "neurology_referral", "ecg_order"))
    unread = st.builds(
        Unread,
        source=st.just("Condition/7"),
        query=st.sampled_from(QUERIES),
        why=st.just("not-readable"),
        concepts=st.sampled_from((frozenset(), frozenset({"cramp_leg"}), frozenset({"dvt", "opioid", "egfr"}))),
    )
    return Facts(
        today=TODAY,
        person=draw(people()),
        problems=tuple(draw(st.lists(problems(), max_size=5))),
        medications=tuple(draw(st.lists(medications(), max_size=4))),
        drafts=tuple(draw(st.lists(medications(), max_size=1))),
        allergies=tuple(
            Allergy(f"AllergyIntolerance/{place}", {concept: Match.CODE})
            for place, concept in enumerate(draw(st.lists(st.just("quinine_allergy"), max_size=1)))
        ),
        results=tuple(draw(st.lists(results(), max_size=5))),
        orders=tuple(Order("ServiceRequest/1", frozenset({one})) for one in draw(st.lists(orders, max_size=2))),
        receipts=draw(st.dictionaries(st.sampled_from(QUERIES), st.sampled_from(Receipt))),
        unread=tuple(draw(st.lists(unread, max_size=4))),
    )
