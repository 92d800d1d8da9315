"""Cramps in ALS (motor neuron disease).

"Drugs are not the main choice, gabapentin as an adjunct in ALS excepted" (S8, Alomedika 2025). No drug has
been shown to help (Cochrane 2012, many trials underpowered); mexiletine has since had two favourable trials.
NICE considers quinine first, the FDA and the AAN avoid it: the card says both. What turns the card into a
warning is gabapentin or pregabalin together with an opioid, a benzodiazepine or an eGFR below 30: respiratory
depression (FDA 2019), in a disease of the respiratory muscles. In palliative care that is a choice, not a slip.
"""

from collections.abc import Iterator
from datetime import date

from cds_service.decision import lab_words, overrides
from cds_service.decision.offers import offered
from cds_service.decision.phrases import Phrase, say
from cds_service.decision.recommendation import (
    Advise,
    Bullet,
    Cited,
    Decision,
    Evidence,
    Indicator,
    NotAdvised,
    Rule,
    link,
    no_card,
)
from cds_service.decision.recorded import problem_facts
from cds_service.decision.unknown import age_unknown, medicines_missing, problems_missing, results_missing
from cds_service.guidelines.leg_cramps import citations, offers
from cds_service.guidelines.leg_cramps.als_cramps import words
from cds_service.guidelines.leg_cramps.als_cramps.breathing import LIMITS, Breathing, breathing_facts
from cds_service.guidelines.leg_cramps.als_cramps.concepts import DEPRESSANTS, GABAPENTINOIDS, PALLIATIVE
from cds_service.guidelines.leg_cramps.concepts import ALS, EGFR
from cds_service.guidelines.leg_cramps.kidney import recent_egfr
from cds_service.guidelines.leg_cramps.problems import Family, als_family, als_problems
from cds_service.guidelines.leg_cramps.stretching.plan import Case, case_of, leaflet_for
from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, Problem
from cds_service.patient.labs.results import newer_unusable
from cds_service.patient.medications import active_medications
from cds_service.patient.problems import active

EVIDENCE: tuple[Evidence, ...] = (
    citations.BALDINGER_2012,
    citations.WEISS_2016,
    citations.OSKARSSON_2018,
    citations.NICE_NG42,
    citations.FDA_BOXED_WARNING,
    citations.AAN_2010,
    citations.FDA_GABAPENTIN_2019,
    citations.ALOMEDIKA_2025,
    citations.BORDONI_2020,
)
MOST_WORDS = 150
OVERRIDES = (
    overrides.SPECIALIST,
    overrides.BENEFIT,
    overrides.MONITORED,
    overrides.COMFORT,
    overrides.DATA_WRONG,
    overrides.LATER,
)
CITED_FDA = Cited(say(words.CITED_FDA), (citations.FDA_GABAPENTIN_2019,))
CITED_BALDINGER = Cited(say(words.CITED_BALDINGER), (citations.BALDINGER_2012,))
_CITED = (
    Cited(say(words.CITED_MEXILETINE), (citations.WEISS_2016, citations.OSKARSSON_2018)),
    CITED_BALDINGER,
    Cited(say(words.CITED_GUIDELINES), (citations.NICE_NG42, citations.AAN_2010, citations.FDA_BOXED_WARNING)),
    Cited(say(words.CITED_ALOMEDIKA), (citations.ALOMEDIKA_2025,)),
)
_LINKS = (link(words.LINK_NICE, citations.NICE_NG42), link(words.LINK_COCHRANE, citations.BALDINGER_2012))


def decide(facts: Facts) -> Decision:
    """Advise on drugs for cramps in ALS, warning where a gabapentinoid may depress breathing."""
    if facts.under_18:
        return NotAdvised(say(words.REASON_UNDER_18))
    als = als_problems(facts)
    if als:
        return _advise(facts, als)
    return no_card(say(words.REASON_NO_ALS), *problems_missing(facts, *ALS))


@asked_once
def breathing_of(facts: Facts) -> Breathing:
    """What may depress breathing in this patient."""
    gabapentinoids = active_medications(facts, *GABAPENTINOIDS)
    return Breathing(
        gabapentinoids=gabapentinoids,
        depressants=active_medications(facts, *DEPRESSANTS) if gabapentinoids else (),
        kidney=recent_egfr(facts),
    )


