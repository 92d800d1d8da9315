"""What is known of the electrolytes, as lines: for the card's detail, and for a card that only mentions them."""

from collections.abc import Iterable, Iterator

from cds_service.decision import lab_words
from cds_service.decision.phrases import Joined, Listed, Phrase, Value, say
from cds_service.decision.recommendation import Because
from cds_service.decision.unknown import results_missing
from cds_service.guidelines.leg_cramps.concepts import MAGNESIUM, PHOSPHATE, POTASSIUM, SODIUM
from cds_service.guidelines.leg_cramps.electrolytes import words
from cds_service.guidelines.leg_cramps.electrolytes.criteria import FOUND_DAYS
from cds_service.guidelines.leg_cramps.electrolytes.findings import (
    LISTED,
    Electrolyte,
    Finding,
    Level,
    calcium_notes,
    findings,
    levels,
    unused,
)
from cds_service.guidelines.leg_cramps.electrolytes.limits import LAB, State
from cds_service.guidelines.leg_cramps.electrolytes.other_diuretics import taken
from cds_service.guidelines.leg_cramps.electrolytes.supplements import Verdict
from cds_service.guidelines.leg_cramps.problems import cramp_problems, pregnant
from cds_service.patient.facts import Facts
from cds_service.patient.labs.calcium import ALBUMIN, IONISED, LAB_ADJUSTED, TOTAL, CalciumForm, may_be_of_one_draw
from cds_service.patient.received import Receipt

ANALYTES = (SODIUM, POTASSIUM, TOTAL, LAB_ADJUSTED, IONISED, MAGNESIUM, PHOSPHATE)
"""Whose unread results must be named; ionised magnesium is welcome but not missed."""


def electrolyte_lines(facts: Facts) -> tuple[Phrase, ...]:
    """The electrolytes of a patient with cramps: abnormal, normal on their date, other values, not found, not received."""
    known = levels(facts)
    found = findings(facts)
    supplements = taken(facts) if cramp_problems(facts) else ()
    return (
        *(finding_line(finding) for finding in found),
        *_normal(known),
        *_values(facts, known, found),
        *not_used(facts),
        *not_found(facts, known),
        *results_missing(facts, *ANALYTES),
        *(
            say(words.LINE_LEVEL_UNKNOWN, supplement=lab_words.named(one.supplement.electrolyte))
            for one in supplements
            if one.verdict is Verdict.LEVEL_UNKNOWN
        ),
    )


def finding_line(finding: Finding) -> Phrase:
    """One abnormal electrolyte: value, date, the limits it crossed, and what must be said with it."""
    tags: tuple[Value, ...] = (*_crossed(finding), *finding.notes)
    return say(lab_words.TAGGED, fact=_measured(finding), tags=Listed(tags)) if tags else _measured(finding)


def finding_fact(finding: Finding) -> Because:
    """The same as a fact, with where it is recorded."""
    tags: tuple[Value, ...] = (say(words.LABORATORY), *_crossed(finding), *finding.notes)
    return Because(say(lab_words.TAGGED, fact=_measured(finding), tags=Listed(tags)), finding.result.source)


def not_low_fact(level: Level) -> Because:
    """A level that shows no deficit, as a fact."""
    tags = Listed((say(words.LABORATORY), say(words.NOT_LOW), *lab_words.notes(level.result)))
    return Because(say(lab_words.TAGGED, fact=_measured(level), tags=tags), level.result.source)


def _measured(of: Finding | Level) -> Phrase:
    return say(
        lab_words.MEASURED,
        analyte=lab_words.named(name(of)),
        value=shown_value(of),
        date=of.result.moment or say(lab_words.NO_DATE),
    )


def _crossed(finding: Finding) -> tuple[Listed, ...]:
    """The limits it crossed as one remark ("low below 3.5, warning below 3.0"); none where it crossed none."""
    crossed = tuple(
        say(words.CROSSED[one.by], bound=say(words.BOUND[one.limit.sign], limit=one.limit.value))
        for one in finding.crossed
    )
    return (Listed(crossed, ", "),) if crossed else ()


