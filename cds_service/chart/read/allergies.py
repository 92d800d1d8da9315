"""AllergyIntolerance to Allergy."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from cds_service.chart.model import Gathered
from cds_service.chart.r4 import dates
from cds_service.chart.r4.elements import CANNOT_READ, NOT_READABLE, Element
from cds_service.chart.r4.essentials import settled
from cds_service.chart.r4.problems import allergen, allergy, code_of, reaction_substances
from cds_service.chart.read.sources import Entry, codings_of, displays_of, entries, words_of
from cds_service.patient.facts import Allergy, Match
from cds_service.patient.problems import NOT_TRUE
from cds_service.patient.received import Unread
from cds_service.patient.terminology.concepts import allergy_concepts


def allergies(answer: Gathered, zone: ZoneInfo) -> Iterator[Allergy | Unread]:
    """The allergies the rules know, and those that could not be read. Refuted ones are neither."""
    for entry in entries(answer.query.key, answer.resources):
        substances: list[Element] = []
        concepts: dict[str, Match] = {}
        try:
            substances = [one for one in (allergen(entry.resource), *reaction_substances(entry.resource)) if one]
            concepts = _concepts(substances)
            made = _allergy(entry, substances, concepts, zone)
        except CANNOT_READ:
            if concepts or not substances:
                yield entry.unread(NOT_READABLE, concepts, next(map(words_of, substances), None))
        else:
            if made is not None:
                yield made


def _allergy(
    entry: Entry, substances: list[Element], concepts: dict[str, Match], zone: ZoneInfo
) -> Allergy | Unread | None:
    if substances and not concepts:
        return None
    made, unreadable = settled("AllergyIntolerance", allergy(entry.resource, zone))
    verification = code_of(made.get("verificationStatus"))
    if verification in NOT_TRUE:
        return None
    if not concepts:
        return entry.unread("no-code")
    return Allergy(
        source=entry.source,
        concepts=concepts,
        text=words_of(substances[0]),
        clinical=code_of(made.get("clinicalStatus")),
        verification=verification,
        recorded=dates.moment(made.get("recordedDate"), zone),
        unreadable=unreadable,
    )


def _concepts(substances: list[Element]) -> dict[str, Match]:
    """By the substances' codes, and by each of their texts; a code outweighs a name."""
    found: dict[str, Match] = {}
    for substance in substances:
        for concept, match in allergy_concepts(codings_of(substance), displays_of(substance)).items():
            if found.get(concept) is not Match.CODE:
                found[concept] = match
    return found
