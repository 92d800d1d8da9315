"""Laboratory results: from the words of an Observation to a value a rule can compare, or a reason why not.

A result that can't be interpreted is kept, with the reason, so that it is named and never taken for
absent or normal. A unit is never assumed: a bare number, also beside a range with a unit, stays unread, unless the
site's map says in which unit that test's results are.
"""

import re
from datetime import date
from decimal import Decimal

from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts, LabResult
from cds_service.patient.labs.analytes import ANALYTES, Analyte
from cds_service.patient.labs.ranges import own_range
from cds_service.patient.labs.raw import RawQuantity, RawResult
from cds_service.patient.labs.units import readings
from cds_service.patient.labs.written import quantity as written_quantity
from cds_service.patient.moments import Moment, Precision
from cds_service.patient.person import Person
from cds_service.patient.terminology.vocabulary import AnalyteConcept

_STATUS_NOTES = {
    "final": (),
    "amended": (),
    "corrected": (),
    "preliminary": ("preliminary",),
    "unknown": ("status-unknown",),
}
_PLAIN_DIGITS = 15  # an absurd exponent is not written out
_COMPARATORS = (None, "<", "<=", ">=", ">")
_POST_DIALYSIS_CODES = frozenset({"29349-8", "74688-3", "55937-7"})
_POST_DIALYSIS_TEXT = re.compile(
    r"\b(?:post|after|pasca|setelah|sesudah|selepas)[\s_-]*(?:ha?emo)?-?(?:dialysis|hemodialisis|hd\b|dialisis)",
    re.IGNORECASE,
)


def read_result(raw: RawResult, person: Person, today: date) -> LabResult:
    """The result with its value in the unit of account, or with the reason why it can't be used. Never raises.

    Reasons (``unusable``): status, status-absent, post-dialysis, data-absent, no-value, not-a-number, ambiguous,
    comparator, no-unit, unit-unknown, unit-impossible, unit-conflict, unit-doubtful, value-impossible, no-time,
    time-not-readable, time-imprecise, future.
    """
    analyte = ANALYTES.get(raw.analyte)
    stated = raw.quantity or (None if raw.text_value is None else written_quantity(raw.text_value))
    read = _interpreted(raw, stated, analyte)
    value, unit, problem = (None, None, read) if isinstance(read, str) else (*read, None)
    unusable = _cannot_be_used(raw) or problem or _no_moment(raw, today)
    notes = _STATUS_NOTES.get(raw.status or "", ())
    if analyte is not None and unit is not None and analyte.contradicts(unit, raw.loinc):
        notes = (*notes, "unit-contradicts-code")
    if analyte is not None and unit == "mL/min" != analyte.unit:
        notes = (*notes, "not-indexed")
    if raw.by_site or (stated and not _units(stated)):  # without a unit it is used by the site's alone
        notes = (*notes, "by-site")
    return LabResult(
        source=raw.source,
        analyte=raw.analyte,
        loinc=raw.loinc,
        value=None if unusable else value,
        unit="" if analyte is None else analyte.unit,
        received=_received(raw),
        stated=_number(stated, value, unit, analyte),
        stated_unit=None if stated is None or analyte is None else analyte.canonical_unit(_unit_shown(stated)),
        comparator=None if stated is None or stated.comparator not in _COMPARATORS else stated.comparator,
        moment=raw.moment,
        status=raw.status,
        flags=frozenset(flag.strip().upper() for flag in raw.flags),
        range=None if analyte is None else own_range(raw.ranges, analyte, person, today),
        unusable=unusable,
        notes=() if unusable else notes,
        unreadable=raw.unreadable,
        dated=raw.dated,
    )


def _cannot_be_used(raw: RawResult) -> str | None:
    """Why the result must not be used whatever its value."""
    if raw.status is None:
        return "status-absent"
    if raw.status not in _STATUS_NOTES:
        return "status"
    if raw.loinc in _POST_DIALYSIS_CODES or _says_post_dialysis(raw.code_text or ""):
        return "post-dialysis"
    return None


def _says_post_dialysis(text: str) -> bool:
    """Every word for it has one of two syllables, which is soon looked for."""
    folded = text.lower()
    return ("dial" in folded or "hd" in folded) and _POST_DIALYSIS_TEXT.search(text) is not None


def _no_moment(raw: RawResult, today: date) -> str | None:
    moment = raw.moment
    if moment is None:
        return "no-time" if raw.dated is None else "time-not-readable"
    if moment.precision is Precision.YEAR:
        return "time-imprecise"
    return "future" if moment.is_future(today) else None


def _interpreted(raw: RawResult, stated: RawQuantity | None, analyte: Analyte | None) -> tuple[Decimal, str] | str:
    """Value in the unit of account and the canonical unit it came in, or why there is none."""
    if stated is None:
        if (raw.text_value is not None and raw.text_value.strip()) or "valueQuantity" in raw.unreadable:
            return "not-a-number"
        return "data-absent" if raw.absent_reason else "no-value"
    if stated.comparator not in _COMPARATORS:
        return "comparator"
    texts = _units(stated) or tuple(filter(None, (raw.site_unit,)))
    if not texts:
        return "no-unit"
    if analyte is None:
        return "unit-unknown"
    read = _converted(stated.value, texts, raw.loinc, analyte)
    if stated.otherwise is None:
        return read
    other = _converted(stated.otherwise, texts, raw.loinc, analyte)
    if isinstance(other, str):
        return read
    return other if isinstance(read, str) else "ambiguous"


