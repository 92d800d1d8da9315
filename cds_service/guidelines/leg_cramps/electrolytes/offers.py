"""The tests a clinician may order with one click: repeat what is abnormal, add magnesium. Never a dose.

An order that is already active or among the drafts, also as part of a panel, is not proposed again.
"""

from collections.abc import Iterable, Iterator

from cds_service.decision import lab_words
from cds_service.decision.offers import is_ordered
from cds_service.decision.phrases import say
from cds_service.decision.recommendation import ProposedOrder, Suggestion
from cds_service.decision.suggestion_kinds import suggestion_kind
from cds_service.guidelines.leg_cramps.concepts import MAGNESIUM, MAGNESIUM_IONIZED, PHOSPHATE, POTASSIUM, SODIUM
from cds_service.guidelines.leg_cramps.electrolytes import words
from cds_service.guidelines.leg_cramps.electrolytes.findings import Electrolyte, Finding, levels
from cds_service.guidelines.leg_cramps.electrolytes.limits import State
from cds_service.patient.facts import Facts
from cds_service.patient.labs.calcium import IONISED, LAB_ADJUSTED, TOTAL
from cds_service.patient.terminology.systems import LOINC, SNOMED_CT
from cds_service.patient.terminology.vocabulary import AnalyteConcept, analyte, order

_LABORATORY = (SNOMED_CT, "108252007", "Laboratory procedure")

# The order codes of each analyte: in moles, and in mass where laboratories report it so.
_MOLES = {
    SODIUM: ("2951-2", "Sodium [Moles/volume] in Serum or Plasma"),
    POTASSIUM: ("2823-3", "Potassium [Moles/volume] in Serum or Plasma"),
    MAGNESIUM: ("2601-3", "Magnesium [Moles/volume] in Serum or Plasma"),
    MAGNESIUM_IONIZED: ("2600-5", "Magnesium Ionized [Moles/volume] in Serum or Plasma"),
    TOTAL: ("2000-8", "Calcium [Moles/volume] in Serum or Plasma"),
    LAB_ADJUSTED: ("29265-6", "Calcium [Moles/volume] corrected for albumin in Serum or Plasma"),
    IONISED: ("1995-0", "Calcium.ionized [Moles/volume] in Serum or Plasma"),
    PHOSPHATE: ("14879-1", "Phosphate [Moles/volume] in Serum or Plasma"),
}
_MASS = {
    MAGNESIUM: ("19123-9", "Magnesium [Mass/volume] in Serum or Plasma"),
    TOTAL: ("17861-6", "Calcium [Mass/volume] in Serum or Plasma"),
    LAB_ADJUSTED: ("46099-8", "Calcium [Mass/volume] corrected for albumin in Serum or Plasma"),
    IONISED: ("17863-2", "Calcium.ionized [Mass/volume] in Serum or Plasma"),
    PHOSPHATE: ("2777-1", "Phosphate [Mass/volume] in Serum or Plasma"),
}
_KINDS = {
    (said, one): suggestion_kind(f"{doing}_{one}", say(said.label, analyte=lab_words.named(one)))
    for doing, said, analytes in (("repeat", words.REPEAT, _MOLES), ("add", words.ADD, (MAGNESIUM,)))
    for one in analytes
}
_TELLING = frozenset({MAGNESIUM, TOTAL, LAB_ADJUSTED, IONISED, PHOSPHATE, analyte("creatinine")})
MAGNESIUMS = frozenset({Electrolyte.MAGNESIUM, Electrolyte.MAGNESIUM_IONIZED})
MAGNESIUM_DEPENDENT = frozenset({Electrolyte.POTASSIUM, Electrolyte.CALCIUM})
"""What a lack of magnesium keeps low."""

_MASS_UNITS = frozenset({"mg/dL"})
_MOLES_UNITS = frozenset({"mmol/L", "umol/L"})


def suggestions(facts: Facts, found: Iterable[Finding]) -> tuple[Suggestion, ...]:
    """Repeat each abnormal result; add magnesium when potassium or calcium is low and magnesium not known."""
    found = tuple(found)
    return (*_repeats(facts, found), *_magnesium(facts, found))


def magnesium_unknown(facts: Facts) -> bool:
    """True when no usable magnesium of the last 180 days is there, or a newer one could not be used."""
    return not any(level.analyte in MAGNESIUMS and not level.newer for level in levels(facts))


def needs_magnesium(found: Iterable[Finding]) -> bool:
    """True when potassium or calcium is low."""
    return any(f.analyte in MAGNESIUM_DEPENDENT and f.direction is State.LOW for f in found)


def _repeats(facts: Facts, found: Iterable[Finding]) -> Iterator[Suggestion]:
    for finding in found:
        if not _is_ordered(facts, finding.analyte):
            yield _suggestion(words.REPEAT, finding.result.measured, by_mass=finding.result.stated_unit in _MASS_UNITS)


def _magnesium(facts: Facts, found: Iterable[Finding]) -> Iterator[Suggestion]:
    if needs_magnesium(found) and magnesium_unknown(facts) and not _is_ordered(facts, *MAGNESIUMS):
        yield _suggestion(words.ADD, MAGNESIUM, by_mass=_reports_mass(facts))


def _is_ordered(facts: Facts, *electrolytes: Electrolyte) -> bool:
    return is_ordered(facts, *(order(one) for electrolyte in electrolytes for one in electrolyte.analytes))


def _suggestion(said: words.Suggest, measured: AnalyteConcept, *, by_mass: bool) -> Suggestion:
    code, display = _MASS[measured] if by_mass and measured in _MASS else _MOLES[measured]
    name = lab_words.named(measured)
    return Suggestion(
        label=say(said.label, analyte=name),
        description=say(said.description, analyte=name),
        action=ProposedOrder(
            text=say(said.order, analyte=name),
            codings=((LOINC, code, display),),
            category=_LABORATORY,
        ),
        kind=_KINDS[said, measured],
    )


def _reports_mass(facts: Facts) -> bool:
    """True when the site's other results that could be either come mostly in mass units."""
    received = [result.stated_unit for result in facts.results_of(_TELLING)]
    return sum(unit in _MASS_UNITS for unit in received) > sum(unit in _MOLES_UNITS for unit in received)
