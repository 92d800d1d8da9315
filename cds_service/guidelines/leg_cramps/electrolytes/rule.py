"""Correct an electrolyte imbalance; supplements do not treat cramps (source statement S10).

"Sodium, calcium, magnesium: no single supplement treats cramps; only to correct an imbalance and so
prevent its secondary effects." (Alomedika 2025)

Fires with a cramp problem or ALS, and a low sodium, potassium, calcium or magnesium (phosphate from
warning on), or a high value from warning on; with a supplement of what is high already, whatever excuses
one otherwise; or with cramps and a supplement without a documented deficit. Milder findings are lines for
the StretchingFirst card. Quinine that the rule on quinine questions stands for the cramps it was given for, where a
low potassium, calcium or magnesium makes it dangerous. Limits: ``limits``, ``criteria``; ages and flags: ``findings``.
Never a replacement dose; high values are never called a cause of cramps; a missing test is never asked for,
except magnesium when potassium or calcium is low.
"""

from collections.abc import Iterable
from datetime import date

from cds_service.decision import lab_words
from cds_service.decision.phrases import Joined, Phrase, say
from cds_service.decision.recommendation import CannotTell, Decision, NotAdvised, Rule, no_card
from cds_service.decision.unknown import drafts_unjudged, medicines_missing, problems_missing, results_missing
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.concepts import ALS, CRAMPS
from cds_service.guidelines.leg_cramps.electrolytes import against, words
from cds_service.guidelines.leg_cramps.electrolytes.against import Against
from cds_service.guidelines.leg_cramps.electrolytes.card import card
from cds_service.guidelines.leg_cramps.electrolytes.criteria import DECLARED, HARMONISED_INTERVALS
from cds_service.guidelines.leg_cramps.electrolytes.findings import READ, Finding, Level, findings, levels, worst_first
from cds_service.guidelines.leg_cramps.electrolytes.imbalance import (
    Imbalance,
    dangerous_with_quinine,
    quinine_for_cramps,
)
from cds_service.guidelines.leg_cramps.electrolytes.lines import ANALYTES, not_used
from cds_service.guidelines.leg_cramps.electrolytes.offers import needs_magnesium
from cds_service.guidelines.leg_cramps.electrolytes.supplement_advice import MOST_WORDS, supplement_advice
from cds_service.guidelines.leg_cramps.electrolytes.supplements import (
    CONCEPTS,
    MAGNESIUM,
    Judged,
    Verdict,
    active_judged,
    drafts_judged,
)
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_problems
from cds_service.patient.facts import Facts


def decide(facts: Facts) -> Decision:
    """The patient-view rule."""
    if facts.under_18:
        return NotAdvised(say(words.REASON_UNDER_18))
    cramps, als = cramp_problems(facts), als_problems(facts)
    if not cramps and not als:
        return _with_quinine(facts) or _not_concerned(facts)
    supplied = against.active_against_high(facts)
    found = _with(supplied, (finding for finding in findings(facts) if finding.card))
    judged = active_judged(facts) if cramps else ()
    unneeded = tuple(one for one in judged if one.verdict is Verdict.UNNEEDED and not _part_of_correcting(one, found))
    if found:
        return card(Imbalance(facts, found, unneeded, supplied))
    if unneeded:
        return supplement_advice(facts, unneeded)
    return _nothing_to_say(facts, judged, look_for_supplements=bool(cramps))


def _with_quinine(facts: Facts) -> Decision | None:
    """What quinine makes dangerous, also of one whose cramps nobody recorded."""
    quinine = quinine_for_cramps(facts)
    found = dangerous_with_quinine(facts) if quinine else ()
    return card(Imbalance(facts, found, quinine=quinine)) if found else None


def _not_concerned(facts: Facts) -> Decision:
    return no_card(say(words.REASON_NO_CRAMPS), *problems_missing(facts, *CRAMPS, *ALS))


def decide_order(facts: Facts) -> Decision:
    """The order hooks: a draft supplement against a high value; for adults, one for cramps without a deficit."""
    supplied = against.drafts_against_high(facts)
    minor = facts.under_18
    judged = () if minor else drafts_judged(facts)
    unneeded = tuple(one for one in judged if one.verdict is Verdict.UNNEEDED)
    if supplied:
        return card(Imbalance(facts, _with(supplied, ()), unneeded, supplied))
    if unneeded:
        return supplement_advice(facts, unneeded)
    unknown = tuple(one for one in judged if one.verdict is Verdict.LEVEL_UNKNOWN)
    missing = (*_levels_unknown(unknown), *_high_unseen(facts))
    if missing:
        return CannotTell(tuple(dict.fromkeys(missing)))
    return _no_order_questioned(facts, judged, minor=minor)


