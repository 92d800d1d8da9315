"""Specialist options for refractory cramps in lumbar spinal stenosis.

"Botulinum toxin into the medial and lateral gastrocnemius, in lumbar stenosis with nocturnal cramps, did
better than gabapentin 600 mg in one trial" (S12, Alomedika 2025). That trial is Park 2017: open, n=50, a mean
of 643 mg/day of gabapentin. The use is off-label and a specialist's; ALS, myasthenia gravis and
anticoagulants call for caution.
"""

from collections.abc import Iterator

from cds_service.decision import overrides
from cds_service.decision.missing import age_unknown, medicines_missing, problems_missing
from cds_service.decision.offers import offered
from cds_service.decision.phrases import Phrase, say
from cds_service.decision.recommendation import (
    Advise,
    Because,
    CannotTell,
    Decision,
    Evidence,
    GuidelineLink,
    Indicator,
    NotAdvised,
    Rule,
    Section,
)
from cds_service.decision.recorded import drug_names, hazard_fact, medication_facts, problem_fact
from cds_service.guidelines.leg_cramps import citations, offers
from cds_service.guidelines.leg_cramps.concepts import ALS, ANTICOAGULANTS, CRAMPS, MYASTHENIA_GRAVIS
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_fact, cramp_problems
from cds_service.guidelines.leg_cramps.specialist_options import words
from cds_service.patient.facts import Facts
from cds_service.patient.medications import active_medications
from cds_service.patient.problems import active, lasting
from cds_service.patient.terminology.vocabulary import problem

EVIDENCE: tuple[Evidence, ...] = (citations.ALOMEDIKA_2025, citations.PARK_2017, citations.RESTIVO_2018)
STENOSIS = problem("lumbar_spinal_stenosis")

_LINKS = tuple(
    GuidelineLink(say(words.LINK_PARK), evidence.url) for evidence in (citations.PARK_2017,) if evidence.url is not None
)


def decide(facts: Facts) -> Decision:
    """Name the specialist's option when lumbar stenosis and a cramp problem stand together."""
    if facts.person.certainly_under_18(facts.today):
        return NotAdvised(say(words.REASON_UNDER_18))
    cramps = cramp_problems(facts)
    stenosis = active(facts, STENOSIS)
    if cramps and stenosis:
        return _advise(facts)
    missing = problems_missing(facts, *CRAMPS, STENOSIS)
    if missing:
        return CannotTell(missing)
    return NotAdvised(say(words.REASON_NO_CRAMPS if not cramps else words.REASON_NO_STENOSIS))


def _advise(facts: Facts) -> Advise:
    options = (words.OPTION_FIRST, words.OPTION_TOXIN, words.OPTION_GABAPENTIN, words.OPTION_OTHER_POPULATION)
    sections = (
        Section(words.HEADING_OPTIONS, tuple(map(say, options))),
        Section(words.HEADING_CAUTION, tuple(_cautions(facts))),
    )
    return Advise(
        indicator=Indicator.INFO,
        summary=say(words.SUMMARY),
        sections=tuple(section for section in sections if section.lines),
        because=tuple(_because(facts)),
        unknown=tuple(_unknown(facts)),
        suggestions=offered(facts, offers.NEUROLOGY_FOR_TOXIN),
        override_reasons=(overrides.SPECIALIST, overrides.DATA_WRONG, overrides.LATER, overrides.COMFORT),
        links=_LINKS,
    )


def _cautions(facts: Facts) -> Iterator[Phrase]:
    """Where the toxin may do harm: weak muscle, a weak junction, a bleeding tendency."""
    if als_problems(facts):
        yield say(words.CAUTION_ALS)
    if lasting(facts, MYASTHENIA_GRAVIS):
        yield say(words.CAUTION_MYASTHENIA_GRAVIS)
    medications = active_medications(facts, *ANTICOAGULANTS)
    if medications:
        yield say(words.CAUTION_ANTICOAGULANT, drugs=drug_names(medications, *ANTICOAGULANTS))


def _because(facts: Facts) -> Iterator[Because]:
    yield from (problem_fact(problem, STENOSIS) for problem in active(facts, STENOSIS))
    yield from (cramp_fact(problem) for problem in cramp_problems(facts))
    yield from (problem_fact(problem, *ALS) for problem in als_problems(facts))
    yield from (hazard_fact(problem, MYASTHENIA_GRAVIS, facts.today) for problem in lasting(facts, MYASTHENIA_GRAVIS))
    yield from medication_facts(active_medications(facts, *ANTICOAGULANTS), facts.today, *ANTICOAGULANTS)


def _unknown(facts: Facts) -> Iterator[Phrase]:
    yield from problems_missing(facts, *CRAMPS, STENOSIS, *ALS, MYASTHENIA_GRAVIS)
    medicines = medicines_missing(facts, *ANTICOAGULANTS)
    yield from medicines
    if medicines and not active_medications(facts, *ANTICOAGULANTS):
        yield say(words.UNKNOWN_ANTICOAGULANT)
    yield from age_unknown(facts)


RULE = Rule(
    name="specialist_options",
    version="1",
    topic="SpecialistOptions",
    title=words.TITLE,
    needs=("patient", "conditions", "medicationRequests", "medicationStatements"),
    evidence=EVIDENCE,
    decide=decide,
)
