"""Avoid quinine for leg cramps.

"Quinine was used formerly; its harms (tinnitus, for one) outweigh its benefit; it has been abandoned"
(S9, Alomedika 2025 after Young 2015). It does reduce cramps a little (Cochrane 2015), and the AAN and
the MHRA leave a narrow place for it; the FDA warns in a box against this use. So: an active order
without malaria or babesiosis is questioned, a draft one before it is signed. Where malaria is only
mentioned, it is asked to be recorded, and nothing is stopped. In malaria the recommendation keeps quiet,
unless the label itself speaks against quinine in this patient.
"""

from collections.abc import Sequence
from datetime import date

from cds_service.decision import overrides
from cds_service.decision.offers import offered
from cds_service.decision.phrases import Phrase, say
from cds_service.decision.recommendation import (
    Advise,
    Because,
    Decision,
    Evidence,
    Indicator,
    NotAdvised,
    Rule,
    link,
    no_card,
)
from cds_service.decision.recorded import problem_facts
from cds_service.decision.unknown import drafts_unjudged, medicines_missing
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.concepts import ALS
from cds_service.guidelines.leg_cramps.offers import STRETCHING_EDUCATION
from cds_service.guidelines.leg_cramps.problems import als_problems, is_for_cramps, stretching_waits
from cds_service.guidelines.leg_cramps.quinine import words
from cds_service.guidelines.leg_cramps.quinine.advice import CITED_FDA, against, cited, why, with_reasons
from cds_service.guidelines.leg_cramps.quinine.concepts import QUININE
from cds_service.guidelines.leg_cramps.quinine.limits import LIMITS
from cds_service.guidelines.leg_cramps.quinine.malaria import (
    Indication,
    Mention,
    beside_cramps,
    indication,
    long_course,
    mention,
    recorded_only,
)
from cds_service.guidelines.leg_cramps.quinine.offers import delete, monitoring, stop
from cds_service.guidelines.leg_cramps.quinine.records import not_checked, ordered
from cds_service.guidelines.leg_cramps.quinine.safety import Safety, assess
from cds_service.guidelines.leg_cramps.quinine.values import READ
from cds_service.guidelines.leg_cramps.quinine.words import Doing
from cds_service.guidelines.leg_cramps.words import LEAFLET_QUININE
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.medications import active_medications, may_be_outdated, may_be_placed

EVIDENCE: tuple[Evidence, ...] = (
    citations.FDA_BOXED_WARNING,
    citations.COPPIN_2005_STOPPING,
    citations.EL_TAWIL_2015,
    citations.FARDET_2017,
    citations.AAN_2010,
    citations.MHRA_QUININE,
    citations.NICE_NG42,
    citations.AHA_2009,
    citations.ALOMEDIKA_2025,
)
MOST_WORDS, MOST_WORDS_OF_FEW, FEW_REASONS = 210, 160, 4
MOST_WORDS_MENTIONED = 100

_END = {"stop": stop, "cancel": delete}
_MALARIA_OVERRIDES = (
    words.OVERRIDE_MALARIA,
    overrides.SPECIALIST,
    overrides.BENEFIT,
    overrides.MONITORED,
    overrides.DATA_WRONG,
    overrides.LATER,
)
_OVERRIDES = (*_MALARIA_OVERRIDES, overrides.COMFORT)
_LINKS = (link(words.LINK_LABEL, citations.FDA_BOXED_WARNING), link(words.LINK_COCHRANE, citations.EL_TAWIL_2015))


def decide(facts: Facts) -> Decision:
    """When a chart opens: active quinine."""
    quinine = active_medications(facts, *QUININE)
    if quinine:
        return _judged(facts, quinine, assess(facts), "stop")
    return no_card(say(words.REASON_NOTHING), *medicines_missing(facts, *QUININE))


def decide_order(facts: Facts) -> Decision:
    """While quinine is being ordered: every selected draft that is still one."""
    quinine = tuple(draft for draft in facts.drafts if is_judged(draft))
    if not quinine:
        return _no_quinine_draft(facts)
    return _judged(facts, quinine, assess(facts, filter(may_be_placed, facts.drafts)), "cancel")


