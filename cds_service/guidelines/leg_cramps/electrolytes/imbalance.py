"""What is abnormal of one patient, with what bears on it: the drugs, the magnesium, the supplements."""

from collections.abc import Iterable
from dataclasses import dataclass

from cds_service.guidelines.leg_cramps.concepts import CRAMP_CAUSING_DIURETIC
from cds_service.guidelines.leg_cramps.electrolytes.against import Against
from cds_service.guidelines.leg_cramps.electrolytes.exercise import low_sodium_in_exercise
from cds_service.guidelines.leg_cramps.electrolytes.findings import Electrolyte, Finding, findings
from cds_service.guidelines.leg_cramps.electrolytes.limits import State
from cds_service.guidelines.leg_cramps.electrolytes.offers import MAGNESIUMS, magnesium_unknown, needs_magnesium
from cds_service.guidelines.leg_cramps.electrolytes.sulfate import above_the_range_of_treatment
from cds_service.guidelines.leg_cramps.electrolytes.supplements import Judged
from cds_service.guidelines.leg_cramps.quinine.concepts import QUININE
from cds_service.guidelines.leg_cramps.quinine.malaria import may_be_for_malaria
from cds_service.guidelines.leg_cramps.quinine.values import low_results
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.medications import active_medications, may_be_outdated, may_be_placed
from cds_service.patient.terminology.vocabulary import drug

RAISES_POTASSIUM = drug("raises_potassium")

_ECG_FOR = frozenset({Electrolyte.POTASSIUM, Electrolyte.CALCIUM, *MAGNESIUMS})
_NOT_OF_DIURETICS = frozenset({Electrolyte.PHOSPHATE, Electrolyte.MAGNESIUM_IONIZED})


@dataclass(frozen=True, slots=True)
class Imbalance:
    """``found``: the abnormal values, worst first, those of ``against`` among them. ``unneeded``: other supplements.

    ``quinine``: why it is spoken of where neither cramps nor ALS are on record.
    """

    facts: Facts
    found: tuple[Finding, ...]
    unneeded: tuple[Judged, ...] = ()
    against: tuple[Against, ...] = ()
    quinine: tuple[Medication, ...] = ()

    @property
    def abnormal(self) -> tuple[Finding, ...]:
        """Those that are low or high: not those that are only flagged."""
        return tuple(one for one in self.found if one.direction is not State.UNCLEAR)

    @property
    def low(self) -> tuple[Finding, ...]:
        """Those that are low."""
        return tuple(one for one in self.found if one.direction is State.LOW)

    @property
    def high(self) -> tuple[Finding, ...]:
        """Those that are high."""
        return tuple(one for one in self.found if one.direction is State.HIGH)

    @property
    def lacks_magnesium(self) -> bool:
        """True when potassium or calcium is low and magnesium not known."""
        return needs_magnesium(self.found) and magnesium_unknown(self.facts)

    @property
    def wants_ecg(self) -> bool:
        """True from warning on for what moves the heart's rhythm; a potassium that is supplemented counts as one."""
        return any(
            one.analyte in _ECG_FOR and (one.urgent or (one.analyte is Electrolyte.POTASSIUM and one.is_warned_of))
            for one in self.abnormal
        )

    @property
    def high_potassium(self) -> bool:
        """True when potassium is high."""
        return any(one.analyte is Electrolyte.POTASSIUM for one in self.high)

    @property
    def magnesium_beyond_treatment(self) -> bool:
        """True when magnesium is above what is reached on purpose."""
        return any(one.analyte in MAGNESIUMS and above_the_range_of_treatment(one.result) for one in self.high)

    @property
    def in_exercise(self) -> bool:
        """True when a cramp of exercise or heat comes with a sodium that is low now: too much was drunk, perhaps."""
        return Electrolyte.SODIUM in names(self.low) and low_sodium_in_exercise(self.facts) is not None

    @property
    def diuretics(self) -> tuple[Medication, ...]:
        """The diuretics that may have to do with it: not with a high potassium, which has its own list."""
        concerned = any(
            one.analyte not in _NOT_OF_DIURETICS and (one.direction, one.analyte) != (State.HIGH, Electrolyte.POTASSIUM)
            for one in self.abnormal
        )
        return active_medications(self.facts, CRAMP_CAUSING_DIURETIC) if concerned else ()

    @property
    def raising(self) -> tuple[Medication, ...]:
        """The drugs that raise potassium, taken or drafted, beside a high one."""
        if not self.high_potassium:
            return ()
        drafts = (one for one in self.facts.drafts if one.holds(RAISES_POTASSIUM) and may_be_placed(one))
        return (*active_medications(self.facts, RAISES_POTASSIUM), *drafts)

    @property
    def given(self) -> tuple[Medication, ...]:
        """The supplements against a high value."""
        return tuple(medication for one in self.against for medication in one.medications)


def quinine_for_cramps(facts: Facts) -> tuple[Medication, ...]:
    """Quinine taken today that the rule on quinine questions: it stands for the cramps it was given for."""
    taken = (one for one in active_medications(facts, *QUININE) if not may_be_outdated(one, facts.today))
    return tuple(one for one in taken if not may_be_for_malaria(facts, one))


def dangerous_with_quinine(facts: Facts) -> tuple[Finding, ...]:
    """The low values from warning on that the safety matrix of quinine finds too low: they add to its QT effect."""
    low = low_results(facts)
    return tuple(
        one
        for one in findings(facts)
        if one.direction is State.LOW
        and one.is_warned_of
        and any(result.is_of(*one.analyte.analytes) for result in low)
    )


def names(found: Iterable[Finding]) -> frozenset[Electrolyte]:
    """The electrolytes of the findings."""
    return frozenset(one.analyte for one in found)
