"""Who is at special risk from quinine used for anything but malaria: the safety matrix.

Critical hazards come first, then warning lines, which never escalate a card by themselves. Values
are taken as received against these limits: no laboratory flag, no range of the laboratory's own.
Sources: US quinine label (boxed warning, contraindications, interactions), UK label, AHA/ACCF/HRS 2009 (QTc).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from cds_service.decision import lab_words
from cds_service.decision.phrases import Joined, Phrase, Received, Text, say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import hazard_fact, problem_fact, problem_name
from cds_service.guidelines.leg_cramps.concepts import (
    EGFR,
    MAGNESIUM,
    POTASSIUM,
    PREGNANCY,
)
from cds_service.guidelines.leg_cramps.electrolytes.findings import calcium_notes, days_old
from cds_service.guidelines.leg_cramps.electrolytes.limits import LAB
from cds_service.guidelines.leg_cramps.problems import pregnant
from cds_service.guidelines.leg_cramps.quinine import words
from cds_service.guidelines.leg_cramps.quinine.concepts import (
    ATRIAL_FIBRILLATION,
    AV_BLOCK,
    G6PD_DEFICIENCY,
    HAEMATOLOGICAL,
    HYPERSENSITIVITY,
    LONG_QT,
    OTHER_CONTRAINDICATIONS,
    PLATELETS,
    QTC,
    QUININE_ALLERGY,
    THROMBOCYTOPENIA_OTHER,
    WARNING_PROBLEMS,
)
from cds_service.guidelines.leg_cramps.quinine.hazards import Hazard, Monitor
from cds_service.guidelines.leg_cramps.quinine.interactions import interacting
from cds_service.patient.facts import Allergy, Facts, LabResult, Match, Medication, Problem
from cds_service.patient.labs.calcium import ALBUMIN, CalciumForm, calcium
from cds_service.patient.labs.calcium import ANALYTES as CALCIUM_ANALYTES
from cds_service.patient.labs.results import certainly_at_least, certainly_below, newer_unusable, newest, usable
from cds_service.patient.medications import active_medications
from cds_service.patient.person import Sex
from cds_service.patient.problems import active, lasting
from cds_service.patient.terminology.vocabulary import AnalyteConcept, Concept, ProblemConcept

RESULT_DAYS, QTC_DAYS = 30, 365

POTASSIUM_CRITICAL, POTASSIUM_LOW = Decimal("3.0"), Decimal("3.5")  # mmol/L, below
MAGNESIUM_CRITICAL, MAGNESIUM_LOW = Decimal("0.5"), Decimal("0.7")  # mmol/L, below
CALCIUM_CRITICAL, CALCIUM_LOW = Decimal("1.9"), Decimal("2.2")  # mmol/L, albumin-adjusted, below
IONISED_CRITICAL = Decimal("0.90")  # mmol/L, below
PLATELETS_CRITICAL, PLATELETS_LOW = Decimal(100), Decimal(150)  # 10*9/L, below
EGFR_LOW = Decimal(30)  # mL/min/1.73m2, below
QTC_LONG = {Sex.MALE: Decimal(450)}  # ms, at or above
QTC_LONG_OTHERS = Decimal(460)
OLDER_AGE = 65

_Measured = tuple[Text, LabResult, Decimal, Decimal | None, tuple[Monitor, ...]]

LOOKED_FOR: Mapping[str, tuple[AnalyteConcept, ...]] = {
    "qtc": (QTC,),
    "potassium": (POTASSIUM,),
    "magnesium": (MAGNESIUM,),
    "calcium": CALCIUM_ANALYTES,
    "platelets": (PLATELETS,),
    "egfr": (EGFR,),
}
"""What each value is called, and the analytes that tell it."""

READ = (*(one for analytes in LOOKED_FOR.values() for one in analytes), ALBUMIN)
"""Whose results the matrix looks at."""


@dataclass(frozen=True, slots=True)
class Safety:
    """What was found, worst first, and what was looked for and not found."""

    critical: tuple[Hazard, ...]
    warnings: tuple[Hazard, ...]
    not_found: tuple[Phrase, ...]

    @property
    def label(self) -> tuple[Hazard, ...]:
        """The label contraindications among the critical hazards."""
        return tuple(hazard for hazard in self.critical if hazard.label)


def assess(facts: Facts, others: Iterable[Medication] = ()) -> Safety:
    """The matrix for one patient. ``others``: further drafts to look for interacting drugs in."""
    medications = (*active_medications(facts), *others)
    potassium = _newest(facts, POTASSIUM)
    low_potassium = None
    if potassium is not None and certainly_below(potassium, POTASSIUM_LOW):
        low_potassium = Hazard(_value_name(words.VALUE_POTASSIUM, potassium), _dated(words.VALUE_POTASSIUM, potassium))
    critical = (
        *label_contraindications(facts),
        *_low(facts, critical=True),
        *interacting(facts, medications, low_potassium=low_potassium, critical=True),
    )
    warnings = (
        *_low(facts, critical=False),
        *_warning_problems(facts),
        *interacting(facts, medications, low_potassium=low_potassium, critical=False),
        *_kidney_and_age(facts),
    )
    return Safety(critical, warnings, _not_found(facts))


def label_contraindications(facts: Facts) -> tuple[Hazard, ...]:
    """What the label forbids quinine for, whatever it is taken for."""
    return (*_hypersensitivity(facts), *_contraindications(facts), *_long_qtc(facts))


def _hypersensitivity(facts: Facts) -> Iterator[Hazard]:
    seen: set[Concept] = set()
    for allergy in facts.allergies:
        concept = next((c for c in HYPERSENSITIVITY if allergy.is_to(c)), None)
        if concept is not None and concept not in seen:
            seen.add(concept)
            what = say(words.HYPERSENSITIVITY[concept])
            yield Hazard(what, Because(_allergy(what, allergy, concept), allergy.source), label=True)
    for problem in _lasting(facts, QUININE_ALLERGY):
        what = say(words.HYPERSENSITIVITY[QUININE_ALLERGY])
        yield Hazard(what, hazard_fact(problem, QUININE_ALLERGY, facts.today), label=True)


def _contraindications(facts: Facts) -> Iterator[Hazard]:
    for concept in (*HAEMATOLOGICAL, *OTHER_CONTRAINDICATIONS):
        for problem in _lasting(facts, concept):
            name = say(words.SHORT[concept])
            yield Hazard(
                name,
                hazard_fact(problem, concept, facts.today),
                label=True,
                monitors=_CONTRAINDICATION_MONITORS.get(concept, ()),
            )


def _lasting(facts: Facts, concept: ProblemConcept) -> tuple[Problem, ...]:
    """The first record of a hazard that doesn't pass, one that is active before one that is over."""
    return (active(facts, concept) or lasting(facts, concept))[:1]


