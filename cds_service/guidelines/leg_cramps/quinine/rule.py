"""Avoid quinine for leg cramps.

"Quinine was used formerly; its harms (tinnitus, for one) outweigh its benefit; it has been abandoned"
(S9, Alomedika 2025 after Young 2015). It does reduce cramps a little (Cochrane 2015), and the AAN and
the MHRA leave a narrow place for it; the FDA warns in a box against this use. So: an active order
without malaria or babesiosis is questioned, and a draft one before it is signed. In malaria the
recommendation keeps quiet, unless the label itself speaks against quinine in this patient. The reminder
that comes with cramps is a rule of its own.
"""

from collections.abc import Iterable, Sequence

from cds_service.decision import overrides
from cds_service.decision.offers import offered
from cds_service.decision.phrases import Joined, Phrase, Text, say
from cds_service.decision.recommendation import (
    Advise,
    Because,
    CannotTell,
    Decision,
    Evidence,
    GuidelineLink,
    Indicator,
    NotAdvised,
    Rule,
    Section,
)
from cds_service.decision.unknown import drafts_unjudged, medicines_missing
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.offers import STRETCHING_EDUCATION
from cds_service.guidelines.leg_cramps.problems import als_problems
from cds_service.guidelines.leg_cramps.quinine import words
from cds_service.guidelines.leg_cramps.quinine.concepts import QUININE
from cds_service.guidelines.leg_cramps.quinine.hazards import Hazard
from cds_service.guidelines.leg_cramps.quinine.malaria import (
    Indication,
    indication,
    long_course,
    recorded_only,
)
from cds_service.guidelines.leg_cramps.quinine.offers import delete, monitoring, stop
from cds_service.guidelines.leg_cramps.quinine.records import no_malaria, not_checked, ordered
from cds_service.guidelines.leg_cramps.quinine.safety import READ, Safety, assess
from cds_service.guidelines.leg_cramps.quinine.words import Doing
from cds_service.guidelines.leg_cramps.words import LEAFLET_QUININE
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.medications import active_medications, may_be_outdated, may_be_placed

NAMED_IN_SUMMARY = 2

EVIDENCE: tuple[Evidence, ...] = (
    citations.FDA_BOXED_WARNING,
    citations.EL_TAWIL_2015,
    citations.AAN_2010,
    citations.MHRA_QUININE,
    citations.FARDET_2017,
    citations.COPPIN_2005_STOPPING,
    citations.ALOMEDIKA_2025,
)
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
_LINKS = tuple(
    GuidelineLink(say(label), evidence.url)
    for label, evidence in (
        (words.LINK_LABEL, citations.FDA_BOXED_WARNING),
        (words.LINK_COCHRANE, citations.EL_TAWIL_2015),
    )
    if evidence.url is not None
)


def decide(facts: Facts) -> Decision:
    """When a chart opens: active quinine."""
    quinine = active_medications(facts, *QUININE)
    if quinine:
        return _judged(facts, quinine, assess(facts), "stop")
    unknown = medicines_missing(facts, *QUININE)
    return CannotTell(unknown) if unknown else NotAdvised(say(words.REASON_NOTHING))


def decide_order(facts: Facts) -> Decision:
    """While quinine is being ordered: every selected draft that is still one."""
    quinine = tuple(draft for draft in facts.drafts if is_judged(draft))
    if not quinine:
        return _no_quinine_draft(facts)
    others = tuple(draft for draft in facts.drafts if not is_judged(draft) and may_be_placed(draft))
    safety = assess(facts, others)
    return _judged(facts, quinine, safety, "cancel")


def _no_quinine_draft(facts: Facts) -> Decision:
    unjudged = drafts_unjudged(facts)
    if unjudged:
        return CannotTell(unjudged)
    none_sent = not facts.drafts and not facts.drafts_sent
    return NotAdvised(say(words.REASON_NO_DRAFT if none_sent else words.REASON_NO_QUININE_DRAFT))


def is_judged(draft: Medication) -> bool:
    """A selected draft of quinine that has not been stopped, cancelled or forbidden."""
    return draft.selected and may_be_placed(draft) and any(draft.holds(concept) for concept in QUININE)


def _judged(facts: Facts, quinine: Sequence[Medication], safety: Safety, doing: Doing) -> Decision:
    """Each quinine order by its own indication: one without is questioned, whatever the others are for."""
    indicated = [(medication, indication(facts, medication)) for medication in quinine]
    unindicated = tuple(medication for medication, found in indicated if found is None)
    if unindicated:
        return _questioned(facts, unindicated, safety, doing)
    found_for = [(medication, found) for medication, found in indicated if found is not None]
    if safety.label:
        return _malaria_despite_label(facts, found_for, safety)
    if any(long_course(facts, medication, found) for medication, found in found_for):
        return NotAdvised(say(words.REASON_MALARIA_LONG_COURSE))
    return NotAdvised(say(words.REASON_MALARIA))


