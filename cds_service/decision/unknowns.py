"""What a rule could not know: the lines that keep "not received" from looking like "nothing there"."""

from cds_service.decision.phrases import Phrase, Received, say
from cds_service.patient.facts import Facts, Receipt, Unread
from cds_service.patient.terminology.vocabulary import Concept


def not_known(facts: Facts, *queries: str) -> tuple[Phrase, ...]:
    """A line for each of the queries whose answer is not complete ("Medication list not received")."""
    return tuple(
        say(f"unknown.{query}.{facts.receipt(query).value}") for query in queries if not facts.receipt(query).complete
    )


def searched_empty(facts: Facts, *queries: str) -> tuple[Phrase, ...]:
    """A line for each of the queries that was searched and known to be empty."""
    return tuple(say(f"unknown.{query}.empty") for query in queries if facts.receipt(query) is Receipt.EMPTY)


def could_not_read(facts: Facts, query: str, *concepts: Concept) -> tuple[Phrase, ...]:
    """A line for each unread entry of the query that touches the concepts."""
    return tuple(not_usable(entry) for entry in facts.unread_of(query, concepts))


def not_usable(entry: Unread) -> Phrase:
    """One entry that could not be used, by its own words or its place, and why."""
    return say("unknown.unread", shown=Received(entry.shown or entry.source), why=say(f"why.{entry.why}"))
