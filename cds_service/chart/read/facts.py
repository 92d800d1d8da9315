"""From a chart to facts: the only stage that sees FHIR and speaks of patients.

Read only what is used, and only once a rule asks for it: most patients have no problem a rule speaks to, and
then no result of theirs is looked at. The raw resources are scanned by bare code; only what may matter is projected to
the elements the rules read, repaired, validated as R4, and turned into a fact. What can't be read costs itself
(``chart.r4.essentials``); an entry without what identifies it becomes an ``Unread``, and none spoils another. Facts
come in a fixed order, whatever order the resources came in.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import TypeVar
from zoneinfo import ZoneInfo

from cds_service.chart import queries
from cds_service.chart.model import Chart, Gathered, Query, Still, Watched, unhurried
from cds_service.chart.read.allergies import allergies
from cds_service.chart.read.medications import Medications, Surroundings, drafts
from cds_service.chart.read.orders import orders
from cds_service.chart.read.person import person
from cds_service.chart.read.problems import Problems
from cds_service.chart.read.results import Results
from cds_service.patient.facts import Allergy, Facts, LabResult, Medication, Order, Problem
from cds_service.patient.person import Person
from cds_service.patient.received import DRAFT_ORDERS, Receipt, Unread
from cds_service.patient.terminology.vocabulary import AnalyteConcept, Concept, DrugConcept, ProblemConcept

_KEYS = tuple(query.key for query in queries.ALL)
_MEDICINES = (queries.MEDICATION_REQUESTS.key, queries.MEDICATION_STATEMENTS.key)
MOST_NAMED = 20  # members of one query that were no resource

Fact = TypeVar("Fact")


def read(
    chart: Chart,
    today: date,
    zone: ZoneInfo,
    history_for: Collection[DrugConcept] = (),
    still: Still = unhurried,
    switched_off: frozenset[str] = frozenset(),
) -> Facts:
    """Everything the rules may know of the patient, and what is not known.

    Never raises, when it is asked neither, but for what ``still`` raises. ``history_for``: the drugs with one of which
    in the chart, taken or drafted, results are read 400 days back. ``switched_off``: as in ``Facts``.
    """
    return _ChartFacts(chart, today, zone, history_for, still, switched_off)


def read_drafts(
    chart: Chart, today: date, zone: ZoneInfo, still: Still = unhurried, switched_off: frozenset[str] = frozenset()
) -> Facts:
    """The draft medication orders alone, and what of them is not known. Never raises but for what ``still`` raises."""
    found = list(drafts(Watched(chart.drafts or (), still), chart.selections, Surroundings(chart.siblings or {}, zone)))
    unread = _unread([*_not_resources(chart), *found])
    sent = len(chart.drafts or ())
    return Facts(today=today, drafts=_facts(found), unread=unread, drafts_sent=sent, switched_off=switched_off)


class _ChartFacts(Facts):
    """The facts of one chart, each read when it is first asked for."""

    _chart: Chart
    _zone: ZoneInfo
    _history_for: Collection[DrugConcept]
    _still: Still

    def __init__(
        self,
        chart: Chart,
        today: date,
        zone: ZoneInfo,
        history_for: Collection[DrugConcept],
        still: Still,
        switched_off: frozenset[str],
    ) -> None:
        self.__dict__.update(today=today, _chart=chart, _zone=zone, _history_for=history_for, _still=still)
        self.__dict__.update(switched_off=switched_off)

    @cached_property
    def person(self) -> Person:
        return self._who[0]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return _facts(self._problems.all())

    @cached_property
    def medications(self) -> tuple[Medication, ...]:
        return _facts(self._medications.all())

    @cached_property
    def drafts(self) -> tuple[Medication, ...]:
        return _facts(self._drafts)

    @cached_property
    def drafts_sent(self) -> int:
        return len(self._chart.drafts or ())

    @property
    def unjudged_drafts(self) -> tuple[Unread, ...]:
        found = _unread([*_not_resources(self._chart), *self._drafts])
        return tuple(one for one in found if one.query == DRAFT_ORDERS)

    @cached_property
    def allergies(self) -> tuple[Allergy, ...]:
        return _facts(self._allergies)

    @cached_property
    def results(self) -> tuple[LabResult, ...]:
        return _facts(self._results.all())

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        return tuple(sorted(orders(self._chart.orders, self._chart.drafts or ()), key=repr))

    @cached_property
    def receipts(self) -> Mapping[str, Receipt]:
        answers = self._chart.answers
        return {key: answers[key].receipt if key in answers else Receipt.ABSENT for key in _KEYS}

    @cached_property
    def unread(self) -> tuple[Unread, ...]:
        return _unread([*self._unread_in_any_case, *self._medications.all(), *self._allergies, *self._problems.all()])

    def problems_of(self, concepts: Collection[ProblemConcept]) -> tuple[Problem, ...]:
        if self._problems.places.keys().isdisjoint(concepts):
            return ()
        return tuple([problem for problem in _facts(self._problems.of(concepts)) if problem.is_a(*concepts)])

    def medications_of(self, drugs: Collection[DrugConcept]) -> tuple[Medication, ...]:
        if self._medications.places.keys().isdisjoint(drugs):
            return ()
        return tuple([one for one in _facts(self._medications.of(drugs)) if one.holds(*drugs)])

    def results_of(self, analytes: Collection[AnalyteConcept]) -> tuple[LabResult, ...]:
        return _facts(self._results.of(analytes))

    def unread_of(self, query: str, concepts: Collection[Concept]) -> tuple[Unread, ...]:
        unread: Sequence[object] = self._unread_in_any_case
        if query == queries.CONDITIONS.key:
            unread = [*unread, *self._problems.of(concepts)]
        elif query == queries.ALLERGIES.key:
            unread = [*unread, *self._allergies]
        elif query in _MEDICINES:
            unread = [*unread, *self._medications.of(concepts)]
        if not unread:
            return ()
        return tuple([one for one in _unread(unread) if one.query == query and one.may_be_about(concepts)])

    @cached_property
    def _unread_in_any_case(self) -> tuple[Unread, ...]:
        """What can't be read of all that doesn't wait to be asked for. Of a result all that can be read is told."""
        return _unread([*_not_resources(self._chart), *self._who[1], *self._drafts])

    @cached_property
    def _who(self) -> tuple[Person, tuple[Unread, ...]]:
        return person(self._answer(queries.PATIENT), self._zone)

    @cached_property
    def _problems(self) -> Problems:
        return Problems(self._answer(queries.CONDITIONS), self._zone)

    @cached_property
    def _results(self) -> Results:
        history = bool(self.medications_of(self._history_for)) or any(
            one.holds(*self._history_for) for one in self.drafts
        )
        return Results(self._answer(queries.OBSERVATIONS), self.person, self.today, self._zone, history=history)

    @cached_property
    def _allergies(self) -> list[Allergy | Unread]:
        return list(allergies(self._answer(queries.ALLERGIES), self._zone))

    @cached_property
    def _medications(self) -> Medications:
        taken = (queries.MEDICATION_REQUESTS, queries.MEDICATION_STATEMENTS)
        return Medications([self._answer(query) for query in taken], self._around)

    @cached_property
    def _drafts(self) -> list[Medication | Unread]:
        return list(drafts(Watched(self._chart.drafts or (), self._still), self._chart.selections, self._around))

    @cached_property
    def _around(self) -> Surroundings:
        return Surroundings(self._chart.siblings or {}, self._zone)

    def _answer(self, query: Query) -> Gathered:
        found = self._chart.answers.get(query.key)
        if found is None:
            return Gathered(query, Receipt.ABSENT, ())
        return Gathered(query, found.receipt, Watched(found.resources, self._still))


def _not_resources(chart: Chart) -> Iterator[Unread]:
    """What came and was no resource, or another patient's: the first of each query by name, further ones in number."""
    named, further = Counter[str](), Counter[tuple[str, str]]()
    for place, why in chart.unread:
        query = place.partition("[")[0]
        if named[query] < MOST_NAMED:
            named[query] += 1
            yield Unread(place, query, why)
        else:
            further[query, why] += 1
    for (query, why), times in further.items():
        yield Unread(f"{query}[…]", query, why, times=times)
    if chart.strangers:
        yield Unread("prefetch", "prefetch", "other-patient", shown=str(chart.strangers))


def _facts(found: Iterable[Fact | Unread]) -> tuple[Fact, ...]:
    """The facts among what was read, in the order of their sources."""
    facts = [one for one in found if not isinstance(one, Unread)]
    return tuple(sorted(facts, key=attrgetter("source")))


def _unread(found: Iterable[object]) -> tuple[Unread, ...]:
    """What could not be read, in a fixed order."""
    unread = [one for one in found if type(one) is Unread]
    return tuple(sorted(unread, key=attrgetter("query", "source", "why")))
