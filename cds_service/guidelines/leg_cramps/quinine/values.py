"""Values that bear on quinine: QTc, low electrolytes and platelets, a low eGFR; and which of them are not known.

Values are taken as received against the limits: no laboratory flag, no range of the laboratory's own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from cds_service.decision import lab_words
from cds_service.decision.phrases import Joined, Listed, Phrase, Text, Value, say
from cds_service.decision.recommendation import Because, Limit
from cds_service.guidelines.leg_cramps.concepts import EGFR, MAGNESIUM, POTASSIUM
from cds_service.guidelines.leg_cramps.electrolytes.limits import LAB
from cds_service.guidelines.leg_cramps.quinine import words
from cds_service.guidelines.leg_cramps.quinine.concepts import PLATELETS, QTC
from cds_service.guidelines.leg_cramps.quinine.hazards import Hazard, Monitor, Rhythm
from cds_service.guidelines.leg_cramps.quinine.limits import (
    CALCIUM_CRITICAL,
    CALCIUM_LOW,
    EGFR_LOW,
    FRESH_DAYS,
    IONISED_CRITICAL,
    MAGNESIUM_CRITICAL,
    MAGNESIUM_LOW,
    PLATELETS_CRITICAL,
    PLATELETS_LOW,
    POTASSIUM_CRITICAL,
    POTASSIUM_LOW,
    QTC_DAYS,
    QTC_LONG,
    QTC_LONG_OTHERS,
    RESULT_DAYS,
)
from cds_service.patient.facts import Facts, LabResult
from cds_service.patient.labs.calcium import ALBUMIN, Calcium, CalciumForm, calcium
from cds_service.patient.labs.calcium import ANALYTES as CALCIUM_ANALYTES
from cds_service.patient.labs.results import certainly_at_least, certainly_below, newer_unusable, newest, usable
from cds_service.patient.terminology.vocabulary import AnalyteConcept

LOOKED_FOR: Mapping[str, tuple[AnalyteConcept, ...]] = {
    "qtc": (QTC,),
    "potassium": (POTASSIUM,),
    "magnesium": (MAGNESIUM,),
    "calcium": CALCIUM_ANALYTES,
    "platelets": (PLATELETS,),
}
"""What each value is called whose absence is said, and the analytes that tell it."""

READ = (*(one for analytes in LOOKED_FOR.values() for one in analytes), EGFR, ALBUMIN)
"""Whose results the matrix looks at."""


MONITORED = {
    Monitor.ECG: QTC,
    Monitor.BLOOD_COUNT: PLATELETS,
    Monitor.MAGNESIUM: MAGNESIUM,
    Monitor.POTASSIUM: POTASSIUM,
}
"""The result that tells what a test would."""


@dataclass(frozen=True, slots=True)
class _Measured:
    """A value with its limits. ``low``: None where there is no warning line."""

    said: Text
    brief: Text
    result: LabResult
    critical: Limit
    low: Limit | None
    monitors: tuple[Monitor, ...]
    rhythm: Rhythm | None = Rhythm.LOW
    note: Phrase | None = None


def long_qtc(facts: Facts) -> Iterator[Hazard]:
    """A QTc at or above the limit of the sex."""
    result = longest_recent_qtc(facts)
    limit = QTC_LONG.get(facts.person.sex, QTC_LONG_OTHERS).value
    if result is not None and certainly_at_least(result, limit):
        yield Hazard(
            say(words.VALUE_QTC, value=_amount(result)),
            LAB.fact(result, limit),
            label=True,
            monitors=(Monitor.ECG,),
            rhythm=Rhythm.LONG,
            brief=say(words.BRIEF_QTC),
        )


def longest_recent_qtc(facts: Facts) -> LabResult | None:
    """The newest usable QTc of the last 12 months; the longest of those on the same date."""
    recent = _recent(usable(facts, QTC), facts, QTC_DAYS)
    if not recent:
        return None
    day = max(result.moment.last_day for result in recent if result.moment is not None)
    same_day = [r for r in recent if r.moment is not None and r.moment.last_day == day]
    return max(same_day, key=lambda result: result.value or Decimal(0))


def low_values(facts: Facts) -> tuple[list[Hazard], list[Hazard]]:
    """Low potassium, magnesium, calcium, platelets: below the critical limit, and between it and the upper one."""
    critical: list[Hazard] = []
    low: list[Hazard] = []
    for one, limit in _too_low(facts):
        (critical if limit is one.critical else low).append(_hazard(one, limit))
    return critical, low


def low_results(facts: Facts) -> tuple[LabResult, ...]:
    """The results they are."""
    return tuple(one.result for one, _ in _too_low(facts))


def _too_low(facts: Facts) -> Iterator[tuple[_Measured, Limit]]:
    """What is below a limit, with the lowest limit it is below."""
    for one in _measured(facts):
        limits = (one.critical,) if one.low is None else (one.critical, one.low)
        crossed = next((limit for limit in limits if certainly_below(one.result, limit.value)), None)
        if crossed is not None:
            yield one, crossed


def _hazard(one: _Measured, limit: Limit) -> Hazard:
    return Hazard(
        say(one.said, value=_amount(one.result)),
        LAB.fact(one.result, limit.value) if one.note is None else _adjusted(one.result, limit, one.note),
        monitors=one.monitors,
        rhythm=one.rhythm,
        brief=say(one.brief),
        platelets=one.result.is_of(PLATELETS),
    )


def potassium_is_low(facts: Facts) -> bool:
    """Below 3.5 mmol/L: it makes digoxin dangerous."""
    potassium = _newest(facts, POTASSIUM)
    return potassium is not None and certainly_below(potassium, POTASSIUM_LOW.value)


def _measured(facts: Facts) -> Iterator[_Measured]:
    """Each value there is, with its limits and what to monitor."""
    potassium, magnesium = _newest(facts, POTASSIUM), _newest(facts, MAGNESIUM)
    if potassium is not None:
        yield _Measured(
            words.VALUE_POTASSIUM,
            words.BRIEF_POTASSIUM,
            potassium,
            POTASSIUM_CRITICAL,
            POTASSIUM_LOW,
            (Monitor.ECG, Monitor.MAGNESIUM, Monitor.POTASSIUM),
        )
    if magnesium is not None:
        yield _Measured(
            words.VALUE_MAGNESIUM,
            words.BRIEF_MAGNESIUM,
            magnesium,
            MAGNESIUM_CRITICAL,
            MAGNESIUM_LOW,
            (Monitor.ECG, Monitor.MAGNESIUM),
        )
    yield from _measured_calcium(calcium(facts), facts)
    platelets = _newest(facts, PLATELETS)
    if platelets is not None:
        yield _Measured(
            words.VALUE_PLATELETS,
            words.BRIEF_PLATELETS,
            platelets,
            PLATELETS_CRITICAL,
            PLATELETS_LOW,
            (Monitor.BLOOD_COUNT,),
            rhythm=None,
        )


def _measured_calcium(chosen: Calcium | None, facts: Facts) -> Iterator[_Measured]:
    if chosen is None or chosen.form is CalciumForm.UNADJUSTED or not _is_recent(chosen.result, facts, RESULT_DAYS):
        return  # an unadjusted total may be low for want of albumin: it does not make quinine critical
    result, brief, monitors = replace(chosen.result, value=chosen.value), words.BRIEF_CALCIUM, (Monitor.ECG,)
    if chosen.form is CalciumForm.IONISED:
        yield _Measured(words.VALUE_CALCIUM_IONIZED, brief, result, IONISED_CRITICAL, None, monitors)
        return
    albumin = chosen.albumin
    note = say(words.ADJUSTED_BY_LABORATORY) if albumin is None else say(words.ADJUSTED, albumin=LAB.value(albumin))
    yield _Measured(words.VALUE_CALCIUM_ADJUSTED, brief, result, CALCIUM_CRITICAL, CALCIUM_LOW, monitors, note=note)


def _adjusted(result: LabResult, limit: Limit, note: Phrase) -> Because:
    """An adjusted calcium as a fact: what was measured is another value."""
    tags: tuple[Value, ...] = (say(lab_words.LIMIT, limit=limit.value), note, *lab_words.notes(result))
    value = LAB.calculated(result.value or Decimal(0), result.unit)
    fact = say(
        lab_words.MEASURED,
        analyte=lab_words.named("calcium_adjusted"),
        value=lab_words.bounded(value, result.comparator),
        date=result.moment or "",
    )
    return Because(say(lab_words.TAGGED, fact=fact, tags=Listed(tags)), result.source)


def low_egfr(facts: Facts) -> Iterator[Hazard]:
    """An eGFR below 30."""
    egfr = _newest(facts, EGFR)
    if egfr is not None and certainly_below(egfr, EGFR_LOW.value):
        yield Hazard(say(words.VALUE_EGFR, value=_amount(egfr)), LAB.fact(egfr, EGFR_LOW.value))


def is_fresh(facts: Facts, monitor: Monitor) -> bool:
    """A value of the last 7 days is there: the test need not be asked for."""
    return bool(_recent(usable(facts, MONITORED[monitor]), facts, FRESH_DAYS))


def not_found(facts: Facts) -> tuple[Phrase, ...]:
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
        lines.append(say(words.NOT_FOUND_RESULTS, analytes=names, days=RESULT_DAYS.value))
    return tuple(lines)


def any_unusable(facts: Facts) -> bool:
    """True when a value that may endanger is there and can't be used: it is not known to be normal."""
    return any(_unusable(facts, name) for name in LOOKED_FOR)


