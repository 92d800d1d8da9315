"""The supplements of a patient as the electrolyte rules take them: judged, with one exclusion more.

Acetazolamide and mannitol waste electrolytes as other diuretics do: beside them no supplement is
questioned. They are told by name for this exclusion only, and are never named as contributors to cramps.
"""

from dataclasses import replace

from cds_service.decision.phrases import say
from cds_service.guidelines.leg_cramps.electrolytes import supplements, words
from cds_service.guidelines.leg_cramps.electrolytes.supplements import Judged, Verdict
from cds_service.patient.facts import Facts
from cds_service.patient.medications import active_medications, may_be_placed
from cds_service.patient.terminology.vocabulary import drug

OTHER_DIURETIC = drug("other_diuretic")


def taken(facts: Facts) -> tuple[Judged, ...]:
    """The active supplements of a patient with cramps, judged."""
    return _excluding(facts, supplements.taken(facts))


def drafted(facts: Facts) -> tuple[Judged, ...]:
    """The draft supplements whose own reason is cramps, judged."""
    return _excluding(facts, supplements.drafted(facts))


def _excluding(facts: Facts, judged: tuple[Judged, ...]) -> tuple[Judged, ...]:
    if not judged or not _other_diuretic(facts):
        return judged
    why = say(words.EXCLUDED_DIURETIC)
    return tuple(
        one
        if one.verdict in (Verdict.EXCLUDED, Verdict.HIGH)
        else replace(one, verdict=Verdict.EXCLUDED, why=why, level=None)
        for one in judged
    )


def _other_diuretic(facts: Facts) -> bool:
    if active_medications(facts, OTHER_DIURETIC):
        return True
    return any(may_be_placed(draft) for draft in facts.drafts if draft.holds(OTHER_DIURETIC))
