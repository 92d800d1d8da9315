"""The stretching plan as it suits this patient: what to do now, what prevents, what not to take.

Each line carries the evidence it rests on, so that a card cites only what it shows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cds_service.decision.phrases import Joined, Phrase, Text, say
from cds_service.decision.recommendation import Because, Evidence, Section
from cds_service.decision.recorded import drug_names, problem_name
from cds_service.decision.unknown import medicines_missing, results_missing
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
from cds_service.guidelines.leg_cramps.stretching import words
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
        words.HEADING_NOW: tuple(_now(case)),
        words.HEADING_PREVENTION: tuple(_prevention(facts, case)),
        words.HEADING_DRUGS: tuple(_drugs(facts, case)),
        words.HEADING_CONTRIBUTORS: ()
        if RHABDOMYOLYSIS in case.at_risk
        else _contributors(facts),  # RedFlags says more of statins
        words.HEADING_ALSO: tuple(_also(facts)),
    }
    sections = tuple(Section(heading, tuple(line.said for line in lines)) for heading, lines in parts.items() if lines)
    shown = dict.fromkeys(source for lines in parts.values() for line in lines for source in line.evidence)
    return sections, (citations.ALOMEDIKA_2025, *(source for source in shown if source != citations.ALOMEDIKA_2025))


def _line(said: Text, *evidence: Evidence) -> Bullet:
    return Bullet(say(said), evidence)


def _now(case: Case) -> Iterator[Bullet]:
    """S1, S3, S5, S6: stretch; massage and heat with it where they do no harm."""
    for concept in (*case.at_risk, *case.thrombosis):
        yield _line(words.HOLD[concept])
    if case.exercise:
        yield _line(words.NOW_EXERCISE_AT_RISK if case.at_risk else words.NOW_EXERCISE, citations.MILLER_2022)
        yield _line(words.NOW_HEAT_ILLNESS)
    if case.at_risk:
        return
    yield _line(_stretch(case), citations.MILLER_2022)
    if case.hands_off:
        return
    yield _line(words.NOW_MASSAGE, citations.JAHIC_2018)
    if case.impaired:
        why = Joined(tuple(problem_name(concept) for concept in case.impaired))
        yield Bullet(say(words.NOW_NO_HEAT, why=why))
    elif case.only_exercise:
        yield _line(words.NOW_NO_HEAT_IN_EXERCISE)
    else:
        yield _line(words.NOW_HEAT_BUT_EXERCISE if case.exercise else words.NOW_HEAT, citations.JAHIC_2018)


def _stretch(case: Case) -> Text:
    if case.als:
        return words.NOW_STRETCH_ASSISTED_GENTLE if case.hands_off else words.NOW_STRETCH_ASSISTED
    return words.NOW_STRETCH_ALONE if case.hands_off else words.NOW_STRETCH


def _prevention(facts: Facts, case: Case) -> Iterator[Bullet]:
    """S3, S4, S7: stretch at bedtime, splint, strengthen."""
    if case.at_risk:
        return
    if not case.only_exercise:
        yield _bedtime(facts, case)
    if not case.only_exercise and not case.hands_off:
        yield _line(words.PREVENTION_NO_SPLINT if case.impaired else words.PREVENTION_SPLINT)
    if case.hands_off:
        return
    if case.als:
        yield _line(words.PREVENTION_STRENGTHENING_ALS)
    else:
        yield _line(words.PREVENTION_CALF_RAISES, citations.JAHIC_2018)


def _bedtime(facts: Facts, case: Case) -> Bullet:
    bounds = facts.person.age_bounds(facts.today)
    older = bounds is not None and bounds[0] >= OLDER_AGE
    posture = say(words.PREVENTION_SEATED_OLDER if older else words.PREVENTION_SEATED)
    how = words.PREVENTION_BEDTIME_ASSISTED if case.als else words.PREVENTION_BEDTIME
    evidence = (citations.HAWKE_2021, citations.HALLEGRAEFF_2012, citations.COPPIN_2005)
    return Bullet(say(how, posture=posture), evidence)


def _drugs(facts: Facts, case: Case) -> Iterator[Bullet]:
    """S2, S8, S10, S11: drugs are not first; electrolytes only against an imbalance; vitamins with their certainty."""
    yield _line(words.DRUGS_NOT_FIRST_ALS if case.als else words.DRUGS_NOT_FIRST)
    if not case.only_exercise:
        yield _line(words.DRUGS_ELECTROLYTES, citations.GARRISON_2020)
    not_received = results_missing(facts, *ANALYTES)  # said among what is not known
    for said in electrolyte_lines(facts):
        if said not in not_received:
            yield Bullet(said)
    if not case.only_exercise:
        yield from _vitamins(facts)


def _vitamins(facts: Facts) -> Iterator[Bullet]:
    yield _line(words.DRUGS_VITAMINS, citations.CHAN_1998, citations.CONNOLLY_1992, citations.MILLER_2005)
    bleeding = active_medications(facts, *BLEEDING)
    if bleeding:
        yield Bullet(say(words.DRUGS_BLEEDING, drugs=drug_names(bleeding, *BLEEDING)))
    elif medicines_missing(facts, *BLEEDING):
        yield _line(words.DRUGS_BLEEDING_UNKNOWN)


def _contributors(facts: Facts) -> tuple[Bullet, ...]:
    return tuple(Bullet(said, (citations.GARRISON_2012,)) for said in contributor_lines(facts))


def _also(facts: Facts) -> Iterator[Bullet]:
    if pregnant(facts):
        yield _line(words.ALSO_PREGNANCY, citations.LUO_2020)
    if active(facts, RESTLESS_LEGS):
        yield _line(words.ALSO_RESTLESS_LEGS)