def _unusable(facts: Facts, name: str) -> tuple[LabResult, ...]:
    """Unusable results that may be newer than the one used, undated or within the time that counts."""
    window = (QTC_DAYS if name == "qtc" else RESULT_DAYS).value
    found = newer_unusable(facts, *LOOKED_FOR[name])
    return tuple(
        result for result in found if result.moment is None or result.moment.days_at_least(facts.today) <= window
    )


def _has_recent(facts: Facts, *analytes: AnalyteConcept) -> bool:
    return any(_recent(usable(facts, one), facts, RESULT_DAYS) for one in analytes)


def _newest(facts: Facts, analyte: AnalyteConcept) -> LabResult | None:
    result = newest(facts, analyte)
    return result if result is not None and _is_recent(result, facts, RESULT_DAYS) else None


def _recent(results: Iterable[LabResult], facts: Facts, window: Limit) -> list[LabResult]:
    return [result for result in results if _is_recent(result, facts, window)]


def _is_recent(result: LabResult, facts: Facts, window: Limit) -> bool:
    """An imprecise date counts from the earliest day it can mean: it never makes a result fresher."""
    return result.moment is not None and result.moment.days_at_most(facts.today) <= window.value


def _amount(result: LabResult) -> Phrase:
    """The value in the unit of account, as short as a summary needs it; of a bound the number alone."""
    value = result.value if result.value is not None else Decimal(0)
    if result.comparator is not None:
        return lab_words.bounded(say(words.BARE, number=LAB.rounded(value)), result.comparator)
    return LAB.measure(value, result.unit)
