"""What a rule could not know: the lines that keep "not received" from looking like "nothing there"."""

from collections.abc import Iterable
from itertools import chain, repeat

from cds_service.decision.phrases import Phrase, Received, say, text, texts
from cds_service.patient.facts import Facts
from cds_service.patient.received import Receipt, Unread
from cds_service.patient.terminology.vocabulary import Concept

QUERIES = ("patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies")
INCOMPLETE = {query: texts(f"unknown.{query}", (one for one in Receipt if not one.complete)) for query in QUERIES}
EMPTY = {query: text(f"unknown.{query}.empty") for query in QUERIES}
UNREAD = text("unknown.unread")
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
    """A line for each of the queries whose answer is not complete ("Medication list not received")."""
    return tuple(say(INCOMPLETE[query][facts.receipt(query)]) for query in queries if not facts.receipt(query).complete)


def searched_empty(facts: Facts, *queries: str) -> tuple[Phrase, ...]:
    """A line for each of the queries that was searched and known to be empty."""
    return tuple(say(EMPTY[query]) for query in queries if facts.receipt(query) is Receipt.EMPTY)


def could_not_read(facts: Facts, query: str, *concepts: Concept) -> tuple[Phrase, ...]:
    """A line for each unread entry of the query that touches the concepts."""
    return not_usable(facts.unread_of(query, concepts))


def not_usable(entries: Iterable[Unread]) -> tuple[Phrase, ...]:
    """A line for each entry that could not be used, by its own words or its place, and why."""
    return tuple(chain.from_iterable(repeat(_not_usable(entry), entry.times) for entry in entries))


def _not_usable(entry: Unread) -> Phrase:
    return say(UNREAD, shown=Received(entry.shown or entry.source), why=say(WHY[entry.why]))
