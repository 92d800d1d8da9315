"""The facts a rule may see, as frozen values. No FHIR below this line.

Every fact carries ``source``: the reference of the resource it came from ("Condition/123"), or its
place in the prefetch when it has no id ("conditions[4]"). Texts that came from the client are kept
as they were received, in fields whose docstring says so; they are escaped only where they are shown.
``unreadable``, where a fact has it: the names of the elements that were there and could not be read
("recordedDate"); what each costs, ``chart.r4.essentials`` decides.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from cds_service.patient.moments import Moment
from cds_service.patient.person import Person
from cds_service.patient.received import DRAFT_ORDERS, Receipt, Unread
from cds_service.patient.terminology.vocabulary import (
    AnalyteConcept,
    Concept,
    DrugConcept,
    OrderConcept,
    ProblemConcept,
)


class Match(StrEnum):
    """What a concept was recognised by, the strongest first. Where it is not by a code we know, the card says so."""

    CODE = "code"
    SITE = "the site's map"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class BodySite:
    """One place of the body a problem is said to be at: the codes of whatever system, and the words, as received."""

    codes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A Condition that belongs to at least one concept the rules use.

    ``concepts``: value-set names, each with what it was matched by.
    ``text``: the client's own words; ``texts``: all that its code carries, displays too.
    ``clinical`` and ``verification``: the plain R4 codes, or None where absent. ``abated``: when it ended;
    ``ended`` is True when the record says it ended without a usable date. ``visit``: a diagnosis of one visit, not
    on the problem list.
    """

    source: str
    concepts: Mapping[str, Match]
    text: str | None = None
    clinical: str | None = None
    verification: str | None = None
    onset: Moment | None = None
    recorded: Moment | None = None
    abated: Moment | None = None
    ended: bool = False
    texts: tuple[str, ...] = ()
    body_sites: tuple[BodySite, ...] = ()
    visit: bool = False
    unreadable: tuple[str, ...] = ()

    def is_a(self, *concepts: ProblemConcept) -> bool:
        """True when it belongs to any of the concepts."""
        return not self.concepts.keys().isdisjoint(concepts)

    def matched(self, concept: ProblemConcept) -> Match | None:
        """What it was recognised as the concept by; None when it does not belong to it."""
        return self.concepts.get(concept)


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
        return self.concept in concepts


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a medicine was ordered: the concepts of its reasonCode, or of the Condition it refers to.

    ``texts``: all that it carries, displays too; none of a Condition that is refuted or an error. ``body_sites``: where
    that Condition, or the code, puts it.
    """

    concepts: Mapping[str, Match]
    source: str
    texts: tuple[str, ...] = ()
    body_sites: tuple[BodySite, ...] = ()

    def is_a(self, *concepts: ProblemConcept) -> bool:
        """True when it belongs to any of the concepts."""
        return not self.concepts.keys().isdisjoint(concepts)


@dataclass(frozen=True, slots=True)
class Dosing:
    """One structured dosage of a medicine. ``per_day``: doses a day; ``days``: of its course; None where not stated."""

    per_day: Decimal | None = None
    days: Decimal | None = None


class Route(StrEnum):
    """How a medicine is given, as far as route, dose form or text tell."""

    ORAL = "oral"
    PARENTERAL = "parenteral"
    ABSORBED = "absorbed"  # rectal, nasal, inhaled, through the skin as a patch: it acts in the blood
    LOCAL = "local"  # eye, ear, skin, vagina, womb
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Medication:
    """A MedicationRequest or MedicationStatement that holds a drug the rules use.

    ``status`` and ``intent`` are plain R4 codes or None. ``ended``: the last day its own periods
    allow. ``text``: the client's own words for the drug. ``draft``: it is among the draft orders;
    ``selected``: it is among the hook's selections (or no selections were sent). ``other_reason``: a
    reason is stated that is none of ours, or can't be read; ``unread_reasons``: references of reasons that
    are not in hand and have no words; ``words``: the client's own words of its reasons and dosages;
    ``dosings``: as far as they are structured.
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
    dosings: tuple[Dosing, ...] = ()
    draft: bool = False
    selected: bool = False
    unreadable: tuple[str, ...] = ()
    reference: str | None = None
    may_be_stopped: bool = False

    def holds(self, *concepts: DrugConcept) -> Ingredient | None:
        """The first ingredient that belongs to any of the concepts, or None."""
        for one in self.ingredients:
            if one.concept in concepts:
                return one
        return None


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
        return not self.concepts.keys().isdisjoint(concepts)

    def matched(self, concept: Concept) -> Match | None:
        """What it was recognised as the concept by; None when it is not to it."""
        return self.concepts.get(concept)


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
        return self.analyte in analytes


