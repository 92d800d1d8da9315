"""What is in hand for each query: from the prefetch, else from the EHR's FHIR server, else known to be unknown.

Prefetch keys are a hint: resources are found by their type, under whatever key. Only emptiness and
failure, which have no type, are taken from our own keys (or from the self link of a foreign one).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from cds_service.chart import queries as catalogue
from cds_service.chart.gather.bundles import ByType, Parcel, by_type, opened
from cds_service.chart.gather.encounters import dated
from cds_service.chart.gather.outcomes import attributed, from_prefetch, merged, renamed, to_fetch
from cds_service.chart.gather.references import find, lacking
from cds_service.chart.gather.reports import contained, surrounded
from cds_service.chart.gather.reports import named as reports_named
from cds_service.chart.gather.subjects import Subjects, named
from cds_service.chart.gather.versions import once
from cds_service.chart.model import Chart, Fetch, Fetched, Gathered, Query, Resource, Still, Want, Watched, unhurried
from cds_service.errors import MissingDataError
from cds_service.patient.received import Receipt
from cds_service.protocol.notes import Note
from cds_service.protocol.request import HookRequest

ORDER_TYPES = ("ServiceRequest", "ProcedureRequest", "DiagnosticOrder", "DiagnosticRequest", "ReferralRequest")
"""What other versions call, or split off from, a ServiceRequest."""

DRAFTS = "draftOrders"
MEDICATION = "medication"
_OUR_KEYS = frozenset(query.key for query in catalogue.ALL)
_SOME = (Receipt.RECEIVED, Receipt.PARTIAL)
_UNANSWERED = Fetched((), Receipt.UNANSWERED)
_MEDICINES = (catalogue.MEDICATION_REQUESTS, catalogue.MEDICATION_STATEMENTS)


@dataclass(slots=True)
class _Holding:
    """One query while it is being answered. ``theirs``: all that came for it belongs to another patient."""

    query: Query
    receipt: Receipt
    resources: Sequence[Resource] = ()
    theirs: bool = False


def gather(
    request: HookRequest,
    queries: Sequence[Query],
    fetch: Fetch | None,
    *,
    hook: str | None = None,
    allow_other_patient: bool = False,
    still: Still = unhurried,
) -> Chart:
    """The patient's chart as far as it can be had. ``fetch`` is None where the server may not be asked.

    What arrives unasked is used too; only ``queries`` are fetched, and what medicines refer to where those are asked for. ``hook``: the service's, where it is
    known better than from the request. ``allow_other_patient``: use a prefetch that is one other patient's
    throughout; then nothing is fetched, which would be of the context's. Raises MissingDataError when
    patient-view gets no conditions of the patient at all, and what ``still`` raises.
    """
    received: dict[str, list[Parcel]] = {}
    for key, value in _members(request.prefetch).items():
        received[key] = list(opened(value, _place(key)))
        still()
    parcels = list(chain.from_iterable(received.values()))
    ordered = _ordered(request)
    subjects = _subjects(request, parcels, ordered, still, other_patient=allow_other_patient)
    if subjects.patient_id != request.context.patient_id:
        fetch = None

    came = by_type(parcels)
    holdings = {}
    for query in catalogue.ALL:
        receipt = from_prefetch(query, received.get(query.key, ()), parcels)
        holdings[query.key] = _settled(_Holding(query, receipt), came, subjects)
    if renamed(received):
        _take_empty_ones_as_searched(holdings)
    asked = [holdings[query.key] for query in queries if query.key in holdings]
    if fetch is not None:
        parcels += _fetch_missing(asked, received, subjects, fetch)
        came = by_type(parcels)
    hook = hook or request.hook
    _require_conditions(asked, hook)

    drafts = tuple(_of_any_type(ordered, subjects)) if request.context.draft_orders is not None else None
    taken = chain.from_iterable(holdings[query.key].resources for query in _MEDICINES)
    orders = Watched((*taken, *(drafts or ())), still)
    medicines_asked = any(query in _MEDICINES for query in queries)
    siblings = _siblings(orders, [*parcels, *ordered], request.fhir_server, fetch if medicines_asked else None)
    return Chart(
        patient_id=subjects.patient_id,
        answers={key: Gathered(held.query, held.receipt, tuple(held.resources)) for key, held in holdings.items()},
        drafts=drafts,
        selections=_selections(request, hook),
        siblings=siblings,
        orders=tuple(_of_types(came, ORDER_TYPES, subjects)),
        strangers=subjects.strangers,
        unread=_unread(received, ordered),
        notes=tuple(_notes(request, subjects)),
    )


def gather_drafts(request: HookRequest, hook: str, still: Still = unhurried) -> Chart:
    """The draft orders with what they refer to among themselves, and nothing else of the chart."""
    ordered = _ordered(request)
    subjects = Subjects(request.context.patient_id, lambda: _patient_urls(ordered), still=still)
    drafts = tuple(_of_any_type(ordered, subjects))
    return Chart(
        patient_id=subjects.patient_id,
        answers={},
        drafts=drafts,
        selections=_selections(request, hook),
        siblings=_siblings(Watched(drafts, still), ordered, request.fhir_server, None),
        strangers=subjects.strangers,
        unread=_unread({}, ordered),
    )


def _members(prefetch: Mapping[str, Any]) -> Mapping[str, Any]:
    """The prefetch by its keys; one that is a whole resource (a Bundle of everything) is one member."""
    return {"prefetch": dict(prefetch)} if _is_one_resource(prefetch) else prefetch


def _is_one_resource(prefetch: Mapping[str, Any]) -> bool:
    return isinstance(prefetch.get("resourceType"), str)


def _subjects(
    request: HookRequest, parcels: Sequence[Parcel], ordered: Sequence[Parcel], still: Still, *, other_patient: bool
) -> Subjects:
    """Whose chart it is: the context's patient's, or, where that is allowed, the only one's the prefetch names."""
    patient_id = request.context.patient_id
    if other_patient:
        resources = chain.from_iterable(chain.from_iterable(parcel.by_type.values()) for parcel in parcels)
        ids = named(resources, _patient_urls(parcels))
        if len(ids) == 1 and patient_id not in ids:
            return Subjects(ids.pop(), lambda: _patient_urls([*parcels, *ordered]), also=patient_id, still=still)
    return Subjects(patient_id, lambda: _patient_urls([*parcels, *ordered]), still=still)