_CONTRAINDICATION_MONITORS = {
    **dict.fromkeys(HAEMATOLOGICAL, (Monitor.BLOOD_COUNT,)),
    LONG_QT: (Monitor.ECG,),
}


def _long_qtc(facts: Facts) -> Iterator[Hazard]:
    result = longest_recent_qtc(facts)
    limit = QTC_LONG.get(facts.person.sex, QTC_LONG_OTHERS)
    if result is not None and certainly_at_least(result, limit):
        yield Hazard(
            _value_name(words.VALUE_QTC, result), _dated(words.VALUE_QTC, result), label=True, monitors=(Monitor.ECG,)
        )


def longest_recent_qtc(facts: Facts) -> LabResult | None:
    """The newest usable QTc of the last 12 months; the longest of those on the same date."""
    recent = _recent(usable(facts, QTC), facts, QTC_DAYS)
    if not recent:
        return None
    day = max(result.moment.last_day for result in recent if result.moment is not None)
    same_day = [r for r in recent if r.moment is not None and r.moment.last_day == day]
    return max(same_day, key=lambda result: result.value or Decimal(0))


def _low(facts: Facts, *, critical: bool) -> Iterator[Hazard]:
    """Low potassium, magnesium, calcium, platelets: below the critical limit, or between it and the upper one."""
    for said, result, limit, upper, monitors in _measured(facts):
        is_critical = certainly_below(result, limit)
        is_low = upper is not None and certainly_below(result, upper) and not is_critical
        if is_critical if critical else is_low:
            notes = calcium_notes(calcium(facts)) if said is words.VALUE_CALCIUM_ADJUSTED else ()
            yield Hazard(_value_name(said, result), _dated(said, result, *notes), monitors=monitors)