@dataclass(frozen=True, slots=True)
class Order:
    """A ServiceRequest in hand, active or draft: what is already being done. ``concepts`` as in value sets."""

    source: str
    concepts: frozenset[str]

    def is_for(self, *concepts: OrderConcept) -> bool:
        """True when it is for any of the concepts."""
        return not self.concepts.isdisjoint(concepts)


@dataclass(frozen=True)
class Facts:
    """All that is known of one patient at one moment, and what is not known.

    ``receipts`` has an entry for every query key: patient, conditions, observations,
    medicationRequests, medicationStatements, allergies. Rules ask by concept (``problems_of`` …), so
    that facts may also be read from a chart as they are asked for (``chart.read``). ``drafts_sent``: how many
    draft orders came, of any type and drug; ``drafts`` are those of a drug the rules know. ``switched_off``: the names
    of the rules that are not asked about this patient, so that another may say what they would have said.
    """

    today: date
    person: Person = Person()  # noqa: RUF009 - a Person is immutable
    problems: tuple[Problem, ...] = ()
    medications: tuple[Medication, ...] = ()
    drafts: tuple[Medication, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    results: tuple[LabResult, ...] = ()
    orders: tuple[Order, ...] = ()
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    drafts_sent: int = 0
    switched_off: frozenset[str] = frozenset()

    def receipt(self, query: str) -> Receipt:
        """What became of the query; one that was never asked is ABSENT."""
        return self.receipts.get(query, Receipt.ABSENT)

    def problems_of(self, concepts: Collection[ProblemConcept]) -> tuple[Problem, ...]:
        """The problems of any of the concepts, in the order of ``problems``."""
        return tuple(problem for problem in self.problems if problem.is_a(*concepts))

    def medications_of(self, drugs: Collection[DrugConcept]) -> tuple[Medication, ...]:
        """The medications that hold any of the drugs, in the order of ``medications``."""
        return tuple(medication for medication in self.medications if medication.holds(*drugs))

    def results_of(self, analytes: Collection[AnalyteConcept]) -> tuple[LabResult, ...]:
        """The results of any of the analytes, in the order of ``results``.

        Of a chart these are of each analyte the newest that can be used, what is newer, and what is of the two days
        before it; all of the last 400 days only where a rule asks for them (``Rule.history_for``).
        """
        return tuple(result for result in self.results if result.is_of(*analytes))

    def unread_of(self, query: str, concepts: Collection[Concept]) -> tuple[Unread, ...]:
        """What of the query could not be used and may be about one of the concepts, in the order of ``unread``."""
        return tuple(one for one in self.unread if one.query == query and one.may_be_about(concepts))

    @cached_property
    def under_18(self) -> bool:
        """Certainly under 18: who may be of age, or is of no known age, is taken for an adult."""
        return self.person.certainly_under_18(self.today)

    @property
    def unjudged_drafts(self) -> tuple[Unread, ...]:
        """The draft orders of which no one can tell whether a rule is about them."""
        return tuple(one for one in self.unread if one.query == DRAFT_ORDERS)

    @cached_property
    def answered(self) -> dict[tuple[Any, ...], Any]:
        """Questions already put to these facts, with their answers: see ``asked.asked_once``."""
        return {}
