"""MedicationRequest, MedicationStatement and draft orders to Medication."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cds_service.chart.gather.references import REASON, References
from cds_service.chart.gather.subjects import reference_key
from cds_service.chart.model import Gathered, Resource
from cds_service.chart.r4 import dates
from cds_service.chart.r4.elements import CANNOT_READ, NOT_READABLE, Element, concept
from cds_service.chart.r4.essentials import DRAFT, settled
from cds_service.chart.r4.medicines import request, statement
from cds_service.chart.read.administration import stated_route
from cds_service.chart.read.dosing import dosing
from cds_service.chart.read.drugs import Drug, Drugs
from cds_service.chart.read.on_demand import ANY, OnDemand
from cds_service.chart.read.problems import reason_stated, reason_told
from cds_service.chart.read.sources import Entry, displays_of, entries, source_of
from cds_service.patient.facts import Medication, Reason, Route
from cds_service.patient.ids import is_id
from cds_service.patient.moments import Moment
from cds_service.patient.received import DRAFT_ORDERS, Unread

REQUEST_TYPES = ("MedicationRequest", "MedicationOrder")

_OVER = frozenset(("completed", "cancelled", "stopped", "not-taken"))  # or never begun
_MOST_WORDS = 20  # names of one Condition that are looked through; none has more


class Surroundings:
    """What reading one call's orders needs beside them. What several orders refer to is read once."""

    def __init__(self, siblings: Mapping[str, Resource], zone: ZoneInfo) -> None:
        """``siblings``: resources the orders refer to, by reference key."""
        self.zone = zone
        self.references = References(siblings)
        self.drugs = Drugs(self.references)
        self._reasons: dict[int, tuple[Resource, Reason, tuple[str, ...]]] = {}

    def reason(self, condition: Resource, place: str) -> tuple[Reason, tuple[str, ...]]:
        """What a Condition that is some order's reason is about, and its words. ``place``: of one without an id."""
        known = self._reasons.get(id(condition))
        if known is None:
            words = tuple(islice(dict.fromkeys(_shown(condition)), _MOST_WORDS))
            told = reason_told(condition, self.zone, source_of(condition, place))
            known = self._reasons[id(condition)] = condition, replace(told, texts=told.texts[:_MOST_WORDS]), words
        _, reason, words = known
        return replace(reason, source=source_of(condition, place)), words


class Medications(OnDemand[Medication]):
    """The requests and statements: what drug each holds is told at once, all else when the drug is asked for."""

    def __init__(self, answers: Iterable[Gathered], around: Surroundings) -> None:
        super().__init__()
        self._answers, self._around = answers, around

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """As in ``OnDemand``; one that holds none of our drugs is nowhere."""
        found: dict[str, list[int]] = {}
        for place, (_, _, drug) in enumerate(self._told):
            if drug is None or not _is_another(drug):
                names = () if drug is None else {one.concept for one in drug.ingredients}
                for one in names or (ANY,):
                    found.setdefault(one, []).append(place)
        return found

    @cached_property
    def _told(self) -> list[tuple[Gathered, int, Drug | None]]:
        return [
            (answer, place, _drug(entry, self._around))
            for answer in self._answers
            for place, entry in enumerate(entries(answer.query.key, answer.resources))
        ]

    def _one(self, place: int) -> Medication | Unread | None:
        answer, own, drug = self._told[place]
        (entry,) = entries(answer.query.key, answer.resources, (own,))  # looked at again, so that the call can end here
        return _read(entry, drug, self._around)


def drafts(
    resources: Sequence[Resource], selections: Sequence[str] | None, around: Surroundings
) -> Iterator[Medication | Unread]:
    """The draft medication orders, each knowing whether the hook selected it."""
    orders = [resource for resource in resources if resource.get("resourceType") in REQUEST_TYPES]
    named = None if selections is None else {reference_key(one) for one in selections if isinstance(one, str)}
    for entry in entries(DRAFT_ORDERS, orders):
        drug = _drug(entry, around)
        if drug is None or not (_is_another(drug) and drug.coded):
            made = _read(entry, drug, around, selected=_is_selected(entry.resource, named))
            if made is not None:
                yield made


def _is_selected(resource: Resource, named: set[str] | None) -> bool:
    """By id, with or without the type before it. An order without an id can't be told apart: it counts."""
    own = resource.get("id")
    if named is None or not isinstance(own, str) or not own:
        return True
    return not named.isdisjoint((own, f"{resource.get('resourceType')}/{own}", f"urn:uuid:{own}"))


def _drug(entry: Entry, around: Surroundings) -> Drug | None:
    """The entry's drug; None where it can't be read."""
    try:
        return around.drugs.of(entry.resource)
    except CANNOT_READ:
        return None


def _is_another(drug: Drug) -> bool:
    """It says enough to tell that it is no drug of ours."""
    return drug.told and not drug.ingredients


def _read(
    entry: Entry, drug: Drug | None, around: Surroundings, *, selected: bool | None = None
) -> Medication | Unread | None:
    """``selected``: None of what is no draft."""
    if drug is None:
        return entry.unread(NOT_READABLE)
    try:
        made = _medication(entry, drug, around, selected=selected)
    except CANNOT_READ:
        if drug.ingredients and selected is not None:
            return _bare_draft(entry, drug, selected=selected)
        return entry.unread(NOT_READABLE, {one.concept for one in drug.ingredients}, drug.text)
    if made is None or drug.ingredients:
        return made
    return entry.unread("words-only" if drug.told else drug.lacking, shown=drug.text)


