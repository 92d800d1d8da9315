"""What ``chart.gather`` hands to ``chart.read``: per query its raw resources and its state."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Self

from cds_service.patient.received import Receipt
from cds_service.protocol.notes import Note

Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """One FHIR query. ``template`` is its prefetch template, with {{context.patientId}} in it."""

    key: str
    resource_types: tuple[str, ...]
    template: str


@dataclass(frozen=True, slots=True)
class Want:
    """One thing to fetch from the EHR's FHIR server.

    ``key``: the query's key, or "medication" for a reference. ``url``: relative to the server
    ("Condition?patient=1", "Medication/7"), or the absolute ``next`` link to go on from.
    """

    key: str
    url: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one Want. ``receipt`` is never ABSENT; FAILED, UNANSWERED and PARTIAL are honest outcomes.

    ``missing``: the server says that there is no such thing (404, 410).
    """

    resources: tuple[Resource, ...]
    receipt: Receipt
    missing: bool = False


Fetch = Callable[[Sequence[Want]], Mapping[Want, Fetched]]
"""Fetches all wants side by side within one deadline; never raises; has an entry for every want."""


Still = Callable[[], None]
"""Whether the call may go on. Called between the stages and every ``OFTEN`` resources; raises OvertimeError if not."""

OFTEN = 100


def unhurried() -> None:
    """Whatever it takes: the call may go on."""


class Watched(tuple[Resource, ...]):  # noqa: SLOT001 - a tuple has no room for slots
    """Resources of which every ``OFTEN`` that are looked at ask whether the call may go on."""

    _still: Still
    _looked: int

    def __new__(cls, resources: Iterable[Resource], still: Still) -> Self:
        """The same resources, watched."""
        made = super().__new__(cls, resources)
        made._still, made._looked = still, 0
        return made

    def _look(self) -> None:
        self._looked += 1
        if self._looked % OFTEN == 0:
            self._still()

    def __iter__(self) -> Iterator[Resource]:
        return super().__iter__() if len(self) < OFTEN else chain.from_iterable(self._in_parts())

    def _in_parts(self) -> Iterator[tuple[Resource, ...]]:
        for begin in range(0, len(self), OFTEN):
            some = super().__getitem__(slice(begin, begin + OFTEN))
            yield some
            if len(some) == OFTEN:
                self._still()

    def __getitem__(self, place: Any) -> Any:  # tuple's two forms
        self._look()
        return super().__getitem__(place)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is in hand for one query, whatever way it came."""

    query: Query
    receipt: Receipt
    resources: tuple[Resource, ...]


@dataclass(frozen=True)
class Chart:
    """One patient's chart as far as it could be had.

    ``answers`` by query key. ``drafts``: the draft orders (any type), None when the hook sent none.
    ``selections``: ids as sent, None when absent. ``siblings``: resources others refer to (Medication),
    by reference ("Medication/7", "urn:uuid:…"). ``orders``: ServiceRequests, and what other versions call
    them, from any prefetch value. ``strangers``: how many resources plainly belong to another patient. ``unread``:
    (place, why) of members that were no resource at all; a place begins with the key of the query
    they belong to ("conditions[3]"), "draftOrders", or "prefetch" when nothing tells.
    ``notes``: what is odd about what came.
    """

    patient_id: str
    answers: Mapping[str, Gathered]
    drafts: tuple[Resource, ...] | None = None
    selections: tuple[str, ...] | None = None
    siblings: Mapping[str, Resource] | None = None
    orders: tuple[Resource, ...] = ()
    strangers: int = 0
    unread: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()

    def received(self, reference: str) -> Resource:
        """The resource of a query that "Type/id" refers to, as it was received. KeyError when there is none."""
        return self._by_reference[reference]

    @cached_property
    def _by_reference(self) -> Mapping[str, Resource]:
        resources = (resource for answer in self.answers.values() for resource in reversed(answer.resources))
        return {f"{resource.get('resourceType')}/{resource.get('id')}": resource for resource in resources}
