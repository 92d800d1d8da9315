"""While ordering for a patient with ALS: a gabapentinoid that meets an opioid, a benzodiazepine or a low eGFR.

Judged are the selected drafts; what they meet may be any draft or active medicine. In palliative care the card is
for information. Without ALS the rest of the chart is not asked for: opioids are among a hospital's commonest orders.
"""

from collections.abc import Iterator
from datetime import date

from cds_service.decision.offers import offered
from cds_service.decision.phrases import Phrase, say
from cds_service.decision.recommendation import Advise, Decision, Indicator, NotAdvised, Rule, no_card
from cds_service.decision.recorded import problem_facts
from cds_service.decision.unknown import (
    age_unknown,
    drafts_unjudged,
    medicines_missing,
    problems_missing,
    results_missing,
)
from cds_service.guidelines.leg_cramps import citations, offers
from cds_service.guidelines.leg_cramps.als_cramps import words
from cds_service.guidelines.leg_cramps.als_cramps.breathing import LIMITS, Breathing, breathing_facts
from cds_service.guidelines.leg_cramps.als_cramps.concepts import DEPRESSANTS, GABAPENTINOIDS, PALLIATIVE
from cds_service.guidelines.leg_cramps.als_cramps.rule import (
    CITED_BALDINGER,
    CITED_FDA,
    MOST_WORDS,
    OVERRIDES,
    shorter_summary,
    summary,
)
from cds_service.guidelines.leg_cramps.concepts import ALS, EGFR
from cds_service.guidelines.leg_cramps.kidney import EGFR_LOW, recent_egfr
from cds_service.guidelines.leg_cramps.problems import als_family, als_problems
from cds_service.patient.facts import Facts, Medication, Problem
from cds_service.patient.medications import active_medications, may_be_placed
from cds_service.patient.problems import active
from cds_service.patient.terminology.vocabulary import DrugConcept

_NO_RISK = say(words.REASON_NO_RISK, limit=EGFR_LOW.value)
JUDGED = frozenset((*GABAPENTINOIDS, *DEPRESSANTS))


def decide(facts: Facts) -> Decision:
    """Warn before a gabapentinoid is ordered beside what depresses breathing too, or the other way round."""
    if not any(draft.selected for draft in _drafts(facts, *JUDGED)):
        return no_card(say(words.REASON_NO_DRAFT), *drafts_unjudged(facts))
    if facts.under_18:
        return NotAdvised(say(words.REASON_UNDER_18))
    als = als_problems(facts)
    if not als:
        return no_card(say(words.REASON_NO_ALS), *problems_missing(facts, *ALS))
    breathing = _breathing(facts)
    if breathing.at_risk:
        return _advise(facts, als, breathing)
    return no_card(_NO_RISK, *_missing(facts, breathing))


def may_speak(facts: Facts) -> bool:
    """Of the drafts and the problems alone: only in ALS does the rest of the chart matter."""
    return bool(als_problems(facts))


def _drafts(facts: Facts, *concepts: DrugConcept) -> tuple[Medication, ...]:
    return tuple(d for d in facts.drafts if may_be_placed(d) and d.holds(*concepts))


def _breathing(facts: Facts) -> Breathing:
    """What the selected drafts meet; an eGFR matters to a drafted gabapentinoid alone."""
    gabapentinoids = _drafts(facts, *GABAPENTINOIDS)
    depressants = _drafts(facts, *DEPRESSANTS)
    selected = any(draft.selected for draft in gabapentinoids)
    return Breathing(
        gabapentinoids=(*gabapentinoids, *active_medications(facts, *GABAPENTINOIDS)),
        depressants=(*depressants, *active_medications(facts, *DEPRESSANTS)),
        kidney=recent_egfr(facts) if selected else None,
    )


def _advise(facts: Facts, als: tuple[Problem, ...], breathing: Breathing) -> Advise:
    palliative = active(facts, PALLIATIVE)
    family = als_family(als)
    records = (*problem_facts(als, *ALS), *problem_facts(palliative, PALLIATIVE))
    return Advise(
        indicator=Indicator.INFO if palliative else Indicator.WARNING,
        summary=summary(family, breathing, palliative),
        shorter=shorter_summary(family, breathing),
        act=(say(words.ACT_PALLIATIVE if palliative else words.ACT_BREATHING), say(words.ACT_GABAPENTIN)),
        why=(*records, *breathing_facts(facts, breathing)),
        unknown=(*problems_missing(facts, PALLIATIVE), *age_unknown(facts)),
        evidence=(CITED_FDA, CITED_BALDINGER),
        suggestions=offered(facts, offers.NEUROLOGY),
        override_reasons=OVERRIDES,
    )


def _missing(facts: Facts, breathing: Breathing) -> Iterator[Phrase]:
    """What was not received and may hold what the draft would meet."""
    sought = DEPRESSANTS if breathing.gabapentinoids else GABAPENTINOIDS
    yield from medicines_missing(facts, *sought)
    if any(draft.selected for draft in _drafts(facts, *GABAPENTINOIDS)):
        yield from results_missing(facts, EGFR)


ORDER_RULE = Rule(
    name="als_cramps_order",
    version="9",
    changed=date(2026, 11, 30),
    topic="AlsCramps",
    title=words.TITLE_ORDER,
    page="als-cramps",
    needs=("patient", "conditions", "observations", "medicationRequests", "medicationStatements"),
    evidence=(citations.BALDINGER_2012, citations.FDA_GABAPENTIN_2019),
    decide=decide,
    analytes=(EGFR,),
    judges=JUDGED,
    may_speak=may_speak,
    limits=LIMITS,
    most_words=MOST_WORDS,
    outcomes=(*words.OUTCOMES_ORDER, _NO_RISK),
)
