"""Malaria or babesiosis as the reason for quinine: the one use the recommendation does not speak against.

An indication is the order's own reason, or a problem recent enough to be treated now. What only speaks of malaria (a
word in a reason or problem, a further drug against it, the dosing) asks for a record instead of a stop: what silences
a warning is matched generously. Where the order's own reason is cramps, neither counts. Older records are named.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cds_service.decision.phrases import Plain, Received, Text, Value, say
from cds_service.decision.recommendation import Because, Limit
from cds_service.decision.recorded import drug_name, medication_fact, problem_name
from cds_service.guidelines.leg_cramps.problems import is_for_cramps
from cds_service.guidelines.leg_cramps.quinine import words
from cds_service.guidelines.leg_cramps.quinine.concepts import INDICATIONS, MALARIA_MENTIONED, MALARIA_REGIMEN
from cds_service.guidelines.leg_cramps.quinine.limits import (
    COURSE_AUTHORED_DAYS,
    COURSE_DAYS,
    COURSE_DOSES,
    LONG_COURSE_DAYS,
    MALARIA_ACTIVE_DAYS,
    MALARIA_STATUSLESS_DAYS,
    MALARIA_VISIT_DAYS,
    REGIMEN_DAYS,
)
from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, Medication, Problem
from cds_service.patient.medications import active_medications, may_be_placed
from cds_service.patient.problems import dated, is_active, lasting, status_recorded
from cds_service.patient.terminology.mentions import mentioned

MOST_OF_A_TEXT = 60
"""Characters of the words that mention it."""


@dataclass(frozen=True, slots=True)
class Indication:
    """Why quinine is right here. ``own``: it is the order's own reason, not only the problem list's."""

    because: Because
    own: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """What speaks of malaria without being an indication. ``said``: as a summary names it."""

    said: Value
    because: Because


def indication(facts: Facts, quinine: Medication) -> Indication | None:
    """The malaria or babesiosis this order may be for, or None."""
    for reason in quinine.reasons:
        if reason.is_a(*INDICATIONS):
            return Indication(Because(say(words.MALARIA_OWN_REASON), reason.source), own=True)
    if is_for_cramps(quinine):
        return None
    current = current_problems(facts)
    return Indication(_recorded(current[0]), own=False) if current else None


def mention(facts: Facts, quinine: Medication) -> Mention | None:
    """What speaks of malaria for an order without an indication; nothing does for one whose own reason is cramps."""
    if is_for_cramps(quinine):
        return None
    return next(_of_reasons(quinine), None) or mention_in_chart(facts) or _by_course(facts, quinine)


def may_be_for_malaria(facts: Facts, quinine: Medication) -> bool:
    """True where malaria is the indication, or mentioned; any other quinine is questioned."""
    return indication(facts, quinine) is not None or mention(facts, quinine) is not None


@asked_once
def current_problems(facts: Facts) -> tuple[Problem, ...]:
    """Malaria and babesiosis problems recent enough to be an indication today."""
    return tuple(problem for problem in lasting(facts, *INDICATIONS) if _is_current(problem, facts))


@asked_once
def mention_in_chart(facts: Facts) -> Mention | None:
    """What speaks of malaria beside any order: a problem's words, or another drug against it."""
    return next(_of_problems(facts), None) or next(_regimens(facts), None)


def recorded_only(facts: Facts) -> tuple[Because, ...]:
    """Malaria on record that is too old, or too vague, to be an indication."""
    current = {problem.source for problem in current_problems(facts)}
    return tuple(_recorded(problem) for problem in lasting(facts, *INDICATIONS) if problem.source not in current)


def beside_cramps(facts: Facts) -> tuple[Because, ...]:
    """What speaks of malaria today beside an order that is for cramps: it is not stopped by a click then."""
    current = tuple(_recorded(problem) for problem in current_problems(facts))
    spoken_of = mention_in_chart(facts)
    return current or ((spoken_of.because,) if spoken_of is not None else ())


def long_course(facts: Facts, quinine: Medication, found: Indication) -> bool:
    """Quinine authored over 30 days ago for a malaria that only the problem list knows of."""
    if found.own or quinine.authored is None:
        return False
    return quinine.authored.days_at_least(facts.today) > LONG_COURSE_DAYS.value


def _is_current(problem: Problem, facts: Facts) -> bool:
    """Active, and recent enough to be treated now; undated only where the list itself says that it is active."""
    if not is_active(problem, facts.today):
        return False
    date_of_it = dated(problem)
    if date_of_it is None:
        return status_recorded(problem) and not problem.visit
    return date_of_it.days_at_least(facts.today) <= _window(problem).value


def _window(problem: Problem) -> Limit:
    """How long a dated malaria is an indication."""
    if problem.visit:
        return MALARIA_VISIT_DAYS
    return MALARIA_ACTIVE_DAYS if status_recorded(problem) else MALARIA_STATUSLESS_DAYS


def _recorded(problem: Problem) -> Because:
    concept = next(c for c in INDICATIONS if problem.is_a(c))
    date_of_it = dated(problem)
    name = problem_name(concept)
    if date_of_it is None:
        return Because(say(words.MALARIA_RECORDED_UNDATED, name=name), problem.source)
    return Because(say(words.MALARIA_RECORDED, name=name, date=date_of_it), problem.source)


def _of_reasons(quinine: Medication) -> Iterator[Mention]:
    for reason in quinine.reasons:
        for text in reason.texts if reason.is_a(MALARIA_MENTIONED) else ():
            if mentioned(MALARIA_MENTIONED, text):
                yield _worded(text, words.MENTIONED_IN_REASON, reason.source)


def _of_problems(facts: Facts) -> Iterator[Mention]:
    for problem in lasting(facts, MALARIA_MENTIONED):
        if _is_current(problem, facts):
            for text in problem.texts:
                if mentioned(MALARIA_MENTIONED, text, of_a_problem=True):
                    yield _worded(text, words.MENTIONED_IN_PROBLEM, problem.source)


def _worded(text: str, where: Text, source: str) -> Mention:
    return Mention(Plain(text, MOST_OF_A_TEXT), Because(say(where, text=Received(text, MOST_OF_A_TEXT)), source))


def _regimens(facts: Facts) -> Iterator[Mention]:
    """An artemisinin or primaquine that is drafted, or was ordered a short while ago."""
    drafted = (draft for draft in facts.drafts if may_be_placed(draft))
    ordered = (one for one in active_medications(facts, MALARIA_REGIMEN) if _within(one, facts, REGIMEN_DAYS))
    for medication in (*drafted, *ordered):
        ingredient = medication.holds(MALARIA_REGIMEN)
        if ingredient is not None:
            yield Mention(drug_name(ingredient), medication_fact(medication, ingredient, facts.today))


def _by_course(facts: Facts, quinine: Medication) -> Mention | None:
    """Dosed as malaria is: several times a day, for a few days. Cramps are treated at night, and without end."""
    if not quinine.draft and not _within(quinine, facts, COURSE_AUTHORED_DAYS):
        return None
    for dosing in quinine.dosings:
        often, long = dosing.per_day or Decimal(0), dosing.days
        if often >= COURSE_DOSES.value and long is not None and long <= COURSE_DAYS.value:
            course = say(words.COURSE, times=often.normalize(), days=long.normalize())
            return Mention(course, Because(say(words.MENTIONED_BY_COURSE, course=course), quinine.source))
    return None


def _within(medication: Medication, facts: Facts, window: Limit) -> bool:
    authored = medication.authored
    return authored is not None and authored.days_at_least(facts.today) <= window.value
