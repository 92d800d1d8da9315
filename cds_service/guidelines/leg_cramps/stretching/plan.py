"""The stretching plan as it suits this patient: what to do now, what prevents, what not to take.

Each line carries the evidence it rests on, so that a card cites only what it shows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cds_service.decision.missing import medicines_missing, results_missing
from cds_service.decision.phrases import Joined, Phrase, say
from cds_service.decision.recommendation import Because, Evidence, Section
from cds_service.decision.recorded import drug_names
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.concepts import (
    CHRONIC_PAD,
    COMPARTMENT_SYNDROME,
    CRAMP_EXERCISE_HEAT,
    CRITICAL_LIMB_ISCHAEMIA,
    DVT,
    LIMB_SWELLING,
    RESTLESS_LEGS,
    RHABDOMYOLYSIS,
    WARFARIN,
)
from cds_service.guidelines.leg_cramps.electrolytes.lines import ANALYTES, electrolyte_lines
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_problems, pregnant
from cds_service.guidelines.leg_cramps.red_flags.rule import one_sided_swelling
from cds_service.guidelines.leg_cramps.stretching.contributors import contributor_lines
from cds_service.patient.facts import Facts, Problem
from cds_service.patient.medications import active_medications
from cds_service.patient.problems import active
from cds_service.patient.terminology.vocabulary import ProblemConcept, drug, problem

OLDER_AGE = 65  # years: falls are then asked about by name
MUSCLE_OR_LIMB_AT_RISK = (COMPARTMENT_SYNDROME, RHABDOMYOLYSIS, CRITICAL_LIMB_ISCHAEMIA)
INSENSATE = (problem("diabetic_neuropathy"), problem("peripheral_neuropathy"))
ISCHAEMIC = (CRITICAL_LIMB_ISCHAEMIA, CHRONIC_PAD)
BLEEDING = (WARFARIN, drug("antiplatelet"))


@dataclass(frozen=True, slots=True)
class Case:
    """What of this patient changes the plan.

    ``exercise``: a cramp in exercise or heat is recorded; ``only_exercise``: no other cramp, and no ALS.
    ``thrombosis``: findings under which massage, heat and exercises wait; ``at_risk``: under which stretching
    waits too, by concept.
    ``impaired``: why heat and splint do harm (sensation or perfusion), by concept.
    """

    cramps: tuple[Problem, ...]
    als: tuple[Problem, ...]
    exercise: bool
    only_exercise: bool
    thrombosis: tuple[ProblemConcept, ...]
    at_risk: tuple[ProblemConcept, ...]
    impaired: tuple[ProblemConcept, ...]

    @property
    def hands_off(self) -> bool:
        """True when massage, heat and strengthening wait."""
        return bool(self.thrombosis or self.at_risk)


@dataclass(frozen=True, slots=True)
class Bullet:
    """One bullet and the evidence it rests on."""

    said: Phrase | Because
    evidence: tuple[Evidence, ...] = ()


def case_of(facts: Facts) -> Case:
    """The patient as far as the plan is concerned."""
    cramps = cramp_problems(facts)
    als = als_problems(facts)
    in_exercise = [problem for problem in cramps if problem.is_a(CRAMP_EXERCISE_HEAT)]
    return Case(
        cramps=cramps,
        als=als,
        exercise=bool(in_exercise),
        only_exercise=bool(cramps) and len(in_exercise) == len(cramps) and not als,
        thrombosis=_thrombosis(facts),
        at_risk=_present(facts, MUSCLE_OR_LIMB_AT_RISK),
        impaired=_impaired(facts),
    )


def _present(facts: Facts, concepts: Iterable[ProblemConcept]) -> tuple[ProblemConcept, ...]:
    return tuple(concept for concept in concepts if active(facts, concept))


def _thrombosis(facts: Facts) -> tuple[ProblemConcept, ...]:
    if active(facts, DVT):
        return (DVT,)
    return (LIMB_SWELLING,) if one_sided_swelling(facts) else ()


def _impaired(facts: Facts) -> tuple[ProblemConcept, ...]:
    return (*_present(facts, INSENSATE)[:1], *_present(facts, ISCHAEMIC)[:1])


def plan(facts: Facts, case: Case) -> tuple[tuple[Section, ...], tuple[Evidence, ...]]:
    """The sections of the card, those with nothing to say left out, and the evidence they show."""
    parts = {
        "now": tuple(_now(case)),
        "prevention": tuple(_prevention(facts, case)),
        "drugs": tuple(_drugs(facts, case)),
        "contributors": () if RHABDOMYOLYSIS in case.at_risk else _contributors(facts),  # RedFlags says more of statins
        "also": tuple(_also(facts)),
    }
    sections = tuple(
        Section(f"stretching_first.heading.{name}", tuple(line.said for line in lines))
        for name, lines in parts.items()
        if lines
    )
    shown = dict.fromkeys(source for lines in parts.values() for line in lines for source in line.evidence)
    return sections, (citations.ALOMEDIKA_2025, *(source for source in shown if source != citations.ALOMEDIKA_2025))


def _line(key: str, *evidence: Evidence) -> Bullet:
    return Bullet(say(f"stretching_first.{key}"), evidence)


def _now(case: Case) -> Iterator[Bullet]:
    """S1, S3, S5, S6: stretch; massage and heat with it where they do no harm."""
    for concept in (*case.at_risk, *case.thrombosis):
        yield _line(f"hold.{concept.name}")
    if case.exercise:
        yield _line("now.exercise_at_risk" if case.at_risk else "now.exercise", citations.MILLER_2022)
        yield _line("now.heat_illness")
    if case.at_risk:
        return
    yield _line(_stretch(case), citations.MILLER_2022)
    if case.hands_off:
        return
    yield _line("now.massage", citations.JAHIC_2018)
    if case.impaired:
        why = Joined(tuple(say(f"concept.{concept.name}") for concept in case.impaired))
        yield Bullet(say("stretching_first.now.no_heat", why=why))
    elif case.only_exercise:
        yield _line("now.no_heat_in_exercise")
    else:
        yield _line("now.heat_but_exercise" if case.exercise else "now.heat", citations.JAHIC_2018)


def _stretch(case: Case) -> str:
    if case.als:
        return "now.stretch_assisted_gentle" if case.hands_off else "now.stretch_assisted"
    return "now.stretch_alone" if case.hands_off else "now.stretch"


def _prevention(facts: Facts, case: Case) -> Iterator[Bullet]:
    """S3, S4, S7: stretch at bedtime, splint, strengthen."""
    if case.at_risk:
        return
    if not case.only_exercise:
        yield _bedtime(facts, case)
    if not case.only_exercise and not case.hands_off:
        yield _line("prevention.no_splint" if case.impaired else "prevention.splint")
    if case.hands_off:
        return
    if case.als:
        yield _line("prevention.strengthening_als")
    else:
        yield _line("prevention.calf_raises", citations.JAHIC_2018)


def _bedtime(facts: Facts, case: Case) -> Bullet:
    bounds = facts.person.age_bounds(facts.today)
    older = bounds is not None and bounds[0] >= OLDER_AGE
    posture = say("stretching_first.prevention.seated_older" if older else "stretching_first.prevention.seated")
    how = "prevention.bedtime_assisted" if case.als else "prevention.bedtime"
    evidence = (citations.HAWKE_2021, citations.HALLEGRAEFF_2012, citations.COPPIN_2005)
    return Bullet(say(f"stretching_first.{how}", posture=posture), evidence)


def _drugs(facts: Facts, case: Case) -> Iterator[Bullet]:
    """S2, S8, S10, S11: drugs are not first; electrolytes only against an imbalance; vitamins with their certainty."""
    yield _line("drugs.not_first_als" if case.als else "drugs.not_first")
    if not case.only_exercise:
        yield _line("drugs.electrolytes", citations.GARRISON_2020)
    not_received = results_missing(facts, *ANALYTES)  # said among what is not known
    for said in electrolyte_lines(facts):
        if said not in not_received:
            yield Bullet(said)
    if not case.only_exercise:
        yield from _vitamins(facts)


def _vitamins(facts: Facts) -> Iterator[Bullet]:
    yield _line("drugs.vitamins", citations.CHAN_1998, citations.CONNOLLY_1992, citations.MILLER_2005)
    bleeding = active_medications(facts, *BLEEDING)
    if bleeding:
        yield Bullet(say("stretching_first.drugs.bleeding", drugs=drug_names(bleeding, *BLEEDING)))
    elif medicines_missing(facts, *BLEEDING):
        yield _line("drugs.bleeding_unknown")


def _contributors(facts: Facts) -> tuple[Bullet, ...]:
    return tuple(Bullet(said, (citations.GARRISON_2012,)) for said in contributor_lines(facts))


def _also(facts: Facts) -> Iterator[Bullet]:
    if pregnant(facts):
        yield _line("also.pregnancy", citations.LUO_2020)
    if active(facts, RESTLESS_LEGS):
        yield _line("also.restless_legs")
