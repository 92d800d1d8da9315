"""What bears on respiratory depression in ALS: a gabapentinoid with an opioid, a benzodiazepine or a low eGFR (FDA 2019)."""

from dataclasses import dataclass

from cds_service.decision.phrases import Joined, Phrase, Value, say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import drug_names, medication_facts
from cds_service.guidelines.leg_cramps.als_cramps import words
from cds_service.guidelines.leg_cramps.als_cramps.concepts import DEPRESSANTS, GABAPENTINOIDS
from cds_service.guidelines.leg_cramps.electrolytes.limits import LAB
from cds_service.guidelines.leg_cramps.kidney import EGFR_DAYS, EGFR_LOW, is_low
from cds_service.patient.facts import Facts, LabResult, Medication

LIMITS = (EGFR_LOW, EGFR_DAYS)


@dataclass(frozen=True, slots=True)
class Breathing:
    """The drugs and the kidney. ``kidney``: the newest eGFR within 12 months, low or not."""

    gabapentinoids: tuple[Medication, ...]
    depressants: tuple[Medication, ...]
    kidney: LabResult | None

    @property
    def kidney_low(self) -> bool:
        """True when the eGFR is certainly below 30."""
        return is_low(self.kidney)

    @property
    def at_risk(self) -> bool:
        """True when a gabapentinoid meets an opioid, a benzodiazepine or a low eGFR."""
        return bool(self.gabapentinoids) and (bool(self.depressants) or self.kidney_low)

    @property
    def drugs(self) -> Joined | Phrase:
        """The gabapentinoid by name, or what they are together."""
        names = drug_names(self.gabapentinoids, *GABAPENTINOIDS)
        return names if len(names.parts) == 1 else say(words.GABAPENTINOIDS)

    @property
    def others(self) -> Joined:
        """What the gabapentinoid meets: a drug by name where it is one alone, else its class."""
        names = drug_names(self.depressants, *DEPRESSANTS).parts
        classes = [say(words.RISK[one]) for one in DEPRESSANTS if any(drug.holds(one) for drug in self.depressants)]
        met: tuple[Value, ...] = names if len(names) == 1 else tuple(classes)
        return Joined((*met, say(words.RISK_KIDNEY, limit=EGFR_LOW.value)) if self.kidney_low else met)


def breathing_facts(facts: Facts, breathing: Breathing) -> tuple[Because, ...]:
    """The medicines, and the eGFR where it is low."""
    low = breathing.kidney if breathing.kidney_low and breathing.gabapentinoids else None
    return (
        *medication_facts(breathing.gabapentinoids, facts.today, *GABAPENTINOIDS),
        *medication_facts(breathing.depressants, facts.today, *DEPRESSANTS),
        *(() if low is None else (LAB.fact(low, EGFR_LOW.value),)),
    )
