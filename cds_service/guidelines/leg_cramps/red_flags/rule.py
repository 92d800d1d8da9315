"""Red flags: what on record may mean that this is not a simple cramp.

"Cramps are told from deep vein thrombosis, ischaemia, compartment syndrome, rhabdomyolysis, motor neuron
and nerve disease, claudication and restless legs by history and examination" (Allen & Kirby 2012). With a
cramp problem on the list, each of these that is recorded is named first: the dangerous ones as a warning,
the chronic mimics for information. A DVT with an active anticoagulant on the list is no red flag; one that
is on hold, may be outdated or has no known status leaves it open.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cds_service.decision import overrides
from cds_service.decision.missing import MEDICINES, age_unknown, medicines_missing, problems_missing
from cds_service.decision.offers import Offer, offered
from cds_service.decision.phrases import Joined, Phrase, Text, say
from cds_service.decision.recommendation import (
    Advise,
    Because,
    CannotTell,
    Decision,
    Evidence,
    Indicator,
    NotAdvised,
    Rule,
    Section,
)
from cds_service.decision.recorded import drug_names, medication_facts, problem_fact
from cds_service.decision.unknowns import searched_empty
from cds_service.guidelines.leg_cramps import citations, offers
from cds_service.guidelines.leg_cramps.concepts import (
    ALS,
    ANTICOAGULANTS,
    CHRONIC_PAD,
    COMPARTMENT_SYNDROME,
    COMPLAINT_DAYS,
    CRAMPS,
    CRITICAL_LIMB_ISCHAEMIA,
    DVT,
    LIMB_SWELLING,
    RESTLESS_LEGS,
    RHABDOMYOLYSIS,
    SWELLING,
)
from cds_service.guidelines.leg_cramps.laterality import one_sided
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_fact, cramp_problems
from cds_service.guidelines.leg_cramps.red_flags import words
from cds_service.guidelines.leg_cramps.words import LEAFLET_WHEN_TO_CALL_A_DOCTOR
from cds_service.patient.facts import Facts, Medication, Problem, Route
from cds_service.patient.medications import active_medications, may_be_outdated
from cds_service.patient.problems import active
from cds_service.patient.terminology.vocabulary import ProblemConcept, problem

EVIDENCE: tuple[Evidence, ...] = (citations.ALLEN_KIRBY_2012,)
WEAKNESS = problem("muscle_weakness", days_of_visit=COMPLAINT_DAYS)
WASTING = problem("muscle_wasting", days_of_visit=COMPLAINT_DAYS)
FASCICULATION = problem("fasciculation", days_of_visit=COMPLAINT_DAYS)
NAMED_IN_SUMMARY = 2

_CONCEPTS = (
    DVT,
    *SWELLING,
    CRITICAL_LIMB_ISCHAEMIA,
    COMPARTMENT_SYNDROME,
    RHABDOMYOLYSIS,
    WEAKNESS,
    WASTING,
    FASCICULATION,
    CHRONIC_PAD,
    RESTLESS_LEGS,
)


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One finding. ``advice``: what to do; ``because``: the records."""

    finding: Text
    indicator: Indicator
    because: tuple[Because, ...]
    advice: Text
    offers: tuple[Offer, ...] = ()


def decide(facts: Facts) -> Decision:
    """Warn of what must be ruled out before the cramp is taken for simple."""
    if facts.person.certainly_under_18(facts.today):
        return NotAdvised(say(words.REASON_UNDER_18))
    cramps = cramp_problems(facts)
    if not cramps:
        missing = problems_missing(facts, *CRAMPS)
        return CannotTell(missing) if missing else NotAdvised(say(words.REASON_NO_CRAMPS))
    flags = red_flags(facts)
    if flags:
        return _advise(facts, cramps, flags)
    missing = problems_missing(facts, *_CONCEPTS)
    if missing:
        return CannotTell(missing)
    return NotAdvised(_nothing(facts))


def red_flags(facts: Facts) -> tuple[RedFlag, ...]:
    """Every finding on record, warnings first."""
    found = (flag for check in CHECKS if (flag := check(facts)) is not None)
    return tuple(sorted(found, key=lambda flag: -flag.indicator))


