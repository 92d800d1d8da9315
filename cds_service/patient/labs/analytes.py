"""The analytes we know, read from ``analytes.toml``: unit of account, exact conversions, what is possible, names."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from importlib import resources
from types import MappingProxyType
from typing import Any

from cds_service.patient.labs import units

EXACT = Context(prec=40, traps=[])  # never raises: an absurd number becomes infinite or NaN, and impossible

_MASS = frozenset({"mg/dL", "g/dL", "g/L"})
_MOLES = frozenset({"mmol/L", "umol/L", "meq/L"})


Interval = tuple[Decimal | None, Decimal | None]
"""The lowest and the highest that is within; None where there is no end."""


@dataclass(frozen=True, slots=True)
class Analyte:
    """One analyte; what each field means stands at the head of ``analytes.toml``.

    ``ratios``: received unit -> what to multiply with and divide by to get to the unit of account.
    """

    name: str
    unit: str
    ratios: Mapping[str, tuple[Decimal, Decimal]]
    possible: Interval
    credible: Interval
    usual: Interval = (None, None)
    by_name: Interval = (None, None)
    mass_codes: frozenset[str] = frozenset()
    one_property: bool = False
    beside: str | None = None
    names: frozenset[str] = frozenset()
    seldom_sent: frozenset[str] = frozenset()

    def canonical_unit(self, text: str | None) -> str | None:
        """The one spelling of a received unit, or None when it is not a known one."""
        if text in self.ratios:
            return text
        return units.canonical_count(text) if self.unit == "10*9/L" else units.canonical(text)

    def convert(self, value: Decimal, unit: str) -> Decimal | None:
        """``value`` in the unit of account, exact; None when the (canonical) unit is impossible for the analyte."""
        ratio = self.ratios.get(unit)
        return None if ratio is None else EXACT.divide(EXACT.multiply(value, ratio[0]), ratio[1])

    def is_possible(self, value: Decimal) -> bool:
        """True for a finite value a living patient's sample can have."""
        return _holds(self.possible, value)

    def is_possible_by_name(self, value: Decimal) -> bool:
        """True for a value blood can have, asked for where nothing but the name tells what was measured."""
        return self.is_possible(value) and _holds(self.by_name, value)

    def is_credible(self, value: Decimal) -> bool:
        """True for a value common enough to believe against the test's own code."""
        return _holds(self.credible, value)

    def contradicts(self, unit: str, loinc: str | None) -> bool:
        """True when the unit is of another property (mass, moles) than the LOINC code says."""
        if loinc is None or self.one_property:
            return False
        return unit in (_MOLES if loinc in self.mass_codes else _MASS)


def _holds(interval: Interval, value: Decimal) -> bool:
    low, high = interval
    return value.is_finite() and (low is None or low <= value) and (high is None or value <= high)


def _interval(known: dict[str, int | Decimal]) -> Interval:
    """A table of low and high; ValueError for anything else in it."""
    low, high = known.pop("low", None), known.pop("high", None)
    if known:
        message = f"an interval has low and high, not {sorted(known)}"
        raise ValueError(message)
    return None if low is None else Decimal(low), None if high is None else Decimal(high)


def _read() -> dict[str, Any]:
    source = resources.files(__package__) / "analytes.toml"
    read: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"), parse_float=Decimal)
    return read


def _analyte(name: str, known: dict[str, Any]) -> Analyte:
    """One table of the file. A field it does not know is a mistake, and raises TypeError."""
    known = {"over": {}, "usual": {}, "by_name": {}, "names": {}, "mass_codes": (), "seldom_sent": ()} | known
    ratios = {unit: (Decimal(factor), Decimal(1)) for unit, factor in known.pop("times").items()}
    ratios |= {unit: (Decimal(1), Decimal(divisor)) for unit, divisor in known.pop("over").items()}
    return Analyte(
        name=name,
        ratios=ratios,
        possible=_interval(known.pop("possible")),
        credible=_interval(known.pop("credible")),
        usual=_interval(known.pop("usual")),
        by_name=_interval(known.pop("by_name")),
        mass_codes=frozenset(known.pop("mass_codes")),
        names=frozenset(written for by_language in known.pop("names").values() for written in by_language),
        seldom_sent=frozenset(known.pop("seldom_sent")),
        **known,
    )


_SOURCE = _read()

ANALYTES: Mapping[str, Analyte] = MappingProxyType(
    {name: _analyte(name, known) for name, known in _SOURCE["analytes"].items()}
)
"""Every analyte by its name, which is also its value set's, in the order in which they are asked for."""

PANELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {code: tuple(held) for code, held in _SOURCE["panels"].items()}
)
"""From a panel's LOINC code to the analytes it measures."""

BY_NAME: Mapping[str, str] = MappingProxyType(
    {name: analyte.name for analyte in ANALYTES.values() for name in analyte.names}
)
"""From what a result may be called to its analyte."""

NAME_WORDS = frozenset(_SOURCE["specimen_words"])
"""Words of specimen and method, which do not count in a name."""


def in_order(names: Iterable[str]) -> tuple[Analyte, ...]:
    """The analytes of these names, in the order in which they are asked for. KeyError for a name that is none."""
    wanted = {ANALYTES[name].name for name in names}
    return tuple(analyte for name, analyte in ANALYTES.items() if name in wanted)
