"""A record as one fact: what it is, where it is recorded, its date, and what is uncertain in a word or two.

"asthma (problem list, 3 May 2026; by name)", "pneumonia, resolved 2019 (problem list)", "amoxicillin (medication
order, 12 Aug 2026; on hold)". Records that say the same are one fact.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from cds_service.decision.phrases import Joined, Listed, Phrase, Text, Value, say, text, texts
from cds_service.decision.recommendation import Because
from cds_service.patient.facts import Ingredient, Match, Medication, Problem
from cds_service.patient.medications import may_be_outdated
from cds_service.patient.moments import Moment
from cds_service.patient.problems import dated, has_ended, status_recorded, suspected
from cds_service.patient.terminology.vocabulary import (
    DrugConcept,
    ProblemConcept,
    drug_classes,
    drugs_of,
    ingredients,
    problems,
)

MOST_NAMED = 3
"""So many facts of a kind are named, or drugs in a row; the rest are counted."""

_DATES = frozenset(("onsetDateTime", "onsetPeriod", "recordedDate", "authoredOn", "dateAsserted", "effectiveDateTime"))
_OVER = ("resolved", "remission", "inactive")

FACT = text("recorded.fact")
MORE, MORE_NAMES = text("recorded.more"), text("recorded.more_names")

PROBLEM_LIST, VISIT = text("recorded.where.problem_list"), text("recorded.where.visit")
ORDER, STATEMENT, DRAFT = (text(f"recorded.where.{one}") for one in ("order", "statement", "draft"))
SEVERAL = {where: text(where.key.replace(".where.", ".several.")) for where in (ORDER, STATEMENT, DRAFT)}
"""The same, of several medicines."""
_WHERE = (PROBLEM_LIST, VISIT, ORDER, STATEMENT, DRAFT)
"""Where a record stands; of several that say the same the first is named."""

SUSPECTED = text("recorded.suspected")
STATUS_NOT_RECORDED = text("recorded.status_not_recorded")
ON_HOLD = text("recorded.on_hold")
STATUS_UNKNOWN = text("recorded.status_unknown")
MAY_BE_OUTDATED = text("recorded.may_be_outdated")
DATE_NOT_READABLE = text("recorded.date_not_readable")
DATE_NOT_RECORDED = text("recorded.date_not_recorded")
MATCHED = {Match.NAME: text("recorded.by_name"), Match.SITE: text("recorded.by_site")}
"""Said of what a code of ours does not tell."""

ENDED = text("recorded.ended")
OVER = texts("recorded", _OVER)
OVER_ON = {how: text(f"recorded.{how}_on") for how in _OVER}
_DRUGS = {name: text("drug." + name.lower().replace(" ", "_").replace("-", "_")) for name in ingredients()}

_CLASSES = texts("drug_class", drug_classes())


@cache
def problem_texts() -> Mapping[str, Text]:
    """What each problem is called on a card, by its name; not before the guidelines have brought theirs."""
    return texts("concept", problems())


def problem_name(concept: ProblemConcept) -> Phrase:
    """What a problem is called on a card."""
    return say(problem_texts()[concept])


@dataclass(frozen=True, slots=True)
class _Record:
    """One record. ``tags``: what is uncertain about it."""

    what: Phrase
    where: Text
    date: Moment | None
    tags: tuple[Text, ...]
    source: str


def no_more(_: Problem) -> tuple[Text, ...]:
    """No further doubt about a problem."""
    return ()


Doubts = Callable[[Problem], Iterable[Text]]


def problem_facts(
    problems: Iterable[Problem], *concepts: ProblemConcept, doubts: Doubts = no_more
) -> tuple[Because, ...]:
    """Each problem under the first of the concepts it belongs to, or of its own when it belongs to none; equal ones as one.

    ``doubts``: what else is uncertain about it, in a word or two each.
    """
    return _merged(_problem(problem, _concept(problem, concepts), more=doubts(problem)) for problem in problems)


def hazard_fact(problem: Problem, concept: ProblemConcept, today: date) -> Because:
    """A hazard that doesn't pass: one that is over says so."""
    return _fact([_problem(problem, concept, today)])


