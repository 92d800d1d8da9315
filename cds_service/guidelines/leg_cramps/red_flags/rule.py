"""Red flags: what on record may mean that this is not a simple cramp.

"Cramps are told from deep vein thrombosis, ischaemia, compartment syndrome, rhabdomyolysis, motor neuron
and nerve disease, claudication and restless legs by history and examination" (Allen & Kirby 2012). With a
cramp problem on the list, each of these that is recorded is named first: the dangerous ones as a warning,
the chronic mimics for information. Any two of weakness, wasting and fasciculation without ALS are a warning. A DVT with an active anticoagulant on the list is no red flag; one that
is on hold, may be outdated or has no known status leaves it open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from cds_service.decision import overrides
from cds_service.decision.offers import Offer, offered
from cds_service.decision.phrases import Joined, Phrase, Text, say
from cds_service.decision.recommendation import (
    Advise,
    Because,
    Bullet,
    Cited,
    Decision,
    Evidence,
    Indicator,
    NotAdvised,
    Rule,
    no_card,
)
from cds_service.decision.recorded import drug_names, medication_facts, problem_facts
from cds_service.decision.unknown import age_unknown, medicines_missing, problems_missing
from cds_service.guidelines.leg_cramps import citations, offers
from cds_service.guidelines.leg_cramps.concepts import (
    ALS,
    ANTICOAGULANTS,
    CAUDA_EQUINA,
    CHRONIC_PAD,
    COMPARTMENT_SYNDROME,
    CRAMPS,
    CRITICAL_LIMB_ISCHAEMIA,
    DVT,
    LIMB_SWELLING,
    RESTLESS_LEGS,
    RHABDOMYOLYSIS,
    SWELLING,
)
from cds_service.guidelines.leg_cramps.laterality import one_sided
from cds_service.guidelines.leg_cramps.medicines import anticoagulants_in_blood
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_facts, cramp_problems
from cds_service.guidelines.leg_cramps.red_flags import words
from cds_service.guidelines.leg_cramps.red_flags.words import SIGNS, WEAKNESS
from cds_service.guidelines.leg_cramps.words import LEAFLET_WHEN_TO_CALL_A_DOCTOR
from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, Medication, Problem
from cds_service.patient.medications import may_be_outdated
from cds_service.patient.problems import active
from cds_service.patient.terminology.vocabulary import ProblemConcept

EVIDENCE: tuple[Evidence, ...] = (citations.ALLEN_KIRBY_2012,)
NAMED_IN_SUMMARY = 2
ADVISED = 2
"""So many findings are advised on; the card names a few more."""

_CONCEPTS = (
    DVT,
    *SWELLING,
    CRITICAL_LIMB_ISCHAEMIA,
    COMPARTMENT_SYNDROME,
    RHABDOMYOLYSIS,
    CAUDA_EQUINA,
    *SIGNS,
    CHRONIC_PAD,
    RESTLESS_LEGS,
)


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One finding. ``advice``: what to do; ``why``: the records."""

    finding: Text
    indicator: Indicator
    why: tuple[Because, ...]
    advice: Phrase
    offers: tuple[Offer, ...] = ()


def decide(facts: Facts) -> Decision:
    """Warn of what must be ruled out before the cramp is taken for simple."""
    if facts.under_18:
        return NotAdvised(say(words.REASON_UNDER_18))
    cramps = cramp_problems(facts)
    if not cramps:
        return no_card(say(words.REASON_NO_CRAMPS), *problems_missing(facts, *CRAMPS))
    flags = red_flags(facts)
    if flags:
        return _advise(facts, cramps, flags)
    return no_card(_nothing(facts), *problems_missing(facts, *_CONCEPTS))


@asked_once
def red_flags(facts: Facts) -> tuple[RedFlag, ...]:
    """Every finding on record, warnings first."""
    found = (flag for check in CHECKS if (flag := check(facts)) is not None)
    return tuple(sorted(found, key=lambda flag: -flag.indicator))