def _measured(facts: Facts) -> Iterator[_Measured]:
    """Each value there is, with its critical limit, its upper limit (None: no warning line) and what to monitor."""
    potassium = _newest(facts, POTASSIUM)
    if potassium is not None:
        monitors = (Monitor.ECG, Monitor.POTASSIUM, Monitor.MAGNESIUM)
        yield words.VALUE_POTASSIUM, potassium, POTASSIUM_CRITICAL, POTASSIUM_LOW, monitors
    magnesium = _newest(facts, MAGNESIUM)
    if magnesium is not None:
        yield words.VALUE_MAGNESIUM, magnesium, MAGNESIUM_CRITICAL, MAGNESIUM_LOW, (Monitor.ECG, Monitor.MAGNESIUM)
    yield from _measured_calcium(facts)
    platelets = _newest(facts, PLATELETS)
    if platelets is not None:
        yield words.VALUE_PLATELETS, platelets, PLATELETS_CRITICAL, PLATELETS_LOW, (Monitor.BLOOD_COUNT,)


def _measured_calcium(facts: Facts) -> Iterator[_Measured]:
    chosen = calcium(facts)
    if chosen is None or chosen.form is CalciumForm.UNADJUSTED or not _is_recent(chosen.result, facts, RESULT_DAYS):
        return  # an unadjusted total may be low for want of albumin: it does not make quinine critical
    result = replace(chosen.result, value=chosen.value)
    if chosen.form is CalciumForm.IONISED:
        yield words.VALUE_CALCIUM_IONIZED, result, IONISED_CRITICAL, None, (Monitor.ECG,)
    else:
        yield words.VALUE_CALCIUM_ADJUSTED, result, CALCIUM_CRITICAL, CALCIUM_LOW, (Monitor.ECG,)


def _warning_problems(facts: Facts) -> Iterator[Hazard]:
    found = [(problem, G6PD_DEFICIENCY) for problem in _lasting(facts, G6PD_DEFICIENCY)]
    found += [(problem, concept) for concept in WARNING_PROBLEMS for problem in active(facts, concept)[:1]]
    found += [(problem, PREGNANCY) for problem in pregnant(facts)[:1]]
    for problem, concept in found:
        is_lasting = concept == G6PD_DEFICIENCY
        fact = hazard_fact(problem, concept, facts.today) if is_lasting else problem_fact(problem, concept)
        line = say(words.WARNING[concept], fact=fact.phrase)
        yield Hazard(problem_name(concept), Because(line, fact.source), monitors=_PROBLEM_MONITORS.get(concept, ()))


_PROBLEM_MONITORS = {
    G6PD_DEFICIENCY: (Monitor.BLOOD_COUNT,),
    THROMBOCYTOPENIA_OTHER: (Monitor.BLOOD_COUNT,),
    ATRIAL_FIBRILLATION: (Monitor.ECG,),
    AV_BLOCK: (Monitor.ECG,),
}


