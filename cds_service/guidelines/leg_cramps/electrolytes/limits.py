"""The limits of each electrolyte, and how one measured value is graded against them.

Sources of the limits: Pathology Harmony and the Australasian harmonised intervals (PMC4975217) for the
info limits, conventional critical-result limits above them. They are clinical: a change is a new version
of the rule. Numbers are mmol/L, written with the comparator they were decided with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cds_service.decision.lab_words import LabWords
from cds_service.decision.recommendation import Indicator
from cds_service.patient.facts import ReferenceRange

LOW_FLAGS = frozenset({"L", "LU", "LX", "LL"})
HIGH_FLAGS = frozenset({"H", "HU", "HX", "HH"})
CRITICAL_FLAGS = frozenset({"LL", "HH", "AA"})


class State(StrEnum):
    """What one value is. UNCLEAR: flagged critical, but within limits; NOT_JUDGED: nothing to judge it by."""

    LOW = "low"
    HIGH = "high"
    UNCLEAR = "unclear"
    NORMAL = "normal"
    NOT_JUDGED = "not-judged"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit with its comparator: ``< 3.5`` is met by values below 3.5."""

    sign: str
    value: Decimal

    def met(self, value: Decimal, comparator: str | None) -> bool:
        """True when the value certainly meets the limit; with a comparator the value is only a bound."""
        if comparator is not None and comparator[0] != self.sign[0]:
            return False  # an upper bound never proves high, a lower one never low
        distance = self.value - value if self.sign[0] == "<" else value - self.value
        if distance == 0:
            return self.sign.endswith("=") or comparator in ("<", ">")
        return distance > 0

    def missed(self, value: Decimal, comparator: str | None) -> bool:
        """True when the value certainly does not meet the limit."""
        if comparator is None:
            return not self.met(value, None)
        if comparator[0] == self.sign[0]:
            return False
        distance = value - self.value if self.sign[0] == "<" else self.value - value
        return distance > 0 or (distance == 0 and (not self.sign.endswith("=") or comparator in ("<", ">")))


@dataclass(frozen=True, slots=True)
class Side:
    """The three limits of one side; None where the table has none."""

    info: Limit | None = None
    warning: Limit | None = None
    critical: Limit | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """One row of the table."""

    low: Side = Side()
    high: Side = Side()


def _side(*written: str | None) -> Side:
    return Side(*(None if text is None else Limit(text.split()[0], Decimal(text.split()[1])) for text in written))


LIMITS: Mapping[str, Limits] = {
    "sodium": Limits(_side("< 135", "< 130", "<= 120"), _side("> 145", ">= 155", ">= 160")),
    "potassium": Limits(_side("< 3.5", "< 3.0", "<= 2.5"), _side(">= 5.5", ">= 6.0", ">= 6.5")),
    "calcium": Limits(_side("< 2.20", "< 2.10", "< 1.90"), _side("> 2.60", ">= 3.0", "> 3.5")),
    "calcium_ionized": Limits(_side("< 1.16", "< 1.00", "< 0.90"), _side("> 1.32", "> 1.50", "> 1.80")),
    "magnesium": Limits(_side("< 0.70", "< 0.50", "<= 0.40"), _side("> 1.0", "> 1.5", "> 2.0")),
    "phosphate": Limits(_side("< 0.80", "< 0.60", "<= 0.30"), _side("> 1.5", None, None)),
    "magnesium_ionized": Limits(),  # no interval of ours: the result's own range only
}
"""By row: low and high, each info, warning, critical. ``calcium`` is albumin-adjusted, or the bare total."""

LAB = LabWords(
    limit.value
    for row in LIMITS.values()
    for side in (row.low, row.high)
    for limit in (side.info, side.warning, side.critical)
    if limit is not None
)
"""How this guideline says a laboratory value."""


def usual_ranges() -> dict[str, ReferenceRange]:
    """The interval of the table by analyte; calcium's is the total's and the adjusted's."""
    ranges = {
        row: ReferenceRange(limits.low.info.value, limits.high.info.value)
        for row, limits in LIMITS.items()
        if limits.low.info is not None and limits.high.info is not None
    }
    calcium = ranges.pop("calcium")
    return ranges | {"calcium_total": calcium, "calcium_albumin_corrected": calcium}


@dataclass(frozen=True, slots=True)
class Measured:
    """One value to grade: ``row`` of the table, mmol/L, its comparator, own range and flags.

    ``table_info``: False where the table's info limits do not apply (sodium, calcium, magnesium in pregnancy).
    """

    row: str
    value: Decimal
    comparator: str | None = None
    range: ReferenceRange | None = None
    flags: frozenset[str] = frozenset()
    table_info: bool = True


@dataclass(frozen=True, slots=True)
class Grade:
    """The outcome, before the age of the result caps it. ``indicator``: None when NORMAL or NOT_JUDGED.

    ``notes``: text keys under ``electrolytes.note`` of what must be said with it.
    """

    state: State
    indicator: Indicator | None = None
    notes: tuple[str, ...] = ()


def grade(measured: Measured) -> Grade:
    """Grade by the limits first, then let the laboratory's flags raise, lower or be ignored."""
    low, high = _sides(measured)
    by_limits = max((low, high), key=lambda side: side.indicator or 0)  # on a tie, low
    if by_limits.indicator is not None:
        return _abnormal(by_limits, measured)
    return _within(low, high, measured)


