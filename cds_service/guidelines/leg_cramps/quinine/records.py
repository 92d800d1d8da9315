"""What the cards on quinine say of the record: the orders themselves, what was not found, what could not be looked at."""

from collections.abc import Iterable, Iterator, Sequence

from cds_service.decision.phrases import Phrase, say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import MORE, medication_facts
from cds_service.decision.unknown import age_unknown, drafts_unread, not_known, reasons_missing, unread
from cds_service.guidelines.leg_cramps.concepts import PREGNANCY
from cds_service.guidelines.leg_cramps.quinine import words
from cds_service.guidelines.leg_cramps.quinine.concepts import (
    G6PD_DEFICIENCY,
    HAEMATOLOGICAL,
    HYPERSENSITIVITY,
    INDICATIONS,
    MALARIA_MENTIONED,
    MALARIA_REGIMEN,
    OTHER_CONTRAINDICATIONS,
    QUININE,
    WARNING_PROBLEMS,
)
from cds_service.guidelines.leg_cramps.quinine.interactions import CONCEPTS as INTERACTING
from cds_service.guidelines.leg_cramps.quinine.safety import Safety
from cds_service.guidelines.leg_cramps.quinine.values import READ
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.received import Unread
from cds_service.patient.terminology.vocabulary import Concept

LOOKED_AT: tuple[Concept, ...] = (
    *QUININE,
    *INDICATIONS,
    MALARIA_MENTIONED,
    MALARIA_REGIMEN,
    *HYPERSENSITIVITY,
    *HAEMATOLOGICAL,
    *OTHER_CONTRAINDICATIONS,
    *WARNING_PROBLEMS,
    G6PD_DEFICIENCY,
    PREGNANCY,
    *INTERACTING,
    *READ,
)
"""All that the card looks at: an entry about one of these that could not be read is named."""

MOST_NOT_KNOWN = 6
"""So many lines are said of what is not known; the rest are counted."""


def ordered(quinine: Iterable[Medication], facts: Facts) -> tuple[Because, ...]:
    """The orders as facts: those that say the same are one."""
    return medication_facts(quinine, facts.today, *QUININE)


def not_checked(facts: Facts, safety: Safety, quinine: Iterable[Medication]) -> tuple[Phrase, ...]:
    """What the safety check could not look at or did not find, and reasons of the orders that may be malaria."""
    queries = ("conditions", "observations", "medicationRequests", "medicationStatements", "allergies")
    return _few(
        (
            *not_known(facts, *queries),
            *reasons_missing(quinine),
            *safety.not_found,
            *drafts_unread(facts),
            *unread(could_not_read(facts)),
            *age_unknown(facts),
            say(words.OTHER_DRUGS),
        )
    )


def _few(lines: Sequence[Phrase]) -> tuple[Phrase, ...]:
    more = len(lines) - MOST_NOT_KNOWN
    return tuple(lines) if more <= 0 else (*lines[:MOST_NOT_KNOWN], say(MORE, n=more))


def could_not_read(facts: Facts) -> Iterator[Unread]:
    """What could not be read and may be quinine, malaria or a hazard; of the allergies, only what may be one to quinine."""
    for query in ("conditions", "observations", "medicationRequests", "medicationStatements"):
        yield from facts.unread_of(query, LOOKED_AT)
    yield from facts.unread_of("allergies", HYPERSENSITIVITY)
    yield from facts.unread_of("prefetch", ())