def _kidney_and_age(facts: Facts) -> Iterator[Hazard]:
    egfr = _newest(facts, EGFR)
    if egfr is not None and certainly_below(egfr, EGFR_LOW):
        yield Hazard(_value_name(words.VALUE_EGFR, egfr), _dated(words.VALUE_EGFR, egfr))
    bounds = facts.person.age_bounds(facts.today)
    if bounds is not None and bounds[0] >= OLDER_AGE:
        line = say(words.WARNING_OLDER, age=bounds[0])
        yield Hazard(line, Because(line, facts.person.source))


def _not_found(facts: Facts) -> tuple[Phrase, ...]:
    """What was looked for and could not be used, or is not there though all results were received."""
    unusable = {name: found for name in LOOKED_FOR if (found := _unusable(facts, name))}
    lines = [lab_words.unusable(result) for results in unusable.values() for result in results]
    chosen = calcium(facts)
    if chosen is not None and chosen.form is CalciumForm.UNADJUSTED:
        recent = _recent((chosen.result,), facts, RESULT_DAYS)
        lines += [say(words.NOT_FOUND_UNADJUSTED, value=LAB.value(result)) for result in recent]
    if not facts.receipt("observations").complete:
        return tuple(lines)
    if longest_recent_qtc(facts) is None and "qtc" not in unusable:
        lines.append(say(words.NOT_FOUND_QTC))
    absent = [
        name
        for name, analytes in LOOKED_FOR.items()
        if name != "qtc" and name not in unusable and not _has_recent(facts, *analytes)
    ]
    if absent:
        names = Joined(tuple(lab_words.named(name) for name in absent))
        lines.append(say(words.NOT_FOUND_RESULTS, analytes=names, days=RESULT_DAYS))
    return tuple(lines)


def _unusable(facts: Facts, name: str) -> tuple[LabResult, ...]:
    """Unusable results that may be newer than the one used, undated or within the time that counts."""
    days = QTC_DAYS if name == "qtc" else RESULT_DAYS
    found = newer_unusable(facts, *LOOKED_FOR[name])
    return tuple(result for result in found if result.moment is None or days_old(result.moment, facts.today) <= days)


def _has_recent(facts: Facts, *analytes: AnalyteConcept) -> bool:
    return any(_recent(usable(facts, one), facts, RESULT_DAYS) for one in analytes)


def _newest(facts: Facts, analyte: AnalyteConcept) -> LabResult | None:
    result = newest(facts, analyte)
    return result if result is not None and _is_recent(result, facts, RESULT_DAYS) else None


def _recent(results: Iterable[LabResult], facts: Facts, days: int) -> list[LabResult]:
    return [result for result in results if _is_recent(result, facts, days)]


def _is_recent(result: LabResult, facts: Facts, days: int) -> bool:
    """An imprecise date counts from the earliest day it can mean: it never makes a result fresher."""
    return result.moment is not None and days_old(result.moment, facts.today) <= days


def _allergy(what: Phrase, allergy: Allergy, concept: Concept) -> Phrase:
    if allergy.matched(concept) is Match.NAME and allergy.text:
        return say(words.NAMED_BY_NAME, what=what, text=Received(allergy.text))
    return say(words.NAMED_BY_CODE, what=what)


def _value_name(said: Text, result: LabResult) -> Phrase:
    return say(said, value=_amount(result))


def _amount(result: LabResult) -> Phrase:
    """The value in the unit of account, as short as a summary needs it."""
    value = result.value if result.value is not None else Decimal(0)
    return lab_words.bounded(LAB.measure(value, lab_words.spelled(result.unit)), result.comparator)


def _dated(said: Text, result: LabResult, *notes: Phrase) -> Because:
    """The value with its date, how it was received where that differs, and what must be said with it."""
    value = _amount(result) if said is words.VALUE_CALCIUM_ADJUSTED else LAB.value(result)
    name = say(said, value=value)
    line = say(words.VALUE_LINE_DATED, name=name, date=result.moment or "")
    return Because(lab_words.together((line, *lab_words.notes(result), *notes)), result.source)
