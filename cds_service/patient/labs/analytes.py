"""The analytes the rules use: unit of account, exact conversions, what is possible, usual interval.

Conversions are exact ratios, never rounded factors (molar masses: IUPAC standard atomic weights;
mEq = mmol x valence, Merck Manual). ``possible`` is wide: outside it lies a unit error, not a patient.
``credible`` is narrower and is asked for only where the explicit unit contradicts the test's code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal

from cds_service.patient.labs import units

_EXACT = Context(prec=40, traps=[])  # never raises: an absurd number becomes infinite or NaN, and impossible

_MASS = frozenset({"mg/dL", "g/dL", "g/L"})
_MOLES = frozenset({"mmol/L", "umol/L", "meq/L"})

_Interval = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Analyte:
    """One analyte. ``unit``: of account. ``ratios``: received unit -> what to multiply with and divide by to get there.

    ``possible``/``credible``: inclusive, in the unit of account. ``usual``: the adult interval,
    for telling a range of another unit and for choosing the worse of two results.
    ``mass_codes``: its LOINC codes of property mass concentration; its others are moles, or have one
    property only (``one_property``).
    """

    name: str
    unit: str
    ratios: Mapping[str, tuple[Decimal, Decimal]]
    possible: tuple[Decimal, Decimal]
    credible: tuple[Decimal, Decimal]
    usual: _Interval = (None, None)
    mass_codes: frozenset[str] = field(default_factory=frozenset)
    one_property: bool = False

    def canonical_unit(self, text: str | None) -> str | None:
        """The one spelling of a received unit, or None when it is not a known one."""
        return units.canonical_count(text) if self.unit == "10*9/L" else units.canonical(text)

    def convert(self, value: Decimal, unit: str) -> Decimal | None:
        """``value`` in the unit of account, exact; None when the (canonical) unit is impossible for the analyte."""
        ratio = self.ratios.get(unit)
        return None if ratio is None else _EXACT.divide(_EXACT.multiply(value, ratio[0]), ratio[1])

    def is_possible(self, value: Decimal) -> bool:
        """True for a finite value a living patient's sample can have."""
        return value.is_finite() and self.possible[0] <= value <= self.possible[1]

    def is_credible(self, value: Decimal) -> bool:
        """True for a value common enough to believe against the test's own code."""
        return value.is_finite() and self.credible[0] <= value <= self.credible[1]

    def contradicts(self, unit: str, loinc: str | None) -> bool:
        """True when the unit is of another property (mass, moles) than the LOINC code says."""
        if loinc is None or self.one_property:
            return False
        return unit in (_MOLES if loinc in self.mass_codes else _MASS)


def _interval(low: str, high: str) -> tuple[Decimal, Decimal]:
    return Decimal(low), Decimal(high)


def _over(divisor: str) -> tuple[Decimal, Decimal]:
    return Decimal(1), Decimal(divisor)


def _times(factor: str) -> tuple[Decimal, Decimal]:
    return Decimal(factor), Decimal(1)


_ONE = _times("1")
_CALCIUM = {"mmol/L": _ONE, "mg/dL": _over("4.0078"), "meq/L": _over("2")}
_MAGNESIUM = {"mmol/L": _ONE, "mg/dL": _over("2.4305"), "meq/L": _over("2")}

