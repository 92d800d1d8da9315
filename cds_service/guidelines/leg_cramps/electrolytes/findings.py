"""Each electrolyte of a patient: which result is used, what it is, and how urgent at its age.

The newest usable result counts. Its age caps the urgency: critical for 7 days, warning for 30, info
for 180; older is as good as none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cds_service.decision import lab_words
from cds_service.decision.phrases import Joined, Phrase, say
from cds_service.decision.recommendation import Indicator
from cds_service.guidelines.leg_cramps.concepts import (
    EGFR,
    MAGNESIUM,
    MAGNESIUM_IONIZED,
    PHOSPHATE,
    POTASSIUM,
    SODIUM,
)
from cds_service.guidelines.leg_cramps.electrolytes import words
from cds_service.guidelines.leg_cramps.electrolytes.criteria import (
    CRITICAL_DAYS,
    FOUND_DAYS,
    WARNING_DAYS,
)
from cds_service.guidelines.leg_cramps.electrolytes.limits import (
    CRITICAL_FLAGS,
    HIGH_FLAGS,
    LAB,
    LOW_FLAGS,
    Crossed,
    Grade,
    Measured,
    State,
    crossed,
    grade,
)
from cds_service.guidelines.leg_cramps.electrolytes.sulfate import as_treated
from cds_service.guidelines.leg_cramps.kidney import is_low, recent_egfr
from cds_service.guidelines.leg_cramps.problems import pregnant
from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, LabResult
from cds_service.patient.labs.calcium import ALBUMIN, LAB_ADJUSTED, TOTAL, Calcium, CalciumForm, calcium
from cds_service.patient.labs.calcium import ANALYTES as CALCIUM_ANALYTES
from cds_service.patient.labs.results import newer_unusable, newest, same_time
from cds_service.patient.received import Receipt
from cds_service.patient.terminology.vocabulary import AnalyteConcept


class Electrolyte(StrEnum):
    """What is spoken of; its value is the analyte's name, and calcium's stands for its three forms."""

    POTASSIUM = "potassium"
    CALCIUM = "calcium"
    MAGNESIUM = "magnesium"
    SODIUM = "sodium"
    PHOSPHATE = "phosphate"
    MAGNESIUM_IONIZED = "magnesium_ionized"

    @property
    def analytes(self) -> tuple[AnalyteConcept, ...]:
        """The analytes whose results tell of it."""
        return CALCIUM_ANALYTES if self is Electrolyte.CALCIUM else (_ANALYTES[self],)


_ANALYTES = {
    Electrolyte.POTASSIUM: POTASSIUM,
    Electrolyte.MAGNESIUM: MAGNESIUM,
    Electrolyte.SODIUM: SODIUM,
    Electrolyte.PHOSPHATE: PHOSPHATE,
    Electrolyte.MAGNESIUM_IONIZED: MAGNESIUM_IONIZED,
}

ELECTROLYTES = tuple(Electrolyte)
"""In the order they are shown within one urgency."""

LISTED = (Electrolyte.SODIUM, Electrolyte.POTASSIUM, Electrolyte.CALCIUM, Electrolyte.MAGNESIUM)
"""Those whose absence is said."""

MOST_OTHERS = 3
"""How many other values of the same time are shown."""

_INFO_NOT_IN_PREGNANCY = frozenset({"sodium", "calcium", "calcium_ionized", "magnesium"})


@dataclass(frozen=True, slots=True)
class Level:
    """One electrolyte as it stands. ``value``: mmol/L, as judged (adjusted).

    ``grade``: before the cap by age; ``indicator``: after it, None when nothing is abnormal. ``crossed``: the limits
    that make it so. ``calcium``: how it was chosen, for calcium only. ``newer``: unusable results that are, or may be, newer.
    ``more_exist``: results are known to exist that could not be had.
    """

    analyte: Electrolyte
    value: Decimal
    result: LabResult
    grade: Grade
    indicator: Indicator | None
    days: int
    crossed: tuple[Crossed, ...] = ()
    calcium: Calcium | None = None
    newer: tuple[LabResult, ...] = ()
    more_exist: bool = False

    @property
    def is_low(self) -> bool:
        """Low by range, table or flag."""
        return self.grade.state is State.LOW

    @property
    def normal(self) -> bool:
        """True when it may be called normal on its date: no newer result is in doubt, or may lie in what did not come."""
        return self.grade.state is State.NORMAL and not (self.newer or self.more_exist)


@dataclass(frozen=True, slots=True)
class Finding:
    """An abnormal electrolyte. ``card``: it fires the card; else it is only a line.

    ``direction``: State LOW, HIGH, or UNCLEAR (flagged critical by the laboratory, value within limits: discordant).
    ``urgent``: from warning on by its own value; ``crossed``: the limits that make it so.
    """

    analyte: Electrolyte
    direction: State
    indicator: Indicator
    result: LabResult
    value: Decimal
    card: bool
    urgent: bool
    notes: tuple[Phrase, ...]
    days: int
    crossed: tuple[Crossed, ...] = ()
    calcium: Calcium | None = None
    newer: tuple[LabResult, ...] = ()

    @property
    def is_warned_of(self) -> bool:
        """True from warning on."""
        return self.indicator >= Indicator.WARNING


READ = (*(analyte for electrolyte in ELECTROLYTES for analyte in electrolyte.analytes), ALBUMIN, EGFR)
"""Whose results tell of the electrolytes."""


@asked_once
def levels(facts: Facts) -> tuple[Level, ...]:
    """Every electrolyte with a usable result of the last 180 days, in the order of ELECTROLYTES."""
    expecting = bool(pregnant(facts))
    return tuple(level for name in ELECTROLYTES if (level := _level(facts, name, expecting=expecting)) is not None)


@asked_once
def findings(facts: Facts) -> tuple[Finding, ...]:
    """The abnormal ones, worst first."""
    return worst_first(_abnormal(facts))


def worst_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """By urgency; low before high, then in the order of ELECTROLYTES."""
    return tuple(
        sorted(found, key=lambda f: (-f.indicator, f.direction is not State.LOW, ELECTROLYTES.index(f.analyte)))
    )


@asked_once
def unused(facts: Facts, *analytes: AnalyteConcept) -> tuple[LabResult, ...]:
    """Unusable results that may be newer than what is used (or than nothing), of the last 180 days or undated."""
    found = newer_unusable(facts, *analytes)
    return tuple(r for r in found if r.moment is None or r.moment.days_at_least(facts.today) <= FOUND_DAYS.value)


def graded(result: LabResult, *, expecting: bool = False) -> Grade:
    """The grade of any one result by itself, of whatever age (total calcium by the adjusted row)."""
    return grade(_measured(result, expecting=expecting))


def _measured(result: LabResult, *, expecting: bool) -> Measured:
    row = "calcium" if result.is_of(TOTAL, LAB_ADJUSTED) else result.analyte
    return Measured(
        row=row,
        value=result.value or Decimal(0),
        comparator=result.comparator,
        range=result.range,
        flags=result.flags,
        table_info=not (expecting and row in _INFO_NOT_IN_PREGNANCY),
    )


def _level(facts: Facts, electrolyte: Electrolyte, *, expecting: bool) -> Level | None:
    if electrolyte is Electrolyte.CALCIUM:
        chosen = calcium(facts)
        result = None if chosen is None else chosen.result
    else:
        chosen = None
        result = newest(facts, *electrolyte.analytes)
    if result is None or result.value is None or result.moment is None:
        return None
    days = result.moment.days_at_most(facts.today)
    if days > FOUND_DAYS.value:
        return None
    measured = _measured(result, expecting=expecting) if chosen is None else _calcium(chosen, expecting=expecting)
    outcome = as_treated(facts, result, grade(measured)) if electrolyte is Electrolyte.MAGNESIUM else grade(measured)
    unadjusted = chosen is not None and chosen.form is CalciumForm.UNADJUSTED
    return Level(
        analyte=electrolyte,
        value=measured.value,
        result=result,
        grade=outcome,
        indicator=None if outcome.indicator is None else min(outcome.indicator, _most(days, unadjusted=unadjusted)),
        days=days,
        crossed=crossed(measured, outcome),
        calcium=chosen,
        newer=unused(facts, *electrolyte.analytes),
        more_exist=facts.receipt("observations") is Receipt.PARTIAL,
    )


def _most(days: int, *, unadjusted: bool) -> Indicator:
    """What the age of a result lets it be at most, and a calcium that is not adjusted."""
    if days > WARNING_DAYS.value:
        return Indicator.INFO
    return Indicator.WARNING if days > CRITICAL_DAYS.value or unadjusted else Indicator.CRITICAL


def _calcium(chosen: Calcium, *, expecting: bool) -> Measured:
    if chosen.form is not CalciumForm.ADJUSTED:
        return _measured(chosen.result, expecting=expecting)
    return Measured(  # the laboratory's range and flags are of the unadjusted total; only an alarm is heeded
        row="calcium",
        value=chosen.value,
        comparator=chosen.comparator,
        flags=chosen.result.flags & CRITICAL_FLAGS,
        table_info=not expecting,
    )


def _abnormal(facts: Facts) -> Iterator[Finding]:
    for level in levels(facts):
        if level.indicator is not None:
            urgent = level.indicator >= Indicator.WARNING
            yield Finding(
                analyte=level.analyte,
                direction=level.grade.state,
                indicator=level.indicator,
                result=level.result,
                value=level.value,
                card=urgent or _fires_mild(level),
                urgent=urgent,
                notes=tuple(_notes(facts, level)),
                days=level.days,
                crossed=level.crossed,
                calcium=level.calcium,
                newer=level.newer,
            )


def _fires_mild(level: Level) -> bool:
    """Below warning too: a low value, and one flagged low or high, but no phosphate."""
    flagged = level.grade.state is State.UNCLEAR and bool(level.result.flags & (LOW_FLAGS | HIGH_FLAGS))
    return level.analyte is not Electrolyte.PHOSPHATE and (level.is_low or flagged)


def _notes(facts: Facts, level: Level) -> Iterator[Phrase]:
    yield from calcium_notes(level.calcium)
    yield from lab_words.notes(level.result)
    for note in level.grade.notes:
        yield say(words.NOTE[note])
    capped = level.indicator is not level.grade.indicator
    if capped and level.days > CRITICAL_DAYS.value:  # else it is its form that caps an unadjusted calcium
        yield say(words.NOTE_DAYS_OLD, days=level.days)
    if level.analyte is Electrolyte.MAGNESIUM and level.grade.state is State.HIGH:
        yield from _low_egfr(facts)
    others = tuple(dict.fromkeys(LAB.value(other) for other in same_time(facts, level.result)))
    if others:
        yield say(words.NOTE_SAME_TIME, values=Joined(others[:MOST_OTHERS]))


def _low_egfr(facts: Facts) -> Iterator[Phrase]:
    """The kidney that keeps the magnesium."""
    egfr = recent_egfr(facts)
    if egfr is not None and is_low(egfr):
        yield say(words.NOTE_EGFR, value=LAB.value(egfr))


def calcium_notes(chosen: Calcium | None) -> Iterator[Phrase]:
    """How the calcium was chosen, where that must be said."""
    if chosen is None:
        return
    if chosen.albumin is not None:
        yield say(
            words.CALCIUM_ADJUSTED,
            total=LAB.value(chosen.result),
            albumin=LAB.value(chosen.albumin),
        )
    elif chosen.form in (CalciumForm.LAB_ADJUSTED, CalciumForm.UNADJUSTED):
        yield say(words.CALCIUM[chosen.form])
