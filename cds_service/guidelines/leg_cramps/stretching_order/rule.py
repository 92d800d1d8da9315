"""While a gabapentinoid or a vitamin is ordered for leg cramps, without ALS: stretching first.

"Drugs are not the main choice, gabapentin as an adjunct in ALS excepted" (S8); "vitamin B complex and vitamin E reduced
cramps in some studies" (S11, Alomedika 2025), which later trials do not bear out. Judged are the selected drafts whose
own reason is a cramp. A gabapentinoid that meets an opioid, a benzodiazepine or a low eGFR is a warning: respiratory
depression (FDA 2019). With ALS its own rule speaks. Without the reason nothing beyond the problems is asked for.
"""

from collections.abc import Iterator
from datetime import date

from cds_service.decision import overrides
from cds_service.decision.offers import offered
from cds_service.decision.phrases import Phrase, say
from cds_service.decision.recommendation import (
    Advise,
    Because,
    Bullet,
    CannotTell,
    Cited,
    Decision,
    Evidence,
    Indicator,
    NotAdvised,
    Rule,
    no_card,
)
from cds_service.decision.recorded import drug_names, medication_facts, problem_facts
from cds_service.decision.unknown import (
    age_unknown,
    drafts_unjudged,
    medicines_missing,
    problems_missing,
    reasons_missing,
    results_missing,
)
from cds_service.guidelines.leg_cramps import citations, offers
from cds_service.guidelines.leg_cramps.als_cramps.breathing import LIMITS, Breathing, breathing_facts
from cds_service.guidelines.leg_cramps.als_cramps.concepts import DEPRESSANTS, GABAPENTINOIDS
from cds_service.guidelines.leg_cramps.concepts import ALS, EGFR, MUSCLE_OR_LIMB_AT_RISK
from cds_service.guidelines.leg_cramps.kidney import recent_egfr
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_reasons, is_for_cramps, stretching_waits
from cds_service.guidelines.leg_cramps.stretching.act import BLEEDING, bleeding_drugs
from cds_service.guidelines.leg_cramps.stretching_order import words
from cds_service.guidelines.leg_cramps.stretching_order.words import VITAMIN_B, VITAMIN_E
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.medications import active_medications, may_be_placed
from cds_service.patient.problems import active
from cds_service.patient.terminology.vocabulary import DrugConcept

GABAPENTIN = GABAPENTINOIDS[0]
JUDGED = frozenset((*GABAPENTINOIDS, VITAMIN_E, VITAMIN_B))
EVIDENCE: tuple[Evidence, ...] = (
    citations.HAWKE_2021,
    citations.FDA_GABAPENTIN_2019,
    citations.ALOMEDIKA_2025,
    citations.BORDONI_2020,
    citations.CONNOLLY_1992,
    citations.MILLER_2005,
    citations.CHAN_1998,
)
_STRETCHING = Cited(say(words.CITED_STRETCHING), (citations.HAWKE_2021,))
_FDA = Cited(say(words.CITED_FDA), (citations.FDA_GABAPENTIN_2019,))
_ADJUNCT = Cited(say(words.CITED_ADJUNCT), (citations.ALOMEDIKA_2025, citations.BORDONI_2020))
_VITAMIN_E = Cited(say(words.CITED_VITAMIN_E), (citations.CONNOLLY_1992, citations.MILLER_2005))
_VITAMIN_B = Cited(say(words.CITED_VITAMIN_B), (citations.CHAN_1998,))


def decide(facts: Facts) -> Decision:
    """Stretching first, and what is known of the drug, before it is ordered for cramps."""
    judged = _selected(facts, *JUDGED)
    if not judged:
        return no_card(say(words.REASON_NO_DRAFT), *drafts_unjudged(facts))
    if facts.under_18:
        return NotAdvised(say(words.REASON_UNDER_18))
    drafts = _for_cramps(facts)
    if not drafts:
        return no_card(say(words.REASON_NOT_FOR_CRAMPS), *reasons_missing(judged))
    if als_problems(facts):
        return NotAdvised(say(words.REASON_ALS))
    breathing = _breathing(facts, drafts)
    missing = problems_missing(facts, *ALS)
    if missing and not breathing.at_risk:
        return CannotTell(missing)
    return _advise(facts, drafts, breathing)


def may_speak(facts: Facts) -> bool:
    """Of the drafts and the problems alone: whether one is for cramps, and nothing known speaks of ALS."""
    return bool(_for_cramps(facts)) and not als_problems(facts)


def _selected(facts: Facts, *concepts: DrugConcept) -> tuple[Medication, ...]:
    return tuple(d for d in facts.drafts if d.selected and may_be_placed(d) and any(map(d.holds, concepts)))


def _for_cramps(facts: Facts) -> tuple[Medication, ...]:
    return tuple(d for d in _selected(facts, *JUDGED) if is_for_cramps(d))


def _breathing(facts: Facts, drafts: tuple[Medication, ...]) -> Breathing:
    """What the drafted gabapentinoids meet, among the active medicines and the other drafts."""
    gabapentinoids = tuple(one for one in drafts if any(map(one.holds, GABAPENTINOIDS)))
    if not gabapentinoids:
        return Breathing(gabapentinoids=(), depressants=(), kidney=None)
    others = tuple(d for d in facts.drafts if may_be_placed(d) and any(map(d.holds, DEPRESSANTS)))
    return Breathing(
        gabapentinoids=gabapentinoids,
        depressants=(*others, *active_medications(facts, *DEPRESSANTS)),
        kidney=recent_egfr(facts),
    )