_ALL = (
    Analyte(
        name="sodium",
        unit="mmol/L",
        ratios={"mmol/L": _ONE, "meq/L": _ONE, "mg/dL": _over("2.298976928")},
        possible=_interval("70", "250"),
        credible=_interval("100", "190"),
        usual=_interval("135", "145"),  # Australasian harmonised intervals, PMC4975217
    ),
    Analyte(
        name="potassium",
        unit="mmol/L",
        ratios={"mmol/L": _ONE, "meq/L": _ONE, "mg/dL": _over("3.90983")},
        possible=_interval("0.8", "13"),
        credible=_interval("1.5", "10"),
        usual=_interval("3.5", "5.5"),  # US Core example Observation
        mass_codes=frozenset({"22760-3", "75940-7"}),
    ),
    Analyte(
        name="magnesium",
        unit="mmol/L",
        ratios=_MAGNESIUM,
        possible=_interval("0.05", "15"),
        credible=_interval("0.2", "5"),
        usual=_interval("0.7", "1.0"),  # Pathology Harmony UK, PMC4975217 Table 3
        mass_codes=frozenset({"19123-9", "21377-7"}),
    ),
    Analyte(
        name="magnesium_ionized",
        unit="mmol/L",
        ratios=_MAGNESIUM,
        possible=_interval("0.05", "10"),
        credible=_interval("0.1", "3"),
        mass_codes=frozenset({"32698-3"}),
    ),
    Analyte(
        name="calcium_total",
        unit="mmol/L",
        ratios=_CALCIUM,
        possible=_interval("0.7", "6.5"),
        credible=_interval("1.2", "5"),
        usual=_interval("2.20", "2.60"),  # Pathology Harmony UK, PMC4975217 Table 3
        mass_codes=frozenset({"17861-6", "49765-1"}),
    ),
    Analyte(
        name="calcium_albumin_corrected",
        unit="mmol/L",
        ratios=_CALCIUM,
        possible=_interval("0.7", "6.5"),
        credible=_interval("1.2", "5"),
        usual=_interval("2.20", "2.60"),  # Pathology Harmony UK, PMC4975217 Table 3
        mass_codes=frozenset({"46099-8"}),
    ),
    Analyte(
        name="calcium_ionized",
        unit="mmol/L",
        ratios=_CALCIUM,
        possible=_interval("0.35", "4"),
        credible=_interval("0.5", "3"),
        usual=_interval("1.16", "1.32"),  # US laboratory catalogue (4.65-5.28 mg/dL)
        mass_codes=frozenset({"38230-9", "17863-2", "17864-0"}),
    ),
    Analyte(
        name="phosphate",
        unit="mmol/L",
        ratios={"mmol/L": _ONE, "mg/dL": _over("3.0974")},  # mg of phosphorus, not of phosphate
        possible=_interval("0.03", "10"),
        credible=_interval("0.1", "5"),
        usual=_interval("0.80", "1.5"),  # Pathology Harmony UK, PMC4975217 Table 3
        mass_codes=frozenset({"2777-1", "2774-8", "20941-1"}),
    ),
    Analyte(
        name="albumin",
        unit="g/L",
        ratios={"g/L": _ONE, "g/dL": _times("10")},
        possible=_interval("6", "80"),
        credible=_interval("6", "80"),
        usual=_interval("35", "50"),  # Oxford University Hospitals ranges
        one_property=True,
    ),
    Analyte(
        name="creatinine",
        unit="umol/L",
        ratios={"umol/L": _ONE, "mg/dL": _times("88.4")},
        possible=_interval("8", "5000"),
        credible=_interval("20", "3000"),
        usual=_interval("60", "110"),  # Australasian harmonised intervals, PMC4975217
        mass_codes=frozenset({"2160-0", "38483-4"}),
    ),
    Analyte(
        name="egfr",
        unit="mL/min/1.73m2",
        ratios={"mL/min/{1.73_m2}": _ONE},  # plain mL/min is a clearance, not an eGFR
        possible=_interval("1", "250"),
        credible=_interval("1", "250"),
        usual=(Decimal(90), None),  # KDIGO stage G1
        one_property=True,
    ),
    Analyte(
        name="qtc",
        unit="ms",
        ratios={"ms": _ONE, "s": _times("1000")},
        possible=_interval("200", "900"),  # 0.45 "ms" is seconds with the wrong unit
        credible=_interval("200", "900"),
        usual=(None, Decimal(449)),  # AHA/ACCF/HRS 2009, doi 10.1016/j.jacc.2008.12.014
        one_property=True,
    ),
    Analyte(
        name="platelets",
        unit="10*9/L",
        ratios={"10*9/L": _ONE, "10*3/uL": _ONE, "/uL": _over("1000")},
        possible=_interval("1", "5000"),
        credible=_interval("1", "5000"),
        usual=_interval("150", "400"),  # conventional
        one_property=True,
    ),
)

ANALYTES: Mapping[str, Analyte] = {analyte.name: analyte for analyte in _ALL}
"""Every analyte by its name, which is also its value set's."""
