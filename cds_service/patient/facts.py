"""The facts a rule may see, as frozen values. No FHIR below this line.

Every fact carries ``source``: the reference of the resource it came from ("Condition/123"), or its
place in the prefetch when it has no id ("conditions[4]"). Texts that came from the client are kept
as they were received, in fields whose docstring says so; they are escaped only where they are shown.
``unreadable``, where a fact has it: the names of the elements that were there and could not be read
("recordedDate"); what each costs, ``chart.r4.essentials`` decides.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, wraps
from typing import Any, TypeVar, TypeVarTuple

from cds_service.patient.moments import Moment
from cds_service.patient.terminology.vocabulary import (
    AnalyteConcept,
    Concept,
    DrugConcept,
    OrderConcept,
    ProblemConcept,
)

DRAFT_ORDERS = "draftOrders"
"""The query that draft orders are read under; no query of ours, but the hook brings them."""


class Match(StrEnum):
    """What a concept was recognised by. A match by name is weaker, and the card says so."""

    CODE = "code"
    NAME = "name"


class Receipt(StrEnum):
    """What became of one query: the difference between "nothing there" and "not known"."""

    RECEIVED = "received"  # resources came, complete
    EMPTY = "empty"  # searched, nothing there
    PARTIAL = "partial"  # some came, more exist that could not be had
    FAILED = "failed"  # the server answered with an error
    UNANSWERED = "unanswered"  # no answer came, or none that can be read
    ABSENT = "absent"  # never received

    @property
    def complete(self) -> bool:
        """True when nothing more can exist: absence of a fact is then known."""
        return self in (Receipt.RECEIVED, Receipt.EMPTY)

    @property
    def nothing(self) -> bool:
        """True when nothing is known of the query: neither what is there nor that there is nothing."""
        return self in (Receipt.FAILED, Receipt.UNANSWERED, Receipt.ABSENT)


class Sex(StrEnum):
    """Administrative gender, as FHIR has it."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """The patient. ``birth`` may be partial, or None when not recorded; ``sex`` is UNKNOWN then."""

    birth: Moment | None = None
    sex: Sex = Sex.UNKNOWN
    source: str | None = None

    def age_bounds(self, today: date) -> tuple[int, int] | None:
        """Youngest and oldest possible age in completed years, or None when birth is not known."""
        if self.birth is None:
            return None
        return _years(self.birth.last_day, today), _years(self.birth.day, today)

    def certainly_under_18(self, today: date) -> bool:
        """True only when even the oldest possible age is under 18."""
        bounds = self.age_bounds(today)
        return bounds is not None and bounds[1] < 18  # noqa: PLR2004 - the age of majority


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class BodySite:
    """One place of the body a problem is said to be at: the codes of whatever system, and the words, as received."""

    codes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A Condition that belongs to at least one concept the rules use.

    ``concepts``: value-set names, each with what it was matched by. ``codes``: its (system, code)
    pairs, normalised. ``text``: the client's own words; ``texts``: all that its code carries, displays too.
    ``clinical`` and ``verification``: the plain R4 codes, or None where absent. ``abated``: when it ended;
    ``ended`` is True when the record says it ended without a usable date.
    """

    source: str
    concepts: Mapping[str, Match]
    codes: frozenset[tuple[str, str]] = frozenset()
    text: str | None = None
    clinical: str | None = None
    verification: str | None = None
    onset: Moment | None = None
    recorded: Moment | None = None
    abated: Moment | None = None
    ended: bool = False
    texts: tuple[str, ...] = ()
    body_sites: tuple[BodySite, ...] = ()
    unreadable: tuple[str, ...] = ()

    def is_a(self, *concepts: ProblemConcept) -> bool:
        """True when it belongs to any of the concepts."""
        return not self.concepts.keys().isdisjoint([concept.name for concept in concepts])

    def matched(self, concept: ProblemConcept) -> Match | None:
        """What it was recognised as the concept by; None when it does not belong to it."""
        return self.concepts.get(concept.name)


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One drug a medication holds, as a member of one concept.

    ``concept``: value-set name ("qt_interacting"); ``name``: international name in English, lower
    case ("amiodarone"); ``match``: how it was recognised.
    """

    concept: str
    name: str
    match: Match

    def is_a(self, *concepts: DrugConcept) -> bool:
        """True when it is told as a member of any of the concepts."""
        return any(concept.name == self.concept for concept in concepts)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a medicine was ordered: the concepts of its reasonCode, or of the Condition it refers to."""

    concepts: Mapping[str, Match]
    source: str

    def is_a(self, *concepts: ProblemConcept) -> bool:
        """True when it belongs to any of the concepts."""
        return any(concept.name in self.concepts for concept in concepts)