def _no_quinine_draft(facts: Facts) -> Decision:
    none_sent = not facts.drafts and not facts.drafts_sent
    reason = words.REASON_NO_DRAFT if none_sent else words.REASON_NO_QUININE_DRAFT
    return no_card(say(reason), *drafts_unjudged(facts))


def is_judged(draft: Medication) -> bool:
    """A selected draft of quinine that has not been stopped, cancelled or forbidden."""
    return draft.selected and may_be_placed(draft) and draft.holds(*QUININE) is not None


def _judged(facts: Facts, quinine: Sequence[Medication], safety: Safety, doing: Doing) -> Decision:
    """Each order by its own indication: one without is questioned, else one of which malaria is only mentioned."""
    indicated, mentioned, questioned = [], [], []
    for medication in quinine:
        if (found := indication(facts, medication)) is not None:
            indicated.append((medication, found))
        elif (spoken_of := mention(facts, medication)) is not None:
            mentioned.append((medication, spoken_of))
        else:
            questioned.append(medication)
    if questioned:
        return _questioned(facts, questioned, safety, doing)
    if mentioned:
        return _mentioned(facts, mentioned, safety)
    if safety.label:
        return _malaria_despite_label(facts, indicated, safety)
    if any(long_course(facts, medication, found) for medication, found in indicated):
        return NotAdvised(say(words.REASON_MALARIA_LONG_COURSE))
    return NotAdvised(say(words.REASON_MALARIA))


def _questioned(facts: Facts, quinine: Sequence[Medication], safety: Safety, doing: Doing) -> Advise:
    """Quinine without a malaria indication. None is ended by a click that may be for a malaria on record."""
    cramps = tuple(medication for medication in quinine if is_for_cramps(medication))
    beside = beside_cramps(facts)  # then all that is questioned is for cramps: for malaria the rest would be
    outdated = doing == "stop" and all(may_be_outdated(medication, facts.today) for medication in quinine)
    offers = () if beside else tuple(one for medication in quinine if (one := _END[doing](medication)) is not None)
    taught = doing == "cancel" and not (facts.under_18 or stretching_waits(facts))
    instead = offered(facts, STRETCHING_EDUCATION) if taught else ()
    only_cramps, which = len(cramps) == len(quinine), bool(beside)
    reasons = (*(say(words.FOR_CRAMPS) for _ in cramps[:1]), *_no_malaria(facts, beside=which))
    return Advise(
        indicator=Indicator.CRITICAL if safety.critical and not outdated else Indicator.WARNING,
        summary=_summary(facts, safety, doing, outdated=outdated, only_cramps=only_cramps, which=which),
        shorter=_critical(safety, doing, 1, outdated=outdated, only_cramps=only_cramps and not which)
        if safety.critical
        else None,
        act=tuple(against(facts, safety, doing, for_cramps=only_cramps, which=which)),
        why=(
            *ordered(quinine, facts),
            *problem_facts(als_problems(facts), *ALS),
            *map(Because, reasons),
            *beside,
            *recorded_only(facts),
            *why(safety),
        ),
        unknown=not_checked(facts, safety, quinine),
        evidence=cited(facts, doing),
        suggestions=(*offers, *instead, *monitoring(safety.hazards, facts)),
        override_reasons=_OVERRIDES,
        links=_LINKS,
        leaflet=LEAFLET_QUININE,
        most_words=MOST_WORDS_OF_FEW if len(safety.hazards) <= FEW_REASONS else MOST_WORDS,
    )


def _no_malaria(facts: Facts, *, beside: bool) -> tuple[Phrase, ...]:
    """That malaria was looked for in vain: nothing is said so of a problem list that did not come in full."""
    known = facts.receipt("conditions").complete
    return (say(words.NO_MALARIA),) if known and not beside and not recorded_only(facts) else ()


def _summary(facts: Facts, safety: Safety, doing: Doing, *, outdated: bool, only_cramps: bool, which: bool) -> Phrase:
    if safety.critical:
        return _critical(safety, doing, outdated=outdated, only_cramps=only_cramps and not which)
    if which:
        return say(words.SUMMARY_MALARIA_OR_CRAMPS)
    if als_problems(facts):
        return say(words.SUMMARY_ALS)
    return (
        say(words.SUMMARY_FOR_CRAMPS, ending=say(words.ENDING[doing]))
        if only_cramps
        else say(words.SUMMARY_NO_INDICATION)
    )


