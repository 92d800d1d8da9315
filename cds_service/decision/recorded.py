"""A record as one line: what it is, since when, and what is uncertain about it ("suspected", "matched by name")."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import chain

from cds_service.decision.phrases import Joined, Phrase, Text, say, text, texts
from cds_service.decision.recommendation import Because
from cds_service.patient.facts import Ingredient, Match, Medication, Problem
from cds_service.patient.medications import may_be_outdated
from cds_service.patient.problems import has_ended, status_recorded, suspected
from cds_service.patient.terminology.vocabulary import DrugConcept, ProblemConcept, ingredients, problems

_DATES = frozenset(("onsetDateTime", "onsetPeriod", "recordedDate", "authoredOn", "dateAsserted", "effectiveDateTime"))
_OVER = ("resolved", "remission", "inactive")

FACT = text("recorded.fact")
SINCE = text("recorded.since")
RECORDED = text("recorded.recorded")
DATE_NOT_READABLE = text("recorded.date_not_readable")
SUSPECTED = text("recorded.suspected")
ENDED = text("recorded.ended")
STATUS_NOT_RECORDED = text("recorded.status_not_recorded")
COUNTS_FOR_LIFE = text("recorded.counts_for_life")
MATCHED_BY_NAME = text("recorded.matched_by_name")
APPEARS_TO_BE = text("recorded.appears_to_be")
ON_HOLD = text("recorded.on_hold")
STATUS_UNKNOWN = text("recorded.status_unknown")
MAY_BE_OUTDATED = text("recorded.may_be_outdated")
OVER = texts("recorded", _OVER)
OVER_ON = {how: text(f"recorded.{how}_on") for how in _OVER}
_DRUGS = {name: text("drug." + name.lower().replace(" ", "_").replace("-", "_")) for name in ingredients()}


@cache
def problem_texts() -> Mapping[str, Text]:
    """What each problem is called on a card, by its name; not before the guidelines have brought theirs."""
    return texts("concept", (one.name for one in problems()))


def problem_name(concept: ProblemConcept) -> Phrase:
    """What a problem is called on a card."""
    return say(problem_texts()[concept.name])


def problem_fact(problem: Problem, *concepts: ProblemConcept, notes: Iterable[Phrase] = ()) -> Because:
    """The problem under the first of the concepts it belongs to, with its date and its uncertainties.

    A problem that belongs to none of them is shown under the first of its own. ``notes``: what else is to be said of it.
    """
    concept = next((c for c in concepts if problem.is_a(c)), None) or ProblemConcept(next(iter(problem.concepts)))
    return _noted(problem, problem_name(concept), _problem_notes(problem, concept, notes=notes))


def hazard_fact(problem: Problem, concept: ProblemConcept, today: date) -> Because:
    """A hazard that doesn't pass, as a problem is shown; one that is over says so, and that it counts all the same."""
    notes = _problem_notes(problem, concept, today)
    if problem.clinical in _OVER or has_ended(problem, today):
        notes = chain(notes, (say(COUNTS_FOR_LIFE),))
    return _noted(problem, problem_name(concept), notes)


def medication_fact(medication: Medication, ingredient: Ingredient, today: date) -> Because:
    """The medicine by the name of its ingredient, with its uncertainties."""
    return Because(medicine(medication, ingredient, today), medication.source)


def medication_facts(medications: Iterable[Medication], today: date, *concepts: DrugConcept) -> tuple[Because, ...]:
    """Each medicine by the name of its first ingredient of the concepts."""
    return tuple(
        medication_fact(medication, ingredient, today)
        for medication in medications
        for ingredient in _held(medication, concepts)[:1]
    )


def medicine(medication: Medication, ingredient: Ingredient, today: date) -> Phrase:
    """One ingredient with the uncertainties of its medicine, to stand inside another sentence."""
    name = drug_name(ingredient)
    what = say(APPEARS_TO_BE, drug=name) if ingredient.match is Match.NAME else name
    notes = tuple(_medication_notes(medication, today))
    return say(FACT, what=what, notes=Joined(notes)) if notes else what


def drug_names(medications: Iterable[Medication], *concepts: DrugConcept) -> Joined:
    """The medicines' ingredients that belong to the concepts, each name once."""
    unique = {i.name: i for medication in medications for i in _held(medication, concepts)}
    return Joined(tuple(drug_name(ingredient) for ingredient in unique.values()))


def drug_name(ingredient: Ingredient) -> Phrase:
    """The drug's name in the language of the card."""
    return say(_DRUGS[ingredient.name])


def _held(medication: Medication, concepts: Collection[DrugConcept]) -> tuple[Ingredient, ...]:
    return tuple(ingredient for ingredient in medication.ingredients if ingredient.is_a(*concepts))


def _noted(problem: Problem, what: Phrase, notes: Iterable[Phrase]) -> Because:
    said = tuple(notes)
    return Because(say(FACT, what=what, notes=Joined(said)) if said else what, problem.source)


def _problem_notes(
    problem: Problem, concept: ProblemConcept, today: date | None = None, notes: Iterable[Phrase] = ()
) -> Iterator[Phrase]:
    """Without ``today`` an end date isn't judged: active problems have none that is past."""
    if problem.onset is not None:
        yield say(SINCE, date=problem.onset)
    elif problem.recorded is not None:
        yield say(RECORDED, date=problem.recorded)
    elif _date_unreadable(problem.unreadable):
        yield say(DATE_NOT_READABLE)
    if suspected(problem):
        yield say(SUSPECTED)
    counts_all_the_same = concept.days_in_any_status is not None and problem.clinical in _OVER
    over = say(ENDED) if counts_all_the_same else _over(problem, today)
    if over is not None:
        yield over
    elif not status_recorded(problem):
        yield say(STATUS_NOT_RECORDED)
    yield from notes
    if problem.matched(concept) is Match.NAME:
        yield say(MATCHED_BY_NAME)


def _over(problem: Problem, today: date | None) -> Phrase | None:
    """How and when it ended; None when it has not. A past end without a status of its own is a resolution."""
    ended = today is not None and has_ended(problem, today)
    if not ended and problem.clinical not in _OVER:
        return None
    how = problem.clinical if problem.clinical in _OVER else "resolved"
    if ended and problem.abated is not None:
        return say(OVER_ON[how], date=problem.abated)
    return say(OVER[how])


def _medication_notes(medication: Medication, today: date) -> Iterator[Phrase]:
    if medication.status == "on-hold":
        yield say(ON_HOLD)
    if medication.status in ("unknown", None):
        yield say(STATUS_UNKNOWN)
    if may_be_outdated(medication, today):
        yield say(MAY_BE_OUTDATED)
    if medication.authored is None and not medication.draft and _date_unreadable(medication.unreadable):
        yield say(DATE_NOT_READABLE)


def _date_unreadable(unreadable: tuple[str, ...]) -> bool:
    """A date it would have been judged by was there, and could not be read."""
    return not _DATES.isdisjoint(name.partition(".")[0] for name in unreadable)
