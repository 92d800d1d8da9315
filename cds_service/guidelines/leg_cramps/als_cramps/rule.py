"""Cramps in ALS (motor neuron disease).

"Drugs are not the main choice, gabapentin as an adjunct in ALS excepted" (S8, Alomedika 2025). No drug has
been shown to help (Cochrane 2012, many trials underpowered); mexiletine has since had two favourable trials.
NICE considers quinine first, the FDA and the AAN avoid it: the card says both. What turns the card into a
warning is gabapentin or pregabalin together with an opioid, a benzodiazepine or an eGFR below 30: respiratory
depression (FDA 2019), in a disease of the respiratory muscles. In palliative care that is a choice, not a slip.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cds_service.decision import lab_words, overrides
from cds_service.decision.missing import MEDICINES, age_unknown, medicines_missing, problems_missing, results_missing
from cds_service.decision.offers import offered
from cds_service.decision.phrases import Joined, Phrase, say
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
from cds_service.decision.recorded import drug_names, medication_facts, problem_fact
from cds_service.decision.unknowns import searched_empty
from cds_service.guidelines.leg_cramps import citations, offers
from cds_service.guidelines.leg_cramps.als_cramps import words
from cds_service.guidelines.leg_cramps.als_cramps.concepts import DEPRESSANTS, GABAPENTINOIDS, PALLIATIVE
from cds_service.guidelines.leg_cramps.concepts import ALS, EGFR
from cds_service.guidelines.leg_cramps.electrolytes.limits import LAB
from cds_service.guidelines.leg_cramps.problems import als_family, als_problems, cramp_problems
from cds_service.guidelines.leg_cramps.stretching.plan import Case, case_of
from cds_service.patient.facts import Facts, LabResult, Medication, Problem
from cds_service.patient.labs.results import certainly_below, newer_unusable, newest
from cds_service.patient.medications import active_medications
from cds_service.patient.problems import active

EVIDENCE: tuple[Evidence, ...] = (
    citations.ALOMEDIKA_2025,
    citations.BORDONI_2020,
    citations.BALDINGER_2012,
    citations.WEISS_2016,
    citations.OSKARSSON_2018,
    citations.NICE_NG42,
    citations.FDA_BOXED_WARNING,
    citations.AAN_2010,
    citations.FDA_GABAPENTIN_2019,
)
EGFR_LOW = Decimal(30)  # mL/min/1.73m2, below
EGFR_DAYS = 365

_LINKS = tuple(
    GuidelineLink(say(label), evidence.url)
    for label, evidence in (
        (words.LINK_NICE, citations.NICE_NG42),
        (words.LINK_COCHRANE, citations.BALDINGER_2012),
    )
    if evidence.url is not None
)


@dataclass(frozen=True, slots=True)
class Breathing:
    """What bears on respiratory depression. ``kidney``: the newest eGFR within 12 months, low or not."""

    gabapentinoids: tuple[Medication, ...]
    depressants: tuple[Medication, ...]
    kidney: LabResult | None

    @property
    def kidney_low(self) -> bool:
        """True when the eGFR is certainly below 30."""
        return self.kidney is not None and certainly_below(self.kidney, EGFR_LOW)

    @property
    def at_risk(self) -> bool:
        """True when a gabapentinoid meets an opioid, a benzodiazepine or a low eGFR."""
        return bool(self.gabapentinoids) and (bool(self.depressants) or self.kidney_low)


def decide(facts: Facts) -> Decision:
    """Advise on drugs for cramps in ALS, warning where a gabapentinoid may depress breathing."""
    if facts.person.certainly_under_18(facts.today):
        return NotAdvised(say(words.REASON_UNDER_18))
    als = als_problems(facts)
    if als:
        return _advise(facts, als)
    missing = problems_missing(facts, *ALS)
    if missing:
        return CannotTell(missing)
    return NotAdvised(say(words.REASON_NO_ALS))


def _advise(facts: Facts, als: tuple[Problem, ...]) -> Advise:
    breathing = Breathing(
        gabapentinoids=active_medications(facts, *GABAPENTINOIDS),
        depressants=active_medications(facts, *DEPRESSANTS),
        kidney=_recent_egfr(facts),
    )
    palliative = active(facts, PALLIATIVE)
    warned = breathing.at_risk and not palliative
    safety = Section(words.HEADING_SAFETY, tuple(_safety(breathing, palliative)))
    options = (
        *_without_drugs(case_of(facts)),
        Section(words.HEADING_DRUGS, tuple(_drugs(facts))),
    )
    return Advise(
        indicator=Indicator.WARNING if warned else Indicator.INFO,
        summary=_summary(als, breathing, warned=warned),
        sections=(safety, *options) if breathing.gabapentinoids else (*options, safety),
        because=tuple(_because(facts, als, breathing, palliative)),
        unknown=tuple(_unknown(facts, breathing)),
        evidence=tuple(source for source in EVIDENCE if _is_shown(source, breathing)),
        suggestions=offered(facts, offers.NEUROLOGY),
        override_reasons=(
            overrides.SPECIALIST,
            overrides.BENEFIT,
            overrides.MONITORED,
            overrides.COMFORT,
            overrides.DATA_WRONG,
            overrides.LATER,
        ),
        links=_LINKS,
    )


def _without_drugs(case: Case) -> Iterator[Section]:
    """As on the stretching card: nothing while muscle or limb is at risk, no strengthening with a thrombosis."""
    if case.at_risk:
        return
    said = (words.FIRST_STRETCH_GENTLE,) if case.hands_off else (words.FIRST_STRETCH, words.FIRST_STRENGTHENING)
    yield Section(words.HEADING_FIRST, tuple(map(say, said)))


def _recent_egfr(facts: Facts) -> LabResult | None:
    result = newest(facts, EGFR)
    if result is None or result.moment is None:
        return None
    return result if result.moment.days_before(facts.today) <= EGFR_DAYS else None


def _summary(als: tuple[Problem, ...], breathing: Breathing, *, warned: bool) -> Phrase:
    """Names the risk only where it makes the card a warning."""
    family = als_family(als)
    if not warned:
        return say(words.SUMMARY[family])
    drugs = drug_names(breathing.gabapentinoids, *GABAPENTINOIDS)
    return say(words.SUMMARY_BREATHING[family], drugs=drugs, others=Joined(tuple(_risks(breathing))))


def _risks(breathing: Breathing) -> Iterator[Phrase]:
    for concept in DEPRESSANTS:
        if any(medication.holds(concept) for medication in breathing.depressants):
            yield say(words.RISK[concept])
    if breathing.kidney_low:
        yield say(words.RISK_KIDNEY)


def _safety(breathing: Breathing, palliative: tuple[Problem, ...]) -> Iterator[Phrase]:
    """What must be thought of before any drug: breathing and the kidney."""
    drugs = drug_names(breathing.gabapentinoids, *GABAPENTINOIDS)
    if breathing.gabapentinoids and breathing.depressants:
        yield say(words.SAFETY_DEPRESSANTS, drugs=drugs, others=drug_names(breathing.depressants, *DEPRESSANTS))
    if breathing.gabapentinoids and breathing.kidney_low:
        yield say(words.SAFETY_KIDNEY, drugs=drugs)
    if breathing.gabapentinoids and not breathing.at_risk:
        yield say(words.SAFETY_ALONE, drugs=drugs)
    if breathing.at_risk and palliative:
        yield say(words.SAFETY_PALLIATIVE)
    yield say(words.SAFETY_CREATININE)


def _drugs(facts: Facts) -> Iterator[Phrase]:
    """S8 and today's evidence; the guidelines that disagree on quinine, both."""
    yield say(words.DRUGS_GABAPENTIN)
    yield say(words.DRUGS_MEXILETINE)
    yield say(words.DRUGS_NICE)
    yield say(words.DRUGS_QUININE)
    if not cramp_problems(facts):
        yield say(words.DRUGS_QUININE_REMINDER)


