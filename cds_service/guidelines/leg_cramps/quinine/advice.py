"""What the cards on quinine say to do, and why: bullets, facts in their groups, and the citations of both."""

from collections.abc import Iterable, Iterator, Sequence

from cds_service.decision.phrases import Joined, Listed, Phrase, Text, say, sentences
from cds_service.decision.recommendation import Because, Bullet, Cited
from cds_service.decision.recorded import first_few
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.problems import als_problems, stretching_waits
from cds_service.guidelines.leg_cramps.quinine import trial, words
from cds_service.guidelines.leg_cramps.quinine.hazards import Hazard, Rhythm
from cds_service.guidelines.leg_cramps.quinine.safety import Safety
from cds_service.guidelines.leg_cramps.quinine.words import Doing
from cds_service.patient.facts import Facts

NAMED_IN_SUMMARY = 2
MOST_RISKS = 3

CITED_FDA = Cited(say(words.CITED_FDA), (citations.FDA_BOXED_WARNING,))
_CITED_STOPPING = Cited(say(words.CITED_STOPPING), (citations.COPPIN_2005_STOPPING,))
_CITED_BENEFIT = Cited(say(words.CITED_BENEFIT), (citations.EL_TAWIL_2015,))
_CITED_GUIDELINES = Cited(say(words.CITED_GUIDELINES), (citations.AAN_2010, citations.MHRA_QUININE))
_CITED_NICE = Cited(say(words.CITED_NICE), (citations.NICE_NG42,))


def against(facts: Facts, safety: Safety, doing: Doing, *, for_cramps: bool, which: bool) -> Iterator[Bullet]:
    """What to do about quinine that is not indicated. ``for_cramps``: its own reason says so.

    ``which``: that reason is cramps, and malaria stands beside it.
    """
    als = bool(als_problems(facts))
    if which:
        yield say(words.ACT_WHICH)
    elif not for_cramps and (safety.critical or als):
        yield say(words.ACT_IS_IT_MALARIA)
    if als:
        yield _in_als(facts, safety, doing)
    else:
        yield _end(facts, safety, doing)
    if safety.critical:
        yield from _quinine_or_not(safety.critical)
        yield from _before_any_dose(safety.critical)
    elif not als and not which and trial.may_be_described(facts, safety):
        yield say(words.ACT_UNITED_KINGDOM)
    yield say(words.ACT_IF_TAKEN)


def _end(facts: Facts, safety: Safety, doing: Doing) -> Bullet:
    said = words.ACT_END_AT_RISK if safety.critical else words.ACT_END
    end = say(said[doing])
    return end if facts.under_18 or stretching_waits(facts) else sentences(end, say(words.ACT_STRETCHING))


def _in_als(facts: Facts, safety: Safety, doing: Doing) -> Bullet:
    """The summary says the conflict where it names no reason of the patient's own."""
    decision = say((words.ACT_ALS_NO_STRETCHING if stretching_waits(facts) else words.ACT_ALS)[doing])
    return sentences(decision, say(words.ACT_ALS_CONFLICT)) if safety.critical else decision


def _quinine_or_not(critical: Sequence[Hazard]) -> Iterator[Bullet]:
    """A rhythm that is in danger without quinine too, and what adds to it."""
    alone = [hazard.rhythm for hazard in critical if hazard.rhythm in (Rhythm.LOW, Rhythm.LONG)]
    if not alone:
        return
    risks = dict.fromkeys(h.brief for h in critical if h.rhythm is not None and h.brief is not None)
    named = Joined(tuple(risks)[:MOST_RISKS])
    together = say(words.ACT_TOGETHER, risks=named) if len(named.parts) > 1 else named
    yield say(words.ACT_CORRECT if Rhythm.LOW in alone else words.ACT_CHECK, risks=together)


def _before_any_dose(critical: Sequence[Hazard]) -> Iterator[Bullet]:
    caused = tuple(hazard.brief for hazard in critical if hazard.caused and hazard.brief is not None)
    if caused:
        yield say(words.ACT_BEFORE_ANY_DOSE, what=Joined(caused))


def why(safety: Safety, hazards: Iterable[Hazard] | None = None) -> tuple[Because, ...]:
    """The hazards as facts, the gravest first: label contraindications, high risks, and at most three warning lines."""
    found = safety.hazards if hazards is None else tuple(hazards)
    label = tuple(hazard.because for hazard in found if hazard.label)
    high = tuple(hazard.because for hazard in found if hazard in safety.critical and not hazard.label)
    warnings = first_few(tuple(hazard.because for hazard in found if hazard in safety.warnings))
    return (
        *_group(words.GROUP_LABEL, label),
        *_group(words.GROUP_HIGH, high),
        *_group(words.GROUP_WARNING, warnings),
    )


def _group(said: Text, facts: Sequence[Because]) -> Iterator[Because]:
    for place, fact in enumerate(facts):
        yield fact if place else Because(say(said, fact=fact.phrase), fact.source)


def cited(facts: Facts, doing: Doing) -> tuple[Cited, ...]:
    """The citations of the lines that stand on the card."""
    als = bool(als_problems(facts))
    return (
        CITED_FDA,
        *((_CITED_STOPPING,) if doing == "stop" and not als else ()),
        _CITED_BENEFIT,
        _CITED_GUIDELINES,
        *((_CITED_NICE,) if als else ()),
    )


def with_reasons(said: Text, hazards: Sequence[Hazard], named: int = NAMED_IN_SUMMARY, **more: Phrase) -> Phrase:
    """A summary with the first few reasons, and how many more there are."""
    names = Listed(tuple(hazard.name for hazard in hazards[:named]))
    further = len(hazards) - named
    reasons = say(words.REASONS_AND_MORE, names=names, more=further) if further > 0 else say(words.REASONS, names=names)
    return say(said, reasons=reasons, **more)
