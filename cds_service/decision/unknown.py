"""What a rule needed and could not have: the lines that keep "not received" from looking like "nothing there".

No lines means: everything was received and read, so what was not found is not there.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat

from cds_service.decision.lab_words import NOT_USED_LINES
from cds_service.decision.phrases import Phrase, Received, Text, say, text, texts
from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.received import Receipt, Unread
from cds_service.patient.terminology.vocabulary import AnalyteConcept, Concept, DrugConcept, ProblemConcept

QUERIES = ("patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies")
INCOMPLETE = {query: texts(f"unknown.{query}", (one for one in Receipt if not one.complete)) for query in QUERIES}
MEDICATIONS = texts("unknown.medications", (one for one in Receipt if not one.complete))
"""Said where the same became of orders and reported medicines."""
MEDICINES = ("medicationRequests", "medicationStatements")
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
_PATIENT = "patient"
AGE_UNKNOWN = text("common.age_unknown")
AGE_NOT_KNOWN = text("common.age_not_known")
AGE_UNREADABLE = text("common.age_unreadable")
MORE_DRAFTS, DRAFTS_UNREAD, REASONS_UNREAD = (
    text(f"unknown.{one}") for one in ("more_drafts", "drafts_unread", "reasons_unread")
)
DRAFTS_UNREAD_NAMED = text("unknown.drafts_unread_named")
MOST_DRAFTS = 3  # named one by one; the rest are counted


def may_be_said(needs: Iterable[str], *, drafts: bool) -> tuple[Text, ...]:
    """Every text of ours that a rule of these needs can give for what it could not know; ``drafts``: of draft orders too."""
    needed = [query for query in QUERIES if query in needs]
    together = MEDICATIONS.values() if {*MEDICINES} <= {*needed} else ()
    states = (one for query in needed for one in INCOMPLETE[query].values())
    results = NOT_USED_LINES if "observations" in needed else ()
    ages = (AGE_UNKNOWN, AGE_NOT_KNOWN, AGE_UNREADABLE) if _PATIENT in needed else ()
    unjudged = (NOT_USABLE, MORE_DRAFTS, DRAFTS_UNREAD, DRAFTS_UNREAD_NAMED, REASONS_UNREAD) if drafts else ()
    return (*states, *together, UNREAD, UNREAD_MORE, UNREAD_COUNT, STRANGERS, *results, *ages, *unjudged)


def problems_missing(facts: Facts, *concepts: ProblemConcept) -> tuple[Phrase, ...]:
    """Lines on problems of these concepts that may exist unseen."""
    return (*not_known(facts, "conditions"), *_unread_of(facts, ("conditions",), concepts))


def medicines_missing(facts: Facts, *concepts: DrugConcept) -> tuple[Phrase, ...]:
    """Lines on medicines of these concepts that may exist unseen."""
    return (*not_known(facts, *MEDICINES), *_unread_of(facts, MEDICINES, concepts))


def results_missing(facts: Facts, *analytes: AnalyteConcept) -> tuple[Phrase, ...]:
    """Lines on results of these analytes that may exist unseen."""
    return (*not_known(facts, "observations"), *_unread_of(facts, ("observations",), analytes))


def drafts_unjudged(facts: Facts) -> tuple[Phrase, ...]:
    """A line for each of the first few draft orders of which no one can tell what they are: no rule judges them."""
    lines = not_usable(facts.unjudged_drafts)
    more = len(lines) - MOST_DRAFTS
    return lines if more <= 0 else (*lines[:MOST_DRAFTS], say(MORE_DRAFTS, n=more))


def drafts_of_any_drug(facts: Facts) -> list[Unread]:
    """The draft orders that may be of any drug, for all that can be told: not one whose words name no drug of ours."""
    return [one for one in facts.unjudged_drafts if one.why != "words-only"]


def drafts_unread(facts: Facts) -> tuple[Phrase, ...]:
    """On the card of another draft, how many there are, the first that has words named."""
    unjudged = drafts_of_any_drug(facts)
    if not unjudged:
        return ()
    n, worded = sum(one.times for one in unjudged), next((one.shown for one in unjudged if one.shown), None)
    if worded is None:
        return (say(DRAFTS_UNREAD, n=n),)
    return (say(DRAFTS_UNREAD_NAMED, n=n, shown=Received(worded, MOST_SHOWN)),)


def age_unknown(facts: Facts) -> tuple[Phrase, ...]:
    """The line that says the patient was taken for an adult, and why: "not recorded" only where the record says so."""
    if facts.person.birth is not None:
        return ()
    not_received = not_known(facts, _PATIENT)
    if not_received:
        return tuple(say(AGE_NOT_KNOWN, why=line) for line in not_received)
    return (say(AGE_UNREADABLE if facts.unread_of(_PATIENT, ()) else AGE_UNKNOWN),)


def reasons_missing(medications: Iterable[Medication]) -> tuple[Phrase, ...]:
    """A line on the stated reasons of the medicines that are not in hand."""
    references = {reference for medication in medications for reference in medication.unread_reasons}
    return (say(REASONS_UNREAD, n=len(references)),) if references else ()


def _unread_of(facts: Facts, queries: tuple[str, ...], concepts: tuple[Concept, ...]) -> tuple[Phrase, ...]:
    entries = [entry for query in queries for entry in facts.unread_of(query, concepts)]
    return unread(entries)


def not_known(facts: Facts, *queries: str) -> tuple[Phrase, ...]:
    """A line for each of the queries whose answer is not complete ("problem list not received")."""
    states = {query: facts.receipt(query) for query in queries if query in _incomplete(facts)}
    if not states:
        return ()
    lines = {query: say(INCOMPLETE[query][state]) for query, state in states.items()}
    if lines.keys() >= set(MEDICINES) and len({states[query] for query in MEDICINES}) == 1:
        orders, statements = MEDICINES
        lines[orders] = say(MEDICATIONS[states[orders]])
        del lines[statements]
    return tuple(lines.values())


@asked_once
def _incomplete(facts: Facts) -> frozenset[str]:
    """The queries of which more may exist than came."""
    return frozenset(query for query in QUERIES if not facts.receipt(query).complete)


def unread(entries: Iterable[Unread]) -> tuple[Phrase, ...]:
    """One line on the entries that could not be used, one on another patient's.

    The first that has words is named, and how many more there are.
    """
    found = list(dict.fromkeys(entries))
    if not found:
        return ()
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