def _critical(safety: Safety, doing: Doing, *named: int, outdated: bool, only_cramps: bool) -> Phrase:
    """The reasons, the label's first. ``named``: how many at most."""
    degree = say(words.DEGREE_LABEL if safety.label else words.DEGREE_HIGH)
    if outdated:
        return with_reasons(words.SUMMARY_OUTDATED, safety.critical, *named, degree=degree)
    said = words.SUMMARY_CRITICAL_FOR_CRAMPS if only_cramps else words.SUMMARY_CRITICAL
    return with_reasons(said, safety.critical, *named, degree=degree, ending=say(words.ENDING[doing]))


def _mentioned(facts: Facts, mentioned: Sequence[tuple[Medication, Mention]], safety: Safety) -> Advise:
    """Quinine of which malaria is spoken, but not as its indication. Low platelets are usual in malaria."""
    label, (_, found) = safety.label, mentioned[0]
    hazards = tuple(hazard for hazard in safety.hazards if not hazard.platelets)
    orders = tuple(medication for medication, _ in mentioned)
    said = dict.fromkeys(one.because for _, one in mentioned)
    return Advise(
        indicator=Indicator.WARNING if label else Indicator.INFO,
        summary=with_reasons(words.SUMMARY_MENTIONED_LABEL, label)
        if label
        else say(words.SUMMARY_MENTIONED, text=found.said),
        shorter=with_reasons(words.SUMMARY_MENTIONED_LABEL, label, 1) if label else None,
        act=(
            *((say(words.ACT_ALTERNATIVE),) if label else ()),
            say(words.ACT_NOT_MALARIA),
            say(words.ACT_WATCH),
        ),
        why=(*ordered(orders, facts), *tuple(said)[:1], *why(safety, hazards)),
        unknown=not_checked(facts, safety, orders),
        evidence=(CITED_FDA,),
        suggestions=monitoring(label, facts),
        override_reasons=_MALARIA_OVERRIDES,
        links=_LINKS[:1],
        most_words=MOST_WORDS_MENTIONED,
    )


def _malaria_despite_label(facts: Facts, indicated: Sequence[tuple[Medication, Indication]], safety: Safety) -> Advise:
    """Quinine for malaria in a patient whose label contraindication says otherwise: malaria may outweigh."""
    late = any(long_course(facts, medication, found) for medication, found in indicated)
    orders = tuple(medication for medication, _ in indicated)
    return Advise(
        indicator=Indicator.WARNING,
        summary=with_reasons(words.SUMMARY_MALARIA, safety.label),
        shorter=with_reasons(words.SUMMARY_MALARIA, safety.label, 1),
        act=(say(words.ACT_ALTERNATIVE), say(words.ACT_WATCH), *((say(words.ACT_SEVEN_DAYS),) if late else ())),
        why=(
            *ordered(orders, facts),
            *dict.fromkeys(found.because for _, found in indicated),
            *why(safety, safety.label),
        ),
        unknown=not_checked(facts, safety, orders),
        evidence=(CITED_FDA,),
        suggestions=monitoring(safety.label, facts),
        override_reasons=_MALARIA_OVERRIDES,
        links=_LINKS[:1],
        most_words=MOST_WORDS_OF_FEW,
    )


_NEEDS = ("patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies")

RULE = Rule(
    name="avoid_quinine",
    version="11",
    changed=date(2026, 12, 1),
    topic="AvoidQuinine",
    title=words.TITLE,
    page="avoid-quinine",
    needs=_NEEDS,
    evidence=EVIDENCE,
    decide=decide,
    analytes=READ,
    limits=LIMITS,
    most_words=MOST_WORDS,
    outcomes=words.OUTCOMES,
)

ORDER_RULE = Rule(
    name="avoid_quinine_order",
    version="12",
    changed=date(2026, 12, 1),
    topic="AvoidQuinine",
    title=words.TITLE_ORDER,
    page="avoid-quinine",
    needs=_NEEDS,
    evidence=EVIDENCE,
    decide=decide_order,
    judges=frozenset(QUININE),
    analytes=READ,
    limits=LIMITS,
    most_words=MOST_WORDS,
    outcomes=words.OUTCOMES_ORDER,
)