def _notes(request: HookRequest, subjects: Subjects) -> Iterator[Note]:
    if _is_one_resource(request.prefetch):
        yield Note.PREFETCH_ONE_RESOURCE
    if subjects.patient_id != request.context.patient_id:
        yield Note.OTHER_PATIENT_USED
    if subjects.strangers:
        yield Note.OTHER_PATIENT_LEFT_OUT


def _ordered(request: HookRequest) -> list[Parcel]:
    orders = request.context.draft_orders
    return [] if orders is None else list(opened(orders, DRAFTS))


def _selections(request: HookRequest, hook: str) -> tuple[str, ...] | None:
    """Only order-select has selections: at signing every draft is judged, whatever the client sends."""
    return request.context.selections if hook == "order-select" else None


def _take_empty_ones_as_searched(holdings: Mapping[str, _Holding]) -> None:
    """Where the site renamed our templates one for one, the members without resources are the queries without any."""
    for held in holdings.values():
        if held.receipt is Receipt.ABSENT and not held.theirs:
            held.receipt = Receipt.EMPTY


def _place(key: str) -> str:
    return key if key in _OUR_KEYS else "prefetch"


def _of_types(came: ByType, types: Sequence[str], subjects: Subjects) -> list[Resource]:
    """The patient's own resources of these types, each once, and what their panels and reports contain."""
    reports = came.get("DiagnosticReport", ()) if "Observation" in types else ()
    if reports and "Observation" in came:
        came = {**came, "Observation": list(reports_named(came["Observation"], reports))}
    if "Observation" in types and "Observation" in came:
        came = {**came, "Observation": list(surrounded(came["Observation"], came.get("Specimen", ())))}
    if "Condition" in types and "Condition" in came and "Encounter" in came:
        came = {**came, "Condition": list(dated(came["Condition"], came["Encounter"]))}
    found = [_own(kind, came[kind], subjects) for kind in types if kind in came]
    return list(chain(*found, contained(subjects.mine(reports)) if reports else ()))


def _own(kind: str, raw: Sequence[Resource], subjects: Subjects) -> Sequence[Resource]:
    if kind == "Patient":
        return _patients(raw, subjects)
    return raw if subjects.are_plainly_mine(raw) else once(subjects.mine(raw))


def _patients(raw: Sequence[Resource], subjects: Subjects) -> list[Resource]:
    """The Patient of the context, by id; else one that has no id at all. One with another id is a stranger."""
    named = once(patient for patient in raw if patient.get("id") == subjects.patient_id)
    nameless = [patient for patient in raw if patient.get("id") in (None, "")]
    subjects.strangers += len(raw) - len(named) - len(nameless)
    if named:
        return named
    return nameless if len(nameless) == 1 else []


def _settled(held: _Holding, came: ByType, subjects: Subjects) -> _Holding:
    """A query's holding once its resources are sorted: where all are strangers', nothing came, and nothing is known."""
    subjects.still()
    types = held.query.resource_types
    held.resources = _of_types(came, types, subjects)
    strangers = not held.resources and any(kind in came for kind in types)
    held.theirs = not held.resources and (held.theirs or strangers)
    if not held.resources and held.receipt in _SOME:
        if strangers:
            held.receipt = Receipt.ABSENT
        elif held.receipt is Receipt.RECEIVED:
            held.receipt = Receipt.EMPTY
    return held