def hazard_facts(problems: Iterable[Problem], concept: ProblemConcept, today: date) -> tuple[Because, ...]:
    """The same for several, those that say the same as one."""
    return _merged(_problem(problem, concept, today) for problem in problems)


def medication_fact(medication: Medication, ingredient: Ingredient, today: date) -> Because:
    """The medicine by the name of its ingredient."""
    return _fact([_medicine(medication, ingredient, today)])


def medication_facts(medications: Iterable[Medication], today: date, *concepts: DrugConcept) -> tuple[Because, ...]:
    """Each medicine by the name of its first ingredient of the concepts, those that say the same as one."""
    return _merged(
        _medicine(medication, ingredient, today)
        for medication in medications
        for ingredient in _held(medication, concepts)[:1]
    )


def medications_together(
    medications: Iterable[Medication], today: date, *concepts: DrugConcept, them: Text
) -> tuple[Because, ...]:
    """The same in short: those recorded in one kind of place, with the same doubts, as one; the date where they share it.

    ``them``: what they are called where all of several are recorded alike, since the card has named them.
    """
    alike: dict[tuple[Text, tuple[Text, ...]], list[Medication]] = {}
    records = {m.source: _medicine(m, held[0], today) for m in medications if (held := _held(m, concepts))}
    for medication in medications:
        if medication.source in records:
            record = records[medication.source]
            alike.setdefault((record.where, record.tags), []).append(medication)
    names: list[Value] = [say(them)] if len(alike) == 1 else [drug_names(same, *concepts) for same in alike.values()]
    return tuple(
        _together(called, [records[one.source] for one in same])
        for called, same in zip(names, alike.values(), strict=True)
    )


def medicine(medication: Medication, ingredient: Ingredient, today: date) -> Phrase:
    """The same fact, to stand inside another sentence."""
    return medication_fact(medication, ingredient, today).phrase


def first_few(facts: Sequence[Because], most: int = MOST_NAMED) -> tuple[Because, ...]:
    """The first facts of a kind, and how many more there are."""
    more = len(facts) - most
    return tuple(facts) if more <= 0 else (*facts[:most], Because(say(MORE, n=more)))


def drug_names(medications: Iterable[Medication], *concepts: DrugConcept) -> Joined:
    """The medicines' ingredients that belong to the concepts, each name once, and how many more than three there are."""
    unique = {i.name: i for medication in medications for i in _held(medication, concepts)}
    names: list[Value] = [drug_name(ingredient) for ingredient in unique.values()]
    more = len(names) - MOST_NAMED
    return Joined(tuple(names if more <= 0 else [*names[:MOST_NAMED], say(MORE_NAMES, n=more)]))


def drug_texts(concept: DrugConcept) -> tuple[Text, ...]:
    """What each drug of a concept is called."""
    return tuple(_DRUGS[name] for name in drugs_of(concept))


def drug_class(concept: DrugConcept) -> Text:
    """What the concept is called: as its one drug, or as a class."""
    return _CLASSES.get(concept) or _DRUGS[drugs_of(concept)[0]]


def drug_name(ingredient: Ingredient) -> Phrase:
    """The drug's name in the language of the card."""
    return say(_DRUGS[ingredient.name])


def _held(medication: Medication, concepts: Collection[DrugConcept]) -> tuple[Ingredient, ...]:
    return tuple(ingredient for ingredient in medication.ingredients if ingredient.is_a(*concepts))


def _merged(records: Iterable[_Record]) -> tuple[Because, ...]:
    alike: dict[Phrase, list[_Record]] = {}
    for record in records:
        alike.setdefault(record.what, []).append(record)
    return tuple(_fact(same) for same in alike.values())