class Route(StrEnum):
    """How a medicine is given, as far as route, dose form or text tell."""

    ORAL = "oral"
    PARENTERAL = "parenteral"
    LOCAL = "local"  # eye, ear, skin, nose, rectal, vaginal, inhaled
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Medication:
    """A MedicationRequest or MedicationStatement that holds a drug the rules use.

    ``status`` and ``intent`` are plain R4 codes or None. ``ended``: the last day its own periods
    allow. ``text``: the client's own words for the drug. ``draft``: it is among the draft orders;
    ``selected``: it is among the hook's selections (or no selections were sent). ``other_reason``: a
    reason is stated that is none of ours, or can't be read; ``unread_reasons``: references of reasons that
    are not in hand and have no words; ``words``: the client's own words of its reasons and dosages.
    ``reference``: by which an action may name it ("MedicationRequest/7"), None without a sound id;
    ``may_be_stopped``: it is an order that may be sent back as received with the status "stopped".
    """

    source: str
    kind: str
    ingredients: tuple[Ingredient, ...]
    text: str | None = None
    status: str | None = None
    intent: str | None = None
    do_not_perform: bool = False
    authored: Moment | None = None
    ended: Moment | None = None
    route: Route = Route.UNKNOWN
    reasons: tuple[Reason, ...] = ()
    other_reason: bool = False
    unread_reasons: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    draft: bool = False
    selected: bool = False
    unreadable: tuple[str, ...] = ()
    reference: str | None = None
    may_be_stopped: bool = False

    def holds(self, concept: DrugConcept) -> Ingredient | None:
        """The first ingredient that belongs to the concept, or None."""
        return next((i for i in self.ingredients if i.is_a(concept)), None)


@dataclass(frozen=True, slots=True)
class Allergy:
    """An AllergyIntolerance to a drug we know, or that is a problem we know. Refuted ones never get here."""

    source: str
    concepts: Mapping[str, Match]
    text: str | None = None
    clinical: str | None = None
    verification: str | None = None
    recorded: Moment | None = None
    unreadable: tuple[str, ...] = ()

    def is_to(self, *concepts: Concept) -> bool:
        """True when it is to any of the drugs, or is any of the reactions."""
        return any(concept.name in self.concepts for concept in concepts)

    def matched(self, concept: Concept) -> Match | None:
        """What it was recognised as the concept by; None when it is not to it."""
        return self.concepts.get(concept.name)


@dataclass(frozen=True, slots=True)
class ReferenceRange:
    """Limits in the analyte's own unit of account (see ``units``); either side may be open."""

    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class LabResult:
    """One Observation (or component) of an analyte the rules use.

    ``value``: in the analyte's unit of account (mmol/L; g/L albumin; 10*9/L platelets; ms QTc;
    mL/min/1.73m2 eGFR; umol/L creatinine), or None when it could not be interpreted, and then
    ``unusable`` says why as a text key ("unit-impossible", "no-value", "status", "no-time", "future",
    "post-dialysis", ...). ``received``: value and unit as the client wrote them. ``stated`` and ``stated_unit``:
    the number they state, and the unit they name, in its one spelling; None where they state or name none.
    ``comparator``: one of < <= >= > or None: the value is then a bound. ``flags``: interpretation codes. ``notes``: text
    keys of what must be said with it ("preliminary", "status-unknown", "unit-contradicts-code").
    ``dated``: the client's own words for its time, where no time could be read of them.
    """

    source: str
    analyte: str
    loinc: str | None
    value: Decimal | None
    unit: str
    received: str
    stated: Decimal | None = None
    stated_unit: str | None = None
    comparator: str | None = None
    moment: Moment | None = None
    status: str | None = None
    flags: frozenset[str] = frozenset()
    range: ReferenceRange | None = None
    unusable: str | None = None
    notes: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    dated: str | None = None

    @property
    def measured(self) -> AnalyteConcept:
        """The analyte, as results are asked for."""
        return AnalyteConcept(self.analyte)

    def is_of(self, *analytes: AnalyteConcept) -> bool:
        """True when it measures any of the analytes."""
        return any(analyte.name == self.analyte for analyte in analytes)


