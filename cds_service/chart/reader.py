"""From a chart to facts: the only stage that sees FHIR and speaks of patients.

Read only what is used: the raw resources are scanned by bare code; only what may matter is projected to
the elements the rules read, repaired, validated as R4, and turned into a fact. One bad entry becomes an
``Unread`` and never spoils the rest. Facts come in a fixed order, whatever order the resources came in.
"""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import TypeVar
from zoneinfo import ZoneInfo

from cds_service.chart import queries
from cds_service.chart.model import Answer, Chart, Query
from cds_service.chart.reader_allergies import allergies
from cds_service.chart.reader_conditions import problems
from cds_service.chart.reader_medications import Surroundings, drafts, medications
from cds_service.chart.reader_orders import orders
from cds_service.chart.reader_patient import person
from cds_service.chart.reader_results import results
from cds_service.guidance.supplements import CONCEPTS as SUPPLEMENTS
from cds_service.patient.facts import Facts, Medication, Receipt, Unread

Fact = TypeVar("Fact")


def read(chart: Chart, today: date, zone: ZoneInfo) -> Facts:
    """Everything the rules may know of the patient, and what is not known. Never raises."""
    unread = _unread(chart)
    around = Surroundings(chart.siblings or {}, zone)
    who, doubts = person(_answer(chart, queries.PATIENT), zone)
    unread += doubts
    taken = [
        one
        for query in (queries.MEDICATION_REQUESTS, queries.MEDICATION_STATEMENTS)
        for one in medications(_answer(chart, query), around)
    ]
    medicines = _sorted(taken, unread)
    ordered = _sorted(drafts(chart.drafts or (), chart.selections, around), unread)
    measured = results(
        _answer(chart, queries.OBSERVATIONS), who, today, zone, history=_ask_for_history((*medicines, *ordered))
    )
    return Facts(
        today=today,
        person=who,
        problems=_sorted(problems(_answer(chart, queries.CONDITIONS), zone), unread),
        medications=medicines,
        drafts=ordered,
        allergies=_sorted(allergies(_answer(chart, queries.ALLERGIES), zone), unread),
        results=_sorted(measured, unread),
        orders=tuple(sorted(orders(chart.orders, chart.drafts or ()), key=repr)),
        receipts={query.key: _answer(chart, query).receipt for query in queries.ALL},
        unread=_in_order(unread),
    )


def read_drafts(chart: Chart, today: date, zone: ZoneInfo) -> Facts:
    """The draft medication orders alone, and what of them is not known. Never raises."""
    unread = _unread(chart)
    ordered = _sorted(drafts(chart.drafts or (), chart.selections, Surroundings(chart.siblings or {}, zone)), unread)
    return Facts(today=today, drafts=ordered, unread=_in_order(unread))


def _unread(chart: Chart) -> list[Unread]:
    """What was no resource, or another patient's."""
    unread = [Unread(place, place.partition("[")[0], why) for place, why in chart.unread]
    if chart.strangers:
        unread.append(Unread("prefetch", "prefetch", "other-patient", shown=str(chart.strangers)))
    return unread


def _in_order(unread: Iterable[Unread]) -> tuple[Unread, ...]:
    return tuple(sorted(unread, key=lambda one: (one.query, one.source, one.why, one.shown or "")))


def _ask_for_history(medicines: Iterable[Medication]) -> bool:
    """A supplement is judged by the lows of 12 months; every other rule by the newest results alone."""
    return any(medicine.holds(supplement) for medicine in medicines for supplement in SUPPLEMENTS)


def _answer(chart: Chart, query: Query) -> Answer:
    return chart.answers.get(query.key) or Answer(query, Receipt.ABSENT, ())


def _sorted(found: Iterable[Fact | Unread], unread: list[Unread]) -> tuple[Fact, ...]:
    """The facts in the order of their sources; what could not be read goes to ``unread``."""
    facts: list[Fact] = []
    for one in found:
        if isinstance(one, Unread):
            unread.append(one)
        else:
            facts.append(one)
    return tuple(sorted(facts, key=attrgetter("source")))
