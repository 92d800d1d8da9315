"""The tests a clinician may order with one click: repeat what is abnormal, add magnesium. Never a dose.

An order that is already active or among the drafts, also as part of a panel, is not proposed again.
"""

from collections.abc import Iterable, Iterator

from cds_service.decision.phrases import say
from cds_service.decision.recommendation import ProposedOrder, Suggestion
from cds_service.guidelines.leg_cramps.electrolytes.findings import Finding, Level, analytes_of
from cds_service.guidelines.leg_cramps.electrolytes.limits import State
from cds_service.patient.facts import Facts, LabResult
from cds_service.patient.labs.analytes import ANALYTES
from cds_service.patient.labs.written import quantity

_LOINC = "http://loinc.org"
_LABORATORY = ("http://snomed.info/sct", "108252007", "Laboratory procedure")

# The order codes of each analyte: in moles, and in mass where laboratories report it so.
_MOLES = {
    "sodium": ("2951-2", "Sodium [Moles/volume] in Serum or Plasma"),
    "potassium": ("2823-3", "Potassium [Moles/volume] in Serum or Plasma"),
    "magnesium": ("2601-3", "Magnesium [Moles/volume] in Serum or Plasma"),
    "magnesium_ionized": ("2600-5", "Magnesium Ionized [Moles/volume] in Serum or Plasma"),
    "calcium_total": ("2000-8", "Calcium [Moles/volume] in Serum or Plasma"),
    "calcium_albumin_corrected": ("29265-6", "Calcium [Moles/volume] corrected for albumin in Serum or Plasma"),
    "calcium_ionized": ("1995-0", "Calcium.ionized [Moles/volume] in Serum or Plasma"),
    "phosphate": ("14879-1", "Phosphate [Moles/volume] in Serum or Plasma"),
}
_MASS = {
    "magnesium": ("19123-9", "Magnesium [Mass/volume] in Serum or Plasma"),
    "calcium_total": ("17861-6", "Calcium [Mass/volume] in Serum or Plasma"),
    "calcium_albumin_corrected": ("46099-8", "Calcium [Mass/volume] corrected for albumin in Serum or Plasma"),
    "calcium_ionized": ("17863-2", "Calcium.ionized [Mass/volume] in Serum or Plasma"),
    "phosphate": ("2777-1", "Phosphate [Mass/volume] in Serum or Plasma"),
}
_TELLING = frozenset(
    {"magnesium", "calcium_total", "calcium_albumin_corrected", "calcium_ionized", "phosphate", "creatinine"}
)
_MASS_UNITS = frozenset({"mg/dL"})
_MOLES_UNITS = frozenset({"mmol/L", "umol/L"})


def suggestions(facts: Facts, found: Iterable[Finding], known: Iterable[Level]) -> tuple[Suggestion, ...]:
    """Repeat each abnormal result; add magnesium when potassium or calcium is low and magnesium not known."""
    found = tuple(found)
    in_hand = frozenset(concept for order in facts.orders for concept in order.concepts)
    return (*_repeats(found, in_hand), *_magnesium(facts, found, known, in_hand))


def magnesium_unknown(known: Iterable[Level]) -> bool:
    """True when no usable magnesium of the last 180 days is there, or a newer one could not be used."""
    return not any(level.analyte in ("magnesium", "magnesium_ionized") and not level.newer for level in known)


def needs_magnesium(found: Iterable[Finding]) -> bool:
    """True when potassium or calcium is low."""
    return any(f.analyte in ("potassium", "calcium") and f.direction is State.LOW for f in found)


def _repeats(found: Iterable[Finding], in_hand: frozenset[str]) -> Iterator[Suggestion]:
    for finding in found:
        if in_hand.isdisjoint(analytes_of(finding.analyte)):
            analyte = finding.result.analyte
            yield _suggestion("repeat", analyte, by_mass=_unit(finding.result) in _MASS_UNITS)


def _magnesium(
    facts: Facts, found: Iterable[Finding], known: Iterable[Level], in_hand: frozenset[str]
) -> Iterator[Suggestion]:
    if needs_magnesium(found) and magnesium_unknown(known) and in_hand.isdisjoint({"magnesium", "magnesium_ionized"}):
        yield _suggestion("add", "magnesium", by_mass=_reports_mass(facts))


def _suggestion(kind: str, analyte: str, *, by_mass: bool) -> Suggestion:
    code, display = _MASS[analyte] if by_mass and analyte in _MASS else _MOLES[analyte]
    name = say(f"analyte.{analyte}")
    return Suggestion(
        label=say(f"electrolytes.suggest.{kind}.label", analyte=name),
        description=say(f"electrolytes.suggest.{kind}.description", analyte=name),
        action=ProposedOrder(
            text=say(f"electrolytes.suggest.{kind}.order", analyte=name),
            codings=((_LOINC, code, display),),
            category=_LABORATORY,
        ),
    )


def _reports_mass(facts: Facts) -> bool:
    """True when the site's other results that could be either come mostly in mass units."""
    received = [_unit(result) for result in facts.results_of(_TELLING)]
    return sum(unit in _MASS_UNITS for unit in received) > sum(unit in _MOLES_UNITS for unit in received)


def _unit(result: LabResult) -> str | None:
    stated = quantity(result.received)
    analyte = ANALYTES.get(result.analyte)
    return None if stated is None or analyte is None else analyte.canonical_unit(stated.unit)
