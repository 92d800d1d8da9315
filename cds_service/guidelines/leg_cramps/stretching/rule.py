"""Stretching first, for leg cramps.

"Conservative care is simple: stretch the muscle and massage it; that usually stops the cramp. Stretching,
splint, massage, heat and strengthening are the first line; drugs are not the main choice" (S1, S2, S8,
Alomedika 2025). What of it suits this patient is in ``plan`` and ``act``; the certainty of each part is
today's, not the source's. In ALS without a recorded cramp the same is said with "if cramps occur".
"""

from collections.abc import Iterator
from datetime import date

from cds_service.decision import overrides
from cds_service.decision.offers import offered
from cds_service.decision.phrases import Phrase, say
from cds_service.decision.recommendation import (
    Advise,
    Because,
    Decision,
    Evidence,
    Indicator,
    NotAdvised,
    Rule,
    Suggestion,
    link,
    no_card,
)
from cds_service.decision.recorded import problem_facts
from cds_service.decision.unknown import age_unknown, medicines_missing, problems_missing
from cds_service.guidelines.leg_cramps import citations, offers
from cds_service.guidelines.leg_cramps.concepts import ALS, CRAMPS, DVT, MUSCLE_OR_LIMB_AT_RISK, SWELLING
from cds_service.guidelines.leg_cramps.electrolytes.findings import READ
from cds_service.guidelines.leg_cramps.electrolytes.supplements import CONCEPTS as SUPPLEMENTS
from cds_service.guidelines.leg_cramps.problems import als_family, als_problems, cramp_facts, cramp_problems
from cds_service.guidelines.leg_cramps.red_flags.words import FINDING
from cds_service.guidelines.leg_cramps.stretching import words
from cds_service.guidelines.leg_cramps.stretching.act import BLEEDING, act
from cds_service.guidelines.leg_cramps.stretching.contributors import CONCEPTS as CONTRIBUTORS
from cds_service.guidelines.leg_cramps.stretching.contributors import contributor_facts
from cds_service.guidelines.leg_cramps.stretching.labs import lab_facts, labs_unknown
from cds_service.guidelines.leg_cramps.stretching.plan import (
    CONDITIONS,
    HYPOTHYROIDISM,
    INSENSATE,
    ISCHAEMIC,
    LIMITS,
    Case,
    case_of,
    leaflet_for,
    recorded,
)
from cds_service.patient.facts import Facts

EVIDENCE: tuple[Evidence, ...] = (
    citations.HAWKE_2021,
    citations.HALLEGRAEFF_2012,
    citations.COPPIN_2005,
    citations.MILLER_2022,
    citations.ALOMEDIKA_2025,
    citations.JAHIC_2018,
    citations.BORDONI_2020,
    citations.GARRISON_2020,
    citations.BARNA_2021,
    citations.LUO_2020,
    citations.CHAN_1998,
    citations.CONNOLLY_1992,
    citations.MILLER_2005,
    citations.TAN_2024,
    citations.GARRISON_2012,
    citations.MANTILLA_MANOSALVA_2024,
    citations.TAPPER_2022,
    citations.FDA_BOXED_WARNING,
)
MOST_WORDS, MOST_WORDS_ORDINARY = 200, 165

_PERSONAL = (DVT, *SWELLING, *MUSCLE_OR_LIMB_AT_RISK, *INSENSATE, *ISCHAEMIC, *CONDITIONS, HYPOTHYROIDISM)
_LINKS = (link(words.LINK_SOURCE, citations.ALOMEDIKA_2025), link(words.LINK_COCHRANE, citations.HAWKE_2021))


def decide(facts: Facts) -> Decision:
    """Advise the stretching plan on a cramp problem, or on ALS."""
    if facts.under_18:
        return NotAdvised(say(words.REASON_UNDER_18))
    if cramp_problems(facts) or als_problems(facts):
        return _advise(facts, case_of(facts))
    return no_card(say(words.REASON_NO_CRAMPS), *problems_missing(facts, *CRAMPS, *ALS))


def _advise(facts: Facts, case: Case) -> Advise:
    bullets, evidence = act(facts, case)
    return Advise(
        indicator=Indicator.INFO,
        summary=_summary(case),
        act=bullets,
        why=_why(facts, case),
        unknown=tuple(dict.fromkeys(_unknown(facts))),
        evidence=evidence,
        suggestions=_suggestions(facts, case),
        override_reasons=(overrides.SPECIALIST, overrides.DATA_WRONG, overrides.LATER, overrides.COMFORT),
        links=_LINKS,
        leaflet=leaflet_for(case),
        most_words=None if case.burden else MOST_WORDS_ORDINARY,
    )


def _suggestions(facts: Facts, case: Case) -> tuple[Suggestion, ...]:
    """Nothing to exercise while muscle or limb is at risk; with a thrombosis no exercises, only teaching."""
    if case.at_risk:
        return ()
    if case.thrombosis:
        return offered(facts, offers.STRETCHING_EDUCATION)
    return offered(facts, offers.STRETCHING_EDUCATION, offers.PHYSIOTHERAPY)


def _summary(case: Case) -> Phrase:
    if case.at_risk:
        said = words.SUMMARY_AT_RISK if case.cramps else words.SUMMARY_ALS_AT_RISK[als_family(case.als)]
        return say(said, finding=say(FINDING[case.at_risk[0]]))
    if not case.cramps:
        family = als_family(case.als)
        return say(words.SUMMARY_ALS_GENTLE[family] if case.hands_off else words.SUMMARY_ALS[family])
    if case.thrombosis:
        return say(words.SUMMARY_THROMBOSIS[case.thrombosis[0]])
    if case.low_sodium is not None:
        return say(words.SUMMARY_LOW_SODIUM)
    return say(words.SUMMARY_EXERCISE if case.only_exercise else words.SUMMARY_CRAMP)


def _why(facts: Facts, case: Case) -> tuple[Because, ...]:
    """What the card fires on, what changes its plan, what may contribute, and the electrolytes."""
    changing = dict.fromkeys((*case.at_risk, *case.thrombosis, *case.impaired, *case.conditions, HYPOTHYROIDISM))
    changed = (fact for concept in changing for fact in problem_facts(recorded(facts, concept), concept))
    fired = (*cramp_facts(case.cramps), *problem_facts(case.als, *ALS))
    return tuple(dict.fromkeys((*fired, *changed, *contributor_facts(facts), *lab_facts(facts))))


def _unknown(facts: Facts) -> Iterator[Phrase]:
    """What would have changed the plan."""
    yield from problems_missing(facts, *CRAMPS, *ALS, *_PERSONAL)
    yield from medicines_missing(facts, *CONTRIBUTORS, *BLEEDING)
    yield from labs_unknown(facts)
    yield from age_unknown(facts)


RULE = Rule(
    name="stretching_first",
    version="13",
    changed=date(2026, 12, 1),
    topic="StretchingFirst",
    title=words.TITLE,
    page="stretching-first",
    needs=("patient", "conditions", "observations", "medicationRequests", "medicationStatements"),
    evidence=EVIDENCE,
    decide=decide,
    history_for=frozenset(SUPPLEMENTS),
    analytes=READ,
    never_folded=True,
    limits=LIMITS,
    most_words=MOST_WORDS,
    outcomes=words.OUTCOMES,
)