def warned(facts: Facts) -> bool:
    """True when the card is a warning: breathing is at risk, and it is no choice of palliative care."""
    return bool(als_problems(facts)) and breathing_of(facts).at_risk and not active(facts, PALLIATIVE)


def _advise(facts: Facts, als: tuple[Problem, ...]) -> Advise:
    breathing = breathing_of(facts)
    palliative, case, is_warned = active(facts, PALLIATIVE), case_of(facts), warned(facts)
    family = als_family(als)
    records = (*problem_facts(als, *ALS), *problem_facts(palliative, PALLIATIVE))
    return Advise(
        indicator=Indicator.WARNING if is_warned else Indicator.INFO,
        summary=summary(family, breathing, palliative) if breathing.at_risk else say(words.SUMMARY[family]),
        shorter=shorter_summary(family, breathing) if breathing.at_risk else None,
        act=tuple(_act(case, breathing, palliative)),
        why=(*records, *breathing_facts(facts, breathing)),
        unknown=tuple(_unknown(facts, breathing, warned=is_warned)),
        evidence=(CITED_FDA, *_CITED) if breathing.gabapentinoids else _CITED,
        suggestions=offered(facts, offers.NEUROLOGY),
        override_reasons=OVERRIDES,
        links=_LINKS,
        leaflet=leaflet_for(case),
    )


def summary(family: Family, breathing: Breathing, palliative: tuple[Problem, ...]) -> Phrase:
    """Names the risk to breathing; in palliative care also that relief may outweigh it. Two risks leave no room for more."""
    if breathing.depressants and breathing.kidney_low and not palliative:
        return shorter_summary(family, breathing)
    said = words.SUMMARY_PALLIATIVE if palliative else words.SUMMARY_BREATHING
    return say(said[family], drugs=breathing.drugs, others=breathing.others)


def shorter_summary(family: Family, breathing: Breathing) -> Phrase:
    """The same where several drugs make it too long."""
    return say(words.SUMMARY_BREATHING_SHORT[family], drugs=breathing.drugs, others=breathing.others)


def _act(case: Case, breathing: Breathing, palliative: tuple[Problem, ...]) -> Iterator[Bullet]:
    """Breathing first; then what needs no drug (S8), the drugs, and the guidelines that disagree on quinine."""
    if breathing.at_risk:
        yield say(words.ACT_PALLIATIVE if palliative else words.ACT_BREATHING)
    elif breathing.gabapentinoids:
        yield say(words.ACT_GABAPENTINOID_ALONE, drugs=breathing.drugs)
    yield from _without_drugs(case)
    yield say(words.ACT_GABAPENTIN)
    yield say(words.ACT_SPECIALIST)
    yield say(words.ACT_QUININE)


def _without_drugs(case: Case) -> Iterator[Bullet]:
    """As on the stretching card: nothing while muscle or limb is at risk, no strengthening with a thrombosis."""
    if not case.at_risk:
        yield say(words.ACT_STRETCH_GENTLE if case.hands_off else words.ACT_STRETCH)


def _unknown(facts: Facts, breathing: Breathing, *, warned: bool) -> Iterator[Phrase]:
    """What could have changed this card: palliative care once warned, else the drugs; the eGFR a gabapentinoid is dosed by."""
    if warned:
        yield from problems_missing(facts, PALLIATIVE)
    else:
        yield from medicines_missing(facts, *GABAPENTINOIDS, *DEPRESSANTS)
    if breathing.gabapentinoids:
        results = results_missing(facts, EGFR)
        yield from results
        if breathing.kidney is None and not results:
            yield say(words.UNKNOWN_EGFR)
        yield from (lab_words.unusable(result) for result in newer_unusable(facts, EGFR)[:1])
    yield from age_unknown(facts)


RULE = Rule(
    name="als_cramps",
    version="12",
    changed=date(2026, 11, 30),
    topic="AlsCramps",
    title=words.TITLE,
    page="als-cramps",
    needs=("patient", "conditions", "observations", "medicationRequests", "medicationStatements"),
    evidence=EVIDENCE,
    decide=decide,
    analytes=(EGFR,),
    limits=LIMITS,
    most_words=MOST_WORDS,
    outcomes=words.OUTCOMES,
)