def anticoagulants(facts: Facts) -> tuple[Medication, ...]:
    """Anticoagulants surely active: one on hold protects nobody, one outdated or of unknown status may not."""
    return tuple(
        medication
        for medication in anticoagulants_in_blood(facts)
        if medication.status not in ("on-hold", "unknown", None) and not may_be_outdated(medication, facts.today)
    )


def one_sided_swelling(facts: Facts) -> tuple[Problem, ...]:
    """Swelling that the record itself puts in one leg; both legs, or no side given, is not it."""
    return tuple(problem for problem in active(facts, *SWELLING) if one_sided(problem))


def _dvt(facts: Facts) -> RedFlag | None:
    problems = active(facts, DVT)
    if not problems or anticoagulants(facts):
        return None
    listed = anticoagulants_in_blood(facts)
    why = (*problem_facts(problems, DVT), *medication_facts(listed, facts.today, *ANTICOAGULANTS))
    advice = say(_treatment(facts, listed))
    return RedFlag(words.FINDING[DVT], Indicator.WARNING, why, advice, (offers.LEG_VEIN_ULTRASOUND,))


def _treatment(facts: Facts, listed: tuple[Medication, ...]) -> Text:
    """What is said of a DVT whose treatment is not sure."""
    if any(m.status != "on-hold" and may_be_outdated(m, facts.today) for m in listed):
        return words.ADVICE_DVT_OUTDATED
    if any(m.status != "on-hold" for m in listed):
        return words.ADVICE_DVT_STATUS_UNKNOWN
    if listed:
        return words.ADVICE_DVT_ON_HOLD
    if medicines_missing(facts, *ANTICOAGULANTS):
        return words.ADVICE_DVT_MEDICINES_UNKNOWN
    return words.ADVICE[DVT]


def _swelling(facts: Facts) -> RedFlag | None:
    why = problem_facts(one_sided_swelling(facts), *SWELLING)
    return _flag(LIMB_SWELLING, Indicator.WARNING, why, (offers.LEG_VEIN_ULTRASOUND,))


def _ischaemia(facts: Facts) -> RedFlag | None:
    orders = (offers.VASCULAR, offers.ANKLE_BRACHIAL_INDEX)
    return _flag(CRITICAL_LIMB_ISCHAEMIA, Indicator.WARNING, _recorded(facts, CRITICAL_LIMB_ISCHAEMIA), orders)


def _compartment(facts: Facts) -> RedFlag | None:
    return _flag(COMPARTMENT_SYNDROME, Indicator.WARNING, _recorded(facts, COMPARTMENT_SYNDROME))


def _rhabdomyolysis(facts: Facts) -> RedFlag | None:
    return _flag(RHABDOMYOLYSIS, Indicator.WARNING, _recorded(facts, RHABDOMYOLYSIS))


def _cauda_equina(facts: Facts) -> RedFlag | None:
    return _flag(CAUDA_EQUINA, Indicator.WARNING, _recorded(facts, CAUDA_EQUINA))


def _weakness(facts: Facts) -> RedFlag | None:
    """Any two of the signs without ALS; weakness alone is a mimic."""
    if als_problems(facts):
        return None
    recorded = {sign: why for sign in SIGNS if (why := _recorded(facts, sign))}
    why = tuple(dict.fromkeys(fact for facts_of_it in recorded.values() for fact in facts_of_it))
    pair = next(combinations(recorded, 2), None)
    if pair is not None:
        finding = words.FINDING_SIGNS[pair]
        advice = say(words.ADVICE_SIGNS, finding=say(finding))
        return RedFlag(finding, Indicator.WARNING, why, advice, (offers.NEUROLOGY,))
    if WEAKNESS not in recorded:
        return None
    return RedFlag(words.FINDING_WEAKNESS, Indicator.INFO, why, say(words.ADVICE_WEAKNESS))


