"""What is known of the electrolytes, as facts and lines: for their own card, and for one that only mentions them."""

from cds_service.decision import lab_words
from cds_service.decision.phrases import Listed, Phrase, Value, say
from cds_service.decision.recommendation import Because
from cds_service.guidelines.leg_cramps.concepts import MAGNESIUM, PHOSPHATE, POTASSIUM, SODIUM
from cds_service.guidelines.leg_cramps.electrolytes import words
from cds_service.guidelines.leg_cramps.electrolytes.findings import (
    LISTED,
    Electrolyte,
    Finding,
    Level,
    levels,
    unused,
)
from cds_service.guidelines.leg_cramps.electrolytes.limits import LAB
from cds_service.patient.facts import Facts
from cds_service.patient.labs.calcium import ALBUMIN, IONISED, LAB_ADJUSTED, TOTAL, CalciumForm, may_be_of_one_draw

ANALYTES = (SODIUM, POTASSIUM, TOTAL, LAB_ADJUSTED, IONISED, MAGNESIUM, PHOSPHATE)
"""Whose unread results must be named; ionised magnesium is welcome but not missed."""


def finding_line(finding: Finding) -> Phrase:
    """One abnormal electrolyte: value, date, the limits it crossed, and what must be said with it."""
    tags: tuple[Value, ...] = (*_crossed(finding), *finding.notes)
    return say(lab_words.TAGGED, fact=_measured(finding), tags=Listed(tags))


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
