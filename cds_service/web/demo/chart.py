"""One patient's chart in one view: what the record says in its own words, and the results as the service reads them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cds_service.cards.escaping import one_line
from cds_service.cards.wording import Wording
from cds_service.catalogue import GUIDELINES
from cds_service.chart.model import Resource
from cds_service.chart.r4 import dates
from cds_service.chart.r4.elements import Element, concept, text
from cds_service.chart.r4.medicines import drug
from cds_service.chart.r4.problems import allergen
from cds_service.chart.read.sources import codings_of, words_of
from cds_service.decision.lab_words import STARTING, UNUSABLE, LabWords
from cds_service.patient.facts import Facts, LabResult, ReferenceRange
from cds_service.web.demo.words import demo_words

_DECIMALS = 2
_LAB = LabWords(limit for guideline in GUIDELINES for limit in guideline.lab_words.limits)
_USUAL = {analyte: usual for guideline in GUIDELINES for analyte, usual in guideline.usual_ranges.items()}
"""The guidelines' own intervals, where a result brings none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A problem, a medicine or an allergy: its own words, and what goes with it in small print."""

    text: str
    note: str
    active: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A result on its range, in hundredths of the drawing's width: the band's ends, and the mark."""

    low: float
    high: float
    mark: float


@dataclass(frozen=True, slots=True)
class Shown:
    """One result. ``place``: "below", "within" or "above" its range, or "" where there is none; ``bar`` likewise."""

    name: str
    value: str
    day: str
    place: str
    low: str | None = None
    high: str | None = None
    bar: Bar | None = None
    unusable: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """Who it is. ``years``: completed, None when birth is not known."""

    name: str
    sex: str
    years: int | None


@dataclass(frozen=True, slots=True)
class ChartView:
    """The chart, ready to be shown."""

    patient: Patient
    problems: tuple[Entry, ...]
    medicines: tuple[Entry, ...]
    allergies: tuple[Entry, ...]
    results: tuple[Shown, ...]


def chart_view(name: str, resources: Iterable[Resource], facts: Facts, words: Wording, zone: ZoneInfo) -> ChartView:
    """The view of a chart. ``facts``: what the service reads of the same resources."""
    kept = tuple(resources)
    bounds = facts.person.age_bounds(facts.today)
    return ChartView(
        patient=Patient(one_line(name), facts.person.sex.value, bounds[0] if bounds else None),
        problems=tuple(_problem(one, words, zone) for one in _of(kept, "Condition")),
        medicines=tuple(
            _medicine(one, kept, words, zone)
            for one in _of(kept, "MedicationRequest", "MedicationStatement", "MedicationOrder")
        ),
        allergies=tuple(_line(_text(allergen(dict(one))), (), active=True) for one in _of(kept, "AllergyIntolerance")),
        results=tuple(_result(one, words) for one in facts.results),
    )


def _of(resources: Iterable[Resource], *kinds: str) -> Iterator[Resource]:
    return (one for one in resources if one["resourceType"] in kinds)


def _line(text: str, notes: Iterable[str | None], *, active: bool) -> Entry:
    return Entry(one_line(text), ", ".join(one_line(note) for note in notes if note), active)


def _problem(condition: Resource, words: Wording, zone: ZoneInfo) -> Entry:
    clinical, verification = _code(condition.get("clinicalStatus")), _code(condition.get("verificationStatus"))
    doubted = verification if verification and verification != "confirmed" else None
    since = _day(condition.get("onsetDateTime") or condition.get("recordedDate"), words, zone)
    active = clinical in (None, "active", "recurrence", "relapse") and verification not in (
        "refuted",
        "entered-in-error",
    )
    notes = (_status(clinical, words), _status(doubted, words), since)
    return _line(_text(condition.get("code")), notes, active=active)


def _medicine(medicine: Resource, resources: Iterable[Resource], words: Wording, zone: ZoneInfo) -> Entry:
    status = _code(medicine.get("status"))
    since = _day(medicine.get("authoredOn") or medicine.get("dateAsserted") or medicine.get("dateWritten"), words, zone)
    forbidden = medicine.get("doNotPerform") is True
    notes = (_status(status, words), _status("do-not-perform" if forbidden else None, words), since)
    active = status in (None, "active", "on-hold", "unknown") and not forbidden
    return _line(_drug(medicine, resources), notes, active=active)


def _drug(medicine: Resource, resources: Iterable[Resource]) -> str:
    coded, referred = drug(dict(medicine))
    if coded is not None or referred is None:
        return _text(coded)
    found = next(
        (one for one in resources if f"{one['resourceType']}/{one.get('id')}" == referred.get("reference")), {}
    )
    return referred.get("display") or _text(found.get("code"))


def _text(value: Any) -> str:
    """A concept's own words, else its first code."""
    coded = concept(value)
    return words_of(coded) or _first_code(coded) or "?"


def _code(value: Any) -> str | None:
    """A status as it is written: its code, else its words."""
    coded = concept(value)
    return _first_code(coded) or words_of(coded)


def _first_code(coded: Element | None) -> str | None:
    return next((code for _, code in codings_of(coded)), None)


def _status(code: str | None, words: Wording) -> str | None:
    """A status in the page's language; one FHIR does not have as it is."""
    return demo_words(words.language).get(f"status_{code}", code)


def _day(written: Any, words: Wording, zone: ZoneInfo) -> str | None:
    """A FHIR date as the page writes it, as precise as it is; one that is none as it is written."""
    moment = dates.moment(dates.canonical(written, zone), zone)
    return words.moment(moment) if moment else text(written)


def _result(result: LabResult, words: Wording) -> Shown:
    name = words.text(STARTING[result.analyte])
    day = words.moment(result.moment) if result.moment else ""
    if result.value is None or result.unusable:
        why = words.text(UNUSABLE[result.unusable or "no-value"])
        return Shown(name, one_line(result.received), day, "", unusable=why)
    said = words.say(_LAB.value(result))
    interval = result.range or _USUAL.get(result.analyte)
    if interval is None:
        return Shown(name, said, day, "")
    place = (
        "below" if _under(result.value, interval.low) else "above" if _under(interval.high, result.value) else "within"
    )
    low, high = (None if end is None else words.number(_short(end)) for end in (interval.low, interval.high))
    return Shown(name, said, day, place, low, high, _bar(result.value, interval))


def _short(end: Decimal) -> Decimal:
    """A range's end as it was written, or short where conversion left it with many decimals."""
    return end if abs(int(end.as_tuple().exponent)) <= _DECIMALS else _LAB.rounded(end)


def _under(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and one < other


def _bar(result: Decimal, interval: ReferenceRange) -> Bar | None:
    """The drawing: the range takes the middle half, and a value far out stays at the edge."""
    if interval.low is None or interval.high is None or interval.high <= interval.low:
        return None
    band = (25.0, 75.0)
    across = float((result - interval.low) / (interval.high - interval.low))
    return Bar(*band, mark=min(97.0, max(3.0, band[0] + across * (band[1] - band[0]))))
