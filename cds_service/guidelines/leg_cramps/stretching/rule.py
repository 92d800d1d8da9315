"""Stretching first, for leg cramps.

"Conservative care is simple: stretch the muscle and massage it; that usually stops the cramp. Stretching,
splint, massage, heat and strengthening are the first line; drugs are not the main choice" (S1, S2, S8,
Alomedika 2025). What of it suits this patient is in ``stretching_plan``; the certainty of each part is
today's, not the source's. In ALS without a recorded cramp the same is said with "if cramps occur".
"""

from cds_service.decision import overrides
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
    PatientLeaflet,
    Rule,
    Suggestion,
)
from cds_service.decision.recorded import problem_fact
from cds_service.decision.unknown import (
    MEDICINES,
    age_unknown,
    medicines_missing,
    problems_missing,
    results_missing,
    searched_empty,
)
from cds_service.guidelines.leg_cramps import citations, offers
from cds_service.guidelines.leg_cramps.concepts import (
    ALS,
    CRAMPS,
    DVT,
    LIMB_SWELLING,
    PREGNANCY,
    RESTLESS_LEGS,
    SWELLING,
)
from cds_service.guidelines.leg_cramps.electrolytes.findings import READ
from cds_service.guidelines.leg_cramps.electrolytes.lines import ANALYTES
from cds_service.guidelines.leg_cramps.electrolytes.supplements import CONCEPTS as SUPPLEMENTS
from cds_service.guidelines.leg_cramps.problems import als_family, cramp_fact, pregnant
from cds_service.guidelines.leg_cramps.red_flags.rule import one_sided_swelling
from cds_service.guidelines.leg_cramps.red_flags.words import FINDING
from cds_service.guidelines.leg_cramps.stretching import words
from cds_service.guidelines.leg_cramps.stretching.contributors import CONCEPTS as CONTRIBUTORS
from cds_service.guidelines.leg_cramps.stretching.plan import (
    BLEEDING,
    INSENSATE,
    ISCHAEMIC,
    MUSCLE_OR_LIMB_AT_RISK,
    Case,
    case_of,
    plan,
)
from cds_service.guidelines.leg_cramps.words import (
    LEAFLET_DURING_A_CRAMP,
    LEAFLET_LEG_CRAMPS,
    LEAFLET_WHEN_TO_CALL_A_DOCTOR,
)
from cds_service.patient.facts import Facts, Problem
from cds_service.patient.problems import active
from cds_service.patient.terminology.vocabulary import ProblemConcept

EVIDENCE: tuple[Evidence, ...] = (
    citations.ALOMEDIKA_2025,
    citations.MILLER_2022,
    citations.HAWKE_2021,
    citations.HALLEGRAEFF_2012,
    citations.COPPIN_2005,
    citations.JAHIC_2018,
    citations.GARRISON_2020,
    citations.CHAN_1998,
    citations.CONNOLLY_1992,
    citations.MILLER_2005,
    citations.GARRISON_2012,
    citations.LUO_2020,
)

_PERSONAL = (DVT, *SWELLING, *MUSCLE_OR_LIMB_AT_RISK, *INSENSATE, *ISCHAEMIC, PREGNANCY, RESTLESS_LEGS)
_LINKS = tuple(
    GuidelineLink(say(label), evidence.url)
    for label, evidence in (
        (words.LINK_SOURCE, citations.ALOMEDIKA_2025),
        (words.LINK_COCHRANE, citations.HAWKE_2021),
    )
    if evidence.url is not None
)


def decide(facts: Facts) -> Decision:
    """Advise the stretching plan on a cramp problem, or on ALS."""
    if facts.person.certainly_under_18(facts.today):
        return NotAdvised(say(words.REASON_UNDER_18))
    case = case_of(facts)
    if case.cramps or case.als:
        return _advise(facts, case)
    missing = problems_missing(facts, *CRAMPS, *ALS)
    if missing:
        return CannotTell(missing)
    return NotAdvised(say(words.REASON_NO_CRAMPS))


def _advise(facts: Facts, case: Case) -> Advise:
    sections, evidence = plan(facts, case)
    return Advise(
        indicator=Indicator.INFO,
        summary=_summary(case),
        sections=sections,
        because=_because(facts, case),
        unknown=_unknown(facts),
        evidence=evidence,
        suggestions=_suggestions(facts, case),
        override_reasons=(overrides.SPECIALIST, overrides.DATA_WRONG, overrides.LATER, overrides.COMFORT),
        links=_LINKS,
        leaflet=_leaflet(case),
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
        return say(words.SUMMARY_AT_RISK, finding=say(FINDING[case.at_risk[0]]))
    if not case.cramps:
        family = als_family(case.als)
        return say(words.SUMMARY_ALS_GENTLE[family] if case.hands_off else words.SUMMARY_ALS[family])
    if case.thrombosis:
        return say(words.SUMMARY_THROMBOSIS[case.thrombosis[0]])
    if case.only_exercise:
        return say(words.SUMMARY_EXERCISE)
    return say(words.SUMMARY_CRAMP)


def _because(facts: Facts, case: Case) -> tuple[Because, ...]:
    """The problems the card fires on, and those that change its plan."""
    fired = (*(cramp_fact(p) for p in case.cramps), *(problem_fact(p, *ALS) for p in case.als))
    changed = (*case.at_risk, *case.thrombosis, *case.impaired)
    adapted = (problem_fact(p, concept) for concept in changed for p in _problems(facts, concept))
    pregnancies = (problem_fact(p, PREGNANCY) for p in pregnant(facts))
    return tuple(dict.fromkeys((*fired, *adapted, *pregnancies)))


def _problems(facts: Facts, concept: ProblemConcept) -> tuple[Problem, ...]:
    return one_sided_swelling(facts) if concept == LIMB_SWELLING else active(facts, concept)


def _unknown(facts: Facts) -> tuple[Phrase, ...]:
    return (
        *problems_missing(facts, *CRAMPS, *ALS, *_PERSONAL),
        *medicines_missing(facts, *CONTRIBUTORS, *BLEEDING),
        *searched_empty(facts, *MEDICINES),
        *results_missing(facts, *ANALYTES),
        *age_unknown(facts),
    )


def _leaflet(case: Case) -> PatientLeaflet | None:
    """The leaflet that teaches nothing which would do this patient harm; in ALS there is none yet."""
    if case.hands_off:
        return LEAFLET_WHEN_TO_CALL_A_DOCTOR
    if case.als:
        return None
    return LEAFLET_DURING_A_CRAMP if case.only_exercise else LEAFLET_LEG_CRAMPS


RULE = Rule(
    name="stretching_first",
    version="2",
    topic="StretchingFirst",
    title=words.TITLE,
    page="stretching-first",
    needs=("patient", "conditions", "observations", "medicationRequests", "medicationStatements"),
    evidence=EVIDENCE,
    decide=decide,
    history_for=frozenset(SUPPLEMENTS),
    analytes=READ,
    never_folded=True,
)