def _claudication(facts: Facts) -> RedFlag | None:
    if active(facts, CRITICAL_LIMB_ISCHAEMIA):
        return None
    return _flag(CHRONIC_PAD, Indicator.INFO, _recorded(facts, CHRONIC_PAD), (offers.ANKLE_BRACHIAL_INDEX,))


def _restless_legs(facts: Facts) -> RedFlag | None:
    return _flag(RESTLESS_LEGS, Indicator.INFO, _recorded(facts, RESTLESS_LEGS))


CHECKS: tuple[Callable[[Facts], RedFlag | None], ...] = (
    _dvt,
    _swelling,
    _ischaemia,
    _compartment,
    _rhabdomyolysis,
    _cauda_equina,
    _weakness,
    _claudication,
    _restless_legs,
)


def _flag(
    concept: ProblemConcept, indicator: Indicator, why: tuple[Because, ...], orders: tuple[Offer, ...] = ()
) -> RedFlag | None:
    """The flag of one problem by itself, where it is recorded."""
    return RedFlag(words.FINDING[concept], indicator, why, say(words.ADVICE[concept]), orders) if why else None


def _recorded(facts: Facts, concept: ProblemConcept) -> tuple[Because, ...]:
    return problem_facts(active(facts, concept), concept)


def _advise(facts: Facts, cramps: tuple[Problem, ...], flags: tuple[RedFlag, ...]) -> Advise:
    indicator = flags[0].indicator
    records = (fact for flag in flags for fact in flag.why)
    why = tuple(dict.fromkeys((*records, *cramp_facts(cramps))))
    return Advise(
        indicator=indicator,
        summary=say(words.SUMMARY, finding=_named(flags)),
        act=_act(flags),
        why=why,
        unknown=_unknown(facts),
        evidence=(Cited(say(words.CITED_ALLEN_KIRBY), (citations.ALLEN_KIRBY_2012,)),),
        suggestions=offered(facts, *(offer for flag in flags for offer in flag.offers)),
        override_reasons=(overrides.SPECIALIST, overrides.DATA_WRONG, overrides.LATER, overrides.COMFORT),
        leaflet=LEAFLET_WHEN_TO_CALL_A_DOCTOR if indicator is Indicator.WARNING else None,
    )


def _act(flags: tuple[RedFlag, ...]) -> tuple[Bullet, ...]:
    """What to do about the first findings; the others by name."""
    advised, others = flags[:ADVISED], flags[ADVISED:]
    acts = tuple(flag.advice for flag in advised)
    return (*acts, say(words.ALSO, findings=_named(others))) if others else acts


def _named(flags: tuple[RedFlag, ...]) -> Phrase:
    """The first two findings, and how many more there are."""
    names = Joined(tuple(say(flag.finding) for flag in flags[:NAMED_IN_SUMMARY]))
    more = len(flags) - NAMED_IN_SUMMARY
    if more > 0:
        return say(words.NAMED_AND_MORE, names=names, more=more)
    return say(words.NAMED, names=names)


def _unknown(facts: Facts) -> tuple[Phrase, ...]:
    dvt = bool(active(facts, DVT))
    medicines = medicines_missing(facts, *ANTICOAGULANTS) if dvt else ()
    return (*problems_missing(facts, *_CONCEPTS, *ALS), *medicines, *age_unknown(facts))


def _nothing(facts: Facts) -> Phrase:
    if not active(facts, DVT):
        return say(words.REASON_NONE)
    return say(words.REASON_DVT_TREATED, drugs=drug_names(anticoagulants(facts), *ANTICOAGULANTS))


RULE = Rule(
    name="red_flags",
    version="3",
    changed=date(2026, 11, 30),
    topic="RedFlags",
    title=words.TITLE,
    page="red-flags",
    needs=("patient", "conditions", "medicationRequests", "medicationStatements"),
    evidence=EVIDENCE,
    decide=decide,
    most_words=90,
    outcomes=words.OUTCOMES,
)