def _units(stated: RawQuantity) -> tuple[str, ...]:
    return tuple(readings(stated.unit, stated.code, stated.system))


def _converted(
    value: Decimal, texts: tuple[str, ...], loinc: str | None, analyte: Analyte
) -> tuple[Decimal, str] | str:
    known = [unit for text in texts if (unit := analyte.canonical_unit(text)) is not None]
    if not known:
        return "unit-unknown"
    unit = known[0]
    if not value.is_finite():
        return "value-impossible"
    converted = analyte.convert(value, unit)
    if converted is None:
        return "unit-impossible"
    if any(analyte.convert(value, other) != converted for other in known[1:]):
        return "unit-conflict"
    if not analyte.is_possible(converted):
        return "value-impossible"
    if analyte.contradicts(unit, loinc) and not analyte.is_credible(converted):
        return "unit-doubtful"
    return converted, unit


def _number(
    stated: RawQuantity | None, value: Decimal | None, unit: str | None, analyte: Analyte | None
) -> Decimal | None:
    """The number that was stated; where its digits may mean two, the one that gives the value, or none."""
    if stated is None or stated.otherwise is None:
        return None if stated is None else stated.value
    meant = (
        one for one in (stated.value, stated.otherwise) if analyte and unit and analyte.convert(one, unit) == value
    )
    return next(meant, None)


def _received(raw: RawResult) -> str:
    """Value and unit as the client wrote them ("3.4 mEq/L", "<0.5 mg/dL")."""
    stated = raw.quantity
    if stated is None:
        return (raw.text_value or "").strip()
    number = f"{stated.value:f}" if abs(stated.value.adjusted()) < _PLAIN_DIGITS else str(stated.value)
    return f"{stated.comparator or ''}{number} {_unit_shown(stated).strip()}".strip()


def _unit_shown(stated: RawQuantity) -> str:
    """The unit as the client shows it: its text, else its code."""
    return stated.unit if stated.unit and stated.unit.strip() else stated.code or ""


# --- choosing among a patient's results


@asked_once
def usable(facts: Facts, analyte: AnalyteConcept) -> tuple[LabResult, ...]:
    """The results of the analyte that can be used, newest first; on a tie in time the more worrying first.

    A result known only to the day may be as new as any of that day: it ties with them.
    """
    dated = [
        (result, result.moment, result.value)
        for result in facts.results_of((analyte,))
        if result.value is not None and result.moment is not None
    ]
    if not dated:
        return ()
    latest = max(moment.start for _, moment, _ in dated)

    def order(item: tuple[LabResult, Moment, Decimal]) -> tuple[object, ...]:
        result, moment, value = item
        as_new = moment.end >= latest
        worry = _worry(result, value)
        flagged = bool(result.flags - {"N"})
        words = (result.received, result.source)
        return (as_new, worry if as_new else Decimal(0), flagged, moment.start, worry, value, *words)

    return tuple(result for result, _, _ in sorted(dated, key=order, reverse=True))


def newest(facts: Facts, analyte: AnalyteConcept) -> LabResult | None:
    """The newest usable result of the analyte, or None."""
    results = usable(facts, analyte)
    return results[0] if results else None


@asked_once
def newer_unusable(facts: Facts, *analytes: AnalyteConcept) -> tuple[LabResult, ...]:
    """Results that can't be used and are, or may be, newer than the newest usable one of the same analytes.

    A result entered in error is no result, and is left out.
    """
    unused = [r for r in facts.results_of(analytes) if r.unusable is not None and r.status != "entered-in-error"]
    if not unused:
        return ()
    used = [result.moment for analyte in analytes for result in usable(facts, analyte)[:1] if result.moment]
    since = max((moment.start for moment in used), default=None)
    found = [r for r in unused if since is None or r.moment is None or r.moment.end > since]
    undated = sorted((r for r in found if r.moment is None), key=lambda r: r.source)
    dated = sorted(
        ((r.moment.start, r.source, r) for r in found if r.moment is not None), key=lambda t: t[:2], reverse=True
    )
    return (*(result for _, _, result in dated), *undated)


@asked_once
def same_time(facts: Facts, used: LabResult) -> tuple[LabResult, ...]:
    """Other usable results of the same analyte that are as new as the one used but say another value."""
    moment = used.moment
    if moment is None:
        return ()
    others = usable(facts, used.measured)
    return tuple(r for r in others if r.value != used.value and r.moment is not None and r.moment.end >= moment.start)


def _worry(result: LabResult, value: Decimal) -> Decimal:
    """How far out the value is, by the usual interval or the result's own: negative inside, positive outside."""
    intervals = [ANALYTES[result.analyte].usual]
    if result.range is not None:
        intervals.append((result.range.low, result.range.high))
    below = [(low - value) / low for low, _ in intervals if low]
    above = [(value - high) / high for _, high in intervals if high]
    return max((*below, *above), default=Decimal(0))


# --- comparing with a limit, where a comparator makes the value a bound


def certainly_below(result: LabResult, limit: Decimal) -> bool:
    """True when the result proves a value < ``limit`` (unit of account). A lower bound proves nothing here."""
    if result.value is None or result.comparator in (">", ">="):
        return False
    return result.value <= limit if result.comparator == "<" else result.value < limit


def certainly_at_least(result: LabResult, limit: Decimal) -> bool:
    """True when the result proves a value >= ``limit``. An upper bound proves nothing here."""
    return result.value is not None and result.comparator not in ("<", "<=") and result.value >= limit
