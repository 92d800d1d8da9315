"""What a rule could not know: the lines that keep "not received" from looking like "nothing there"."""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat

from cds_service.decision.phrases import Phrase, Received, say, text, texts
from cds_service.patient.facts import Facts
from cds_service.patient.received import Receipt, Unread

QUERIES = ("patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies")
INCOMPLETE = {query: texts(f"unknown.{query}", (one for one in Receipt if not one.complete)) for query in QUERIES}
MEDICATIONS = texts("unknown.medications", (one for one in Receipt if not one.complete))
"""Said where the same became of orders and reported medicines."""
MEDICINES = ("medicationRequests", "medicationStatements")
EMPTY = {query: text(f"unknown.{query}.empty") for query in QUERIES}
UNREAD, UNREAD_MORE, UNREAD_COUNT, STRANGERS = (
    text(f"unknown.{one}") for one in ("unread", "unread_more", "unread_count", "strangers")
)
NOT_USABLE = text("unknown.not_usable")
MOST_SHOWN = 40  # characters of an entry's own words
WHY = texts(
    "why",
    (
        "not-readable",
        "no-code",
        "code-unknown",
        "words-only",
        "reference-unresolved",
        "no-type",
        "no-resource",
        "not-a-resource",
        "too-deep",
        "other-patient",
    ),
)
"""Why an entry could not be read, by ``Unread.why``."""


def not_known(facts: Facts, *queries: str) -> tuple[Phrase, ...]:
    """A line for each of the queries whose answer is not complete ("problem list not received")."""
    states = {query: facts.receipt(query) for query in queries}
    lines = {query: say(INCOMPLETE[query][state]) for query, state in states.items() if not state.complete}
    if lines.keys() >= set(MEDICINES) and len({states[query] for query in MEDICINES}) == 1:
        orders, statements = MEDICINES
        lines[orders] = say(MEDICATIONS[states[orders]])
        del lines[statements]
    return tuple(lines.values())


def searched_empty(facts: Facts, *queries: str) -> tuple[Phrase, ...]:
    """A line for each of the queries that was searched and known to be empty."""
    return tuple(say(EMPTY[query]) for query in queries if facts.receipt(query) is Receipt.EMPTY)


def unread(entries: Iterable[Unread]) -> tuple[Phrase, ...]:
    """One line on the entries that could not be used, one on another patient's.

    The first that has words is named, and how many more there are.
    """
    found = list(dict.fromkeys(entries))
    strangers = tuple(say(STRANGERS, n=entry.shown or "") for entry in found if entry.why == "other-patient")
    return (*_first_named([entry for entry in found if entry.why != "other-patient"]), *strangers)


def _first_named(entries: Sequence[Unread]) -> tuple[Phrase, ...]:
    if not entries:
        return ()
    total = sum(entry.times for entry in entries)
    worded = next((entry.shown for entry in entries if entry.shown), None)
    if worded is None:
        return (say(UNREAD_COUNT, n=total),)
    shown = Received(worded, MOST_SHOWN)
    return (say(UNREAD_MORE, shown=shown, n=total - 1) if total > 1 else say(UNREAD, shown=shown),)


def not_usable(entries: Iterable[Unread]) -> tuple[Phrase, ...]:
    """A line for each entry that could not be used, by its own words or its place, and why."""
    return tuple(chain.from_iterable(repeat(_not_usable(entry), entry.times) for entry in entries))


def _not_usable(entry: Unread) -> Phrase:
    return say(NOT_USABLE, shown=Received(entry.shown or entry.source), why=say(WHY[entry.why]))