@dataclass(frozen=True, slots=True)
class Order:
    """A ServiceRequest in hand, active or draft: what is already being done. ``concepts`` as in value sets."""

    source: str
    concepts: frozenset[str]

    def is_for(self, *concepts: OrderConcept) -> bool:
        """True when it is for any of the concepts."""
        return any(concept.name in self.concepts for concept in concepts)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something received that could not be used.

    ``query``: the key it belongs to ("observations"); ``concepts``: what it would have been about, as
    far as that is known (an analyte, a value set), else empty: then it may be about anything.
    ``why``: a text key. ``shown``: the client's words for it, if any.
    """

    source: str
    query: str
    why: str
    concepts: frozenset[str] = frozenset()
    shown: str | None = None

    def may_be_about(self, concepts: Collection[Concept]) -> bool:
        """True unless it is known to be about something else."""
        return not self.concepts or self.is_about(concepts)

    def is_about(self, concepts: Collection[Concept]) -> bool:
        """True when it is known to be about one of them."""
        return any(concept.name in self.concepts for concept in concepts)


@dataclass(frozen=True)
class Facts:
    """All that is known of one patient at one moment, and what is not known.

    ``receipts`` has an entry for every query key: patient, conditions, observations,
    medicationRequests, medicationStatements, allergies. Rules ask by concept (``problems_of`` …), so
    that facts may also be read from a chart as they are asked for (``chart.read``). ``drafts_sent``: how many
    draft orders came, of any type and drug; ``drafts`` are those of a drug the rules know.
    """

    today: date
    person: Person = Person()
    problems: tuple[Problem, ...] = ()
    medications: tuple[Medication, ...] = ()
    drafts: tuple[Medication, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    results: tuple[LabResult, ...] = ()
    orders: tuple[Order, ...] = ()
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    drafts_sent: int = 0

    def receipt(self, query: str) -> Receipt:
        """What became of the query; one that was never asked is ABSENT."""
        return self.receipts.get(query, Receipt.ABSENT)

    def problems_of(self, concepts: Collection[ProblemConcept]) -> tuple[Problem, ...]:
        """The problems of any of the concepts, in the order of ``problems``."""
        names = [concept.name for concept in concepts]
        return tuple(problem for problem in self.problems if not problem.concepts.keys().isdisjoint(names))

    def results_of(self, analytes: Collection[AnalyteConcept]) -> tuple[LabResult, ...]:
        """The results of any of the analytes, in the order of ``results``.

        Of a chart these are of each analyte the newest that can be used, what is newer, and what is of the two days
        before it; all of the last 400 days only where a rule asks for them (``Rule.history_for``).
        """
        return tuple(result for result in self.results if result.is_of(*analytes))

    def unread_of(self, query: str, concepts: Collection[Concept]) -> tuple[Unread, ...]:
        """What of the query could not be used and may be about one of the concepts, in the order of ``unread``."""
        return tuple(one for one in self.unread if one.query == query and one.may_be_about(concepts))

    @property
    def unjudged_drafts(self) -> tuple[Unread, ...]:
        """The draft orders of which no one can tell whether a rule is about them."""
        return tuple(one for one in self.unread if one.query == DRAFT_ORDERS)

    @cached_property
    def answered(self) -> dict[tuple[Any, ...], Any]:
        """Questions already put to these facts, with their answers: see ``asked_once``."""
        return {}


Asked = TypeVarTuple("Asked")
Known = TypeVar("Known")
_NOT_YET: Any = object()


def asked_once(
    question: Callable[[Facts, *Asked], Known],
) -> Callable[[Facts, *Asked], Known]:
    """A pure question to the facts, worked out once: the answer is kept with the facts and goes with them.

    The rules ask the same of a patient many times over; the arguments must be hashable.
    """

    @wraps(question)
    def ask(facts: Facts, *args: *Asked) -> Known:
        answered, asked = facts.answered, (question, *args)
        answer: Known = answered.get(asked, _NOT_YET)
        if answer is _NOT_YET:
            answer = answered[asked] = question(facts, *args)
        return answer

    return ask
