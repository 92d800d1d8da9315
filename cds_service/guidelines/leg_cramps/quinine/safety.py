"""Who is at special risk from quinine used for anything but malaria: the safety matrix.

Critical hazards come first, then warning lines, which never escalate a card by themselves.
Sources: US quinine label (boxed warning, contraindications, interactions), UK label, AHA/ACCF/HRS 2009 (QTc).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cds_service.decision.phrases import Listed, Phrase, Value, say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import FACT, MATCHED, hazard_fact, problem_name
from cds_service.guidelines.leg_cramps.concepts import PREGNANCY
from cds_service.guidelines.leg_cramps.problems import pregnant
from cds_service.guidelines.leg_cramps.quinine import words
from cds_service.guidelines.leg_cramps.quinine.concepts import (
    ATRIAL_FIBRILLATION,
    AV_BLOCK,
    BLACKWATER_FEVER,
    G6PD_DEFICIENCY,
    HAEMATOLOGICAL,
    HYPERSENSITIVITY,
    LONG_QT,
    NO_TRIAL,
    OTHER_CONTRAINDICATIONS,
    QUININE_ALLERGY,
    THROMBOCYTOPENIA_OTHER,
    WARNING_PROBLEMS,
)
from cds_service.guidelines.leg_cramps.quinine.hazards import Hazard, Monitor, Rhythm
from cds_service.guidelines.leg_cramps.quinine.interactions import interacting
from cds_service.guidelines.leg_cramps.quinine.limits import OLDER_AGE
from cds_service.guidelines.leg_cramps.quinine.malaria import current_problems
from cds_service.guidelines.leg_cramps.quinine.values import (
    long_qtc,
    low_egfr,
    low_values,
    not_found,
    potassium_is_low,
)
from cds_service.patient.facts import Allergy, Facts, Medication, Problem
from cds_service.patient.medications import active_medications
from cds_service.patient.problems import active, is_active, lasting, on_record
from cds_service.patient.terminology.vocabulary import Concept, ProblemConcept

_MONITORS = {
    **dict.fromkeys((*HAEMATOLOGICAL, G6PD_DEFICIENCY, THROMBOCYTOPENIA_OTHER), (Monitor.BLOOD_COUNT,)),
    **dict.fromkeys((LONG_QT, ATRIAL_FIBRILLATION, AV_BLOCK), (Monitor.ECG,)),
}


@dataclass(frozen=True, slots=True)
class Safety:
    """What was found, worst first, and what was looked for and not found."""

    critical: tuple[Hazard, ...]
    warnings: tuple[Hazard, ...]
    not_found: tuple[Phrase, ...]

    @property
    def label(self) -> tuple[Hazard, ...]:
        """The label contraindications among the critical hazards."""
        return tuple(hazard for hazard in self.critical if hazard.label)

    @property
    def no_trial(self) -> bool:
        """True where quinine would be critical, or a label or a pregnancy speaks against it: no trial is described."""
        return bool(self.critical) or any(hazard.no_trial for hazard in self.warnings)

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """All of them."""
        return (*self.critical, *self.warnings)


def assess(facts: Facts, others: Iterable[Medication] = ()) -> Safety:
    """The matrix for one patient. ``others``: the drafts, to look for interacting drugs in them too."""
    critical, low = low_values(facts)
    medications = (*active_medications(facts), *others)
    dangerous, interfering = interacting(facts, medications, low_potassium=potassium_is_low(facts))
    return Safety(
        (*label_contraindications(facts), *critical, *dangerous),
        (
            *low,
            *_warning_problems(facts),
            *interfering,
            *low_egfr(facts),
            *_older(facts),
        ),
        not_found(facts),
    )


def label_contraindications(facts: Facts) -> tuple[Hazard, ...]:
    """What the label forbids quinine for, whatever it is taken for."""
    return (*_hypersensitivity(facts), *_contraindications(facts), *long_qtc(facts))


def _hypersensitivity(facts: Facts) -> Iterator[Hazard]:
    seen: set[Concept] = set()
    for allergy in facts.allergies:
        concept = next((c for c in HYPERSENSITIVITY if allergy.is_to(c)), None)
        if concept is not None and concept not in seen:
            seen.add(concept)
            what = say(words.HYPERSENSITIVITY[concept])
            yield Hazard(what, Because(_allergy(what, allergy, concept), allergy.source), label=True)
    for problem in _lasting(facts, QUININE_ALLERGY):
        what = say(words.HYPERSENSITIVITY[QUININE_ALLERGY])
        yield Hazard(what, hazard_fact(problem, QUININE_ALLERGY, facts.today), label=True)


def _contraindications(facts: Facts) -> Iterator[Hazard]:
    for concept in on_record(facts, (*HAEMATOLOGICAL, *OTHER_CONTRAINDICATIONS)):
        for problem in _lasting(facts, concept):
            short = say(words.SHORT[concept])
            over = not is_active(problem, facts.today)
            yield Hazard(
                say(words.PAST, what=short) if over else short,
                hazard_fact(problem, concept, facts.today),
                label=True,
                monitors=_MONITORS.get(concept, ()),
                rhythm=Rhythm.LONG if concept == LONG_QT else None,
                brief=short,
                caused=concept in HAEMATOLOGICAL,
            )


def _lasting(facts: Facts, concept: ProblemConcept) -> tuple[Problem, ...]:
    """The first record of a hazard that doesn't pass, one that is active before one that is over.

    One code says both blackwater fever and malaria: while it is treated it is malaria.
    """
    recorded = lasting(facts, concept)
    if not recorded:
        return ()
    treated = current_problems(facts) if concept == BLACKWATER_FEVER else ()
    return tuple(problem for problem in (*active(facts, concept), *recorded) if problem not in treated)[:1]


def _warning_problems(facts: Facts) -> Iterator[Hazard]:
    found = [
        (problem, concept) for concept in on_record(facts, WARNING_PROBLEMS) for problem in active(facts, concept)[:1]
    ]
    found += [(problem, G6PD_DEFICIENCY) for problem in _lasting(facts, G6PD_DEFICIENCY)]
    found += [(problem, PREGNANCY) for problem in pregnant(facts)[:1]]
    for problem, concept in found:
        fact = hazard_fact(problem, concept, facts.today)
        line = say(words.WARNING[concept], fact=fact.phrase)
        yield Hazard(
            problem_name(concept),
            Because(line, fact.source),
            monitors=_MONITORS.get(concept, ()),
            platelets=concept == THROMBOCYTOPENIA_OTHER,
            no_trial=concept in NO_TRIAL,
        )


def _older(facts: Facts) -> Iterator[Hazard]:
    bounds = facts.person.age_bounds(facts.today)
    if bounds is not None and bounds[0] >= OLDER_AGE.value:
        line = say(words.WARNING_OLDER, age=bounds[0])
        yield Hazard(line, Because(line, facts.person.source))


def _allergy(what: Phrase, allergy: Allergy, concept: Concept) -> Phrase:
    where: tuple[Value, ...] = (say(words.ALLERGY_LIST), *((allergy.recorded,) if allergy.recorded else ()))
    recorded: Value = Listed(where, ", ")
    match = allergy.matched(concept)
    if match in MATCHED:
        recorded = Listed((recorded, say(MATCHED[match])))
    return say(FACT, what=what, recorded=recorded)