def anticoagulants(facts: Facts) -> tuple[Medication, ...]:
    """Anticoagulants surely active: one on hold protects nobody, one outdated or of unknown status may not."""
    return tuple(
        medication
        for medication in _listed_anticoagulants(facts)
        if medication.status not in ("on-hold", "unknown", None) and not may_be_outdated(medication, facts.today)
    )


def _listed_anticoagulants(facts: Facts) -> tuple[Medication, ...]:
    """Those that act in the blood; a heparin gel does not."""
    return tuple(one for one in active_medications(facts, *ANTICOAGULANTS) if one.route is not Route.LOCAL)


def one_sided_swelling(facts: Facts) -> tuple[Problem, ...]:
    """Swelling that the record itself puts in one leg; both legs, or no side given, is not it."""
    return tuple(problem for problem in active(facts, *SWELLING) if one_sided(problem))


def _dvt(facts: Facts) -> RedFlag | None:
    problems = active(facts, DVT)
    if not problems or anticoagulants(facts):
        return None
    listed = _listed_anticoagulants(facts)
    advice, why = _treatment(facts, listed)
    because = (*_facts(problems, DVT), *medication_facts(listed, facts.today, *ANTICOAGULANTS), *why)
    return RedFlag(words.FINDING[DVT], Indicator.WARNING, because, advice, (offers.LEG_VEIN_ULTRASOUND,))


def _treatment(facts: Facts, listed: tuple[Medication, ...]) -> tuple[Text, tuple[Because, ...]]:
    """What is said of a DVT whose treatment is not sure, and why where no medicine on the list says it."""
    if any(m.status != "on-hold" and may_be_outdated(m, facts.today) for m in listed):
        return words.ADVICE_DVT_OUTDATED, ()
    if any(m.status != "on-hold" for m in listed):
        return words.ADVICE_DVT_STATUS_UNKNOWN, ()
    if listed:
        return words.ADVICE_DVT_ON_HOLD, ()
    if medicines_missing(facts, *ANTICOAGULANTS):
        return words.ADVICE_DVT_MEDICINES_UNKNOWN, (Because(say(words.BECAUSE_ANTICOAGULANT_UNKNOWN)),)
    return words.ADVICE[DVT], (Because(say(words.BECAUSE_NO_ANTICOAGULANT)),)


def _swelling(facts: Facts) -> RedFlag | None:
    problems = one_sided_swelling(facts)
    if not problems:
        return None
    because = tuple(problem_fact(problem, *SWELLING) for problem in problems)
    return _flag(LIMB_SWELLING, Indicator.WARNING, because, (offers.LEG_VEIN_ULTRASOUND,))


def _ischaemia(facts: Facts) -> RedFlag | None:
    because = _facts(active(facts, CRITICAL_LIMB_ISCHAEMIA), CRITICAL_LIMB_ISCHAEMIA)
    if not because:
        return None
    orders = (offers.VASCULAR, offers.ANKLE_BRACHIAL_INDEX)
    return _flag(CRITICAL_LIMB_ISCHAEMIA, Indicator.WARNING, because, orders)


def _compartment(facts: Facts) -> RedFlag | None:
    because = _facts(active(facts, COMPARTMENT_SYNDROME), COMPARTMENT_SYNDROME)
    return _flag(COMPARTMENT_SYNDROME, Indicator.WARNING, because) if because else None


def _rhabdomyolysis(facts: Facts) -> RedFlag | None:
    because = _facts(active(facts, RHABDOMYOLYSIS), RHABDOMYOLYSIS)
    return _flag(RHABDOMYOLYSIS, Indicator.WARNING, because) if because else None


def _weakness(facts: Facts) -> RedFlag | None:
    weakness = _facts(active(facts, WEAKNESS), WEAKNESS)
    if not weakness or als_problems(facts):
        return None
    wasting = _facts(active(facts, WASTING), WASTING)
    fasciculation = _facts(active(facts, FASCICULATION), FASCICULATION)
    if not wasting and not fasciculation:
        return RedFlag(words.FINDING_WEAKNESS, Indicator.INFO, weakness, words.ADVICE_WEAKNESS)
    because = tuple(dict.fromkeys((*weakness, *wasting, *fasciculation)))
    finding = words.FINDING_WEAKNESS_WASTING if wasting else words.FINDING_WEAKNESS_FASCICULATION
    return RedFlag(finding, Indicator.WARNING, because, words.ADVICE_WEAKNESS_WITH_SIGNS, (offers.NEUROLOGY,))


