"""Avoid quinine for leg cramps.

"Quinine was used formerly; its harms (tinnitus, for one) outweigh its benefit; it has been abandoned"
(S9, Alomedika 2025 after Young 2015). It does reduce cramps a little (Cochrane 2015), and the AAN and
the MHRA leave a narrow place for it; the FDA warns in a box against this use. So: an active order
without malaria or babesiosis is questioned, a draft one before it is signed, and a patient with cramps
brings a short reminder. In malaria the recommendation keeps quiet, unless the label itself speaks
against quinine in this patient.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from cds_service.decision.missing import (
    MEDICINES,
    drafts_unjudged,
    drafts_unread,
    first_few,
    medicines_missing,
    problems_missing,
    reasons_missing,
)
from cds_service.decision.offers import offered
from cds_service.decision.phrases import Joined, Phrase, Received, say
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
from cds_service.decision.recorded import medicine
from cds_service.decision.unknowns import could_not_read, not_known, searched_empty
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.concepts import CRAMPS
from cds_service.guidelines.leg_cramps.offers import STRETCHING_EDUCATION
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_fact, cramp_problems
from cds_service.guidelines.leg_cramps.quinine.concepts import HYPERSENSITIVITY, INDICATIONS, QUININE
from cds_service.guidelines.leg_cramps.quinine.hazards import Hazard
from cds_service.guidelines.leg_cramps.quinine.malaria import (
    Indication,
    current_problems,
    indication,
    long_course,
    recorded_only,
)
from cds_service.guidelines.leg_cramps.quinine.offers import delete, monitoring, stop
from cds_service.guidelines.leg_cramps.quinine.safety import CONCEPTS as LOOKED_AT
from cds_service.guidelines.leg_cramps.quinine.safety import READ, Safety, assess, label_contraindications
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
_REMINDER_EVIDENCE = (
    citations.FDA_BOXED_WARNING,
    citations.EL_TAWIL_2015,
    citations.AAN_2010,
    citations.MHRA_QUININE,
    citations.FARDET_2017,
    citations.ALOMEDIKA_2025,
)
Doing = Literal["stop", "cancel"]  # an active order is stopped, a draft cancelled
_END = {"stop": stop, "cancel": delete}
_OVERRIDES = ("malaria", "specialist", "benefit", "monitored", "dataWrong", "later", "comfort")
_LINKS = tuple(
    GuidelineLink(say(f"avoid_quinine.link.{name}"), evidence.url)
    for name, evidence in (("label", citations.FDA_BOXED_WARNING), ("cochrane", citations.EL_TAWIL_2015))
    if evidence.url is not None
)


def decide(facts: Facts) -> Decision:
    """When a chart opens: active quinine first, else the reminder."""
    quinine = active_medications(facts, *QUININE)
    if quinine:
        return _judged(facts, quinine, assess(facts), "stop")
    unknown = medicines_missing(facts, *QUININE)
    cramps = cramp_problems(facts)
    if not cramps:
        return _no_cramps(facts, unknown)
    if facts.person.certainly_under_18(facts.today):
        return CannotTell(unknown) if unknown else NotAdvised(say("avoid_quinine.reason.under_18"))
    malaria = current_problems(facts)
    if malaria:
        return NotAdvised(say("avoid_quinine.reason.malaria"))
    return _reminder(facts, unknown)


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
    return NotAdvised(say("avoid_quinine.reason.no_draft" if none_sent else "avoid_quinine.reason.no_quinine_draft"))


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
        return NotAdvised(say("avoid_quinine.reason.malaria_long_course"))
    return NotAdvised(say("avoid_quinine.reason.malaria"))


def _no_cramps(facts: Facts, unknown: tuple[Phrase, ...]) -> Decision:
    if als_problems(facts):
        return NotAdvised(say("avoid_quinine.reason.als_alone"))
    missing = (*unknown, *problems_missing(facts, *CRAMPS))
    return CannotTell(missing) if missing else NotAdvised(say("avoid_quinine.reason.nothing"))


def _reminder(facts: Facts, unknown: tuple[Phrase, ...]) -> Advise:
    forbidding = label_contraindications(facts)
    age = (say("common.age_unknown"),) if facts.person.birth is None else ()
    lines: list[Phrase | Because] = [say("avoid_quinine.line.harm"), say("avoid_quinine.line.benefit")]
    if forbidding:
        names = Joined(tuple(hazard.name for hazard in forbidding))
        lines.append(say("avoid_quinine.line.contraindicated_here", reasons=names))
    return Advise(
        indicator=Indicator.INFO,
        summary=say("avoid_quinine.summary.reminder"),
        sections=(Section("avoid_quinine.heading.reminder", tuple(lines)),),
        because=(
            *(cramp_fact(problem) for problem in cramp_problems(facts)[:1]),
            *(() if _is_listed_unread(facts) else (Because(say("avoid_quinine.because.no_quinine_listed")),)),
            *(hazard.because for hazard in forbidding),
            *recorded_only(facts),
        ),
        unknown=(*unknown, *not_known(facts, "conditions"), *age),
        evidence=_REMINDER_EVIDENCE,
        override_reasons=("specialist", "benefit", "dataWrong", "later"),
        links=_LINKS,
        leaflet="quinine",
    )


def _is_listed_unread(facts: Facts) -> bool:
    """Quinine is on a list of medicines, and its entry could not be read: no one may say that none was found."""
    return any(one.is_about(QUININE) for query in MEDICINES for one in facts.unread_of(query, QUININE))


def _questioned(facts: Facts, quinine: Sequence[Medication], safety: Safety, doing: Doing) -> Advise:
    """Quinine without a malaria indication."""
    outdated = doing == "stop" and all(may_be_outdated(medication, facts.today) for medication in quinine)
    urgent = "outdated" if outdated else f"critical_{doing}"
    adult = not facts.person.certainly_under_18(facts.today)
    instead = offered(facts, STRETCHING_EDUCATION) if doing == "cancel" and adult else ()
    offers = tuple(one for medication in quinine if (one := _END[doing](medication)) is not None)
    return Advise(
        indicator=Indicator.CRITICAL if safety.critical and not outdated else Indicator.WARNING,
        summary=_summary(facts, safety, urgent),
        shorter=_with_reasons(urgent, safety.critical, 1) if safety.critical else None,
        sections=(
            *_hazard_sections(safety),
            Section("avoid_quinine.heading.options", tuple(_options(facts, safety, doing))),
        ),
        because=(
            *(_because(medication, facts) for medication in quinine),
            Because(say(f"avoid_quinine.because.{_where_no_malaria(facts)}")),
            *recorded_only(facts),
        ),
        unknown=_not_checked(facts, safety, quinine),
        evidence=_evidence(facts),
        suggestions=(*offers, *instead, *monitoring((*safety.critical, *safety.warnings), facts)),
        override_reasons=_OVERRIDES,
        links=_LINKS,
        leaflet="quinine",
    )


def _malaria_despite_label(facts: Facts, indicated: Sequence[tuple[Medication, Indication]], safety: Safety) -> Advise:
    """Quinine for malaria in a patient whose label contraindication says otherwise: malaria may outweigh."""
    lines = [say("avoid_quinine.line.malaria_may_outweigh"), say("avoid_quinine.line.watch")]
    if any(long_course(facts, medication, found) for medication, found in indicated):
        lines.append(say("avoid_quinine.line.seven_days"))
    return Advise(
        indicator=Indicator.WARNING,
        summary=_with_reasons("malaria", safety.label, NAMED_IN_SUMMARY),
        shorter=_with_reasons("malaria", safety.label, 1),
        sections=(
            Section("avoid_quinine.heading.contraindications", tuple(hazard.because for hazard in safety.label)),
            Section("avoid_quinine.heading.options", tuple(lines)),
        ),
        because=(
            *(_because(medication, facts) for medication, _ in indicated),
            *(found.because for _, found in indicated),
        ),
        unknown=_not_checked(facts, safety, [medication for medication, _ in indicated]),
        evidence=(citations.FDA_BOXED_WARNING, citations.ALOMEDIKA_2025),
        suggestions=monitoring(safety.label, facts),
        override_reasons=("malaria", "specialist", "benefit", "monitored", "dataWrong", "later"),
        links=_LINKS[:1],
    )


def _where_no_malaria(facts: Facts) -> str:
    return "no_malaria" if facts.receipt("conditions").complete else "no_malaria_on_order"


def _summary(facts: Facts, safety: Safety, urgent: str) -> Phrase:
    """``urgent``: the text that names the reasons, where there are any."""
    if safety.critical:
        return _with_reasons(urgent, safety.critical, NAMED_IN_SUMMARY)
    if als_problems(facts):
        return say("avoid_quinine.summary.als")
    return say("avoid_quinine.summary.no_indication")


def _with_reasons(summary: str, hazards: Sequence[Hazard], named: int) -> Phrase:
    return say(f"avoid_quinine.summary.{summary}", reasons=_named_reasons(hazards, named))


def _named_reasons(hazards: Sequence[Hazard], named: int) -> Phrase:
    """The first few reasons, and how many more there are."""
    names = Joined(tuple(hazard.name for hazard in hazards[:named]))
    more = len(hazards) - named
    return (
        say("avoid_quinine.reasons_and_more", names=names, more=more)
        if more > 0
        else say("avoid_quinine.reasons", names=names)
    )


def _hazard_sections(safety: Safety) -> Iterable[Section]:
    if safety.critical:
        yield Section("avoid_quinine.heading.critical", tuple(hazard.because for hazard in safety.critical))
    if safety.warnings:
        yield Section("avoid_quinine.heading.warnings", tuple(hazard.because for hazard in safety.warnings))


def _options(facts: Facts, safety: Safety, doing: Doing) -> Iterable[Phrase]:
    """No trial is described to those the label forbids quinine, nor to a child."""
    child = facts.person.certainly_under_18(facts.today)
    yield say(f"avoid_quinine.line.{doing}")
    if not child:
        yield say("avoid_quinine.line.stretching")
    yield say("avoid_quinine.line.harm")
    yield say("avoid_quinine.line.benefit")
    if als_problems(facts):
        yield say("avoid_quinine.line.als")
    if not child and not safety.label:
        yield say("avoid_quinine.line.if_used")


def _because(medication: Medication, facts: Facts) -> Because:
    ingredient = next(i for concept in QUININE if (i := medication.holds(concept)) is not None)
    what = medicine(medication, ingredient, facts.today)
    shown = Received(medication.text or ingredient.name)
    if medication.authored is None:
        return Because(say("avoid_quinine.because.medication", what=what, text=shown), medication.source)
    phrase = say("avoid_quinine.because.medication_dated", what=what, text=shown, date=medication.authored)
    return Because(phrase, medication.source)


def _not_checked(facts: Facts, safety: Safety, quinine: Iterable[Medication]) -> tuple[Phrase, ...]:
    """What the safety check looked for and did not find, or could not look at, and reasons of the orders that may be malaria."""
    age = (say("common.age_unknown"),) if facts.person.birth is None else ()
    queries = ("conditions", "observations", "medicationRequests", "medicationStatements", "allergies")
    nothing_listed = searched_empty(facts, "allergies", "medicationRequests", "medicationStatements")
    return (
        *safety.not_found,
        *not_known(facts, *queries),
        *nothing_listed,
        *reasons_missing(quinine),
        *drafts_unread(facts),
        *first_few(tuple(_could_not_read(facts))),
        *age,
    )


def _could_not_read(facts: Facts) -> Iterator[Phrase]:
    """What could not be read and may be quinine, malaria or a hazard; of the allergies, only what may be one to quinine."""
    for query in ("conditions", "observations", "medicationRequests", "medicationStatements"):
        yield from could_not_read(facts, query, *QUININE, *INDICATIONS, *LOOKED_AT)
    yield from could_not_read(facts, "allergies", *HYPERSENSITIVITY)
    yield from could_not_read(facts, "prefetch")


def _evidence(facts: Facts) -> tuple[Evidence, ...]:
    return (*EVIDENCE, citations.NICE_NG42) if als_problems(facts) else EVIDENCE


_NEEDS = ("patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies")

RULE = Rule(
    name="avoid_quinine",
    version="1",
    topic="AvoidQuinine",
    title="avoid_quinine.title",
    needs=_NEEDS,
    evidence=(*EVIDENCE, citations.NICE_NG42),
    decide=decide,
    analytes=READ,
)

ORDER_RULE = Rule(
    name="avoid_quinine_order",
    version="1",
    topic="AvoidQuinine",
    title="avoid_quinine.title_order",
    needs=_NEEDS,
    evidence=(*EVIDENCE, citations.NICE_NG42),
    decide=decide_order,
    analytes=READ,
)