def _questioned(facts: Facts, quinine: Sequence[Medication], safety: Safety, doing: Doing) -> Advise:
    """Quinine without a malaria indication."""
    outdated = doing == "stop" and all(may_be_outdated(medication, facts.today) for medication in quinine)
    urgent = words.SUMMARY_OUTDATED if outdated else words.CRITICAL[doing]
    adult = not facts.person.certainly_under_18(facts.today)
    instead = offered(facts, STRETCHING_EDUCATION) if doing == "cancel" and adult else ()
    offers = tuple(one for medication in quinine if (one := _END[doing](medication)) is not None)
    return Advise(
        indicator=Indicator.CRITICAL if safety.critical and not outdated else Indicator.WARNING,
        summary=_summary(facts, safety, urgent),
        shorter=_with_reasons(urgent, safety.critical, 1) if safety.critical else None,
        sections=(
            *_hazard_sections(safety),
            Section(words.HEADING_OPTIONS, tuple(_options(facts, safety, doing))),
        ),
        because=(
            *(ordered(medication, facts) for medication in quinine),
            Because(say(no_malaria(facts))),
            *recorded_only(facts),
        ),
        unknown=not_checked(facts, safety, quinine),
        evidence=_evidence(facts),
        suggestions=(*offers, *instead, *monitoring((*safety.critical, *safety.warnings), facts)),
        override_reasons=_OVERRIDES,
        links=_LINKS,
        leaflet=LEAFLET_QUININE,
    )


def _malaria_despite_label(facts: Facts, indicated: Sequence[tuple[Medication, Indication]], safety: Safety) -> Advise:
    """Quinine for malaria in a patient whose label contraindication says otherwise: malaria may outweigh."""
    lines = [say(words.LINE_MALARIA_MAY_OUTWEIGH), say(words.LINE_WATCH)]
    if any(long_course(facts, medication, found) for medication, found in indicated):
        lines.append(say(words.LINE_SEVEN_DAYS))
    return Advise(
        indicator=Indicator.WARNING,
        summary=_with_reasons(words.SUMMARY_MALARIA, safety.label, NAMED_IN_SUMMARY),
        shorter=_with_reasons(words.SUMMARY_MALARIA, safety.label, 1),
        sections=(
            Section(words.HEADING_CONTRAINDICATIONS, tuple(hazard.because for hazard in safety.label)),
            Section(words.HEADING_OPTIONS, tuple(lines)),
        ),
        because=(
            *(ordered(medication, facts) for medication, _ in indicated),
            *(found.because for _, found in indicated),
        ),
        unknown=not_checked(facts, safety, [medication for medication, _ in indicated]),
        evidence=(citations.FDA_BOXED_WARNING, citations.ALOMEDIKA_2025),
        suggestions=monitoring(safety.label, facts),
        override_reasons=_MALARIA_OVERRIDES,
        links=_LINKS[:1],
    )


def _summary(facts: Facts, safety: Safety, urgent: Text) -> Phrase:
    """``urgent``: the text that names the reasons, where there are any."""
    if safety.critical:
        return _with_reasons(urgent, safety.critical, NAMED_IN_SUMMARY)
    if als_problems(facts):
        return say(words.SUMMARY_ALS)
    return say(words.SUMMARY_NO_INDICATION)


def _with_reasons(summary: Text, hazards: Sequence[Hazard], named: int) -> Phrase:
    return say(summary, reasons=_named_reasons(hazards, named))


def _named_reasons(hazards: Sequence[Hazard], named: int) -> Phrase:
    """The first few reasons, and how many more there are."""
    names = Joined(tuple(hazard.name for hazard in hazards[:named]))
    more = len(hazards) - named
    return say(words.REASONS_AND_MORE, names=names, more=more) if more > 0 else say(words.REASONS, names=names)


def _hazard_sections(safety: Safety) -> Iterable[Section]:
    if safety.critical:
        yield Section(words.HEADING_CRITICAL, tuple(hazard.because for hazard in safety.critical))
    if safety.warnings:
        yield Section(words.HEADING_WARNINGS, tuple(hazard.because for hazard in safety.warnings))


def _options(facts: Facts, safety: Safety, doing: Doing) -> Iterable[Phrase]:
    """No trial is described to those the label forbids quinine, nor to a child."""
    child = facts.person.certainly_under_18(facts.today)
    yield say(words.LINE[doing])
    if not child:
        yield say(words.LINE_STRETCHING)
    yield say(words.LINE_HARM)
    yield say(words.LINE_BENEFIT)
    if als_problems(facts):
        yield say(words.LINE_ALS)
    if not child and not safety.label:
        yield say(words.LINE_IF_USED)


def _evidence(facts: Facts) -> tuple[Evidence, ...]:
    return (*EVIDENCE, citations.NICE_NG42) if als_problems(facts) else EVIDENCE


_NEEDS = ("patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies")

RULE = Rule(
    name="avoid_quinine",
    version="2",
    topic="AvoidQuinine",
    title=words.TITLE,
    page="avoid-quinine",
    needs=_NEEDS,
    evidence=(*EVIDENCE, citations.NICE_NG42),
    decide=decide,
    analytes=READ,
)

ORDER_RULE = Rule(
    name="avoid_quinine_order",
    version="2",
    topic="AvoidQuinine",
    title=words.TITLE_ORDER,
    page="avoid-quinine",
    needs=_NEEDS,
    evidence=(*EVIDENCE, citations.NICE_NG42),
    decide=decide_order,
    judges=frozenset(QUININE),
    analytes=READ,
)
