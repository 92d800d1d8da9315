"""What a rule needed of the problem list, the medicines and the results, and could not have.

Empty means: everything was received and read, so what was not found is not there.
"""

from collections.abc import Iterable

from cds_service.decision.phrases import Phrase, say, text
from cds_service.decision.unknowns import MEDICINES, not_known, not_usable, unread
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.terminology.vocabulary import AnalyteConcept, Concept, DrugConcept, ProblemConcept

_PATIENT = "patient"
AGE_UNKNOWN = text("common.age_unknown")
AGE_NOT_KNOWN = text("common.age_not_known")
AGE_UNREADABLE = text("common.age_unreadable")
MORE_DRAFTS, DRAFTS_UNREAD, REASONS_UNREAD = (
    text(f"unknown.{one}") for one in ("more_drafts", "drafts_unread", "reasons_unread")
)
MOST_DRAFTS = 3  # named one by one; the rest are counted


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
    lines = not_usable(facts.unjudged_drafts)
    more = len(lines) - MOST_DRAFTS
    return lines if more <= 0 else (*lines[:MOST_DRAFTS], say(MORE_DRAFTS, n=more))


def drafts_unread(facts: Facts) -> tuple[Phrase, ...]:
    """On the card of another draft, how many there are; one whose own words name no drug of ours is not counted."""
    unjudged = sum(one.times for one in facts.unjudged_drafts if one.why != "words-only")
    return (say(DRAFTS_UNREAD, n=unjudged),) if unjudged else ()


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


def _unread(facts: Facts, queries: tuple[str, ...], concepts: tuple[Concept, ...]) -> tuple[Phrase, ...]:
    return unread(entry for query in queries for entry in facts.unread_of(query, concepts))