def name(of: Finding | Level) -> str:
    """The analyte's name as it is shown: a calcium is called ionised, adjusted or total."""
    return of.analyte if of.calcium is None else _CALCIUM_NAMES[of.calcium.form]


_CALCIUM_NAMES = {
    CalciumForm.IONISED: "calcium_ionized",
    CalciumForm.LAB_ADJUSTED: "calcium_adjusted",
    CalciumForm.ADJUSTED: "calcium_adjusted",
    CalciumForm.UNADJUSTED: "calcium_total",
}


def shown_value(of: Finding | Level) -> Phrase:
    """The value as received with the converted one beside it; our adjusted calcium in mmol/L."""
    if of.calcium is not None and of.calcium.form is CalciumForm.ADJUSTED:
        return lab_words.bounded(LAB.calculated(of.value, "mmol/L"), of.calcium.comparator)
    return LAB.value(of.result)


def not_used(facts: Facts) -> tuple[Phrase, ...]:
    """Results that could not be used and are, or may be, newer than what is shown; albumin only of the calcium's draw."""
    electrolytes = (*LISTED, Electrolyte.PHOSPHATE, Electrolyte.MAGNESIUM_IONIZED)
    lines = [
        lab_words.unusable(result) for electrolyte in electrolytes for result in unused(facts, *electrolyte.analytes)
    ]
    for level in levels(facts):
        if level.calcium is not None and level.calcium.form is CalciumForm.UNADJUSTED:
            albumins = (one for one in unused(facts, ALBUMIN) if may_be_of_one_draw(one, level.result))
            lines += [lab_words.unusable(albumin) for albumin in albumins]
    return tuple(dict.fromkeys(lines))


def not_found(facts: Facts, known: Iterable[Level]) -> tuple[Phrase, ...]:
    """The electrolytes without a result, where that is known or half known; nothing when none were received."""
    have = {level.analyte for level in known}
    if Electrolyte.MAGNESIUM_IONIZED in have:
        have.add(Electrolyte.MAGNESIUM)
    absent = [
        electrolyte for electrolyte in LISTED if electrolyte not in have and not unused(facts, *electrolyte.analytes)
    ]
    receipt = facts.receipt("observations")
    if not absent or not (receipt.complete or receipt is Receipt.PARTIAL):
        return ()
    said = words.NOT_FOUND_COMPLETE if receipt.complete else words.NOT_FOUND_PARTIAL
    names = Joined(tuple(lab_words.named(electrolyte) for electrolyte in absent))
    return (say(said, analytes=names, days=FOUND_DAYS.value),)


def _normal(known: Iterable[Level]) -> Iterator[Phrase]:
    parts = tuple(_on_date(level) for level in known if level.normal)
    if parts:
        yield say(words.LINE_NORMAL, items=Joined(parts))


def _values(facts: Facts, known: Iterable[Level], found: Iterable[Finding]) -> Iterator[Phrase]:
    """Those neither abnormal nor to be called normal: their value only."""
    abnormal = {finding.analyte for finding in found}
    parts = tuple(_on_date(level) for level in known if not level.normal and level.analyte not in abnormal)
    if parts:
        yield say(words.LINE_VALUES, items=Joined(parts))
    if pregnant(facts) and any(level.grade.state is State.NOT_JUDGED for level in known):
        yield say(words.LINE_PREGNANCY)


def _on_date(level: Level) -> Phrase:
    said = (
        *calcium_notes(level.calcium),
        *lab_words.notes(level.result),
        *(say(words.NOTE[note]) for note in level.grade.notes),
    )
    phrase = say(
        words.LINE_ON_DATE,
        analyte=lab_words.named(name(level)),
        value=shown_value(level),
        date=level.result.moment or "",
    )
    return say(words.LINE_NOTED_INSIDE, line=phrase, notes=lab_words.together(said)) if said else phrase