def _because(
    facts: Facts, als: tuple[Problem, ...], breathing: Breathing, palliative: tuple[Problem, ...]
) -> Iterator[Because]:
    yield from (problem_fact(problem, *ALS) for problem in als)
    if breathing.gabapentinoids:
        yield from medication_facts(breathing.gabapentinoids, facts.today, *GABAPENTINOIDS)
        yield from medication_facts(breathing.depressants, facts.today, *DEPRESSANTS)
        if breathing.kidney is not None and breathing.kidney.moment is not None:
            value = lab_words.together((LAB.shown(breathing.kidney), *lab_words.notes(breathing.kidney)))
            phrase = say(words.BECAUSE_EGFR, value=value, date=breathing.kidney.moment)
            yield Because(phrase, breathing.kidney.source)
    yield from (problem_fact(problem, PALLIATIVE) for problem in palliative)


def _unknown(facts: Facts, breathing: Breathing) -> Iterator[Phrase]:
    """What could not be known, and what it leaves open."""
    yield from problems_missing(facts, *ALS, PALLIATIVE)
    medicines = medicines_missing(facts, *GABAPENTINOIDS, *DEPRESSANTS)
    yield from medicines
    if medicines:
        yield say(words.UNKNOWN_MEDICINES)
    yield from searched_empty(facts, *MEDICINES)
    results = results_missing(facts, EGFR)
    yield from results
    if breathing.gabapentinoids and breathing.kidney is None:
        yield say(words.UNKNOWN_EGFR_NOT_KNOWN if results else words.UNKNOWN_EGFR)
    if breathing.gabapentinoids:
        yield from (
            say(words.UNKNOWN_NEWER_EGFR, value=lab_words.unusable(result))
            for result in newer_unusable(facts, EGFR)[:1]
        )
    yield from age_unknown(facts)


def _is_shown(source: Evidence, breathing: Breathing) -> bool:
    return source != citations.FDA_GABAPENTIN_2019 or bool(breathing.gabapentinoids)


RULE = Rule(
    name="als_cramps",
    version="1",
    topic="AlsCramps",
    title=words.TITLE,
    needs=("patient", "conditions", "observations", "medicationRequests", "medicationStatements"),
    evidence=EVIDENCE,
    decide=decide,
    analytes=(EGFR,),
)
