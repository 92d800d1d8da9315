"""Specialist options for refractory cramps in lumbar spinal stenosis.

"Botulinum toxin into the medial and lateral gastrocnemius, in lumbar stenosis with nocturnal cramps, did
better than gabapentin 600 mg in one trial" (S12, Alomedika 2025). That trial is Park 2017: open, n=50, a mean
of 643 mg/day of gabapentin. The use is off-label and a specialist's; ALS, myasthenia gravis and
anticoagulants call for caution.
"""

from collections.abc import Iterator
from datetime import date

from cds_service.decision import overrides
from cds_service.decision.offers import offered
from cds_service.decision.phrases import Listed, Phrase, say
from cds_service.decision.recommendation import (
    Advise,
    Because,
    Cited,
    Decision,
    Evidence,
    Indicator,
    NotAdvised,
    Rule,
    link,
    no_card,
)
from cds_service.decision.recorded import drug_names, hazard_facts, medication_facts, problem_facts
from cds_service.decision.unknown import age_unknown, medicines_missing, problems_missing
from cds_service.guidelines.leg_cramps import citations, offers
from cds_service.guidelines.leg_cramps.concepts import ALS, ANTICOAGULANTS, CRAMPS, MYASTHENIA_GRAVIS
from cds_service.guidelines.leg_cramps.medicines import anticoagulants_in_blood
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_facts, cramp_problems, stretching_waits
from cds_service.guidelines.leg_cramps.specialist_options import words
from cds_service.patient.facts import Facts
from cds_service.patient.problems import active, lasting
from cds_service.patient.terminology.vocabulary import problem

EVIDENCE: tuple[Evidence, ...] = (citations.PARK_2017, citations.RESTIVO_2018, citations.ALOMEDIKA_2025)
STENOSIS = problem("lumbar_spinal_stenosis")

_CITED = (
    Cited(say(words.CITED_PARK), (citations.PARK_2017,)),
    Cited(say(words.CITED_RESTIVO), (citations.RESTIVO_2018,)),
    Cited(say(words.CITED_ALOMEDIKA), (citations.ALOMEDIKA_2025,)),
)
_LINKS = (link(words.LINK_PARK, citations.PARK_2017),)


def decide(facts: Facts) -> Decision:
    """Name the specialist's option when lumbar stenosis and a cramp problem stand together."""
    if facts.under_18:
        return NotAdvised(say(words.REASON_UNDER_18))
    cramps = cramp_problems(facts)
    stenosis = active(facts, STENOSIS)
    if cramps and stenosis:
        return _advise(facts)
    reason = words.REASON_NO_STENOSIS if cramps else words.REASON_NO_CRAMPS
    return no_card(say(reason), *problems_missing(facts, *CRAMPS, STENOSIS))


def _advise(facts: Facts) -> Advise:
    cautions = tuple(_cautions(facts))
    caution = (say(words.CAUTION, cautions=Listed(cautions)),) if cautions else ()
    return Advise(
        indicator=Indicator.INFO,
        summary=say(words.SUMMARY),
        act=(say(words.ACT_FIRST_CARE if stretching_waits(facts) else words.ACT_FIRST), say(words.ACT_TOXIN), *caution),
        why=tuple(_why(facts)),
        unknown=tuple(_unknown(facts)),
        evidence=_CITED,
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
    anticoagulants = anticoagulants_in_blood(facts)
    if anticoagulants:
        yield say(words.CAUTION_ANTICOAGULANT, drugs=drug_names(anticoagulants, *ANTICOAGULANTS))


def _why(facts: Facts) -> Iterator[Because]:
    yield from problem_facts(active(facts, STENOSIS), STENOSIS)
    yield from cramp_facts(cramp_problems(facts))
    yield from problem_facts(als_problems(facts), *ALS)
    yield from hazard_facts(lasting(facts, MYASTHENIA_GRAVIS), MYASTHENIA_GRAVIS, facts.today)
    yield from medication_facts(anticoagulants_in_blood(facts), facts.today, *ANTICOAGULANTS)


def _unknown(facts: Facts) -> Iterator[Phrase]:
    yield from problems_missing(facts, *ALS, MYASTHENIA_GRAVIS)
    if not anticoagulants_in_blood(facts):
        yield from medicines_missing(facts, *ANTICOAGULANTS)
    yield from age_unknown(facts)


RULE = Rule(
    name="specialist_options",
    version="6",
    changed=date(2026, 12, 1),
    topic="SpecialistOptions",
    title=words.TITLE,
    page="specialist-options",
    needs=("patient", "conditions", "medicationRequests", "medicationStatements"),
    evidence=EVIDENCE,
    decide=decide,
    most_words=90,
    outcomes=words.OUTCOMES,
)