def _no_order_questioned(facts: Facts, judged: tuple[Judged, ...], *, minor: bool) -> Decision:
    """Why no draft is spoken of, where all that was needed is known."""
    if judged:
        return NotAdvised(_excluded(judged))
    selected = against.selected(facts)
    if not selected:
        return no_card(say(words.REASON_NO_DRAFT_SUPPLEMENT), *drafts_unjudged(facts))
    if not any(against.concerns_cramps(facts, one) for one in selected):
        return NotAdvised(say(words.REASON_NOT_FOR_CRAMPS))
    return NotAdvised(say(words.REASON_MINOR if minor else words.REASON_NOTHING_HIGH))


def _with(supplied: Iterable[Against], found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with the high values that are supplied, each once, worst first; of equals, what is supplied."""
    raised = {one.finding.analyte: one.finding for one in supplied}
    others = (finding for finding in found if finding.analyte not in raised)
    ordered = worst_first((*raised.values(), *others))
    return tuple(sorted(ordered, key=lambda one: (-one.indicator, one.analyte not in raised)))


def _high_unseen(facts: Facts) -> tuple[Phrase, ...]:
    """What was not received and may show that a draft supplements what is high: the results, or that it concerns cramps."""
    drafts = against.selected(facts)
    if not drafts:
        return ()
    concerned = any(against.concerns_cramps(facts, one) for one in drafts)
    problems = () if concerned else problems_missing(facts, *CRAMPS, *ALS)
    if not concerned and not problems:
        return ()
    return (*problems, *not_used(facts), *results_missing(facts, *ANALYTES))


def _part_of_correcting(one: Judged, found: Iterable[Finding]) -> bool:
    """Magnesium belongs to the correction of a low potassium or calcium."""
    return one.supplement is MAGNESIUM and needs_magnesium(found)


def _nothing_to_say(facts: Facts, judged: tuple[Judged, ...], *, look_for_supplements: bool) -> Decision:
    unknown = tuple(one for one in judged if one.verdict is Verdict.LEVEL_UNKNOWN)
    missing = (
        *not_used(facts),
        *results_missing(facts, *ANALYTES),
        *(medicines_missing(facts, *CONCEPTS) if look_for_supplements else ()),
        *_levels_unknown(unknown),
    )
    if missing:
        return CannotTell(missing)
    if judged:
        return NotAdvised(_excluded(judged))
    if findings(facts):
        return NotAdvised(say(words.REASON_ONLY_MILD))
    known = levels(facts)
    if not known:
        return NotAdvised(say(words.REASON_NOT_FOUND))
    return NotAdvised(_not_abnormal(known))


def _not_abnormal(known: Iterable[Level]) -> Phrase:
    """Only what was judged normal is called so."""
    normal = tuple(lab_words.named(level.analyte) for level in known if level.normal)
    others = tuple(lab_words.named(level.analyte) for level in known if not level.normal)
    if not others:
        return say(words.REASON_NOTHING_ABNORMAL, analytes=Joined(normal))
    if not normal:
        return say(words.REASON_NOT_JUDGED, others=Joined(others))
    return say(words.REASON_NOTHING_ABNORMAL_BUT_NOT_JUDGED, analytes=Joined(normal), others=Joined(others))


def _levels_unknown(judged: Iterable[Judged]) -> tuple[Phrase, ...]:
    return tuple(
        say(words.LINE_LEVEL_UNKNOWN, supplement=lab_words.named(one.supplement.electrolyte)) for one in judged
    )


def _excluded(judged: Iterable[Judged]) -> Phrase:
    one = next(iter(judged))
    name_of = lab_words.named(one.supplement.electrolyte)
    return say(words.REASON_SUPPLEMENT_EXCLUDED, supplement=name_of, why=one.why or "")


RULE = Rule(
    name="electrolytes",
    version="11",
    changed=date(2026, 11, 30),
    topic="CorrectElectrolytes",
    title=words.TITLE,
    page="correct-electrolytes",
    needs=("patient", "conditions", "observations", "medicationRequests", "medicationStatements"),
    evidence=(
        citations.GARRISON_2020,
        citations.LUO_2020,
        citations.FDA_BOXED_WARNING,
        citations.ALOMEDIKA_2025,
        citations.ALLEN_KIRBY_2012,
        HARMONISED_INTERVALS,
    ),
    decide=decide,
    history_for=frozenset(CONCEPTS),
    analytes=READ,
    most_words=MOST_WORDS,
    limits=DECLARED,
    outcomes=words.OUTCOMES,
)

ORDER_RULE = Rule(
    name="electrolytes_order",
    version="11",
    changed=date(2026, 11, 30),
    topic="CorrectElectrolytes",
    title=words.TITLE_ORDER,
    page="correct-electrolytes",
    needs=("patient", "conditions", "observations", "medicationRequests", "medicationStatements"),
    evidence=(citations.GARRISON_2020, citations.ALOMEDIKA_2025, HARMONISED_INTERVALS),
    decide=decide_order,
    judges=frozenset(CONCEPTS),
    history_for=frozenset(CONCEPTS),
    analytes=READ,
    most_words=MOST_WORDS,
    limits=DECLARED,
    outcomes=words.OUTCOMES_ORDER,
)
