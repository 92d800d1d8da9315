"""The reminder not to reach for quinine for leg cramps.

"Quinine was used formerly; its harms (tinnitus, for one) outweigh its benefit; it has been abandoned" (S9,
Alomedika 2025 after Young 2015). It comes with cramps, and keeps quiet where quinine is spoken of already: where it
is taken, where malaria or babesiosis is treated, and in ALS, whose own card says on what the guidelines disagree.
"""

from collections.abc import Iterator
from datetime import date

from cds_service.decision import overrides
from cds_service.decision.phrases import Phrase, say, sentences
from cds_service.decision.recommendation import (
    Advise,
    Bullet,
    Cited,
    Decision,
    Evidence,
    Indicator,
    NotAdvised,
    Rule,
    link,
    no_card,
)
from cds_service.decision.recorded import first_few
from cds_service.decision.unknown import age_unknown, medicines_missing, not_known, problems_missing
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.concepts import ALS, CRAMPS
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_facts, cramp_problems, stretching_waits
from cds_service.guidelines.leg_cramps.quinine import trial
from cds_service.guidelines.leg_cramps.quinine.concepts import INDICATIONS, MALARIA_MENTIONED, QUININE
from cds_service.guidelines.leg_cramps.quinine.malaria import current_problems, mention_in_chart
from cds_service.guidelines.leg_cramps.quinine.safety import Safety, assess
from cds_service.guidelines.leg_cramps.quinine.values import READ
from cds_service.guidelines.leg_cramps.quinine_reminder import words
from cds_service.guidelines.leg_cramps.words import LEAFLET_QUININE
from cds_service.patient.facts import Facts
from cds_service.patient.medications import active_medications

EVIDENCE: tuple[Evidence, ...] = (
    citations.FDA_BOXED_WARNING,
    citations.EL_TAWIL_2015,
    citations.MHRA_QUININE,
    citations.ALOMEDIKA_2025,
)
_CITED_FDA = Cited(say(words.CITED_FDA), (citations.FDA_BOXED_WARNING,))
_CITED_BENEFIT = Cited(say(words.CITED_BENEFIT), (citations.EL_TAWIL_2015,))
_CITED_MHRA = Cited(say(words.CITED_MHRA), (citations.MHRA_QUININE,))
_LINKS = (link(words.LINK_LABEL, citations.FDA_BOXED_WARNING), link(words.LINK_COCHRANE, citations.EL_TAWIL_2015))


def decide(facts: Facts) -> Decision:
    """Remind where cramps are recorded and nothing else on the cards speaks of quinine."""
    if facts.under_18:
        return NotAdvised(say(words.REASON_UNDER_18))
    if active_medications(facts, *QUININE):
        return NotAdvised(say(words.REASON_QUININE))
    if not cramp_problems(facts):
        return no_card(say(words.REASON_NO_CRAMPS), *problems_missing(facts, *CRAMPS))
    if als_problems(facts):
        return NotAdvised(say(words.REASON_ALS))
    if current_problems(facts) or mention_in_chart(facts) is not None:
        return NotAdvised(say(words.REASON_MALARIA))
    return _advise(facts)


def _advise(facts: Facts) -> Advise:
    safety = assess(facts)
    forbidding = first_few(tuple(dict.fromkeys(hazard.because for hazard in safety.label)))
    act, evidence = _said(facts, safety)
    return Advise(
        indicator=Indicator.INFO,
        summary=say(words.SUMMARY),
        act=act,
        why=(*forbidding, *cramp_facts(cramp_problems(facts))[:1]),
        unknown=tuple(_unknown(facts)),
        evidence=evidence,
        override_reasons=(overrides.SPECIALIST, overrides.BENEFIT, overrides.DATA_WRONG, overrides.LATER),
        links=_LINKS,
        leaflet=LEAFLET_QUININE,
    )


def _said(facts: Facts, safety: Safety) -> tuple[tuple[Bullet, ...], tuple[Cited, ...]]:
    """The harms; then the narrow place the MHRA leaves."""
    harms = say(words.ACT_FORBIDDEN if safety.label else words.ACT_AVOID)
    avoid = harms if stretching_waits(facts) else sentences(harms, say(words.ACT_STRETCHING))
    if safety.label:
        return (avoid,), (_CITED_FDA,)
    if not trial.may_be_described(facts, safety):
        return (avoid,), (_CITED_FDA, _CITED_BENEFIT)
    return (avoid, say(words.ACT_EXCEPTION)), (_CITED_FDA, _CITED_BENEFIT, _CITED_MHRA)


def _unknown(facts: Facts) -> Iterator[Phrase]:
    """What would have silenced it, or forbidden quinine altogether."""
    yield from medicines_missing(facts, *QUININE)
    yield from problems_missing(facts, *ALS, *INDICATIONS, MALARIA_MENTIONED)
    yield from not_known(facts, "allergies")
    yield from age_unknown(facts)


RULE = Rule(
    name="quinine_reminder",
    version="9",
    changed=date(2026, 12, 1),
    topic="AvoidQuinine",
    title=words.TITLE,
    page="avoid-quinine",
    needs=("patient", "conditions", "observations", "medicationRequests", "medicationStatements", "allergies"),
    evidence=EVIDENCE,
    decide=decide,
    analytes=READ,
    most_words=70,
    outcomes=words.OUTCOMES,
)