def _of_any_type(ordered: Sequence[Parcel], subjects: Subjects) -> list[Resource]:
    came = by_type(ordered)
    return [one for kind in came if kind != "Patient" for one in _of_types(came, (kind,), subjects)]


def _fetch_missing(
    asked: Sequence[_Holding], received: Mapping[str, list[Parcel]], subjects: Subjects, fetch: Fetch
) -> list[Parcel]:
    """Ask the server for what is absent, failed or partial, and merge what comes. Returns it as parcels too."""
    parcels = list(chain.from_iterable(received.values()))
    wants = {
        held.query.key: to_fetch(
            held.query, subjects.patient_id, received.get(held.query.key, []), parcels, begun=bool(held.resources)
        )
        for held in asked
        if not held.receipt.complete
    }
    if not wants:
        return []
    came = fetch(tuple(chain.from_iterable(wants.values())))
    unknown = any(came.get(want, _UNANSWERED).missing for want in wants.get(catalogue.PATIENT.key, ()))
    fetched = []
    for held in asked:
        answers = [came.get(want, _UNANSWERED) for want in wants.get(held.query.key, ())]
        if not answers:
            continue
        more = _parcel(held.query.key, [one for answer in answers for one in answer.resources])
        fetched.append(more)
        pages = wants[held.query.key][0].url != catalogue.filled(held.query, subjects.patient_id)
        receipts = [_believed(answer.receipt, unknown=unknown) for answer in answers]
        held.receipt = merged(held.receipt, receipts, held.resources, pages=pages)
        _settled(held, by_type([_parcel(held.query.key, held.resources), more]), subjects)
    return fetched


def _believed(receipt: Receipt, *, unknown: bool) -> Receipt:
    """An empty answer of a server to which the patient is ``unknown`` (or out of the token's reach) proves nothing."""
    return Receipt.FAILED if unknown and receipt is Receipt.EMPTY else receipt


def _parcel(place: str, resources: Sequence[Resource]) -> Parcel:
    parcel = Parcel(place, entries=[{"resource": resource} for resource in resources])
    for resource in resources:
        if isinstance(resource.get("resourceType"), str):
            parcel.add(resource)
    return parcel


def _require_conditions(asked: Sequence[_Holding], hook: str) -> None:
    """Refuse a patient-view without any; a mix-up of patients by its name: no card would look like nothing to say."""
    if hook != "patient-view":
        return
    for held in asked:
        if held.query.key == catalogue.CONDITIONS.key and held.receipt.nothing:
            if held.theirs:
                message = "the prefetch is another patient's than context.patientId, and no conditions could be fetched"
                raise MissingDataError(message, Note.OTHER_PATIENT_REFUSED)
            message = "the patient's conditions were neither prefetched nor fetchable"
            raise MissingDataError(message)


def _siblings(
    orders: Sequence[Resource], parcels: Sequence[Parcel], server: str | None, fetch: Fetch | None
) -> dict[str, Resource]:
    """What orders and statements refer to; Medications not in hand are asked for, in one further round."""
    found = find(orders, chain.from_iterable(parcel.entries for parcel in parcels), server)
    wants = {key: Want(MEDICATION, url) for key, url in lacking(orders, found, server).items()} if fetch else {}
    if fetch is None or not wants:
        return found
    came = fetch(tuple(dict.fromkeys(wants.values())))
    for key, want in wants.items():
        for resource in came.get(want, _UNANSWERED).resources:
            if resource.get("resourceType") == "Medication":
                found.setdefault(key, resource)
    return found


def _patient_urls(parcels: Sequence[Parcel]) -> dict[str, str]:
    """From the fullUrl of each Patient in hand to its id ("" without one)."""
    urls = {}
    for entry in chain.from_iterable(parcel.entries for parcel in parcels):
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(resource, Mapping) and resource.get("resourceType") == "Patient":
            url: Any = entry.get("fullUrl")
            own = resource.get("id")
            if isinstance(url, str):
                urls[url] = own if isinstance(own, str) else ""
    return urls


def _unread(received: Mapping[str, list[Parcel]], ordered: Sequence[Parcel]) -> tuple[tuple[str, str], ...]:
    named = [(attributed(parcel), parcel) for parcel in chain.from_iterable(received.values()) if parcel.unread]
    named += [(DRAFTS, parcel) for parcel in ordered]
    return tuple(
        (query + place.removeprefix(place.partition("[")[0]), why)
        for query, parcel in named
        for place, why in parcel.unread
    )
