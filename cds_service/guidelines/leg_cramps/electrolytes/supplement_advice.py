"""What is said of a supplement without a documented deficit: unlikely to help, and why; an option, not a command."""

from collections.abc import Iterable, Iterator

from cds_service.decision import lab_words, overrides
from cds_service.decision.phrases import Joined, Phrase, say, sentences
from cds_service.decision.recommendation import Advise, Because, Bullet, Cited, Indicator, link
from cds_service.decision.recorded import drug_names, first_few, medication_facts
from cds_service.decision.recorded import problem_facts as as_facts
from cds_service.decision.unknown import (
    age_unknown,
    drafts_unread,
    medicines_missing,
    problems_missing,
    results_missing,
)
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.concepts import (
    ALS,
    CIRRHOSIS,
    CRAMP_CAUSING_DIURETIC,
    DIALYSIS,
    PREGNANCY,
)
from cds_service.guidelines.leg_cramps.electrolytes import words
from cds_service.guidelines.leg_cramps.electrolytes.lines import ANALYTES, not_low_fact, not_used
from cds_service.guidelines.leg_cramps.electrolytes.supplements import ALL, MAGNESIUM, Judged, Supplement
from cds_service.guidelines.leg_cramps.problems import (
    als_problems,
    cramp_facts,
    cramp_problems,
    cramp_reasons,
    only_exercise_cramps,
)
from cds_service.guidelines.leg_cramps.stretching.plan import case_of
from cds_service.patient.facts import Facts, Medication

FEWEST_WORDS, WORDS_FOR_EACH, MOST_WORDS = 120, 25, 190
"""Of a card: about one analyte or supplement, for each further one, and at most."""

CITED_GARRISON = Cited(say(words.CITED_GARRISON), (citations.GARRISON_2020,))
CITED_ALOMEDIKA = Cited(say(words.CITED_ALOMEDIKA), (citations.ALOMEDIKA_2025,))
LINKS = (link(words.LINK_GARRISON, citations.GARRISON_2020),)


def supplement_advice(facts: Facts, unneeded: tuple[Judged, ...]) -> Advise:
    """The card of supplements alone. ``unneeded`` is not empty."""
    return Advise(
        indicator=Indicator.INFO,
        summary=_summary(facts, unneeded),
        act=tuple(_act(facts, unneeded)),
        why=(*supplement_facts(facts, unneeded), *problem_facts(facts, (one.medication for one in unneeded))),
        unknown=(
            *not_used(facts),
            *results_missing(facts, *ANALYTES),
            *problems_missing(facts, DIALYSIS, CIRRHOSIS, PREGNANCY, *(o.supplement.deficit for o in unneeded)),
            *medicines_missing(facts, CRAMP_CAUSING_DIURETIC),
            *drafts_unread(facts),
            *age_unknown(facts),
        ),
        evidence=(CITED_GARRISON, CITED_ALOMEDIKA),
        override_reasons=(overrides.BENEFIT, overrides.SPECIALIST, overrides.DATA_WRONG, overrides.LATER),
        links=LINKS,
        most_words=most_words(len(kinds(unneeded))),
    )


def most_words(things: int) -> int:
    """Of a card about so many analytes and supplements."""
    return min(MOST_WORDS, FEWEST_WORDS + WORDS_FOR_EACH * (things - 1))


def kinds(judged: Iterable[Judged]) -> tuple[Supplement, ...]:
    """The kinds of supplements among them, magnesium first."""
    found = {one.supplement.electrolyte for one in judged}
    return tuple(one for one in ALL if one.electrolyte in found)


def _summary(facts: Facts, unneeded: tuple[Judged, ...]) -> Phrase:
    first = kinds(unneeded)[0]
    if first is MAGNESIUM:
        return say(words.SUMMARY_SUPPLEMENT_MAGNESIUM)
    said = words.SUMMARY_SUPPLEMENT_IN_EXERCISE if only_exercise_cramps(facts) else words.SUMMARY_SUPPLEMENT_OTHER
    return say(said, supplement=lab_words.starting(first.electrolyte))


def _act(facts: Facts, unneeded: tuple[Judged, ...]) -> Iterator[Bullet]:
    """The review; how little magnesium does; what a normal value may mean."""
    review = say(words.ACT_REVIEW, drugs=_drugs(unneeded, kinds(unneeded)))
    yield review if case_of(facts).hands_off else sentences(review, say(words.ACT_STRETCH))
    if MAGNESIUM in kinds(unneeded):
        yield say(words.ACT_TRIALS)
    yield say(words.ACT_ON_TREATMENT)


def supplement_lines(unneeded: tuple[Judged, ...]) -> Iterator[Phrase]:
    """The same in short, for the card of something graver."""
    others = tuple(one for one in kinds(unneeded) if one is not MAGNESIUM)
    if MAGNESIUM in kinds(unneeded):
        yield say(words.ACT_UNNEEDED_MAGNESIUM, drugs=_drugs(unneeded, (MAGNESIUM,)))
    if others:
        yield say(words.ACT_UNNEEDED, drugs=_drugs(unneeded, others))
    if unneeded:
        yield say(words.ACT_ON_TREATMENT)


def _drugs(judged: Iterable[Judged], of: tuple[Supplement, ...]) -> Joined:
    medications = [one.medication for one in judged if one.supplement in of]
    return drug_names(medications, *(one.drugs for one in of))


def supplement_facts(facts: Facts, unneeded: tuple[Judged, ...]) -> Iterator[Because]:
    """The supplements and the levels they were judged by."""
    for kind in kinds(unneeded):
        judged = [one for one in unneeded if one.supplement is kind]
        yield from first_few(medication_facts((one.medication for one in judged), facts.today, kind.drugs))
        yield from (not_low_fact(one.level) for one in judged[:1] if one.level is not None)


def problem_facts(facts: Facts, medications: Iterable[Medication]) -> tuple[Because, ...]:
    """The cramps and ALS that are on record; where none is, the cramps that are an order's own reason."""
    recorded = (*cramp_facts(cramp_problems(facts)), *as_facts(als_problems(facts), *ALS))
    own = cramp_reasons(words.REASON_OF_ORDER, medications)
    return recorded or tuple({one.phrase: one for one in own}.values())
