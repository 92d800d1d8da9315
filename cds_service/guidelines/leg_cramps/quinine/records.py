"""What the cards on quinine say of the record: the order itself, what was not found, what could not be looked at."""

from collections.abc import Iterable, Iterator

from cds_service.decision.phrases import Phrase, Received, Text, say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import medicine
from cds_service.decision.unknown import (
    age_unknown,
    drafts_unread,
    not_known,
    reasons_missing,
    searched_empty,
    unread,
)
from cds_service.guidelines.leg_cramps.concepts import PREGNANCY
from cds_service.guidelines.leg_cramps.quinine import words
from cds_service.guidelines.leg_cramps.quinine.concepts import (
    G6PD_DEFICIENCY,
    HAEMATOLOGICAL,
    HYPERSENSITIVITY,
    INDICATIONS,
    OTHER_CONTRAINDICATIONS,
    QUININE,
    WARNING_PROBLEMS,
)
from cds_service.guidelines.leg_cramps.quinine.interactions import CONCEPTS as INTERACTING
from cds_service.guidelines.leg_cramps.quinine.safety import READ, Safety
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.received import Unread
from cds_service.patient.terminology.vocabulary import Concept

LOOKED_AT: tuple[Concept, ...] = (
    *QUININE,
    *INDICATIONS,
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


def ordered(medication: Medication, facts: Facts) -> Because:
    """The order as a reason for the card: the drug, the client's own words for it, its date."""
    ingredient = next(i for concept in QUININE if (i := medication.holds(concept)) is not None)
    what = medicine(medication, ingredient, facts.today)
    shown = Received(medication.text or ingredient.name)
    if medication.authored is None:
        return Because(say(words.BECAUSE_MEDICATION, what=what, text=shown), medication.source)
    phrase = say(words.BECAUSE_MEDICATION_DATED, what=what, text=shown, date=medication.authored)
    return Because(phrase, medication.source)


def no_malaria(facts: Facts) -> Text:
    """Where malaria was looked for in vain: nothing is said of a problem list that did not come in full."""
    everywhere = facts.receipt("conditions").complete
    return words.BECAUSE_NO_MALARIA if everywhere else words.BECAUSE_NO_MALARIA_ON_ORDER


def not_checked(facts: Facts, safety: Safety, quinine: Iterable[Medication]) -> tuple[Phrase, ...]:
    """What the safety check looked for and did not find, or could not look at, and reasons of the orders that may be malaria."""
    queries = ("conditions", "observations", "medicationRequests", "medicationStatements", "allergies")
    nothing_listed = searched_empty(facts, "allergies", "medicationRequests", "medicationStatements")
    return (
        *safety.not_found,
        *not_known(facts, *queries),
        *nothing_listed,
        *reasons_missing(quinine),
        *drafts_unread(facts),
        *unread(_could_not_read(facts)),
        *age_unknown(facts),
    )


def _could_not_read(facts: Facts) -> Iterator[Unread]:
    """What could not be read and may be quinine, malaria or a hazard; of the allergies, only what may be one to quinine."""
    for query in ("conditions", "observations", "medicationRequests", "medicationStatements"):
        yield from facts.unread_of(query, LOOKED_AT)
    yield from facts.unread_of("allergies", HYPERSENSITIVITY)
    yield from facts.unread_of("prefetch", ())
