"""What a rule needed of the problem list, the medicines and the results, and could not have.

Empty means: everything was received and read, so what was not found is not there.
"""

from collections.abc import Iterable

from cds_service.decision.phrases import Phrase, Received, say, text
from cds_service.decision.unknowns import UNREAD, WHY, could_not_read, not_known, not_usable
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.terminology.vocabulary import AnalyteConcept, Concept, DrugConcept, ProblemConcept

MEDICINES = ("medicationRequests", "medicationStatements")
_PATIENT = "patient"
AGE_UNKNOWN = text("common.age_unknown")
AGE_NOT_KNOWN = text("common.age_not_known")
AGE_UNREADABLE = text("common.age_unreadable")
MORE_UNREAD = text("recorded.more_unread")
MOST_UNREAD = 3  # entries named one by one; the rest are counted


def problems_missing(facts: Facts, *concepts: ProblemConcept) -> tuple[Phrase, ...]:
    """Lines on problems of these concepts that may exist unseen."""
    return (*not_known(facts, "conditions"), *_unread(facts, ("conditions",), concepts))


def medicines_missing(facts: Facts, *concepts: DrugConcept) -> tuple[Phrase, ...]:
    """Lines on medicines of these concepts that may exist unseen."""
    return (*not_known(facts, *MEDICINES), *_unread(facts, MEDICINES, concepts))


def results_missing(facts: Facts, *analytes: AnalyteConcept) -> tuple[Phrase, ...]:
    """Lines on results of these analytes that may exist unseen."""
    return (*not_known(facts, "observations"), *_unread(facts, ("observations",), analytes))


def drafts_unjudged(facts: Facts) -> tuple[Phrase, ...]:
    """A line for each of the first few draft orders of which no one can tell what they are: no rule judges them."""
    return first_few(not_usable(facts.unjudged_drafts))


def drafts_unread(facts: Facts) -> tuple[Phrase, ...]:
    """The same for the card of another draft: those whose own words are known, and name no drug of ours, left out."""
    return first_few(not_usable(one for one in facts.unjudged_drafts if one.why != "words-only"))


def _unread(facts: Facts, queries: tuple[str, ...], concepts: tuple[Concept, ...]) -> tuple[Phrase, ...]:
    return first_few(tuple(line for query in queries for line in could_not_read(facts, query, *concepts)))


def age_unknown(facts: Facts) -> tuple[Phrase, ...]:
    """The line that says the patient was taken for an adult, and why: "not recorded" only where the record says so."""
    if facts.person.birth is not None:
        return ()
    not_received = not_known(facts, _PATIENT)
    if not_received:
        return tuple(say(AGE_NOT_KNOWN, why=line) for line in not_received)
    return (say(AGE_UNREADABLE if facts.unread_of(_PATIENT, ()) else AGE_UNKNOWN),)


def reasons_missing(medications: Iterable[Medication]) -> tuple[Phrase, ...]:
    """A line for each of the first few stated reasons of the medicines that are not in hand, and how many more there are."""
    references = dict.fromkeys(reference for medication in medications for reference in medication.unread_reasons)
    why = say(WHY["reference-unresolved"])
    return first_few(tuple(say(UNREAD, shown=Received(one), why=why) for one in references))


def first_few(lines: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    """The first few of the lines on entries that could not be used, and how many more there are."""
    more = len(lines) - MOST_UNREAD
    return lines if more <= 0 else (*lines[:MOST_UNREAD], say(MORE_UNREAD, n=more))
