"""Specialist options for refractory cramps in lumbar spinal stenosis.

"Botulinum toxin into the medial and lateral gastrocnemius, in lumbar stenosis with nocturnal cramps, did
better than gabapentin 600 mg in one trial" (S12, Alomedika 2025). That trial is Park 2017: open, n=50, a mean
of 643 mg/day of gabapentin. The use is off-label and a specialist's; ALS, myasthenia gravis and
anticoagulants call for caution.
"""

from collections.abc import Iterator

from cds_service.decision.missing import medicines_missing, problems_missing
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
from cds_service.patient.facts import Facts
from cds_service.patient.medications import active_medications
from cds_service.patient.problems import active, lasting
from cds_service.patient.terminology.vocabulary import problem

EVIDENCE: tuple[Evidence, ...] = (citations.ALOMEDIKA_2025, citations.PARK_2017, citations.RESTIVO_2018)
STENOSIS = problem("lumbar_spinal_stenosis")

_LINKS = tuple(
    GuidelineLink(say("specialist_options.link.park"), evidence.url)
    for evidence in (citations.PARK_2017,)
    if evidence.url is not None
)


def decide(facts: Facts) -> Decision:
    """Name the specialist's option when lumbar stenosis and a cramp problem stand together."""
    if facts.person.certainly_under_18(facts.today):
        return NotAdvised(say("specialist_options.reason.under_18"))
    cramps = cramp_problems(facts)
    stenosis = active(facts, STENOSIS)
    if cramps and stenosis:
        return _advise(facts)
    missing = problems_missing(facts, *CRAMPS, STENOSIS)
    if missing:
        return CannotTell(missing)
    return NotAdvised(
        say("specialist_options.reason.no_cramps" if not cramps else "specialist_options.reason.no_stenosis")
    )


def _advise(facts: Facts) -> Advise:
    options = ("first", "toxin", "gabapentin", "other_population")
    sections = (
        Section(
            "specialist_options.heading.options", tuple(say(f"specialist_options.option.{one}") for one in options)
        ),
        Section("specialist_options.heading.caution", tuple(_cautions(facts))),
    )
    return Advise(
        indicator=Indicator.INFO,
        summary=say("specialist_options.summary"),
        sections=tuple(section for section in sections if section.lines),
        because=tuple(_because(facts)),
        unknown=tuple(_unknown(facts)),
        suggestions=offered(facts, offers.NEUROLOGY_FOR_TOXIN),
        override_reasons=("specialist", "dataWrong", "later", "comfort"),
        links=_LINKS,
    )


def _cautions(facts: Facts) -> Iterator[Phrase]:
    """Where the toxin may do harm: weak muscle, a weak junction, a bleeding tendency."""
    if als_problems(facts):
        yield say("specialist_options.caution.als")
    if lasting(facts, MYASTHENIA_GRAVIS):
        yield say("specialist_options.caution.myasthenia_gravis")
    medications = active_medications(facts, *ANTICOAGULANTS)
    if medications:
        yield say("specialist_options.caution.anticoagulant", drugs=drug_names(medications, *ANTICOAGULANTS))


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
        yield say("specialist_options.unknown.anticoagulant")
    if facts.person.birth is None:
        yield say("common.age_unknown")


RULE = Rule(
    name="specialist_options",
    version="1",
    topic="SpecialistOptions",
    title="specialist_options.title",
    needs=("patient", "conditions", "medicationRequests", "medicationStatements"),
    evidence=EVIDENCE,
    decide=decide,
)