@dataclass(frozen=True, slots=True)
class Crossed:
    """A limit that a value met. ``by``: "low" or "high" (the table's info limit), "own_low", "own_high", "warning", "critical"."""

    by: str
    limit: Limit


def crossed(measured: Measured, outcome: Grade) -> tuple[Crossed, ...]:
    """The limits that make the value low or high: the one that finds it so, and the gravest beyond where that counts."""
    if outcome.state not in (State.LOW, State.HIGH):
        return ()
    low, high = _sides(measured)
    side, found = low if outcome.state is State.LOW else high, []
    if side.info_limit is not None and side.meets(side.info_limit):
        found.append(Crossed(side.state if side.own is None else f"own_{side.state}", side.info_limit))
    if outcome.indicator is Indicator.INFO:
        return tuple(found)
    graver = (("critical", side.table.critical), ("warning", side.table.warning))
    found += [Crossed(by, limit) for by, limit in graver if limit is not None and side.meets(limit)][:1]
    return tuple(found)


def _sides(measured: Measured) -> tuple["_JudgedSide", "_JudgedSide"]:
    limits = LIMITS[measured.row]
    own = measured.range or ReferenceRange(None, None)
    low, high = None if own.low is None else Limit("<", own.low), None if own.high is None else Limit(">", own.high)
    return (
        _JudgedSide(State.LOW, limits.low, low, measured),
        _JudgedSide(State.HIGH, limits.high, high, measured),
    )


@dataclass(frozen=True, slots=True)
class _JudgedSide:
    """One side of one value: the table's limits, and the range's own (which replaces the table's info limit)."""

    state: State
    table: Side
    own: Limit | None
    measured: Measured

    def meets(self, limit: Limit | None) -> bool:
        """True when the value certainly meets the limit."""
        return limit is not None and limit.met(self.measured.value, self.measured.comparator)

    @property
    def info_limit(self) -> Limit | None:
        if self.own is not None:
            return self.own
        return self.table.info if self.measured.table_info else None

    @property
    def indicator(self) -> Indicator | None:
        if self.meets(self.table.critical):
            return Indicator.CRITICAL
        if self.meets(self.table.warning):
            return Indicator.WARNING
        return Indicator.INFO if self.meets(self.info_limit) else None

    @property
    def abnormal_by_table(self) -> bool:
        """By the table alone, where its own range does not find it: enough for a critical flag to agree with."""
        return self.measured.table_info and self.meets(self.table.info)

    @property
    def own_says_not(self) -> bool:
        return self.own is not None and self.own.missed(self.measured.value, self.measured.comparator)

    @property
    def surely_not(self) -> bool:
        limit = self.info_limit
        return limit is not None and limit.missed(self.measured.value, self.measured.comparator)


def _abnormal(side: _JudgedSide, measured: Measured) -> Grade:
    agreeing, opposing = (LOW_FLAGS, HIGH_FLAGS) if side.state is State.LOW else (HIGH_FLAGS, LOW_FLAGS)
    flags = measured.flags
    indicator = side.indicator or Indicator.INFO
    notes = ("flag-ignored",) if flags & opposing else ()
    if flags & CRITICAL_FLAGS & (agreeing | {"AA"}):
        return Grade(side.state, Indicator.CRITICAL, (*notes, "flag-critical"))
    if "N" in flags and not flags & agreeing:
        if indicator is Indicator.INFO and side.own is None:
            return Grade(State.NORMAL, None, ("flag-normal",))
        return Grade(side.state, indicator, ("flag-ignored",))
    return Grade(side.state, indicator, notes)


def _within(low: _JudgedSide, high: _JudgedSide, measured: Measured) -> Grade:
    """Not abnormal by our limits: a flag may still make it so."""
    flags = measured.flags
    for side, own_flags, other_flags in ((low, LOW_FLAGS, HIGH_FLAGS), (high, HIGH_FLAGS, LOW_FLAGS)):
        if not flags & own_flags or flags & other_flags:
            continue
        critical = flags & CRITICAL_FLAGS
        if critical and side.abnormal_by_table:
            return Grade(side.state, Indicator.CRITICAL, ("flag-critical",))
        if critical and side.surely_not:
            return Grade(State.UNCLEAR, Indicator.INFO, ("discordant",))
        if critical:
            return Grade(side.state, Indicator.INFO, ("unconfirmed",))
        if not side.own_says_not:
            return Grade(side.state, Indicator.INFO, ("flagged",))
    notes = ("flag-ignored",) if flags & (LOW_FLAGS | HIGH_FLAGS) else ()
    if "AA" in flags:
        for side in (low, high):
            if side.abnormal_by_table:
                return Grade(side.state, Indicator.CRITICAL, (*notes, "flag-critical"))
        return Grade(State.UNCLEAR, Indicator.INFO, (*notes, "discordant"))
    if low.surely_not and high.surely_not:
        return Grade(State.NORMAL, None, notes)
    if "N" in flags and measured.comparator is None:
        return Grade(State.NORMAL, None, ("flag-normal",))
    return Grade(State.NOT_JUDGED, None, notes)
