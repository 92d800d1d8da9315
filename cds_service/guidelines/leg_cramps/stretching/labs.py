"""The electrolytes on the card about stretching: it gives way to the card about electrolytes, and says the rest."""

from collections.abc import Iterable, Iterator

from cds_service.decision import lab_words
from cds_service.decision.phrases import Joined, Listed, Phrase, Value, say
from cds_service.decision.recommendation import Because
from cds_service.decision.unknown import results_missing
from cds_service.guidelines.leg_cramps.electrolytes import words as electrolytes
from cds_service.guidelines.leg_cramps.electrolytes.criteria import EXERCISE_SODIUM
from cds_service.guidelines.leg_cramps.electrolytes.exercise import low_sodium_in_exercise
from cds_service.guidelines.leg_cramps.electrolytes.findings import Level, calcium_notes, findings, levels
from cds_service.guidelines.leg_cramps.electrolytes.limits import LAB, State
from cds_service.guidelines.leg_cramps.electrolytes.lines import ANALYTES, finding_line, name, not_used, shown_value
from cds_service.guidelines.leg_cramps.electrolytes.supplements import Verdict, active_judged
from cds_service.guidelines.leg_cramps.problems import cramp_problems, pregnant
from cds_service.guidelines.leg_cramps.stretching import words
from cds_service.guidelines.leg_cramps.stretching.beside import electrolytes_elsewhere
from cds_service.patient.facts import Facts
from cds_service.patient.labs.calcium import CalciumForm


def lab_facts(facts: Facts) -> tuple[Because, ...]:
    """What has a card of its own, by reference; mild findings; what is normal on its date; other values."""
    known, found = levels(facts), findings(facts)
    low = low_sodium_in_exercise(facts)
    normal = [level for level in known if level.normal and level.result != low]
    elsewhere = electrolytes_elsewhere(facts)
    abnormal = {one.analyte for one in found}
    return (
        *((Because(say(words.LABS_SEE_CARD)),) if elsewhere else ()),
        *(Because(finding_line(one), one.result.source) for one in found if one not in elsewhere),
        *_normal(normal),
        *_unjudged(facts, (one for one in known if one not in normal and one.analyte not in abnormal)),
    )


def labs_unknown(facts: Facts) -> Iterator[Phrase]:
    """Results that could not be used or did not come; a supplement that no result tells of."""
    yield from not_used(facts)
    yield from results_missing(facts, *ANALYTES)
    for one in active_judged(facts) if cramp_problems(facts) else ():
        if one.verdict is Verdict.LEVEL_UNKNOWN:
            yield say(words.LABS_SUPPLEMENT, analyte=lab_words.named(one.supplement.electrolyte))


def _normal(known: Iterable[Level]) -> Iterator[Because]:
    """Those of one date as one fact, unless something must be said with a value."""
    by_date: dict[Value, list[Level]] = {}
    for level in known:
        unadjusted = level.calcium is not None and level.calcium.form is CalciumForm.UNADJUSTED
        if level.result.notes or level.grade.notes or unadjusted:
            yield _level(level)
        else:
            by_date.setdefault(_date(level), []).append(level)
    for date, same in by_date.items():
        names = Joined(tuple(lab_words.named(name(level)) for level in same))
        yield Because(say(words.LABS_NORMAL, analytes=names, date=date), same[0].result.source)


def _unjudged(facts: Facts, known: Iterable[Level]) -> Iterator[Because]:
    """Values neither abnormal nor called normal: low for a cramp of exercise, or unsure; those of pregnancy last, together."""
    low, expecting = low_sodium_in_exercise(facts), []
    for level in known:
        if level.result == low:
            yield LAB.fact(level.result, EXERCISE_SODIUM.value)
        elif level.grade.state is State.NOT_JUDGED and pregnant(facts):
            expecting.append(_level(level))
        else:
            yield _level(level)
    for place, fact in enumerate(expecting):
        yield fact if place else Because(say(words.LABS_PREGNANCY, fact=fact.phrase), fact.source)


def _level(level: Level) -> Because:
    notes = (
        *calcium_notes(level.calcium),
        *lab_words.notes(level.result),
        *(say(electrolytes.NOTE[note]) for note in level.grade.notes),
        *((say(words.LABS_NORMAL_NOTE),) if level.normal else ()),
    )
    said = say(lab_words.MEASURED, analyte=lab_words.named(name(level)), value=shown_value(level), date=_date(level))
    return Because(say(lab_words.TAGGED, fact=said, tags=Listed(notes)) if notes else said, level.result.source)


def _date(level: Level) -> Value:
    return level.result.moment or say(lab_words.NO_DATE)