def _fact(same: Sequence[_Record]) -> Because:
    """Records that say the same, as the newest: its date, the best place of any, the doubts that all of them share."""
    newest = max(same, key=lambda one: one.date.day if one.date else date.min)
    where = min((one.where for one in same), key=_WHERE.index)
    tags = [tag for tag in newest.tags if all(tag in one.tags for one in same)]
    return Because(_said(newest.what, say(where), newest.date, tags), newest.source)


def _said(what: Value, where: Phrase, date: Moment | None, tags: Iterable[Text]) -> Phrase:
    recorded: Value = where if date is None else Listed((where, date), ", ")
    doubts = tuple(map(say, tags))
    return say(FACT, what=what, recorded=Listed((recorded, Listed(doubts, ", "))) if doubts else recorded)


def _together(called: Value, same: Sequence[_Record]) -> Because:
    if len({one.what for one in same}) == 1:
        return _fact(same)
    date = same[0].date if len({one.date for one in same}) == 1 else None
    return Because(_said(called, say(SEVERAL[same[0].where]), date, same[0].tags), same[0].source)


def _concept(problem: Problem, concepts: Iterable[ProblemConcept]) -> ProblemConcept:
    return next((c for c in concepts if problem.is_a(c)), None) or ProblemConcept(next(iter(problem.concepts)))


def _problem(
    problem: Problem, concept: ProblemConcept, today: date | None = None, more: Iterable[Text] = ()
) -> _Record:
    """Without ``today`` an end date isn't judged: active problems have none that is past."""
    over, ended = _over(problem, concept, today)
    name = problem_name(concept)
    return _Record(
        what=name if over is None else say(over, what=name, **({} if ended is None else {"date": ended})),
        where=VISIT if problem.visit else PROBLEM_LIST,
        date=None if ended else dated(problem),
        tags=tuple(_problem_tags(problem, concept, more, over=over is not None)),
        source=problem.source,
    )


def _problem_tags(problem: Problem, concept: ProblemConcept, more: Iterable[Text], *, over: bool) -> Iterator[Text]:
    if suspected(problem):
        yield SUSPECTED
    if not over and not status_recorded(problem):
        yield STATUS_NOT_RECORDED
    yield from more
    match = problem.matched(concept)
    if match in MATCHED:
        yield MATCHED[match]
    if dated(problem) is None and _date_unreadable(problem.unreadable):
        yield DATE_NOT_READABLE
    elif dated(problem) is None and problem.visit:
        yield DATE_NOT_RECORDED


def _over(problem: Problem, concept: ProblemConcept, today: date | None) -> tuple[Text | None, Moment | None]:
    """How and when it ended; nothing when it has not. A past end without a status of its own is a resolution."""
    if concept.days_in_any_status is not None and problem.clinical in _OVER:
        return ENDED, None
    ended = today is not None and has_ended(problem, today)
    if not ended and problem.clinical not in _OVER:
        return None, None
    how = problem.clinical if problem.clinical in _OVER else "resolved"
    if ended and problem.abated is not None:
        return OVER_ON[how], problem.abated
    return OVER[how], None


def _medicine(medication: Medication, ingredient: Ingredient, today: date) -> _Record:
    return _Record(
        what=drug_name(ingredient),
        where=DRAFT if medication.draft else STATEMENT if medication.kind == "MedicationStatement" else ORDER,
        date=medication.authored,
        tags=tuple(_medicine_tags(medication, ingredient, today)),
        source=medication.source,
    )


def _medicine_tags(medication: Medication, ingredient: Ingredient, today: date) -> Iterator[Text]:
    if medication.status == "on-hold":
        yield ON_HOLD
    if medication.status in ("unknown", None):
        yield STATUS_UNKNOWN
    if may_be_outdated(medication, today):
        yield MAY_BE_OUTDATED
    if ingredient.match in MATCHED:
        yield MATCHED[ingredient.match]
    if medication.authored is None and not medication.draft and _date_unreadable(medication.unreadable):
        yield DATE_NOT_READABLE


def _date_unreadable(unreadable: tuple[str, ...]) -> bool:
    """A date it would have been judged by was there, and could not be read."""
    return not _DATES.isdisjoint(name.partition(".")[0] for name in unreadable)