def _medication(entry: Entry, drug: Drug, around: Surroundings, *, selected: bool | None) -> Medication | None:
    """The medication; None for one recorded in error, and for one that names no drug of ours and is over or was never taken."""
    kind = "MedicationStatement" if entry.resource.get("resourceType") == "MedicationStatement" else "MedicationRequest"
    is_request = kind == "MedicationRequest"
    project = request if is_request else statement
    made, unreadable = settled(
        DRAFT if selected is not None else kind, project(entry.resource, around.zone, drug.stated)
    )
    status = made.get("status")
    if status == "entered-in-error" or (not drug.ingredients and status in _OVER):
        return None
    dosages = made.get("dosageInstruction" if is_request else "dosage", ())
    reasons = _reasons(entry, made, around)
    reference = _reference(entry)
    return Medication(
        source=entry.source,
        kind=kind,
        ingredients=drug.ingredients,
        text=drug.text,
        status=status,
        intent=made.get("intent"),
        do_not_perform=made.get("doNotPerform") is True,
        authored=_authored(made, around.zone),
        ended=_ended(made, around.zone),
        route=stated_route(dosages) or drug.route or Route.UNKNOWN,
        reasons=tuple(reason for reason in reasons.stated if reason.concepts),
        other_reason=any(not reason.concepts for reason in reasons.stated),
        unread_reasons=tuple(reasons.unread),
        words=(*reasons.words, *_instructed(dosages)),
        dosings=tuple(dosing(dosage, around.zone) for dosage in dosages if "timing" in dosage),
        draft=selected is not None,
        selected=bool(selected),
        unreadable=unreadable,
        reference=reference,
        may_be_stopped=reference is not None and _may_be_stopped(entry.resource),
    )


def _reference(entry: Entry) -> str | None:
    return entry.source if is_id(entry.resource.get("id")) else None


def _may_be_stopped(resource: Resource) -> bool:
    """An order of R4, and whole: an update with what a server cut down (SUBSETTED) destroys what was left out."""
    meta = resource.get("meta")
    tags = meta.get("tag") if isinstance(meta, dict) else None
    cut_down = isinstance(tags, list) and any(isinstance(tag, dict) and tag.get("code") == "SUBSETTED" for tag in tags)
    return resource.get("resourceType") == "MedicationRequest" and not cut_down


def _bare_draft(entry: Entry, drug: Drug, *, selected: bool) -> Medication:
    """A draft of a known drug of which nothing else can be read: it is judged all the same."""
    kind = "MedicationRequest"
    return Medication(
        source=entry.source,
        kind=kind,
        ingredients=drug.ingredients,
        text=drug.text,
        status="draft",
        draft=True,
        selected=selected,
        unreadable=(kind,),
        reference=_reference(entry),
    )


def _authored(made: Element, zone: ZoneInfo) -> Moment | None:
    """When it was ordered; a statement's: when it was asserted, else from when it is true."""
    since = made.get("effectiveDateTime") or made.get("effectivePeriod", {}).get("start")
    return dates.moment(made.get("authoredOn") or made.get("dateAsserted") or since, zone)


def _ended(made: Element, zone: ZoneInfo) -> Moment | None:
    """The first of its own ends. Of several dosages the last end counts, and only when each has one."""
    dispense = made.get("dispenseRequest", {})
    ends = [dispense.get("validityPeriod", {}).get("end"), made.get("effectivePeriod", {}).get("end")]
    dosages = [*made.get("dosageInstruction", ()), *made.get("dosage", ())]
    bounds = [dosage.get("timing", {}).get("repeat", {}).get("boundsPeriod", {}).get("end") for dosage in dosages]
    found = [moment for end in ends if (moment := dates.moment(end, zone)) is not None]
    last = [moment for end in bounds if (moment := dates.moment(end, zone)) is not None]
    if bounds and len(last) == len(bounds):
        found.append(max(last, key=lambda one: one.end))
    return min(found, key=lambda one: one.end, default=None)


def _instructed(dosages: Iterable[Element]) -> Iterator[str]:
    for dosage in dosages:
        yield from filter(None, (dosage.get("text"), *displays_of(dosage.get("asNeededCodeableConcept"))))


def _shown(target: Resource) -> tuple[str, ...]:
    try:
        return displays_of(concept(target.get("code")))
    except CANNOT_READ:
        return ()


class _Reasons(NamedTuple):
    """Every reason stated (without concepts when it is none of ours), the words of all, and those not in hand."""

    stated: list[Reason]
    words: list[str]
    unread: list[str]


def _reasons(entry: Entry, made: Element, around: Surroundings) -> _Reasons:
    coded = made.get("reasonCode", ())
    found = [reason_stated(one, entry.source) for one in coded]
    words = [words for one in coded for words in displays_of(one)]
    unread: list[str] = []
    referred = dict.fromkeys((one.get("reference"), one.get("display")) for one in made.get("reasonReference", ()))
    for reference, shown in referred:
        target = around.references.resolved(reference, entry.resource, REASON)
        if target is not None:
            reason, said = around.reason(target, entry.source)
            found.append(reason)
            words += said
        else:
            found.append(reason_stated(concept(shown), entry.source))
            if shown is None:
                unread.append(reference)
        words += [shown] if shown else []
    return _Reasons(found, words, unread)
