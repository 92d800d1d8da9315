"""Which calcium to judge by: the newest draw, and of it the form that tells most.

Within 24 hours of the newest draw: ionised; else the laboratory's own albumin-adjusted value (never
adjusted again); else our adjustment, total + 0.02 x (40 - albumin in g/L), with an albumin of within
24 hours (unreliable in CKD 4-5); else the unadjusted total, which a rule says and trusts less.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from operator import itemgetter

from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, LabResult
from cds_service.patient.labs.analytes import EXACT
from cds_service.patient.labs.results import usable
from cds_service.patient.moments import Moment, Precision
from cds_service.patient.terminology.vocabulary import analyte

IONISED, LAB_ADJUSTED, TOTAL = (
    analyte("calcium_ionized"),
    analyte("calcium_albumin_corrected"),
    analyte("calcium_total"),
)
ANALYTES = (IONISED, LAB_ADJUSTED, TOTAL)
ALBUMIN = analyte("albumin")
SAME_DRAW = timedelta(hours=24)
ALBUMIN_NORMAL = Decimal(40)  # g/L
PER_ALBUMIN = Decimal("0.02")  # mmol/L of calcium for each g/L


class CalciumForm(StrEnum):
    """What the value is, from the most to the least telling."""

    IONISED = "ionised"
    LAB_ADJUSTED = "lab-adjusted"
    ADJUSTED = "adjusted"  # by us
    UNADJUSTED = "unadjusted"


@dataclass(frozen=True, slots=True)
class Calcium:
    """The calcium to judge by. ``value``: mmol/L, adjusted where ``form`` says so; ``result``: what was measured.

    ``albumin``: the one used, with ADJUSTED only. ``comparator`` and ``moment`` are the result's.
    """

    form: CalciumForm
    value: Decimal
    result: LabResult
    albumin: LabResult | None = None

    @property
    def comparator(self) -> str | None:
        """One of < <= >= >, when the value is a bound."""
        return self.result.comparator

    @property
    def moment(self) -> Moment | None:
        """When it was drawn."""
        return self.result.moment


@asked_once
def calcium(facts: Facts) -> Calcium | None:
    """The choice of the newest draw, or None when there is no usable calcium at all."""
    by_analyte = {form: usable(facts, form) for form in ANALYTES}
    starts = [r.moment.start for results in by_analyte.values() for r in results if r.moment is not None]
    if not starts:
        return None
    latest = max(starts)
    draw = {
        form: [r for r in results if r.moment is not None and latest - r.moment.start <= SAME_DRAW]
        for form, results in by_analyte.items()
    }
    for ionised in draw[IONISED]:
        return _as_measured(CalciumForm.IONISED, ionised)
    for adjusted in draw[LAB_ADJUSTED]:
        return _as_measured(CalciumForm.LAB_ADJUSTED, adjusted)
    for total in draw[TOTAL]:
        albumin = _albumin_near(usable(facts, ALBUMIN), total)
        return _as_measured(CalciumForm.UNADJUSTED, total) if albumin is None else _adjusted(total, albumin)
    return None


def _as_measured(form: CalciumForm, result: LabResult) -> Calcium:
    return Calcium(form, result.value or Decimal(0), result)


def _adjusted(total: LabResult, albumin: LabResult) -> Calcium:
    missing = EXACT.subtract(ALBUMIN_NORMAL, albumin.value or ALBUMIN_NORMAL)
    value = EXACT.add(total.value or Decimal(0), EXACT.multiply(PER_ALBUMIN, missing))
    return Calcium(CalciumForm.ADJUSTED, value, total, albumin)


def _albumin_near(albumins: Iterable[LabResult], total: LabResult) -> LabResult | None:
    """The albumin nearest in time within 24 hours; of two as near, the one ``usable`` puts first. Bounds don't do."""
    near = [
        (gap, albumin)
        for albumin in albumins
        if albumin.comparator is None and (gap := _gap(albumin.moment, total.moment)) is not None and gap <= SAME_DRAW
    ]
    return min(near, key=itemgetter(0))[1] if near else None


def may_be_of_one_draw(one: LabResult, other: LabResult) -> bool:
    """Drawn within 24 hours of each other, or not known to the day."""
    gap = _gap(one.moment, other.moment)
    return gap is None or gap <= SAME_DRAW


def _gap(one: Moment | None, other: Moment | None) -> timedelta | None:
    """How far apart two draws are; None when either is not known to the day."""
    if one is None or other is None or min(one.precision, other.precision) < Precision.DAY:
        return None
    return abs(one.start - other.start)