def _advise(facts: Facts, drafts: tuple[Medication, ...], breathing: Breathing) -> Advise:
    vitamins = tuple(kind for kind in (VITAMIN_E, VITAMIN_B) if any(one.holds(kind) for one in drafts))
    return Advise(
        indicator=Indicator.WARNING if breathing.at_risk else Indicator.INFO,
        summary=_summary(facts, breathing, vitamins),
        shorter=_shorter(breathing) if breathing.at_risk else None,
        act=tuple(_act(facts, breathing, vitamins)),
        why=tuple(dict.fromkeys(_why(facts, drafts, breathing))),
        unknown=tuple(_unknown(facts, breathing, vitamins)),
        evidence=tuple(_cited(facts, breathing, vitamins)),
        suggestions=() if stretching_waits(facts) else offered(facts, offers.STRETCHING_EDUCATION),
        override_reasons=(
            overrides.SPECIALIST,
            overrides.BENEFIT,
            overrides.DATA_WRONG,
            overrides.LATER,
            overrides.COMFORT,
        ),
    )


def _summary(facts: Facts, breathing: Breathing, vitamins: tuple[DrugConcept, ...]) -> Phrase:
    if breathing.at_risk:
        return say(words.SUMMARY_BREATHING, drugs=_named(breathing), others=breathing.others)
    if stretching_waits(facts):
        return say(words.SUMMARY_AT_RISK)
    if breathing.gabapentinoids:
        return say(words.SUMMARY_GABAPENTINOID, drugs=_named(breathing))
    return say(words.SUMMARY_VITAMIN[vitamins[0]] if len(vitamins) == 1 else words.SUMMARY_VITAMINS)


def _shorter(breathing: Breathing) -> Phrase:
    return say(words.SUMMARY_BREATHING_SHORT, drugs=_named(breathing), others=breathing.others)


def _named(breathing: Breathing) -> Phrase:
    """The drafted gabapentinoid at the start of a sentence, or what they are together."""
    held = _held(breathing)
    return say(words.NAME[held[0]] if len(held) == 1 else words.NAME_BOTH)


def _held(breathing: Breathing) -> list[DrugConcept]:
    return [concept for concept in GABAPENTINOIDS if any(one.holds(concept) for one in breathing.gabapentinoids)]


def _act(facts: Facts, breathing: Breathing, vitamins: tuple[DrugConcept, ...]) -> Iterator[Bullet]:
    """Breathing and bleeding first, then what needs no drug, then what is known of the drug."""
    if breathing.at_risk:
        yield say(words.ACT_BREATHING)
    bleeding = bleeding_drugs(facts) if VITAMIN_E in vitamins else ()
    if bleeding:
        yield say(words.ACT_BLEEDING, drugs=drug_names(bleeding, *BLEEDING))
    yield say(words.ACT_AT_RISK if stretching_waits(facts) else words.ACT_STRETCH)
    if held := _held(breathing):
        yield say(words.ACT_GABAPENTINOID[held[0]] if len(held) == 1 else words.ACT_GABAPENTINOIDS)
    for kind in vitamins:
        yield say(words.ACT_VITAMIN[kind])


def _why(facts: Facts, drafts: tuple[Medication, ...], breathing: Breathing) -> Iterator[Because]:
    """The drafts with their reasons, and what they meet."""
    yield from medication_facts(drafts, facts.today, *GABAPENTINOIDS, VITAMIN_E, VITAMIN_B)
    yield from cramp_reasons(words.WHY_REASON, drafts)
    yield from problem_facts(active(facts, *MUSCLE_OR_LIMB_AT_RISK), *MUSCLE_OR_LIMB_AT_RISK)
    yield from breathing_facts(facts, breathing)
    if any(one.holds(VITAMIN_E) for one in drafts):
        yield from medication_facts(bleeding_drugs(facts), facts.today, *BLEEDING)


def _unknown(facts: Facts, breathing: Breathing, vitamins: tuple[DrugConcept, ...]) -> Iterator[Phrase]:
    """What may hold ALS, or what the draft would meet."""
    yield from problems_missing(facts, *ALS)
    sought = (*(DEPRESSANTS if breathing.gabapentinoids else ()), *(BLEEDING if VITAMIN_E in vitamins else ()))
    if sought:
        yield from medicines_missing(facts, *sought)
    if breathing.gabapentinoids:
        yield from results_missing(facts, EGFR)
    yield from age_unknown(facts)


def _cited(facts: Facts, breathing: Breathing, vitamins: tuple[DrugConcept, ...]) -> Iterator[Cited]:
    if breathing.gabapentinoids:
        yield _FDA
    if not stretching_waits(facts):
        yield _STRETCHING
    if VITAMIN_E in vitamins:
        yield _VITAMIN_E
    if VITAMIN_B in vitamins:
        yield _VITAMIN_B
    if GABAPENTIN in _held(breathing):
        yield _ADJUNCT


ORDER_RULE = Rule(
    name="stretching_first_order",
    version="8",
    changed=date(2026, 12, 1),
    topic="StretchingFirst",
    title=words.TITLE,
    page="stretching-first",
    needs=("patient", "conditions", "observations", "medicationRequests", "medicationStatements"),
    evidence=EVIDENCE,
    decide=decide,
    analytes=(EGFR,),
    judges=JUDGED,
    may_speak=may_speak,
    limits=LIMITS,
    most_words=165,
    outcomes=words.OUTCOMES,
)