def _claudication(facts: Facts) -> RedFlag | None:
    because = _facts(active(facts, CHRONIC_PAD), CHRONIC_PAD)
    if not because or active(facts, CRITICAL_LIMB_ISCHAEMIA):
        return None
    return _flag(CHRONIC_PAD, Indicator.INFO, because, (offers.ANKLE_BRACHIAL_INDEX,))


def _restless_legs(facts: Facts) -> RedFlag | None:
    because = _facts(active(facts, RESTLESS_LEGS), RESTLESS_LEGS)
    return _flag(RESTLESS_LEGS, Indicator.INFO, because) if because else None


CHECKS: tuple[Callable[[Facts], RedFlag | None], ...] = (
    _dvt,
    _swelling,
    _ischaemia,
    _compartment,
    _rhabdomyolysis,
    _weakness,
    _claudication,
    _restless_legs,
)


def _flag(
    concept: ProblemConcept, indicator: Indicator, because: tuple[Because, ...], orders: tuple[Offer, ...] = ()
) -> RedFlag:
    """The flag of one problem by itself."""
    return RedFlag(words.FINDING[concept], indicator, because, words.ADVICE[concept], orders)


def _facts(problems: Iterable[Problem], concept: ProblemConcept) -> tuple[Because, ...]:
    return tuple(problem_fact(problem, concept) for problem in problems)


def _advise(facts: Facts, cramps: tuple[Problem, ...], flags: tuple[RedFlag, ...]) -> Advise:
    indicator = max(flag.indicator for flag in flags)
    urgent = tuple(_advice(flag) for flag in flags if flag.indicator is Indicator.WARNING)
    others = tuple(_advice(flag) for flag in flags if flag.indicator is Indicator.INFO)
    sections = (Section(words.HEADING_FIRST, urgent), Section(words.HEADING_MIMICS, others))
    records = (fact for flag in flags for fact in flag.because)
    return Advise(
        indicator=indicator,
        summary=say(words.SUMMARY, finding=_named(flags)),
        sections=tuple(section for section in sections if section.lines),
        because=tuple(dict.fromkeys((*records, *(cramp_fact(problem) for problem in cramps)))),
        unknown=_unknown(facts),
        evidence=EVIDENCE,
        suggestions=offered(facts, *(offer for flag in flags for offer in flag.offers)),
        override_reasons=(overrides.SPECIALIST, overrides.DATA_WRONG, overrides.LATER, overrides.COMFORT),
        leaflet=LEAFLET_WHEN_TO_CALL_A_DOCTOR if indicator is Indicator.WARNING else None,
    )


def _advice(flag: RedFlag) -> Phrase:
    return say(flag.advice)


def _named(flags: tuple[RedFlag, ...]) -> Phrase:
    """The first two findings, and how many more there are."""
    names = Joined(tuple(say(flag.finding) for flag in flags[:NAMED_IN_SUMMARY]))
    more = len(flags) - NAMED_IN_SUMMARY
    if more > 0:
        return say(words.NAMED_AND_MORE, names=names, more=more)
    return say(words.NAMED, names=names)


def _unknown(facts: Facts) -> tuple[Phrase, ...]:
    dvt = bool(active(facts, DVT))
    medicines = (*medicines_missing(facts, *ANTICOAGULANTS), *searched_empty(facts, *MEDICINES)) if dvt else ()
    return (*problems_missing(facts, *_CONCEPTS, *ALS), *medicines, *age_unknown(facts))


def _nothing(facts: Facts) -> Phrase:
    if not active(facts, DVT):
        return say(words.REASON_NONE)
    return say(words.REASON_DVT_TREATED, drugs=drug_names(anticoagulants(facts), *ANTICOAGULANTS))


RULE = Rule(
    name="red_flags",
    version="1",
    topic="RedFlags",
    title=words.TITLE,
    needs=("patient", "conditions", "medicationRequests", "medicationStatements"),
    evidence=EVIDENCE,
    decide=decide,
)
